package discord

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"crieur/bot"
)

func TestFormValues(t *testing.T) {
	var data formData
	if err := json.Unmarshal([]byte(`{"custom_id":"a1:x.y:t","resolved":{"attachments":{"9":{"url":"https://cdn.example/9.png","filename":"9.png","content_type":"image/png","size":12}}},"components":[
		{"type":18,"component":{"type":4,"custom_id":"l.title","value":"Thé"}},
		{"type":18,"component":{"type":4,"custom_id":"a.empty","value":""}},
		{"type":18,"component":{"type":3,"custom_id":"m.nets","values":["x","li"]}},
		{"type":18,"component":{"type":19,"custom_id":"f.picture","values":["9","forged"]}},
		{"type":18,"component":{"type":19,"custom_id":"f.none","values":[]}},
		{"type":18,"component":{"type":21,"custom_id":"p.one","value":"b"}},
		{"type":18,"component":{"type":21,"custom_id":"p.none","value":null}},
		{"type":18,"component":{"type":22,"custom_id":"m.boxes","values":["b","c"]}},
		{"type":18,"component":{"type":23,"custom_id":"p.on","value":true}},
		{"type":18,"component":{"type":23,"custom_id":"p.off","value":false}},
		{"type":18,"component":{"type":5,"custom_id":"m.people","values":["111"]}},
		{"type":18,"component":{"type":8,"custom_id":"m.channels","values":["222","333"]}},
		{"type":10},
		{"type":1,"components":[{"type":4,"custom_id":"old","value":"ancien"}]}]}`), &data); err != nil {
		t.Fatal(err)
	}
	values, files, _ := data.values()
	got := fmt.Sprint(values)
	if want := "map[boxes:[b c] channels:[222 333] nets:[x li] off:[false] old:[ancien] on:[true] one:[b] people:[111] picture:[https://cdn.example/9.png] title:[Thé]]"; got != want {
		t.Errorf("values %s", got)
	}
	if want := []bot.Upload{{Ref: "https://cdn.example/9.png", Name: "9.png", Type: "image/png", Size: 12}}; !slices.Equal(files, want) {
		t.Errorf("files %v", files)
	}
}

func TestSafeLink(t *testing.T) {
	for raw, want := range map[string]string{
		"https://example.com/a?b=c":        "https://example.com/a?b=c",
		" http://example.com ":             "http://example.com",
		"https://example.com/a_(b)":        "https://example.com/a_%28b%29",
		"https://example.com/a b<c>\"`":    "https://example.com/a%20b%3Cc%3E%22%60",
		"https://example.com/é\u202e":      "https://example.com/%C3%A9%E2%80%AE",
		"javascript:alert(1)":              "",
		"ftp://example.com":                "",
		"//example.com":                    "",
		"example.com":                      "",
		"https://":                         "",
		"":                                 "",
		"https://example.com/\xff":         "",
		"https://exa mple.com":             "",
		"https://example.com/)[x](http://": "https://example.com/%29%5Bx%5D%28http://",
	} {
		got, ok := safeLink(raw)
		if got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v, want %q", raw, got, ok, want)
		}
	}
}

func TestEscape(t *testing.T) {
	for raw, want := range map[string]string{
		"a - b # c + d":     "a - b # c + d",
		"- a\n# b\n  + c":   "\\- a\n\\# b\n  \\+ c",
		"1. a\n12. b\n1.5":  "1\\. a\n12\\. b\n1\\.5",
		"à 18.30 · v1.2":    "à 18.30 · v1.2",
		"@everyone <@1>":    "\\@everyone \\<\\@1\\>",
		"https://x 18:00":   "https\\://x 18:00",
		"a\u202eb\x00c\r\n": "abc\n",
		"https:":            "https\\:",
	} {
		if got := escape(raw); got != want {
			t.Errorf("%q is %q, want %q", raw, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, row := range []struct {
		text string
		n    int
		want string
	}{{"court", 10, "court"}, {"  ", 10, "…"}, {"dix lettres", 5, "dix…"}, {"🙂🙂🙂", 4, "🙂…"}, {"é\xff", 5, "é\uFFFD"}} {
		if got := shorten(row.text, row.n); got != row.want {
			t.Errorf("%q in %d is %q, want %q", row.text, row.n, got, row.want)
		}
	}
}

func TestOptionGoesOnInItsDescription(t *testing.T) {
	o := option(strings.Repeat("a", 150), "v", false)
	if len([]rune(o.Label)) != 100 || o.Description != "…"+strings.Repeat("a", 51) {
		t.Errorf("%d characters, then %q", len([]rune(o.Label)), o.Description)
	}
	if o := option("court", "v", true); o.Label != "court" || o.Description != "" || !o.Default {
		t.Errorf("%+v", o)
	}
}

func TestWordsOfSpans(t *testing.T) {
	d := &drawing{renderer: testRenderer(t), card: bot.Card{Lang: "en"}}
	for _, row := range []struct {
		text bot.Text
		want string
	}{
		{bot.Text{{Text: " gras ", Strong: true}, {Text: "."}}, " **gras** ."},
		{bot.Text{{Text: "#x"}, {Text: "#y"}}, "\\#x#y"},
		{bot.Text{{Text: "the post", URL: "https://example.com"}}, "[the post](https://example.com)"},
		{bot.Text{{Text: "https://good.example", URL: "https://bad.example"}}, "https\\://good.example <https://bad.example>"},
		{bot.Text{{Text: "", URL: "https://example.com"}}, ""},
		{bot.Text{{Text: "x", URL: "javascript:x"}}, "x"},
		{bot.Text{{Text: "Bob", Member: "manager"}, {Text: " and "}, {Text: "Zoe", Member: "nobody"}}, "<@424242> and Zoe"},
		{bot.Text{{Text: "a\n# b"}}, "a\n\\# b"},
	} {
		if got := d.words("", row.text).text.markdown(d.user); got != row.want {
			t.Errorf("%+v is %q, want %q", row.text, got, row.want)
		}
	}
}

func TestWideTableInAPrivateAnswer(t *testing.T) {
	p := newPair(t, tune{})
	p.fake.Command("111", "C", "draft", "x")
	card := bot.Card{Lang: "fr", Title: bot.Say("Table"), Blocks: []bot.Block{{Kind: bot.Grid, Rows: [][]string{{strings.Repeat("x", 80)}}}}}
	if err := p.chat.Answer(t.Context(), p.nth(t, 0).Reply, card); err != nil {
		t.Fatal(err)
	}
	all := p.fake.Ephemerals("111")
	if len(all) != 2 || !strings.Contains(string(all[1].Files["1-tableau.csv"]), "xxx") {
		t.Errorf("%+v", all)
	}
}
