package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/secret"
	"crieur/bot/state"
)

// AnswerKind is the kind of effects that answer a person privately.
const AnswerKind = "answer"

// Poster carries out "card" effects: it draws the card as it is now and brings
// one copy of it to that state.
type Poster struct {
	Mux     *Mux
	Store   state.Store
	Space   brand.Source
	Catalog *i18n.Catalog
	Chats   map[Platform]Chat
	Now     func() time.Time
}

var _ outbox.Patient = (*Poster)(nil)

// cardWithin is how long one card may take with what continues it: Slack takes a
// message a second in a channel, and a card has up to five and a file.
const cardWithin = 20 * time.Second

// Patience implements outbox.Patient. A card that another process puts up
// meanwhile says that it may be there twice.
func (p *Poster) Patience() time.Duration { return cardWithin }

// Send implements outbox.Sender.
func (p *Poster) Send(ctx context.Context, effect outbox.Effect, attempt outbox.Attempt) (outbox.Receipt, error) {
	var order board.Order
	if err := json.Unmarshal(effect.Data, &order); err != nil {
		return outbox.Receipt{}, rejected(err)
	}
	chat, ok := p.Chats[Platform(order.Copy.Place.Platform)]
	if !ok {
		return outbox.Receipt{}, rejected(fmt.Errorf("no chat application %q", order.Copy.Place.Platform))
	}
	card, message, found, err := p.draw(ctx, order)
	if err != nil {
		return outbox.Receipt{}, err
	}
	if order.Copy.Place.Link != "" {
		return outbox.Receipt{}, p.preview(ctx, chat, order.Copy.Place, card)
	}
	if order.Moved {
		return outbox.Receipt{}, p.moved(ctx, chat, message, card, found)
	}
	if order.Copy.Place, err = p.threadOf(ctx, order.Copy); err != nil {
		return outbox.Receipt{}, err
	}
	repeated, keep := attempt.Repeated, (*outbox.Keep)(nil)
	if !found {
		message, keep, repeated, err = before(ctx, chat, order, effect.ID, attempt)
		if err != nil {
			return outbox.Receipt{}, err
		}
	}
	if found || keep != nil {
		err := chat.Edit(ctx, message.Place, p.marked(card, message.Repeated))
		if err == nil || !errors.Is(err, outbox.ErrGone) {
			return outbox.Receipt{Ref: message.Message, Keep: keep}, err
		}
		// Somebody deleted the message: it is put up again.
	}
	if (order.Edit || late(order.Copy.At, p.Now())) && wakes(effect, order.Copy.Place) {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rings, Err: fmt.Errorf("card %s does not hang there", order.Card)}
	}
	at, err := chat.Post(ctx, order.Copy.Place, p.marked(card, repeated),
		PostOptions{Nonce: effect.ID, Repeated: attempt.Repeated, Silent: !effect.Notifies || order.Copy.Under != ""})
	if errors.Is(err, outbox.ErrGone) && order.Copy.Under != "" {
		// Somebody deleted the message above: its own next state puts it up again.
		err = &outbox.Error{Fault: outbox.Temporary, Alone: true, Err: err}
	}
	if err != nil {
		return outbox.Receipt{}, err
	}
	keep, err = board.Placed(order.Card, order.Copy, board.Message{Place: at, Repeated: repeated})
	if err != nil {
		return outbox.Receipt{}, err
	}
	return outbox.Receipt{Ref: at.Message, Repeated: repeated, Keep: keep}, nil
}

// moved lets a message whose card hangs further down by now say so, without its
// buttons. Where it was taken away nothing is left to say.
func (p *Poster) moved(ctx context.Context, chat Chat, at board.Message, card Card, found bool) error {
	if !found {
		return nil
	}
	said := Say(p.Catalog.For(card.Lang, nil).T("chat.below"))
	err := chat.Edit(ctx, at.Place, Card{Title: card.Title, Summary: card.Summary, Token: card.Token, Lang: card.Lang,
		Blocks: []Block{{Kind: Paragraph, Text: said}}})
	if errors.Is(err, outbox.ErrGone) {
		return nil
	}
	return err
}

