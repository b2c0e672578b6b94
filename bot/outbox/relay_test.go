package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

// outside is a place that remembers every call and answers as it is told.
type outside struct {
	mu    sync.Mutex
	calls []string
	marks []bool // Attempt.Repeated of each call
	ago   []time.Duration
	at    []time.Time
	keep  *outbox.Keep // of every receipt
	// answer says how the call about an effect's nth attempt ends; nil is well.
	answer func(ctx context.Context, e outbox.Effect, n int) error
}

func (o *outside) Send(ctx context.Context, e outbox.Effect, attempt outbox.Attempt) (outbox.Receipt, error) {
	o.mu.Lock()
	o.calls = append(o.calls, e.ID)
	o.marks, o.ago = append(o.marks, attempt.Repeated), append(o.ago, attempt.Ago)
	o.at = append(o.at, time.Now())
	answer := o.answer
	o.mu.Unlock()
	if answer != nil {
		if err := answer(ctx, e, attempt.Number); err != nil {
			return outbox.Receipt{}, err
		}
	}
	return outbox.Receipt{Ref: "ref:" + e.ID, Keep: o.keep}, nil
}

func (o *outside) said() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.calls, " ")
}

// asked is an outside that can also be asked.
type asked struct {
	outside
	find func(e outbox.Effect) (bool, error)
}

func (a *asked) Find(_ context.Context, e outbox.Effect) (outbox.Receipt, bool, error) {
	found, err := a.find(e)
	return outbox.Receipt{Ref: "found:" + e.ID}, found, err
}

// bench is a store with relays on it, inside a bubble of time.
type bench struct {
	t     *testing.T
	store *statetest.Mem
	count int
}

func newBench(t *testing.T) *bench { return &bench{t: t, store: statetest.NewMem()} }

// relay runs a relay over a store until stop.
func (b *bench) relay(store outbox.Store, queue work.Queue, sender outbox.Sender, change func(*outbox.Options)) (stop func()) {
	b.count++
	o := outbox.Options{
		Store: store, Queue: queue, Owner: fmt.Sprint("owner", b.count), Now: time.Now,
		Senders: map[string]outbox.Sender{"post": sender}, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&o)
	}
	ctx, cancel := context.WithCancel(b.t.Context())
	var running sync.WaitGroup
	running.Go(func() { outbox.NewRelay(o).Run(ctx) })
	return func() { cancel(); running.Wait() }
}

// emit commits effects; their IDs are as given.
func (b *bench) emit(effects ...outbox.Effect) {
	b.t.Helper()
	for i := range effects {
		effects[i].Kind = "post"
		if effects[i].Destination == "" {
			effects[i].Destination = "d"
		}
		effects[i].Topic, effects[i].Conversation = "t", effects[i].ID
	}
	_, err := b.store.Commit(b.t.Context(), state.Commit{Cause: "emit:" + effects[0].ID, Now: time.Now(), Effects: effects})
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) status(id string) outbox.Status {
	b.t.Helper()
	records, err := b.store.Effects(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return records[0].Status
}

// want checks how effects stand: "a sent b failed".
func (b *bench) want(pairs string) {
	b.t.Helper()
	fields := strings.Fields(pairs)
	for i := 0; i < len(fields); i += 2 {
		if got := b.status(fields[i]); got != outbox.Status(fields[i+1]) {
			b.t.Errorf("%s is %s, want %s", fields[i], got, fields[i+1])
		}
	}
}

func bubble(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newBench(t)) })
}

func TestInOrderOnceEach(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{}
		b.emit(outbox.Effect{ID: "a"}, outbox.Effect{ID: "b"}, outbox.Effect{ID: "c"})
		defer b.relay(b.store, b.store, o, nil)()
		time.Sleep(5 * time.Second)
		if o.said() != "a b c" {
			t.Errorf("sent %s", o.said())
		}
		b.want("a sent b sent c sent")
	})
}

