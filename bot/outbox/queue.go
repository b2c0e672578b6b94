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
	// notBefore is when it is tried again, by the machine's clock; restUntil
	// until when people rest, by the clock of the brand's day.
	notBefore time.Time
	restUntil time.Time
	done      func()
}

// destination is the queue of one place outside.
type destination struct {
	name  string
	tasks []*task
	busy  bool
	// parked is until when nothing goes there, by the machine's clock.
	parked time.Time
}

// ended is a task that leaves the queue without being sent.
type ended struct {
	*task
	status Status
}

// add queues a task behind those of its class.
func (d *destination) add(t *task) {
	at := len(d.tasks)
	for at > 0 && d.tasks[at-1].effect.Class > t.effect.Class {
		at--
	}
	d.tasks = slices.Insert(d.tasks, at, t)
}

// drop takes out what need not be sent any more: what is too late, what a newer
// task of the same key replaces. The newer one takes the place, the class and
// the loudness of the one that it replaces: a card not yet put up is put up in
// its newest state, and still rings.
func (d *destination) drop(now time.Time) []ended {
	var gone []ended
	newest := map[string]*task{}
	for _, t := range d.tasks {
		if t.effect.Key != "" && !t.armed {
			if older := newest[t.effect.Key]; older == nil || later(t, older) {
				newest[t.effect.Key] = t
			}
		}
	}
	kept := d.tasks[:0:0]
	placed := map[*task]bool{}
	for _, t := range d.tasks {
		switch n := newest[t.effect.Key]; {
		case !t.effect.NotAfter.IsZero() && now.After(t.effect.NotAfter) && !t.armed:
			gone = append(gone, ended{t, Expired})
		case t.effect.Key == "" || t.armed:
			kept = append(kept, t)
		default:
			if n != t {
				n.effect.Notifies = n.effect.Notifies || t.effect.Notifies
				n.effect.Critical = n.effect.Critical || t.effect.Critical
				gone = append(gone, ended{t, Superseded})
			}
			if !placed[n] {
				placed[n] = true
				kept = append(kept, n)
			}
		}
	}
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
		if !real.Before(t.notBefore) && !now.Before(t.restUntil) {
			return t
		}
	}
	return nil
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
}

func (r *Relay) park(d *destination, after time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if until := time.Now().Add(after); until.After(d.parked) {
		d.parked = until
	}
}
