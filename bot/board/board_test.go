package board_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

func orderOf(t *testing.T, e outbox.Effect) (order board.Order) {
	t.Helper()
	if err := json.Unmarshal(e.Data, &order); err != nil {
		t.Fatal(err)
	}
	return order
}

// A step that shows a card, and then asks for its newest state, shows it once.
func TestAStepShowsACardOnce(t *testing.T) {
	w := newWall(t)
	w.show("slack")
	effects := w.step(func(ctx context.Context, tx *state.Tx) error {
		if err := board.Refresh(ctx, tx, "theme", "s"); err != nil {
			return err
		}
		return board.Refresh(ctx, tx, "theme", "s")
	})
	if len(effects) != 1 || !orderOf(t, effects[0]).Edit || orderOf(t, effects[0]).Rev != 2 || effects[0].Notifies {
		t.Errorf("%+v", effects)
	}
}

// What somebody waits for goes before what only hangs: the card that was clicked, in
// all its places, and no other.
func TestHurry(t *testing.T) {
	w := newWall(t)
	w.show("slack")
	effects := w.step(func(ctx context.Context, tx *state.Tx) error {
		tx.Emit(outbox.Effect{Kind: "answer", Class: outbox.Post})
		for _, subject := range []string{"s", "other"} {
			if _, err := board.Show(ctx, tx, board.Card{View: "theme", Subject: subject}, func(*state.Tx) string { return subject },
				board.Hang{Place: board.Place{Platform: "discord", Channel: "C"}, Class: outbox.Alert}); err != nil {
				return err
			}
		}
		return board.Hurry(tx, "theme", "s")
	})
	var classes []outbox.Class
	for _, e := range effects {
		classes = append(classes, e.Class)
	}
	// the answer, the card's first place, its new one, the other card
	if want := []outbox.Class{outbox.Post, outbox.Answer, outbox.Alert, outbox.Alert}; !slices.Equal(classes, want) {
		t.Errorf("classes %v", classes)
	}
}

// A card that is hung again where it hangs is another message there; the first
// one follows too.
func TestHungTwiceInOnePlace(t *testing.T) {
	w := newWall(t)
	w.show("slack")
	effects := w.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := board.Show(ctx, tx, board.Card{View: "theme", Subject: "s"}, nil,
			board.Hang{Place: board.Place{Platform: "slack", Channel: "C"}, Class: outbox.Alert, Notifies: true})
		return err
	})
	if len(effects) != 2 {
		t.Fatalf("%+v", effects)
	}
	first, second := orderOf(t, effects[0]), orderOf(t, effects[1])
	if !first.Edit || effects[0].Notifies || second.Edit || !effects[1].Notifies || effects[0].Key == effects[1].Key || second.Copy.Turn != 1 {
		t.Errorf("%+v and %+v", first, second)
	}
}

// Only what puts a card up is a new message: not an edit, nor what is no card.
func TestHangs(t *testing.T) {
	w := newWall(t)
	w.show("slack")
	effects := w.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := board.Show(ctx, tx, board.Card{View: "theme", Subject: "s"}, nil,
			board.Hang{Place: board.Place{Platform: "slack", Channel: "C"}})
		return err
	})
	edit, up := effects[0], effects[1]
	answer, broken := up, up
	answer.Kind, broken.Data = "answer", []byte("{")
	for name, test := range map[string]struct {
		effect outbox.Effect
		want   bool
	}{"put up": {up, true}, "edited": {edit, false}, "no card": {answer, false}, "unreadable": {broken, false}} {
		if got := board.Hangs(test.effect); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
