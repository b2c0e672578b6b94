package token

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// The table of the first blocks says what working it out says.
func TestTable(t *testing.T) {
	for r := range rune(tableSize) {
		if table[r].class != work(r) || table[r].fold != workFold(r) {
			t.Errorf("%q: table %v %q, worked out %v %q", r, table[r].class, table[r].fold, work(r), workFold(r))
		}
	}
}

func TestClasses(t *testing.T) {
	for _, test := range []struct {
		class class
		runes string
	}{
		{letter, "aÉœßłÐжΩאبह²½Ⅳ９ﬁ𝗔"},
		{mark, "\u0301\u0327\u064e\u093f"},
		{ignored, "\u00ad\u200b\u200d\u2060\ufeff\ufe0f🏽"},
		{unspaced, "東ひカーｶ한กລခក々"},
		{symbol, "😡❤☎🇫⚡✅"},
		{other, " .,;:!?…—–«»“”’'_€$%|/\\\u00a0\u202f·•"},
	} {
		for _, r := range test.runes {
			if got := classify(r); got != test.class {
				t.Errorf("%q (%U) is %d, want %d", r, r, got, test.class)
			}
		}
	}
}

// Folding again changes nothing: what is folded is folded.
func TestFoldIsDone(t *testing.T) {
	for r := rune(1); r < 0x20000; r++ {
		if !utf8.ValidRune(r) || classify(r) != letter {
			continue
		}
		once := workFold(r)
		if twice := Fold(once); twice != once && !strings.ContainsFunc(once, unicode.IsMark) {
			t.Errorf("%q folds to %q and that to %q", r, once, twice)
		}
	}
}

// Upper and lower case of every letter that has both read the same.
func TestFoldCase(t *testing.T) {
	for r := rune('a'); r < 0x2000; r++ {
		if classify(r) != letter || unicode.ToUpper(r) == r || unicode.ToLower(unicode.ToUpper(r)) != r {
			continue
		}
		if lower, upper := Fold("x"+string(r)+"x"), Fold("X"+string(unicode.ToUpper(r))+"X"); lower != upper {
			t.Errorf("%q reads %q, %q reads %q", r, lower, unicode.ToUpper(r), upper)
		}
	}
}

func TestLatin(t *testing.T) {
	if a, b := utf8.RuneCountInString(lookalikes), len(latins); a != b {
		t.Fatalf("%d look-alikes for %d letters", a, b)
	}
	for in, want := range map[string]string{
		"аррle": "apple", "раypal": "paypal", "москва": "москва", "αβγ": "αβγ", "gооgle": "google", "x": "x", "": "",
	} {
		if got := latin(in); got != want {
			t.Errorf("latin(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestElisions(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"l'eau", "l|eau"}, {"L’EAU", "l|eau"}, {"d'abord", "d|abord"}, {"j'ai", "j|ai"}, {"m'a", "m|a"}, {"t'es", "t|es"},
		{"s'il", "s|il"}, {"n'est", "n|est"}, {"c'est", "c|est"}, {"qu'on", "qu|on"}, {"lorsqu'il", "lorsqu|il"},
		{"puisqu'elle", "puisqu|elle"}, {"quoiqu'il", "quoiqu|il"}, {"jusqu'au", "jusqu|au"}, {"d'aujourd'hui", "d|aujourd'hui"},
		{"l'd'x", "l|d|x"}, {"presqu'île", "presqu'ile"}, {"prud'homme", "prud'homme"}, {"grand'mère", "grand'mere"},
		{"it's", "it|s"}, {"Sainsbury's", "sainsbury|s"}, {"it'suits", "it'suits"}, {"we're", "we're"}, {"I'm", "i'm"},
		{"O'Reilly's", "o'reilly|s"}, {"l'éténd’été's", "l|etend'ete|s"}, {"rock'n'roll", "rock'n'roll"}, {"l''eau", "l|eau"},
		{"all'Oréal", "all|oreal"}, {"dell’arte", "dell|arte"}, {"ll'x", "ll'x"}, {"'s", "s"}, {"s'", "s"},
	} {
		var folds []string
		for _, tok := range Scan(nil, test.text) {
			folds = append(folds, tok.Fold)
		}
		if got := strings.Join(folds, "|"); got != test.want {
			t.Errorf("%s: %s, want %s", test.text, got, test.want)
		}
	}
}

func TestLinks(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"https://a.example", "https://a.example"},
		{"http://a.example.", "http://a.example"},
		{"HTTPS://A.example/B?c=d&e=f#g, puis", "HTTPS://A.example/B?c=d&e=f#g"},
		{"(https://a.example/x_(y))", "https://a.example/x_(y"},
		{"« https://a.example/é »", "https://a.example/é"},
		{"«https://a.example»", "https://a.example"},
		{"\"www.a.example\"", "www.a.example"},
		{"https://a.example…", "https://a.example"},
		{"見てhttps://a.example/東京", "https://a.example/"},
		{"😡https://a.example😡", "https://a.example"},
		{"https://", ""}, {"https:// a", ""}, {"www.", ""}, {"www..a", ""}, {"xhttps://a.example", ""}, {"http:/a.example", ""},
	} {
		got := ""
		for _, tok := range Scan(nil, test.text) {
			if tok.Kind == Link {
				got += tok.Raw(test.text)
			}
		}
		if got != test.want {
			t.Errorf("%s: link %q, want %q", test.text, got, test.want)
		}
	}
}

// Scan adds to what it is given, and keeps what was there.
func TestScanAppends(t *testing.T) {
	tokens := Scan(nil, "un")
	tokens = Scan(tokens, "deux trois")
	if len(tokens) != 3 || tokens[0].Fold != "un" || tokens[1].Fold != "deux" || tokens[1].Glued || tokens[2].Start != 5 {
		t.Errorf("%+v", tokens)
	}
	if tokens := Scan(tokens[:1], "#x"); len(tokens) != 2 || tokens[1].Kind != Hashtag || tokens[1].Glued {
		t.Errorf("%+v", tokens)
	}
}

// Long texts take time in proportion: no sign makes a scan start over.
func TestScanIsLinear(t *testing.T) {
	for _, unit := range []string{"a", "@", "#", "'", "l'", "é", "東", "#東", "https://a ", "www.", "\xff", "\u0301", "&a", "_a", "a_'"} {
		text := strings.Repeat(unit, 200_000/len(unit))
		tokens := Scan(nil, text)
		if len(tokens) > 0 && tokens[len(tokens)-1].End > len(text) {
			t.Errorf("%q: token past the end", unit)
		}
	}
}
