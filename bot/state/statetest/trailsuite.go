package statetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"crieur/bot/audit"
	"crieur/bot/secret"
	"crieur/bot/state"
)

// TrailBackend is where the trail is kept.
type TrailBackend interface {
	state.Store
	audit.Trail
	Chain(ctx context.Context) iter.Seq2[audit.Link, error]
	AllSalts(ctx context.Context) (audit.Salts, error)
	ForgetSalts(ctx context.Context, people ...string) error
}

// RunTrail holds a backend against what the sealer relies on. fresh returns an
// empty space.
func RunTrail(t *testing.T, fresh func(t *testing.T) TrailBackend) {
	for name, test := range map[string]func(*testing.T, func(t *testing.T) TrailBackend){
		"order":  sealedInOrder,
		"lease":  sealLease,
		"race":   sealersRace,
		"crash":  sealerCrashes,
		"forget": forgetPerson,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh)
		})
	}
}

func isPerson(kind, id string) bool { return kind == "case" || id == "noa" }

func sealer(trail audit.Trail, owner string) *audit.Sealer {
	key, err := audit.ParseKey(secret.Secret(strings.Repeat("17", 32)))
	if err != nil {
		panic(err)
	}
	return &audit.Sealer{Trail: trail, Owner: owner, Personal: isPerson, Key: key, Log: slog.New(slog.DiscardHandler)}
}

// live commits n entries, in pairs; they are numbered in their verbs.
func live(t *testing.T, b TrailBackend, from, n int) {
	t.Helper()
	for i := from; i < from+n; i += 2 {
		var entries []audit.Entry
		for j := i; j < min(i+2, from+n); j++ {
			entries = append(entries, audit.Entry{At: noon, Who: "noa", What: fmt.Sprint("did.", j), Subject: "case/kim", Brand: "b"})
		}
		if _, err := b.Commit(t.Context(), state.Commit{Cause: fmt.Sprint("cause ", i), Now: noon, Audit: entries}); err != nil {
			t.Fatal(err)
		}
	}
}

// whole fails unless the chain holds and its entries are the n that were
// committed, each once, in order.
func whole(t *testing.T, b TrailBackend, n int) audit.Report {
	t.Helper()
	report, err := audit.Verify(b.Chain(t.Context()), audit.Expect{})
	if err != nil || report.Links != int64(n) {
		t.Fatalf("%+v, %v; want %d links", report, err, n)
	}
	i := 0
	for link, err := range b.Chain(t.Context()) {
		sealed, ok, open := link.Open()
		if err != nil || open != nil || !ok || sealed.What != fmt.Sprint("did.", i) {
			t.Fatalf("link %d holds %+v, %v %v", link.N, sealed, err, open)
		}
		i++
	}
	if left, err := b.Unsealed(t.Context(), 10); err != nil || len(left) > 0 {
		t.Fatalf("left unsealed: %v, %v", left, err)
	}
	return report
}

func sealedInOrder(t *testing.T, fresh func(t *testing.T) TrailBackend) {
	b := fresh(t)
	if head, err := b.Head(t.Context()); err != nil || head.N != 0 || head.Hash != "" {
		t.Fatalf("head of an empty chain: %+v, %v", head, err)
	}
	live(t, b, 0, 601) // more than a page and several batches
	if err := sealer(b, "one").SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	report := whole(t, b, 601)
	if report.Signed != 601 || len(report.Keys) != 1 {
		t.Errorf("%+v", report)
	}
	for link, err := range b.Chain(t.Context()) {
		if err != nil || strings.Contains(string(link.Entry), "noa") || strings.Contains(string(link.Entry), "kim") {
			t.Fatalf("a person in the chain: %s, %v", link.Entry, err)
		}
	}
}

func sealLease(t *testing.T, fresh func(t *testing.T) TrailBackend) {
	b := fresh(t)
	for i, owner := range []string{"one", "one", "two", "one"} {
		if held, err := b.LeaseSeal(t.Context(), owner); err != nil || held != (owner == "one") {
			t.Errorf("%d: %s holds it: %v, %v", i, owner, held, err)
		}
	}
}

