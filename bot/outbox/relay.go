package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"crieur/bot/work"
)

// Sender carries out one kind of effect. It makes one attempt and never retries
// by itself; how it failed is an *Error.
type Sender interface {
	Send(ctx context.Context, effect Effect, attempt Attempt) (Receipt, error)
}

// Finder is a Sender that can ask the outside whether an effect arrived. Found
// false without an error means that it surely did not.
type Finder interface {
	Find(ctx context.Context, effect Effect) (receipt Receipt, found bool, err error)
}

// Patient is a Sender that waits longer than SendWithin for its answer. The lane
// may go to another process meanwhile, which asks again: what it does must do no
// harm when it is done twice, and public effects get no more time than others.
type Patient interface{ Patience() time.Duration }

// Attempt says what is known of earlier ones.
type Attempt struct {
	Number int // from 1
	// Repeated says that an earlier attempt may have arrived.
	Repeated bool
	// Ago is how long ago the first of those was made; 0 if there is none, or if
	// nobody knows.
	Ago time.Duration
	// Made is what this process made before the store forgot it: it is brought to
	// the newest state, and kept again.
	Made *Keep
}

// Brake says that a public effect must not leave, whatever was decided before:
// people paused everything.
type Brake interface {
	Stopped(ctx context.Context, effect Effect) (bool, error)
}

// Gate says when an effect that notifies may leave: now, or the time until
// which people rest.
type Gate interface {
	Until(ctx context.Context, effect Effect, now time.Time) (time.Time, error)
}

// Options are what a Relay is made of.
type Options struct {
	Store   Store
	Queue   work.Queue
	Owner   string
	Senders map[string]Sender // by Effect.Kind
	Gate    Gate              // nil: nobody rests
	Brake   Brake             // nil: nothing is ever paused
	Now     func() time.Time
	Log     *slog.Logger
	// Settle is how long an intent needs to be on disk: 0 when Redis writes at
	// once, 3 s under appendfsync everysec.
	Settle time.Duration
	// Pace is the least time between two sends to one destination; nil is none.
	Pace func(Effect) time.Duration
}

const (
	// SendWithin bounds one attempt. It is shorter than work.LeaseFor, so that an
	// attempt ends before another process may take the lane.
	SendWithin = 5 * time.Second
	// Attempts is how often an effect that surely did not arrive is tried.
	Attempts = 8
	// keyedAttempts is how often what shows the state of something (Key) is: about an
	// hour. A card is worth as much after an outage as before it.
	keyedAttempts = Attempts + 60
	// findWithin is how long an ambiguous public effect is looked for before it
	// is shown as unknown; it must be on its card within 60 s.
	findWithin = 30 * time.Second
	// room is how many effects a process has before it. Most of them wait, for a
	// pace, for a destination that asked to wait, for the morning: they must not
	// keep others from leaving.
	room = 20_000
	tick = 100 * time.Millisecond
	// restEvery is how often it is asked whether people still rest: who was away may
	// be back early, or agree to be there.
	restEvery = time.Minute
	firstWait = 500 * time.Millisecond
	mostWait  = 60 * time.Second
)

// Relay carries effects out: destinations side by side, one effect at a time
// for each.
type Relay struct {
	Options
	mu           sync.Mutex
	holder       *work.Holder // of this run; nil before the first one
	destinations map[string]*destination
	memory       *memory
	sending      sync.WaitGroup
	ending       bool // nothing new is started
}

// NewRelay returns a relay that does nothing until Run.
func NewRelay(o Options) *Relay {
	return &Relay{Options: o, destinations: map[string]*destination{}, memory: newMemory()}
}

// Run carries effects out until ctx ends and what is under way has ended.
func (r *Relay) Run(ctx context.Context) {
	holder := &work.Holder{
		Queue: r.Queue, Direction: work.Out, Owner: r.Owner, Deliver: r.deliver, Drain: r.drain, Log: r.Log, Room: room,
	}
	r.mu.Lock()
	r.holder = holder
	r.mu.Unlock()
	var loops sync.WaitGroup
	loops.Go(func() { holder.Run(ctx) })
	loops.Go(func() { r.wake(ctx) })
	loops.Wait()
	r.sending.Wait()
}

// Alone says whether no other process carries effects out.
func (r *Relay) Alone() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.holder.Whole()
}

// drain waits for the attempts that are under way; what waits behind them stays
// in its lane, for the next holder.
func (r *Relay) drain() {
	r.mu.Lock()
	r.ending = true
	r.mu.Unlock()
	r.sending.Wait()
}

