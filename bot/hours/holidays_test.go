package hours

import (
	"strings"
	"testing"
	"time"
)

// Easter Sundays as almanacs give them.
func TestEaster(t *testing.T) {
	for _, want := range []string{"1999-04-04", "2000-04-23", "2008-03-23", "2011-04-24", "2015-04-05", "2016-03-27",
		"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2049-04-18", "2100-03-28"} {
		day, err := time.Parse(time.DateOnly, want)
		if err != nil {
			t.Fatal(err)
		}
		if got := easterOf(day.Year()); !got.Equal(day) {
			t.Errorf("Easter %d is %s, want %s", day.Year(), got.Format(time.DateOnly), want)
		}
	}
}

// holidaysOf are those of a year, as dates.
func holidaysOf(h Holidays, year int, zone *time.Location) string {
	var all []string
	for at := time.Date(year, 1, 1, 12, 0, 0, 0, zone); at.Year() == year; at = at.AddDate(0, 0, 1) {
		if h.Has(at) {
			all = append(all, at.Format("01-02"))
		}
	}
	return strings.Join(all, " ")
}

func TestHolidays(t *testing.T) {
	const france = "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25"
	for h, want := range map[Holidays]string{
		"": "", "none": "", "de": "", France: france,
		AlsaceMoselle: "01-01 04-03 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25 12-26",
		Guadeloupe:    strings.Replace(france, "05-25", "05-25 05-27", 1),
		Martinique:    strings.Replace(france, "05-25", "05-22 05-25", 1),
		Guyane:        strings.Replace(france, "07-14", "06-10 07-14", 1),
		Reunion:       strings.Replace(france, "12-25", "12-20 12-25", 1),
		Mayotte:       strings.Replace(france, "05-01", "04-27 05-01", 1),
	} {
		for _, zone := range []*time.Location{time.UTC, time.FixedZone("Nouméa", 11*3600), time.FixedZone("Tahiti", -10*3600)} {
			if got := holidaysOf(h, 2026, zone); got != want {
				t.Errorf("%q in 2026 at %s: %s\nwant %s", h, zone, got, want)
			}
		}
	}
}

// A holiday begins and ends at midnight of the clock that is looked at.
func TestHolidayIsClosed(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	week := Week{}
	for day := range week {
		week[day] = []Span{{Open: 0, Close: 24 * 60}}
	}
	calendar := Calendar{Week: week, Holidays: France, Zone: paris}
	eve := time.Date(2026, 12, 24, 23, 59, 59, 0, paris)
	for at, open := range map[time.Time]bool{eve: true, eve.Add(time.Second): false, eve.Add(24 * time.Hour): false,
		eve.Add(24*time.Hour + time.Second): true} {
		if calendar.Open(at.UTC()) != open {
			t.Errorf("%s is open: %v, want %v", at, !open, open)
		}
	}
}

// Each calendar is that of some zone, and each zone's of one that is known.
func TestHolidaysOfZones(t *testing.T) {
	found := map[Holidays]bool{}
	for _, zone := range []string{"Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion",
		"Indian/Mayotte"} {
		for _, h := range HolidaysIn(zone) {
			found[h] = true
		}
	}
	for _, h := range HolidaysKnown() {
		if !found[h] {
			t.Errorf("nobody can choose %q by their zone", h)
		}
	}
	if len(found) != len(HolidaysKnown()) || HolidaysIn("Europe/Berlin") != nil {
		t.Errorf("%v", found)
	}
}
