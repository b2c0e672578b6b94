package approvals

import (
	"slices"
	"time"

	"crieur/bot/hours"
)

const (
	// ahead is how long before it leaves a post should be decided, so that its author
	// can still change it.
	ahead = 90 * time.Minute
	// notice is the least that is left to decide.
	notice = 15 * time.Minute
	// beforeLeaving is how long before the end of somebody's day they should have
	// decided about what leaves after it.
	beforeLeaving = time.Hour
	// arrived is how long somebody must have been at work by a deadline of that day.
	arrived = 30 * time.Minute
)

// Deadline is by when a post that leaves at a time should be decided, zero where it
// has no time to miss. people are those who may decide, when they work, in the order
// in which they are asked; so many of them are needed. What leaves while they are
// not there is decided an hour before they go: nobody has to in the evening. Of who
// cannot, the next one is asked. The deadline is never past and never after the
// post; where nobody works before it, it is so all the same. Pure.
func Deadline(at, now time.Time, needed int, people ...hours.Both) time.Time {
	if at.IsZero() {
		return time.Time{}
	}
	latest := at.Add(-ahead)
	if !latest.After(now.Add(notice)) {
		return at
	}
	by := latest
	for _, work := range people {
		if needed == 0 {
			break
		}
		if theirs, ok := atWork(work, at, latest, now); ok {
			needed--
			by = slices.MinFunc([]time.Time{by, theirs}, time.Time.Compare)
		}
	}
	return by
}

// atWork is the latest good time, up to one, for somebody to decide about what leaves
// at a time: an hour before they go if it leaves after that, or, if that is past,
// before they go. ok is false where they do not work in between.
func atWork(work hours.Both, at, latest, now time.Time) (by time.Time, ok bool) {
	day, ok := work.Last(latest, arrived)
	if !ok {
		return by, false
	}
	opening, leaves := day[0], day[len(day)-1][1]
	for _, later := range day[1:] {
		if !later[0].Add(arrived).After(latest) {
			opening = later
		}
	}
	end := slices.MinFunc([]time.Time{latest, opening[1]}, time.Time.Compare)
	by = end
	if at.After(leaves) {
		hour := slices.MaxFunc([]time.Time{leaves.Add(-beforeLeaving), opening[0].Add(arrived)}, time.Time.Compare)
		by = slices.MinFunc([]time.Time{end, hour}, time.Time.Compare)
	}
	if !by.After(now.Add(notice)) {
		by = end
	}
	return by, by.After(now.Add(notice))
}
