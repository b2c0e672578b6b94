// Package board knows which cards hang where. An engine that changes something
// shown says "bring this card to its newest state"; the board finds its copies
// and emits one effect for each. What a card looks like is the business of the
// feature's view, called when the effect is carried out.
//
// It knows no platform: a Place is an address that an adapter understands.
package board

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/state"
)

// EffectKind is the kind of the effects that the board emits.
const EffectKind = "card"

// Place is where a message is, or may be put.
type Place struct {
	Platform string `json:"platform"`
	Team     string `json:"team,omitempty"`
	// Channel is a channel, or "@<user>" for a direct message to a user.
	Channel string `json:"channel,omitempty"`
	Thread  string `json:"thread,omitempty"`
	// Message is the message itself: Slack's ts, Discord's snowflake.
	Message string `json:"message,omitempty"`
	// Link makes it the preview of this address under Message, which is
	// somebody's own.
	Link string `json:"link,omitempty"`
}

// Destination is the outbox destination: one channel, in order.
func (p Place) Destination() string { return p.Platform + ":" + p.Team + ":" + p.Channel }

// Card is one card, however many copies of it hang.
type Card struct {
	// View is the registered view that draws it, Subject the record it shows.
	View    string `json:"view"`
	Subject string `json:"subject"`
	Brand   string `json:"brand,omitempty"`
	// Token names the card in callback IDs; Get finds the card by it.
	Token string `json:"token"`
	// Copies are the places it was put, in order.
	Copies []Copy `json:"copies,omitempty"`
	// Rev counts the states to bring it to.
	Rev int64 `json:"rev"`
	// Stays says that its messages are never left for new ones further down: others
	// hang in their threads.
	Stays bool `json:"stays,omitempty"`
	// ShownAt is when it was last brought to a new state.
	ShownAt time.Time `json:"shown_at,omitzero"`
}

// Copy is one hanging of a card.
type Copy struct {
	// Place has no Message, since that is in the place record; but for a preview.
	Place Place `json:"place"`
	// Member is whose direct message it is, empty in a channel.
	Member string `json:"member,omitempty"`
	// Lang is the language of this copy.
	Lang string `json:"lang,omitempty"`
	// Turn is counted up to hang the card anew (a new message) in this place.
	Turn int `json:"turn,omitempty"`
	// Under is the key of the copy in whose thread this one hangs, see Tuck.
	Under string `json:"under,omitempty"`
	// At is when it was hung.
	At time.Time `json:"at,omitzero"`
}

// Key is the place record's ID of a copy: where its message turned out to be.
func (c Copy) Key(card string) string {
	return fmt.Sprintf("%s|%s|%d", card, c.Place.Destination(), c.Turn) + c.under()
}

// under tells the previews of one channel apart.
func (c Copy) under() string {
	if c.Place.Link == "" {
		return ""
	}
	return "|" + c.Place.Message
}

// Order is the content of a "card" effect.
type Order struct {
	Card string `json:"card"` // ID of the card record
	Rev  int64  `json:"rev"`
	Copy Copy   `json:"copy"`
	// Edit says that it hangs already, as far as the board knows.
	Edit bool `json:"edit,omitempty"`
	// Moved says that the copy is hung anew further down: what hangs here says so,
	// and nothing else.
	Moved bool `json:"moved,omitempty"`
}

// Hangs says whether an effect puts a card up: one that does not change what
// hangs already.
func Hangs(e outbox.Effect) bool {
	var order Order
	return e.Kind == EffectKind && json.Unmarshal(e.Data, &order) == nil && !order.Edit
}

// Hang says where and how a card is put.
type Hang struct {
	Place  Place
	Member string
	Lang   string
	Class  outbox.Class
	// Notifies and Critical are as in outbox.Effect: they hold for the message
	// that is put up, never for later edits.
	Notifies bool
	Critical bool
}

// Cards and tokens are what the board keeps; faded are the tokens of cards that hang,
// for when they are too old. Places are written by the relay
// with its receipts; there is one writer for each.
var (
	cards  = state.Table[Card]{Kind: RecordKind, Schema: 1, Keep: state.KeepWork}
	tokens = state.Table[About]{Kind: "token", Schema: 1, Keep: 30 * 24 * 3600e9}
	faded  = state.Table[About]{Kind: FadedKind, Schema: 1, Keep: state.KeepWork}
	places = state.Table[Message]{Kind: "place", Schema: 1}
)

// ID is the ID of the card that shows a subject in a view.
func ID(view, subject string) string { return view + "/" + subject }

// Get reads a card; found is false when it never hung.
func Get(ctx context.Context, tx *state.Tx, id string) (Card, bool, error) {
	return cards.Get(ctx, tx, id)
}

// About is what a token stands for: what the card or form is about.
type About struct {
	View    string `json:"view"`
	Subject string `json:"subject"`
	Brand   string `json:"brand,omitempty"`
}

// ByToken finds what a callback is about; found is false once it is too old.
func ByToken(ctx context.Context, tx *state.Tx, token string) (About, bool, error) {
	return tokens.Get(ctx, tx, token)
}

