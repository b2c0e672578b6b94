package drafting

import (
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
)

// A text is read in its own language, with the brand's words, and what is said of
// it is said to who reads.
func TestAdvice(t *testing.T) {
	checks, err := NewChecks()
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{Zone: time.UTC, Words: []string{"Zorglub"}}
	thursday := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		lang, text, in string
		want           int
	}{
		{"fr", "Bonjour, nous vérifions votre Zorglub.", "fr", 0},
		{"fr", "Rendez-vous mercredi 26 novembre.", "fr", 1},
		{"fr", "Rendez-vous mercredi 26 novembre.", "en", 1},
		{"de", "Guten Tag, wir prüfen das.", "fr", 0},
	} {
		if got := checks.Advice(b, test.lang, test.text, thursday, test.in); len(got) != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
	fr, en := checks.Advice(b, "fr", "Rendez-vous mercredi 26 novembre.", thursday, "fr"), checks.Advice(b, "fr", "Rendez-vous mercredi 26 novembre.", thursday, "en")
	if fr[0] == en[0] || !strings.Contains(fr[0], "jeudi") {
		t.Errorf("%q and %q", fr, en)
	}
}
