package bot

import (
	"sync"
	"time"
)

// Rates bounds how much one person asks: a burst at once, then a steady pace.
// It is there against a stuck key or a script, never against somebody in a
// hurry; who is refused is told so.
//
// It is kept in memory: what one person does is handled by one process at a
// time, since their lane has one holder, and counting in the store would cost
// every click a read. A process that takes the lane over starts afresh.
type Rates struct {
	Burst int           // at once
	Every time.Duration // one more
	mu    sync.Mutex
	full  map[string]time.Time // when a person's burst is whole again
}

// mostPeople is how many people are remembered; those whose burst is whole
// again are forgotten first.
const mostPeople = 4096

// Take counts one act of a person. When there were too many, it says how long
// to wait, and nothing is counted.
func (r *Rates) Take(person string, now time.Time) (wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	full := r.full[person]
	if full.Before(now) {
		full = now
	}
	full = full.Add(r.Every)
	if wait := full.Sub(now) - time.Duration(r.Burst)*r.Every; wait > 0 {
		return wait
	}
	if r.full == nil {
		r.full = map[string]time.Time{}
	}
	if len(r.full) >= mostPeople {
		r.forget(now)
	}
	r.full[person] = full
	return 0
}

// forget drops whom nothing is held against, or everybody if that is nobody.
func (r *Rates) forget(now time.Time) {
	for person, full := range r.full {
		if !full.After(now) {
			delete(r.full, person)
		}
	}
	if len(r.full) >= mostPeople {
		clear(r.full)
	}
}
