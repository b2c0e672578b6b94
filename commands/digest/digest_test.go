package digest

import (
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

func colibri(t *testing.T) *brand.Brand {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{ID: "colibri", Zone: paris, Brief: 8*60 + 45, Handover: 18*60 + 15,
		Off: hours.Days{{Year: 2026, Month: time.November, Day: 11}}}
	for day := time.Monday; day <= time.Friday; day++ {
		b.Hours[day] = []hours.Span{{Open: 9 * 60, Close: 18 * 60}}
	}
	return b
}

func TestNextBriefAndWhatItCovers(t *testing.T) {
	b := colibri(t)
	e := &Engine{Space: &brand.Space{Brands: []*brand.Brand{b}}}
	for _, test := range []struct{ name, now, next, since string }{
		{"before today's", "2026-11-26T08:00", "2026-11-26T08:45", "2026-11-25T18:15"},
		{"after today's", "2026-11-26T08:45", "2026-11-27T08:45", "2026-11-25T18:15"},
		{"Friday: the next is Monday's", "2026-11-27T10:00", "2026-11-30T08:45", "2026-11-26T18:15"},
		{"Monday covers since Friday", "2026-11-30T08:45", "2026-12-01T08:45", "2026-11-27T18:15"},
		{"a day off", "2026-11-10T19:00", "2026-11-12T08:45", "2026-11-09T18:15"},
		{"after a day off", "2026-11-12T08:45", "2026-11-13T08:45", "2026-11-10T18:15"},
		{"over the night in March", "2026-03-27T09:00", "2026-03-30T08:45", "2026-03-26T18:15"},
		{"in the night in March", "2026-03-29T02:30", "2026-03-30T08:45", "2026-03-27T18:15"},
		{"over the night in October", "2026-10-23T23:59", "2026-10-26T08:45", "2026-10-22T18:15"},
	} {
		t.Run(test.name, func(t *testing.T) {
			now, err := time.ParseInLocation("2006-01-02T15:04", test.now, b.Zone)
			if err != nil {
				t.Fatal(err)
			}
			store := statetest.NewMem()
			tx := state.Begin(store, "arm", now.UTC())
			later(tx, b, Topic, b.Brief)
			if _, err := tx.Commit(t.Context(), nil, nil); err != nil {
				t.Fatal(err)
			}
			_, next, err := store.MoveDue(t.Context(), now, 10)
			if got := next.In(b.Zone).Format("2006-01-02T15:04"); err != nil || got != test.next {
				t.Errorf("next %s, %v, want %s", got, err, test.next)
			}
			if got := e.since(b, now.UTC()).In(b.Zone).Format("2006-01-02T15:04"); got != test.since {
				t.Errorf("since %s, want %s", got, test.since)
			}
		})
	}
}

func TestABrandThatNeverOpensHasNoBrief(t *testing.T) {
	b := colibri(t)
	b.Hours = hours.Week{}
	e := &Engine{Space: &brand.Space{Brands: []*brand.Brand{b}}}
	tx := state.Begin(statetest.NewMem(), "arm", time.Unix(0, 0))
	e.Arm(tx)
	if tx.Changed() {
		t.Error("a brief is due")
	}
}
