package state_test

import (
	"fmt"
	"testing"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

func died(t *testing.T, store state.Store, since time.Time, most int) string {
	t.Helper()
	all, err := state.Died(t.Context(), state.Begin(store, "look", noon), since, most)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, one := range all {
		if one.Ref != work.Ref(one.ID) || one.At.IsZero() {
			t.Errorf("%+v", one)
		}
		text += fmt.Sprint(one.ID, " ", one.What, " ", one.Reason, "; ")
	}
	return text
}

// Only what failed with nobody to hear of it is buried.
func TestEffectsThatDie(t *testing.T) {
	store := statetest.NewMem()
	for i, test := range []struct {
		topic   string
		receipt outbox.Receipt
	}{
		{"", outbox.Receipt{Status: outbox.Sent}},
		{"", outbox.Receipt{Status: outbox.Superseded}},
		{"", outbox.Receipt{Status: outbox.Failed, Reason: "slack.nowhere"}},
		{"", outbox.Receipt{Status: outbox.Unknown}},
		{"calendar", outbox.Receipt{Status: outbox.Failed, Reason: "network.denied"}},
	} {
		e := outbox.Effect{ID: fmt.Sprint("e", i), Kind: "card", Destination: "d", Topic: test.topic}
		if _, err := store.Commit(t.Context(), state.Commit{Cause: e.ID, Now: noon, Effects: []outbox.Effect{e}}); err != nil {
			t.Fatal(err)
		}
		test.receipt.Effect, test.receipt.At = e.ID, noon.Add(time.Duration(i)*time.Minute)
		entries, err := store.Read(t.Context(), []work.Lane{e.Lane()}, 1, 0)
		if err != nil || len(entries) != 1 {
			t.Fatalf("read %v, %v", entries, err)
		}
		if err := store.Finish(t.Context(), entries[0].Ticket, e, test.receipt); err != nil {
			t.Fatal(err)
		}
	}
	if got := died(t, store, noon, 0); got != "e3 card outbox.broken; e2 card slack.nowhere; " {
		t.Errorf("died: %s", got)
	}
	if got := died(t, store, noon.Add(3*time.Minute), 0); got != "e3 card outbox.broken; " {
		t.Errorf("died later: %s", got)
	}
	if got := died(t, store, noon, 1); got != "e3 card outbox.broken; " {
		t.Errorf("the last one: %s", got)
	}
}

func TestItemThatDies(t *testing.T) {
	store := statetest.NewMem()
	item := work.Item{ID: "i1", Topic: "due:nobody", Data: []byte("x")}
	if _, err := store.Commit(t.Context(), state.Commit{Cause: "bury", Writes: []state.Write{state.BuryItem(item, noon)}}); err != nil {
		t.Fatal(err)
	}
	if got := died(t, store, noon, 0); got != "i1 due:nobody outbox.unhandled; " {
		t.Errorf("died: %s", got)
	}
}
