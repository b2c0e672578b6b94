package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// channels take a message a second each, and refuse what comes sooner.
type channels struct {
	mu      sync.Mutex
	last    map[string]time.Time
	said    map[string][]string
	refused int
	waits   time.Duration // what the first message to channel 0 is told
}

func (c *channels) Send(_ context.Context, e outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if after := c.waits; after > 0 && e.Destination == "slack:T:0" {
		c.waits = 0
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Limited, After: after}
	}
	if time.Since(c.last[e.Destination]) < time.Second {
		c.refused++
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Limited, After: time.Second}
	}
	c.last[e.Destination] = time.Now()
	c.said[e.Destination] = append(c.said[e.Destination], e.ID)
	return outbox.Receipt{}, nil
}

// TestStormOnSlack sends many messages to many channels, one of which asks to
// wait for a minute: each channel says its own in order, none is asked to slow
// down, and the others need no longer than a message a second and a tenth.
func TestStormOnSlack(t *testing.T) {
	count, each := 50, 20
	if os.Getenv("CRIEUR_LONG") != "" {
		count = 500
	}
	synctest.Test(t, func(t *testing.T) {
		store, outside := statetest.NewMem(), &channels{last: map[string]time.Time{}, said: map[string][]string{}, waits: time.Minute}
		for n := range each {
			commit := state.Commit{Cause: fmt.Sprint("c", n), Now: time.Now()}
			for i := range count {
				commit.Effects = append(commit.Effects, outbox.Effect{ID: fmt.Sprintf("%d/%02d", i, n), Kind: board.EffectKind, Destination: fmt.Sprint("slack:T:", i), Data: []byte("{}")})
			}
			if _, err := store.Commit(t.Context(), commit); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		relay := outbox.NewRelay(outbox.Options{Store: store, Queue: store, Owner: "o", Now: time.Now, Pace: pace,
			Senders: map[string]outbox.Sender{board.EffectKind: outside}, Log: slog.New(slog.DiscardHandler)})
		ctx, end := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { relay.Run(ctx) })
		defer running.Wait()
		defer end()
		time.Sleep(time.Minute + time.Duration(each)*1100*time.Millisecond + time.Second)
		outside.mu.Lock()
		defer outside.mu.Unlock()
		for i := range count {
			name := fmt.Sprint("slack:T:", i)
			if said := outside.said[name]; len(said) != each || !slices.IsSorted(said) {
				t.Errorf("%s: %v", name, said)
			}
			if took := outside.last[name].Sub(began); i > 0 && took > time.Duration(each-1)*1100*time.Millisecond {
				t.Errorf("%s took %v", name, took)
			}
		}
		if wait := outside.last["slack:T:0"].Sub(began); wait < time.Minute || outside.refused > 0 {
			t.Errorf("the channel that must wait was done after %v; %d refused", wait, outside.refused)
		}
	})
}
