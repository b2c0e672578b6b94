package board

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// AgainTopic is that of due times of cards that are drawn once more.
const AgainTopic = "again"

// Again brings a card to its newest state once more, that long after now: what
// another process shows in its place may come late, and hide it. Asked for again
// before that, it is done once, that long after the last time.
func Again(tx *state.Tx, view, subject string, after time.Duration) {
	id := ID(view, subject)
	tx.Later(work.Due{Key: "again:" + id, At: tx.Now().Add(after),
		Item: work.Item{Conversation: "card:" + id, Topic: "due:" + AgainTopic, Data: []byte(id)}})
}

// DrawnAgain is the due time of a card that is drawn once more.
func DrawnAgain(ctx context.Context, tx *state.Tx, item work.Item) error {
	card, found, err := cards.Get(ctx, tx, string(item.Data))
	if err != nil || !found {
		return err
	}
	_, err = Show(ctx, tx, Card{View: card.View, Subject: card.Subject}, nil)
	return err
}

// Hurry lets what this Tx brings a card to go before all else that waits for its
// places: somebody clicked on it, and reads "Working…" until then.
func Hurry(tx *state.Tx, view, subject string) error {
	for _, effect := range tx.Effects() {
		var order Order
		if effect.Kind != EffectKind {
			continue
		}
		if err := json.Unmarshal(effect.Data, &order); err != nil {
			return fmt.Errorf("decode order of card %s: %w", ID(view, subject), err)
		}
		if order.Edit && order.Card == ID(view, subject) {
			effect.Class = outbox.Answer
			tx.Amend(effect)
		}
	}
	return nil
}
