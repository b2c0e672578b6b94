package i18n_test

import (
	"testing"

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
