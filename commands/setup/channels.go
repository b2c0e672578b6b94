package setup

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// LookKind is the kind of the effect that asks the chat applications in which
	// channels cards may hang; LookTopic that of its receipt.
	LookKind  = "channels"
	LookTopic = "setup"
)

// Channel is one channel where Crieur already is.
type Channel struct {
	Place board.Place `json:"place"`
	Name  string      `json:"name"`
}

// Seen is what the chat applications said; Silent are those that did not.
type Seen struct {
	Channels []Channel `json:"channels,omitempty"`
	Silent   []string  `json:"silent,omitempty"`
}

var channels = state.Table[Seen]{Kind: "setupchannels", Schema: 1}

// Found is the record of what was seen, for the receipt of the look.
func Found(seen Seen) (*outbox.Keep, error) {
	data, err := channels.Encode(seen)
	if err != nil {
		return nil, fmt.Errorf("encode channels: %w", err)
	}
	return &outbox.Keep{Kind: channels.Kind, ID: Subject, Data: data}, nil
}

// look asks in which channels cards may hang; the answer comes by itself.
func (e *Engine) look(tx *state.Tx) {
	tx.Emit(outbox.Effect{Kind: LookKind, Destination: "chats::channels", Class: outbox.Answer, Key: LookKind,
		Topic: LookTopic, Conversation: LookTopic, Data: json.RawMessage("{}")})
}

// Added asks anew once Crieur was added to a channel, where there is a card to show
// it on.
func (e *Engine) Added(ctx context.Context, tx *state.Tx) error {
	_, hangs, err := board.Get(ctx, tx, board.ID(View, Subject))
	if err == nil && hangs {
		e.look(tx)
	}
	return err
}

// Looked shows on the card what the look found.
func (e *Engine) Looked(ctx context.Context, tx *state.Tx, _ work.Item) error {
	return board.Refresh(ctx, tx, View, Subject)
}

// seen reads what was found, without resting on it.
func seen(ctx context.Context, tx *state.Tx) (Seen, error) {
	found, err := channels.Peek(ctx, tx, Subject)
	if err != nil || len(found) == 0 {
		return Seen{}, err
	}
	return found[0], nil
}

// id names a channel in a menu, which may change before an answer comes: by its
// name, where no other one has it.
func (s Seen) id(c Channel) string {
	twin := slices.ContainsFunc(s.Channels, func(o Channel) bool { return o.Name == c.Name && o.Place != c.Place })
	if twin || len(c.Name) > longestID {
		return c.Place.Destination()
	}
	return c.Name
}

// longestID is how long the value of a choice may be, in bytes.
const longestID = 75

// at finds the chosen places among those that were found.
func (s Seen) at(chosen []string) []board.Place {
	var places []board.Place
	for _, c := range s.Channels {
		if slices.Contains(chosen, s.id(c)) {
			places = append(places, c.Place)
		}
	}
	return places
}
