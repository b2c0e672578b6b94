package board_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

func TestAddress(t *testing.T) {
	for _, base := range []string{"https://crieur.example", "https://crieur.example/"} {
		address := board.Address(base, "abc")
		if address != "https://crieur.example/card/abc" {
			t.Errorf("%s gives %s", base, address)
		}
		if token, ok := board.TokenIn(base, address); token != "abc" || !ok {
			t.Errorf("%s holds %q, %v", address, token, ok)
		}
		for _, other := range []string{"", "abc", "https://crieur.example.evil/card/abc", "http://crieur.example/card/abc"} {
			if token, ok := board.TokenIn(base, other); ok {
				t.Errorf("%q holds %q", other, token)
			}
		}
	}
	if board.Address("", "abc") != "" {
		t.Error("an address without a public one")
	}
	if _, ok := board.TokenIn("", "/card/abc"); ok {
		t.Error("a token without a public address")
	}
}

// TestPreview shares a card more often than its previews follow.
func TestPreview(t *testing.T) {
	w := newWall(t)
	share := func(n int) (shown []board.Order) {
		t.Helper()
		at := board.Place{Platform: "slack", Channel: "C", Message: fmt.Sprint("ts", n), Link: "https://crieur.example/card/x"}
		for _, effect := range w.step(func(ctx context.Context, tx *state.Tx) error {
			return board.Preview(ctx, tx, board.About{View: "theme", Subject: "s"}, at, "fr")
		}) {
			var order board.Order
			if err := json.Unmarshal(effect.Data, &order); err != nil || effect.Notifies {
				t.Fatalf("%v, notifies %v", err, effect.Notifies)
			}
			shown = append(shown, order)
		}
		return shown
	}
	if shown := share(0); len(shown) > 0 {
		t.Fatalf("what never hung is shown: %+v", shown)
	}
	w.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := board.Show(ctx, tx, board.Card{View: "theme", Subject: "s"}, func(*state.Tx) string { return "token" },
			board.Hang{Place: board.Place{Platform: "slack", Channel: "@U1"}, Member: "u1", Class: outbox.Answer})
		return err
	})
	if shown := share(1); len(shown) > 0 {
		t.Fatalf("what one person has is shown: %+v", shown)
	}
	w.show("slack")
	var last []board.Order
	for n := 2; n < 9; n++ {
		last = share(n)
	}
	var messages, keys []string
	for _, order := range last {
		messages = append(messages, order.Copy.Place.Message)
		keys = append(keys, order.Copy.Key(order.Card))
	}
	if want := []string{"", "", "ts4", "ts5", "ts6", "ts7", "ts8"}; !slices.Equal(messages, want) {
		t.Errorf("copies at %q, not %q", messages, want)
	}
	slices.Sort(keys)
	if len(slices.Compact(keys)) != len(last) {
		t.Errorf("two copies have one key: %q", keys)
	}
	if again := share(8); len(again) != len(last) {
		t.Errorf("the same link again makes %d copies of %d", len(again), len(last))
	}
}
