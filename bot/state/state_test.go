package state_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

type thing struct {
	Count int    `json:"count"`
	Name  string `json:"name,omitempty"`
}

var (
	things = state.Table[thing]{Kind: "thing", Schema: 2}
	noon   = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
)

func do(t *testing.T, store state.Store, cause string, decide func(context.Context, *state.Tx) error) (state.Outcome, error) {
	t.Helper()
	return state.Do(t.Context(), store, cause, noon, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		return []byte(cause), decide(ctx, tx)
	})
}

func add(ctx context.Context, tx *state.Tx) error {
	one, _, err := things.Get(ctx, tx, "a")
	if err != nil {
		return err
	}
	one.Count++
	return things.Put(tx, "a", one)
}

func TestFiftyAtOnceAllCount(t *testing.T) {
	store := statetest.NewMem()
	var all sync.WaitGroup
	failed := make(chan error, 50)
	for i := range 50 {
		all.Go(func() {
			for { // Do gives up after Tries; a lane would bring the cause again
				_, err := do(t, store, fmt.Sprint("add", i), add)
				if err == nil {
					return
				}
				if !errors.Is(err, state.ErrUnavailable) {
					failed <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	if got := string(store.Dump("thing")["a"]); !strings.Contains(got, `"count":50`) {
		t.Errorf("kept %s", got)
	}
}

func TestCauseIsDoneOnce(t *testing.T) {
	store := statetest.NewMem()
	for i := range 3 {
		outcome, err := do(t, store, "click", add)
		if err != nil || outcome.Repeated != (i > 0) || string(outcome.Result) != map[bool]string{true: "click", false: ""}[i > 0] {
			t.Errorf("%d: %+v, %v", i, outcome, err)
		}
	}
	if got := string(store.Dump("thing")["a"]); !strings.Contains(got, `"count":1}`) {
		t.Errorf("kept %s", got)
	}
}

func TestRefusalChangesNothing(t *testing.T) {
	store, refusal := statetest.NewMem(), errors.New("not yours")
	_, err := do(t, store, "click", func(ctx context.Context, tx *state.Tx) error {
		if err := add(ctx, tx); err != nil {
			return err
		}
		tx.Emit(outbox.Effect{Kind: "k"})
		return refusal
	})
	if !errors.Is(err, refusal) || errors.Is(err, state.ErrUnavailable) || len(store.Dump("thing")) != 0 || !store.Idle() {
		t.Errorf("%v, kept %v", err, store.Dump("thing"))
	}
}

// What was read and not written guards the decision.
func TestWhatWasReadGuards(t *testing.T) {
	store := statetest.NewMem()
	tries := 0
	_, err := do(t, store, "decide", func(ctx context.Context, tx *state.Tx) error {
		tries++
		policy, found, err := things.Get(ctx, tx, "policy")
		if err != nil {
			return err
		}
		if _, _, err := things.Get(ctx, tx, "b"); err != nil {
			return err
		}
		if tries == 1 { // somebody changes the policy meanwhile
			if _, err := do(t, store, "other", func(ctx context.Context, tx *state.Tx) error {
				if _, _, err := things.Get(ctx, tx, "policy"); err != nil {
					return err
				}
				return things.Put(tx, "policy", thing{Name: "strict"})
			}); err != nil {
				return err
			}
		}
		return things.Put(tx, "b", thing{Name: fmt.Sprint(found, policy.Name)})
	})
	if got := string(store.Dump("thing")["b"]); err != nil || tries != 2 || !strings.Contains(got, "truestrict") {
		t.Errorf("%d tries, %v, kept %s", tries, err, got)
	}
	// what was only looked at does not
	tries = 0
	_, err = do(t, store, "peek", func(ctx context.Context, tx *state.Tx) error {
		tries++
		if _, err := things.Peek(ctx, tx, "policy"); err != nil {
			return err
		}
		if _, err := do(t, store, "again", func(ctx context.Context, tx *state.Tx) error {
			if _, _, err := things.Get(ctx, tx, "policy"); err != nil {
				return err
			}
			return things.Put(tx, "policy", thing{})
		}); err != nil {
			return err
		}
		return add(ctx, tx)
	})
	if err != nil || tries != 1 {
		t.Errorf("%d tries, %v", tries, err)
	}
}

func TestTxSeesItsOwnWrites(t *testing.T) {
	store := statetest.NewMem()
	_, err := do(t, store, "x", func(ctx context.Context, tx *state.Tx) error {
		if err := add(ctx, tx); err != nil {
			return err
		}
		if err := add(ctx, tx); err != nil {
			return err
		}
		if one, found, err := things.Get(ctx, tx, "a"); err != nil || !found || one.Count != 2 {
			t.Errorf("own write: %+v, %v, %v", one, found, err)
		}
		things.Delete(tx, "a")
		if _, found, err := things.Get(ctx, tx, "a"); err != nil || found {
			t.Errorf("own delete: %v, %v", found, err)
		}
		return add(ctx, tx)
	})
	if got := string(store.Dump("thing")["a"]); err != nil || !strings.Contains(got, `"count":1}`) {
		t.Errorf("%v, kept %s", err, got)
	}
}

// A write of what was not read could never stand once the record exists: it is a
// mistake of the program and must be seen, not tried for ever.
func TestWriteWithoutReadIsAMistake(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("written unread")
		}
	}()
	_, _ = do(t, statetest.NewMem(), "x", func(_ context.Context, tx *state.Tx) error {
		return things.Put(tx, "a", thing{})
	})
}

func TestNamesComeFromTheCause(t *testing.T) {
	names := func(cause string) string {
		tx := state.Begin(statetest.NewMem(), cause, noon)
		tx.Emit(outbox.Effect{})
		tx.Emit(outbox.Effect{})
		tx.Tell(work.Item{Conversation: "c"})
		return fmt.Sprint(tx.NewID("d"), tx.NewID("d"), tx.Effects()[0].ID, tx.Effects()[1].ID)
	}
	if names("a") != names("a") || names("a") == names("b") {
		t.Errorf("%s, %s", names("a"), names("b"))
	}
	if !strings.Contains(names("a"), "a#0") || !strings.Contains(names("a"), "a#1") {
		t.Error(names("a"))
	}
}

func TestSchemas(t *testing.T) {
	store := statetest.NewMem()
	put := func(cause, data string) {
		_, err := store.Commit(t.Context(), state.Commit{Cause: cause, Writes: []state.Write{{Key: things.Key("a"), Data: []byte(data), Blind: true}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	read := func() (thing, bool, error) {
		return things.Get(t.Context(), state.Begin(store, "read", noon), "a")
	}
	put("1", `{"schema":1,"body":{"count":7}}`) // of the release before
	if one, found, err := read(); err != nil || !found || one.Count != 7 {
		t.Errorf("%+v, %v, %v", one, found, err)
	}
	for cause, data := range map[string]string{"newer": `{"schema":3,"body":{}}`, "broken": `{"schema":2,"body":[]}`, "no JSON": `x`} {
		put(cause, data)
		if one, found, err := read(); err == nil || found {
			t.Errorf("%s: %+v, %v", cause, one, found)
		}
	}
}

// away is a store that does not answer.
type away struct{ state.Store }

func (away) Get(context.Context, ...state.Key) ([]state.Record, error) {
	return nil, errors.New("no answer")
}

func TestStoreAwayIsSaid(t *testing.T) {
	_, err := do(t, away{statetest.NewMem()}, "x", add)
	if !errors.Is(err, state.ErrUnavailable) {
		t.Errorf("%v", err)
	}
	// even if the handler makes something else of it
	_, err = do(t, away{statetest.NewMem()}, "x", func(ctx context.Context, tx *state.Tx) error {
		_ = add(ctx, tx)
		return nil
	})
	if !errors.Is(err, state.ErrUnavailable) {
		t.Errorf("%v", err)
	}
}
