package plain_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"crieur/integrations/internal/plain"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		" thé \n":                "thé",
		"a\tb\r\nc":              "a b\nc",
		"a\x00\x1bb\x7f":         "ab",
		"évi\u202ednoc":          "évidnoc",
		"\ufeffa\u200bb\u00adc":  "abc",
		"👩\u200d👧":               "👩\u200d👧",
		"a\xffb":                 "a\ufffdb",
		"x\U000e0041\U000e007fy": "xy",
		"<b>a</b> &amp; b":       "<b>a</b> &amp; b",
		"a\u00a0: b":             "a\u00a0: b",
	} {
		if got := plain.Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHTML(t *testing.T) {
	for in, want := range map[string]string{
		"":                                 "",
		"<b>Col</b>ibri, le <i>thé</i>.":   "Colibri, le thé.",
		"un <b>thé</b> vert":               "un thé vert",
		"<p>un</p><p>deux<br>trois</p>":    "un deux trois",
		"a &amp; b &lt;i&gt; &eacute;":     "a & b <i> é",
		"3 < 4 et 5 > 2":                   "3 < 4 et 5 > 2",
		"<script>alert(1)</script>mot":     "mot",
		"<style>p{}</style>mot<!-- x -->":  "mot",
		"<a href=\"javascript:x\">ici</a>": "ici",
		"<img src=x onerror=alert(1)>":     "",
		"&#x202e;mot&#0;":                  "mot\ufffd",
		"non fermé <b":                     "non fermé",
	} {
		if got := plain.HTML(in); got != want {
			t.Errorf("HTML(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		text  string
		runes int
		want  string
	}{{"été", 3, "été"}, {"étés", 3, "ét…"}, {"un deux", 4, "un…"}, {"", 3, ""}, {"abc", 9, "abc"}, {"ab", 1, "…"}} {
		if got := plain.Cut(test.text, test.runes); got != test.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", test.text, test.runes, got, test.want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"<b>a", "&#x202e;", "a\xff<", "<<script>x</script>", "👩\u200d👧", "<svg><style>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, out := range []string{plain.Text(in), plain.HTML(in), plain.Cut(plain.Text(in), 5)} {
			if !utf8.ValidString(out) || strings.ContainsAny(out, "\x00\u202e\x1b") {
				t.Fatalf("%q became %q", in, out)
			}
		}
		if once := plain.Text(in); plain.Text(once) != once {
			t.Fatalf("Text(%q) is not stable", in)
		}
		if got := plain.Cut(in, 5); utf8.RuneCountInString(got) > 5 && utf8.ValidString(in) {
			t.Fatalf("Cut(%q) = %q", in, got)
		}
	})
}
