package console

import (
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/i18n"
)

func TestSafeLink(t *testing.T) {
	for address, want := range map[string]bool{
		"https://colibri.example/noel?a=b#c": true, "http://127.0.0.1:8080/x": true, "": false, "/local": false, "/outside/x-1": true, "/outside": false, "//outside/x": false, "//evil.example": false,
		"javascript:alert(1)": false, "JavaScript:alert(1)": false, " javascript:alert(1)": false, "data:text/html,x": false, "ftp://x.example": false,
		"https:": false, "https://": false, "http://[::1": false, "java\nscript:alert(1)": false,
	} {
		if got := safeLink(address) != ""; got != want {
			t.Errorf("%q: %v, want %v", address, got, want)
		}
	}
}

func TestShown(t *testing.T) {
	e := entry{hosts: []string{"http://127.0.0.1:9000"}}
	for address, want := range map[string]bool{
		"/files/x": true, "http://127.0.0.1:9000/a.png": true, "//evil.example/a.png": false, "http://127.0.0.1:9001/a.png": false,
		"https://127.0.0.1:9000/a.png": false, "http://127.0.0.1:9000@evil.example/a.png": false, "a.png": false, "": false, "data:image/png;base64,x": false,
	} {
		if got := e.Shown(bot.Block{URL: address}) != ""; got != want {
			t.Errorf("%q: %v, want %v", address, got, want)
		}
	}
}

func TestKept(t *testing.T) {
	s := newSample(t)
	for digest, want := range map[string]string{"": "", "00ff": "/pictures/00ff", "../as": "/pictures/..%2Fas", "//evil": "/pictures/%2F%2Fevil"} {
		if got := s.source(digest); got != want {
			t.Errorf("%q is at %q, want %q", digest, got, want)
		}
	}
	s.opts.Files = nil
	if got := s.source("00ff"); got != "" {
		t.Errorf("a picture is at %q, though none are kept", got)
	}
}

func TestMention(t *testing.T) {
	e := entry{people: []Person{{ID: "u1", Name: "Nadia Roux", Member: "nadia"}, {ID: "lea", Name: "Léa Morin"}}}
	for member, want := range map[string]string{"nadia": "Nadia Roux", "u1": "", "lea": "Léa Morin", "zoe": "", "": ""} {
		if got := e.Mention(bot.Span{Text: "x", Member: member}); got != want {
			t.Errorf("%q: %q, want %q", member, got, want)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Léa Morin": "LM", "élodie": "É", "Jean Le Goff": "JL", "  ": "", "": "", "🐦 oiseau": "🐦O"} {
		if got := initials(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if first, again := hue("lea"), hue("lea"); first != again || first > 5 {
		t.Error("a colour that changes, or that is not one of six")
	}
}

func TestDict(t *testing.T) {
	if _, err := dict("a"); err == nil {
		t.Error("a name without a value is taken")
	}
	if _, err := dict(1, "a"); err == nil {
		t.Error("a name that is no string is taken")
	}
	if got, err := dict("a", 1, "b", 2); err != nil || len(got) != 2 || got["b"] != 2 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestDrawMistake(t *testing.T) {
	s := newSample(t)
	if got := s.draw("message", 3); got != "" {
		t.Errorf("drew %q of nothing", got)
	}
}

// TestEveryBlock draws every kind of block in both languages: each must say its
// words, and a screen reader must get what the eyes get.
func TestEveryBlock(t *testing.T) {
	s := newSample(t)
	card := bot.Card{Token: "t", Tone: bot.Good, Title: bot.Say("le titre"), Blocks: []bot.Block{
		bot.P("un paragraphe"), {Kind: bot.Quote, Quoted: "cité", Label: "@marie"}, {Kind: bot.Quote, Quoted: "insulte", Folded: true, Label: "Replié"},
		{Kind: bot.Fields, Pairs: [][2]bot.Text{{bot.Say("clé"), bot.Say("valeur")}}}, {Kind: bot.Picture, URL: "/files/x", Alt: "une boîte"},
		{Kind: bot.Grid, Rows: [][]string{{"tête"}, {"case"}}}, {Kind: bot.Grid}, {Kind: bot.Rule}, {Kind: bot.Small, Text: bot.Say("petit")},
		{Kind: bot.Menu, Select: &bot.Select{Action: "m", Label: "choix", Choices: []bot.Choice{{Value: "v", Label: "le v"}}, Chosen: []string{"v"}}},
		{Kind: bot.Menu, Select: &bot.Select{Action: "n", Label: "plusieurs", Many: true, Choices: []bot.Choice{{Value: "w", Label: "le w"}}, Chosen: []string{"w"}, Left: "1 choix sur 2"}},
		{Kind: bot.Row, Buttons: []bot.Button{{Action: "b", Label: "entre", Style: bot.Danger}}}},
		Buttons: []bot.Button{{Action: "c", Arg: "x", Label: "dernier", Style: bot.Primary}}, More: []bot.Button{{Action: "d", Label: "caché"}}, MoreLabel: "Encore…"}
	s.post("com", card, true)
	for _, lang := range i18n.Langs() {
		s.room.mu.Lock()
		html := s.drawMessage(s.room.panes["com"][0], lang)
		s.room.mu.Unlock()
		for _, want := range []string{
			`tone-good`, `<h2 class="card-title">le titre</h2>`, `<p>un paragraphe</p>`, `@marie`, `<blockquote dir="auto">cité</blockquote>`,
			`<details class="fold"><summary><span>Replié</span>`, `<dt>clé</dt><dd>valeur</dd>`, `<img src="/files/x" alt="une boîte" loading="lazy">`,
			`<th scope="col">tête</th>`, `<td>case</td>`, `<hr>`, `<p class="small">petit</p>`, `data-menu="a1:m:t"`, `<option value="v" selected>le v</option>`,
			`<legend>plusieurs</legend><label`, `<p class="small">1 choix sur 2</p><form class="pick" data-menu="a1:n:t">`, `value="w" checked>`, `btn-danger" data-do="a1:b:t"`, `btn-primary" data-do="a1:c~x:t" data-action="c" data-arg="x">dernier`, `Encore…</summary>`, `data-do="a1:d:t"`,
		} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: no %q in\n%s", lang, want, html)
			}
		}
	}
}
