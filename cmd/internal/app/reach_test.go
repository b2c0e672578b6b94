package app_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/console"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/slack"
)

// mostCommands is how many names people have to learn.
const mostCommands = 6

// reach is one thing that people can do, and how on each surface; "" is not.
type reach struct{ what, slack, discord, console string }

func (r *reach) on(platform string) *string {
	return map[string]*string{"slack": &r.slack, "discord": &r.discord, "console": &r.console}[platform]
}

func (r reach) String() string {
	slack, discord, console := cmp.Or(r.slack, "none"), cmp.Or(r.discord, "none"), cmp.Or(r.console, "none")
	if slack == discord && slack == console {
		return fmt.Sprintf("%-28s everywhere: %s", r.what, slack)
	}
	return fmt.Sprintf("%-28s slack: %-34s discord: %-34s console: %s", r.what, slack, discord, console)
}

// TestReach prints how everything is reached on each surface. It fails if
// something is out of reach somewhere, or only by a seventh command.
func TestReach(t *testing.T) {
	words := catalog(t)
	made, err := app.New(app.Options{Space: &brand.Space{ID: "s"}, Catalog: words, Writer: &model{}})
	if err != nil {
		t.Fatal(err)
	}
	mux := made.Mux
	commands, shortcuts := commandReach(t, mux, words), shortcutReach(t, mux, words)
	table := slices.Concat(commands, shortcuts, wordReach(t, mux, words), actionReach(t, mux, commands, shortcuts))
	table = append(table, reach{"home page", "tab of the application", "/crieur", "/crieur"})
	for _, row := range table {
		t.Log(row)
		if row.slack == "" || row.discord == "" || row.console == "" {
			t.Errorf("out of reach: %v", row)
		}
	}
	if n := len(mux.Commands()); n > mostCommands {
		t.Errorf("%d commands, at most %d: what is new is a word, a button or a shortcut", n, mostCommands)
	}
}

// slackMenus are the commands and shortcuts of Slack's manifest.
type slackMenus struct {
	Features struct {
		Commands  []struct{ Command string } `json:"slash_commands"`
		Shortcuts []struct {
			Callback string `json:"callback_id"`
			Type     string
		}
	}
}

