package app_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/archtest"
	"crieur/integrations/chat/console"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/slack"
)

// mostCommands is how many names people have to learn.
const mostCommands = 6

// reach is one thing that people can do, and how on each surface; "" is not.
type reach struct{ what, slack, discord, console string }

func (r reach) String() string {
	return fmt.Sprintf("%-28s slack: %-34s discord: %-34s console: %s", r.what, r.slack, r.discord, r.console)
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
	table := slices.Concat(commandReach(t, mux, words), shortcutReach(t, mux, words), wordReach(t, mux, words), actionReach(t, mux))
	table = append(table, reach{"home page", "tab of the application", "/crieur", "/crieur"})
	for _, row := range table {
		t.Log(row)
		if row.slack == "" || row.discord == "" || row.console == "" {
			t.Errorf("%s is out of reach: %v", row.what, row)
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
			if !words.For(lang, nil).Has(route.Key+".help") || route.Takes && !words.For(lang, nil).Has(route.Key+".example") {
				t.Errorf("%s: the help cannot show it", route.Key)
			}
		}
		said := strings.Join(ways, ", ")
		table = append(table, reach{"word " + route.Key, said, said, said})
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

// actionReach finds the button, menu or form that each action stands on: cards
// are drawn on every surface alike.
func actionReach(t *testing.T, mux *bot.Mux) (table []reach) {
	files, err := archtest.Load("../../..")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]string{}
	for _, file := range files {
		if file.Test || !strings.HasPrefix(file.Path, "commands/") && !strings.HasPrefix(file.Path, "bot/") {
			continue
		}
		ast.Inspect(file.AST, func(n ast.Node) bool {
			if pair, ok := n.(*ast.KeyValueExpr); ok {
				if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "Name" {
					return false // its registration
				}
			}
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if text, err := strconv.Unquote(literal.Value); err == nil {
					named[text] = file.Path
				}
			}
			return true
		})
	}
	for _, route := range mux.Actions() {
		on := named[route.Name]
		table = append(table, reach{"action " + route.Name, on, on, on})
	}
	return table
}
