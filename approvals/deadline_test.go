package approvals_test

import (
	"testing"
	"time"

	"crieur/approvals"
	"crieur/bot/hours"
)

// at reads "2026-11-26 20:30", a time in Paris.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	read, err := time.ParseInLocation("2006-01-02 15:04", text, paris)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// weekly are the same openings on these days.
func weekly(spans []hours.Span, days ...time.Weekday) hours.Week {
	var w hours.Week
	for _, day := range days {
		w[day] = spans
	}
	return w
}

// workers are the working times of people, by name: the brand's, with lunch, and
// their own.
func workers(t *testing.T) map[string]hours.Both {
	t.Helper()
	whole := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	brand := hours.Calendar{
		Week: weekly([]hours.Span{{Open: 9 * 60, Close: 12*60 + 30}, {Open: 14 * 60, Close: 18*60 + 30}}, whole...),
		Zone: at(t, "2026-11-26 12:00").Location(), Off: hours.Days{{Year: 2026, Month: time.November, Day: 11}}}
	own := func(change func(*hours.Calendar)) hours.Both {
		theirs := brand
		change(&theirs)
		return hours.Both{brand, theirs}
	}
	montreal, err := time.LoadLocation("America/Montreal")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]hours.Both{
		"whole":   own(func(*hours.Calendar) {}),
		"morning": own(func(c *hours.Calendar) { c.Week = weekly([]hours.Span{{Open: 9 * 60, Close: 12 * 60}}, whole...) }),
		"early":   own(func(c *hours.Calendar) { c.Week = weekly([]hours.Span{{Open: 8 * 60, Close: 16 * 60}}, whole...) }),
		"brief":   own(func(c *hours.Calendar) { c.Week = weekly([]hours.Span{{Open: 17 * 60, Close: 18 * 60}}, whole...) }),
		"monday":  own(func(c *hours.Calendar) { c.Week = weekly(c.Week[time.Monday], time.Monday) }),
		"leave": own(func(c *hours.Calendar) {
			c.Off = append(hours.Days{{Year: 2026, Month: time.November, Day: 26}, {Year: 2026, Month: time.November, Day: 27}}, c.Off...)
		}),
		"abroad": own(func(c *hours.Calendar) { c.Zone = montreal }),
		"never":  {},
	}
}

