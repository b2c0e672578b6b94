package i18n_test

import (
	"testing"
	"time"

	"crieur/bot/i18n"
)

func TestIn(t *testing.T) {
	for _, test := range []struct {
		words      map[string]string
		lang, want string
	}{
		{map[string]string{"fr": "oui", "en": "yes"}, "en", "yes"},
		{map[string]string{"fr": "oui", "en": ""}, "en", "oui"},
		{map[string]string{"it": "sì", "de": "ja"}, "fr", "ja"},
		{nil, "fr", ""},
	} {
		if got := i18n.In(test.words, test.lang); got != test.want {
			t.Errorf("%v in %s: %q", test.words, test.lang, got)
		}
	}
}

// A printer in another language keeps its zone; one that is not complete is English.
func TestAs(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("there", 3600)
	p := catalog.For("fr", zone)
	for lang, want := range map[string]string{"en": "Cancel", "fr": "Annuler", "de": "Cancel"} {
		if other := p.As(lang); other.T("chat.cancel") != want || other.Zone != zone {
			t.Errorf("in %s: %q in %s", lang, other.T("chat.cancel"), other.Zone)
		}
	}
	if p.T("chat.cancel") != "Annuler" {
		t.Error("the printer itself changed")
	}
}
