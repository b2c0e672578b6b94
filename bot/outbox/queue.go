package outbox

import (
	"context"
	"errors"
	"slices"
	"time"

	"crieur/bot/work"
)

var errInterrupted = errors.New("an earlier attempt was interrupted")

// task is an effect on its way.
type task struct {
	ctx      context.Context // ends with the lease of its lane
	ticket   work.Ticket
	effect   Effect
	armed    bool
	repeated bool
	attempts int
	limited  int       // attempts that were only asked to wait: they count for nothing
	doubted  time.Time // when the first attempt began whose end nobody saw, if known; by the machine's clock
	made     *Keep     // by this process, before the store forgot it
	rings    bool      // as its sender found out
	// notBefore is when it is tried again, by the machine's clock; restUntil
	// until when people rest, by the clock of the brand's day. They may come back
	// earlier: that is asked again at restAsk, by the machine's clock.
	notBefore time.Time
	restUntil time.Time
	restAsk   time.Time
	done      func()
}

// tried is how often it was tried, for those that bound it.
func (t *task) tried() int { return t.attempts - t.limited }

// destination is the queue of one place outside.
type destination struct {
	name  string
	tasks []*task
	busy  bool
	// parked is until when nothing goes there, by the machine's clock.
	parked time.Time
}

// ended is a task that leaves the queue without being sent; with no status it
// stays where it is kept, for another process.
type ended struct {
	*task
	status Status
}

// forget drops a destination where nothing waits and everything may leave at
// once. Callers hold mu.
func (r *Relay) forget(d *destination, real time.Time) {
	if !d.busy && len(d.tasks) == 0 && !real.Before(d.parked) {
		delete(r.destinations, d.name)
	}
}

// add queues a task behind those of its class.
func (d *destination) add(t *task) {
	at := len(d.tasks)
	for at > 0 && d.tasks[at-1].effect.Class > t.effect.Class {
		at--
	}
	d.tasks = slices.Insert(d.tasks, at, t)
}

// drop takes out what need not be sent any more: what is another process's now,
// what is too late, and what shows the same as one that waits before it. Which
// of two came first is their order in the lane, whatever their class. The one
// that stays has the loudness and the class of both.
func (d *destination) drop(now time.Time) []ended {
	var gone []ended
	first := map[string]*task{}
	for _, t := range d.tasks {
		if t.effect.Key != "" && !t.armed && t.ctx.Err() == nil {
			if other := first[t.effect.Key]; other == nil || later(other, t) {
				first[t.effect.Key] = t
			}
		}
	}
	kept := d.tasks[:0:0]
	for _, t := range d.tasks {
		f := first[t.effect.Key]
		switch {
		case t.ctx.Err() != nil:
			gone = append(gone, ended{t, ""})
		case !t.effect.NotAfter.IsZero() && now.After(t.effect.NotAfter) && !t.armed:
			gone = append(gone, ended{t, Expired})
		case t.effect.Key == "" || t.armed || f == t || f.effect.ID == t.effect.ID:
			kept = append(kept, t)
		default:
			f.effect.Notifies = f.effect.Notifies || t.effect.Notifies
			f.effect.Critical = f.effect.Critical || t.effect.Critical
			f.effect.Class = min(f.effect.Class, t.effect.Class)
			gone = append(gone, ended{t, Superseded})
		}
	}
	slices.SortStableFunc(kept, func(a, b *task) int { return int(a.effect.Class - b.effect.Class) })
	d.tasks = kept
	return gone
}

// later says which of two tasks of one lane was queued after the other: entries
// of a lane are numbered by time and count.
func later(a, b *task) bool {
	am, as := entryNumber(a.ticket.Entry)
	bm, bs := entryNumber(b.ticket.Entry)
	return am > bm || am == bm && as > bs
}

// next returns the first task that may leave, nil if none may: real is the
// machine's time, now that of the brand's day.
func (d *destination) next(real, now time.Time) *task {
	if real.Before(d.parked) {
		return nil
	}
	for _, t := range d.tasks {
		if !real.Before(t.notBefore) && (!now.Before(t.restUntil) || !real.Before(t.restAsk)) && !d.bars(t) {
			return t
		}
	}
	return nil
}

// bars says whether an earlier effect of the same key may have been done, and is
// still to be found out: a card's next state would not find it, and put up another.
func (d *destination) bars(t *task) bool {
	return t.effect.Key != "" && !t.armed && slices.ContainsFunc(d.tasks, func(other *task) bool {
		return other.armed && other.effect.Key == t.effect.Key
	})
}

func (r *Relay) remove(d *destination, t *task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d.tasks = slices.DeleteFunc(d.tasks, func(other *task) bool { return other == t })
}

// wait lets a task, or its whole destination, wait.
func (r *Relay) wait(d *destination, t *task, after time.Duration, parks bool) {
	until := time.Now().Add(after)
	r.mu.Lock()
	defer r.mu.Unlock()
	t.notBefore = until
	if parks && until.After(d.parked) {
		d.parked = until
	}
	r.startAfter(d, after)
}

// loud lets a task wait like one that notifies.
func (r *Relay) loud(t *task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t.rings, t.effect.Notifies = true, true
}

func (r *Relay) park(d *destination, after time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if until := time.Now().Add(after); until.After(d.parked) {
		d.parked = until
		r.startAfter(d, after)
	}
}

// startAfter looks at a destination again at that moment: at a message a second,
// what the next tick would add is a tenth.
func (r *Relay) startAfter(d *destination, after time.Duration) {
	time.AfterFunc(after, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.start(d)
	})
}