func manifestOf(t *testing.T, naming slack.Naming) (m slackMenus) {
	t.Helper()
	raw, err := app.SlackManifest(slack.ManifestOptions{Naming: naming})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func commandReach(t *testing.T, mux *bot.Mux, words *i18n.Catalog) (table []reach) {
	menus := map[slack.Naming]slackMenus{slack.French: manifestOf(t, slack.French), slack.English: manifestOf(t, slack.English)}
	onDiscord, onConsole := discord.CommandsOf(mux, words), console.CommandsOf(mux, words)
	if _, err := discord.Commands(onDiscord); err != nil {
		t.Error(err)
	}
	for _, route := range mux.Commands() {
		row := reach{what: "command " + route.Name}
		for _, naming := range []slack.Naming{slack.French, slack.English} {
			for _, c := range menus[naming].Features.Commands {
				if slack.Commands()[c.Command] == route.Name {
					row.slack = strings.TrimSpace(row.slack + " " + c.Command)
				}
			}
		}
		for _, c := range onDiscord {
			if c.Kind == discord.Slash && c.Name == route.Name {
				row.discord = "/" + c.Names["fr"] + " /" + c.Names["en"]
			}
		}
		for _, c := range onConsole {
			if c.Name == route.Name {
				row.console = "/" + c.Names["fr"] + " /" + c.Names["en"]
			}
		}
		table = append(table, row)
	}
	return table
}

// instead is what is typed where there is no menu for a shortcut: a command, or a
// word of /crieur.
func instead(mux *bot.Mux, words *i18n.Catalog, route bot.ShortcutRoute) string {
	for _, c := range mux.Commands() {
		if c.Name == route.Instead {
			return "/" + c.Name
		}
	}
	for _, w := range mux.WordRoutes() {
		if w.Key == route.Instead {
			word, _, _ := strings.Cut(words.For("fr", nil).T(w.Key), ",")
			return "/crieur " + word
		}
	}
	return ""
}

func shortcutReach(t *testing.T, mux *bot.Mux, words *i18n.Catalog) (table []reach) {
	menus := map[discord.CommandKind]string{discord.OnMessage: "message menu", discord.OnUser: "menu of a person"}
	manifest := manifestOf(t, slack.Single)
	for _, route := range mux.Shortcuts() {
		row := reach{what: "shortcut " + route.Name}
		kind := map[bool]string{true: "message", false: "global"}[route.OnMessage]
		for _, s := range manifest.Features.Shortcuts {
			if s.Callback == (bot.Callback{Action: route.Name}).String() && s.Type == kind {
				row.slack = kind + " menu"
			}
		}
		if typed := instead(mux, words, route); typed != "" {
			row.discord, row.console = typed, typed
			if route.OnPerson { // people have no menu in Slack
				row.slack = typed
			}
		}
		for _, c := range discord.CommandsOf(mux, words) {
			if menu := menus[c.Kind]; menu != "" && c.Name == route.Name {
				row.discord = menu
			}
		}
		for _, s := range console.ShortcutsOf(mux, words) {
			if s.Action == route.Name {
				row.console = "message menu"
			}
		}
		table = append(table, row)
	}
	return table
}

// wordReach says that every word is one word's alone: a second one would never
// be heard.
func wordReach(t *testing.T, mux *bot.Mux, words *i18n.Catalog) (table []reach) {
	owner := map[string]string{}
	for _, route := range mux.WordRoutes() {
		var ways []string
		for _, lang := range i18n.Langs() {
			all := words.For(lang, nil).T(route.Key)
			for alias := range strings.SplitSeq(all, ",") {
				folded := strings.ReplaceAll(i18n.Fold(alias), "’", "'")
				if other := owner[folded]; other != "" && other != route.Key {
					t.Errorf("%q is said for %s and for %s", alias, other, route.Key)
				}
				owner[folded] = route.Key
			}
			first, _, _ := strings.Cut(all, ",")
			ways = append(ways, "/crieur "+first)
			if strings.Contains(first, " ") {
				t.Errorf("%q is in pieces: Discord could not list it", first)
			}
			if !words.For(lang, nil).Has(route.Key+".help") || route.Takes && !words.For(lang, nil).Has(route.Key+".example") {
				t.Errorf("%s: the help cannot show it", route.Key)
			}
		}
		said := strings.Join(ways, ", ")
		table = append(table, reach{"word " + route.Key, said, wordOnDiscord(mux, words, route), said})
	}
	for _, lang := range i18n.Langs() {
		for word := range strings.SplitSeq(words.For(lang, nil).T("slack.command.crieur.hint"), ", ") {
			if owner[i18n.Fold(word)] == "" {
				t.Errorf("Slack hints at %q, which nothing answers", word)
			}
		}
	}
	return table
}

// wordOnDiscord is how a word is reached there: its subcommand, or the command of
// the same name; "" is none.
func wordOnDiscord(mux *bot.Mux, words *i18n.Catalog, route bot.WordRoute) string {
	word, _, _ := strings.Cut(words.For("en", nil).T(route.Key), ",")
	own, _ := mux.CommandOf(route)
	for _, c := range discord.CommandsOf(mux, words) {
		if c.Kind == discord.Slash && c.Name == own.Name {
			return "/" + c.Names["fr"] + ", /" + c.Names["en"]
		}
		for _, sub := range c.Subs {
			if sub.Name == word {
				return "/" + c.Name + " " + sub.Names["fr"] + ", /" + c.Name + " " + sub.Names["en"]
			}
		}
	}
	return ""
}

// actionReach finds the nearest way to each action through the cards and forms of
// a long day, and goes its last step on each surface: the button, the entry or the
// form that people have there must bring it.
func actionReach(t *testing.T, mux *bot.Mux, commands, shortcuts []reach) []reach {
	var a *album
	synctest.Test(t, func(t *testing.T) { a = day(t, "fr", asWritten) })
	table := make([]reach, len(mux.Actions()))
	for _, platform := range []string{"slack", "discord", "console"} {
		spots := a.w.past.walked(doors(platform, commands, shortcuts))
		p := newProbe(t, platform, a)
		for i, route := range mux.Actions() {
			table[i].what = "action " + route.Name
			*table[i].on(platform) = p.nearest(route.Name, spots[route.Name])
		}
	}
	return table
}

// doors say how an event that is no click begins on a surface.
func doors(platform string, commands, shortcuts []reach) func(bot.Event) way {
	at := func(table []reach, what string) string {
		for i := range table {
			if table[i].what == what {
				return *table[i].on(platform)
			}
		}
		return ""
	}
	return func(e bot.Event) way {
		text := bot.Clip(strings.Join(strings.Fields(e.Text), " "), 24)
		switch e.Kind {
		case bot.Command:
			if name, _, _ := strings.Cut(at(commands, "command "+e.Command), " "); name != "" {
				return way{strings.TrimSpace(name + " " + text)}
			}
		case bot.Message:
			return way{"direct message: " + text}
		case bot.Shortcut: // where it is a command instead, that is another door
			if menu := at(shortcuts, "shortcut "+e.Action); strings.Contains(menu, "menu") {
				return way{menu + ": " + e.Action}
			}
		}
		return nil
	}
}

// probe is a platform whose app notes what arrives, and does nothing.
type probe struct {
	*wall
	inlet *inlet
}

// inlet notes the actions that are taken in.
type inlet struct {
	*statetest.Mem
	mu      sync.Mutex
	actions []string
}

func (i *inlet) Accept(ctx context.Context, dedupe []string, item work.Item) (bool, error) {
	var e bot.Event
	if err := json.Unmarshal(item.Data, &e); err != nil {
		return false, err
	}
	i.mu.Lock()
	i.actions = append(i.actions, e.Action)
	i.mu.Unlock()
	return i.Mem.Accept(ctx, dedupe, item)
}

// brought says whether an action arrives, and forgets what did.
func (i *inlet) brought(action string) bool {
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		i.mu.Lock()
		arrived := i.actions
		i.mu.Unlock()
		if len(arrived) > 0 {
			i.mu.Lock()
			i.actions = nil
			i.mu.Unlock()
			return slices.Contains(arrived, action)
		}
	}
	return false
}

