package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"crieur/bot/board"
	"crieur/bot/state"
	"crieur/integrations/chat/slack"
)

// tails keeps what continues long cards on Slack among the records. A card's
// continuation is written by whoever holds its channel's lane, so by one process
// at a time.
type tails struct {
	store state.Store
	now   func() time.Time
}

var tailTable = state.Table[slack.Tail]{Kind: "tail", Schema: 1, Keep: state.KeepWork}

// Tail implements slack.Tails.
func (t tails) Tail(ctx context.Context, place board.Place) (slack.Tail, error) {
	tail, _, err := tailTable.Get(ctx, state.Begin(t.store, "tail", t.now()), tailOf(place))
	return tail, err
}

// KeepTail implements slack.Tails.
func (t tails) KeepTail(ctx context.Context, place board.Place, tail slack.Tail) error {
	write := state.Write{Key: tailTable.Key(tailOf(place)), Blind: true, Keep: tailTable.Keep, Delete: len(tail.Messages) == 0 && tail.Digest == "" && !tail.Saying}
	if !write.Delete {
		data, err := tailTable.Encode(tail)
		if err != nil {
			return fmt.Errorf("keep continuation of %s: %w", place.Message, err)
		}
		write.Data = data
	}
	_, err := t.store.Commit(ctx, state.Commit{Cause: "tail:" + rand.Text(), Now: t.now(), Writes: []state.Write{write}})
	if err != nil {
		return fmt.Errorf("keep continuation of %s: %w", place.Message, err)
	}
	return nil
}

func tailOf(place board.Place) string { return place.Channel + ":" + place.Message }