// Name gives a fresh token to a card or form that does not hang anywhere.
func Name(ctx context.Context, tx *state.Tx, token string, about About) error {
	if _, _, err := tokens.Get(ctx, tx, token); err != nil {
		return err
	}
	return tokens.Put(tx, token, about)
}

// name gives a card that hangs its token, for a month of clicks; what it was stays
// known for as long as the card.
func name(ctx context.Context, tx *state.Tx, card Card) error {
	about := About{card.View, card.Subject, card.Brand}
	if err := Name(ctx, tx, card.Token, about); err != nil {
		return err
	}
	data, err := faded.Encode(about)
	if err != nil {
		return fmt.Errorf("keep what card %s shows: %w", card.View, err)
	}
	// It is the same each time, so nothing need be read before.
	tx.Write(state.Write{Key: faded.Key(card.Token), Data: data, Blind: true, Keep: faded.Keep})
	return nil
}

// Faded finds what a card shows that is too old to be clicked on; found is false for
// what never hung.
func Faded(ctx context.Context, tx *state.Tx, token string) (About, bool, error) {
	return faded.Get(ctx, tx, token)
}

// Show brings every copy of the card to its newest state, after hanging it in
// the places given. newToken is called when the card did not exist.
func Show(ctx context.Context, tx *state.Tx, want Card, newToken func(*state.Tx) string, hangs ...Hang) (Card, error) {
	id := ID(want.View, want.Subject)
	card, found, err := cards.Get(ctx, tx, id)
	if err != nil {
		return Card{}, err
	}
	if !found {
		card = want
		card.Token = newToken(tx)
	}
	if !found || len(hangs) > 0 { // what is put up anew can be clicked on for as long as what is new
		if err := name(ctx, tx, card); err != nil {
			return Card{}, err
		}
	}
	card.Rev++
	card.ShownAt = tx.Now()
	fresh := map[string]Hang{}
	for _, hang := range hangs {
		copied := Copy{Place: hang.Place, Member: hang.Member, Lang: hang.Lang, At: tx.Now(), Turn: card.turn(hang.Place)}
		card.Copies = append(card.Copies, copied)
		fresh[copied.Key(id)] = hang
	}
	for _, copied := range card.Copies {
		hang, isNew := fresh[copied.Key(id)]
		if err := emit(tx, id, card, copied, hang, isNew); err != nil {
			return Card{}, err
		}
	}
	return card, cards.Put(tx, id, card)
}

// Refresh is Show for a card that may not exist: then nothing happens. A card
// that this Tx already brings to a new state is left alone.
func Refresh(ctx context.Context, tx *state.Tx, view, subject string) error {
	_, found, err := cards.Get(ctx, tx, ID(view, subject))
	if err != nil || !found || tx.Wrote(cards.Key(ID(view, subject))) {
		return err
	}
	_, err = Show(ctx, tx, Card{View: view, Subject: subject}, nil)
	return err
}

// turn is the next one in a place: those that were, as of a copy that moved down,
// name other messages.
func (c Card) turn(place Place) (next int) {
	for _, copied := range c.Copies {
		if copied.Place == place {
			next = max(next, copied.Turn+1)
		}
	}
	return next
}

func (c Card) has(copied Copy) bool {
	for _, other := range c.Copies {
		if other.Place == copied.Place && other.Turn == copied.Turn {
			return true
		}
	}
	return false
}

func emit(tx *state.Tx, id string, card Card, copied Copy, hang Hang, isNew bool) error {
	data, err := json.Marshal(Order{Card: id, Rev: card.Rev, Copy: copied, Edit: !isNew})
	if err != nil {
		return fmt.Errorf("encode order for card %s: %w", id, err)
	}
	class := outbox.Digest
	if isNew {
		class = hang.Class
	}
	tx.Emit(outbox.Effect{
		Kind: EffectKind, Destination: copied.Place.Destination(), Class: class,
		Key: copied.Key(id), Brand: card.Brand, Member: copied.Member,
		Notifies: isNew && hang.Notifies, Critical: isNew && hang.Critical, Data: data,
	})
	return nil
}

// Message is where a copy turned out to be.
type Message struct {
	Place
	// Repeated says that an earlier posting of it may be there too.
	Repeated bool `json:"repeated,omitempty"`
}

// PlaceOf reads the message of a copy; found is false before it was put up.
func PlaceOf(ctx context.Context, tx *state.Tx, card string, copied Copy) (Message, bool, error) {
	return places.Get(ctx, tx, copied.Key(card))
}

// PlacedAt reads what Placed made.
func PlacedAt(keep *outbox.Keep) (Message, error) {
	return places.Decode(state.Record{Key: places.Key(keep.ID), Rev: 1, Data: keep.Data})
}

// Placed is the record of the message of a copy, for the receipt of
// the effect that put it up.
func Placed(card string, copied Copy, at Message) (*outbox.Keep, error) {
	data, err := places.Encode(at)
	if err != nil {
		return nil, fmt.Errorf("encode place of card %s: %w", card, err)
	}
	return &outbox.Keep{Kind: places.Kind, ID: copied.Key(card), Data: data}, nil
}