func TestLimitParksItsDestinationOnly(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{answer: func(_ context.Context, e outbox.Effect, n int) error {
			if e.ID == "a" && n == 1 {
				return &outbox.Error{Fault: outbox.Limited, After: 30 * time.Second}
			}
			return nil
		}}
		b.emit(outbox.Effect{ID: "a"}, outbox.Effect{ID: "b"}, outbox.Effect{ID: "x", Destination: "other"})
		defer b.relay(b.store, b.store, o, nil)()
		time.Sleep(20 * time.Second)
		b.want("a waiting b waiting x sent")
		time.Sleep(20 * time.Second)
		b.want("a sent b sent")
		if !strings.HasSuffix(o.said(), "a b") {
			t.Errorf("sent %s", o.said())
		}
	})
}

// What waits alone keeps nothing else of its destination.
func TestWhatWaitsAloneHoldsNothingUp(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{answer: func(_ context.Context, e outbox.Effect, n int) error {
			if e.ID == "a" && n == 1 {
				return &outbox.Error{Fault: outbox.Limited, After: 30 * time.Second, Alone: true}
			}
			return nil
		}}
		b.emit(outbox.Effect{ID: "a"}, outbox.Effect{ID: "b"})
		defer b.relay(b.store, b.store, o, nil)()
		time.Sleep(20 * time.Second)
		b.want("a waiting b sent")
		time.Sleep(20 * time.Second)
		b.want("a sent")
	})
}

// A chat application that is away for a while loses no card, and one card that it
// never takes holds nothing else up for long.
func TestCardsOutliveAnOutage(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		back := time.Now().Add(20 * time.Minute)
		o := &outside{answer: func(_ context.Context, e outbox.Effect, _ int) error {
			if time.Now().Before(back) || e.ID == "odd" {
				return &outbox.Error{Fault: outbox.Temporary, Reason: "slack.silent"}
			}
			return nil
		}}
		b.emit(outbox.Effect{ID: "odd", Key: "o"}, outbox.Effect{ID: "card", Key: "c"}, outbox.Effect{ID: "answer"})
		defer b.relay(b.store, b.store, o, nil)()
		time.Sleep(22 * time.Minute)
		b.want("odd waiting card sent answer failed")
		b.emit(outbox.Effect{ID: "next"})
		time.Sleep(10 * time.Second)
		b.want("odd waiting next sent")
		time.Sleep(2 * time.Hour)
		b.want("odd failed")
	})
}

// Having been asked to wait is no attempt: what is tried after it has all of them.
func TestWaitingIsNoAttempt(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		limits := 0
		o := &outside{answer: func(context.Context, outbox.Effect, int) error {
			if limits++; limits <= 2*outbox.Attempts {
				return &outbox.Error{Fault: outbox.Limited, After: time.Second}
			}
			if limits == 2*outbox.Attempts+1 {
				return &outbox.Error{Fault: outbox.Temporary}
			}
			return nil
		}}
		b.emit(outbox.Effect{ID: "a"})
		defer b.relay(b.store, b.store, o, nil)()
		time.Sleep(time.Minute)
		b.want("a sent")
	})
}

type until struct{ at time.Time }

func (u until) Until(_ context.Context, _ outbox.Effect, now time.Time) (time.Time, error) {
	if now.Before(u.at) {
		return u.at, nil
	}
	return now, nil
}

// What rests lets pass what does not ring; an edit of a card that rests does not
// silence it.
func TestRest(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		morning := time.Now().Add(10 * time.Minute)
		rung := map[string]bool{}
		o := &outside{answer: func(_ context.Context, e outbox.Effect, _ int) error {
			if e.Notifies {
				rung[e.ID] = true
			}
			return nil
		}}
		b.emit(outbox.Effect{ID: "card", Key: "k", Notifies: true, Class: outbox.Alert},
			outbox.Effect{ID: "edit", Key: "k", Class: outbox.Digest}, outbox.Effect{ID: "silent"},
			outbox.Effect{ID: "urgent", Notifies: true, Critical: true})
		stop := b.relay(b.store, b.store, o, func(o *outbox.Options) { o.Gate = until{morning} })
		time.Sleep(9 * time.Minute)
		b.want("card waiting edit superseded silent sent urgent sent")
		stop() // a restart in the night keeps what rests, and that it rings
		defer b.relay(b.store, b.store, o, func(o *outbox.Options) { o.Gate = until{morning} })()
		time.Sleep(2 * time.Minute)
		b.want("card sent")
		if !rung["card"] || !rung["urgent"] || len(rung) != 2 {
			t.Errorf("rang: %v", rung)
		}
	})
}

