package statetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"crieur/bot/audit"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// Backend is everything that is kept for one space.
type Backend interface {
	state.Store
	work.Queue
	outbox.Store
	Accept(ctx context.Context, dedupe []string, item work.Item) (bool, error)
}

// Run holds a backend against the contract. fresh returns an empty space.
func Run(t *testing.T, fresh func(t *testing.T) Backend) {
	for name, test := range map[string]func(*testing.T, Backend){
		"records":   records,
		"conflicts": conflicts,
		"causes":    causes,
		"indexes":   indexes,
		"lanes":     lanes,
		"dedupe":    dedupe,
		"leases":    leases,
		"dues":      dues,
		"effects":   effects,
		"forgotten": forgotten,
		"race":      race,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t))
		})
	}
}

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func key(id string) state.Key { return state.Key{Kind: "thing", ID: id} }

func put(id, data string, rev int64) state.Write {
	return state.Write{Key: key(id), Rev: rev, Data: []byte(data)}
}

func must(t *testing.T, b Backend, c state.Commit) state.Outcome {
	t.Helper()
	c.Now = noon
	outcome, err := b.Commit(t.Context(), c)
	if err != nil {
		t.Fatalf("commit %s: %v", c.Cause, err)
	}
	return outcome
}

func read(t *testing.T, b Backend, ids ...string) []state.Record {
	t.Helper()
	keys := make([]state.Key, len(ids))
	for i, id := range ids {
		keys[i] = key(id)
	}
	records, err := b.Get(t.Context(), keys...)
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func records(t *testing.T, b Backend) {
	hostile := "é\u2028\"\\ {}|: \n☃"
	must(t, b, state.Commit{Cause: "1", Writes: []state.Write{put("a", hostile, 0), put("b", "B", 0)}})
	got := read(t, b, "b", "none", "a")
	if string(got[0].Data) != "B" || string(got[2].Data) != hostile || got[0].Rev == 0 {
		t.Errorf("got %+v", got)
	}
	if got[1].Rev != 0 || got[1].Data != nil || got[1].Key != key("none") {
		t.Errorf("missing record = %+v", got[1])
	}
	first := got[0].Rev
	must(t, b, state.Commit{Cause: "2", Writes: []state.Write{{Key: key("b"), Rev: first, Delete: true}}})
	if got := read(t, b, "b"); got[0].Rev != 0 {
		t.Errorf("deleted record = %+v", got[0])
	}
	must(t, b, state.Commit{Cause: "3", Writes: []state.Write{put("b", "B2", 0)}})
	if got := read(t, b, "b"); got[0].Rev <= first {
		t.Errorf("made again at revision %d, had %d: a stale guard would hold", got[0].Rev, first)
	}
	if _, err := b.Commit(t.Context(), state.Commit{Writes: []state.Write{put("c", "", 0)}}); err == nil {
		t.Error("a commit without a cause was done")
	}
}

func conflicts(t *testing.T, b Backend) {
	must(t, b, state.Commit{Cause: "1", Writes: []state.Write{put("a", "1", 0), put("b", "1", 0)}})
	rev := read(t, b, "a")[0].Rev
	for name, c := range map[string]state.Commit{
		"write of a record that is there": {Writes: []state.Write{put("n", "", 0), put("a", "2", 0)}},
		"write of an old revision":        {Writes: []state.Write{put("n", "", 0), put("a", "2", rev-1)}},
		"guard of an old revision":        {Writes: []state.Write{put("n", "", 0)}, Guards: []state.Guard{{Key: key("a"), Rev: 99}}},
		"guard of an absent record":       {Writes: []state.Write{put("n", "", 0)}, Guards: []state.Guard{{Key: key("a"), Rev: 0}}},
	} {
		c.Cause, c.Now = name, noon
		c.Items = []work.Item{{ID: "i", Conversation: "c"}}
		_, err := b.Commit(t.Context(), c)
		var conflict state.Conflict
		if !errors.Is(err, state.ErrConflict) || !errors.As(err, &conflict) || conflict.Key != key("a") {
			t.Errorf("%s: err = %v, want a conflict of thing/a", name, err)
		}
	}
	if got := read(t, b, "n", "a"); got[0].Rev != 0 || string(got[1].Data) != "1" {
		t.Errorf("a refused commit left %+v", got)
	}
	if entries := drain(t, b, work.LaneOf(work.In, "c")); len(entries) != 0 {
		t.Errorf("a refused commit told %v", entries)
	}
	must(t, b, state.Commit{Cause: "blind", Writes: []state.Write{{Key: key("a"), Data: []byte("3"), Blind: true}}})
	if got := read(t, b, "a"); string(got[0].Data) != "3" {
		t.Errorf("blind write left %q", got[0].Data)
	}
}

func causes(t *testing.T, b Backend) {
	c := state.Commit{
		Cause: "click", Result: []byte("12:first"), Writes: []state.Write{put("a", "1", 0)},
		Items: []work.Item{{ID: "i", Conversation: "c"}}, Audit: []audit.Entry{{What: "thing.made", At: noon}},
	}
	first := must(t, b, c)
	if first.Repeated {
		t.Error("the first time counts as repeated")
	}
	again := must(t, b, c)
	if !again.Repeated || string(again.Result) != "12:first" {
		t.Errorf("again = %+v, want the first result", again)
	}
	lane := work.LaneOf(work.In, "c")
	entries := drain(t, b, lane)
	if len(entries) != 1 {
		t.Fatalf("told %d times", len(entries))
	}
	// A cause that was done still takes its entry off the lane.
	c.Ack = &entries[0].Ticket
	must(t, b, c)
	if left, err := b.Pending(t.Context(), lane); err != nil || len(left) != 0 {
		t.Errorf("left on the lane: %v, %v", left, err)
	}
}

func indexes(t *testing.T, b Backend) {
	w := put("a", "", 0)
	for i := range 5 {
		w.Index = append(w.Index, state.Mark{Index: "x", Member: fmt.Sprint("m", i), Score: int64(i) * 1_700_000_000_000})
	}
	w.Index = append(w.Index, state.Mark{Index: "x", Member: "m3", Remove: true})
	must(t, b, state.Commit{Cause: "1", Writes: []state.Write{w}})
	for _, test := range []struct {
		r    state.Range
		want string
	}{
		{state.Range{Index: "x", From: 0, To: 9e15}, "[m0 m1 m2 m4]"},
		{state.Range{Index: "x", From: 0, To: 9e15, Limit: 2}, "[m0 m1]"},
		{state.Range{Index: "x", From: 1, To: 3_400_000_000_000}, "[m1 m2]"},
		{state.Range{Index: "x", From: 0, To: 9e15, Limit: 2, Reverse: true}, "[m4 m2]"},
		{state.Range{Index: "none", From: 0, To: 9e15}, "[]"},
	} {
		members, err := b.List(t.Context(), test.r)
		if err != nil {
			t.Fatal(err)
		}
		ids := []string{}
		for _, m := range members {
			ids = append(ids, m.ID)
		}
		if got := fmt.Sprint(ids); got != test.want {
			t.Errorf("List(%+v) = %s, want %s", test.r, got, test.want)
		}
	}
}

func drain(t *testing.T, b Backend, lane work.Lane) []work.Entry {
	t.Helper()
	entries, err := b.Read(t.Context(), []work.Lane{lane}, 100, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func lanes(t *testing.T, b Backend) {
	c := state.Commit{Cause: "1"}
	for i := range 3 {
		c.Items = append(c.Items, work.Item{ID: fmt.Sprint(i), Conversation: "c", Topic: "t", Data: []byte("é"), At: noon})
	}
	must(t, b, c)
	lane := work.LaneOf(work.In, "c")
	got := drain(t, b, lane)
	if len(got) != 3 || got[0].ID != "0" || got[2].ID != "2" || string(got[1].Data) != "é" || !got[0].At.Equal(noon) {
		t.Fatalf("read %+v", got)
	}
	if again := drain(t, b, lane); len(again) != 0 {
		t.Errorf("read twice: %v", again)
	}
	must(t, b, state.Commit{Cause: "2", Ack: &got[1].Ticket})
	left, err := b.Pending(t.Context(), lane)
	if err != nil || len(left) != 2 || left[0].ID != "0" || left[1].ID != "2" {
		t.Errorf("pending %v, %v", left, err)
	}
}

func dedupe(t *testing.T, b Backend) {
	item := work.Item{ID: "e1", Conversation: "c"}
	for i, test := range []struct {
		keys  []string
		fresh bool
	}{
		{[]string{"ev:1", "msg:1"}, true},
		{[]string{"ev:1", "msg:1"}, false},
		{[]string{"ev:2", "msg:1"}, false}, // the same message under a new event ID
		{[]string{"ev:3", "msg:3"}, true},
	} {
		fresh, err := b.Accept(t.Context(), test.keys, item)
		if err != nil || fresh != test.fresh {
			t.Errorf("%d: fresh = %v, %v, want %v", i, fresh, err, test.fresh)
		}
	}
	if entries := drain(t, b, work.LaneOf(work.In, "c")); len(entries) != 2 {
		t.Errorf("%d entries, want 2", len(entries))
	}
}

func leases(t *testing.T, b Backend) {
	lane := work.Lane{Direction: work.In, Number: 3}
	steps := []struct {
		owner string
		want  bool
	}{{"a", true}, {"b", false}, {"a", true}}
	for i, step := range steps {
		if held, err := b.Lease(t.Context(), lane, step.owner); err != nil || held != step.want {
			t.Errorf("%d: %s held = %v, %v", i, step.owner, held, err)
		}
	}
	for _, owner := range []string{"b", "a"} { // only the owner's release counts
		if err := b.Release(t.Context(), lane, owner); err != nil {
			t.Fatal(err)
		}
		held, err := b.Lease(t.Context(), lane, "b")
		if want := owner == "a"; err != nil || held != want {
			t.Errorf("after release by %s: held = %v, %v", owner, held, err)
		}
	}
}

func dues(t *testing.T, b Backend) {
	due := func(key string, minutes int) work.Due {
		return work.Due{Key: key, At: noon.Add(time.Duration(minutes) * time.Minute),
			Item: work.Item{Conversation: "c", Topic: "due:x", Data: []byte(key)}}
	}
	must(t, b, state.Commit{Cause: "1", Dues: []work.Due{due("a", 1), due("b", 2), due("c", 3), due("d", 4)}})
	must(t, b, state.Commit{Cause: "2", Dues: []work.Due{due("a", 5), {Key: "c"}}})
	move := func(minutes, most, want int, wantNext int) {
		t.Helper()
		moved, next, err := b.MoveDue(t.Context(), noon.Add(time.Duration(minutes)*time.Minute), most)
		if err != nil || moved != want {
			t.Errorf("moved %d, %v, want %d", moved, err, want)
		}
		if wantNext > 0 && !next.Equal(noon.Add(time.Duration(wantNext)*time.Minute)) {
			t.Errorf("next at %v, want %d min", next, wantNext)
		}
	}
	move(1, 10, 0, 2) // never early
	move(4, 1, 1, 4)
	move(4, 10, 1, 5)
	move(60, 10, 1, 0)
	entries := drain(t, b, work.LaneOf(work.In, "c"))
	got := ""
	for _, e := range entries {
		got += string(e.Data)
	}
	if got != "bda" || entries[0].ID != work.DueID("b", noon.Add(2*time.Minute)) {
		t.Errorf("came %q, %+v", got, entries)
	}
}

func effects(t *testing.T, b Backend) {
	ctx := t.Context()
	e := outbox.Effect{ID: "1#0", Kind: "k", Destination: "slack:T:C", Topic: "x", Conversation: "c", Data: []byte(`{"a":1}`)}
	must(t, b, state.Commit{Cause: "1", Effects: []outbox.Effect{e}})
	entries := drain(t, b, e.Lane())
	if len(entries) != 1 || entries[0].ID != e.ID {
		t.Fatalf("out lane has %+v", entries)
	}
	if _, err := b.Arm(ctx, e, "a", noon); !errors.Is(err, outbox.ErrLost) {
		t.Errorf("armed without the lease: %v", err)
	}
	if _, err := b.Lease(ctx, e.Lane(), "a"); err != nil {
		t.Fatal(err)
	}
	for i, want := range []outbox.Status{outbox.Waiting, outbox.Armed} {
		if got, err := b.Arm(ctx, e, "a", noon); err != nil || got != want {
			t.Errorf("arm %d found %s, %v, want %s", i, got, err, want)
		}
	}
	if err := b.Disarm(ctx, e, "a"); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Arm(ctx, e, "a", noon); err != nil || got != outbox.Waiting {
		t.Errorf("armed after disarm found %s, %v", got, err)
	}
	kept, err := b.Effects(ctx, e.ID, "none")
	if err != nil || kept[0].Status != outbox.Armed || !kept[0].ArmedAt.Equal(noon) ||
		string(kept[0].Effect.Data) != `{"a":1}` || kept[1].Status != outbox.Cancelled {
		t.Errorf("effects = %+v, %v", kept, err)
	}
	receipt := outbox.Receipt{Effect: e.ID, Status: outbox.Sent, At: noon, URL: "u",
		Keep: &outbox.Keep{Kind: "thing", ID: "kept", Data: []byte("K")}}
	for range 2 { // a receipt recorded twice is told once
		if err := b.Finish(ctx, entries[0].Ticket, e, receipt); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := b.Arm(ctx, e, "a", noon); err != nil || got != outbox.Sent {
		t.Errorf("arm after the end found %s, %v", got, err)
	}
	if left, err := b.Pending(ctx, e.Lane()); err != nil || len(left) != 0 {
		t.Errorf("left on the out lane: %v, %v", left, err)
	}
	told := drain(t, b, work.LaneOf(work.In, "c"))
	if len(told) != 1 || told[0].Topic != "receipt:x" {
		t.Errorf("told %+v", told)
	}
	if got := read(t, b, "kept"); string(got[0].Data) != "K" {
		t.Errorf("kept %+v", got)
	}
}

// forgotten: an effect that is not kept has no end, and given again it has its own.
func forgotten(t *testing.T, b Backend) {
	e := outbox.Effect{ID: "2#0", Kind: "k", Destination: "slack:T:C", Topic: "x", Conversation: "c"}
	sent := outbox.Receipt{Effect: e.ID, Status: outbox.Sent}
	before := work.Ticket{Lane: e.Lane(), Entry: "1-1"}
	if err := b.Finish(t.Context(), before, e, sent); !errors.Is(err, outbox.ErrForgotten) {
		t.Errorf("end of an effect that is not kept: %v", err)
	}
	must(t, b, state.Commit{Cause: "2", Effects: []outbox.Effect{e}})
	entries := drain(t, b, e.Lane())
	if err := b.Finish(t.Context(), before, e, sent); !errors.Is(err, work.ErrGone) {
		t.Errorf("end of an effect that was given again: %v", err)
	}
	if err := b.Finish(t.Context(), entries[0].Ticket, e, sent); err != nil {
		t.Error(err)
	}
	if kept, err := b.Effects(t.Context(), e.ID); err != nil || kept[0].Status != outbox.Sent {
		t.Errorf("after its end: %+v, %v", kept, err)
	}
	if told := drain(t, b, work.LaneOf(work.In, "c")); len(told) != 1 {
		t.Errorf("told %+v", told)
	}
	// of what has no kind only the entry goes
	must(t, b, state.Commit{Cause: "3", Effects: []outbox.Effect{{ID: "3#0", Destination: e.Destination}}})
	if err := b.Finish(t.Context(), drain(t, b, e.Lane())[0].Ticket, outbox.Effect{ID: "3#0"}, sent); err != nil {
		t.Error(err)
	}
}

// race lets 50 commits meet on one record: one wins, with one effect.
func race(t *testing.T, b Backend) {
	var all sync.WaitGroup
	won := make(chan string, 50)
	for i := range 50 {
		all.Go(func() {
			cause := fmt.Sprint("click", i)
			_, err := b.Commit(context.Background(), state.Commit{
				Cause: cause, Now: noon, Writes: []state.Write{put("a", cause, 0)},
				Effects: []outbox.Effect{{ID: cause + "#0", Destination: "d"}},
			})
			if err == nil {
				won <- cause
			} else if !errors.Is(err, state.ErrConflict) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	close(won)
	if len(won) != 1 {
		t.Fatalf("%d winners", len(won))
	}
	lane := outbox.Effect{Destination: "d"}.Lane()
	if got := drain(t, b, lane); len(got) != 1 || got[0].ID != <-won+"#0" {
		t.Errorf("effects %+v", got)
	}
}
