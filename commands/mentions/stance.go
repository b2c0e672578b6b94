package mentions

import (
	"context"
	"errors"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// What can be wrong with a second look. Nothing changes then.
var (
	ErrOwn   = errors.New("a second look is somebody else's")
	ErrWords = errors.New("the words have changed")
)

// Crisis knows how people answer while something is wrong.
type Crisis interface {
	// Stance is how to answer what is about these themes; nil: as ever.
	Stance(ctx context.Context, tx *state.Tx, b *brand.Brand, themes []string) (*Stance, error)
}

// Stance is how people answer in a crisis: with its words, and a second look.
type Stance struct {
	// View and Subject are the card of the crisis.
	View, Subject string
	// Number is that of the words, 0 before there are any; Say is what is said, by
	// language. By gave them, At.
	Number int
	Say    map[string]string
	By     string
	At     time.Time
}

// Look is the second look at a reply.
type Look struct {
	// Words is the number of the words that the reply was written with.
	Words int `json:"words"`
	// By is who looked, At when; empty: nobody did.
	By string    `json:"by,omitempty"`
	At time.Time `json:"at,omitzero"`
}

const (
	// asked is the status of a reply that waits for a second look.
	asked = "asked"
	// sentBack is why one that somebody looked at did not leave.
	sentBack = "mentions.sentback"
)

// LookView is the card of a reply that waits for a second look. It only hangs with
// people.
const LookView = "look"

// stance is how a conversation is answered now; nil: as ever.
func (e *Engine) stance(ctx context.Context, tx *state.Tx, b *brand.Brand, themes []string) (*Stance, error) {
	if e.Crisis == nil || b == nil {
		return nil, nil
	}
	return e.Crisis.Stance(ctx, tx, b, themes)
}

// stir shows on the card of a crisis that one person more speaks of it.
func (e *Engine) stir(ctx context.Context, tx *state.Tx, b *brand.Brand, theme string) error {
	stance, err := e.stance(ctx, tx, b, []string{theme})
	if err != nil || stance == nil {
		return err
	}
	return board.Grow(ctx, tx, stance.View, stance.Subject)
}

// lookers are who may look at a member's reply: whoever approves and works now, else
// the one who hears of what cannot wait.
func (e *Engine) lookers(b *brand.Brand, author string, now time.Time) []*brand.Member {
	here := slices.DeleteFunc(e.Space.Now().With(brand.Approver), func(m *brand.Member) bool {
		return m.ID == author || !b.At(m).Open(now)
	})
	if manager := e.manager(b, author, now); len(here) == 0 && manager != nil {
		return []*brand.Member{manager}
	}
	return here
}

// second keeps a reply in a crisis until somebody else looked at it; false where it
// needs no second look, or nobody can have one.
func (e *Engine) second(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case, r *Reply) (bool, error) {
	stance, err := e.stance(ctx, tx, b, c.Themes)
	if err != nil || stance == nil {
		return false, err
	}
	r.Look = &Look{Words: stance.Number}
	people := e.lookers(b, r.By, tx.Now())
	if len(people) == 0 {
		return false, nil
	}
	r.Status = asked
	if _, _, err := replies.Get(ctx, tx, r.ID); err != nil {
		return false, err
	}
	if err := replies.Put(tx, r.ID, *r); err != nil {
		return false, err
	}
	if c.Stage == Waiting {
		if c, err = e.Take(ctx, tx, c.ID, r.By); err != nil {
			return false, err
		}
	}
	if err := board.Refresh(ctx, tx, LookView, c.Reply); err != nil { // this one is in its place
		return false, err
	}
	c.Reply = r.ID
	if err := e.putCase(ctx, tx, c, "reply.asked", r.By); err != nil {
		return false, err
	}
	var hangs []board.Hang
	for _, m := range people {
		if places := m.Direct(); len(places) > 0 {
			hangs = append(hangs, board.Hang{Place: places[0], Member: m.ID, Lang: b.LangOf(m), Class: outbox.Alert, Notifies: true})
		}
	}
	_, err = board.Show(ctx, tx, board.Card{View: LookView, Subject: r.ID, Brand: b.ID}, e.NewToken, hangs...)
	return true, err
}

// WrittenWith notes that a reply was begun with earlier words than those of now.
func (e *Engine) WrittenWith(ctx context.Context, tx *state.Tx, id string, number int) error {
	r, found, err := replies.Get(ctx, tx, id)
	if err != nil || !found || r.Look == nil {
		return err
	}
	r.Look = &Look{Words: number}
	return replies.Put(tx, id, r)
}

// looking reads a reply that waits for a second look, with its conversation.
func (e *Engine) looking(ctx context.Context, tx *state.Tx, id string) (Reply, Case, error) {
	r, found, err := replies.Get(ctx, tx, id)
	if err == nil && !found {
		err = ErrUnknown
	}
	if err != nil {
		return r, Case{}, err
	}
	c, err := e.get(ctx, tx, r.Case)
	if err == nil && (r.Status != asked || c.Reply != r.ID || c.Stage == Done) {
		err = ErrNotNow
	}
	return r, c, err
}

// Let lets a reply go that waited for a second look: it leaves in a minute. words
// is the number of those that the member compared it with; with newer ones they
// look again.
func (e *Engine) Let(ctx context.Context, tx *state.Tx, id, member string, words int) (Reply, error) {
	r, c, err := e.looking(ctx, tx, id)
	if err != nil {
		return r, err
	}
	b := e.Space.Now().Brand(c.Brand)
	stance, err := e.stance(ctx, tx, b, c.Themes)
	switch {
	case err != nil:
		return r, err
	case r.By == member:
		return r, ErrOwn
	case stance != nil && stance.Number != words:
		return r, ErrWords
	case r.Wait.over(tx.Now().Add(UndoFor)):
		return r, ErrHour
	}
	r.Look = &Look{Words: words, By: member, At: tx.Now()}
	r.At, r.Status = tx.Now().Add(UndoFor), "planned"
	tx.Log(audit.Entry{Who: member, What: "reply.looked", Brand: r.Brand, Subject: "reply/" + r.ID})
	if r.byHand() {
		if err := e.handOut(ctx, tx, c, &r); err != nil {
			return r, err
		}
		return r, e.tell(ctx, tx, r) // they have to do it
	}
	tx.Later(replyDue(r, r.At))
	if err := replies.Put(tx, r.ID, r, r.served()...); err != nil {
		return r, err
	}
	if r.Wait != nil {
		return r, e.putCase(ctx, tx, c, "reply.holds", r.By)
	}
	return r, e.finish(ctx, tx, c, r.By, Replied, "")
}

// SendBack gives a reply back to who wrote it: its conversation waits again, with
// the words.
func (e *Engine) SendBack(ctx context.Context, tx *state.Tx, id, member string) (Reply, error) {
	r, _, err := e.looking(ctx, tx, id)
	if err != nil {
		return r, err
	}
	r.Look = &Look{Words: r.Look.Words, By: member, At: tx.Now()}
	tx.Log(audit.Entry{Who: member, What: "reply.sentback", Brand: r.Brand, Subject: "reply/" + r.ID})
	return r, e.unsent(ctx, tx, r, outbox.Receipt{Status: outbox.Cancelled, Reason: sentBack})
}

// overtaken says that a reply was written with other words than those of now.
func (e *Engine) overtaken(ctx context.Context, tx *state.Tx, r Reply) (bool, error) {
	c, err := e.get(ctx, tx, r.Case)
	if errors.Is(err, ErrUnknown) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	stance, err := e.stance(ctx, tx, e.Space.Now().Brand(r.Brand), c.Themes)
	if err != nil || stance == nil {
		return false, err
	}
	return r.words() != stance.Number, nil
}

// words is the number of the words that a reply was written with.
func (r Reply) words() int {
	if r.Look == nil {
		return 0
	}
	return r.Look.Words
}
