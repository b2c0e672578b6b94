package proof

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// writings are the ways to write a day; %[1]s weekday, %[2]s day, %[3]s month,
// %[4]d year.
var writings = map[string][]string{
	"fr": {"%[1]s %[2]s %[3]s %[4]d", "Le %[1]s %[2]s %[3]s", "%[1]s, %[2]s %[3]s %[4]d"},
	"en": {"%[1]s %[2]s %[3]s %[4]d", "%[1]s, %[3]s %[2]s, %[4]d", "%[1]s the %[2]s of %[3]s"},
}

func calendarOf(lang string) *calendar {
	if lang == "en" {
		return englishCalendar
	}
	return frenchCalendar
}

// write writes a day with a weekday that may be another's.
func write(lang, form string, day time.Time, weekday time.Weekday) string {
	c := calendarOf(lang)
	n := fmt.Sprint(day.Day())
	switch {
	case lang == "fr" && day.Day() == 1:
		n = "1er"
	case lang == "en" && strings.Contains(form, "the"):
		n += englishSuffix(day.Day())
	}
	s := fmt.Sprintf(form, c.dayNames[weekday], n, c.names[day.Month()-1], day.Year())
	if i := strings.Index(s, "%!"); i >= 0 {
		s = strings.TrimSpace(s[:i]) // the form has no year
	}
	return s
}

// TestEveryDay writes each day of a year and a half in every form with every
// weekday: the right one passes, a wrong one is found, and both ways out are
// right in their turn.
func TestEveryDay(t *testing.T) {
	for lang, forms := range writings {
		c := checker(t, lang)
		for n := range 540 {
			day := time.Date(2026, 7, 1+n, 12, 0, 0, 0, time.UTC)
			when := Context{When: day.AddDate(0, 0, -20)}
			form := forms[n%len(forms)]
			if text := write(lang, form, day, day.Weekday()); brief(text, dated(c, text, when)) != "" {
				t.Errorf("%q: %s", text, brief(text, dated(c, text, when)))
			}
			wrong := (day.Weekday() + time.Weekday(1+n%6)) % 7
			text := write(lang, form, day, wrong)
			problems := dated(c, text, when)
			if len(problems) != 1 || problems[0].Rule != "date-weekday" || len(problems[0].Fixes) != 2 {
				t.Errorf("%q: %s", text, brief(text, problems))
				continue
			}
			for _, fix := range problems[0].Fixes {
				p := problems[0]
				p.Fixes = []string{fix}
				if mended := Apply(text, []Problem{p}); len(dated(c, mended, when)) != 0 || mended == text {
					t.Errorf("%q mended to %q: %s", text, mended, brief(mended, dated(c, mended, when)))
				}
			}
		}
	}
}

// dated are the problems about dates.
func dated(c *Checker, text string, when Context) []Problem {
	var found []Problem
	for _, p := range c.Check(text, when) {
		if p.Kind == Date {
			found = append(found, p)
		}
	}
	return found
}

// TestEveryMonthEnd writes one day too many for each month.
func TestEveryMonthEnd(t *testing.T) {
	for _, lang := range Languages() {
		c := checker(t, lang)
		for year := 2026; year <= 2029; year++ {
			for month := time.January; month <= time.December; month++ {
				last := daysIn(month, year)
				for day := last; day <= last+1; day++ {
					text := fmt.Sprintf("%d %s %d", day, calendarOf(lang).names[month-1], year)
					found := dated(c, text, Context{})
					if (len(found) == 1 && found[0].Rule == "date-impossible") != (day > last) {
						t.Errorf("%s: %s", text, brief(text, found))
					}
				}
			}
		}
	}
}

