package measure

import (
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, network := range Networks() {
		if got, err := Parse(" " + strings.ToUpper(string(network)) + "\n"); err != nil || got != network {
			t.Errorf("Parse(%q) = %q, %v", network, got, err)
		}
	}
	for _, test := range []struct{ name, says string }{
		{"mastadon", `did you mean "mastodon"?`},
		{"linkdin", `did you mean "linkedin"?`},
		{"tumblr", "(known: x, bluesky,"},
		{"lsack", `did you mean "slack"?`},
		{"Twitter", `did you mean "x"?`},
		{"fb", `did you mean "facebook"?`},
		{"insta", `did you mean "instagram"?`},
		{"yt", `did you mean "youtube"?`},
		{"", "(known: x, bluesky,"},
	} {
		_, err := Parse(test.name)
		if !errors.Is(err, ErrNetwork) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("Parse(%q): %v, want %s", test.name, err, test.says)
		}
	}
	for _, name := range []string{"tumblr", "li", ""} {
		if _, err := Parse(name); strings.Contains(err.Error(), "did you mean") {
			t.Errorf("a wild guess: %v", err)
		}
	}
}
