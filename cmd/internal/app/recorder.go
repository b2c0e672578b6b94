package app

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
	"crieur/commands/mentions"
)

// heldClock stands still until it is moved.
type heldClock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is where it stands.
func (c *heldClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// move puts it forward; it never goes back.
func (c *heldClock) move(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now) {
		c.now = t
	}
}

// message is one that would have been sent.
type message struct {
	brand              string
	place              board.Place
	at                 time.Time
	notifies, critical bool
}

// recorder is a chat application that nobody reads.
type recorder struct {
	platform bot.Platform
	posted   atomic.Int64
}

// Platform implements bot.Chat.
func (r *recorder) Platform() bot.Platform { return r.platform }

// Post implements bot.Chat.
func (r *recorder) Post(_ context.Context, place board.Place, _ bot.Card, _ bot.PostOptions) (board.Place, error) {
	place.Message = strconv.FormatInt(r.posted.Add(1), 10)
	return place, nil
}

// Edit implements bot.Chat.
func (r *recorder) Edit(context.Context, board.Place, bot.Card) error { return nil }

// Answer implements bot.Chat. Nobody asks anything here.
func (r *recorder) Answer(context.Context, bot.Handle, bot.Card) error { return nil }

// pages counts calls of the pager, without exercises.
type pages struct {
	mu    sync.Mutex
	calls []oncall.Page
}

// Send implements outbox.Sender.
func (p *pages) Send(_ context.Context, effect outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	var page oncall.Page
	if err := json.Unmarshal(effect.Data, &page); err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !page.Exercise {
		p.calls = append(p.calls, page)
	}
	return outbox.Receipt{Ref: effect.ID}, nil
}

// tally is a store that knows whether anything is under way: what entered and
// was not handled, what is to be done and did not end. Counts may be late, but
// whoever waits confirms them with the store itself.
type tally struct {
	Backend
	gate outbox.Gate

	mu      sync.Mutex
	in, out int
	// off are the tickets handed in: an entry that is delivered twice counts once.
	off     map[work.Ticket]bool
	resting map[string]time.Time // effects that wait for people to work again
	alerts  map[string]int       // by brand
	urgent  map[string]int
	// repeated counts mentions that had been heard before; messages are the cards
	// that were put up, edits how often one was brought to a new state.
	repeated, edits int
	messages        []message
	moved           chan struct{} // has an entry when a count changed
}

func newTally(b Backend, gate outbox.Gate) *tally {
	return &tally{Backend: b, gate: gate, off: map[work.Ticket]bool{}, resting: map[string]time.Time{}, alerts: map[string]int{}, urgent: map[string]int{},
		moved: make(chan struct{}, 1)}
}

func (t *tally) count(change func()) {
	t.mu.Lock()
	change()
	t.mu.Unlock()
	select {
	case t.moved <- struct{}{}:
	default:
	}
}

// Accept implements bot.Accepter.
func (t *tally) Accept(ctx context.Context, dedupe []string, item work.Item) (bool, error) {
	fresh, err := t.Backend.Accept(ctx, dedupe, item)
	switch {
	case err != nil:
	case fresh:
		t.count(func() { t.in++ })
	case item.Topic == mentions.HearTopic:
		t.count(func() { t.repeated++ })
	}
	return fresh, err
}

// MoveDue implements work.Queue.
func (t *tally) MoveDue(ctx context.Context, now time.Time, most int) (int, time.Time, error) {
	moved, next, err := t.Backend.MoveDue(ctx, now, most)
	if moved > 0 {
		t.count(func() { t.in += moved })
	}
	return moved, next, err
}

// Commit implements state.Store.
func (t *tally) Commit(ctx context.Context, c state.Commit) (state.Outcome, error) {
	outcome, err := t.Backend.Commit(ctx, c)
	if err != nil {
		return outcome, err
	}
	t.count(func() {
		if c.Ack != nil && c.Ack.Lane.Direction == work.In && !t.off[*c.Ack] {
			t.off[*c.Ack] = true
			t.in--
		}
		if outcome.Repeated {
			return
		}
		t.in += len(c.Items)
		t.out += len(c.Effects)
		for _, entry := range c.Audit {
			switch entry.What {
			case "alert.opened":
				t.alerts[entry.Brand]++
			case "alert.urgent":
				t.urgent[entry.Brand]++
			}
		}
	})
	return outcome, nil
}

// Finish implements outbox.Store.
func (t *tally) Finish(ctx context.Context, ticket work.Ticket, effect outbox.Effect, receipt outbox.Receipt) error {
	err := t.Backend.Finish(ctx, ticket, effect, receipt)
	if err == nil {
		t.count(func() {
			if t.off[ticket] {
				return
			}
			t.off[ticket] = true
			t.out--
			t.note(effect, receipt)
			delete(t.resting, effect.ID)
			if effect.Topic != "" {
				t.in++
			}
		})
	}
	return err
}

// note keeps what a card's receipt says. A receipt that comes with the place of
// a message put it up; in a thread that is as silent as an edit. Callers hold mu.
func (t *tally) note(effect outbox.Effect, receipt outbox.Receipt) {
	var order board.Order
	if effect.Kind != board.EffectKind || receipt.Status != outbox.Sent || json.Unmarshal(effect.Data, &order) != nil {
		return
	}
	if receipt.Keep == nil || order.Copy.Under != "" {
		t.edits++
		return
	}
	t.messages = append(t.messages, message{effect.Brand, order.Copy.Place, receipt.At, effect.Notifies, effect.Critical})
}

// Until implements outbox.Gate.
func (t *tally) Until(ctx context.Context, effect outbox.Effect, now time.Time) (time.Time, error) {
	until, err := t.gate.Until(ctx, effect, now)
	t.count(func() {
		delete(t.resting, effect.ID)
		if err == nil && until.After(now) {
			t.resting[effect.ID] = until
		}
	})
	return until, err
}

// standing says how much is under way at now beside what rests, and when the
// first thing that rests goes on.
func (t *tally) standing(now time.Time) (in, out int, wakes time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out = t.out
	for _, until := range t.resting {
		if !until.After(now) {
			continue
		}
		out--
		if wakes.IsZero() || until.Before(wakes) {
			wakes = until
		}
	}
	return t.in, out, wakes
}

// isDirect says whether a message is to one person.
func (m message) isDirect() bool { return strings.HasPrefix(m.place.Channel, "@") }