// The 26th of November 2026 is a Thursday, the 11th a bank holiday.
func TestDeadlineAtWork(t *testing.T) {
	people := workers(t)
	for name, test := range map[string]struct {
		now, post string
		needed    int
		asked     []string
		want      string
	}{
		"in the afternoon":                {"2026-11-26 10:15", "2026-11-26 18:00", 1, []string{"whole"}, "2026-11-26 16:30"},
		"at the end of the day":           {"2026-11-26 10:15", "2026-11-26 18:30", 1, []string{"whole"}, "2026-11-26 17:00"},
		"in the evening":                  {"2026-11-26 10:15", "2026-11-26 20:30", 1, []string{"whole"}, "2026-11-26 17:30"},
		"just after the day":              {"2026-11-26 10:15", "2026-11-26 18:45", 1, []string{"whole"}, "2026-11-26 17:15"},
		"over lunch":                      {"2026-11-26 09:15", "2026-11-26 14:30", 1, []string{"whole"}, "2026-11-26 12:30"},
		"early next morning":              {"2026-11-25 10:15", "2026-11-26 08:00", 1, []string{"whole"}, "2026-11-25 17:30"},
		"Monday at eight":                 {"2026-11-26 10:15", "2026-11-30 08:00", 1, []string{"whole"}, "2026-11-27 17:30"},
		"Monday at ten":                   {"2026-11-26 10:15", "2026-11-30 10:00", 1, []string{"whole"}, "2026-11-27 17:30"},
		"Monday, as soon as they come":    {"2026-11-26 10:15", "2026-11-30 10:45", 1, []string{"whole"}, "2026-11-27 17:30"},
		"Monday, once they are there":     {"2026-11-26 10:15", "2026-11-30 11:30", 1, []string{"whole"}, "2026-11-30 10:00"},
		"on Sunday":                       {"2026-11-26 10:15", "2026-11-29 12:00", 1, []string{"whole"}, "2026-11-27 17:30"},
		"on a bank holiday":               {"2026-11-09 10:15", "2026-11-11 12:00", 1, []string{"whole"}, "2026-11-10 17:30"},
		"the morning after it":            {"2026-11-09 10:15", "2026-11-12 09:00", 1, []string{"whole"}, "2026-11-10 17:30"},
		"mornings only":                   {"2026-11-25 10:15", "2026-11-26 18:00", 1, []string{"morning"}, "2026-11-26 11:00"},
		"they go before the brand does":   {"2026-11-26 09:15", "2026-11-26 18:00", 1, []string{"early"}, "2026-11-26 15:00"},
		"one hour a day":                  {"2026-11-26 09:15", "2026-11-26 20:30", 1, []string{"brief"}, "2026-11-26 17:30"},
		"on leave":                        {"2026-11-24 09:15", "2026-11-27 20:30", 1, []string{"leave"}, "2026-11-25 17:30"},
		"on leave: the next one":          {"2026-11-26 09:15", "2026-11-27 20:30", 1, []string{"leave", "early"}, "2026-11-27 15:00"},
		"not there until then":            {"2026-11-24 09:15", "2026-11-26 20:30", 1, []string{"monday", "whole"}, "2026-11-26 17:30"},
		"two are needed":                  {"2026-11-26 09:15", "2026-11-26 20:30", 2, []string{"whole", "early"}, "2026-11-26 15:00"},
		"two of three":                    {"2026-11-26 09:15", "2026-11-26 20:30", 2, []string{"whole", "monday", "early"}, "2026-11-26 15:00"},
		"the third is not needed":         {"2026-11-26 09:15", "2026-11-26 20:30", 1, []string{"whole", "early"}, "2026-11-26 17:30"},
		"abroad":                          {"2026-11-26 09:15", "2026-11-26 20:30", 1, []string{"abroad"}, "2026-11-26 17:30"},
		"urgent: in two hours":            {"2026-11-26 15:00", "2026-11-26 17:00", 1, []string{"whole"}, "2026-11-26 15:30"},
		"urgent: in two hours, evening":   {"2026-11-26 17:45", "2026-11-26 19:45", 1, []string{"whole"}, "2026-11-26 18:15"},
		"they are about to go":            {"2026-11-26 17:30", "2026-11-26 20:30", 1, []string{"whole"}, "2026-11-26 18:30"},
		"they are gone":                   {"2026-11-26 19:00", "2026-11-26 21:00", 1, []string{"whole"}, "2026-11-26 19:30"},
		"in an hour":                      {"2026-11-26 16:00", "2026-11-26 17:00", 1, []string{"whole"}, "2026-11-26 17:00"},
		"in a minute":                     {"2026-11-26 16:00", "2026-11-26 16:01", 1, []string{"whole"}, "2026-11-26 16:01"},
		"they come back from lunch":       {"2026-11-26 13:45", "2026-11-26 15:45", 1, []string{"whole"}, "2026-11-26 14:15"},
		"nobody ever works":               {"2026-11-26 10:15", "2026-11-26 20:30", 1, []string{"never"}, "2026-11-26 19:00"},
		"nobody may":                      {"2026-11-26 10:15", "2026-11-26 20:30", 1, nil, "2026-11-26 19:00"},
		"the night in March":              {"2026-03-27 10:15", "2026-03-29 03:30", 1, []string{"whole"}, "2026-03-27 17:30"},
		"the Monday after it":             {"2026-03-28 10:15", "2026-03-30 12:00", 1, []string{"whole"}, "2026-03-30 10:30"},
		"the night in October":            {"2026-10-23 10:15", "2026-10-25 02:30", 1, []string{"whole"}, "2026-10-23 17:30"},
		"the Monday after it, at eight":   {"2026-10-23 10:15", "2026-10-26 08:00", 1, []string{"whole"}, "2026-10-23 17:30"},
		"the evening of the day it comes": {"2026-10-26 10:15", "2026-10-26 20:30", 1, []string{"whole"}, "2026-10-26 17:30"},
	} {
		var asked []hours.Both
		for _, who := range test.asked {
			one := people[who]
			if who == "never" {
				zone := at(t, test.now).Location()
				one = hours.Both{{Zone: zone}, {Zone: zone}}
			}
			asked = append(asked, one)
		}
		now, post := at(t, test.now), at(t, test.post)
		got := approvals.Deadline(post, now, test.needed, asked...)
		if !got.Equal(at(t, test.want)) {
			t.Errorf("%s: %s, want %s", name, got.Format("2006-01-02 15:04"), test.want)
		}
	}
	if got := approvals.Deadline(time.Time{}, at(t, "2026-11-26 10:15"), 1, people["whole"]); !got.IsZero() {
		t.Errorf("without a time: %s", got)
	}
}

// Whoever works whenever, a deadline is never past and never after the post.
func TestDeadlineStaysBetween(t *testing.T) {
	start := at(t, "2026-10-20 00:00")
	for who, one := range workers(t) {
		if who == "never" {
			continue
		}
		for now := range 90 {
			for ahead := 1; ahead < 40; ahead++ {
				now := start.Add(time.Duration(now) * 157 * time.Minute)
				post := now.Add(time.Duration(ahead*ahead) * 7 * time.Minute)
				if got := approvals.Deadline(post, now, 1, one); got.Before(now) || got.After(post) {
					t.Fatalf("%s at %s, post at %s: %s", who, now, post, got)
				}
			}
		}
	}
}
