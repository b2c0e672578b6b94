package proof

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// keptIn lists what no rule may touch in a text.
func keptIn(text string) string {
	var all []string
	for _, token := range newPage(text, Context{}, nil).tokens {
		if token.kind == kept {
			all = append(all, token.text)
		}
	}
	return strings.Join(all, " | ")
}

func TestKept(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Voir https://crieur.fr/a?b=c.", "https://crieur.fr/a?b=c"},
		{"(https://fr.wikipedia.org/wiki/Lyon_(ville)), www.x.fr !", "https://fr.wikipedia.org/wiki/Lyon_(ville) | www.x.fr"},
		{"https://x.fr…", "https://x.fr"},
		{"«\u00a0http://x.fr\u00a0»", "http://x.fr"},
		{"crieur.com et lemonde.fr, bonjour.de rien", "crieur.com | lemonde.fr"},
		{"crieur.paris/agenda", "crieur.paris/agenda"},
		{"et/ou, fini.Les", ""},
		{"a.b-c+d@exemple.fr, 2+2", "a.b-c+d@exemple.fr"},
		{"contact@exemple.fr.", "contact@exemple.fr"},
		{"Merci @marie_d, @jean.fr et @a@mastodon.social !", "@marie_d | @jean.fr | @a@mastodon.social"},
		{"a@ @ @. 3 @ 4", ""},
		{"#ThéDeNoël #1 # C#", "#ThéDeNoël | #1"},
		{"`code ici` et ```\nbloc\n``` fin ` seul", "`code ici` | ```\nbloc\n```"},
		{"qu`elle d`un", ""},
		{"<@U12> <#C1> <https://x.fr|lien> <br/> <!here> 1 < 2 > 0", "<@U12> | <#C1> | <https://x.fr|lien> | <br/> | <!here>"},
		{"{nom} {{nom}} {} {a\nb}", "{nom} | {{nom}}"},
		{":tada: :+1: 10:30:15 : a:", ":tada: | :+1:"},
		{"photo.jpg et notes.PDF", "photo.jpg"},
		{"&amp; &#233; & co; R&D", "&amp; | &#233;"},
		{"été.fr", ""},
		{"mailto:jo@exemple.fr, [x](javascript:zblorg(1)) tel:+33612345678.", "mailto:jo@exemple.fr | javascript:zblorg(1) | tel:+33612345678"},
		{"Tel : 06, data: rien, xtel:06", ""},
	} {
		if got := keptIn(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// TestTokensCoverTheText holds on texts of many kinds that tokens follow each
// other without gap, and that code points are counted right.
func TestTokensCoverTheText(t *testing.T) {
	texts := append([]string{"", "é\xffà", "e\u0301 a\u00ad b", "🎄👩‍👩‍👧 1️⃣", "日本語テキスト", "𝗕old"}, hostile...)
	for _, text := range texts {
		var joined strings.Builder
		position := 0
		for _, token := range newPage(text, Context{}, nil).tokens {
			if token.start != position || token.end <= token.start {
				t.Fatalf("%q: token %q from %d to %d after %d", text, token.text, token.start, token.end, position)
			}
			position = token.end
			joined.WriteString(token.text)
		}
		if joined.String() != text || position != utf8.RuneCountInString(text) {
			t.Errorf("%q became %q, %d code points", text, joined.String(), position)
		}
	}
}

func TestCapitalised(t *testing.T) {
	for _, c := range []struct{ s, model, want string }{
		{"été", "Hiver", "Été"}, {"été", "hiver", "été"}, {"été", "HIVER", "ÉTÉ"}, {"à", "A", "À"}, {"été", "H", "Été"}, {"x", "", "x"}, {"", "A", ""},
	} {
		if got := capitalised(c.s, c.model); got != c.want {
			t.Errorf("%q like %q: %q, want %q", c.s, c.model, got, c.want)
		}
	}
}

func TestStartsSentence(t *testing.T) {
	for text, want := range map[string]bool{
		"Mot": true, "un. Mot": true, "un ! « Mot": true, "un\nMot": true, "un, Mot": false, "un Mot": false, "l’Mot": false, "— Mot": true,
		"(Mot": true, "un (Mot": false, "« un » Mot": false, "https://x.fr Mot": false,
	} {
		p := newPage(text, Context{}, nil)
		if got := p.startsSentence(len(p.tokens) - 1); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestWords(t *testing.T) {
	words := NewWords([]string{"iPhone", "Le Petit Marseillais"})
	for s, want := range map[string]bool{"iphone": true, "IPHONE": true, "marseillais": true, "petit": true, "android": false} {
		if words.Has(s) != want {
			t.Errorf("%s: %t", s, !want)
		}
	}
	if (*Words)(nil).Has("x") || (*Words)(nil).casing("x") != "" {
		t.Error("nil has words")
	}
}
