package i18n_test

import (
	"slices"
	"testing"

	"crieur/bot/i18n"
)

func TestSlug(t *testing.T) {
	taken := []string{"prix", "prix-2"}
	for name, want := range map[string]string{
		"Colis perdu": "colis-perdu", "Thés & tisanes": "thes--tisanes", "Prix": "prix-3", " — ": "theme", "茶": "theme", "": "theme",
		"Tout ce qui se dit du nouveau coffret": "tout-ce-qui-se-dit-du-nouvea",
	} {
		if got := i18n.Slug(name, "theme", func(id string) bool { return slices.Contains(taken, id) }); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
