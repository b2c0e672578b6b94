package outbox

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"crieur/bot/work"
)

func TestJudge(t *testing.T) {
	failed := func(f Fault) error { return &Error{Fault: f, Reason: "x.why", After: 7 * time.Second} }
	plain := errors.New("connection reset")
	for _, test := range []struct {
		name                   string
		err                    error
		public, armed, laneEnd bool
		attempts               int
		want                   what
		status                 Status
		after                  time.Duration
		key                    string
		alone                  bool
	}{
		{name: "answered", armed: true, attempts: 1, want: finished, status: Sent},
		{name: "answered, public", public: true, armed: true, attempts: 1, want: finished, status: Sent},
		{name: "temporary", err: failed(Temporary), armed: true, attempts: 1, want: again, after: firstWait},
		{name: "temporary, third time", err: failed(Temporary), public: true, armed: true, attempts: 3, want: again, after: 4 * firstWait},
		{name: "temporary, too often", err: failed(Temporary), public: true, armed: true, attempts: Attempts, want: finished, status: Failed},
		{name: "temporary answer, too often", err: failed(Temporary), armed: true, attempts: Attempts, want: finished, status: Failed},
		{name: "temporary card, often", key: "k", err: failed(Temporary), armed: true, attempts: Attempts, want: again, after: mostWait, alone: true},
		{name: "temporary card, not yet often", key: "k", err: failed(Temporary), armed: true, attempts: Attempts - 1, want: again, after: 64 * firstWait},
		{name: "temporary card, for an hour", key: "k", err: failed(Temporary), armed: true, attempts: keyedAttempts, want: finished, status: Failed},
		{name: "temporary post with a key", key: "k", err: failed(Temporary), public: true, armed: true, attempts: Attempts, want: finished, status: Failed},
		{name: "temporary, alone", err: &Error{Fault: Temporary, Alone: true}, armed: true, attempts: 1, want: again, after: firstWait, alone: true},
		{name: "limited", err: failed(Limited), armed: true, attempts: 99, want: again, after: 7 * time.Second},
		{name: "limited, public", err: failed(Limited), public: true, armed: true, attempts: 1, want: again, after: 7 * time.Second},
		{name: "rejected", err: failed(Rejected), armed: true, attempts: 1, want: finished, status: Failed},
		{name: "rejected, public", err: failed(Rejected), public: true, armed: true, attempts: 1, want: finished, status: Failed},
		{name: "denied", err: failed(Denied), armed: true, attempts: 1, want: finished, status: Failed},
		{name: "denied, public", err: failed(Denied), public: true, armed: true, attempts: 1, want: finished, status: Failed},
		{name: "gone", err: failed(Gone), armed: true, attempts: 1, want: finished, status: Failed},
		{name: "would ring", err: failed(Rings), armed: true, attempts: 99, want: rings},
		{name: "ambiguous card", err: failed(Ambiguous), armed: true, attempts: 1, want: repeat, after: 2 * firstWait},
		{name: "ambiguous card, too often", err: failed(Ambiguous), armed: true, attempts: Attempts, want: finished, status: Unknown},
		{name: "ambiguous post", err: failed(Ambiguous), public: true, armed: true, attempts: 1, want: find},
		{name: "ambiguous post, however often", err: failed(Ambiguous), public: true, armed: true, attempts: 99, want: find},
		{name: "an error that says nothing, card", err: plain, armed: true, attempts: 1, want: repeat, after: 2 * firstWait},
		{name: "an error that says nothing, post", err: plain, public: true, armed: true, attempts: 1, want: find},
		{name: "wrapped", err: fmt.Errorf("call: %w", failed(Rejected)), public: true, armed: true, attempts: 1, want: finished, status: Failed},
		{name: "intent not taken", err: plain, public: true, want: again, after: firstWait},
		{name: "intent not taken, lane lost", err: plain, public: true, laneEnd: true, want: lost},
		{name: "lane another's", err: fmt.Errorf("arm: %w", ErrLost), public: true, want: lost},
		{name: "intent lost while it settled", err: ErrLost, public: true, armed: true, want: lost},
		{name: "called, then the lane was lost", err: plain, public: true, armed: true, laneEnd: true, attempts: 1, want: find},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, end := context.WithCancel(t.Context())
			defer end()
			if test.laneEnd {
				end()
			}
			task := &task{ctx: ctx, armed: test.armed, attempts: test.attempts, effect: Effect{Public: test.public, Key: test.key}}
			got := judge(task, Receipt{}, test.err)
			if got.what != test.want || got.receipt.Status != test.status || test.after != 0 && got.after != test.after || got.alone != test.alone {
				t.Errorf("got %+v, want %s %s after %s", got, test.want, test.status, test.after)
			}
			if got.receipt.Status == Failed && (got.receipt.Reason != "x.why" || got.receipt.Detail == "") {
				t.Errorf("a failure without its reason: %+v", got.receipt)
			}
		})
	}
}

