package hours_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"crieur/bot/hours"
)

// office is open from 9:00 to 18:00, Monday to Friday, but for 11 November.
func office(t *testing.T) hours.Calendar {
	t.Helper()
	c := hours.Calendar{Zone: zone(t, "Europe/Paris"), Off: hours.Days{{Year: 2026, Month: time.November, Day: 11}}}
	for day := time.Monday; day <= time.Friday; day++ {
		c.Week[day] = []hours.Span{{Open: 9 * 60, Close: 12 * 60}, {Open: 13 * 60, Close: 18 * 60}}
	}
	return c
}

func TestBetween(t *testing.T) {
	c := office(t)
	both := hours.Both{c, c}
	for _, test := range []struct {
		from, to string
		want     time.Duration
	}{
		{"2026-11-26 10:00", "2026-11-26 11:10", 70 * time.Minute},
		{"2026-11-26 11:30", "2026-11-26 13:30", time.Hour},         // over lunch
		{"2026-11-26 17:30", "2026-11-27 09:20", 50 * time.Minute},  // over a night
		{"2026-11-27 17:50", "2026-11-30 09:05", 15 * time.Minute},  // over a weekend
		{"2026-11-10 17:50", "2026-11-12 09:05", 15 * time.Minute},  // over a day off
		{"2026-11-28 10:00", "2026-11-29 10:00", 0},                 // closed
		{"2026-11-26 10:00", "2026-11-26 10:00", 0},                 // at once
		{"2026-11-26 11:00", "2026-11-26 10:00", 0},                 // backwards
		{"2026-11-23 00:00", "2026-11-30 00:00", 5 * 8 * time.Hour}, // a week
		{"2020-01-01 00:00", "2020-01-01 00:00", 0},
	} {
		at := func(text string) time.Time {
			parsed, err := time.ParseInLocation("2006-01-02 15:04", text, c.Zone)
			if err != nil {
				t.Fatal(err)
			}
			return parsed
		}
		if got := both.Between(at(test.from), at(test.to)); got != test.want {
			t.Errorf("%s to %s = %s, want %s", test.from, test.to, got, test.want)
		}
	}
}

// Between takes back what Add adds.
func TestBetweenUndoesAdd(t *testing.T) {
	c := office(t)
	start := time.Date(2026, 3, 20, 0, 0, 0, 0, c.Zone) // with a change of clocks ahead
	for range 500 {
		from, d := start.Add(rand.N(30*24*time.Hour)), rand.N(60*time.Hour)
		to, ok := c.Add(from, d)
		if got := (hours.Both{c, c}).Between(from, to); !ok || got != d {
			t.Fatalf("%s + %s = %s, back %s", from, d, to, got)
		}
	}
}
