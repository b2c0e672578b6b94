package drafting

import (
	"slices"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/i18n"
)

// A button that names a time to come starts a draft for it; one whose time has
// passed does not.
func TestNewFormTime(t *testing.T) {
	_, b, _ := planner(t)
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := &Chat{}
	now := time.Date(2026, 10, 24, 10, 0, 0, 0, b.Zone) // the clocks change that night
	for arg, want := range map[string][]string{
		"":              {"", ""},
		"20261026t0900": {"2026-10-26", "09:00"},
		"20261024t0900": {"", ""},
		"1":             {"", ""},
	} {
		form, err := c.newForm(t.Context(), &bot.Request{Event: bot.Event{Arg: arg}, Brand: b, Print: catalog.For("fr", b.Zone), Now: now})
		if err != nil {
			t.Fatal(err)
		}
		got := []string{"", ""}
		for i, field := range form.Fields[3:] {
			copy(got[i:i+1], field.Value)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", arg, got, want)
		}
		if hint := form.Fields[4].Hint; hint != "Heure de Paris." {
			t.Errorf("whose hour: %q", hint)
		}
	}
}
