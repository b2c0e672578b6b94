package proof

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// datesOf returns the rule that checks the dates of a language.
func datesOf(c *calendar) func(*page, *findings) {
	return func(p *page, found *findings) {
		if !mentionsTime(p) {
			return
		}
		all := c.dates(p)
		for i := range all {
			d := &all[i]
			d.near = c.yearOf(d, p.when.When)
			if c.impossible(p, d, found) {
				continue
			}
			c.relativeBeside(p, d, found)
			c.wrongWeekday(p, d, found)
			c.pastDeadline(p, d, found)
		}
		c.relativeAlone(p, all, found)
		c.lonelyDay(p, all, found)
		c.countdown(p, all, found)
	}
}

// mentionsTime spares the texts that can't hold a date.
func mentionsTime(p *page) bool {
	for i := range p.tokens {
		if t := &p.tokens[i]; t.kind == number || t.kind == word && len(t.text) > 3 && relativeStart[t.lower] {
			return true
		}
	}
	return false
}

// daysIn is the length of a month; February has 29 days when the year is not
// known (0).
func daysIn(month time.Month, year int) int {
	if year == 0 {
		year = 2000
	}
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// impossible reports the 31st of November and the 26/13.
func (c *calendar) impossible(p *page, d *written, found *findings) bool {
	year := d.near
	fits := func(day, month int) bool {
		return month >= 1 && month <= 12 && day <= daysIn(time.Month(month), year)
	}
	if fits(d.saidDay, int(d.saidMonth)) || d.otherMonth != 0 && fits(d.otherDay, d.otherMonth) {
		return false
	}
	if d.year == 0 && d.yearToken < 0 && d.saidDay > 31 && c.doubtfulMonth(p, d) {
		return true
	}
	problem := p.problem("date-impossible", Date, Error, d.first, d.last)
	problem.Args = map[string]string{"date": p.span(d.first, d.last)}
	if d.saidMonth <= 12 && d.saidDay <= 31 && !d.borrowed && d.otherMonth == 0 {
		end := time.Date(max(year, 2000), d.saidMonth, daysIn(d.saidMonth, year), 12, 0, 0, 0, time.UTC)
		unknown := *d
		if year == 0 {
			unknown.weekday = -1 // which weekday it will be nobody can say
		}
		for _, day := range []time.Time{end, end.AddDate(0, 0, 1)} {
			if fix, ok := c.moved(p, &unknown, day); ok {
				problem.Fixes = append(problem.Fixes, fix)
			}
		}
	}
	found.add(problem)
	return true
}

// doubtfulMonth tells the month names that are also other words ("40 may").
func (c *calendar) doubtfulMonth(p *page, d *written) bool {
	if d.month < 0 {
		return true
	}
	name := p.at(d.month).lower
	return c.monthDay && (name == "may" || name == "march" || name == "mar" || name == "sep" || name == "dec") ||
		len([]rune(name)) <= 3
}

// yearOf is the year said, else the nearest to the schedule.
func (c *calendar) yearOf(d *written, when time.Time) int {
	if d.year != 0 {
		return d.year
	}
	return c.nearestYear(d.saidDay, d.saidMonth, when)
}

// nearestYear is the year that brings a day of the year nearest to the
// scheduled one; 0 when there is no schedule.
func (c *calendar) nearestYear(day int, month time.Month, when time.Time) int {
	if when.IsZero() || month < 1 || month > 12 {
		return 0
	}
	best, distance := 0, time.Duration(1<<62)
	for year := when.Year() - 1; year <= when.Year()+1; year++ {
		away := time.Date(year, month, min(day, 28), 12, 0, 0, 0, time.UTC).Sub(noon(when)).Abs()
		if away < distance {
			best, distance = year, away
		}
	}
	return best
}

// noon is the calendar day of t, in UTC so that days are 24 hours apart.
func noon(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
}

// day resolves a date; false when its year can't be known.
func (c *calendar) day(d *written) (time.Time, bool) {
	if d.near == 0 || d.saidDay > daysIn(d.saidMonth, d.near) {
		return time.Time{}, false
	}
	return time.Date(d.near, d.saidMonth, d.saidDay, 12, 0, 0, 0, time.UTC), true
}

// farAway is how far from the schedule a date without year may be another
// year's as well.
const farAway = 150 * 24 * time.Hour

// wrongWeekday reports "mercredi 26 novembre" when it is a Thursday.
func (c *calendar) wrongWeekday(p *page, d *written, found *findings) {
	if d.weekday < 0 {
		return
	}
	day, ok := c.day(d)
	if !ok || day.Weekday() == d.saidWeekday {
		return
	}
	if after := p.at(d.last + 2).lower; after == "avant" || after == "av" || after == "bc" {
		return // before Christ
	}
	if d.otherMonth != 0 && c.otherReading(d, p.when.When) {
		return
	}
	if d.year == 0 {
		if away := day.Sub(noon(p.when.When)); away.Abs() > farAway {
			year := day.Year() + 1
			if away > 0 {
				year = day.Year() - 1
			}
			if time.Date(year, day.Month(), day.Day(), 12, 0, 0, 0, time.UTC).Weekday() == d.saidWeekday {
				return
			}
		}
	}
	c.reportWeekday(p, d, day, found)
}

// reportWeekday offers both ways out: the other weekday, or the nearest day
// that falls on the weekday said.
func (c *calendar) reportWeekday(p *page, d *written, day time.Time, found *findings) {
	problem := p.problem("date-weekday", Date, Error, d.first, d.last)
	problem.Args = map[string]string{
		"date": c.spoken(day), "said": c.dayNames[d.saidWeekday], "weekday": c.dayNames[day.Weekday()],
	}
	if d.otherMonth != 0 {
		found.add(problem) // two readings, both wrong: a person must say which
		return
	}
	problem.Fixes = append(problem.Fixes, p.render(d.first, d.last, map[int]string{d.weekday: c.sameWeekday(p.at(d.weekday), day.Weekday())}))
	if other, ok := c.moved(p, d, nearestWeekday(day, d.saidWeekday)); ok {
		problem.Fixes = append(problem.Fixes, other)
	}
	found.add(problem)
}

// otherReading tells whether 11/26 read the other way has the weekday said.
func (c *calendar) otherReading(d *written, when time.Time) bool {
	if d.otherMonth > 12 {
		return false
	}
	other := written{saidDay: d.otherDay, saidMonth: time.Month(d.otherMonth), year: d.year}
	if int(d.saidMonth) > 12 {
		return false
	}
	other.near = c.yearOf(&other, when)
	day, ok := c.day(&other)
	return ok && day.Weekday() == d.saidWeekday
}

// nearestWeekday is the day at most three days away that falls on a weekday.
func nearestWeekday(day time.Time, weekday time.Weekday) time.Time {
	ahead := (int(weekday) - int(day.Weekday()) + 7) % 7
	if ahead > 3 {
		ahead -= 7
	}
	return day.AddDate(0, 0, ahead)
}

// sameWeekday names a weekday as the text names its own: short or in full, with
// its capitals.
func (c *calendar) sameWeekday(said *token, weekday time.Weekday) string {
	name := c.dayNames[weekday]
	if was, ok := c.weekdays[said.lower]; ok && strings.ToLower(c.short[was]) == said.lower {
		name = c.short[weekday]
	}
	return capitalised(name, said.text)
}

// moved rewrites d for another day, in the form it has; false when its form has
// no place for what changes.
func (c *calendar) moved(p *page, d *written, to time.Time) (string, bool) {
	replaced := map[int]string{d.day: padded(to.Day(), p.at(d.day).text)}
	if c.monthDay && d.end >= 0 {
		replaced[d.end] = englishSuffix(to.Day())
	} else if !c.monthDay && p.at(d.month).kind == word {
		if to.Day() == 1 && d.end < 0 {
			replaced[d.day] = "1er"
		} else if to.Day() != 1 && d.end >= 0 {
			replaced[d.end] = ""
		}
	}
	if d.weekday >= 0 {
		replaced[d.weekday] = c.sameWeekday(p.at(d.weekday), to.Weekday())
	}
	if to.Month() != d.saidMonth {
		if d.month < 0 {
			return "", false
		}
		if t := p.at(d.month); t.kind == number {
			replaced[d.month] = padded(int(to.Month()), t.text)
		} else {
			replaced[d.month] = capitalised(c.names[to.Month()-1], t.text)
		}
	}
	if d.yearToken >= 0 {
		replaced[d.yearToken] = strconv.Itoa(to.Year())
		if len(p.at(d.yearToken).text) == 2 {
			replaced[d.yearToken] = fmt.Sprintf("%02d", to.Year()%100)
		}
	}
	return p.render(d.first, d.last, replaced), true
}

func padded(n int, like string) string {
	if len(like) == 2 && like[0] == '0' {
		return fmt.Sprintf("%02d", n)
	}
	return strconv.Itoa(n)
}

func englishSuffix(day int) string {
	switch {
	case day%10 == 1 && day != 11:
		return "st"
	case day%10 == 2 && day != 12:
		return "nd"
	case day%10 == 3 && day != 13:
		return "rd"
	}
	return "th"
}

// spoken is a day in words, without its weekday: "26 novembre 2026".
func (c *calendar) spoken(day time.Time) string {
	n := strconv.Itoa(day.Day())
	if !c.monthDay && day.Day() == 1 {
		n = "1er"
	}
	return n + " " + c.names[day.Month()-1] + " " + strconv.Itoa(day.Year())
}
