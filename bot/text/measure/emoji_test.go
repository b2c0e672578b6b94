package measure

import (
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

func TestEmoji(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       int // code points of the emoji; 0: none
	}{
		{"letter", "a", 0},
		{"digit", "1", 0},
		{"accent", "é", 0},
		{"nothing", "", 0},
		{"tea", "🍵 thé", 1},
		{"coffee with style", "☕️", 2},
		{"coffee as text", "☕\uFE0E", 0},
		{"what takes no style", "🍵\uFE0F", 1},
		{"copyright", "©", 0},
		{"copyright with style", "©\uFE0F", 2},
		{"trade mark", "™ ", 0},
		{"skin", "👋🏽!", 2},
		{"skin on what has none", "🍵🏽", 1},
		{"skin alone", "🏽", 1},
		{"skin after a style", "☝️🏽", 3},
		{"keycap", "1️⃣2", 3},
		{"keycap without style", "*⃣", 2},
		{"number with style", "1\uFE0F ", 0},
		{"flag", "🇫🇷🇧🇪", 2},
		{"letters that are no flag", "🇫🇫", 1},
		{"one letter", "🇫", 1},
		{"flag of Wales", "🏴󠁧󠁢󠁷󠁬󠁳󠁿 ", 7},
		{"tags without end", "🏴󠁧󠁢󠁷󠁬󠁳 ", 1},
		{"pirate flag", "🏴‍☠️", 4},
		{"family", "👨‍👩‍👧‍👦👋", 7},
		{"joiner at the end", "👨‍", 1},
		{"joined to a letter", "👨‍a", 1},
		{"not Unicode", "\xff", 0},
	} {
		size := emoji(test.text)
		if got := utf8.RuneCountInString(test.text[:size]); got != test.want {
			t.Errorf("%s: emoji of %+q has %d code points, want %d", test.name, test.text, got, test.want)
		}
	}
}

// The tables are searched by halves.
func TestTablesAreSorted(t *testing.T) {
	for name, table := range map[string][]span{"pictographs": pictographs, "styled": styled, "skinned": skinned,
		"latin": latin, "hashtagJoints": hashtagJoints} {
		for i, s := range table {
			if s.first > s.last || i > 0 && table[i-1].last >= s.first {
				t.Errorf("%s[%d] = %X", name, i, s)
			}
			if !in(table, s.first) || !in(table, s.last) || in(table, s.last+1) && (i+1 == len(table) || table[i+1].first != s.last+1) {
				t.Errorf("%s: %X is not found", name, s)
			}
		}
	}
	regions := 0
	for _, seconds := range flags {
		regions += len(seconds)
	}
	if regions != 258 {
		t.Errorf("%d flags, Unicode has 258", regions)
	}
}

// Every way of cutting a text into clusters gives what uniseg gives.
func FuzzCluster(f *testing.F) {
	f.Add("e\u0301\r\n\n👨‍👩‍👧‍👦🇫🇷🇧 \u0301a\u200Db각한न्द\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := graphemes(text), uniseg.GraphemeClusterCount(text); got != want {
			t.Errorf("%q has %d graphemes, want %d", text, got, want)
		}
	})
}
