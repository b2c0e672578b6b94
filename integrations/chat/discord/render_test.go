package discord

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/content/contenttest"
	"crieur/bot/i18n"
	"crieur/integrations/chat/discord/discordfake"
)

func testRenderer(t testing.TB) renderer {
	t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return renderer{
		mention: func(_, member string) (string, bool) { return "424242", member == "manager" },
		say:     func(lang, key string) string { return catalog.For(lang, nil).T(key) },
	}
}

// valid fails the test if Discord would refuse a message of the sheet, and
// returns everything that people can read in it.
func valid(t testing.TB, s sheet) string {
	t.Helper()
	var read strings.Builder
	for i, m := range append([]message{s.message}, s.parts...) {
		data, err := json.Marshal(m.components)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string][]byte{}
		for _, f := range m.files {
			files[f.name] = f.content
			read.Write(f.content)
			read.WriteByte('\n')
		}
		if err := discordfake.CheckMessage(data, files); err != nil {
			t.Fatalf("message %d of %d: %v\n%.2000s", i, len(s.parts)+1, err, data)
		}
		read.WriteString(wordsIn(t, data) + "\n")
	}
	if len(s.parts) > 0 && !strings.Contains(read.String(), "below") && !strings.Contains(read.String(), "en dessous") {
		t.Error("the card does not say that it goes on")
	}
	return read.String()
}

// wordsIn is all text of components: contents, labels, descriptions, addresses.
func wordsIn(t testing.TB, data []byte) string {
	t.Helper()
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case map[string]any:
			for _, name := range []string{"content", "label", "description", "placeholder", "url"} {
				if text, ok := v[name].(string); ok {
					b.WriteString(text + "\n")
				}
			}
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(value)
	return b.String()
}

var goldenCards = map[string]bot.Card{
	"draft.fr": {Token: "tok", Lang: "fr", Title: bot.Say("Brouillon · privé pour l’instant · Thé de Noël"), Blocks: []bot.Block{
		{Kind: bot.Quote, Quoted: "Notre thé de Noël est de retour mercredi 26 novembre. Qui l’attendait ?"},
		bot.P("Prévu jeudi 26 novembre à 18\u00a0h\u00a000 · 1 visuel, texte alternatif présent"),
		{Kind: bot.Fields, Pairs: [][2]bot.Text{{bot.Say("LinkedIn"), bot.Say("prêt, 291 sur 3\u00a0000")}, {bot.Say("X"), bot.Say("trop long de 11 caractères")}}},
		bot.P("À corriger : le 26 novembre est un jeudi."), {Kind: bot.Rule}, {Kind: bot.Small, Text: bot.Say("Proposé par l’IA, relu par Ada")},
	}, Buttons: []bot.Button{{Action: "draft.fix", Label: "Corriger les 2 points", Style: bot.Primary}, {Action: "draft.edit", Label: "Ajuster le texte"}, {Action: "draft.each", Label: "Voir chaque réseau"}},
		More: []bot.Button{{Action: "draft.drop", Label: "Supprimer", Style: bot.Danger, Confirm: &bot.Confirm{Title: "Supprimer ?", Yes: "Supprimer", No: "Garder"}}}},
	"request.en": {Token: "tok", Lang: "en", Tone: bot.Warning, Title: bot.Say("To approve by 16:30 · Christmas tea · from Ada"), Blocks: []bot.Block{
		{Kind: bot.Paragraph, Text: bot.Text{{Text: "Bob", Member: "manager"}, {Text: " · one approval is enough"}}},
		{Kind: bot.Paragraph, Text: bot.Text{{Text: "See "}, {Text: "the draft", URL: "https://example.com/d?a=1&b=(2)"}, {Text: ", "}, {Text: "today", Strong: true}}},
		{Kind: bot.Quote, Quoted: "\"Our Christmas tea is back\"\n# @everyone *now* https://evil.example"},
		{Kind: bot.Picture, URL: "https://example.com/tin.png", Alt: "a red tin on a wooden table"},
		{Kind: bot.Grid, Rows: [][]string{{"Network", "Length"}, {"LinkedIn", "291"}, {"X", "291 🙂"}}},
		{Kind: bot.Menu, Select: &bot.Select{Action: "review.when", Label: "When", Choices: []bot.Choice{{Value: "now", Label: "Now"}, {Value: "18", Label: "At 18:00"}}, Chosen: []string{"18"}}},
	}, Buttons: []bot.Button{{Action: "review.approve", Label: "Approve all 3", Style: bot.Primary}, {Action: "review.ask", Label: "Ask for changes"}, {Label: "See it", URL: "https://example.com/see"}},
		More: []bot.Button{{Action: "review.some", Arg: "x", Label: "Approve some"}, {Action: "review.why", Label: "Why me?"}}, MoreLabel: "More…"},
	"mention.fr": {Token: "tok", Lang: "fr", Tone: bot.Bad, Title: bot.Say("Plainte à traiter · Instagram · il y a 6\u00a0min"), Blocks: []bot.Block{
		{Kind: bot.Quote, Quoted: "bande de voleurs", Folded: true}, bot.P("Répondre avant 11\u00a0h\u00a020 · personne ne s’en occupe encore")},
		Buttons: []bot.Button{{Action: "case.take", Label: "Je m’en occupe", Style: bot.Primary}}},
}

