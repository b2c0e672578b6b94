package work

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Queue is where lanes are kept. Implementations pass statetest.RunQueue.
type Queue interface {
	// Lease takes the lane for the owner, or keeps it, for LeaseFor; held is
	// false while another owner has it.
	Lease(ctx context.Context, lane Lane, owner string) (held bool, err error)
	// Release gives the lane back, if it is the owner's.
	Release(ctx context.Context, lane Lane, owner string) error
	// Read returns entries of the lanes that were never read, waiting up to wait
	// for the first one.
	Read(ctx context.Context, lanes []Lane, max int, wait time.Duration) ([]Entry, error)
	// Pending returns the entries of the lane that were read and not taken off.
	Pending(ctx context.Context, lane Lane) ([]Entry, error)
	// MoveDue lets what is due at now enter its lane, at most max items; next is
	// when the one after is due, zero if there is none.
	MoveDue(ctx context.Context, now time.Time, max int) (moved int, next time.Time, err error)
}

// Holder takes the free lanes of one direction, keeps them, and hands over what
// it reads there, in the order of each lane. The context of what came from a lane
// ends with the lease: when another process has it, and a second before another
// could have it because renewing failed.
type Holder struct {
	Queue     Queue
	Direction Direction
	// Owner is unique to this process and run.
	Owner string
	// Deliver takes an entry and returns at once. The entry's work calls done
	// when the entry was taken off its lane, or to have it delivered again.
	Deliver func(ctx context.Context, entry Entry, done func())
	// Drain, if set, is called when Run is to end. It starts nothing new and
	// returns when what is under way has ended, DrainFor at most: the lanes are
	// kept until then, so that a restart interrupts no call.
	Drain func()
	Log   *slog.Logger
	// Batch is how many entries are read at once; Room how many may be under
	// way. Zero values are 64 and 512.
	Batch, Room int

	mu    sync.Mutex
	lanes map[Lane]*held
}

type held struct {
	ctx     context.Context
	cancel  context.CancelFunc
	expiry  *time.Timer     // ends ctx when the lease was not renewed in time
	ready   bool            // what an earlier holder left was handed over
	flights map[string]bool // entries under way
	handing chan struct{}   // holds who hands an entry: one at a time
}

const (
	// trustFor is how long after it was asked for a lease is relied on.
	trustFor = LeaseFor - time.Second
	// DrainFor is how long what is under way may take when a process ends.
	DrainFor  = 8 * time.Second
	readWait  = 500 * time.Millisecond
	pauseFull = 20 * time.Millisecond
	pauseDown = 500 * time.Millisecond
)

// Run holds and reads lanes until ctx ends, then gives them back.
func (h *Holder) Run(ctx context.Context) {
	if h.Batch == 0 {
		h.Batch = 64
	}
	if h.Room == 0 {
		h.Room = 512
	}
	h.mu.Lock()
	h.lanes = map[Lane]*held{}
	h.mu.Unlock()
	keeping, let := context.WithCancel(context.WithoutCancel(ctx))
	var loops sync.WaitGroup
	loops.Go(func() { h.keep(ctx, keeping) })
	h.read(ctx)
	if h.Drain != nil {
		drained := make(chan struct{})
		loops.Go(func() { defer close(drained); h.Drain() })
		wait(drained, DrainFor)
	}
	let()
	loops.Wait()
	h.giveBack()
}

// keep renews the lanes until keeping ends; once ctx has ended it takes no more.
func (h *Holder) keep(ctx, keeping context.Context) {
	ticker := time.NewTicker(RenewEvery)
	defer ticker.Stop()
	for {
		for number := range Lanes {
			lane := Lane{h.Direction, number}
			if ctx.Err() == nil || h.holds(lane) {
				h.renew(keeping, lane)
			}
		}
		select {
		case <-keeping.Done():
			return
		case <-ticker.C:
		}
	}
}

