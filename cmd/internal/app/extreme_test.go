package app_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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

var opened = regexp.MustCompile(`d(\d+)a`)

// honest fails if a card shows the beginning of somebody's words without their
// end, and without a sign of it.
func honest(t *testing.T, name string, card bot.Card) {
	t.Helper()
	text := bottest.Plain(card)
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
// not fit follows in a thread, then in a file.
func (w *wall) whole(name string, card bot.Card) {
	w.t.Helper()
	marks := regexp.MustCompile(`d\d+[az]`).FindAllString(bottest.Plain(card), -1)
	missing := ""
	for deadline := time.Now().Add(90 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		missing = ""
		all := w.everything(w.channel)
		for _, mark := range marks {
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

// FuzzViews lives through a day of hostile words and hangs every card of it on
// every platform: none is refused, and nothing is cut without saying so.
func FuzzViews(f *testing.F) {
	for seed := range uint64(2) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		t.Parallel()
		lang := []string{"fr", "en"}[seed%2]
		var a *album
		synctest.Test(t, func(t *testing.T) {
			c := &cruelty{Rand: rand.New(rand.NewPCG(seed, 3))}
			a = day(t, lang, c.words)
		})
		walls := map[string]*wall{}
		for name := range surfaces {
			if name != "fake" {
				walls[name] = newWall(t, name, lang, &a.w.files)
			}
		}
		for _, page := range a.pages {
			honest(t, page.heading, page.card)
			for platform, w := range walls {
				w.hang(page.heading, page.card)
				w.whole(platform+": "+page.heading, page.card)
			}
		}
	})
}