func TestGoldenCards(t *testing.T) {
	r := testRenderer(t)
	for name, card := range goldenCards {
		s := r.card("G", card)
		valid(t, s)
		if len(s.dropped)+len(s.parts) > 0 {
			t.Errorf("%s: dropped %v, %d parts", name, s.dropped, len(s.parts))
		}
		golden(t, name+".json", s.outgoing(0))
	}
}

// markup finds what Discord would still read as markup in text that should be
// plain; it is the reverse of escape, and returns the text as it is read.
func markup(text string) (plain string, leaked string) {
	var b strings.Builder
	runes := []rune(text)
	fresh := true
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if r == '\\' && i+1 < len(runes) && runes[i+1] < utf8.RuneSelf && (unicode.IsPunct(runes[i+1]) || unicode.IsSymbol(runes[i+1])) {
			i++
			b.WriteRune(runes[i])
			fresh = false
			continue
		}
		rest := string(runes[i:])
		switch {
		case strings.ContainsRune("\\`*_~|<>[]()@", r), strings.HasPrefix(rest, "://"),
			fresh && strings.ContainsRune("#-+", r), fresh && regexp.MustCompile(`^\d+\.`).MatchString(rest), hidden(r):
			return b.String(), rest[:min(len(rest), 40)]
		}
		b.WriteRune(r)
		if !unicode.IsSpace(r) {
			fresh = false
		}
		if r == '\n' {
			fresh = true
		}
	}
	return b.String(), ""
}

// bare is text without what is never shown and however it is spaced.
func spaced(text string) string {
	text = strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(text), "")
}

func FuzzQuote(f *testing.F) {
	for _, text := range []string{"", "a", "@everyone", "<@1> <#2> <t:1:R> </x:1>", "https://evil.example", "> # - + 1. 12. a", "```code``` ~~s~~ ||p|| __u__ **b**",
		"[a](https://b)", "a\n\n# b\n-# c\n> d", "\u202eabc", "👩‍👩‍👧‍👦", strings.Repeat("é\n", 5000), strings.Repeat("*", 5000), "\\", "\\*", "https\\://x", strings.Repeat("a\u0301", 3000), "\xff\xfe", "1.5 2.", ":smile:"} {
		f.Add(text)
	}
	r := testRenderer(f)
	r.pictures = map[string]file{} // some of those that cards show
	for i := range 4 {
		r.pictures[fmt.Sprint("kept", i)] = file{fmt.Sprint(i, ".png"), contenttest.PNG()}
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := r.card("", bot.Card{Lang: "en", Blocks: []bot.Block{{Kind: bot.Quote, Quoted: text}}})
		valid(t, s)
		var read strings.Builder
		for _, m := range append([]message{s.message}, s.parts...) {
			for _, line := range strings.Split(textIn(t, m), "\n") {
				quoted, ok := strings.CutPrefix(line, "> ")
				if !ok {
					continue
				}
				plain, leaked := markup(quoted)
				if leaked != "" {
					t.Fatalf("markup leaked from %q: %q", text, leaked)
				}
				read.WriteString(plain)
			}
			for _, f := range m.files {
				read.Write(f.content)
			}
		}
		if got, want := spaced(read.String()), spaced(text); got != want {
			t.Fatalf("read %q\nof   %q", got, want)
		}
	})
}

