package typo

import (
	"testing"
	"unicode/utf8"
)

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"plan", "", 4}, {"", "plan", 4}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "xabc", 1},
		{"kitten", "sitting", 3}, {"planing", "planning", 1}, {"été", "ete", 2}, {"a", "", 1}, {"abc", "cab", 2}, {"stop", "sotp", 1},
		{"abc", "acb", 1}, {"valider", "vlaider", 1}, // a swap is one slip of the fingers
		{"ca", "abc", 3}, // and what was swapped is not edited again
	} {
		if got := Distance(test.a, test.b); got != test.want || Distance(test.b, test.a) != test.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func FuzzDistance(f *testing.F) {
	f.Add("planing", "planning")
	f.Add("é", "e")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 200 || len(b) > 200 || !utf8.ValidString(a) || !utf8.ValidString(b) {
			return
		}
		d, m, n := Distance(a, b), utf8.RuneCountInString(a), utf8.RuneCountInString(b)
		if d != Distance(b, a) || (d == 0) != (a == b) || d > max(m, n) || d < max(m, n)-min(m, n) {
			t.Errorf("Distance(%q, %q) = %d", a, b, d)
		}
	})
}
