package app_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf16"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/integrations/chat/discord/discordfake"
	"crieur/integrations/chat/slack/slackfake"
)

// hostile is what the worst of people write: markup of every platform, emoji,
// right-to-left, marks that pile up, what nobody sees, and much of it.
var hostile = []string{"@everyone ", "<!channel> ", "<@U0NOA> ", "<@1> ", "</script><script>alert(1)</script> ", "*gras* _it_ ~x~ ", "**x** ||y|| ",
	"```", "`", "&amp; < > ", ":tea: ", "[x](https://mal.test) ", "👩‍👩‍👧‍👦🇫🇷 ", "🧑‍🚀", "שלום עולם ", "مرحبا ", "\u202e", "\u2066", "z̷̢͇̗̈́͛ä̷l̵g̶o̷ ", "\u0301",
	"\u200b", "漢字", "\n", "\n\n> ", "# ", "- ", "{{.Count}} ", "a1:plan~n1:abc ", "<t:1:R> "}

// sendable is what no check of a draft holds against it.
var sendable = []string{"@everyone ", "👩‍👩‍👧‍👦🇫🇷 ", "🧑‍🚀 ", "שלום עולם ", "مرحبا ", "漢字 "}

// cruelty makes words hostile, each between two marks, so that a text that was
// cut is told from one that is whole.
type cruelty struct {
	*rand.Rand
	count int
}

func (c *cruelty) words(text, kind string, most int) string {
	c.count++
	open, end := fmt.Sprintf(" d%da", c.count), fmt.Sprintf(" d%dz", c.count)
	size := most - len([]rune(text)) - len(open) - len(end)
	if size < 0 {
		return text
	}
	if c.IntN(3) > 0 { // often short, so that what is usual is tried too
		size = min(size, 60)
	}
	if kind == "author" {
		open, end = strings.TrimSpace(open), strings.TrimSpace(end)
	}
	pieces := hostile
	if kind == "post" || kind == "title" {
		pieces = sendable
	}
	var b []rune
	for piece := []rune(nil); ; b = append(b, piece...) {
		if piece == nil || c.IntN(20) > 0 {
			piece = []rune(pieces[c.IntN(len(pieces))])
		}
		if len(b)+len(piece) > size {
			return text + open + string(b) + end
		}
	}
}

var (
	opened = regexp.MustCompile(`d(\d+)a`)
	marks  = regexp.MustCompile(`d\d+[az]`)
	// What looks like a mark in a digest, or in a character by its number, is none.
	numbers = regexp.MustCompile(`[0-9a-f]{64}|\\u[0-9a-f]{4}`)
)

// honest fails if a text shows the beginning of somebody's words without their
// end, and without a sign of it.
func honest(t *testing.T, name, text string) {
	t.Helper()
	text = numbers.ReplaceAllString(text, "")
	for _, found := range opened.FindAllStringSubmatchIndex(text, -1) {
		number := text[found[2]:found[3]]
		rest := text[found[1]:]
		if end := strings.Index(rest, "d"+number+"z"); end < 0 && !strings.Contains(rest, "…") {
			t.Errorf("%s: words %s were cut without a sign:\n%.600s", name, number, text)
		}
	}
}

// everything is all that a platform shows of a card in its channel: threads and
// files as well.
func (w *wall) everything(channel string) string {
	var all strings.Builder
	switch screen := w.stand.screen.(type) {
	case *slackfake.Surface:
		for _, m := range screen.Server.Messages(screen.Channels[channel]) {
			all.WriteString(m.Words() + "\n")
		}
		for _, file := range screen.Server.Files(screen.Channels[channel]) {
			all.WriteString(file.Content)
		}
	case discordfake.Surface:
		messages := screen.Server.Messages(channel)
		for _, m := range messages {
			if m.Thread != "" {
				messages = append(messages, screen.Server.Messages(m.Thread)...)
			}
		}
		for _, m := range messages {
			all.WriteString(m.Text + "\n")
			for _, data := range m.Files {
				all.Write(data)
			}
		}
	}
	all.WriteString(strings.Join(w.stand.screen.Screen("camille", channel), "\n")) // menus and buttons too
	return all.String()
}

