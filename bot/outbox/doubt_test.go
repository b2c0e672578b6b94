package outbox_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

type gateFunc func(now time.Time) (time.Time, error)

func (g gateFunc) Until(_ context.Context, _ outbox.Effect, now time.Time) (time.Time, error) {
	return g(now)
}

// While nobody can say whether people rest, nothing rings.
func TestGateThatDoesNotAnswer(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		back := time.Now().Add(time.Minute)
		o := &outside{}
		b.emit(outbox.Effect{ID: "loud", Notifies: true}, outbox.Effect{ID: "silent"})
		defer b.relay(b.store, b.store, o, func(o *outbox.Options) {
			o.Gate = gateFunc(func(now time.Time) (time.Time, error) {
				if now.Before(back) {
					return time.Time{}, errCut
				}
				return now, nil
			})
		})()
		time.Sleep(50 * time.Second)
		b.want("loud waiting silent sent")
		time.Sleep(15 * time.Second)
		b.want("loud sent")
	})
}

// A card that may be there already is marked, however long it had to wait before
// it was tried again.
func TestDoubtOutlivesALongWait(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{answer: func(_ context.Context, _ outbox.Effect, n int) error {
			switch n {
			case 1:
				return errors.New("connection reset")
			case 2:
				return &outbox.Error{Fault: outbox.Limited, After: time.Hour}
			}
			return nil
		}}
		b.emit(outbox.Effect{ID: "a"})
		defer b.relay(b.store, b.store, o, nil)()
		time.Sleep(2 * time.Hour)
		b.want("a sent")
		if !slices.Equal(o.marks, []bool{false, true, true}) {
			t.Errorf("marked %v", o.marks)
		}
	})
}

// What failed is tried again no sooner than the pace of its destination: it may
// have counted there.
func TestFailureKeepsThePace(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{answer: func(_ context.Context, _ outbox.Effect, n int) error {
			if n == 1 {
				return &outbox.Error{Fault: outbox.Temporary}
			}
			return nil
		}}
		b.emit(outbox.Effect{ID: "a"})
		defer b.relay(b.store, b.store, o, func(o *outbox.Options) {
			o.Pace = func(outbox.Effect) time.Duration { return 5 * time.Second }
		})()
		time.Sleep(20 * time.Second)
		b.want("a sent")
		if len(o.at) != 2 || o.at[1].Sub(o.at[0]) < 5*time.Second {
			t.Errorf("tried at %v", o.at)
		}
	})
}

// changed is a store in which somebody else is at an effect when it is armed first.
type changed struct {
	*statetest.Mem
	mu     sync.Mutex
	before func()        // what they do
	says   outbox.Status // what the store then says
}

func (c *changed) Arm(ctx context.Context, e outbox.Effect, owner string, now time.Time) (outbox.Status, error) {
	c.mu.Lock()
	before := c.before
	c.before = nil
	c.mu.Unlock()
	if before != nil {
		before()
		return c.says, nil
	}
	return c.Mem.Arm(ctx, e, owner, now)
}

// What somebody else armed since it was read may have been done: it is repeated and
// marked, once.
func TestArmedByAnotherMeanwhile(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{}
		store := &changed{Mem: b.store, says: outbox.Armed}
		store.before = func() {
			if _, err := b.store.Arm(t.Context(), outbox.Effect{ID: "a", Destination: "d"}, "owner1", time.Now()); err != nil {
				t.Error(err)
			}
		}
		b.emit(outbox.Effect{ID: "a"})
		defer b.relay(store, b.store, o, nil)()
		time.Sleep(time.Minute)
		b.want("a sent")
		if !slices.Equal(o.marks, []bool{true}) {
			t.Errorf("sent %s, marked %v", o.said(), o.marks)
		}
	})
}

// What Redis forgot while it was taken up, and was given again since, is done: who
// was told that it is gone ends nothing.
func TestGivenAgainMeanwhile(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{}
		store := &changed{Mem: b.store, says: outbox.Cancelled}
		before := b.store.Snapshot()
		store.before = func() {
			b.store.Restore(before)
			b.emit(outbox.Effect{ID: "a"})
		}
		b.emit(outbox.Effect{ID: "a"})
		defer b.relay(store, b.store, o, nil)()
		time.Sleep(time.Minute)
		b.want("a sent")
		if o.said() != "a" {
			t.Errorf("sent %s", o.said())
		}
	})
}

// strict is a store that does nothing for a context that has ended.
type strict struct{ *statetest.Mem }

func (s strict) Finish(ctx context.Context, ticket work.Ticket, e outbox.Effect, r outbox.Receipt) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.Mem.Finish(ctx, ticket, e, r)
}

// What was done when its lane was lost has its receipt: nobody has to look for it.
func TestReceiptOutlivesTheLane(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		queue, until := &away{Queue: b.store}, time.Now().Add(time.Hour)
		o := &outside{answer: func(context.Context, outbox.Effect, int) error {
			queue.until.Store(&until)
			time.Sleep(2 * work.LeaseFor) // the answer comes when the lane is gone already
			return nil
		}}
		b.emit(outbox.Effect{ID: "a", Public: true})
		defer b.relay(strict{b.store}, queue, o, nil)()
		time.Sleep(30 * time.Second)
		b.want("a sent")
	})
}
