package redis_test

import (
	"context"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

// lossy is a server that loses what follows a point, and a store that saw all.
type lossy struct {
	*testing.T
	server *redistest.Forgetful
	client *goredis.Client
	store  *redis.Store
	now    time.Time
}

func newLossy(t *testing.T) *lossy {
	l := &lossy{T: t, server: redistest.StartForgetful(t, "always"), now: time.Date(2026, 11, 26, 18, 0, 0, 0, time.UTC)}
	l.client = goredis.NewClient(&goredis.Options{Addr: l.server.Addr})
	t.Cleanup(func() { l.client.Close() })
	l.store = l.open()
	return l
}

func (l *lossy) open() *redis.Store {
	store, err := redis.NewStore(l.Context(), l.client, "s")
	if err != nil {
		l.Fatal(err)
	}
	return store
}

func (l *lossy) commit(store *redis.Store, cause string, effects ...outbox.Effect) state.Outcome {
	l.Helper()
	outcome, err := store.Commit(l.Context(), state.Commit{Cause: cause, Now: l.now, Effects: effects})
	if err != nil {
		l.Fatal(err)
	}
	return outcome
}

func (l *lossy) arm(store *redis.Store, e outbox.Effect, want outbox.Status) {
	l.Helper()
	if _, err := store.Lease(l.Context(), e.Lane(), "a"); err != nil {
		l.Fatal(err)
	}
	if got, err := store.Arm(l.Context(), e, "a", l.now); err != nil || got != want {
		l.Errorf("armed %s: found %s, %v, want %s", e.ID, got, err, want)
	}
}

func (l *lossy) accept(item work.Item) bool {
	l.Helper()
	fresh, err := l.store.Accept(l.Context(), []string{"k:" + item.ID}, item)
	if err != nil {
		l.Fatal(err)
	}
	return fresh
}

func (l *lossy) waiting(item work.Item) int {
	l.Helper()
	entries, err := l.store.Read(l.Context(), []work.Lane{work.LaneOf(work.In, item.Conversation)}, 10, time.Millisecond)
	if err != nil {
		l.Fatal(err)
	}
	return len(entries)
}

func post(id string, due time.Time) outbox.Effect {
	return outbox.Effect{ID: id, Kind: "publish", Destination: "d", Public: true, Due: due}
}

// What was due when Redis lost something may have left: it counts as armed until
// somebody looked. Numbers are never given twice.
func TestLossIsReconciledFirst(t *testing.T) {
	l := newLossy(t)
	before, after := post("1#0", l.now.Add(-time.Second)), post("1#1", l.now.Add(time.Minute))
	card := outbox.Effect{ID: "1#2", Kind: "card", Destination: "d"}
	l.commit(l.store, "1", before, after, card)
	point := l.server.Size()
	lost := l.commit(l.store, "2")
	l.server.Cut(point)

	if next := l.commit(l.store, "3"); next.Seq <= lost.Seq {
		t.Errorf("change %d after %d was lost: a number twice", next.Seq, lost.Seq)
	}
	if again := l.commit(l.store, "2"); again.Repeated {
		t.Error("a cause that was lost counts as done")
	}
	other := l.open() // another process, which saw nothing of it
	l.arm(other, before, outbox.Armed)
	l.arm(other, after, outbox.Waiting)
	l.arm(other, card, outbox.Waiting)
	if err := other.Disarm(t.Context(), before, "a"); err != nil { // looked for, not there
		t.Fatal(err)
	}
	l.arm(other, before, outbox.Waiting)
}

// A loss that is shorter than an intent needs to settle forgot no call.
func TestShortLossLeavesNoDoubt(t *testing.T) {
	l := newLossy(t)
	l.store.Settle = time.Hour
	e := post("1#0", l.now)
	l.commit(l.store, "1", e)
	point := l.server.Size()
	l.commit(l.store, "2")
	l.server.Cut(point)
	l.arm(l.store, e, outbox.Waiting)
}

// An intent is not taken by a process that knows more than Redis, even if it
// never commits again.
func TestArmNoticesLoss(t *testing.T) {
	l := newLossy(t)
	e := post("1#0", l.now)
	l.commit(l.store, "1", e)
	point := l.server.Size()
	l.commit(l.store, "2")
	l.server.Cut(point)
	l.arm(l.store, e, outbox.Armed)
}

// What was accepted and lost is brought again, by a process that only takes in.
func TestAcceptedAndLostComesAgain(t *testing.T) {
	l := newLossy(t)
	kept, lost := work.Item{ID: "kept", Conversation: "c1"}, work.Item{ID: "lost", Conversation: "c2"}
	l.accept(kept)
	if l.waiting(kept) != 1 {
		t.Fatal("not accepted")
	}
	point := l.server.Size()
	l.accept(lost)
	l.server.Cut(point)
	ctx, end := context.WithCancel(t.Context())
	watched := make(chan struct{})
	go func() { defer close(watched); l.store.Watch(ctx, func() time.Time { return l.now }) }()
	redistest.Wait(t, "what was lost to come again", func() bool { return l.waiting(lost) == 1 })
	end()
	<-watched
	if l.waiting(kept) != 0 || l.accept(lost) || l.accept(kept) {
		t.Error("what was not lost came again, or what came again is not recognised")
	}
}

// A server that comes back empty can be worked with.
func TestEverythingLost(t *testing.T) {
	l := newLossy(t)
	l.accept(work.Item{ID: "i", Conversation: "c"})
	if err := l.client.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	l.commit(l.store, "1")
	if l.waiting(work.Item{Conversation: "c"}) != 1 {
		t.Error("what was accepted is lost")
	}
}