// Whoever was to rest for long and is back earlier gets what waited for them, a
// minute later at most.
func TestRestEndsEarly(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o, asked := &outside{}, 0
		back := time.Now().Add(10 * time.Minute)
		defer b.relay(b.store, b.store, o, func(o *outbox.Options) {
			o.Gate = gateFunc(func(now time.Time) (time.Time, error) {
				asked++
				if now.Before(back) {
					return now.Add(10 * 24 * time.Hour), nil
				}
				return now, nil
			})
		})()
		b.emit(outbox.Effect{ID: "a", Notifies: true})
		time.Sleep(9 * time.Minute)
		b.want("a waiting")
		time.Sleep(2*time.Minute + time.Second)
		b.want("a sent")
		if asked > 15 {
			t.Errorf("asked %d times in 12 minutes", asked)
		}
	})
}

// A destination keeps its pace though nothing waited there for a moment.
func TestPaceOutlivesTheQueue(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{}
		defer b.relay(b.store, b.store, o, func(o *outbox.Options) {
			o.Pace = func(outbox.Effect) time.Duration { return time.Second }
		})()
		for _, id := range []string{"a", "b", "c"} {
			b.emit(outbox.Effect{ID: id})
			time.Sleep(300 * time.Millisecond)
		}
		time.Sleep(3 * time.Second)
		o.mu.Lock()
		defer o.mu.Unlock()
		if len(o.at) != 3 || o.at[1].Sub(o.at[0]) < time.Second || o.at[2].Sub(o.at[1]) < time.Second {
			t.Errorf("sent at %v", o.at)
		}
	})
}

// What waits for its pace leaves at that moment, not at some round one after it.
func TestPaceIsKeptToTheMoment(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		const pace = 1042 * time.Millisecond
		o := &outside{}
		defer b.relay(b.store, b.store, o, func(o *outbox.Options) {
			o.Pace = func(outbox.Effect) time.Duration { return pace }
		})()
		for _, id := range []string{"a", "b", "c", "d"} {
			b.emit(outbox.Effect{ID: id})
		}
		time.Sleep(5 * time.Second)
		o.mu.Lock()
		defer o.mu.Unlock()
		if len(o.at) != 4 || o.at[3].Sub(o.at[0]) != 3*pace {
			t.Errorf("sent at %v", o.at)
		}
	})
}

// What turns out to ring waits like what said so, even just after it hung, and
// rings once.
func TestWhatWouldRingRests(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		morning := time.Now().Add(10 * time.Minute)
		o := &outside{keep: &outbox.Keep{Kind: "place", ID: "k", Data: []byte("{}")}, answer: func(_ context.Context, e outbox.Effect, _ int) error {
			if e.ID == "edit" && !e.Notifies {
				return &outbox.Error{Fault: outbox.Rings}
			}
			return nil
		}}
		defer b.relay(b.store, b.store, o, func(o *outbox.Options) { o.Gate = until{morning} })()
		b.emit(outbox.Effect{ID: "card", Key: "k"})
		time.Sleep(time.Second)
		b.emit(outbox.Effect{ID: "edit", Key: "k"}, outbox.Effect{ID: "other"})
		time.Sleep(9 * time.Minute)
		b.want("card sent edit waiting other sent")
		time.Sleep(2 * time.Minute)
		b.want("edit sent")
		if said := o.said(); said != "card edit other edit" {
			t.Errorf("called %s", said)
		}
	})
}

func TestExpiry(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{answer: func(context.Context, outbox.Effect, int) error {
			return &outbox.Error{Fault: outbox.Limited, After: time.Minute}
		}}
		b.emit(outbox.Effect{ID: "a", NotAfter: time.Now().Add(90 * time.Second)})
		defer b.relay(b.store, b.store, o, nil)()
		time.Sleep(3 * time.Minute)
		b.want("a expired")
	})
}

