package hours_test

import (
	"testing"
	"time"

	"crieur/bot/hours"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// The two nights of 2026 in Paris: 29 March 02:00 to 03:00 is skipped, 25
// October 02:00 to 03:00 comes twice. Lord Howe moves by half an hour.
func TestClockOn(t *testing.T) {
	for _, test := range []struct{ zone, day, clock, want string }{
		{"Europe/Paris", "2026-03-29", "01:59", "2026-03-29T01:59:00+01:00"},
		{"Europe/Paris", "2026-03-29", "02:00", "2026-03-29T03:00:00+02:00"},
		{"Europe/Paris", "2026-03-29", "02:30", "2026-03-29T03:30:00+02:00"},
		{"Europe/Paris", "2026-03-29", "03:00", "2026-03-29T03:00:00+02:00"},
		{"Europe/Paris", "2026-03-29", "24:00", "2026-03-30T00:00:00+02:00"},
		{"Europe/Paris", "2026-10-25", "02:00", "2026-10-25T02:00:00+02:00"},
		{"Europe/Paris", "2026-10-25", "02:30", "2026-10-25T02:30:00+02:00"},
		{"Europe/Paris", "2026-10-25", "03:00", "2026-10-25T03:00:00+01:00"},
		{"Europe/Paris", "2026-10-25", "0:00", "2026-10-25T00:00:00+02:00"},
		{"Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-04T02:45:00+11:00"},
		{"Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-05T01:45:00+11:00"},
		{"Pacific/Apia", "2026-03-29", "12:00", "2026-03-29T12:00:00+13:00"},
		{"UTC", "2026-03-29", "02:30", "2026-03-29T02:30:00Z"},
	} {
		day, err := time.ParseInLocation(time.DateOnly, test.day, zone(t, test.zone))
		if err != nil {
			t.Fatal(err)
		}
		clock, err := hours.ParseClock(test.clock)
		if err != nil {
			t.Fatal(err)
		}
		if got := clock.On(day.Add(12 * time.Hour)).Format(time.RFC3339); got != test.want {
			t.Errorf("%s on %s in %s = %s, want %s", test.clock, test.day, test.zone, got, test.want)
		}
	}
}

func TestParseClock(t *testing.T) {
	for text, want := range map[string]string{"8:45": "08:45", "08:45": "08:45", "0:00": "00:00", "24:00": "24:00"} {
		if got, err := hours.ParseClock(text); err != nil || got.String() != want {
			t.Errorf("%q = %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "8", "24:01", "25:00", "-1:00", "8:60", "huit"} {
		if got, err := hours.ParseClock(text); err == nil {
			t.Errorf("%q was read as %s", text, got)
		}
	}
}

// full is Monday to Friday, 9 to 12 and 14 to 18.
func full() hours.Week {
	var w hours.Week
	for day := time.Monday; day <= time.Friday; day++ {
		w[day] = []hours.Span{{Open: 9 * 60, Close: 12 * 60}, {Open: 14 * 60, Close: 18 * 60}}
	}
	return w
}

func part() hours.Week { // no Wednesday, mornings only
	w := full()
	for day := range w {
		if len(w[day]) > 0 {
			w[day] = w[day][:1]
		}
	}
	w[time.Wednesday] = nil
	return w
}

func TestBoth(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	brand := hours.Calendar{Week: full(), Zone: paris, Off: hours.Days{{Year: 2026, Month: time.December, Day: 25}}}
	with := func(w hours.Week, z string, off ...hours.Day) hours.Both {
		return hours.Both{brand, {Week: w, Zone: zone(t, z), Off: append(off, brand.Off...)}}
	}
	monday := func(d int) hours.Day { return hours.Day{Year: 2026, Month: time.November, Day: d} }
	for _, test := range []struct {
		name   string
		both   hours.Both
		at     string
		next   string
		add    time.Duration
		wantAt string
	}{
		{"in the morning", with(full(), "Europe/Paris"), "2026-11-26T09:30", "2026-11-26T09:30", 3 * time.Hour, "2026-11-26T14:30"},
		{"at lunch", with(full(), "Europe/Paris"), "2026-11-26T12:00", "2026-11-26T14:00", time.Hour, "2026-11-26T15:00"},
		{"in the evening", with(full(), "Europe/Paris"), "2026-11-26T18:00", "2026-11-27T09:00", time.Hour, "2026-11-27T10:00"},
		{"across a weekend", with(full(), "Europe/Paris"), "2026-11-27T17:00", "2026-11-27T17:00", 2 * time.Hour, "2026-11-30T10:00"},
		{"exactly to the end of the day", with(full(), "Europe/Paris"), "2026-11-27T17:00", "2026-11-27T17:00", time.Hour, "2026-11-27T18:00"},
		{"weeks of work", with(full(), "Europe/Paris"), "2026-11-30T09:00", "2026-11-30T09:00", 70 * 7 * time.Hour, "2027-03-08T18:00"},
		{"a day off", with(full(), "Europe/Paris"), "2026-12-24T18:30", "2026-12-28T09:00", time.Minute, "2026-12-28T09:01"},
		{"part time", with(part(), "Europe/Paris"), "2026-11-24T12:30", "2026-11-26T09:00", 4 * time.Hour, "2026-11-27T10:00"},
		{"on leave", with(full(), "Europe/Paris", monday(26), monday(27)), "2026-11-25T18:00", "2026-11-30T09:00", time.Hour, "2026-11-30T10:00"},
		// 9 to 12 and 14 to 18 in Montréal is 15 to 18 and 20 to 24 in Paris
		{"another zone", with(full(), "America/Montreal"), "2026-11-26T09:30", "2026-11-26T15:00", 4 * time.Hour, "2026-11-27T16:00"},
		// in Tokyo, 14 to 18 is 6 to 10 in Paris, 9 to 12 is 1 to 4
		{"a zone ahead", with(full(), "Asia/Tokyo"), "2026-11-26T09:30", "2026-11-26T09:30", time.Hour, "2026-11-27T09:30"},
		{"over the night in March", with(full(), "Europe/Paris"), "2026-03-27T18:00", "2026-03-30T09:00", time.Hour, "2026-03-30T10:00"},
		{"over the night in October", with(full(), "Europe/Paris"), "2026-10-23T17:30", "2026-10-23T17:30", time.Hour, "2026-10-26T09:30"},
	} {
		t.Run(test.name, func(t *testing.T) {
			at, err := time.ParseInLocation("2006-01-02T15:04", test.at, paris)
			if err != nil {
				t.Fatal(err)
			}
			next, ok := test.both.Next(at.UTC())
			if got := next.In(paris).Format("2006-01-02T15:04"); !ok || got != test.next {
				t.Errorf("next %s, %v, want %s", got, ok, test.next)
			}
			if test.both.Open(at) != (test.at == test.next) {
				t.Errorf("open %v", test.both.Open(at))
			}
			later, ok := test.both.Add(at, test.add)
			if got := later.In(paris).Format("2006-01-02T15:04"); !ok || got != test.wantAt {
				t.Errorf("%s later %s, %v, want %s", test.add, got, ok, test.wantAt)
			}
		})
	}
}

func TestClosedForEver(t *testing.T) {
	c := hours.Calendar{Zone: time.UTC}
	if at, ok := c.Next(time.Unix(0, 0)); ok {
		t.Errorf("opens at %s", at)
	}
	if at, ok := c.Add(time.Unix(0, 0), time.Second); ok {
		t.Errorf("done at %s", at)
	}
	open := hours.Calendar{Week: full(), Zone: time.UTC}
	if _, ok := (hours.Both{open, c}).Next(time.Unix(0, 0)); ok {
		t.Error("one of them never opens")
	}
	if c.Works(time.Unix(0, 0)) || !open.Works(time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)) {
		t.Error("Works")
	}
}

// A brand open at night works the hours that its clocks show: one less in March,
// one more in October.
func TestNightsOfTheChange(t *testing.T) {
	var w hours.Week
	w[time.Sunday] = []hours.Span{{Open: 0, Close: 6 * 60}}
	c := hours.Calendar{Week: w, Zone: zone(t, "Europe/Paris")}
	for day, want := range map[string]time.Duration{"2026-03-29": 5 * time.Hour, "2026-10-25": 7 * time.Hour, "2026-11-22": 6 * time.Hour} {
		start, _ := time.ParseInLocation(time.DateOnly, day, c.Zone)
		if end, ok := c.Add(start, want); !ok || end.Sub(start) != want || c.Open(end) || !c.Open(end.Add(-time.Minute)) {
			t.Errorf("%s: closes %s after midnight, want %s", day, end.Sub(start), want)
		}
	}
}

// The last day before a time has all of its openings, and had been open for long
// enough.
func TestLast(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	whole := hours.Calendar{Week: full(), Zone: paris, Off: hours.Days{{Year: 2026, Month: time.November, Day: 25}}}
	mornings := hours.Calendar{Week: part(), Zone: paris}
	for name, test := range map[string]struct {
		calendars hours.Both
		at, want  string // the first opening and the last closing
	}{
		"in the afternoon":   {hours.Both{whole, whole}, "2026-11-26T15:00", "2026-11-26T09:00 2026-11-26T18:00"},
		"in the evening":     {hours.Both{whole, whole}, "2026-11-26T22:00", "2026-11-26T09:00 2026-11-26T18:00"},
		"half an hour in":    {hours.Both{whole, whole}, "2026-11-26T09:30", "2026-11-26T09:00 2026-11-26T18:00"},
		"less than that":     {hours.Both{whole, whole}, "2026-11-26T09:29", "2026-11-24T09:00 2026-11-24T18:00"},
		"on Sunday":          {hours.Both{whole, whole}, "2026-11-29T12:00", "2026-11-27T09:00 2026-11-27T18:00"},
		"mornings only":      {hours.Both{whole, mornings}, "2026-11-26T15:00", "2026-11-26T09:00 2026-11-26T12:00"},
		"the night in March": {hours.Both{whole, whole}, "2026-03-29T02:30", "2026-03-27T09:00 2026-03-27T18:00"},
	} {
		at, err := time.ParseInLocation("2006-01-02T15:04", test.at, paris)
		if err != nil {
			t.Fatal(err)
		}
		day, ok := test.calendars.Last(at, 30*time.Minute)
		if !ok {
			t.Errorf("%s: none", name)
			continue
		}
		if got := day[0][0].Format("2006-01-02T15:04") + " " + day[len(day)-1][1].Format("2006-01-02T15:04"); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	never := hours.Calendar{Zone: paris}
	if day, ok := (hours.Both{never, whole}).Last(time.Date(2026, 11, 26, 12, 0, 0, 0, paris), 0); ok {
		t.Errorf("who never works: %v", day)
	}
}