// renew keeps or takes one lane, and delivers what is pending there and not
// under way: what an earlier holder read, and what failed. A lane is read only
// after that, so that nothing overtakes what was left.
func (h *Holder) renew(ctx context.Context, lane Lane) {
	bounded, cancel := context.WithTimeout(ctx, RenewEvery)
	defer cancel()
	asked := time.Now()
	mine, err := h.Queue.Lease(bounded, lane, h.Owner)
	if err != nil {
		// Whether the lease still stands is unknown: its time goes on running out.
		h.Log.Warn("lease not renewed", "lane", lane.String(), "err", err)
		return
	}
	h.set(ctx, lane, mine, asked)
	if !mine {
		return
	}
	pending, err := h.Queue.Pending(bounded, lane)
	if err != nil {
		h.Log.Warn("pending work not read", "lane", lane.String(), "err", err)
		return
	}
	for _, entry := range pending {
		h.hand(entry)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if kept, ok := h.lanes[lane]; ok {
		kept.ready = true
	}
}

func (h *Holder) set(ctx context.Context, lane Lane, mine bool, asked time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now, had := h.lanes[lane]
	switch {
	case ctx.Err() != nil: // given back meanwhile
	case mine && had:
		now.expiry.Reset(trustFor - time.Since(asked))
	case mine:
		laneCtx, cancel := context.WithCancel(ctx)
		taken := &held{ctx: laneCtx, cancel: cancel, flights: map[string]bool{}, handing: make(chan struct{}, 1)}
		taken.expiry = time.AfterFunc(trustFor-time.Since(asked), func() { h.expire(lane, taken) })
		h.lanes[lane] = taken
	case had:
		now.end()
		delete(h.lanes, lane)
		h.Log.Warn("lane lost to another process", "lane", lane.String())
	}
}

// expire lets go of a lane whose lease could not be renewed.
func (h *Holder) expire(lane Lane, taken *held) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lanes[lane] == taken {
		taken.end()
		delete(h.lanes, lane)
		h.Log.Warn("lane let go: its lease could not be renewed", "lane", lane.String())
	}
}

func (l *held) end() {
	l.expiry.Stop()
	l.cancel()
}

func (h *Holder) holds(lane Lane) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, ok := h.lanes[lane]
	return ok
}

// Whole says whether it holds every lane of its direction: no other process does.
// A nil Holder holds none.
func (h *Holder) Whole() bool {
	if h == nil {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.lanes) == Lanes
}

func (h *Holder) read(ctx context.Context) {
	for ctx.Err() == nil {
		lanes, room := h.state()
		if len(lanes) == 0 || room <= 0 {
			Pause(ctx, pauseFull)
			continue
		}
		entries, err := h.Queue.Read(ctx, lanes, min(room, h.Batch), readWait)
		if err != nil && ctx.Err() == nil {
			h.Log.Warn("lanes not read", "err", err)
			Pause(ctx, pauseDown)
		}
		for _, entry := range entries {
			h.hand(entry)
		}
	}
}

func (h *Holder) state() (lanes []Lane, room int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	room = h.Room
	for lane, held := range h.lanes {
		if held.ready {
			lanes = append(lanes, lane)
		}
		room -= len(held.flights)
	}
	return lanes, room
}

// hand delivers an entry unless it is under way or its lane was lost. What is read
// and what is pending come from two sides, each in the lane's order: one entry of a
// lane is handed after another, or the later one might overtake.
func (h *Holder) hand(entry Entry) {
	lane := h.wants(entry)
	if lane == nil {
		return
	}
	lane.handing <- struct{}{}
	defer func() { <-lane.handing }()
	if h.wants(entry) != lane { // the other side handed it meanwhile
		return
	}
	h.mu.Lock()
	lane.flights[entry.Entry] = true
	h.mu.Unlock()
	h.Deliver(lane.ctx, entry, sync.OnceFunc(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(lane.flights, entry.Entry)
	}))
}

// wants is the lane of an entry that is to be delivered, nil if it is not.
func (h *Holder) wants(entry Entry) *held {
	h.mu.Lock()
	defer h.mu.Unlock()
	if lane, ok := h.lanes[entry.Lane]; ok && !lane.flights[entry.Entry] {
		return lane
	}
	return nil
}

func (h *Holder) giveBack() {
	h.mu.Lock()
	defer h.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), RenewEvery)
	defer cancel()
	for lane, held := range h.lanes {
		held.end()
		if err := h.Queue.Release(ctx, lane, h.Owner); err != nil {
			h.Log.Warn("lane not given back", "lane", lane.String(), "err", err)
		}
	}
	h.lanes = map[Lane]*held{}
}

// wait waits until done is closed, most at most.
func wait(done <-chan struct{}, most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
}