func TestBackoffGrowsToAMinute(t *testing.T) {
	previous := time.Duration(0)
	for n := 1; n < 20; n++ {
		wait := backoff(n)
		if wait < previous || wait > time.Minute {
			t.Errorf("backoff(%d) = %s after %s", n, wait, previous)
		}
		previous = wait
	}
	if backoff(0) != firstWait || previous != time.Minute {
		t.Errorf("from %s to %s", backoff(0), previous)
	}
}

// queued makes a destination of tasks "key/class/flags", in the order of their entries.
func queued(ctx context.Context, effects ...Effect) *destination {
	d := &destination{}
	for i, e := range effects {
		if e.ID == "" {
			e.ID = fmt.Sprint("e", i)
		}
		d.add(&task{ctx: ctx, effect: e, ticket: work.Ticket{Entry: fmt.Sprintf("17-%d", i)}, done: func() {}})
	}
	return d
}

func order(d *destination) string {
	text := ""
	for _, t := range d.tasks {
		text += t.effect.ID + " "
	}
	return text
}

func TestOrderWithinClass(t *testing.T) {
	d := queued(t.Context(), Effect{Class: Digest}, Effect{Class: Answer}, Effect{Class: Digest}, Effect{Class: Alert}, Effect{Class: Answer})
	if got := order(d); got != "e1 e4 e3 e0 e2 " {
		t.Errorf("order %s", got)
	}
}

func TestDrop(t *testing.T) {
	now := time.Unix(1000, 0)
	ring := Effect{Key: "k", Class: Alert, Notifies: true, Critical: true}
	for _, test := range []struct {
		name    string
		effects []Effect
		armed   int // index, -1 none
		left    string
		gone    string
	}{
		{"edits of a card not yet put up", []Effect{ring, {Key: "k", Class: Digest}, {Key: "k", Class: Digest}}, -1, "e0 ", "e1 superseded e2 superseded "},
		{"a later one of a higher class lends its class", []Effect{{Key: "k", Class: Digest}, ring}, -1, "e0 ", "e1 superseded "},
		{"and goes before those of its old one", []Effect{{Class: Digest}, {Key: "k", Class: Digest}, ring}, -1, "e1 e0 ", "e2 superseded "},
		{"one under way is another state", []Effect{ring, {Key: "k", Class: Digest}}, 0, "e0 e1 ", ""},
		{"other keys", []Effect{{Key: "a"}, {Key: "b"}, {}, {}}, -1, "e0 e1 e2 e3 ", ""},
		{"too late", []Effect{{NotAfter: now.Add(-time.Second)}, {NotAfter: now}}, -1, "e1 ", "e0 expired "},
		{"too late, but it may have left", []Effect{{NotAfter: now.Add(-time.Second)}}, 0, "e0 ", ""},
		{"the same effect twice is not replaced by itself", []Effect{{ID: "x", Key: "k"}, {ID: "x", Key: "k"}}, -1, "x x ", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := queued(t.Context(), test.effects...)
			for _, task := range d.tasks {
				task.armed = test.armed >= 0 && task.effect.ID == fmt.Sprint("e", test.armed)
			}
			gone := ""
			for _, g := range d.drop(now) {
				gone += g.effect.ID + " " + string(g.status) + " "
			}
			if order(d) != test.left || gone != test.gone {
				t.Errorf("left %q, gone %q; want %q, %q", order(d), gone, test.left, test.gone)
			}
			if first := d.tasks[0].effect; first.Key == "k" && first.ID == "e0" && !(first.Notifies && first.Critical && first.Class == Alert) {
				t.Errorf("it no longer rings: %+v", first)
			}
		})
	}
}

