package slack

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"a &lt;b&gt; &amp; c":                         "a <b> & c",
		"&amp;lt;":                                    "&lt;",
		"<https://a.test/x?a=1&amp;b=2|a.test>":       "https://a.test/x?a=1&b=2",
		"<@U1|léa> et <@U2>":                          "@léa et @U2",
		"<#C1|com> <!here> <!subteam^S1|@validation>": "#com @here @validation",
		"<mailto:a@b.test|a@b.test>":                  "a@b.test",
		"<tel:+33612345678|06 12>":                    "+33612345678",
		"<rien> 3 < 4 > 2":                            "<rien> 3 < 4 > 2",
		"":                                            "",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q reads %q, want %q", in, got, want)
		}
	}
}

func TestLineKeepsSpacesThatDoNotBreak(t *testing.T) {
	for in, want := range map[string]string{
		"C’est publié\u00a0: X":         "C’est publié\u00a0: X",
		" 3\u202f000 \t caractères\n\n": "3\u202f000 caractères",
		"\u00a0\u202f \n":               "",
	} {
		if got := line(in); got != want {
			t.Errorf("%q is %q", in, got)
		}
	}
}

func TestWithoutMention(t *testing.T) {
	for in, want := range map[string]string{
		"<@UB> point":        "point",
		"<@UB|crieur>: stop": "stop",
		"<@UB>, <@UB> x":     "x",
		"<@UBX> point":       "<@UBX> point",
		"point <@UB>":        "point <@UB>",
		"<@UB":               "<@UB",
		"":                   "",
	} {
		if got := withoutMention(in, "UB"); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
	if got := withoutMention("<@> x", ""); got != "<@> x" {
		t.Error(got)
	}
}

func TestSplitPrefersPlacesWherePeopleStop(t *testing.T) {
	for _, test := range []struct {
		text string
		max  int
		want string
	}{
		{"un deux", 10, "un deux"},
		{"Premier.\n\nDeuxième paragraphe", 15, "Premier.\n\n|Deuxième |paragraphe"},
		{"Une phrase. Une autre", 14, "Une phrase. |Une autre"},
		{"abcdefghij", 4, "abcd|efgh|ij"},
		{"&&&", 6, "&|&|&"}, // an entity is 5
		{"👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 12, "👩‍👩‍👧‍👦|👩‍👩‍👧‍👦"},
	} {
		if got := strings.Join(split(test.text, test.max), "|"); got != test.want {
			t.Errorf("%q in %d: %q, want %q", test.text, test.max, got, test.want)
		}
	}
}

func TestCutSaysSo(t *testing.T) {
	if got := cut("Demander une retouche", 10); got != "Demander…" || units(got) > 10 {
		t.Errorf("%q", got)
	}
	if got := cutEscaped("R&D & Cie", 12); units(got) > 12 || !strings.HasSuffix(got, ellipsis) {
		t.Errorf("%q", got)
	}
	if got := labelText("\n \t", 10).Text; got != ellipsis {
		t.Errorf("%q: Slack refuses an empty label", got)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("Premier.\n\nDeuxième & <x>", 7)
	f.Add("👩‍👩‍👧‍👦é\xff", 5)
	f.Fuzz(func(t *testing.T, text string, max int) {
		if max < 10 || max > 5000 || len(text) > 20_000 {
			return
		}
		text = clean(text)
		parts := split(text, max)
		if strings.Join(parts, "") != text {
			t.Fatalf("something is lost of %q", text)
		}
		for _, part := range parts {
			if escapedUnits(part) > max || !utf8.ValidString(part) || part == "" && text != "" {
				t.Fatalf("part %q of %d", part, max)
			}
		}
		if got := cutEscaped(text, max); units(got) > max {
			t.Fatalf("%q has %d of %d", got, units(got), max)
		}
	})
}

func FuzzFold(f *testing.F) {
	f.Add("bande de voleurs")
	f.Add(strings.Repeat("😡é&", 900))
	f.Fuzz(func(t *testing.T, text string) {
		text = clean(text)
		if len(text) > 50_000 {
			return
		}
		var back strings.Builder
		for _, value := range fold(text) {
			part, ok := unfold(value)
			if !ok || len(value) > maxValue {
				t.Fatalf("value %q", value)
			}
			back.WriteString(part)
		}
		if back.String() != text {
			t.Fatalf("%q came back as %q", text, back.String())
		}
	})
}

func FuzzPlain(f *testing.F) {
	f.Add("<@U1|x> &lt; <https://a|b>")
	f.Add("<@UB><@UB|")
	f.Fuzz(func(t *testing.T, text string) {
		_ = plain(text)
		if got := withoutMention(text, "UB"); len(got) > len(text) {
			t.Fatalf("%q", got)
		}
	})
}

func TestUnfoldTakesNothingElse(t *testing.T) {
	for _, value := range []string{"***", "AAAA", "bonjour"} {
		if text, ok := unfold(value); ok {
			t.Errorf("%q unfolds to %q", value, text)
		}
	}
}
