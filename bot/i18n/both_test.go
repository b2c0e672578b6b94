package i18n_test

import (
	"strings"
	"testing"
	"time"

	"crieur/bot/i18n"
)

// Two clocks are both said where they differ at that very time: on the nights on
// which one changes and the other does not, the distance is another one.
func TestBoth(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, lang, reader, home, at, when, clock string }{
		{"six hours", "fr", "America/Montreal", "Europe/Paris", "2026-11-26T17:00Z",
			"jeudi 26 novembre à 18 h 00 à Paris, 12 h 00 pour vous", "18 h 00 à Paris, 12 h 00 pour vous"},
		{"in English", "en", "America/Montreal", "Europe/Paris", "2026-11-26T17:00Z",
			"Thursday 26 November, 18:00 in Paris, 12:00 for you", "18:00 in Paris, 12:00 for you"},
		{"the brand is in Montréal", "fr", "Europe/Paris", "America/Montreal", "2026-11-26T17:00Z",
			"jeudi 26 novembre à 12 h 00 à Montréal, 18 h 00 pour vous", "12 h 00 à Montréal, 18 h 00 pour vous"},
		{"the same place", "fr", "Europe/Paris", "Europe/Paris", "2026-11-26T17:00Z", "jeudi 26 novembre à 18 h 00", "18 h 00"},
		{"the same clock", "fr", "Europe/Brussels", "Europe/Paris", "2026-11-26T17:00Z", "jeudi 26 novembre à 18 h 00", "18 h 00"},
		{"the day after", "fr", "Pacific/Noumea", "Europe/Paris", "2026-11-26T17:00Z",
			"jeudi 26 novembre à 18 h 00 à Paris, vendredi 27 novembre à 4 h 00 pour vous",
			"18 h 00 à Paris, vendredi 27 novembre à 4 h 00 pour vous"},
		{"the day before", "en", "America/Montreal", "Europe/Paris", "2026-11-26T02:00Z",
			"Thursday 26 November, 03:00 in Paris, Wednesday 25 November, 21:00 for you", "03:00 in Paris, Wednesday 25 November, 21:00 for you"},
		{"over the new year", "fr", "America/Montreal", "Europe/Paris", "2027-01-01T02:00Z",
			"vendredi 1er janvier 2027 à 3 h 00 à Paris, jeudi 31 décembre à 21 h 00 pour vous",
			"3 h 00 à Paris, jeudi 31 décembre à 21 h 00 pour vous"},
		{"Paris has changed, Montréal not yet", "fr", "America/Montreal", "Europe/Paris", "2026-10-28T17:00Z",
			"mercredi 28 octobre à 18 h 00 à Paris, 13 h 00 pour vous", "18 h 00 à Paris, 13 h 00 pour vous"},
		{"the first half past two of that night", "fr", "Europe/London", "Europe/Paris", "2026-10-25T00:30Z",
			"dimanche 25 octobre à 2 h 30 à Paris, 1 h 30 pour vous", "2 h 30 à Paris, 1 h 30 pour vous"},
		{"the second one", "fr", "Europe/London", "Europe/Paris", "2026-10-25T01:30Z",
			"dimanche 25 octobre à 2 h 30 à Paris, 1 h 30 pour vous", "2 h 30 à Paris, 1 h 30 pour vous"},
		{"Tunis and Paris in winter", "fr", "Africa/Tunis", "Europe/Paris", "2026-10-25T01:30Z", "dimanche 25 octobre à 2 h 30", "2 h 30"},
		{"and an hour before", "fr", "Africa/Tunis", "Europe/Paris", "2026-10-25T00:30Z",
			"dimanche 25 octobre à 2 h 30 à Paris, 1 h 30 pour vous", "2 h 30 à Paris, 1 h 30 pour vous"},
		{"the night without half past two", "fr", "Africa/Tunis", "Europe/Paris", "2026-03-29T01:30Z",
			"dimanche 29 mars à 3 h 30 à Paris, 2 h 30 pour vous", "3 h 30 à Paris, 2 h 30 pour vous"},
		{"en Guadeloupe", "fr", "Europe/Paris", "America/Guadeloupe", "2026-11-26T17:00Z",
			"jeudi 26 novembre à 13 h 00 en Guadeloupe, 18 h 00 pour vous", "13 h 00 en Guadeloupe, 18 h 00 pour vous"},
		{"no city", "fr", "Europe/Paris", "UTC", "2026-11-26T17:00Z",
			"jeudi 26 novembre à 17 h 00 (UTC), 18 h 00 pour vous", "17 h 00 (UTC), 18 h 00 pour vous"},
		{"a distance, with its sign", "en", "Europe/Paris", "Etc/GMT+2", "2026-11-26T17:00Z",
			"Thursday 26 November, 15:00 (GMT+2), 18:00 for you", "15:00 (GMT+2), 18:00 for you"},
	} {
		zone := func(name string) *time.Location {
			found, err := time.LoadLocation(name)
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		at, err := time.Parse("2006-01-02T15:04Z07:00", test.at)
		if err != nil {
			t.Fatal(err)
		}
		p, home := catalog.For(test.lang, zone(test.reader)), zone(test.home)
		now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
		plain := func(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }
		if got := plain(p.WhenBoth(at, now, home)); got != test.when {
			t.Errorf("%s: %q, want %q", test.name, got, test.when)
		}
		if got := plain(p.ClockBoth(at, now, home)); got != test.clock {
			t.Errorf("%s: %q, want %q", test.name, got, test.clock)
		}
		if p.Zone.String() != test.reader {
			t.Errorf("%s: the reader is now in %s", test.name, p.Zone)
		}
		both := p.Yours(at, now, home) != ""
		if got := p.SoonBoth(at, at.Add(-time.Minute), home); both != (strings.HasSuffix(got, "pour vous") || strings.HasSuffix(got, "for you")) || !both && got != p.Clock(at) {
			t.Errorf("%s, soon: %q", test.name, got)
		}
	}
}