// An intent that settles must not eat the sender's time.
func TestSettleLeavesTheSenderItsTime(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		var left time.Duration
		o := &outside{}
		o.answer = func(ctx context.Context, _ outbox.Effect, _ int) error {
			deadline, _ := ctx.Deadline()
			left = time.Until(deadline)
			return nil
		}
		started := time.Now()
		b.emit(outbox.Effect{ID: "a", Public: true}, outbox.Effect{ID: "card"})
		defer b.relay(b.store, b.store, o, func(o *outbox.Options) { o.Settle = 3 * time.Second })()
		time.Sleep(10 * time.Second)
		b.want("a sent card sent")
		if left < outbox.SendWithin-time.Second {
			t.Errorf("the sender had %s", left)
		}
		if wait := o.at[0].Sub(started); wait < 3*time.Second {
			t.Errorf("called %s after the intent", wait)
		}
	})
}

// forgetful is a store that loses what it holds, as a restart under everysec may.
type forgetful struct {
	*statetest.Mem
	lost  sync.Map // effect IDs
	armed sync.Map // effect IDs that another process armed since, without this one's intent
}

func (f *forgetful) Effects(ctx context.Context, ids ...string) ([]outbox.Record, error) {
	records, err := f.Mem.Effects(ctx, ids...)
	for i := range records {
		if _, lost := f.lost.Load(records[i].Effect.ID); lost {
			records[i].Status = outbox.Cancelled
		}
		if _, again := f.armed.Load(records[i].Effect.ID); again {
			records[i].ArmedAt = records[i].ArmedAt.Add(time.Second)
		}
	}
	return records, err
}

func TestIntentLostWhileItSettledIsNotCalled(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{}
		store := &forgetful{Mem: b.store}
		b.emit(outbox.Effect{ID: "a", Public: true})
		defer b.relay(store, b.store, o, func(o *outbox.Options) { o.Settle = 3 * time.Second })()
		time.Sleep(time.Second)
		b.want("a armed")
		store.lost.Store("a", true)
		time.Sleep(time.Minute)
		if o.said() != "" {
			t.Errorf("called without an intent on disk: %s", o.said())
		}
	})
}

// An intent that is there, but is another process's: that one calls.
func TestIntentOfAnotherWhileItSettledIsNotCalled(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{}
		store := &forgetful{Mem: b.store}
		b.emit(outbox.Effect{ID: "a", Public: true})
		defer b.relay(store, b.store, o, func(o *outbox.Options) { o.Settle = 3 * time.Second })()
		time.Sleep(time.Second)
		store.armed.Store("a", true)
		time.Sleep(time.Minute)
		if o.said() != "" {
			t.Errorf("called on the intent of another: %s", o.said())
		}
	})
}

// unkept is a store that keeps an effect no longer than its sending takes.
type unkept struct {
	*statetest.Mem
	finished atomic.Int64
}

func (u *unkept) Finish(ctx context.Context, ticket work.Ticket, e outbox.Effect, _ outbox.Receipt) error {
	if u.finished.Add(1) == 1 { // the entry goes, there is nothing to write a receipt on
		if _, err := u.Mem.Commit(ctx, state.Commit{Cause: "gone:" + e.ID, Now: time.Now(), Ack: &ticket}); err != nil {
			return err
		}
	}
	return fmt.Errorf("finish: %w", outbox.ErrForgotten)
}

// What is not kept any more has no receipt: it is not asked for again and again.
func TestForgottenEffectIsLetGo(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o, store := &outside{}, &unkept{Mem: b.store}
		b.emit(outbox.Effect{ID: "a"})
		defer b.relay(store, b.store, o, nil)()
		time.Sleep(10 * time.Minute)
		if n := store.finished.Load(); n != 1 || o.said() != "a" {
			t.Errorf("sent %q, its receipt brought %d times", o.said(), n)
		}
	})
}

