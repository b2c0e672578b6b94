package slack

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/integrations/chat/slack/slackfake"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	cards  = flag.Uint64("slack.cards", 12, "extreme cards to render")
)

func testRenderer(t testing.TB) renderer {
	t.Helper()
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return renderer{words: words, member: func(id string) (string, bool) { return "U0" + strings.ToUpper(id), id == "lea" },
		searches: func(action, _ string) bool { return action != "a.unsearched" }}
}

func blocksJSON(t testing.TB, blocks []api.Block) []byte {
	t.Helper()
	raw, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// approved fails unless the strict workspace takes every message of a rendering.
func approved(t testing.TB, out rendering, surface string) {
	t.Helper()
	for i, p := range out.pages {
		raw := blocksJSON(t, p.blocks)
		if code, details := slackfake.Validate(surface, raw); code != "" {
			t.Fatalf("message %d refused: %s %q\n%s", i, code, details, raw)
		}
		if p.text == "" || units(p.text) > 4000 || strings.ContainsAny(p.text, "<>") {
			t.Fatalf("message %d has the text %q", i, p.text)
		}
	}
	for _, file := range out.files {
		if file.content == "" {
			t.Fatalf("file %s is empty", file.name)
		}
	}
}

// goldenCards are cards as people see them, with everything a card can hold.
func goldenCards() map[string]bot.Card {
	return map[string]bot.Card{
		"approval.fr": {Token: "tok", Lang: "fr", Title: bot.Say("À valider avant 16 h 30 · Thé de Noël · proposé par Inès"),
			Blocks: []bot.Block{
				{Kind: bot.Paragraph, Text: bot.Text{{Text: "Léa", Member: "lea"}, {Text: " · un accord suffit"}}},
				bot.P("Sortie jeudi 26 novembre à 18 h 00 sur LinkedIn, Instagram et X"),
				{Kind: bot.Quote, Quoted: "Notre thé de Noël est de retour jeudi 26 novembre. Qui l’attendait ?"},
				bot.P("Sans accord à 18 h 00, rien ne part."),
			},
			Buttons: []bot.Button{{Action: "review.approve", Label: "Valider les 3", Style: bot.Primary},
				{Action: "review.changes", Label: "Demander une retouche"}, {Action: "review.each", Label: "Voir chaque réseau"}},
			More: []bot.Button{{Action: "review.delegate", Label: "Déléguer"}, {Action: "review.why", Label: "Pourquoi moi ?"},
				{Action: "review.decline", Label: "Refuser", Style: bot.Danger,
					Confirm: &bot.Confirm{Title: "Refuser ce post ?", Text: "Il ne sera pas publié.", Yes: "Refuser", No: "Garder"}}}},
		"published.en": {Lang: "en", Tone: bot.Good, Title: bot.Say("Live · Christmas tea · Thursday 26 November, 18:00"),
			Blocks: []bot.Block{
				{Kind: bot.Paragraph, Text: bot.Text{{Text: "LinkedIn", URL: "https://linkedin.test/p/1?a=1&b=2"}, {Text: ", "},
					{Text: "Instagram", URL: "https://instagram.test/p/2"}, {Text: ": "}, {Text: "see the posts", Strong: true}}},
				{Kind: bot.Fields, Pairs: [][2]bot.Text{{bot.Say("Likes"), bot.Say("31 of 33")}, {bot.Say("Clicks"), bot.Say("not said")}}},
				{Kind: bot.Picture, URL: "https://colibri.test/tea.png", Alt: "A red tin on a wooden table"},
				{Kind: bot.Rule},
				{Kind: bot.Small, Text: bot.Text{{Text: "Approved by Léa at 15:12 *unchanged*, see "}, {Text: "history", URL: "https://colibri.test/h"}}},
			},
			Buttons: []bot.Button{{Label: "Open", URL: "https://colibri.test/h"}}},
		"complaint.fr": {Token: "tok", Lang: "fr", Tone: bot.Warning, Title: bot.Say("Plainte à traiter · Instagram · il y a 6 min"),
			Summary: "Plainte à traiter sur Instagram",
			Blocks: []bot.Block{
				{Kind: bot.Quote, Quoted: "bande de voleurs allez crever", Folded: true},
				{Kind: bot.Quote, Quoted: "<!channel> *gras* :tea: https://mal.test <@U1> & co\n> non"},
				{Kind: bot.Menu, Select: &bot.Select{Action: "case.theme", Label: "Sujet",
					Choices: []bot.Choice{{Value: "delivery", Label: "Livraison"}, {Value: "price", Label: "Prix"}}, Chosen: []string{"price"}}},
				{Kind: bot.Row, Buttons: []bot.Button{{Action: "case.mute", Label: "Mettre en pause"}}},
			},
			Buttons: []bot.Button{{Action: "case.take", Label: "Je m’en occupe", Style: bot.Primary}, {Action: "case.reply", Label: "Répondre"}}},
		"complaint.en": {Token: "tok", Lang: "en", Tone: bot.Warning, Title: bot.Say("Complaint to answer · Instagram · 6 min ago"),
			Summary: "Complaint to answer on Instagram",
			Blocks: []bot.Block{
				{Kind: bot.Paragraph, Text: bot.Text{{Text: "@marie.d", Strong: true}}},
				{Kind: bot.Quote, Quoted: "go to hell, thieves", Folded: true},
				bot.P("Reply by 11:20 · nobody has taken it yet"),
			},
			Buttons: []bot.Button{{Action: "case.take", Label: "I'll take it", Style: bot.Primary}, {Action: "case.reply", Label: "Reply"}},
			More: []bot.Button{{Action: "case.expert", Label: "Ask an expert"}, {Action: "case.none", Label: "Nothing to answer"}, {Action: "case.notus", Label: "Not us"},
				{Action: "case.hide", Label: "Hide"}, {Action: "case.mute", Label: "Pause"}, {Action: "case.keep", Label: "Keep as proof"}}},
		"plan.fr": {Token: "tok", Lang: "fr", Title: bot.Say("Semaine de Maison Colibri"), Blocks: []bot.Block{
			{Kind: bot.Menu, Select: &bot.Select{Action: "plan.swap", Label: "Échanger avec", Left: "2 choix affichés sur 40.",
				Choices: []bot.Choice{{Value: "r1", Label: "Thé de Noël"}, {Value: "r2", Label: "Coffret"}}, Chosen: []string{"r2"}}},
			{Kind: bot.Menu, Select: &bot.Select{Action: "plan.hide", Label: "Masquer", Left: "2 choix affichés sur 40.", Many: true,
				Choices: []bot.Choice{{Value: "r1", Label: "Thé de Noël"}, {Value: "r2", Label: "Coffret"}}, Chosen: []string{"r1", "r2"}}},
		}},
		"published.fr": {Lang: "fr", Tone: bot.Good, Title: bot.Say("En ligne · Thé de Noël · jeudi 26 novembre, 18 h 00"),
			Blocks: []bot.Block{
				{Kind: bot.Fields, Pairs: [][2]bot.Text{{bot.Say("J’aime"), bot.Say("31")},
					{bot.Say("X"), {{Text: "à vérifier. Le réseau n’a pas répondu"}}}}},
				{Kind: bot.Small, Text: bot.Say("Validé par Léa à 15 h 12, inchangé depuis.")},
			}},
		"brief.en": {Lang: "en", Title: bot.Text{{Text: "Thursday 26 November brief · "}, {Text: "Maison Colibri", URL: "https://colibri.test"}},
			Tone: bot.Bad, Blocks: []bot.Block{
				{Kind: bot.Grid, Rows: [][]string{{"Topic", "People", "Usually"}, {"Delivery", "7", "1 or 2"}, {"Price", "", "1"}}},
				{Kind: bot.Grid, Rows: [][]string{{"Hour", "Post"}, {"12:00", "Tea"}}},
			}},
	}
}

func TestGoldenCards(t *testing.T) {
	r := testRenderer(t)
	for name, card := range goldenCards() {
		t.Run(name, func(t *testing.T) {
			out, err := r.card(card)
			if err != nil {
				t.Fatal(err)
			}
			approved(t, out, "message")
			var got bytes.Buffer
			for _, p := range out.pages {
				if err := json.Indent(&got, blocksJSON(t, []api.Block{}), "", " "); err != nil {
					t.Fatal(err)
				}
				got.Reset()
				fmt.Fprintf(&got, "text: %s\n", p.text)
				if err := json.Indent(&got, blocksJSON(t, p.blocks), "", "  "); err != nil {
					t.Fatal(err)
				}
				got.WriteString("\n")
			}
			golden(t, name+".golden", got.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (-update writes it anew):\n%s", name, got)
	}
}

// extreme makes a card of the worst that may come: longest texts, emoji,
// right-to-left, 10,000 characters, hostile markup, broken encoding.
func extreme(seed uint64, hostile string) bot.Card {
	random := rand.New(rand.NewPCG(seed, 7))
	pieces := []string{hostile, "<!channel>", "<@U0LEA>", "*gras* _it_ ~x~ `c`", ":tea:", "&amp;", "&<>", "🧑‍🚀", "👩‍👩‍👧‍👦🇫🇷", "שלום עולם",
		"مرحبا", "\u202eevil", "z̷̢͇̗̈́͛ä̷l̵g̶o̷", "\x00\x07", "\xff\xfe", "\r\n", "\n\n", "mot ", "https://mal.test/a?b=c&d", "汉字", strings.Repeat("é", 70)}
	text := func(most int) string {
		var b strings.Builder
		want := random.IntN(most + 1)
		for b.Len() < want {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		return b.String()
	}
	say := func(most int) bot.Text {
		var line bot.Text
		for range 1 + random.IntN(4) {
			span := bot.Span{Text: text(most / 4), Strong: random.IntN(3) == 0}
			switch random.IntN(6) {
			case 0:
				span.Member = []string{"lea", "nobody"}[random.IntN(2)]
			case 1:
				span.URL = []string{"https://a.test/?q=<x>|y", "https://a.test/?a=1&b=2", "javascript:alert(1)", "https://a.test/" + strings.Repeat("x", 4000), "://"}[random.IntN(5)]
			}
			line = append(line, span)
		}
		return line
	}
	button := func() bot.Button {
		b := bot.Button{Action: fmt.Sprintf("a.b%d", random.IntN(4)), Label: text(200), Style: []bot.Style{bot.Plain, bot.Primary, bot.Danger}[random.IntN(3)]}
		switch random.IntN(5) {
		case 0:
			b.URL = []string{"https://a.test", "ftp://x", "https://a.test/<"}[random.IntN(3)]
		case 1:
			b.Confirm = &bot.Confirm{Title: text(400), Text: text(900), Yes: text(90), No: text(90)}
		}
		return b
	}
	buttons := func(most int) []bot.Button {
		var list []bot.Button
		for range random.IntN(most + 1) {
			list = append(list, button())
		}
		return list
	}
	card := bot.Card{Token: strings.Repeat("t", 32), Title: say(400), Tone: []bot.Tone{bot.Neutral, bot.Good, bot.Warning, bot.Bad}[random.IntN(4)],
		Lang: []string{"fr", "en"}[random.IntN(2)], Buttons: buttons(6), More: buttons(25)}
	long := []int{50, 500, 3500, 10_000}[random.IntN(4)]
	for range random.IntN(14) {
		var block bot.Block
		switch random.IntN(9) {
		case 0:
			block = bot.Block{Kind: bot.Paragraph, Text: say(long)}
		case 1:
			block = bot.Block{Kind: bot.Quote, Quoted: text(long)}
		case 2:
			block = bot.Block{Kind: bot.Quote, Quoted: text(long), Folded: true, Label: text(100)}
		case 3:
			block = bot.Block{Kind: bot.Small, Text: say(long)}
		case 4:
			block = bot.Block{Kind: bot.Fields}
			for range random.IntN(30) {
				block.Pairs = append(block.Pairs, [2]bot.Text{say(60), say(400)})
			}
		case 5:
			block = bot.Block{Kind: bot.Picture, URL: []string{"https://a.test/x.png", "data:x", ""}[random.IntN(3)], Alt: text(5000)}
		case 6:
			block = bot.Block{Kind: bot.Grid}
			for range random.IntN(130) {
				var row []string
				for range random.IntN(24) {
					row = append(row, text(30))
				}
				block.Rows = append(block.Rows, row)
			}
		case 7:
			sel := &bot.Select{Action: "a.menu", Label: text(300), Many: random.IntN(2) == 0, Chosen: []string{"v1", "v2", "other"}}
			for i := range 1 + random.IntN(25) {
				sel.Choices = append(sel.Choices, bot.Choice{Value: fmt.Sprintf("v%d", i), Label: text(200)})
			}
			if random.IntN(2) == 0 {
				sel.Left = text(100)
			}
			block = bot.Block{Kind: bot.Menu, Select: sel}
		case 8:
			block = bot.Block{Kind: bot.Row, Buttons: buttons(12)}
		}
		card.Blocks = append(card.Blocks, block)
		if random.IntN(6) == 0 {
			card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Rule})
		}
	}
	return card
}

// squeeze drops what may change on the way: spaces and control characters.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) { // no direction of its own survives
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// shown is everything that a person can get to read.
func shown(t testing.TB, out rendering) string {
	t.Helper()
	var b strings.Builder
	for _, p := range out.pages {
		raw := blocksJSON(t, p.blocks)
		b.WriteString(slackfake.Message{Blocks: raw}.Words())
		var tree []struct {
			Elements []struct {
				Value string `json:"value"`
			} `json:"elements"`
		}
		_ = json.Unmarshal(raw, &tree) // blocks of other shapes hold no values
		for _, block := range tree {
			for _, element := range block.Elements {
				text, _ := unfold(element.Value)
				b.WriteString(text)
			}
		}
	}
	for _, file := range out.files {
		b.WriteString(strings.ReplaceAll(file.content, `""`, `"`))
	}
	return strings.ReplaceAll(squeeze(b.String()), "\u2060", "")
}

// complete fails if a text of the card is nowhere.
func complete(t testing.TB, card bot.Card, out rendering) {
	t.Helper()
	all := shown(t, out)
	for i, block := range card.Blocks {
		texts := []string{block.Quoted}
		for _, span := range block.Text {
			if span.Member != "lea" { // shown as the mention
				texts = append(texts, span.Text)
			}
		}
		for _, pair := range block.Pairs {
			for _, span := range pair[1] {
				if span.Member != "lea" {
					texts = append(texts, span.Text)
				}
			}
		}
		for _, row := range block.Rows {
			texts = append(texts, row...)
		}
		for _, text := range texts {
			for _, part := range strings.Fields(text) { // parts may continue elsewhere: look for words
				if word := squeeze(part); len(word) < 60 && !strings.Contains(all, strings.ReplaceAll(word, "\u2060", "")) {
					t.Fatalf("block %d (%s): %q is lost", i, block.Kind, word)
				}
			}
		}
	}
}

func tryExtreme(t testing.TB, r renderer, seed uint64, hostile string) {
	card := extreme(seed, hostile)
	out, err := r.card(card)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	approved(t, out, "message")
	complete(t, card, out)
	r.home = true
	if out, err = r.card(card); err != nil {
		t.Fatal(err)
	}
	approved(t, out, "home")
}

func TestExtremeCardsAreNeverRefusedNorCut(t *testing.T) {
	r := testRenderer(t)
	for seed := range *cards {
		tryExtreme(t, r, seed, "bonjour")
	}
}

func FuzzCards(f *testing.F) {
	r := testRenderer(f)
	f.Add(uint64(1), "bonjour")
	f.Add(uint64(2), "<!here> & </script>")
	f.Add(uint64(3), strings.Repeat("👩‍👩‍👧‍👦", 50))
	f.Fuzz(func(t *testing.T, seed uint64, hostile string) {
		if len(hostile) > 2_000 {
			return
		}
		tryExtreme(t, r, seed, hostile)
	})
}

func TestUntrustedWordsAreLiteral(t *testing.T) {
	r := testRenderer(t)
	out, err := r.card(bot.Card{Blocks: []bot.Block{
		{Kind: bot.Quote, Quoted: "<!channel> <@U1> *x* https://mal.test :tea:"},
		bot.P("<!here> *gras* https://mal.test"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range out.pages[0].blocks {
		rich, ok := block.(*api.RichTextBlock)
		if !ok {
			t.Fatalf("%T may be parsed", block)
		}
		raw := string(blocksJSON(t, []api.Block{rich}))
		for _, kind := range []string{`"mrkdwn"`, `"link"`, `"user"`, `"broadcast"`, `"emoji"`} {
			if strings.Contains(raw, kind) {
				t.Errorf("%s in %s", kind, raw)
			}
		}
	}
}

func TestForms(t *testing.T) {
	r := testRenderer(t)
	field := func(f bot.Field) bot.Form {
		f.ID, f.Label = "f", "L"
		return bot.Form{Action: "a.b", Title: "T", Submit: "S", Cancel: "C", Fields: []bot.Field{f}}
	}
	for name, test := range map[string]struct {
		form bot.Form
		want error
	}{
		"line":           {field(bot.Field{Kind: bot.Line, Value: []string{"v"}}), nil},
		"pick":           {field(bot.Field{Kind: bot.Pick, Choices: []bot.Choice{{Value: "a", Label: "A"}}, Value: []string{"a"}}), nil},
		"clock":          {field(bot.Field{Kind: bot.Clock, Value: []string{"18:00"}}), nil},
		"bad clock":      {field(bot.Field{Kind: bot.Clock, Value: []string{"18 h"}}), ErrCard},
		"bad date":       {field(bot.Field{Kind: bot.Date, Value: []string{"26/11"}}), ErrCard},
		"no choices":     {field(bot.Field{Kind: bot.Pick}), ErrCard},
		"full value":     {field(bot.Field{Kind: bot.Area, Max: 10, Value: []string{"12345678901"}}), nil},
		"long value":     {field(bot.Field{Kind: bot.Area, Max: 2000, Value: []string{strings.Repeat("🫖", 1501)}}), ErrCard},
		"long choice":    {field(bot.Field{Kind: bot.PickMany, Choices: []bot.Choice{{Value: strings.Repeat("a", 76), Label: "A"}}}), ErrCard},
		"unknown kind":   {field(bot.Field{Kind: "smell"}), ErrCard},
		"long origin":    {field(bot.Field{Kind: bot.File}), nil},
		"nothing to say": {bot.Form{Action: "a", Title: "T", Submit: "S", Cancel: "C", Intro: "  "}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := r.form(test.form, origin{Channel: "C1"}); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
	if _, err := r.form(field(bot.Field{Kind: bot.Line}), origin{URL: strings.Repeat("u", 3001)}); !errors.Is(err, ErrCard) {
		t.Errorf("%v", err)
	}
}

func TestCardsThatBreakTheContractAreErrors(t *testing.T) {
	r := testRenderer(t)
	for name, card := range map[string]bot.Card{
		"unknown block": {Blocks: []bot.Block{{Kind: "hologram"}}},
		"long value":    {Blocks: []bot.Block{{Kind: bot.Menu, Select: &bot.Select{Action: "a", Choices: []bot.Choice{{Value: strings.Repeat("v", 76), Label: "x"}}}}}},
		"many more":     {More: make([]bot.Button, 26)},
	} {
		if _, err := r.card(card); !errors.Is(err, ErrCard) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkCard(b *testing.B) {
	r := testRenderer(b)
	card := goldenCards()["approval.fr"]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.card(card); err != nil {
			b.Fatal(err)
		}
	}
}

func TestHeavyButtonsLeaveRoomForTheCard(t *testing.T) {
	r := testRenderer(t)
	card := bot.Card{Title: bot.Say("T"), Blocks: []bot.Block{bot.P("first words")}}
	for i := range 25 {
		card.More = append(card.More, bot.Button{Action: "a.b", Arg: fmt.Sprint(i), Label: strings.Repeat("l", 75), Confirm: &bot.Confirm{
			Title: strings.Repeat("t", 100), Text: strings.Repeat("&", 300), Yes: strings.Repeat("y", 30), No: strings.Repeat("n", 30)}})
	}
	out, err := r.card(card)
	if err != nil {
		t.Fatal(err)
	}
	approved(t, out, "message")
	labels := 0
	for i, p := range out.pages {
		m := slackfake.Message{Blocks: blocksJSON(t, p.blocks)}
		labels += len(m.Labels())
		if i == 0 && (!strings.Contains(m.Words(), "first words") || len(m.Labels()) == 0) {
			t.Errorf("the first message reads %q with %q", m.Words(), m.Labels())
		}
	}
	if labels != 25 {
		t.Errorf("%d of 25 buttons", labels)
	}
}

func TestWhereOurTokenGoes(t *testing.T) {
	a := New(Options{APIURL: "https://proxy.test:8443/slack/api/"}, nil, nil)
	for address, want := range map[string]bool{
		"https://files.slack.com/files-pri/T1-F1/download/x.png": true, "https://slack.com/x": true, "https://FILES.SLACK.COM/x": true,
		"https://files.slack-gov.com/x": true, "https://proxy.test:8443/files/x": true,
		"http://files.slack.com/x": false, "https://files.slack.com:8443/x": false, "https://notslack.com/x": false,
		"https://slack.com.evil.test/x": false, "https://slack.com@evil.test/x": false, "http://proxy.test:8443/x": false,
		"https://proxy.test/x": false, "//files.slack.com/x": false, "": false, "%": false,
	} {
		if got := a.atSlack(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

// What nobody can search is listed as far as it goes, and says what is left out.
func TestMenusWithoutASearchSayWhatTheyLeaveOut(t *testing.T) {
	r := testRenderer(t)
	const left = "2 choix affichés sur 40."
	few := []bot.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	for _, many := range []bool{false, true} {
		out, err := r.card(bot.Card{Token: "t", Blocks: []bot.Block{{Kind: bot.Menu,
			Select: &bot.Select{Action: "a.unsearched", Label: "L", Choices: few, Left: left, Many: many}}}})
		if err != nil {
			t.Fatal(err)
		}
		if raw := string(blocksJSON(t, out.pages[0].blocks)); !strings.Contains(raw, left) || strings.Contains(raw, "external") {
			t.Errorf("many %v: %s", many, raw)
		}
	}
	form, err := r.form(bot.Form{Action: "a.unsearched", Title: "T", Submit: "S", Cancel: "C", Fields: []bot.Field{
		{ID: "f", Kind: bot.Pick, Label: "L", Hint: "Why.", Choices: few, Left: left}}}, origin{})
	if err != nil {
		t.Fatal(err)
	}
	if raw := string(blocksJSON(t, form.Blocks.BlockSet)); !strings.Contains(raw, left+" Why.") || strings.Contains(raw, "external") {
		t.Errorf("form: %s", raw)
	}
}
