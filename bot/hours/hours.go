// Package hours knows working time: opening hours of a week, days off, and how
// long something takes when only working time counts.
//
// It keeps wall-clock times and IANA zones, never offsets, so the two nights of
// the year when clocks change come out right. It does not know who works.
package hours

import (
	"fmt"
	"iter"
	"slices"
	"time"
)

// Clock is a wall-clock time of day, in minutes after midnight (0 to 1440).
type Clock int

// ParseClock reads "08:45" or "8:45".
func ParseClock(text string) (Clock, error) {
	var h, m int
	if n, err := fmt.Sscanf(text, "%d:%d", &h, &m); n != 2 || err != nil || h < 0 || m < 0 || m > 59 || h*60+m > 1440 {
		return 0, fmt.Errorf("time %q: write it as 08:45", text)
	}
	return Clock(h*60 + m), nil
}

// String returns "08:45".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// On returns the clock time on the day of t, in t's zone. A time that does not
// exist on that day (the clock was put forward) is moved forward with it; of a
// time that comes twice, the first one counts.
func (c Clock) On(t time.Time) time.Time {
	return Wall(t.Year(), t.Month(), t.Day(), int(c), t.Location())
}

// Wall returns the instant at which the clocks of a zone show so many minutes
// after midnight of a day. Minutes that were skipped move forward by what was
// skipped; of minutes that come twice, the first ones count. time.Date leaves
// both open.
func Wall(year int, month time.Month, day, minutes int, zone *time.Location) time.Time {
	shown := time.Date(year, month, day, 0, minutes, 0, 0, time.UTC)
	// The offsets on both sides of a change near that time, if there is one.
	_, before := shown.Add(-24 * time.Hour).In(zone).Zone()
	_, after := shown.Add(24 * time.Hour).In(zone).Zone()
	first := shown.Add(-time.Duration(before) * time.Second).In(zone)
	second := shown.Add(-time.Duration(after) * time.Second).In(zone)
	if second.Before(first) {
		first, second = second, first
	}
	shows := func(t time.Time) bool {
		_, offset := t.Zone()
		return t.Add(time.Duration(offset) * time.Second).Equal(shown)
	}
	switch {
	case shows(first):
		return first
	case shows(second):
		return second
	}
	return shown.Add(-time.Duration(before) * time.Second).In(zone)
}

// Span is an opening, from Open until just before Close.
type Span struct{ Open, Close Clock }

// Week is the openings of each day, Sunday first as in time.Weekday.
type Week [7][]Span

// Day is one calendar day.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// DayOf returns the day of t in its own zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day{y, m, d}
}

// Days are days off.
type Days []Day

// Has says whether t falls on one of the days, in t's zone.
func (d Days) Has(t time.Time) bool { return slices.Contains(d, DayOf(t)) }

// Calendar is a week with its days off and its public holidays, in a zone.
type Calendar struct {
	Week     Week
	Off      Days
	Holidays Holidays
	Zone     *time.Location
}

// Open says whether t is working time.
func (c Calendar) Open(t time.Time) bool {
	for _, span := range c.Openings(t) {
		if !t.Before(span[0]) && t.Before(span[1]) {
			return true
		}
	}
	return false
}

// Openings returns the openings of the day on which t falls, as instants, in order.
func (c Calendar) Openings(t time.Time) [][2]time.Time {
	t = t.In(c.Zone)
	if c.Off.Has(t) || c.Holidays.Has(t) {
		return nil
	}
	var spans [][2]time.Time
	for _, span := range c.Week[t.Weekday()] {
		spans = append(spans, [2]time.Time{span.Open.On(t), span.Close.On(t)})
	}
	return spans
}

// Works says whether there is any working time on the day of t.
func (c Calendar) Works(t time.Time) bool { return len(c.Openings(t)) > 0 }

// horizon is how far Next and Add look ahead, in days; beyond it a calendar
// counts as never open.
const horizon = 366

// Next returns t itself if it is working time, else the next opening; ok is
// false if there is none within a year.
func (c Calendar) Next(t time.Time) (next time.Time, ok bool) {
	return Both{c, c}.Next(t)
}

// Both is the time when two calendars are open at once: the brand's and the
// person's.
type Both [2]Calendar

// Open says whether both are open at t.
func (b Both) Open(t time.Time) bool { return b[0].Open(t) && b[1].Open(t) }

// Next returns t itself if both are open, else the next time when both are.
func (b Both) Next(t time.Time) (time.Time, bool) {
	for span := range b.from(t) {
		if t.Before(span[1]) {
			return later(t, span[0]), true
		}
	}
	return time.Time{}, false
}

// Add returns when d of working time will have passed after t; ok is false if
// that is more than a year away.
func (b Both) Add(t time.Time, d time.Duration) (time.Time, bool) {
	for span := range b.from(t) {
		start := later(t, span[0])
		if !start.Before(span[1]) {
			continue
		}
		if left := span[1].Sub(start); d > left {
			d -= left
			continue
		}
		return start.Add(d), true
	}
	return time.Time{}, false
}

// Between returns how much of the time from one instant to another is working
// time; what lies more than a year after from does not count.
func (b Both) Between(from, to time.Time) time.Duration {
	var total time.Duration
	for span := range b.from(from) {
		if !span[0].Before(to) {
			break
		}
		total += max(0, earlier(span[1], to).Sub(later(span[0], from)))
	}
	return total
}

// Last returns the openings of the last day that had been open for so long by t, in
// order; ok is false if there was none within a year.
func (b Both) Last(t time.Time, least time.Duration) (day [][2]time.Time, ok bool) {
	for back := range horizon {
		if day := b.common(noon(t.In(b[0].Zone), -back)); len(day) > 0 && !day[0][0].Add(least).After(t) {
			return day, true
		}
	}
	return nil, false
}

// Add is Both.Add for a calendar alone.
func (c Calendar) Add(t time.Time, d time.Duration) (time.Time, bool) { return Both{c, c}.Add(t, d) }

// from yields the common openings of the days from t on, in order.
func (b Both) from(t time.Time) iter.Seq[[2]time.Time] {
	return func(yield func([2]time.Time) bool) {
		for day := range horizon {
			for _, span := range b.common(noon(t.In(b[0].Zone), day)) {
				if !yield(span) {
					return
				}
			}
		}
	}
}

// common returns the common openings on a day of the first calendar, in order.
// The other one's zone may be a day ahead or behind, so the day meets three.
func (b Both) common(at time.Time) [][2]time.Time {
	var spans [][2]time.Time
	for _, one := range b[0].Openings(at) {
		for shift := -1; shift <= 1; shift++ {
			for _, two := range b[1].Openings(noon(at.In(b[1].Zone), shift)) {
				start, end := later(one[0], two[0]), earlier(one[1], two[1])
				if start.Before(end) {
					spans = append(spans, [2]time.Time{start, end})
				}
			}
		}
	}
	slices.SortFunc(spans, func(a, b [2]time.Time) int { return a[0].Compare(b[0]) })
	return spans
}

// noon returns midday of the day that many days after t, so that a change of
// clocks never moves it to another day.
func noon(t time.Time, days int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, 12, 0, 0, 0, t.Location())
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
