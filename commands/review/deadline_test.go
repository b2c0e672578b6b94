package review

import (
	"strings"
	"testing"
	"time"

	"crieur/bot"
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

// A card that hangs until tomorrow says which day that is.
func TestByOnACard(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 10, 15, 0, 0, time.UTC)
	for ahead, want := range map[time.Duration]string{7 * time.Hour: "17 h 15", 31 * time.Hour: "vendredi 27 novembre à 17 h 15"} {
		if got := strings.ReplaceAll(by(catalog.For("fr", time.UTC), now.Add(ahead), now, time.UTC), "\u00a0", " "); got != want {
			t.Errorf("in %s: %q, want %q", ahead, got, want)
		}
	}
}

// Who reads it elsewhere has both clocks, and the day unless it is today in both.
func TestByForAnotherZone(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	zone := func(name string) *time.Location {
		found, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	paris := zone("Europe/Paris")
	p := catalog.For("fr", zone("America/Montreal"))
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 30, 0, 0, paris) }
	for _, test := range []struct {
		deadline, now time.Time
		want          string
	}{
		{at(26, 16), at(26, 10), "16 h 30 à Paris, 10 h 30 pour vous"},
		{at(26, 16), at(26, 2), "jeudi 26 novembre à 16 h 30 à Paris, 10 h 30 pour vous"}, // it is still Wednesday there
		{at(27, 2), at(26, 20), "vendredi 27 novembre à 2 h 30 à Paris, jeudi 26 novembre à 20 h 30 pour vous"},
		{at(27, 16), at(26, 10), "vendredi 27 novembre à 16 h 30 à Paris, 10 h 30 pour vous"},
	} {
		if got := strings.ReplaceAll(by(p, test.deadline, test.now, paris), "\u00a0", " "); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

// The card of a request gives its reader both clocks; a channel's is the brand's.
func TestTheCardInTwoZones(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	montreal, err := time.LoadLocation("America/Montreal")
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, 1)
	d.b.Zone = paris
	d.submit("a", 1, time.Date(2026, 11, 26, 18, 0, 0, 0, paris), "Bonjour")
	read := func(zone *time.Location) string {
		card, err := (&Chat{Engine: d.e, Outcomes: d, Presence: d}).view(t.Context(), bot.ViewRequest{Space: d.e.Space.Now(), Brand: d.b,
			Subject: "a", Print: catalog.For("fr", zone), Now: d.now, Tx: state.Begin(d.store, "look", d.now)})
		if err != nil {
			t.Fatal(err)
		}
		text := card.Title.String()
		for _, block := range card.Blocks {
			text += "|" + block.Text.String()
		}
		return strings.ReplaceAll(text, "\u00a0", " ")
	}
	for zone, wants := range map[*time.Location][]string{
		paris:    {"À valider avant 16 h 30 · ", "|Sortie jeudi 26 novembre à 18 h 00 sur ", "|Sans accord à 18 h 00, rien"},
		montreal: {"À valider avant 16 h 30 à Paris, 10 h 30 pour vous · ", "|Sortie jeudi 26 novembre à 18 h 00 à Paris, 12 h 00 pour vous sur ", "|Sans accord à 18 h 00 à Paris, 12 h 00 pour vous, rien"},
	} {
		for _, want := range wants {
			if got := read(zone); !strings.Contains(got, want) {
				t.Errorf("in %s: no %q in %s", zone, want, got)
			}
		}
	}
}
