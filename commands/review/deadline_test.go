package review

import (
	"strings"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// newWeek is a team that works from nine to half past six on weekdays; noa, who is
// asked first, goes at four.
func newWeek(t *testing.T) *desk {
	d := newDesk(t, 1)
	early := hours.Week{}
	for day := time.Monday; day <= time.Friday; day++ {
		d.b.Hours[day] = []hours.Span{{Open: 9 * 60, Close: 18*60 + 30}}
		early[day] = []hours.Span{{Open: 9 * 60, Close: 16 * 60}}
	}
	d.e.Space.Now().Member("noa").Hours = &early
	return d
}

// The deadline is an hour before who is asked goes: on leave, the next one; where two
// are needed, the first of both.
func TestDeadlineOfWhoIsAsked(t *testing.T) {
	evening := time.Date(2026, 11, 27, 20, 30, 0, 0, time.UTC) // it is the day before
	for name, test := range map[string]struct {
		needed int
		change func(*brand.Space)
		want   string
	}{
		"who is asked first":       {1, func(*brand.Space) {}, "15:00"},
		"on leave: the next one":   {1, func(s *brand.Space) { s.Member("noa").Away = hours.Days{hours.DayOf(evening.AddDate(0, 0, -1))} }, "17:30"},
		"two, who go at two times": {2, func(*brand.Space) {}, "15:00"},
		"nobody else is left":      {1, func(s *brand.Space) { s.Member("noa").Roles, s.Member("morgan").Roles = nil, nil }, "19:00"},
	} {
		d := newWeek(t)
		d.b.Policy.Needed = test.needed
		test.change(d.e.Space.Now())
		d.submit("a", 1, evening, "Bonjour")
		if got := d.request("a").Deadline.Format("15:04"); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// Moved to another time, a post has another deadline.
func TestDeadlineMoves(t *testing.T) {
	d := newWeek(t)
	d.submit("a", 1, time.Date(2026, 11, 26, 20, 30, 0, 0, time.UTC), "Bonjour")
	d.submit("a", 2, time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC), "Bonjour")
	if got := d.request("a").Deadline.Format(time.DateTime); got != "2026-11-27 15:00:00" {
		t.Errorf("%s", got)
	}
}

// On the last day before days off the brief names what leaves before ten o'clock of
// the next worked day.
func TestOverPause(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := newWeek(t)
	d.b.Off = hours.Days{{Year: 2026, Month: time.December, Day: 2}}
	d.now = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	post := func(id string, month time.Month, day, hour, minute int) {
		d.submit(id, 1, time.Date(2026, month, day, hour, minute, 0, 0, time.UTC), "Bonjour")
	}
	post("evening", time.November, 27, 20, 30)
	post("sunday", time.November, 29, 12, 0)
	post("ten", time.November, 30, 10, 0)
	post("after", time.November, 30, 10, 1)
	post("thursday", time.December, 3, 9, 0)
	d.submit("asap", 1, time.Time{}, "Bonjour")
	for now, want := range map[string]string{
		"2026-11-26 08:45": "",
		"2026-11-27 08:45": "À valider, départ avant lundi 30 novembre à 10 h 00 : « Thé evening » (avant 15 h 00), « Thé sunday » (avant 15 h 00) et « Thé ten » (avant 15 h 00)",
		"2026-11-27 17:00": "À valider, départ avant lundi 30 novembre à 10 h 00 : « Thé evening », « Thé sunday » et « Thé ten »",
		"2026-11-30 08:45": "",
		"2026-12-01 08:45": "À valider, départ avant jeudi 3 décembre à 10 h 00 : « Thé thursday » (avant 15 h 00)",
	} {
		at, err := time.Parse("2006-01-02 15:04", now)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := d.e.Section(t.Context(), state.Begin(d.store, "look", at), d.b, at.AddDate(0, 0, -1), catalog.For("fr", time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		got := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(strings.Join(lines[1:], "|"))
		if got != want {
			t.Errorf("%s: %q, want %q", now, got, want)
		}
	}
}

// Of many posts the first are named and the rest counted.
func TestOverPauseOfMany(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := newWeek(t)
	now := time.Date(2026, 11, 27, 17, 0, 0, 0, time.UTC)
	var open []approvals.Request
	for range 6 {
		open = append(open, approvals.Request{Submission: approvals.Submission{Title: "Thé", At: now.AddDate(0, 0, 1)}})
	}
	if got := overPause(open, d.b, now, catalog.For("en", time.UTC)); !strings.HasSuffix(got, "“Thé”, “Thé”, “Thé”, “Thé” and 2 others") || len(open) != 6 {
		t.Errorf("%s", got)
	}
	d.b.Hours = hours.Week{}
	if got := overPause(open, d.b, now, catalog.For("en", time.UTC)); got != "" {
		t.Errorf("a brand that never works: %s", got)
	}
}

// A card that hangs until tomorrow says which day that is.
func TestByOnACard(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 10, 15, 0, 0, time.UTC)
	for ahead, want := range map[time.Duration]string{7 * time.Hour: "17 h 15", 31 * time.Hour: "vendredi 27 novembre à 17 h 15"} {
		if got := strings.ReplaceAll(by(catalog.For("fr", time.UTC), now.Add(ahead), now), "\u00a0", " "); got != want {
			t.Errorf("in %s: %q, want %q", ahead, got, want)
		}
	}
}