func textIn(t testing.TB, m message) string {
	t.Helper()
	data, err := json.Marshal(m.components)
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, found := range regexp.MustCompile(`"content":("(?:[^"\\]|\\.)*")`).FindAllSubmatch(data, -1) {
		var text string
		if err := json.Unmarshal(found[1], &text); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n")
}

// extreme makes cards of everything that is too long, too many or hostile.
// Every text ends in a mark, so that a test sees whether all of it is there.
type extreme struct {
	*rand.Rand
	marks []string
}

var pieces = []string{"mot ", "é", "👩‍👩‍👧‍👦", "🙂", "漢字", "مرحبا ", "\u202e", "\n", "\n\n", "**", "`", "```", "<@1>", "@everyone", "https://evil.example/?a=b ", "[x](https://y)", "||", "\\", "# ", "> ", "- ", "1. ", "\u0301", "\u200d", "\t", "\x00", "\xff", "a.b", ":", "<t:1:R>"}

func (x *extreme) text(marked bool) string {
	var b strings.Builder
	most := []int{0, 3, 40, 400, 4000, 10000}[x.IntN(6)]
	piece := pieces[x.IntN(len(pieces))]
	same := x.IntN(3) == 0
	for b.Len() < most {
		if !same {
			piece = pieces[x.IntN(len(pieces))]
		}
		b.WriteString(piece)
	}
	if marked {
		mark := fmt.Sprintf("q%dq", len(x.marks))
		x.marks = append(x.marks, mark)
		b.WriteString(" " + mark)
	}
	return b.String()
}

func (x *extreme) words() bot.Text {
	var text bot.Text
	for range x.IntN(4) + 1 {
		span := bot.Span{Text: x.text(true), Strong: x.IntN(3) == 0}
		switch x.IntN(8) {
		case 0:
			span.URL = "https://example.com/" + strings.Repeat("p", x.IntN(3000))
		case 1:
			span.URL = "javascript:alert(1)"
		case 2:
			text = append(text, bot.Span{Text: "Bob", Member: "manager"})
		case 3:
			span.Member = "nobody"
		}
		text = append(text, span)
	}
	return text
}

func (x *extreme) buttons(most int) []bot.Button {
	var all []bot.Button
	for range x.IntN(most + 1) {
		b := bot.Button{Action: "review.approve", Arg: []string{"", "a", "b"}[x.IntN(3)], Label: x.text(false), Style: []bot.Style{bot.Plain, bot.Primary, bot.Danger, "odd"}[x.IntN(4)]}
		switch x.IntN(8) {
		case 0:
			b.URL = "https://example.com/" + strings.Repeat("p", x.IntN(700))
		case 1:
			b.URL = "ftp://no"
		case 2:
			b.Action = "UPPER case is a mistake"
		case 3:
			b.Confirm = &bot.Confirm{Title: x.text(false)}
		}
		all = append(all, b)
	}
	return all
}

func (x *extreme) choice() *bot.Select {
	s := &bot.Select{Action: "plan.pick", Label: x.text(false), Many: x.IntN(2) == 0}
	if x.IntN(2) == 0 {
		s.Left = x.text(false)
	}
	for i := range x.IntN(60) {
		c := bot.Choice{Value: fmt.Sprint("v", i%50), Label: x.text(false)}
		s.Choices = append(s.Choices, c)
		if x.IntN(4) == 0 {
			s.Chosen = append(s.Chosen, c.Value)
		}
	}
	return s
}

func (x *extreme) block() bot.Block {
	switch x.IntN(10) {
	case 0:
		return bot.Block{Kind: bot.Quote, Quoted: x.text(true)}
	case 1:
		return bot.Block{Kind: bot.Quote, Quoted: x.text(false), Folded: true, Label: x.text(false)}
	case 2:
		b := bot.Block{Kind: bot.Fields}
		for range x.IntN(12) {
			b.Pairs = append(b.Pairs, [2]bot.Text{x.words(), x.words()})
		}
		return b
	case 3:
		if kept := x.IntN(9); kept < 6 {
			return bot.Block{Kind: bot.Picture, File: fmt.Sprint("kept", kept), Alt: x.text(true)}
		}
		return bot.Block{Kind: bot.Picture, URL: []string{"https://example.com/a.png", "file:///etc/passwd", "", "https://example.com/" + strings.Repeat("p", 3000)}[x.IntN(4)], Alt: x.text(true)}
	case 4:
		b := bot.Block{Kind: bot.Grid}
		columns := x.IntN(12) + 1
		for range x.IntN(120) {
			var row []string
			for range columns {
				row = append(row, []string{"a", "=1+1", "un mot", "漢字", "```", "🙂 x"}[x.IntN(6)])
			}
			b.Rows = append(b.Rows, row)
		}
		return b
	case 5:
		return bot.Block{Kind: bot.Rule}
	case 6:
		return bot.Block{Kind: bot.Small, Text: x.words()}
	case 7:
		return bot.Block{Kind: bot.Menu, Select: x.choice()}
	case 8:
		return bot.Block{Kind: bot.Row, Buttons: x.buttons(12)}
	}
	return bot.Block{Kind: bot.Paragraph, Text: x.words()}
}

func (x *extreme) card() bot.Card {
	c := bot.Card{Token: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Tone: []bot.Tone{bot.Neutral, bot.Good, bot.Bad, "odd"}[x.IntN(4)],
		Lang: []string{"fr", "en", "de", ""}[x.IntN(4)], Buttons: x.buttons(12), More: x.buttons(60), MoreLabel: x.text(false)}
	if x.IntN(5) > 0 {
		c.Title = x.words()
	}
	for range x.IntN(14) {
		c.Blocks = append(c.Blocks, x.block())
	}
	return c
}

func FuzzExtremeCards(f *testing.F) {
	seeds := uint64(24)
	if long() {
		seeds = 1000
	}
	for seed := range seeds {
		f.Add(seed)
	}
	r := testRenderer(f)
	r.pictures = map[string]file{} // some of those that cards show
	for i := range 4 {
		r.pictures[fmt.Sprint("kept", i)] = file{fmt.Sprint(i, ".png"), contenttest.PNG()}
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		x := &extreme{Rand: rand.New(rand.NewPCG(seed, 1))}
		s := r.card("G", x.card())
		read := valid(t, s)
		staysValid(t, s)
		for _, mark := range x.marks {
			if !strings.Contains(read, mark) {
				t.Fatalf("%s was cut silently", mark)
			}
		}
	})
}