// lateAnswer is how long who asked for something is believed to wait for it: what
// comes later, after an outage, comes to somebody who may sleep by then.
const lateAnswer = 5 * time.Minute

func late(asked, now time.Time) bool { return !asked.IsZero() && now.Sub(asked) > lateAnswer }

// wakes says whether a new message there may ring though its effect does not say
// so, and so has not waited for people to work.
func wakes(e outbox.Effect, to board.Place) bool { return !e.Notifies && !to.Silent() }

// preview shows a card under somebody's message. To do it again changes nothing;
// a message that its author took away has no preview any more.
func (p *Poster) preview(ctx context.Context, chat Chat, at board.Place, card Card) error {
	err := chat.Edit(ctx, at, card)
	if errors.Is(err, outbox.ErrGone) {
		return nil
	}
	return err
}

// before finds what an earlier attempt put up: this process remembers it, or the
// chat application can be asked. Keep is nil if there is nothing, or if the chat
// application will know it again; repeated says that nobody can tell.
func before(ctx context.Context, chat Chat, order board.Order, nonce string, attempt outbox.Attempt,
) (at board.Message, keep *outbox.Keep, repeated bool, err error) {
	if attempt.Made != nil {
		at, err = board.PlacedAt(attempt.Made)
		return at, attempt.Made, false, err
	}
	if knows, can := chat.(Recogniser); can && attempt.Ago > 0 && attempt.Ago < knows.Recognises() {
		return at, nil, false, nil
	}
	asked, can := chat.(Finder)
	if !attempt.Repeated || !can {
		return at, nil, attempt.Repeated, nil
	}
	place, found, err := asked.Find(ctx, order.Copy.Place, nonce)
	switch {
	case errors.Is(err, outbox.ErrCannotTell):
		return at, nil, true, nil
	case err != nil || !found:
		return at, nil, false, err
	}
	at = board.Message{Place: place}
	keep, err = board.Placed(order.Card, order.Copy, at)
	return at, keep, false, err
}

// threadOf is where a copy is put: its place, in the thread of the message that
// it hangs under.
func (p *Poster) threadOf(ctx context.Context, copied board.Copy) (board.Place, error) {
	to := copied.Place
	above, found, err := board.Above(ctx, state.Begin(p.Store, "draw", p.Now()), copied)
	switch {
	case err != nil:
		return to, temporary(err)
	case copied.Under != "" && !found:
		return to, temporary(fmt.Errorf("the message above %s is not there yet", copied.Under))
	}
	to.Thread = above.Message
	return to, nil
}

// marked says on a card that was posted again that the first one may be there
// too, for as long as it hangs.
func (p *Poster) marked(card Card, repeated bool) Card {
	if repeated {
		said := Say(p.Catalog.For(card.Lang, nil).T("chat.repeated"))
		card.Blocks = append(card.Blocks[:len(card.Blocks):len(card.Blocks)], Block{Kind: Small, Text: said})
	}
	return card
}

// draw reads the card and where its copy is, and calls its view.
func (p *Poster) draw(ctx context.Context, order board.Order) (card Card, place board.Message, found bool, err error) {
	tx := state.Begin(p.Store, "draw", p.Now())
	kept, known, err := board.Get(ctx, tx, order.Card)
	if err != nil {
		return card, place, false, temporary(err)
	}
	if !known {
		return card, place, false, rejected(fmt.Errorf("no card %s", order.Card))
	}
	if place, found, err = board.PlaceOf(ctx, tx, order.Card, order.Copy); err != nil {
		return card, place, false, temporary(err)
	}
	view, ok := p.Mux.views[kept.View]
	if !ok {
		return card, place, false, rejected(fmt.Errorf("no view %q", kept.View))
	}
	space := p.Space.Now()
	owner := space.Brand(kept.Brand)
	member := space.Member(order.Copy.Member)
	request := ViewRequest{
		Space: space, Brand: owner, Subject: kept.Subject, Member: member,
		Print: p.Catalog.For(order.Copy.Lang, zoneOf(owner, member)).On(order.Copy.Place.Platform), Now: p.Now(), Tx: tx,
	}
	card, err = view(ctx, request)
	if err != nil {
		return card, place, false, temporary(fmt.Errorf("draw card %s: %w", order.Card, err))
	}
	card.Token, card.Lang = kept.Token, request.Print.Lang
	return card, place, found, nil
}