// A public effect whose call got no answer is looked for, never sent blindly.
func TestReconcile(t *testing.T) {
	lost := func(context.Context, outbox.Effect, int) error { return errors.New("connection reset") }
	for _, test := range []struct {
		name  string
		find  func(n int) (bool, error)
		can   bool
		after time.Duration
		want  string
		calls int
	}{
		{"it is there", func(int) (bool, error) { return true, nil }, true, 5 * time.Second, "a sent", 1},
		{"it is there, said late", func(n int) (bool, error) {
			if n < 3 {
				return false, errors.New("503")
			}
			return true, nil
		}, true, 20 * time.Second, "a sent", 1},
		{"it is surely not there", func(int) (bool, error) { return false, nil }, true, 10 * time.Minute, "a failed", outbox.Attempts},
		{"nobody answers", func(int) (bool, error) { return false, errors.New("503") }, true, 55 * time.Second, "a unknown", 1},
		{"it has no way to say", func(int) (bool, error) { return false, outbox.ErrCannotTell }, true, 5 * time.Second, "a unknown", 1},
		{"it cannot be asked", nil, false, 5 * time.Second, "a unknown", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, b *bench) {
				var sender outbox.Sender
				var seen *outside
				if test.can {
					n := 0
					a := &asked{find: func(outbox.Effect) (bool, error) { n++; return test.find(n) }}
					a.answer, sender, seen = lost, a, &a.outside
				} else {
					seen = &outside{answer: lost}
					sender = seen
				}
				b.emit(outbox.Effect{ID: "a", Public: true})
				defer b.relay(b.store, b.store, sender, nil)()
				time.Sleep(test.after)
				b.want(test.want)
				if got := len(strings.Fields(seen.said())); got != test.calls {
					t.Errorf("%d calls, want %d", got, test.calls)
				}
			})
		})
	}
}

func TestCardIsRepeatedAndMarked(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{answer: func(_ context.Context, _ outbox.Effect, n int) error {
			if n == 1 {
				return errors.New("connection reset")
			}
			return nil
		}}
		b.emit(outbox.Effect{ID: "a"})
		defer b.relay(b.store, b.store, o, nil)()
		time.Sleep(10 * time.Second)
		b.want("a sent")
		if o.said() != "a a" || o.marks[0] || !o.marks[1] {
			t.Errorf("sent %s, marked %v", o.said(), o.marks)
		}
	})
}

// TestHowLongAgoTheDoubtBegan: it is told from the first attempt without an answer,
// whatever came between, and by another process as well.
func TestHowLongAgoTheDoubtBegan(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{answer: func(_ context.Context, _ outbox.Effect, n int) error {
			switch n {
			case 1:
				time.Sleep(2 * time.Second)
				return errors.New("connection reset")
			case 2:
				return &outbox.Error{Fault: outbox.Limited, After: 10 * time.Second}
			case 3:
				return errors.New("connection reset")
			case 4:
				time.Sleep(time.Minute) // its process ends meanwhile
			}
			return nil
		}}
		b.emit(outbox.Effect{ID: "a"})
		stop := b.relay(b.store, b.store, o, nil)
		time.Sleep(20 * time.Second)
		stop()
		if got := fmt.Sprint(o.ago); len(o.ago) < 4 || o.ago[0] != 0 || o.ago[1] < 2*time.Second || o.ago[2] < o.ago[1]+10*time.Second || o.ago[3] <= o.ago[2] {
			t.Errorf("told %s", got)
		}
	})
	bubble(t, func(t *testing.T, b *bench) {
		b.emit(outbox.Effect{ID: "a"})
		first := &cut{Mem: b.store, broken: map[string]bool{}}
		hangs := &outside{answer: func(ctx context.Context, _ outbox.Effect, _ int) error { <-ctx.Done(); return ctx.Err() }}
		stop := b.relay(first, first, hangs, nil)
		time.Sleep(time.Second)
		first.set("all", true)
		first.set("lease", true)
		second := &outside{}
		stopSecond := b.relay(b.store, b.store, second, nil)
		time.Sleep(30 * time.Second)
		stopSecond()
		if len(second.ago) != 1 || !second.marks[0] || second.ago[0] < 6*time.Second || second.ago[0] > 30*time.Second {
			t.Errorf("the second process: %v, marked %v", second.ago, second.marks)
		}
		stop()
	})
}

// cut is a store that stops answering, as for a process without a network.
type cut struct {
	*statetest.Mem
	mu     sync.Mutex
	broken map[string]bool // by method
}

var errCut = errors.New("no answer")

func (c *cut) fails(method string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken[method] || c.broken["all"] {
		return errCut
	}
	return nil
}

func (c *cut) set(method string, broken bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broken[method] = broken
}

func (c *cut) Lease(ctx context.Context, l work.Lane, owner string) (bool, error) {
	if err := c.fails("lease"); err != nil {
		return false, err
	}
	return c.Mem.Lease(ctx, l, owner)
}

