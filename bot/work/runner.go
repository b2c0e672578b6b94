package work

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// ErrGone says that the entry is not in its lane: the store lost it while it was
// handled. Nothing was written: what it held is lost too, or comes again.
var ErrGone = errors.New("entry not in its lane")

// ErrUnsure says that nobody knows whether an item was stored: it was sent, and
// no answer came in time.
var ErrUnsure = errors.New("not known whether it was stored")

// Handler does one item and takes it off its lane with its commit. An error
// means that it could not (Redis away): the item is handled again, unless it is
// ErrGone.
type Handler func(ctx context.Context, entry Entry) error

// Runner handles what enters the In lanes: conversations side by side, the
// items of one conversation in order.
type Runner struct {
	Queue  Queue
	Owner  string
	Handle Handler
	// Now is the clock by which due times come.
	Now func() time.Time
	Log *slog.Logger

	mu      sync.Mutex
	holder  *Holder             // of this run; nil before the first one
	ending  bool                // nothing new is started
	queues  map[string][]flight // by conversation; the first one is under way
	working sync.WaitGroup
}

type flight struct {
	ctx   context.Context
	entry Entry
	done  func()
}

const (
	dueEvery = 200 * time.Millisecond
	dueBatch = 128
	// retryFirst and retryMost bound how long a failed item waits.
	retryFirst = 100 * time.Millisecond
	retryMost  = 5 * time.Second
)

// Run works until ctx ends and what is under way has ended.
func (r *Runner) Run(ctx context.Context) {
	holder := &Holder{
		Queue: r.Queue, Direction: In, Owner: r.Owner, Deliver: r.deliver, Drain: r.drain, Log: r.Log,
	}
	r.mu.Lock()
	r.holder, r.queues, r.ending = holder, map[string][]flight{}, false
	r.mu.Unlock()
	var loops sync.WaitGroup
	loops.Go(func() { holder.Run(ctx) })
	loops.Go(func() { r.dues(ctx) })
	loops.Wait()
	r.working.Wait()
}

// Alone says whether no other process handles items.
func (r *Runner) Alone() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.holder.Whole()
}

// drain waits for the items that are being handled; those behind them stay in
// their lanes, for the next holder.
func (r *Runner) drain() {
	r.mu.Lock()
	r.ending = true
	r.mu.Unlock()
	r.working.Wait()
}

func (r *Runner) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ending
}

// dues lets due times in. Every process does it: the move is atomic, so an item
// enters once.
func (r *Runner) dues(ctx context.Context) {
	for ctx.Err() == nil {
		moved, _, err := r.Queue.MoveDue(ctx, r.Now(), dueBatch)
		if err != nil && ctx.Err() == nil {
			r.Log.Warn("due times not read", "err", err)
		}
		if moved < dueBatch {
			Pause(ctx, dueEvery)
		}
	}
}

func (r *Runner) deliver(ctx context.Context, entry Entry, done func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ending {
		done()
		return
	}
	conversation := entry.Conversation
	r.queues[conversation] = append(r.queues[conversation], flight{ctx, entry, done})
	if len(r.queues[conversation]) == 1 {
		r.working.Go(func() { r.work(conversation) })
	}
}

// work handles a conversation's items until none is left.
func (r *Runner) work(conversation string) {
	for {
		r.mu.Lock()
		next := r.queues[conversation][0]
		r.mu.Unlock()
		r.one(next)
		next.done()
		r.mu.Lock()
		rest := r.queues[conversation][1:]
		if len(rest) == 0 || r.ending {
			delete(r.queues, conversation)
			r.mu.Unlock()
			return
		}
		r.queues[conversation] = rest
		r.mu.Unlock()
	}
}

// one handles an item until it is done or its lane is lost.
func (r *Runner) one(f flight) {
	wait := retryFirst
	for f.ctx.Err() == nil {
		err := r.Handle(f.ctx, f.entry)
		if err == nil {
			return
		}
		if errors.Is(err, ErrGone) {
			r.Log.Warn("item lost while it was handled", "item", f.entry.ID, "topic", f.entry.Topic)
			return
		}
		if f.ctx.Err() == nil {
			if r.over() {
				return
			}
			r.Log.Error("item not handled, trying again", "item", f.entry.ID, "topic", f.entry.Topic, "err", err)
		}
		Pause(f.ctx, wait)
		wait = min(2*wait, retryMost)
	}
}