// staysValid clicks every message of a sheet: without its buttons and with the
// line "Working…" it has to be valid still.
func staysValid(t *testing.T, s sheet) {
	t.Helper()
	for _, m := range append([]message{s.message}, s.parts...) {
		data, err := json.Marshal(m.components)
		if err != nil {
			t.Fatal(err)
		}
		data = bytes.ReplaceAll(data, []byte("attachment://"), []byte("https://cdn.example/")) // as it comes back
		update, ok := working(&clicked{Flags: flagV2, Components: data}, "En cours…")
		if !ok {
			t.Fatal("a card cannot be made busy")
		}
		if data, err = json.Marshal(update["components"]); err != nil {
			t.Fatal(err)
		}
		if err := discordfake.CheckMessage(data, nil); err != nil {
			t.Fatalf("busy: %v\n%.2000s", err, data)
		}
		if strings.Contains(string(data), "custom_id") {
			t.Fatal("buttons are still there")
		}
	}
}

// TestWhatAMessageHolds fills messages to each of Discord's limits.
func TestWhatAMessageHolds(t *testing.T) {
	r := testRenderer(t)
	buttons := func(n int) (all []bot.Button) {
		for i := range n {
			all = append(all, bot.Button{Action: "review.approve", Arg: fmt.Sprint(i), Label: fmt.Sprint("Bouton ", i)})
		}
		return all
	}
	many := func(n int, of ...bot.Block) (all []bot.Block) {
		for range n {
			all = append(all, of...)
		}
		return all
	}
	rule := bot.Block{Kind: bot.Rule}
	for name, blocks := range map[string][]bot.Block{
		"components":          many(120, rule),
		"buttons":             {{Kind: bot.Row, Buttons: buttons(120)}},
		"rows":                many(40, bot.P("x"), bot.Block{Kind: bot.Row, Buttons: buttons(3)}),
		"characters":          {bot.P(strings.Repeat("mot ", 5000))},
		"bytes":               {bot.P(strings.Repeat("漢", 10_000))},
		"bytes in components": many(60, bot.P(strings.Repeat("漢", 181)), rule),
		"bytes in galleries":  many(30, bot.P("漢"), bot.Block{Kind: bot.Picture, URL: "https://example.com/a.png", Alt: strings.Repeat("漢", 1000)}),
	} {
		t.Run(name, func(t *testing.T) {
			s := r.card("G", bot.Card{Token: "tok", Lang: "fr", Blocks: blocks, Buttons: buttons(10), More: buttons(3)})
			valid(t, s)
			staysValid(t, s)
		})
	}
}