func newProbe(t *testing.T, platform string, a *album) *probe {
	p := &probe{inlet: &inlet{Mem: statetest.NewMem()}}
	p.wall = wallOn(t, platform, "fr", &a.w.files, p.inlet, func(mux *bot.Mux) *bot.Mux {
		quiet := bot.NewMux(catalog(t))
		for _, route := range mux.Actions() {
			quiet.Action(bot.ActionRoute{Name: route.Name, Role: brand.Passerby, Lists: route.Lists, Shape: bot.Shape{Ack: bot.Quiet}})
		}
		return quiet
	})
	return p
}

// nearest goes to the spots of an action, the nearest first, until one of them
// brings it: that is its way. Empty if none does.
func (p *probe) nearest(action string, spots []spot) string {
	p.t.Helper()
	for _, s := range spots[:min(len(spots), 10)] {
		if err := p.try(action, s); err != nil {
			p.t.Logf("%s: %s: %v: %v", p.stand.chat.Platform(), action, s.way, err)
		} else if p.inlet.brought(action) {
			return s.way.String()
		}
	}
	return ""
}

// try presses what stands on a card, or fills a form in and sends it. The label is
// that of the action, so that no other one is pressed.
func (p *probe) try(action string, s spot) error {
	p.t.Helper()
	if s.form == nil {
		p.hang(action, relabelled(*s.card, action))
		return p.stand.screen.Click("camille", p.channel, action)
	}
	form := *s.form
	form.Token = ""
	p.opens(action, func(context.Context, *bot.Request) (bot.Form, error) { return form, nil })
	values := map[string]string{}
	for _, field := range form.Fields {
		if len(field.Value) == 0 {
			values[field.ID] = filler(field)
		}
	}
	return p.stand.screen.Submit(reader, values)
}

// relabelled is a card with nothing behind it, on which the action goes by its
// name.
func relabelled(card bot.Card, action string) bot.Card {
	card.Token = ""
	name := func(buttons []bot.Button) []bot.Button {
		buttons = slices.Clone(buttons)
		for i := range buttons {
			if buttons[i].Action == action {
				buttons[i].Label = action
			}
		}
		return buttons
	}
	card.Buttons, card.More, card.Blocks = name(card.Buttons), name(card.More), slices.Clone(card.Blocks)
	for i := range card.Blocks {
		block := &card.Blocks[i]
		block.Buttons = name(block.Buttons)
		if block.Select != nil && block.Select.Action == action {
			menu := *block.Select
			menu.Choices = slices.Clone(menu.Choices)
			menu.Choices[0].Label = action
			block.Select = &menu
		}
	}
	return card
}

// filler is something that a field takes.
func filler(field bot.Field) string {
	switch field.Kind {
	case bot.Pick, bot.PickMany:
		return field.Choices[0].Value
	case bot.Date:
		return "2026-12-01"
	case bot.Clock:
		return "12:00"
	case bot.File:
		return "@boite.png"
	}
	return "Colibri"
}
