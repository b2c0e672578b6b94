package board_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

// wall is a board with a clock.
type wall struct {
	*testing.T
	store *statetest.Mem
	now   time.Time
	count int
}

func newWall(t *testing.T) *wall {
	return &wall{T: t, store: statetest.NewMem(), now: time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)}
}

func (w *wall) step(decide func(context.Context, *state.Tx) error) []outbox.Effect {
	w.Helper()
	w.count++
	var emitted []outbox.Effect
	_, err := state.Do(w.Context(), w.store, fmt.Sprint("step", w.count), w.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		err := decide(ctx, tx)
		emitted = tx.Effects()
		return nil, err
	})
	if err != nil {
		w.Fatal(err)
	}
	return emitted
}

func (w *wall) show(platform string) {
	w.Helper()
	w.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := board.Show(ctx, tx, board.Card{View: "theme", Subject: "s"}, func(*state.Tx) string { return "token" },
			board.Hang{Place: board.Place{Platform: platform, Channel: "C"}, Class: outbox.Alert, Notifies: true})
		return err
	})
}

func (w *wall) grow() []outbox.Effect {
	return w.step(func(ctx context.Context, tx *state.Tx) error { return board.Grow(ctx, tx, "theme", "s") })
}

// due carries the growth out that waits, if it is time.
func (w *wall) due() (effects []outbox.Effect) {
	w.Helper()
	if moved, _, err := w.store.MoveDue(w.Context(), w.now, 10); err != nil || moved == 0 {
		return nil
	}
	return w.step(func(ctx context.Context, tx *state.Tx) error {
		return board.Grown(ctx, tx, work.Item{Data: []byte("theme/s")})
	})
}

func TestGrowthIsShownEveryTenMinutes(t *testing.T) {
	w := newWall(t)
	if len(w.grow()) != 0 {
		t.Error("a card that never hung was edited")
	}
	w.show("slack")
	for minute, want := range []int{0, 0, 0} {
		w.now = w.now.Add(3 * time.Minute)
		if got := len(w.grow()) + len(w.due()); got != want {
			t.Errorf("after %d min: %d edits", 3*(minute+1), got)
		}
	}
	w.now = w.now.Add(time.Minute)
	effects := w.due()
	if len(effects) != 1 || effects[0].Notifies {
		t.Errorf("after ten minutes: %+v", effects)
	}
	w.now = w.now.Add(10 * time.Minute)
	if len(w.due()) != 0 {
		t.Error("nothing grew, and it was edited")
	}
	if len(w.grow()) != 1 {
		t.Error("ten quiet minutes later growth waits")
	}
}

func TestAClickIsShownAtOnce(t *testing.T) {
	w := newWall(t)
	w.show("slack")
	w.now = w.now.Add(time.Second)
	if got := w.step(func(ctx context.Context, tx *state.Tx) error { return board.Refresh(ctx, tx, "theme", "s") }); len(got) != 1 {
		t.Errorf("%d edits", len(got))
	}
}

func TestAnOldMessageThatGrowsIsHungAnewWhereThatIsSilent(t *testing.T) {
	for platform, turn := range map[string]int{"slack": 0, "discord": 1, "console": 0} {
		w := newWall(t)
		w.show(platform)
		for _, step := range []struct {
			after time.Duration
			turn  int
			moves bool
		}{{3 * time.Hour, 0, false}, {time.Hour, turn, turn > 0}, {time.Hour, turn, false}} {
			w.now = w.now.Add(step.after)
			orders := w.orders(w.grow())
			if len(orders) == 0 || orders[0].Copy.Turn != step.turn || orders[0].Moved {
				t.Fatalf("%s after %s: %+v", platform, step.after, orders)
			}
			// what it leaves behind says so, once
			if left := len(orders) == 2 && orders[1].Moved && orders[1].Copy.Turn == 0; left != step.moves || len(orders) == 2 != step.moves {
				t.Errorf("%s after %s leaves behind %+v", platform, step.after, orders[1:])
			}
		}
	}
}

// orders are what silent effects carry out.
func (w *wall) orders(effects []outbox.Effect) []board.Order {
	w.Helper()
	orders := make([]board.Order, len(effects))
	for i, effect := range effects {
		if err := json.Unmarshal(effect.Data, &orders[i]); err != nil || effect.Notifies {
			w.Fatalf("%+v, %v", effect, err)
		}
	}
	return orders
}

// A card that moved down and is hung once more, so that it rings, is a message of
// its own: not an edit of the one that was left behind.
func TestAMovedCardIsHungOnceMore(t *testing.T) {
	w := newWall(t)
	w.show("discord")
	w.now = w.now.Add(5 * time.Hour)
	w.grow()
	var fresh []string
	for _, effect := range w.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := board.Show(ctx, tx, board.Card{View: "theme", Subject: "s"}, nil,
			board.Hang{Place: board.Place{Platform: "discord", Channel: "C"}, Class: outbox.Alert, Notifies: true})
		return err
	}) {
		if board.Hangs(effect) {
			fresh = append(fresh, effect.Key)
		}
	}
	if len(fresh) != 1 || fresh[0] != "theme/s|discord::C|2" {
		t.Errorf("hung as %q", fresh)
	}
}

func TestATuckedCopyHangsInTheThread(t *testing.T) {
	w := newWall(t)
	w.show("slack")
	place := board.Place{Platform: "slack", Channel: "C"}
	above := board.Copy{Place: place}
	w.step(func(ctx context.Context, tx *state.Tx) error {
		if _, err := board.Show(ctx, tx, board.Card{View: "case", Subject: "c"}, func(*state.Tx) string { return "t2" },
			board.Hang{Place: place, Class: outbox.Alert, Notifies: true}); err != nil {
			return err
		}
		effect := tx.Effects()[0]
		var err error
		effect.Data, err = board.Tuck(ctx, tx, effect.Data, above.Key("theme/s"))
		tx.Amend(effect)
		return err
	})
	var order board.Order
	for _, effect := range w.step(func(ctx context.Context, tx *state.Tx) error { return board.Refresh(ctx, tx, "case", "c") }) {
		if err := json.Unmarshal(effect.Data, &order); err != nil || order.Copy.Under != above.Key("theme/s") {
			t.Errorf("later states go elsewhere: %+v, %v", order, err)
		}
	}
	keep, err := board.Placed("theme/s", above, board.Message{Place: board.Place{Platform: "slack", Channel: "C", Message: "17.5"}})
	if err != nil {
		t.Fatal(err)
	}
	at := func() (message board.Message, found bool) {
		w.step(func(ctx context.Context, tx *state.Tx) (err error) {
			message, found, err = board.Above(ctx, tx, order.Copy)
			return err
		})
		return message, found
	}
	if _, found := at(); found {
		t.Error("it is in the thread of what does not hang yet")
	}
	w.step(func(ctx context.Context, tx *state.Tx) error {
		tx.Write(state.Write{Key: state.Key{Kind: keep.Kind, ID: keep.ID}, Data: keep.Data, Blind: true})
		return nil
	})
	if message, found := at(); !found || message.Message != "17.5" {
		t.Errorf("in the thread of %+v, %v", message, found)
	}
}
