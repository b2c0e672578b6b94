package work_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

var errAway = errors.New("store away")

// line is the queue as one process reaches it; cut is its network.
type line struct {
	*statetest.Mem
	mu  sync.Mutex
	cut bool
}

func (l *line) set(cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = cut
}

func (l *line) away() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		return errAway
	}
	return nil
}

func (l *line) Lease(ctx context.Context, lane work.Lane, owner string) (bool, error) {
	if err := l.away(); err != nil {
		return false, err
	}
	return l.Mem.Lease(ctx, lane, owner)
}

func (l *line) Read(ctx context.Context, lanes []work.Lane, most int, wait time.Duration) ([]work.Entry, error) {
	if err := l.away(); err != nil {
		return nil, err
	}
	return l.Mem.Read(ctx, lanes, most, wait)
}

// log is what was handled, in order, by whom.
type log struct {
	mu    sync.Mutex
	lines []string
}

func (l *log) add(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, text)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, " ")
}

type handler = func(ctx context.Context, e work.Entry) error

// acked handles by taking the entry off its lane, as every handler does.
func acked(store state.Store, l *log, who string) handler {
	return func(ctx context.Context, e work.Entry) error {
		outcome, err := store.Commit(ctx, state.Commit{Cause: e.ID, Now: e.At, Ack: &e.Ticket})
		if err == nil && !outcome.Repeated {
			l.add(who + e.ID)
		}
		return err
	}
}

func run(t *testing.T, queue work.Queue, owner string, handle handler) (stop func()) {
	r := &work.Runner{Queue: queue, Owner: owner, Handle: handle, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx) })
	return func() { cancel(); running.Wait() }
}

func accept(t *testing.T, m *statetest.Mem, conversation string, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if _, err := m.Accept(t.Context(), []string{id}, work.Item{ID: id, Conversation: conversation, At: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestConversationsSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, l := statetest.NewMem(), &log{}
		// two conversations of one lane: the slow one must not hold the other up
		slow, fast := "c0", ""
		for i := 1; fast == ""; i++ {
			if other := fmt.Sprint("c", i); work.LaneOf(work.In, other) == work.LaneOf(work.In, slow) {
				fast = other
			}
		}
		handle := acked(m, l, "")
		defer run(t, m, "a", func(ctx context.Context, e work.Entry) error {
			if e.Conversation == slow {
				time.Sleep(time.Second)
			}
			return handle(ctx, e)
		})()
		accept(t, m, slow, "s1", "s2", "s3")
		accept(t, m, fast, "f1", "f2")
		time.Sleep(10 * time.Second)
		if l.String() != "f1 f2 s1 s2 s3" {
			t.Errorf("handled %s", l)
		}
	})
}

// What the store loses while it is handled is let go of: nothing of it was done,
// the items behind it go on, and it is handled again if it comes again.
func TestItemLostWhileItIsHandled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, l, tries := statetest.NewMem(), &log{}, 0
		before := m.Snapshot()
		handle := acked(m, l, "")
		defer run(t, m, "a", func(ctx context.Context, e work.Entry) error {
			if tries++; tries == 1 {
				m.Restore(before)
				accept(t, m, "c", "2")
			}
			return handle(ctx, e)
		})()
		accept(t, m, "c", "1")
		time.Sleep(10 * time.Second) // its lane is taken anew
		if l.String() != "2" || tries != 2 {
			t.Errorf("handled %s in %d tries", l, tries)
		}
		accept(t, m, "c", "1")
		time.Sleep(time.Second)
		if l.String() != "2 1" {
			t.Errorf("handled %s once it came again", l)
		}
	})
}

func TestFailedItemKeepsItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, l, failures := statetest.NewMem(), &log{}, 0
		handle := acked(m, l, "")
		defer run(t, m, "a", func(ctx context.Context, e work.Entry) error {
			if e.ID == "1" && failures < 6 {
				failures++
				return errAway
			}
			return handle(ctx, e)
		})()
		accept(t, m, "c", "1", "2")
		time.Sleep(time.Minute)
		if l.String() != "1 2" || !m.Idle() {
			t.Errorf("handled %s", l)
		}
	})
}

// slowly is a queue whose pending entries take a while to come.
type slowly struct{ *statetest.Mem }