func TestEmptyCards(t *testing.T) {
	r := testRenderer(t)
	for _, card := range []bot.Card{{}, {Summary: "Rien de nouveau."}, {Title: bot.Say(" \n ")}, {Blocks: []bot.Block{{Kind: bot.Quote}, {Kind: bot.Grid}, {Kind: bot.Menu}, {Kind: "odd"}, {Kind: bot.Picture}, {Kind: bot.Row}}}} {
		read := valid(t, r.card("", card))
		if card.Summary != "" && !strings.Contains(read, "Rien de nouveau") {
			t.Errorf("%+v reads %q", card, read)
		}
	}
}

func TestOverflowIsInOrder(t *testing.T) {
	r := testRenderer(t)
	var want strings.Builder
	card := bot.Card{Lang: "fr", Title: bot.Say("Long"), Buttons: simple().Buttons, Token: "tok"}
	for i := range 2000 {
		word := fmt.Sprintf("mot%d ", i)
		want.WriteString(word)
	}
	card.Blocks = []bot.Block{bot.P(want.String())}
	s := r.card("G", card)
	valid(t, s)
	var got []string
	for _, m := range append([]message{s.message}, s.parts...) {
		got = append(got, regexp.MustCompile(`mot\d+`).FindAllString(textIn(t, m), -1)...)
		for _, f := range m.files {
			got = append(got, regexp.MustCompile(`mot\d+`).FindAllString(string(f.content), -1)...)
		}
	}
	if strings.Join(got, " ")+" " != want.String() {
		t.Errorf("words out of order or missing: %d of 2000", len(got))
	}
	data, _ := json.Marshal(s.components)
	if !strings.Contains(string(data), "review.approve") {
		t.Error("the buttons left the card")
	}
}

func TestWideTableIsAFile(t *testing.T) {
	r := testRenderer(t)
	rows := [][]string{{"a", "b"}, {strings.Repeat("x", 80), "=cmd()"}}
	s := r.card("G", bot.Card{Lang: "fr", Title: bot.Say("Table"), Blocks: []bot.Block{{Kind: bot.Grid, Rows: rows}}})
	valid(t, s)
	if len(s.parts) != 1 || len(s.parts[0].files) != 1 {
		t.Fatalf("%d parts", len(s.parts))
	}
	if f := s.parts[0].files[0]; f.name != "1-tableau.csv" || string(f.content) != "\uFEFFa,b\n"+strings.Repeat("x", 80)+",'=cmd()\n" {
		t.Errorf("file %s: %q", f.name, f.content)
	}
}

func FuzzCustom(f *testing.F) {
	for _, id := range []string{"a1:review.approve:tok", "q1:review.approve~x:tok#2", "f1:3:~abc", "m1#2", "n1", "y1:a:b", "a1::", "f1:01:x"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		c, err := parseCustom(id)
		if err != nil {
			return
		}
		again, err := parseCustom(c.String())
		if err != nil || again != c {
			t.Errorf("%q read as %+v, then %+v %v", id, c, again, err)
		}
	})
}

func BenchmarkCard(b *testing.B) {
	r := testRenderer(b)
	for name, card := range map[string]bot.Card{
		"usual":    goldenCards["request.en"],
		"10k text": {Lang: "fr", Blocks: []bot.Block{{Kind: bot.Quote, Quoted: strings.Repeat("*é* <@1> ", 1200)}}},
		"1M text":  {Lang: "fr", Blocks: []bot.Block{{Kind: bot.Quote, Quoted: strings.Repeat("mot 🙂 ", 120000)}}},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r.card("G", card)
			}
		})
	}
}
