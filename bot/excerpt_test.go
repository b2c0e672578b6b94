package bot_test

import (
	"strings"
	"testing"

	"crieur/bot"
)

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("é", 30)
	for text, want := range map[string]string{
		"":                               "",
		"Qui l’attendait ?":              "Qui l’attendait ?",
		"12345678901234567890":           "12345678901234567890", // exactly as many
		"Pour celles qui aiment savoir":  "Pour celles qui […]",
		"Pour celles qui aime savoir":    "Pour celles qui aime […]",
		"Pour celles qui\n\naiment tout": "Pour celles qui […]",
		"a " + long:                      "a " + long[:2*18] + " […]", // the blank is too far back
		long:                             long[:2*20] + " […]",
	} {
		if got := bot.Excerpt(text, 20); got != want {
			t.Errorf("%q is quoted as %q, want %q", text, got, want)
		}
	}
}