func (c *cut) Arm(ctx context.Context, e outbox.Effect, owner string, now time.Time) (outbox.Status, error) {
	if err := c.fails("arm"); err != nil {
		return "", err
	}
	return c.Mem.Arm(ctx, e, owner, now)
}

func (c *cut) Finish(ctx context.Context, ticket work.Ticket, e outbox.Effect, r outbox.Receipt) error {
	if err := c.fails("finish"); err != nil {
		return err
	}
	return c.Mem.Finish(ctx, ticket, e, r)
}

func TestFinishIsTriedUntilTheStoreAnswers(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{}
		store := &cut{Mem: b.store, broken: map[string]bool{"finish": true}}
		b.emit(outbox.Effect{ID: "a", Public: true})
		defer b.relay(store, store, o, nil)()
		time.Sleep(5 * time.Minute)
		b.want("a armed")
		store.set("finish", false)
		time.Sleep(2 * time.Minute)
		b.want("a sent")
		if o.said() != "a" {
			t.Errorf("sent %s", o.said())
		}
	})
}

func TestNothingIsCalledWhileTheIntentIsNotTaken(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{}
		store := &cut{Mem: b.store, broken: map[string]bool{"arm": true}}
		b.emit(outbox.Effect{ID: "a"})
		defer b.relay(store, store, o, nil)()
		time.Sleep(5 * time.Minute)
		if o.said() != "" {
			t.Errorf("sent %s", o.said())
		}
		store.set("arm", false)
		time.Sleep(2 * time.Minute)
		b.want("a sent")
	})
}

// The process that cannot reach the store lets its call go before another may
// take the lane, and the other does not send again.
func TestTakeover(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		var mu sync.Mutex
		posted, under := map[string]int{}, 0
		slow := &asked{find: func(e outbox.Effect) (bool, error) {
			mu.Lock()
			defer mu.Unlock()
			if under > 0 {
				t.Error("asked while the first process was still calling")
			}
			return posted[e.ID] > 0, nil
		}}
		slow.answer = func(ctx context.Context, e outbox.Effect, n int) error {
			mu.Lock()
			under++
			mu.Unlock()
			defer func() { mu.Lock(); under--; mu.Unlock() }()
			if e.ID == "a" && n == 1 {
				<-ctx.Done() // it arrives, and its answer never comes
			}
			mu.Lock()
			posted[e.ID]++
			mu.Unlock()
			return ctx.Err()
		}
		first := &cut{Mem: b.store, broken: map[string]bool{}}
		stop := b.relay(first, first, slow, nil)
		time.Sleep(time.Second)
		b.emit(outbox.Effect{ID: "a", Public: true}, outbox.Effect{ID: "b", Public: true})
		time.Sleep(time.Second)
		first.set("all", true) // renewals, receipts: nothing gets through any more
		first.set("lease", true)
		first.set("finish", true)
		defer b.relay(b.store, b.store, slow, nil)()
		time.Sleep(30 * time.Second)
		b.want("a sent b sent")
		mu.Lock()
		if posted["a"] != 1 || posted["b"] != 1 {
			t.Errorf("posted %v", posted)
		}
		mu.Unlock()
		stop()
	})
}

// A restart waits for the call that is under way: no post becomes unknown by it.
func TestStopWaitsForTheCallUnderWay(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{answer: func(ctx context.Context, _ outbox.Effect, _ int) error {
			time.Sleep(3 * time.Second)
			return ctx.Err()
		}}
		b.emit(outbox.Effect{ID: "a", Public: true}, outbox.Effect{ID: "b", Public: true})
		stop := b.relay(b.store, b.store, o, nil)
		time.Sleep(time.Second)
		stop()
		b.want("a sent b waiting")
		defer b.relay(b.store, b.store, o, nil)()
		time.Sleep(10 * time.Second)
		b.want("b sent")
		if o.said() != "a b" {
			t.Errorf("sent %s", o.said())
		}
	})
}

