package moderation

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// Engine decides what becomes of messages.
type Engine struct {
	Space    brand.Source
	NewToken func(*state.Tx) string
}

// Keep keeps what somebody said as evidence, before anything else, and opens it
// for a decision. The same words of the same message are kept once; what was left
// in sight is open again.
func (e *Engine) Keep(ctx context.Context, tx *state.Tx, b *brand.Brand, by string, said listen.Flagged, attached ...Attached) (Case, error) {
	id := "m" + digest(b.ID, said.Network, said.ID, said.Text)
	c, found, err := cases.Get(ctx, tx, id)
	switch {
	case err != nil:
		return c, err
	case found && c.Stage != Left && c.Stage != Erased:
		return c, nil
	case c.Stage != Left: // never brought, or erased since
		c = Case{ID: id, Brand: b.ID, Stage: Left, Evidence: evidenceOf(said.Mention, tx.Now()),
			Insulting: said.Insulting, Personal: said.Personal}
		c.Seal = c.Evidence.Seal()
		if c.Pictures, err = fetch(tx, id, attached); err != nil {
			return c, err
		}
		remind(tx, c)
	}
	if c, err = decide(c, Choice{What: Keep, By: by}, tx.Now()); err != nil {
		return c, err
	}
	return c, e.put(ctx, tx, c)
}

// Decide does what somebody wants of a message. Who else moderates gets its card
// when a second opinion is needed.
func (e *Engine) Decide(ctx context.Context, tx *state.Tx, id string, choice Choice) (Case, error) {
	c, err := e.get(ctx, tx, id)
	if err != nil {
		return c, err
	}
	others := e.others(choice.By)
	choice.Others = len(others) > 0
	next, err := decide(c, choice, tx.Now())
	if err != nil {
		return c, err
	}
	if next.Stage == Asked && c.Stage != Asked {
		if err := e.show(ctx, tx, next, others); err != nil {
			return c, err
		}
	}
	return next, e.put(ctx, tx, next)
}

// others are who may give a second opinion: those who moderate by name, else
// whoever may.
func (e *Engine) others(than string) []*brand.Member {
	all := slices.DeleteFunc(e.Space.Now().With(brand.Moderator), func(m *brand.Member) bool { return m.ID == than })
	named := slices.DeleteFunc(slices.Clone(all), func(m *brand.Member) bool { return !slices.Contains(m.All(), brand.Moderator) })
	if len(named) > 0 {
		return named
	}
	return all
}

// show puts the card of a message before people, each in their own conversation;
// it rings when they work.
func (e *Engine) show(ctx context.Context, tx *state.Tx, c Case, people []*brand.Member) error {
	b := e.Space.Now().Brand(c.Brand)
	var hangs []board.Hang
	for _, m := range people {
		if places := m.Direct(); len(places) > 0 {
			hangs = append(hangs, board.Hang{Place: places[0], Member: m.ID, Lang: b.LangOf(m), Class: outbox.Alert, Notifies: true})
		}
	}
	_, err := board.Show(ctx, tx, board.Card{View: View, Subject: c.ID, Brand: c.Brand}, e.NewToken, hangs...)
	return err
}

// Waiting lists the messages of a brand that need somebody, the oldest first.
func (e *Engine) Waiting(ctx context.Context, tx *state.Tx, brand string) ([]Case, error) {
	ids, err := waiting(ctx, tx, brand, mostWaiting)
	if err != nil {
		return nil, err
	}
	return cases.Peek(ctx, tx, ids...)
}

// waiting are the messages that need somebody, at most so many, unread.
func waiting(ctx context.Context, tx *state.Tx, brand string, most int) ([]string, error) {
	members, err := tx.List(ctx, state.Range{Index: waitingIndex(brand), To: 1 << 53, Limit: most})
	return state.IDs(members), err
}

// mostWaiting is how many messages a list reads.
const mostWaiting = 500

func (e *Engine) get(ctx context.Context, tx *state.Tx, id string) (Case, error) {
	c, found, err := cases.Get(ctx, tx, id)
	if err == nil && (!found || e.Space.Now().Brand(c.Brand) == nil) {
		err = ErrUnknown
	}
	if err != nil {
		return c, fmt.Errorf("read message %s: %w", id, err)
	}
	return c, nil
}

// put keeps a message after the last thing that somebody did, tells the trail,
// and brings its cards there. The seal in the trail proves when it was made.
func (e *Engine) put(ctx context.Context, tx *state.Tx, c Case) error {
	entry := audit.Entry{Who: c.last().By, What: "moderation." + string(c.last().What), Brand: c.Brand, Subject: Kind + "/" + c.ID,
		Detail: map[string]string{"sha256": c.Seal}}
	if c.Rule != nil {
		entry.Detail["reason"] = string(c.Rule.Reason)
	}
	tx.Log(entry)
	if err := cases.Put(tx, c.ID, c, c.marks()...); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, View, c.ID)
}

// digest is a short stable name made of parts; it does not give them away.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:15])
}