func (s slowly) Pending(ctx context.Context, lane work.Lane) ([]work.Entry, error) {
	entries, err := s.Mem.Pending(ctx, lane)
	if len(entries) > 0 {
		time.Sleep(700 * time.Millisecond)
	}
	return entries, err
}

// A process that dies leaves what it read; what came later does not overtake it.
func TestTakeoverKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, l := statetest.NewMem(), &log{}
		first := &line{Mem: m}
		stop := run(t, first, "a", func(ctx context.Context, _ work.Entry) error {
			<-ctx.Done() // it hangs
			return ctx.Err()
		})
		time.Sleep(time.Second)
		accept(t, m, "c", "1", "2")
		time.Sleep(time.Second)
		first.set(true) // and is cut off
		time.Sleep(time.Second)
		accept(t, m, "c", "3", "4")
		defer run(t, slowly{m}, "b", acked(m, l, ""))()
		time.Sleep(20 * time.Second)
		if l.String() != "1 2 3 4" || !m.Idle() {
			t.Errorf("handled %s", l)
		}
		stop()
	})
}

// Whoever cannot renew stops before another may start.
func TestLeaseRunsOutForItsHolderFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := statetest.NewMem()
		first := &line{Mem: m}
		var mu sync.Mutex
		working, twice := "", false
		busy := func(who string) handler {
			return func(ctx context.Context, _ work.Entry) error {
				mu.Lock()
				twice = twice || working != ""
				working = who
				mu.Unlock()
				<-ctx.Done()
				mu.Lock()
				working = ""
				mu.Unlock()
				return ctx.Err()
			}
		}
		stopA := run(t, first, "a", busy("a"))
		time.Sleep(time.Second)
		accept(t, m, "c", "1")
		time.Sleep(500 * time.Millisecond)
		first.set(true)
		stopB := run(t, m, "b", busy("b"))
		time.Sleep(20 * time.Second)
		mu.Lock()
		if twice || working != "b" {
			t.Errorf("two at once: %v; working: %q", twice, working)
		}
		mu.Unlock()
		first.set(false)
		stopA()
		stopB()
	})
}

// A holder that was cut off and comes back goes on with what is its own.
func TestComesBackAfterAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, l := statetest.NewMem(), &log{}
		q := &line{Mem: m}
		handle := acked(m, l, "")
		defer run(t, q, "a", func(ctx context.Context, e work.Entry) error {
			if err := q.away(); err != nil {
				return err
			}
			return handle(ctx, e)
		})()
		time.Sleep(time.Second)
		q.set(true)
		accept(t, m, "c", "1", "2")
		time.Sleep(time.Minute)
		if l.String() != "" {
			t.Errorf("handled %s while away", l)
		}
		q.set(false)
		time.Sleep(10 * time.Second)
		if l.String() != "1 2" || !m.Idle() {
			t.Errorf("handled %s", l)
		}
	})
}

// A restart ends what is being handled, and starts nothing more.
func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, l := statetest.NewMem(), &log{}
		handle := acked(m, l, "a")
		stop := run(t, m, "a", func(ctx context.Context, e work.Entry) error {
			time.Sleep(3 * time.Second)
			return handle(ctx, e)
		})
		time.Sleep(time.Second)
		accept(t, m, "c", "1", "2")
		time.Sleep(time.Second)
		stop()
		if l.String() != "a1" {
			t.Errorf("handled %s", l)
		}
		started := time.Now()
		defer run(t, m, "b", func(ctx context.Context, e work.Entry) error { return acked(m, l, "b")(ctx, e) })()
		time.Sleep(time.Second) // the lanes were given back: nobody waits for a lease to end
		if l.String() != "a1 b2" {
			t.Errorf("handled %s after %s", l, time.Since(started))
		}
	})
}

func TestDueComesOnceNeverEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, l := statetest.NewMem(), &log{}
		at := time.Now().Add(time.Minute)
		record := func(ctx context.Context, e work.Entry) error {
			if time.Now().Before(at) || time.Since(at) > time.Second {
				t.Errorf("came %s after its time", time.Since(at))
			}
			return acked(m, l, "")(ctx, e)
		}
		defer run(t, m, "a", record)()
		defer run(t, m, "b", record)()
		if _, err := m.Commit(t.Context(), state.Commit{Cause: "x", Now: time.Now(), Dues: []work.Due{
			{Key: "k", At: at, Item: work.Item{Conversation: "c", Topic: "due:x"}}}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute)
		if want := work.DueID("k", at); l.String() != want {
			t.Errorf("handled %q, want %q", l, want)
		}
	})
}

