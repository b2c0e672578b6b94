package board_test

import (
	"context"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

func TestLeave(t *testing.T) {
	mem := statetest.NewMem()
	do := func(cause string, decide func(ctx context.Context, tx *state.Tx) error) {
		t.Helper()
		_, err := state.Do(t.Context(), mem, cause, time.Unix(1000, 0), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			return nil, decide(ctx, tx)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	team := board.Place{Platform: "slack", Team: "T", Channel: "C1"}
	direct := board.Place{Platform: "slack", Team: "T", Channel: "@U1"}
	do("show", func(ctx context.Context, tx *state.Tx) error {
		_, err := board.Show(ctx, tx, board.Card{View: "v", Subject: "s"}, func(*state.Tx) string { return "token" },
			board.Hang{Place: team}, board.Hang{Place: direct, Member: "noa"})
		return err
	})
	id := board.ID("v", "s")
	for i, copied := range []board.Copy{{Place: team}, {Place: direct, Member: "noa"}} {
		keep, err := board.Placed(id, copied, board.Message{Place: copied.Place})
		if err != nil {
			t.Fatal(err)
		}
		effect := mem.Sent()[i].Effect
		entries, err := mem.Read(t.Context(), []work.Lane{effect.Lane()}, 1, 0)
		if err != nil || len(entries) != 1 {
			t.Fatalf("read %v, %v", entries, err)
		}
		err = mem.Finish(t.Context(), entries[0].Ticket, effect, outbox.Receipt{Effect: effect.ID, Status: outbox.Sent, Keep: keep})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := len(mem.Dump("place")); n != 2 {
		t.Fatalf("%d places", n)
	}
	do("leave", func(ctx context.Context, tx *state.Tx) error { return board.Leave(ctx, tx, id, "noa") })
	do("look", func(ctx context.Context, tx *state.Tx) error {
		card, found, err := board.Get(ctx, tx, id)
		if err != nil || !found || len(card.Copies) != 1 || card.Copies[0].Place != team {
			t.Errorf("%+v, %v, %v", card, found, err)
		}
		if _, placed, err := board.PlaceOf(ctx, tx, id, board.Copy{Place: direct, Member: "noa"}); placed || err != nil {
			t.Errorf("it still says where their copy hangs: %v", err)
		}
		return board.Leave(ctx, tx, "v/none", "noa") // a card that is not there
	})
	if n := len(mem.Dump("place")); n != 1 {
		t.Errorf("%d places, want the team's", n)
	}
}
