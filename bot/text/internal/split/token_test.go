package split

import (
	"strings"
	"testing"
)

func forms(text string) string {
	var s Splitter
	var out []string
	for _, t := range s.Split(text) {
		out = append(out, string(s.Folded(t)))
	}
	return strings.Join(out, "|")
}

func TestSplit(t *testing.T) {
	tests := []struct{ text, want string }{
		{"L'Oréal n’est pas cher", "l|oreal|n|est|pas|cher"},
		{"I don't know, it's OK", "i|dont|know|,|its|ok"},
		{"aujourd'hui C'EST NUL !!!", "aujourdhui|c|est|nul|!!"},
	}
	for _, tt := range tests {
		if got := forms(tt.text); got != tt.want {
			t.Errorf("%q\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}
