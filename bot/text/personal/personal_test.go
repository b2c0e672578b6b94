package personal_test

import (
	"testing"

	"crieur/bot/text/personal"
)

func TestCover(t *testing.T) {
	for text, want := range map[string]string{
		"appelez-moi au 06 39 98 12 34 !":     "appelez-moi au ▮▮▮ !",
		"+33 6 39 98 12 34 ou 01.39.98.12.34": "▮▮▮ ou ▮▮▮",
		"marie.d+the@example.org, merci":      "▮▮▮, merci",
		"FR76 3000 6000 0112 3456 7890 189":   "▮▮▮",
		"FR7630006000011234567890189":         "▮▮▮",
		"DE89 3704 0044 0532 0130 00, danke":  "▮▮▮, danke",
		"Commande 48213, le 26/11 à 18 h 00":  "Commande 48213, le 26/11 à 18 h 00",
		"@marie sur example.org, 3 000 €":     "@marie sur example.org, 3 000 €",
		"":                                    "",
	} {
		if got := personal.Cover(text); got != want || personal.In(text) != (got != text) {
			t.Errorf("%q: %q, found %v", text, got, personal.In(text))
		}
	}
}

// Nothing shows through, whatever the text.
func FuzzCover(f *testing.F) {
	f.Add("06 12 34 56 78 et 06-12-34-56-78")
	f.Add("a@b.co@c.de FR7630006000011234567890189")
	f.Fuzz(func(t *testing.T, text string) {
		if covered := personal.Cover(text); personal.In(covered) {
			t.Errorf("something shows through: %q", covered)
		}
	})
}