func zoneOf(b *brand.Brand, m *brand.Member) *time.Location {
	switch {
	case m != nil && m.Zone != nil:
		return m.Zone
	case b != nil:
		return b.Zone
	}
	return nil
}

func temporary(err error) error { return &outbox.Error{Fault: outbox.Temporary, Err: err} }

func rejected(err error) error {
	return &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
}

// Answer is the content of an "answer" effect.
type Answer struct {
	Reply Handle `json:"reply"`
	// To is the person, for when the handle has expired; Asked is when they asked.
	To    board.Place `json:"to"`
	Asked time.Time   `json:"asked,omitzero"`
	Card  Card        `json:"card,omitzero"`
	// Sealed is the card instead, if it tells a secret.
	Sealed []byte `json:"sealed,omitempty"`
}

func answerOf(reply Reply, tokens Tokens) (Answer, error) {
	if !reply.Sealed {
		return Answer{Card: *reply.Card}, nil
	}
	data, err := json.Marshal(reply.Card)
	if err != nil {
		return Answer{}, fmt.Errorf("encode card: %w", err)
	}
	return Answer{Sealed: tokens.Box().Seal(data)}, nil
}

// open gives the card back that was sealed.
func (a *Answer) open(box *secret.Box) error {
	if a.Sealed == nil {
		return nil
	}
	data, err := box.Open(a.Sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &a.Card)
}

// AnswersByMessage says whether an effect is an answer that is posted: one to
// words, which come without a handle that takes answers.
func AnswersByMessage(e outbox.Effect) bool {
	var answer Answer
	return e.Kind == AnswerKind && json.Unmarshal(e.Data, &answer) == nil && answer.Reply.Secret == ""
}

// Answerer carries out "answer" effects: through the interaction's handle while
// it lives, else as a direct message. One that comes late, where every message
// rings, waits until people work.
type Answerer struct {
	Chats map[Platform]Chat
	// Box opens the answers that were sealed.
	Box *secret.Box
	Now func() time.Time
}

// Send implements outbox.Sender.
func (a *Answerer) Send(ctx context.Context, effect outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	var answer Answer
	if err := json.Unmarshal(effect.Data, &answer); err != nil {
		return outbox.Receipt{}, rejected(err)
	}
	if err := answer.open(a.Box); err != nil {
		return outbox.Receipt{}, rejected(err)
	}
	chat, ok := a.Chats[Platform(answer.To.Platform)]
	if !ok {
		return outbox.Receipt{}, rejected(fmt.Errorf("no chat application %q", answer.To.Platform))
	}
	if answer.Reply.Secret != "" || answer.Reply.ID != "" {
		err := chat.Answer(ctx, answer.Reply, answer.Card)
		if err == nil || !errors.Is(err, outbox.ErrGone) {
			return outbox.Receipt{}, err
		}
	}
	if strings.HasPrefix(answer.To.Channel, "@") && late(answer.Asked, a.Now()) && wakes(effect, answer.To) {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rings, Err: fmt.Errorf("asked at %s", answer.Asked)}
	}
	at, err := chat.Post(ctx, answer.To, answer.Card, PostOptions{Nonce: effect.ID, Silent: true})
	return outbox.Receipt{Ref: at.Message}, err
}
