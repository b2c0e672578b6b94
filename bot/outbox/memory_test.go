package outbox

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// What comes again is known by all that it says, and not by its name alone.
func TestMemoryOf(t *testing.T) {
	done := Effect{ID: "1", Kind: "answer", Destination: "d", Data: []byte("hello")}
	hung := Effect{ID: "2", Kind: "card", Destination: "d", Key: "k", Data: []byte("card")}
	silent := Effect{ID: "3", Kind: "card", Destination: "d", Key: "other"}
	m := newMemory()
	m.did(done, Receipt{Ref: "done"})
	m.did(hung, Receipt{Ref: "hung", Keep: &Keep{ID: "k"}})
	m.did(silent, Receipt{Ref: "silent"})
	change := func(e Effect, how func(*Effect)) Effect { how(&e); return e }
	for _, test := range []struct {
		name string
		is   Effect
		want string // its receipt; none: it is new
	}{
		{"the same", done, "done"},
		{"another", change(done, func(e *Effect) { e.ID = "9" }), ""},
		{"another kind", change(done, func(e *Effect) { e.Kind = "card" }), ""},
		{"elsewhere", change(done, func(e *Effect) { e.Destination = "e" }), ""},
		{"other words", change(done, func(e *Effect) { e.Data = []byte("bye") }), ""},
		{"the same that shows something", change(done, func(e *Effect) { e.Key = "k2" }), ""},
		{"the same card", hung, "hung"},
		{"the card's next state", change(hung, func(e *Effect) { e.ID, e.Data = "9", []byte("next") }), "hung"},
		{"the card elsewhere", change(hung, func(e *Effect) { e.Destination = "e" }), ""},
		{"another card", change(hung, func(e *Effect) { e.Key = "k2" }), ""},
		{"no card", change(hung, func(e *Effect) { e.Key = "" }), ""},
		{"a card that was not put up", silent, ""},
	} {
		receipt, did := m.of(test.is)
		if did != (test.want != "") || did && receipt.Ref != test.want {
			t.Errorf("%s: %q, %v", test.name, receipt.Ref, did)
		}
	}
}

// What happened lately is known for as long as Redis may lose it, and then no more.
func TestMemoryIsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRelay(Options{})
		ctx, end := context.WithCancel(t.Context())
		go r.wake(ctx)
		time.Sleep(remember)
		done, card := Effect{ID: "done"}, Effect{ID: "card", Key: "k"}
		r.memory.did(done, Receipt{})
		r.memory.did(card, Receipt{Keep: &Keep{}})
		r.memory.doubt(done)
		knows := func(want bool) {
			t.Helper()
			_, one := r.memory.of(done)
			_, two := r.memory.of(card)
			if three := r.memory.doubted(done); one != want || two != want || three != want {
				t.Errorf("knows what it did %v, what it put up %v, what it doubts %v; want %v", one, two, three, want)
			}
		}
		time.Sleep(remember - time.Second)
		knows(true)
		time.Sleep(2 * time.Second)
		knows(false)
		time.Sleep(2 * remember)
		end()
		synctest.Wait()
		if len(r.memory.recent)+len(r.memory.doubts) != 0 {
			t.Errorf("still in memory: %v, %v", r.memory.recent, r.memory.doubts)
		}
	})
}