// TestTomorrow writes "demain" beside every day around the schedule.
func TestTomorrow(t *testing.T) {
	words := map[string]map[int]string{
		"fr": {0: "aujourd’hui", 1: "demain", 2: "après-demain", -1: "hier"},
		"en": {0: "today", 1: "tomorrow", -1: "yesterday"},
	}
	for lang, names := range words {
		c := checker(t, lang)
		for shift := -3; shift <= 5; shift++ {
			day := tuesday.AddDate(0, 0, shift)
			for offset, name := range names {
				text := name + ", " + write(lang, writings[lang][0], day, day.Weekday())
				found := dated(c, text, Context{When: tuesday})
				if offset == shift {
					if len(found) != 0 {
						t.Errorf("%q: %s", text, brief(text, found))
					}
					continue
				}
				if len(found) != 1 || found[0].Rule != "date-relative" {
					t.Errorf("%q: %s", text, brief(text, found))
					continue
				}
				for _, fix := range found[0].Fixes {
					if again := dated(c, fix, Context{When: tuesday}); len(again) != 0 {
						t.Errorf("%q mended to %q: %s", text, fix, brief(fix, again))
					}
				}
			}
		}
	}
}

func TestFormsOfDates(t *testing.T) {
	run1(t, "fr", Context{When: tuesday}, []sample{
		{"le 26 novembre (mercredi), le 26 novembre (jeudi)", "date-weekday[26 novembre (mercredi]→26 novembre (jeudi|25 novembre (mercredi"},
		{"mercredi prochain, 26 novembre", "date-weekday[mercredi prochain, 26 novembre]→jeudi prochain, 26 novembre|mercredi prochain, 25 novembre"},
		{"mercredi 26/11/26", "date-weekday[mercredi 26/11/26]→jeudi 26/11/26|mercredi 25/11/26"},
		{"jeudi 1/01/26, vendredi 01/01/2027", ""},
		{"samedi 01/01/27", "date-weekday[samedi 01/01/27]→vendredi 01/01/27|samedi 02/01/27"},
		{"samedi 28 & dimanche 29 novembre, vendredi 27, samedi 28 et dimanche 29 novembre", ""},
		{"vendredi 28 & dimanche 29 novembre", "date-weekday[vendredi 28]→samedi 28|vendredi 27"},
		{"jeudi 26.11.2026, jeudi 2026-11-26, le 3/4 du temps, 24/7, 1/2", ""},
		{"lundi 18 août 1912 avant J.-C.", ""},
		{"LE 30 FÉVRIER", "date-impossible[30 FÉVRIER]→28 FÉVRIER|1er MARS"},
		{"le 31 avril et le 31 juin", "date-impossible[31 avril]→30 avril|1er mai ; date-impossible[31 juin]→30 juin|1er juillet"},
	})
}

func TestCountdowns(t *testing.T) {
	c := checker(t, "fr")
	for left := 1; left <= 30; left++ {
		day := tuesday.AddDate(0, 0, left)
		for said := 1; said <= 30; said++ {
			text := fmt.Sprintf("J-%d avant le %d %s", said, day.Day(), frenchCalendar.names[day.Month()-1])
			found := dated(c, text, Context{When: tuesday})
			if said == left && len(found) != 0 {
				t.Errorf("%q: %s", text, brief(text, found))
			}
			if said != left && (len(found) != 1 || found[0].Fixes[0] != fmt.Sprintf("J-%d", left)) {
				t.Errorf("%q: %s", text, brief(text, found))
			}
		}
	}
}

func TestReadHour(t *testing.T) {
	for text, want := range map[string]string{
		"18h": "18:00 2", "18 h 30": "18:30 5", "18h30": "18:30 3", "18:30": "18:30 3", "6 pm": "18:00 3", "6:15 pm": "18:15 5",
		"12 am": "12:00 3", "18": "", "25 h": "", "18 euros": "", "18:": "", "180 h": "",
	} {
		p := newPage(text, Context{}, nil)
		got := ""
		if hour, minute, last, ok := readHour(p, 0); ok {
			got = fmt.Sprintf("%02d:%02d %d", hour, minute, last+1)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestNearestYear(t *testing.T) {
	for _, c := range []struct {
		day   int
		month time.Month
		want  int
	}{{24, time.November, 2026}, {1, time.January, 2027}, {1, time.June, 2026}, {20, time.May, 2027}, {31, time.December, 2026}} {
		if got := frenchCalendar.nearestYear(c.day, c.month, tuesday); got != c.want {
			t.Errorf("%d %s: %d, want %d", c.day, c.month, got, c.want)
		}
	}
	if got := frenchCalendar.nearestYear(1, time.May, time.Time{}); got != 0 {
		t.Errorf("not scheduled: %d", got)
	}
}