// A task of a lane that was lost must neither be sent, nor end, nor stand for
// the one that came again under a new lease.
func TestDropLetsGoOfLostLanes(t *testing.T) {
	dead, end := context.WithCancel(t.Context())
	end()
	d := queued(dead, Effect{ID: "x", Key: "k"})
	again := queued(t.Context(), Effect{ID: "x", Key: "k"}).tasks[0]
	d.add(again)
	gone := d.drop(time.Unix(0, 0))
	if len(gone) != 1 || gone[0].status != "" || len(d.tasks) != 1 || d.tasks[0] != again {
		t.Errorf("gone %+v, left %+v", gone, d.tasks)
	}
}

func TestNext(t *testing.T) {
	now := time.Unix(1000, 0)
	d := queued(t.Context(), Effect{}, Effect{}, Effect{})
	d.tasks[0].restUntil, d.tasks[0].restAsk = now.Add(time.Hour), now.Add(time.Minute)
	d.tasks[1].notBefore = now.Add(time.Second)
	if got := d.next(now, now); got != d.tasks[2] {
		t.Errorf("what rests blocks what does not: %+v", got)
	}
	d.parked = now.Add(time.Second)
	if got := d.next(now, now); got != nil {
		t.Errorf("sent to a parked destination: %+v", got)
	}
	// the day's clock may move while the machine's stands still
	if got := d.next(now.Add(time.Second), now.Add(time.Hour)); got != d.tasks[0] {
		t.Errorf("got %+v", got)
	}
}

// A card whose posting may have arrived is found out first: its next state waits,
// whatever its class, while the cards beside it go on.
func TestNextStateWaitsForWhatIsInDoubt(t *testing.T) {
	now := time.Unix(1000, 0)
	d := queued(t.Context(), Effect{ID: "state", Key: "card", Class: Answer}, Effect{ID: "post", Key: "card", Class: Alert}, Effect{ID: "other", Key: "other", Class: Alert})
	d.tasks[1].armed, d.tasks[1].notBefore = true, now.Add(time.Second)
	if got := d.next(now, now); got != d.tasks[2] {
		t.Errorf("meanwhile: %+v", got)
	}
	if got := d.next(now.Add(time.Second), now); got != d.tasks[1] {
		t.Errorf("then: %+v", got)
	}
	d.tasks[1].armed = false
	if got := d.next(now, now); got != d.tasks[0] {
		t.Errorf("at last: %+v", got)
	}
}

func TestFaults(t *testing.T) {
	gone := fmt.Errorf("edit: %w", &Error{Fault: Gone, Err: errors.New("404")})
	if !errors.Is(gone, ErrGone) || errors.Is(&Error{Fault: Denied}, ErrGone) {
		t.Error("ErrGone is not for Gone alone")
	}
	if FaultOf(gone) != Gone || FaultOf(errors.New("?")) != Ambiguous {
		t.Errorf("%s, %s", FaultOf(gone), FaultOf(errors.New("?")))
	}
	names := map[string]bool{}
	for f := Temporary; f <= Rings; f++ {
		names[f.String()] = true
	}
	if len(names) != 7 || gone.Error() != "edit: gone: 404" {
		t.Errorf("%v %v", names, gone)
	}
}
