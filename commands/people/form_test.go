package people

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
)

// Each field of the form says what is wrong with it, in the reader's language.
func TestCheckDays(t *testing.T) {
	now := thursday(t) // 26 November 2026
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	away := hours.Days{december(3), december(4)}
	check := func(lang, from, to string) string {
		r := &bot.Request{Event: bot.Event{Values: map[string][]string{"from": {from}, "to": {to}}},
			Member: &brand.Member{ID: "camille", Away: away}, Print: catalog.For(lang, now.Location()), Now: now}
		problems, err := checkDays(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(fmt.Sprint(problems))
	}
	day := func(days int) string { return now.AddDate(0, 0, days).Format(time.DateOnly) }
	for _, test := range []struct{ from, to, want string }{
		{"2026-11-26", "", "map[]"},
		{"2026-11-20", "2026-11-26", "map[]"}, // it began before
		{"2026-12-01", "2026-12-05", "map[]"}, // more than is noted
		{"2026-12-04", "2026-12-05", "map[]"},
		{"bientôt", "", "map[from:Ce jour n’existe pas ou ne se lit pas. Écrivez-le comme 2026-12-03.]"},
		{"2027-02-29", "", "map[from:Ce jour n’existe pas ou ne se lit pas. Écrivez-le comme 2026-12-03.]"},
		{"", "", "map[from:Ce jour n’existe pas ou ne se lit pas. Écrivez-le comme 2026-12-03.]"},
		{"2026-12-03", "x", "map[to:Ce jour n’existe pas ou ne se lit pas. Écrivez-le comme 2026-12-03.]"},
		{"2026-12-03", "2026-12-01", "map[to:Le dernier jour ne peut pas être avant le premier.]"},
		{"2026-11-25", "", "map[from:Ces jours sont passés. Choisissez-en d’autres.]"},
		{"2026-11-20", "2026-11-25", "map[to:Ces jours sont passés. Choisissez-en d’autres.]"},
		{day(longestLeave), "", "map[]"},
		{day(longestLeave + 1), "", "map[from:C’est dans plus d’un an. Signalez cette absence plus tard.]"},
		{"2026-12-05", day(longestLeave + 1), "map[to:C’est dans plus d’un an. Signalez cette absence plus tard.]"},
		{day(5 - longestLeave), day(4), "map[]"},
		{day(4 - longestLeave), day(4), "map[from:Cela fait plus d’un an d’absence. Vérifiez le premier jour.]"},
		{"2026-12-03", "2026-12-04", "map[from:Cette absence est déjà notée : du jeudi 3 décembre au vendredi 4 décembre. Pour l’annuler : /crieur moi.]"},
		{"2026-12-04", "", "map[from:Cette absence est déjà notée : vendredi 4 décembre. Pour l’annuler : /crieur moi.]"},
	} {
		if got := check("fr", test.from, test.to); got != test.want {
			t.Errorf("from %q to %q: %s, want %s", test.from, test.to, got, test.want)
		}
	}
	if got := check("en", "2026-12-03", "2026-12-01"); got != "map[to:The last day can’t be before the first.]" {
		t.Errorf("in English: %s", got)
	}
}

// The form begins with the person's own zone; where they never said it, with the one
// that the platform says they are in.
func TestSettingsBeginWhereOneIs(t *testing.T) {
	now := thursday(t)
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		own  *time.Location
		says string
		want string
	}{
		"nobody says it":    {nil, "", "Europe/Paris"},
		"the platform does": {nil, "America/Toronto", "America/Toronto"},
		"they did":          {london, "America/Toronto", "Europe/London"},
		"no zone":           {nil, "Mars/Olympus", "Europe/Paris"},
		"the machine's":     {nil, "Local", "Europe/Paris"},
	} {
		member := &brand.Member{ID: "camille", Zone: test.own}
		zone := now.Location()
		if test.own != nil {
			zone = test.own
		}
		form, err := (&Chat{}).settingsForm(t.Context(), &bot.Request{Event: bot.Event{User: bot.User{Zone: test.says}},
			Brand: &brand.Brand{ID: "colibri", Zone: now.Location()}, Member: member, Print: catalog.For("fr", zone), Now: now})
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range form.Fields {
			if field.ID == bot.ZoneID && (field.Value[0] != test.want || field.Choices[0].Value != test.want) {
				t.Errorf("%s: %q of %v, want %q", name, field.Value, field.Choices[0], test.want)
			}
		}
	}
}
