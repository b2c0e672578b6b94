package console

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
)

// handleLife is how long an answer may take, on the demo's clock, which leaps:
// the console itself keeps a handle as long as it has room.
const handleLife = 24 * time.Hour

// Post puts a card up. A nonce that came before returns where its message is.
func (c *Console) Post(_ context.Context, place board.Place, card bot.Card, how bot.PostOptions) (board.Place, error) {
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if at, twice := r.nonces[how.Nonce]; twice && how.Nonce != "" {
		return at, nil
	}
	if !r.exists(place.Channel) || place.Channel == Outside {
		return board.Place{}, gone("post to channel", place.Channel)
	}
	m := r.add(&message{Pane: place.Channel, Thread: place.Thread, Card: card, At: c.opts.Now(), Bell: !how.Silent})
	if m.Bell {
		r.ring(m)
	}
	place.Platform, place.Message = string(bot.Console), m.ID
	if how.Nonce != "" {
		r.nonces[how.Nonce] = place
	}
	return place, nil
}

// Edit brings a card to a new state. One that says the same is drawn anew, with
// its buttons, but is not shown as changed.
func (c *Console) Edit(_ context.Context, place board.Place, card bot.Card) error {
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	m, found := r.byID[place.Message]
	if !found || m.From != "" || m.Post != nil || m.Pane != place.Channel {
		return gone("edit message", place.Message)
	}
	if !reflect.DeepEqual(m.Card, card) {
		m.Card, m.Edited, m.Edits = card, c.opts.Now(), m.Edits+1
	}
	r.touch(m)
	return nil
}

// Answer answers an interaction privately. A card without any content ends the
// wait without a word.
func (c *Console) Answer(_ context.Context, h bot.Handle, card bot.Card) error {
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	known, found := r.handles.get(h.Secret)
	if !found {
		return gone("answer interaction", h.ID)
	}
	// The clicked card said "Working…": drawing it anew gives its buttons back.
	if m, found := r.byID[known.place.Message]; found {
		r.touch(m)
	}
	echo := ""
	if waiting, found := r.byID[known.waiting]; found && waiting.Wait {
		waiting.Wait, waiting.Gone, echo = false, true, waiting.Echo
		r.touch(waiting)
	}
	if len(card.Title) > 0 || len(card.Blocks) > 0 || len(card.Buttons) > 0 {
		r.add(&message{
			Pane: known.place.Channel, Thread: known.place.Thread, Only: known.person,
			Card: card, Echo: echo, At: c.opts.Now(),
		})
	}
	return nil
}

func gone(verb, id string) error {
	return &outbox.Error{Fault: outbox.Gone, Reason: "console.gone", Err: fmt.Errorf("%s %q: there is none", verb, id)}
}