// A holder is whole while no other has a lane of its direction.
func TestWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := statetest.NewMem()
		var none *work.Holder
		h := &work.Holder{Queue: m, Direction: work.In, Owner: "a", Log: slog.New(slog.DiscardHandler)}
		if none.Whole() || h.Whole() {
			t.Error("whole before it holds anything")
		}
		other := work.Lane{Direction: work.In, Number: 3}
		if held, err := m.Lease(t.Context(), other, "b"); !held || err != nil {
			t.Fatal(held, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { h.Run(ctx) })
		time.Sleep(work.RenewEvery)
		if h.Whole() {
			t.Error("whole beside another")
		}
		time.Sleep(work.LeaseFor + work.RenewEvery) // the other does not renew
		if !h.Whole() {
			t.Error("not whole although the other is gone")
		}
		cancel()
		running.Wait()
		if h.Whole() {
			t.Error("whole after its end")
		}
	})
}

// More than fits is under way only as far as there is room, and all of it is handled.
func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := statetest.NewMem()
		var mu sync.Mutex
		under, most, total := 0, 0, 0
		h := &work.Holder{Queue: m, Direction: work.In, Owner: "a", Batch: 4, Room: 8, Log: slog.New(slog.DiscardHandler)}
		var working sync.WaitGroup
		h.Deliver = func(ctx context.Context, e work.Entry, done func()) {
			mu.Lock()
			under++
			total++
			most = max(most, under)
			mu.Unlock()
			working.Go(func() {
				time.Sleep(100 * time.Millisecond)
				if _, err := m.Commit(ctx, state.Commit{Cause: e.ID, Ack: &e.Ticket}); err != nil {
					t.Error(err)
				}
				mu.Lock()
				under--
				mu.Unlock()
				done()
			})
		}
		for i := range 50 {
			accept(t, m, fmt.Sprint("c", i), fmt.Sprint("i", i))
		}
		ctx, cancel := context.WithCancel(t.Context())
		working.Go(func() { h.Run(ctx) })
		time.Sleep(30 * time.Second)
		cancel()
		working.Wait()
		if total != 50 || most > 8 || !m.Idle() {
			t.Errorf("%d handled, %d at once", total, most)
		}
	})
}

func TestLanesAreFixed(t *testing.T) {
	// Lanes are part of what is stored: these must never change.
	for conversation, want := range map[string]string{"slack:T1:U1": "in:8", "": "in:5"} {
		if got := work.LaneOf(work.In, conversation).String(); got != want {
			t.Errorf("LaneOf(%q) = %s, want %s", conversation, got, want)
		}
	}
	if got := work.DueID("k", time.UnixMilli(1_700_000_000_123)); got != "due:k@1700000000123" {
		t.Errorf("DueID = %s", got)
	}
}

// What is read and what is pending come from two sides: an entry that takes its
// time to be delivered is not overtaken by the one behind it.
func TestPendingWorkOvertakesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := statetest.NewMem()
		for _, id := range []string{"a", "b", "c"} {
			if _, err := m.Accept(t.Context(), []string{id}, work.Item{ID: id, Conversation: "one"}); err != nil {
				t.Fatal(err)
			}
		}
		var mu sync.Mutex
		var delivered []string
		h := &work.Holder{Queue: m, Direction: work.In, Owner: "o", Log: slog.New(slog.DiscardHandler),
			Deliver: func(_ context.Context, e work.Entry, _ func()) {
				if e.ID == "a" { // until the lease is renewed, and what is pending was looked at
					time.Sleep(work.RenewEvery + 500*time.Millisecond)
				}
				mu.Lock()
				defer mu.Unlock()
				delivered = append(delivered, e.ID)
			}}
		ctx, end := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { h.Run(ctx) })
		time.Sleep(3 * work.RenewEvery)
		end()
		running.Wait()
		if got := strings.Join(delivered, " "); got != "a b c" {
			t.Errorf("delivered %s", got)
		}
	})
}
