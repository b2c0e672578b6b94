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

const (
	// GrowTopic is that of due times of cards that grew.
	GrowTopic = "board"
	// growEvery is how often a card that grows by itself is edited.
	growEvery = 10 * time.Minute
	// staleAfter is how old a message may be that still grows.
	staleAfter = 4 * time.Hour
)

// Discord is where edits of old messages are bounded and go unseen, and where a
// new message can come without a sound: there a card that still grows is hung anew
// at the end of the channel. Slack is where every new message may ring.
const (
	discord = "discord"
	slack   = "slack"
)

// Silent says whether a new message can come there without a sound.
func (p Place) Silent() bool { return p.Platform != slack }

// Grow brings a card to its newest state like Refresh, but not oftener than once
// in ten minutes: what changes meanwhile is shown together. It is for what
// changes by itself; who clicked sees the outcome at once, by Refresh.
func Grow(ctx context.Context, tx *state.Tx, view, subject string) error {
	id := ID(view, subject)
	card, found, err := cards.Get(ctx, tx, id)
	if err != nil || !found {
		return err
	}
	if next := card.ShownAt.Add(growEvery); tx.Now().Before(next) {
		tx.Later(work.Due{Key: "grow:" + id, At: next,
			Item: work.Item{Conversation: "card:" + id, Topic: "due:" + GrowTopic, Data: []byte(id)}})
		return nil
	}
	return grow(ctx, tx, id, card)
}

// Grown is the due time of a card that grew less than ten minutes ago.
func Grown(ctx context.Context, tx *state.Tx, item work.Item) error {
	id := string(item.Data)
	card, found, err := cards.Get(ctx, tx, id)
	if err != nil || !found {
		return err
	}
	return grow(ctx, tx, id, card)
}

func grow(ctx context.Context, tx *state.Tx, id string, card Card) error {
	var left []Copy
	for i, copied := range card.Copies {
		if copied.Place.Platform == discord && !card.Stays && !copied.At.IsZero() && tx.Now().Sub(copied.At) >= staleAfter {
			left = append(left, copied)
			card.Copies[i].Turn, card.Copies[i].At = card.turn(copied.Place), tx.Now()
		}
	}
	if len(left) > 0 {
		if err := cards.Put(tx, id, card); err != nil {
			return err
		}
	}
	shown, err := Show(ctx, tx, Card{View: card.View, Subject: card.Subject}, nil)
	for _, copied := range left {
		if err == nil {
			err = leave(tx, id, shown, copied)
		}
	}
	return err
}

// leave lets the message that a copy left behind say so: it follows the card no
// more, and a button there would act on what it does not show.
func leave(tx *state.Tx, id string, card Card, copied Copy) error {
	data, err := json.Marshal(Order{Card: id, Rev: card.Rev, Copy: copied, Edit: true, Moved: true})
	if err != nil {
		return fmt.Errorf("encode order for card %s: %w", id, err)
	}
	tx.Emit(outbox.Effect{Kind: EffectKind, Destination: copied.Place.Destination(), Class: outbox.Digest,
		Key: copied.Key(id), Brand: card.Brand, Member: copied.Member, Data: data})
	return nil
}

// Tuck puts the copy that an effect of this Tx hangs into the thread under a
// copy of another card in the same place, and returns the effect's new content.
// It waits as long as that one does, and comes after everything else there.
func Tuck(ctx context.Context, tx *state.Tx, data json.RawMessage, under string) (json.RawMessage, error) {
	var order Order
	if err := json.Unmarshal(data, &order); err != nil {
		return nil, fmt.Errorf("decode order: %w", err)
	}
	card, _, err := cards.Get(ctx, tx, order.Card)
	if err != nil {
		return nil, err
	}
	key := order.Copy.Key(order.Card)
	for i, copied := range card.Copies {
		if copied.Key(order.Card) == key {
			card.Copies[i].Under = under
		}
	}
	if err := cards.Put(tx, order.Card, card); err != nil {
		return nil, err
	}
	order.Copy.Under = under
	return json.Marshal(order)
}

// Above reads the message in whose thread a copy hangs; found is false when that
// was not put up yet, or when it hangs in none.
func Above(ctx context.Context, tx *state.Tx, copied Copy) (Message, bool, error) {
	if copied.Under == "" {
		return Message{}, false, nil
	}
	return places.Get(ctx, tx, copied.Under)
}
