package app_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/state"
)

// past is what happened in a world, in order: what people did, the cards that
// were drawn and the forms that opened. From it follows how everything is
// reached.
type past struct {
	mu    sync.Mutex
	cause map[string]string // of the newest state of a card, by its token
	all   []happened
}

// happened is one thing that did: the event of a person; a card with its cause;
// or a form with the event that opened it.
type happened struct {
	event bot.Event
	card  *bot.Card
	form  *bot.Form
	cause string
}

func (p *past) did(e bot.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, happened{event: e})
}

func (p *past) opened(e bot.Event, form bot.Form) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, happened{event: e, form: &form})
}

// committed notes which cards a step names or brings to a new state.
func (p *past) committed(c state.Commit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cause == nil {
		p.cause = map[string]string{}
	}
	for _, write := range c.Writes {
		token := write.ID
		if write.Kind == board.RecordKind {
			var kept struct{ Body board.Card }
			if json.Unmarshal(write.Data, &kept) == nil {
				token = kept.Body.Token
			}
		} else if write.Kind != "token" {
			continue
		}
		p.cause[token] = c.Cause
	}
}

func (p *past) drew(card bot.Card) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if card.Token != "" {
		p.all = append(p.all, happened{card: &card, cause: p.cause[card.Token]})
	}
}

// way is how something is reached, step by step; nil is not at all.
type way []string

func (w way) String() string { return strings.Join(w, " › ") }

// to is the way with one more step.
func (w way) to(step string) way {
	if w == nil {
		return nil
	}
	return append(w[:len(w):len(w)], step)
}

// shorter is the one of two ways with fewer steps; the first one of equals.
func shorter(a, b way) way {
	if a == nil || b != nil && len(b) < len(a) {
		return b
	}
	return a
}

// spot is where an action stands, on a card or as a form to send; and the way that
// leads there.
type spot struct {
	way  way
	card *bot.Card
	form *bot.Form
}

// byItself begins the way to what nobody asked for: an alert, a brief, a reminder.
const byItself = "(comes by itself)"

// walk follows what happened, as on a platform where an event that is no click
// begins by a way that doors says (nil: there is none).
type walk struct {
	doors  func(bot.Event) way
	person map[string]way // of what people did, by the event's ID
	cards  map[string]way // by token
	spots  map[string][]spot
}

// walked finds all the spots of every action, the nearest first.
func (p *past) walked(doors func(bot.Event) way) map[string][]spot {
	w := walk{doors, map[string]way{}, map[string]way{}, map[string][]spot{}}
	for _, h := range p.all {
		switch {
		case h.form != nil:
			w.add(h.form.Action, spot{way: w.before(h.event).to("form, [" + h.form.Submit + "]"), form: h.form})
		case h.card == nil:
			w.person[h.event.ID] = w.before(h.event)
		default:
			w.drawn(h)
		}
	}
	for _, spots := range w.spots {
		slices.SortStableFunc(spots, func(a, b spot) int { return cmp.Compare(len(a.way), len(b.way)) })
	}
	return w.spots
}

// before is the way to what a person did: a click needs what was clicked.
func (w walk) before(e bot.Event) (nearest way) {
	if e.Kind != bot.Action && e.Kind != bot.Submit {
		return w.doors(e)
	}
	for _, s := range w.spots[e.Action] {
		if s.token() == e.Token {
			nearest = shorter(nearest, s.way)
		}
	}
	return nearest
}

func (s spot) token() string {
	if s.form != nil {
		return s.form.Token
	}
	return s.card.Token
}

func (w walk) add(action string, s spot) {
	if s.way != nil {
		w.spots[action] = append(w.spots[action], s)
	}
}

// drawn adds a card by the way to what it follows from. What no person did changes
// a card that hangs already, or hangs one.
func (w walk) drawn(h happened) {
	from, acted := w.person[h.cause]
	before, hung := w.cards[h.card.Token]
	switch {
	case !acted && hung:
		from = before
	case !acted:
		from = way{byItself}
	}
	w.cards[h.card.Token] = shorter(before, from)
	for _, button := range bottest.Buttons(*h.card) {
		if button.URL == "" {
			step := "[" + button.Label + "]"
			if slices.Contains(h.card.More, button) {
				step = "[…] " + step
			}
			w.add(button.Action, spot{way: from.to(step), card: h.card})
		}
	}
	for _, block := range h.card.Blocks {
		if block.Select != nil && len(block.Select.Choices) > 0 {
			w.add(block.Select.Action, spot{way: from.to("<" + block.Select.Label + ">"), card: h.card})
		}
	}
}