// whole waits until the platform shows every mark that the card has: what does
// not fit follows in a thread, then in a file. The choices of a menu are names,
// which a platform may shorten: with a sign, as in forms.
func (w *wall) whole(name string, card bot.Card) {
	w.t.Helper()
	card.Blocks = slices.DeleteFunc(slices.Clone(card.Blocks), func(b bot.Block) bool { return b.Kind == bot.Menu })
	missing := ""
	for deadline := time.Now().Add(90 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		missing = ""
		all := w.everything(w.channel)
		for _, mark := range marks.FindAllString(bottest.Plain(card), -1) {
			if !strings.Contains(all, mark) {
				missing = mark
			}
		}
		if missing == "" {
			return
		}
	}
	w.t.Errorf("%s: %s is nowhere on the platform:\n%.1000s", name, missing, bottest.Plain(card))
}

// form is a form of which every word is of the worst people, as long as can be.
func (c *cruelty) form(form bot.Form) bot.Form {
	form.Title, form.Intro = c.words(form.Title, "title of a form", 200), c.words(form.Intro, "intro", 10_000)
	form.Submit, form.Cancel = c.words(form.Submit, "button", 200), c.words(form.Cancel, "button", 200)
	form.Fields = slices.Clone(form.Fields)
	for i := range form.Fields {
		field := &form.Fields[i]
		field.Label, field.Hint = c.words(field.Label, "label", 300), c.words(field.Hint, "hint", 3000)
		field.Choices = slices.Clone(field.Choices)
		for j := range field.Choices {
			field.Choices[j].Label = c.words(field.Choices[j].Label, "choice", 75)
		}
		if len(field.Choices) > 0 && c.IntN(2) == 0 {
			field.Left = c.words("There are others.", "left", 300)
		}
		if field.Kind == bot.Line || field.Kind == bot.Area {
			field.Value = []string{c.words("", "value", field.Max)}
			if len(utf16.Encode([]rune(field.Value[0]))) > 3000 { // as Slack counts
				field.Value = []string{c.words("", "value", 1500)}
			}
		}
	}
	return form
}

// unfold opens a form: what its fields hold is whole, for it is sent again as it
// stands there, and what else is cut says so.
func (w *wall) unfold(name string, form bot.Form) {
	w.t.Helper()
	sheet := w.opens(name, func(context.Context, *bot.Request) (bot.Form, error) { return form, nil })
	honest(w.t, name, sheet)
	for _, field := range form.Fields {
		for _, mark := range marks.FindAllString(strings.Join(field.Value, " "), -1) {
			if !strings.Contains(sheet, mark) {
				w.t.Errorf("%s: %s of the field %s is lost:\n%s", name, mark, field.ID, sheet)
			}
		}
	}
}

// FuzzViews lives through a day of hostile words, hangs every card of it on every
// platform and opens every form there, those that are hostile throughout as well:
// none is refused, and nothing is cut without saying so.
func FuzzViews(f *testing.F) {
	for seed := range uint64(2) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		t.Parallel()
		lang := []string{"fr", "en"}[seed%2]
		var a *album
		c := &cruelty{Rand: rand.New(rand.NewPCG(seed, 3))}
		synctest.Test(t, func(t *testing.T) { a = day(t, lang, c.words) })
		walls := map[string]*wall{}
		for name := range surfaces {
			if name != "fake" {
				walls[name] = newWall(t, name, lang, &a.w.files)
			}
		}
		for _, page := range a.pages {
			honest(t, page.heading, bottest.Plain(page.card))
			for platform, w := range walls {
				w.hang(page.heading, page.card)
				w.whole(platform+": "+page.heading, page.card)
			}
		}
		for _, opener := range slices.Sorted(maps.Keys(a.w.forms)) {
			worse := c.form(a.w.forms[opener])
			for platform, w := range walls {
				w.unfold(platform+": form of "+opener, a.w.forms[opener])
				w.unfold(platform+": worse form of "+opener, worse)
			}
		}
	})
}
