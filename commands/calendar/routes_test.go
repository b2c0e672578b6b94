package calendar

import (
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// What /plan is completed with is what it understands.
func TestPeriods(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{ID: "b", Zone: time.UTC, Accounts: []brand.Account{{ID: "li", Name: "LinkedIn", Network: "linkedin"}}}
	for _, lang := range i18n.Langs() {
		r := &bot.Request{Brand: b, Print: catalog.For(lang, time.UTC)}
		all, err := (&Chat{}).periods(t.Context(), r, "")
		if err != nil || len(all) != 4 {
			t.Fatalf("%s: %v, %v", lang, all, err)
		}
		for _, choice := range all {
			if _, err := ReadPeriod(choice.Value, b, time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)); err != nil {
				t.Errorf("%s: %q: %v", lang, choice.Value, err)
			}
		}
		if some, _ := (&Chat{}).periods(t.Context(), r, "link"); len(some) != 1 || some[0].Value != "LinkedIn" {
			t.Errorf("%s, after link: %v", lang, some)
		}
	}
}
