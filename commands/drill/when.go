package drill

import (
	"cmp"
	"slices"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
)

const (
	// around is the hour of exercises, step how far apart others are tried.
	around = hours.Clock(11 * 60)
	step   = 30
	// lunch is left alone, by everybody's own clock.
	lunchFrom, lunchUntil = hours.Clock(12*60 + 30), hours.Clock(14 * 60)
	// patience is how long an answer may take at least, before the next day that
	// people work: about a day, whatever the clocks do.
	patience = 20 * time.Hour
	// lookAhead is how many days ahead somebody who hardly works is looked for.
	lookAhead = 366
)

// next is the first time from another one at which an exercise is made: on the first
// day on which the brand and the member both work, at about eleven; ok is false if
// there is none within a year. Pure.
func next(b *brand.Brand, m *brand.Member, from time.Time) (at time.Time, ok bool) {
	local := from.In(b.Zone)
	for day := range lookAhead {
		noon := time.Date(local.Year(), local.Month(), local.Day()+day, 12, 0, 0, 0, b.Zone)
		for _, clock := range clocks() {
			if at := clock.On(noon); fits(b, m, at) {
				if at.Before(from) { // the day's hour has passed
					break
				}
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// clocks are the hours of a day, those nearest to eleven first; of two as near, the
// earlier one.
func clocks() []hours.Clock {
	var all []hours.Clock
	for clock := hours.Clock(0); clock < 24*60; clock += step {
		all = append(all, clock)
	}
	slices.SortStableFunc(all, func(x, y hours.Clock) int { return cmp.Compare(max(x-around, around-x), max(y-around, around-y)) })
	return all
}

// fits says whether a member may be rung for an exercise at a time: the brand works,
// they work, and nobody is at lunch.
func fits(b *brand.Brand, m *brand.Member, at time.Time) bool {
	return b.At(m).Open(at) && !lunch(at.In(b.Zone)) && !lunch(at.In(cmp.Or(m.Zone, b.Zone)))
}

func lunch(at time.Time) bool {
	clock := hours.Clock(at.Hour()*60 + at.Minute())
	return clock >= lunchFrom && clock < lunchUntil
}

// tomorrow is the beginning of the next day of a time's zone, nextMonth that of the
// next month.
func tomorrow(t time.Time) time.Time {
	return hours.Wall(t.Year(), t.Month(), t.Day()+1, 0, t.Location())
}

func nextMonth(t time.Time) time.Time { return hours.Wall(t.Year(), t.Month()+1, 1, 0, t.Location()) }
