package drill

import (
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
)

// Exercises are at about eleven, on the first day on which the brand and the person
// both work, never at lunch, in whatever zone and on either night of the change of
// clocks.
func TestWhen(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	office := hours.Week{}
	for day := time.Monday; day <= time.Friday; day++ {
		office[day] = []hours.Span{{Open: 9 * 60, Close: 18 * 60}}
	}
	on := func(day time.Weekday, open, closing hours.Clock) *hours.Week {
		week := &hours.Week{}
		week[day] = []hours.Span{{Open: open, Close: closing}}
		return week
	}
	sundays := hours.Week{time.Sunday: []hours.Span{{Open: 0, Close: 6 * 60}}}
	evenings := hours.Week{time.Tuesday: []hours.Span{{Open: 18*60 + 30, Close: 20 * 60}}}
	for name, test := range map[string]struct {
		week   hours.Week
		m      brand.Member
		from   string
		want   string // in the brand's zone; empty: never
		offset string
	}{
		"a Tuesday":            {office, brand.Member{}, "2026-12-01 00:00", "2026-12-01 11:00", "+01:00"},
		"after eleven":         {office, brand.Member{}, "2026-12-01 11:01", "2026-12-02 11:00", "+01:00"},
		"a Saturday":           {office, brand.Member{}, "2026-08-01 00:00", "2026-08-03 11:00", "+02:00"},
		"Wednesdays only":      {office, brand.Member{Hours: on(time.Wednesday, 9*60, 18*60)}, "2026-12-03 00:00", "2026-12-09 11:00", "+01:00"},
		"afternoons":           {office, brand.Member{Hours: on(time.Tuesday, 13*60, 18*60)}, "2026-12-01 00:00", "2026-12-01 14:00", "+01:00"},
		"until half past ten":  {office, brand.Member{Hours: on(time.Tuesday, 8*60, 10*60+30)}, "2026-12-01 00:00", "2026-12-01 10:00", "+01:00"},
		"lunch hour only":      {office, brand.Member{Hours: on(time.Tuesday, 12*60+30, 14*60)}, "2026-12-01 00:00", "", ""},
		"nights only":          {office, brand.Member{Hours: on(time.Tuesday, 20*60, 24*60)}, "2026-12-01 00:00", "", ""},
		"the brand's lunch":    {office, brand.Member{Zone: zone(t, "America/Montreal"), Hours: on(time.Tuesday, 6*60+30, 8*60)}, "2026-12-01 00:00", "2027-03-16 11:30", "+01:00"}, // until America changes its clocks first
		"their own lunch":      {evenings, brand.Member{Zone: zone(t, "America/Montreal")}, "2026-12-01 00:00", "", ""},
		"in Montréal":          {office, brand.Member{Zone: zone(t, "America/Montreal")}, "2026-12-01 00:00", "2026-12-01 15:00", "+01:00"},
		"in Tokyo":             {office, brand.Member{Zone: zone(t, "Asia/Tokyo")}, "2026-12-01 00:00", "2026-12-01 09:30", "+01:00"},
		"on leave":             {office, brand.Member{Away: hours.Days{{Year: 2026, Month: 12, Day: 1}}}, "2026-12-01 00:00", "2026-12-02 11:00", "+01:00"},
		"clocks went back":     {office, brand.Member{}, "2026-10-24 23:30", "2026-10-26 11:00", "+01:00"},
		"clocks went forward":  {office, brand.Member{}, "2026-03-28 23:30", "2026-03-30 11:00", "+02:00"},
		"a night going back":   {sundays, brand.Member{}, "2026-10-25 00:00", "2026-10-25 05:30", "+01:00"},
		"a night going onward": {sundays, brand.Member{}, "2026-03-29 00:00", "2026-03-29 05:30", "+02:00"},
	} {
		b := &brand.Brand{Zone: paris, Hours: test.week}
		from, err := time.ParseInLocation("2006-01-02 15:04", test.from, paris)
		if err != nil {
			t.Fatal(err)
		}
		at, ok := next(b, &test.m, from)
		if ok != (test.want != "") || ok && at.In(paris).Format("2006-01-02 15:04 -07:00") != test.want+" "+test.offset {
			t.Errorf("%s: %s, %v", name, at.In(paris), ok)
		}
	}
}