// wake looks at every destination: one may wait for a time, as a park or a pace.
func (r *Relay) wake(ctx context.Context) {
	work.Every(ctx, tick, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		now := time.Now()
		for _, d := range r.destinations {
			r.start(d)
			r.forget(d, now)
		}
		r.memory.sweep(now)
	})
}

// deliver queues an entry of a lane. An effect that cannot be read now is
// delivered again by the holder.
func (r *Relay) deliver(ctx context.Context, entry work.Entry, done func()) {
	records, err := r.Store.Effects(ctx, entry.ID)
	if err != nil {
		r.Log.Warn("effect not read", "effect", entry.ID, "err", err)
		done()
		return
	}
	t := &task{ctx: ctx, ticket: entry.Ticket, effect: records[0].Effect, armed: records[0].Status == Armed, done: done}
	if t.armed && !records[0].ArmedAt.IsZero() {
		t.doubted = time.Now().Add(records[0].ArmedAt.Sub(r.Now()))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ending {
		done()
		return
	}
	if records[0].Status.Final() { // its end was recorded, only its entry was left
		r.sending.Go(func() { r.finish(t, Receipt{Status: records[0].Status}) })
		return
	}
	d := r.destinations[t.effect.Destination]
	if d == nil {
		d = &destination{name: t.effect.Destination}
		r.destinations[d.name] = d
	}
	d.add(t)
	r.start(d)
}

// start works a destination's queue unless that is under way. Callers hold mu.
func (r *Relay) start(d *destination) {
	if d.busy || r.ending || len(d.tasks) == 0 {
		return
	}
	d.busy = true
	r.sending.Go(func() { r.work(d) })
}

// work sends what may leave now, one after another.
func (r *Relay) work(d *destination) {
	for {
		now := r.Now()
		real := time.Now()
		r.mu.Lock()
		dropped := d.drop(now)
		t := d.next(real, now)
		if r.ending || t == nil && len(dropped) == 0 {
			d.busy = false
			r.forget(d, real)
			r.mu.Unlock()
			return
		}
		r.mu.Unlock()
		for _, gone := range dropped {
			if gone.status == "" {
				gone.done()
				continue
			}
			r.finish(gone.task, Receipt{Status: gone.status})
		}
		if t != nil {
			r.attempt(d, t, now)
		}
	}
}

// attempt does one attempt at a task and decides what comes of it.
func (r *Relay) attempt(d *destination, t *task, now time.Time) {
	if t.ctx.Err() != nil { // the lane is another's now
		r.remove(d, t)
		t.done()
		return
	}
	switch receipt, did := r.memory.of(t.effect); {
	case !did:
	case receipt.Keep != nil: // it rang before
		t.made = receipt.Keep
	default:
		r.remove(d, t)
		r.finish(t, receipt)
		return
	}
	t.repeated = t.repeated || r.memory.doubted(t.effect)
	if (t.made == nil || t.rings) && r.rests(d, t, now) {
		return
	}
	began := time.Now()
	receipt, err := r.send(t)
	if r.Pace != nil {
		r.park(d, r.Pace(t.effect))
	}
	if err != nil && FaultOf(err) == Limited {
		t.limited++
	}
	verdict := judge(t, receipt, err)
	if err != nil {
		r.Log.Warn("effect not sent", "effect", t.effect.ID, "ref", work.Ref(t.effect.ID), "kind", t.effect.Kind,
			"destination", t.effect.Destination, "attempt", t.attempts, "verdict", verdict.what, "err", err)
	}
	switch verdict.what {
	case finished:
		r.remove(d, t)
		r.finish(t, verdict.receipt)
	case again:
		r.disarm(t)
		r.wait(d, t, verdict.after, !verdict.alone)
	case rings:
		r.disarm(t)
		r.loud(t)
	case repeat:
		if !t.repeated && t.doubted.IsZero() {
			t.doubted = began
		}
		t.repeated = true
		r.memory.doubt(t.effect)
		r.wait(d, t, verdict.after, true)
	case find:
		r.reconcile(d, t)
	case lost:
		r.remove(d, t)
		t.done()
	}
}

// rests says whether the task must wait because people rest, and makes it wait.
func (r *Relay) rests(d *destination, t *task, now time.Time) bool {
	if r.Gate == nil || !t.effect.Notifies || t.effect.Critical {
		return false
	}
	until, err := r.Gate.Until(t.ctx, t.effect, now)
	if err != nil {
		r.Log.Warn("rest not read, waiting", "effect", t.effect.ID, "err", err)
		until = now.Add(time.Second)
	}
	if !until.After(now) {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	t.restUntil, t.restAsk = until, time.Now().Add(restEvery)
	return true
}