// What Redis forgot and gives again, the process that did it remembers, and also
// that it could not tell whether it did.
func TestForgottenEffectIsNotDoneAgain(t *testing.T) {
	for want, failure := range map[outbox.Status]error{outbox.Sent: nil, outbox.Unknown: &outbox.Error{Fault: outbox.Ambiguous, Reason: "outbox.unknown"}} {
		t.Run(string(want), func(t *testing.T) {
			bubble(t, func(t *testing.T, b *bench) {
				o := &outside{answer: func(context.Context, outbox.Effect, int) error { return failure }}
				defer b.relay(b.store, b.store, o, nil)()
				before := b.store.Snapshot()
				b.emit(outbox.Effect{ID: "a", Public: true})
				time.Sleep(time.Second)
				b.want("a " + string(want))
				b.store.Restore(before)
				b.want("a cancelled")
				b.emit(outbox.Effect{ID: "a", Public: true}) // its cause is decided again
				time.Sleep(time.Second)
				b.want("a " + string(want))
				if o.said() != "a" {
					t.Errorf("sent %s", o.said())
				}
			})
		})
	}
}

func TestReceiptTellsItsTopic(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{answer: func(context.Context, outbox.Effect, int) error {
			return &outbox.Error{Fault: outbox.Denied, Reason: "network.denied", Err: errors.New("401")}
		}}
		b.emit(outbox.Effect{ID: "a", Public: true})
		defer b.relay(b.store, b.store, o, nil)()
		time.Sleep(time.Second)
		entries, err := b.store.Read(t.Context(), []work.Lane{work.LaneOf(work.In, "a")}, 10, time.Second)
		if err != nil || len(entries) != 1 || entries[0].Topic != "receipt:t" || !strings.Contains(string(entries[0].Data), "network.denied") {
			t.Errorf("told %+v, %v", entries, err)
		}
	})
}

// brake is paused from a time on.
type brake struct {
	from time.Time
	err  error
}

func (b *brake) Stopped(context.Context, outbox.Effect) (bool, error) {
	return !b.from.IsZero() && !time.Now().Before(b.from), b.err
}

// What people paused stops even when its intent is durable already; cards go on.
func TestBrake(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o := &outside{}
		b.emit(outbox.Effect{ID: "a", Public: true}, outbox.Effect{ID: "card", Destination: "chat"})
		stop := &brake{from: time.Now().Add(2 * time.Second)}
		defer b.relay(b.store, b.store, o, func(o *outbox.Options) { o.Brake, o.Settle = stop, 3*time.Second })()
		time.Sleep(10 * time.Second)
		b.want("a cancelled card sent")
		if o.said() != "card" {
			t.Errorf("sent %s", o.said())
		}
	})
}

// While nobody can say whether all is paused nothing public leaves.
func TestBrakeThatDoesNotAnswer(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		o, stop := &outside{}, &brake{err: errCut}
		b.emit(outbox.Effect{ID: "a", Public: true})
		defer b.relay(b.store, b.store, o, func(o *outbox.Options) { o.Brake = stop })()
		time.Sleep(time.Minute)
		if o.said() != "" {
			t.Errorf("sent %s", o.said())
		}
		b.want("a waiting")
	})
}

// A card that Redis forgot is brought to its state where this process put it up,
// without ringing again.
func TestForgottenCardIsNotPutUpAgain(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		made := []*outbox.Keep{}
		sender := senderFunc(func(_ context.Context, e outbox.Effect, attempt outbox.Attempt) (outbox.Receipt, error) {
			made = append(made, attempt.Made)
			return outbox.Receipt{Keep: &outbox.Keep{Kind: "place", ID: e.ID, Data: []byte("m1")}}, nil
		})
		evening := time.Now().Add(5 * time.Second)
		defer b.relay(b.store, b.store, sender, func(o *outbox.Options) {
			o.Gate = gateFunc(func(now time.Time) (time.Time, error) {
				if now.Before(evening) {
					return now, nil
				}
				return evening.Add(12 * time.Hour), nil
			})
		})()
		before := b.store.Snapshot()
		card := outbox.Effect{ID: "a", Key: "card", Notifies: true}
		b.emit(card)
		time.Sleep(6 * time.Second) // people went home meanwhile: it does not wait for them
		b.store.Restore(before)
		b.emit(card)
		time.Sleep(5 * time.Second) // its lane is taken anew
		b.want("a sent")
		if len(made) != 2 || made[0] != nil || made[1] == nil || string(b.store.Dump("place")["a"]) != "m1" {
			t.Errorf("made %v, kept %v", made, b.store.Dump("place"))
		}
	})
}

