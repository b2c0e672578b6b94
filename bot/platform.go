package bot

import (
	"context"
	"errors"
	"time"

	"crieur/bot/board"
	"crieur/bot/state"
	"crieur/bot/work"
)

// Chat is what an adapter offers to the outbox: the calls that show something.
// Errors are *outbox.Error, so that the relay knows what to do next. No call
// retries by itself.
type Chat interface {
	Platform() Platform
	// Post puts a card up and returns where its message is.
	Post(ctx context.Context, place board.Place, card Card, how PostOptions) (board.Place, error)
	// Edit brings a message to a new state. It never notifies.
	Edit(ctx context.Context, place board.Place, card Card) error
	// Answer answers an interaction privately, through its handle while that
	// lives. An expired handle is outbox.ErrGone: the relay then posts to the person.
	Answer(ctx context.Context, handle Handle, card Card) error
}

// Lister is a Chat that can say in which channels Crieur may post.
type Lister interface {
	// Channels lists them by name; it only reads. Direct messages are none.
	Channels(ctx context.Context) ([]Channel, error)
}

// Locator is a Chat whose messages have addresses of their own: whoever may see
// one sees it there.
type Locator interface {
	// Locate is the address of a message; empty for what has none.
	Locate(at board.Place) string
}

// Channel is a conversation of several people; Name has no sign in front.
type Channel struct {
	Place board.Place `json:"place"`
	Name  string      `json:"name"`
}

// Finder is a Chat that can look for the message that a Post with this nonce put
// up. Found false without an error means that it is not there; outbox.ErrCannotTell
// that it cannot be known.
type Finder interface {
	Find(ctx context.Context, place board.Place, nonce string) (at board.Place, found bool, err error)
}

// Recogniser is a Chat that, for as long as it says, recognises a Post with the same
// nonce: it then brings the message that is there to the state of the card.
type Recogniser interface{ Recognises() time.Duration }

// Fetcher is a Chat that can bring the bytes of what somebody uploaded there. It
// reads at most bytes and one more, so that the caller sees what is too large.
// Errors are *outbox.Error; a file that is not there any more is outbox.ErrGone.
type Fetcher interface {
	Fetch(ctx context.Context, team string, file Upload, most int64) ([]byte, error)
}

// PostOptions are about one posting.
type PostOptions struct {
	// Nonce is the effect's ID, for platforms that recognise a repetition by it.
	Nonce string
	// Repeated says that an earlier Post with this nonce may have arrived.
	Repeated bool
	// Silent puts the message up without notifying, where the platform can.
	Silent bool
}

// Ingress takes what happened. Accept returns when it is stored, or when its
// context ends.
type Ingress interface {
	// Accept stores the event unless one of keys was accepted before; fresh says
	// which. Keys are in the order of the facts page, e.ID being the first. An
	// error means that nothing was stored, or work.ErrUnsure that nobody knows: an
	// event is then refused (503), a person reads what Unconfirmed names.
	Accept(ctx context.Context, keys []string, e Event) (fresh bool, err error)
}

// Unconfirmed is the catalog key that tells a person that Accept failed.
func Unconfirmed(err error) string {
	if errors.Is(err, work.ErrUnsure) {
		return "chat.unsure"
	}
	return "chat.unconfirmed"
}

// Front answers what cannot wait for a lane. It only reads, within
// FormDeadline, and never changes anything.
type Front interface {
	// Ack says how to acknowledge the event. An unknown command or action is
	// Wait: its handler says what is wrong.
	Ack(e Event) Ack
	// Form builds the form that the event opens, in the reader's language. When
	// the reader may not have it, or it cannot be built in time, the error is a
	// Refusal to be shown privately.
	Form(ctx context.Context, e Event) (Form, error)
	// Check returns what is wrong with a form that was sent, by field ID; an
	// empty map lets it in.
	Check(ctx context.Context, e Event) (map[string]string, error)
	// Choices completes the text of a command: at most MostChoices.
	Choices(ctx context.Context, e Event, text string) ([]Choice, error)
	// Say returns a line in the reader's language, by catalog key ("chat.working",
	// "chat.unconfirmed").
	Say(e Event, key string) string
}

// Redrawer is a Front that can draw a card again. Where a platform's message
// cannot hold everything (Discord: the question before a button, folded words),
// the adapter asks for the card of e.Token when somebody clicks. It only reads,
// within FormDeadline; an error means that the card is not known any more.
type Redrawer interface {
	Redraw(ctx context.Context, e Event) (Card, error)
}

// Searcher is a Front that finds the choices of a menu, or of a form's field,
// that lists but some of them (Left). It only reads, within FormDeadline.
type Searcher interface {
	// Searches says whether it does for the menu of an action (MenuField), or for a
	// field of its form.
	Searches(action, field string) bool
	// Search narrows what the menu of e.Action, or the field of its form, may hold
	// to what the text means. Who may not do the action finds nothing.
	Search(ctx context.Context, e Event, field, text string) (Found, error)
}

// Knower is a Front that can say whether anything stands behind the card of
// e.Token: where nothing does, nobody would end its "Working…". It only reads,
// within FormDeadline.
type Knower interface {
	Known(ctx context.Context, e Event) bool
}

// Refusal is an error whose text is made for the person who acted, in their
// language. It is shown, not logged.
type Refusal struct {
	Card Card
	// Then is what the answer needs beside: it makes the card, and is committed with
	// it. Nil: Card is all.
	Then func(context.Context, *state.Tx) (Card, error)
}

func (r *Refusal) Error() string { return r.Card.Text() }

// answer is the card that the person gets, with what it needs beside.
func (r *Refusal) answer(ctx context.Context, tx *state.Tx) (Card, error) {
	if r.Then == nil {
		return r.Card, nil
	}
	return r.Then(ctx, tx)
}

// Refuse is a Refusal of one line.
func Refuse(text string) error { return &Refusal{Card: Card{Blocks: []Block{P(text)}}} }

// Text is the whole card in plain words: the fallback of notifications, screen
// readers and logs of tests.
func (c Card) Text() string {
	if c.Summary != "" {
		return c.Summary
	}
	text := c.Title.String()
	for _, block := range c.Blocks {
		if line := block.Text.String(); line != "" {
			if text == "" {
				return line
			}
			return text + "\n" + line
		}
	}
	return text
}
