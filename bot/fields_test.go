package bot_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/i18n"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	found, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A form says whose clock it asks by, and what that shows where it is not the
// reader's.
func TestZoneHint(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 15, 15, 0, 0, time.UTC)
	for _, test := range []struct{ lang, reader, home, want string }{
		{"fr", "Europe/Paris", "Europe/Paris", "Heure de Paris."},
		{"fr", "Europe/Brussels", "Europe/Paris", "Heure de Paris."},
		{"fr", "America/Montreal", "Europe/Paris", "Heure de Paris : il y est 16 h 15, 10 h 15 pour vous."},
		{"en", "America/Montreal", "Europe/Paris", "Paris time: it is 16:15 there, 10:15 for you."},
		{"fr", "Europe/Paris", "Africa/Algiers", "Heure d’Alger."},
		{"fr", "America/Martinique", "America/Martinique", "Heure de la Martinique."},
		{"fr", "Europe/Paris", "UTC", "Heure UTC : il y est 15 h 15, 16 h 15 pour vous."},
		{"en", "Etc/UTC", "Etc/UTC", "UTC time."},
	} {
		p := catalog.For(test.lang, zone(t, test.reader))
		if got := strings.ReplaceAll(bot.ZoneHint(p, zone(t, test.home), now), "\u00a0", " "); got != test.want {
			t.Errorf("%s in %s: %q, want %q", test.reader, test.home, got, test.want)
		}
	}
	const most = 100 // characters under a field on Discord
	for _, lang := range i18n.Langs() {
		for _, home := range i18n.Zones() {
			p := catalog.For(lang, zone(t, "Pacific/Kiritimati"))
			hint := bot.ZoneHint(p, zone(t, home), now) + " " + p.T("crisis.clockhint")
			if n := utf8.RuneCountInString(hint); n > most {
				t.Errorf("%d characters: %s", n, hint)
			}
		}
	}
}

// A time in a button is read as it was written, also in the night that has an
// hour twice or none.
func TestTimeArg(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	for _, at := range []string{"2026-11-26T17:00:00Z", "2026-10-25T00:30:00Z", "2026-03-29T01:30:00Z"} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		arg := bot.TimeArg(when, paris)
		if got, err := bot.ArgTime(arg, paris); err != nil || !got.Equal(when) || len(arg) > 16 {
			t.Errorf("%s as %s is %v, %v", at, arg, got, err)
		}
	}
	if _, err := bot.ArgTime("demain", paris); err == nil {
		t.Error("no time was read as one")
	}
}