// sealersRace lets sealers work side by side, as when a lease ended in the
// middle of a step, while entries come in.
func sealersRace(t *testing.T, fresh func(t *testing.T) TrailBackend) {
	b := fresh(t)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			s := sealer(b, fmt.Sprint("sealer ", i))
			for range 20 {
				if _, err := s.Seal(context.Background()); err != nil && !errors.Is(err, audit.ErrMoved) {
					t.Error(err)
				}
			}
		})
	}
	live(t, b, 0, 80)
	all.Wait()
	if err := sealer(b, "last").SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	whole(t, b, 80)
}

// sealerCrashes kills a sealer before and after each of its calls, then lets
// another one go on.
func sealerCrashes(t *testing.T, fresh func(t *testing.T) TrailBackend) {
	for at := 0; ; at++ {
		b := fresh(t)
		live(t, b, 0, 300)
		dying := &mortal{Trail: b, at: at}
		err := sealer(dying, "dying").SealAll(t.Context())
		if err == nil {
			break // it was done before its time came
		}
		if !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		live(t, b, 300, 10)
		if err := sealer(b, "heir").SealAll(t.Context()); err != nil {
			t.Fatalf("after a kill at %d: %v", at, err)
		}
		whole(t, b, 310)
	}
}

var errKilled = errors.New("killed")

// mortal is a trail whose user dies at one instant: before a call, or after it
// was done and before its answer arrived.
type mortal struct {
	audit.Trail
	at, count int
}

func (m *mortal) call(do func() error) error {
	if m.count++; m.count > m.at {
		return errKilled
	}
	err := do()
	if m.count++; m.count > m.at {
		return errKilled
	}
	return err
}

func (m *mortal) Unsealed(ctx context.Context, most int) (waiting []audit.Appended, err error) {
	err = m.call(func() (err error) { waiting, err = m.Trail.Unsealed(ctx, most); return err })
	return waiting, err
}

func (m *mortal) Head(ctx context.Context) (head audit.Link, err error) {
	err = m.call(func() (err error) { head, err = m.Trail.Head(ctx); return err })
	return head, err
}

func (m *mortal) Salts(ctx context.Context, people []string, fresh func() string) (salts audit.Salts, err error) {
	err = m.call(func() (err error) { salts, err = m.Trail.Salts(ctx, people, fresh); return err })
	return salts, err
}

func (m *mortal) Seal(ctx context.Context, head audit.Link, links []audit.Link, taken []audit.Appended) error {
	return m.call(func() error { return m.Trail.Seal(ctx, head, links, taken) })
}

// forgetPerson: the chain names people while their salt is kept, and holds when
// it is not.
func forgetPerson(t *testing.T, fresh func(t *testing.T) TrailBackend) {
	b := fresh(t)
	live(t, b, 0, 3)
	if err := sealer(b, "one").SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := firstNamed(t, b); got.Who != "noa" || got.Subject != "case/kim" {
		t.Errorf("before: %+v", got)
	}
	if err := b.ForgetSalts(t.Context(), "noa", "nobody"); err != nil {
		t.Fatal(err)
	}
	whole(t, b, 3)
	if got := firstNamed(t, b); got.Who == "noa" || got.Subject != "case/kim" {
		t.Errorf("after: %+v", got)
	}
	// the same name is another person from now on
	before := firstNamed(t, b).Who
	live(t, b, 3, 1)
	if err := sealer(b, "one").SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	whole(t, b, 4)
	if got := firstNamed(t, b); got.Who != before {
		t.Errorf("a new salt names an old entry: %+v", got)
	}
}

func firstNamed(t *testing.T, b TrailBackend) audit.Entry {
	t.Helper()
	salts, err := b.AllSalts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for link := range b.Chain(t.Context()) {
		sealed, _, err := link.Open()
		if err != nil {
			t.Fatal(err)
		}
		return audit.Unveil(sealed.Entry, salts.Names())
	}
	t.Fatal("no link")
	return audit.Entry{}
}