// A card that Redis forgets while it is put up, and is given again, is brought to
// its state: whoever put it up does not end what was given again.
func TestCardForgottenWhileItIsPutUp(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		made := []*outbox.Keep{}
		before, card := b.store.Snapshot(), outbox.Effect{ID: "a", Key: "card"}
		sender := senderFunc(func(_ context.Context, e outbox.Effect, attempt outbox.Attempt) (outbox.Receipt, error) {
			if made = append(made, attempt.Made); len(made) == 1 {
				b.store.Restore(before)
				b.emit(card)
			}
			return outbox.Receipt{Keep: &outbox.Keep{Kind: "place", ID: e.ID, Data: []byte("m1")}}, nil
		})
		defer b.relay(b.store, b.store, sender, nil)()
		b.emit(card)
		time.Sleep(15 * time.Second) // its lane is taken anew
		b.want("a sent")
		if len(made) != 2 || made[0] != nil || made[1] == nil {
			t.Errorf("made %v", made)
		}
	})
}

// away is a queue that does not renew leases for a while.
type away struct {
	work.Queue
	until atomic.Pointer[time.Time]
}

func (a *away) Lease(ctx context.Context, lane work.Lane, owner string) (bool, error) {
	if until := a.until.Load(); until != nil && time.Now().Before(*until) {
		return false, errors.New("nobody answers")
	}
	return a.Queue.Lease(ctx, lane, owner)
}

// A card whose posting got no answer before its lane was lost, and that Redis
// forgot, comes again: it is marked all the same.
func TestDoubtOutlivesTheLane(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		var marked []bool
		queue := &away{Queue: b.store}
		before, card := b.store.Snapshot(), outbox.Effect{ID: "a", Key: "card"}
		sender := senderFunc(func(ctx context.Context, e outbox.Effect, attempt outbox.Attempt) (outbox.Receipt, error) {
			if marked = append(marked, attempt.Repeated); len(marked) == 1 {
				b.store.Restore(before)
				until := time.Now().Add(10 * time.Second)
				queue.until.Store(&until)
				b.emit(card)
				<-ctx.Done() // its answer never comes
				time.Sleep(5 * time.Second)
				return outbox.Receipt{}, ctx.Err()
			}
			return outbox.Receipt{Keep: &outbox.Keep{Kind: "place", ID: e.ID, Data: []byte("m2")}}, nil
		})
		defer b.relay(b.store, queue, sender, nil)()
		b.emit(card)
		time.Sleep(60 * time.Second) // its lane is taken anew
		b.want("a sent")
		if len(marked) != 2 || marked[0] || !marked[1] {
			t.Errorf("marked %v", marked)
		}
	})
}

type senderFunc func(context.Context, outbox.Effect, outbox.Attempt) (outbox.Receipt, error)

func (f senderFunc) Send(ctx context.Context, e outbox.Effect, attempt outbox.Attempt) (outbox.Receipt, error) {
	return f(ctx, e, attempt)
}

// patient is a sender that waits longer for its answer.
type patient struct{ *outside }

func (patient) Patience() time.Duration { return 20 * time.Second }

// A patient sender has its time, but for what leaves at most once.
func TestPatience(t *testing.T) {
	bubble(t, func(t *testing.T, b *bench) {
		left := map[string]time.Duration{}
		o := &outside{}
		o.answer = func(ctx context.Context, e outbox.Effect, _ int) error {
			deadline, _ := ctx.Deadline()
			left[e.ID] = time.Until(deadline)
			time.Sleep(left[e.ID] - time.Second) // its lane stays its own meanwhile
			return nil
		}
		b.emit(outbox.Effect{ID: "asked"}, outbox.Effect{ID: "post", Public: true})
		defer b.relay(b.store, b.store, patient{o}, nil)()
		time.Sleep(time.Minute)
		b.want("asked sent post sent")
		if left["asked"] != 20*time.Second || left["post"] != outbox.SendWithin {
			t.Errorf("had %v", left)
		}
		if o.said() != "asked post" {
			t.Errorf("called %s", o.said())
		}
	})
}
