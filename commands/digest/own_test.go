package digest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

// early is somebody who wants the brief at half past seven, where they are.
func early(t *testing.T) *brand.Member {
	t.Helper()
	montreal, err := time.LoadLocation("America/Montreal")
	if err != nil {
		t.Fatal(err)
	}
	at := hours.Clock(7*60 + 30)
	return &brand.Member{ID: "noa", Name: "Noa", Brief: &at, Zone: montreal, Handles: map[string]string{"slack:T": "UNOA"},
		Away: hours.Days{{Year: 2026, Month: time.November, Day: 27}}}
}

func TestOwnAt(t *testing.T) {
	b, m := colibri(t), early(t)
	for _, test := range []struct{ name, now, next string }{
		{"today's", "2026-11-26T07:00", "2026-11-26T07:30"},
		{"on the day off and the weekend, none", "2026-11-26T07:30", "2026-11-30T07:30"},
		{"the brand rests", "2026-11-10T09:00", "2026-11-12T07:30"},
	} {
		now, err := time.ParseInLocation("2006-01-02T15:04", test.now, m.Zone)
		if err != nil {
			t.Fatal(err)
		}
		next, ok := ownAt(b, m, now.UTC())
		if got := next.In(m.Zone).Format("2006-01-02T15:04"); !ok || got != test.next {
			t.Errorf("%s: %s, want %s", test.name, got, test.next)
		}
	}
	m.Hours = &hours.Week{}
	if next, ok := ownAt(b, m, time.Unix(0, 0)); ok {
		t.Errorf("who never works: %v", next)
	}
	m = early(t)
	m.Brief = nil
	if next, ok := ownAt(b, m, time.Unix(0, 0)); ok {
		t.Errorf("who wants none: %v", next)
	}
}

// room is a store with an engine of one brand and one member, and the time there.
type room struct {
	*testing.T
	store  *statetest.Mem
	engine *Engine
	now    time.Time
	steps  int
}

func newRoom(t *testing.T, m *brand.Member, now string) *room {
	b := colibri(t)
	b.Approvals = []board.Place{{Platform: "slack", Team: "T", Channel: "C"}}
	at, err := time.ParseInLocation("2006-01-02T15:04", now, b.Zone)
	if err != nil {
		t.Fatal(err)
	}
	r := &room{T: t, store: statetest.NewMem(), now: at}
	r.engine = &Engine{Space: &brand.Space{Brands: []*brand.Brand{b}, Members: []*brand.Member{m}},
		NewToken: func(*state.Tx) string { return fmt.Sprint("token", r.steps) }}
	return r
}

func (r *room) step(decide func(context.Context, *state.Tx) error) {
	r.Helper()
	r.steps++
	_, err := state.Do(r.Context(), r.store, fmt.Sprint("step", r.steps), r.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		return nil, decide(ctx, tx)
	})
	if err != nil {
		r.Fatal(err)
	}
}

// next is the next due time, in Paris; empty if nothing is due.
func (r *room) next() string {
	r.Helper()
	_, next, err := r.store.MoveDue(r.Context(), r.now, 0)
	if err != nil {
		r.Fatal(err)
	}
	if next.IsZero() {
		return ""
	}
	return next.In(r.now.Location()).Format("2006-01-02T15:04")
}

func (r *room) due(data string) {
	r.Helper()
	r.step(func(ctx context.Context, tx *state.Tx) error {
		return r.engine.OwnDue(ctx, tx, work.Item{Data: []byte(data)})
	})
}

// hung are the places that the brief was sent to, one entry for each sending.
func (r *room) hung() (places []string) {
	for _, record := range r.store.Sent() {
		if record.Effect.Kind == board.EffectKind {
			places = append(places, record.Effect.Destination)
		}
	}
	return places
}

func TestOwnBrief(t *testing.T) {
	m := early(t)
	r := newRoom(t, m, "2026-11-26T13:30") // half past seven in Montreal
	r.step(func(_ context.Context, tx *state.Tx) error { r.engine.Own(tx, m); return nil })
	if got := r.next(); got != "2026-11-30T13:30" {
		t.Errorf("due %s", got)
	}
	r.due("colibri/noa")
	if got := r.hung(); len(got) != 1 || got[0] != (board.Place{Platform: "slack", Team: "T", Channel: "@UNOA"}).Destination() {
		t.Errorf("sent to %v", got)
	}
	for _, record := range r.store.Sent() {
		if e := record.Effect; e.Class != outbox.Digest || !e.Notifies || e.Member != "noa" {
			t.Errorf("sent as %+v", e)
		}
	}
	for _, gone := range []string{"colibri/gone", "gone/noa", ""} {
		r.due(gone)
	}
	r.now = r.now.AddDate(0, 0, 2) // Saturday, after an outage
	r.due("colibri/noa")
	if got := r.hung(); len(got) != 1 {
		t.Errorf("sent to %v", got)
	}
	m.Brief = nil
	r.step(func(_ context.Context, tx *state.Tx) error { r.engine.Own(tx, m); return nil })
	if got := r.next(); got != "" {
		t.Errorf("still due at %s", got)
	}
	r.now = r.now.AddDate(0, 0, 2)
	r.due("colibri/noa")
	if got := r.hung(); len(got) != 1 {
		t.Errorf("who wants none any more: sent to %v", got)
	}
}

func TestArmAndOpenSetOwnBriefs(t *testing.T) {
	for name, act := range map[string]func(*room, *state.Tx){
		"arm":  func(r *room, tx *state.Tx) { r.engine.Arm(tx) },
		"open": func(r *room, tx *state.Tx) { r.engine.Open(tx, r.engine.Space.Now().Brands[0]) },
	} {
		r := newRoom(t, early(t), "2026-11-26T12:00")
		r.step(func(_ context.Context, tx *state.Tx) error { act(r, tx); return nil })
		if got := r.next(); got != "2026-11-26T13:30" { // before the handover of 18:15
			t.Errorf("%s: due %s", name, got)
		}
	}
}
