// Package calendar is when posts leave: publications planned from what was
// approved, sent at their time, once, and what became of each.
//
// It trusts nothing but the approval that it reads again at the last moment. It
// does not know how a network is called: publishing is an effect, its outcome a
// receipt.
package calendar

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"crieur/approvals"
	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// What can be wrong with what is asked of a publication. Nothing changes then.
var (
	ErrUnknown = errors.New("no such publication")
	ErrNotNow  = errors.New("not possible as it stands")
	ErrWindow  = errors.New("not approved for this time")
	ErrLink    = errors.New("not a link of that network")
)

const (
	// UndoFor is how long an approved post without a time can be cancelled.
	UndoFor = 60 * time.Second
	// LateAfter is how late a post may leave by itself; later, a person decides.
	LateAfter = 15 * time.Minute
	// sweepAfter is when an order without a receipt counts as uncertain: what can
	// still leave leaves within LateAfter, and its outcome is known a minute later.
	sweepAfter = LateAfter + 2*time.Minute
	// voided is the reason of what an edit, or the end of an approval, cancelled.
	voided = "voided"
	// Topic is that of due times and receipts.
	Topic = "calendar"
	// PublishKind is the kind of effects that publish.
	PublishKind = "publish"
	// byHandNetwork is the network of accounts where a person publishes.
	byHandNetwork = "assisted"
)

// Card shows what became of a request.
type Card interface {
	Refresh(ctx context.Context, tx *state.Tx, request string) error
	// Tell is Refresh that rings whoever has to look after it, when they work.
	Tell(ctx context.Context, tx *state.Tx, request string) error
	// Call puts the request before who is called to it.
	Call(ctx context.Context, tx *state.Tx, request string, direct ...board.Hang) error
	// Address is where it is found from outside the chat; empty: nowhere.
	Address(ctx context.Context, tx *state.Tx, request string) (string, error)
}

// Hand knows how a person publishes where no program may.
type Hand interface {
	// Steps are catalog keys, in order.
	Steps(network string) []string
	// CheckLink says whether address is a post of that network.
	CheckLink(network, address string) error
}

// Engine decides what becomes of publications.
type Engine struct {
	Space brand.Source
	Card  Card
	Hand  Hand
	// Drafts moves and copies what is planned.
	Drafts Drafts
	Calls  Calls
	// Gate hears of every pause; nil: nobody does.
	Gate Gate
	// NewToken names the cards that come by themselves.
	NewToken func(*state.Tx) string
}

// Plan brings the publications of a request in line with what it allows: what is
// allowed is planned, what is no longer allowed and has not left is cancelled.
func (e *Engine) Plan(ctx context.Context, tx *state.Tx, r approvals.Request) error {
	existing, err := e.Of(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	if err := e.await(ctx, tx, r); err != nil {
		return err
	}
	if err := e.release(ctx, tx, r); err != nil {
		return err
	}
	wall, err := e.wall(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	at := r.At
	if at.IsZero() {
		at = tx.Now().Add(UndoFor)
	}
	leaves := later(at, wall) // an edit may bring the time before an embargo's end
	wanted := map[string]bool{}
	for _, part := range r.Parts {
		if !r.Allows(part, at) {
			continue
		}
		id := idOf(r.ID, part)
		wanted[id] = true
		if slices.ContainsFunc(existing, func(p Publication) bool { return p.ID == id && !p.Void() }) {
			continue
		}
		p := Publication{
			ID: id, Request: r.ID, Brand: r.Brand, Title: r.Title, Author: r.Author, Part: part,
			Fingerprint: part.Fingerprint(), At: leaves, Status: Planned,
		}
		if _, _, err := publications.Get(ctx, tx, id); err != nil {
			return err
		}
		if err := e.plan(tx, p); err != nil {
			return err
		}
	}
	for _, p := range existing {
		if p.Void() {
			continue
		}
		moved := r.At
		if !moved.IsZero() {
			moved = leaves
		}
		if err := e.realign(tx, p, wanted[p.ID], moved); err != nil {
			return err
		}
	}
	return nil
}

// realign moves a publication that is still allowed to its new time, and cancels
// one that is not.
func (e *Engine) realign(tx *state.Tx, p Publication, allowed bool, at time.Time) error {
	switch {
	case p.Status != Planned:
		return nil
	case allowed && !at.IsZero() && !p.At.Equal(at):
		p.At = at
		return e.plan(tx, p)
	case !allowed:
		p.Status, p.Reason = Cancelled, voided
		return e.put(tx, p, "post.cancelled")
	}
	return nil
}

// Void says that it was cancelled by an edit: the same words, approved again,
// leave after all. What a person cancelled stays so.
func (p Publication) Void() bool { return p.Status == Cancelled && p.Reason == voided }

// plan records a publication and when it is due.
func (e *Engine) plan(tx *state.Tx, p Publication) error {
	p.Status = Planned
	tx.Later(e.due(p, p.At))
	return e.put(tx, p, "post.planned")
}

func (e *Engine) due(p Publication, at time.Time) work.Due {
	return work.Due{Key: dueKey(p.ID), At: at,
		Item: work.Item{Conversation: p.Request, Topic: "due:" + Topic, Data: []byte(p.ID)}}
}

func dueKey(id string) string { return "publication:" + id }

// put records a publication; one that no longer waits loses its due time.
func (e *Engine) put(tx *state.Tx, p Publication, verb string) error {
	if p.Status != Planned {
		tx.Cancel(dueKey(p.ID))
	}
	tx.Log(audit.Entry{Who: p.By, What: verb, Brand: p.Brand, Subject: "publication/" + p.ID,
		Detail: map[string]string{"account": p.Part.Account, "fingerprint": p.Fingerprint}})
	return publications.Put(tx, p.ID, p, marks(p)...)
}

// idOf names the publication of exactly this content for this request.
func idOf(request string, part content.Part) string {
	sum := sha256.Sum256([]byte(request + "\n" + part.Fingerprint()))
	return "p" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:12])
}

// Due handles a publication whose time has come.
func (e *Engine) Due(ctx context.Context, tx *state.Tx, item work.Item) error {
	p, err := e.get(ctx, tx, string(item.Data))
	if errors.Is(err, ErrUnknown) {
		return nil
	}
	if err == nil && p.Status == Claimed {
		return e.sweep(ctx, tx, p)
	}
	if err != nil || p.Status != Planned || tx.Now().Before(p.At) {
		return err
	}
	hold, _, err := holds.Get(ctx, tx, holdID)
	if err != nil {
		return err
	}
	r, found, err := approvals.Table.Get(ctx, tx, p.Request)
	if err != nil {
		return err
	}
	wall, err := e.wall(ctx, tx, p.Request)
	if err != nil {
		return err
	}
	if tx.Now().Before(wall) {
		p.At = wall
		return e.plan(tx, p)
	}
	p.Status = verdict(p, hold, found && r.Allows(p.Part, tx.Now()), tx.Now())
	if p.Status == Claimed {
		return e.leave(ctx, tx, p)
	}
	return e.befall(ctx, tx, p)
}

// sweep shows an order as uncertain whose receipt never came.
func (e *Engine) sweep(ctx context.Context, tx *state.Tx, p Publication) error {
	if tx.Now().Before(p.ClaimedAt.Add(sweepAfter)) {
		return nil
	}
	p.Status, p.Reason = Unknown, "outbox.unknown"
	return e.befall(ctx, tx, p)
}

// verdict decides what becomes of a publication whose time has come; pure.
func verdict(p Publication, hold Hold, allowed bool, now time.Time) Status {
	switch {
	case !allowed:
		return Expired
	case hold.Active:
		return Held
	case now.Sub(p.At) > LateAfter:
		return Late
	case p.Part.Network == byHandNetwork:
		return ByHand
	}
	return Claimed
}

// leave gives the order to publish.
func (e *Engine) leave(ctx context.Context, tx *state.Tx, p Publication) error {
	p.Status = Claimed
	if p.Part.Network == byHandNetwork {
		p.Status = ByHand
	} else if err := e.order(tx, &p); err != nil {
		return err
	}
	if err := e.put(tx, p, "post.claimed"); err != nil {
		return err
	}
	if p.Status == Claimed {
		tx.Later(e.due(p, p.ClaimedAt.Add(sweepAfter)))
	}
	return e.Card.Refresh(ctx, tx, p.Request)
}

func (e *Engine) order(tx *state.Tx, p *Publication) error {
	p.Attempt++
	data, err := json.Marshal(content.Order{Key: p.ID, Part: p.Part, Fingerprint: p.Fingerprint})
	if err != nil {
		return fmt.Errorf("encode order %s: %w", p.ID, err)
	}
	tx.Emit(outbox.Effect{
		Kind: PublishKind, Destination: p.Brand + "/" + p.Part.Account, Class: outbox.Post, Public: true,
		Brand: p.Brand, Due: p.At, NotAfter: tx.Now().Add(LateAfter), Topic: Topic, Conversation: p.ID, Data: data,
	})
	emitted := tx.Effects()
	p.Effect, p.ClaimedAt = emitted[len(emitted)-1].ID, tx.Now()
	return nil
}

// Receipt handles how an order ended: the item's conversation is the
// publication.
func (e *Engine) Receipt(ctx context.Context, tx *state.Tx, item work.Item) error {
	var receipt outbox.Receipt
	if err := json.Unmarshal(item.Data, &receipt); err != nil {
		return fmt.Errorf("decode receipt %s: %w", item.ID, err)
	}
	p, err := e.get(ctx, tx, item.Conversation)
	if err != nil || p.Effect != receipt.Effect || p.Status != Claimed && p.Status != Unknown {
		return err // of an earlier order, or a person decided meanwhile
	}
	paused, err := e.Paused(ctx, tx)
	if err != nil {
		return err
	}
	return e.befall(ctx, tx, settle(p, receipt, paused))
}

// settle is where a publication stands after its receipt; pure.
func settle(p Publication, receipt outbox.Receipt, paused bool) Publication {
	p.Reason, p.Args = receipt.Reason, receipt.Args
	switch receipt.Status {
	case outbox.Sent:
		p.Status, p.SentAt = Sent, receipt.At
		p.Live = content.Live{Ref: receipt.Ref, URL: receipt.URL}
	case outbox.Unknown:
		p.Status = Unknown
	case outbox.Expired:
		p.Status = Expired
	case outbox.Cancelled, outbox.Superseded:
		if receipt.Reason == outbox.Held { // stopped on its way; a person decides once all goes on
			p.Status, p.Reason = Late, ""
			if paused {
				p.Status = Held
			}
			return p
		}
		p.Status = Cancelled
	default:
		p.Status = Failed
	}
	return p
}

func (e *Engine) get(ctx context.Context, tx *state.Tx, id string) (Publication, error) {
	p, found, err := publications.Get(ctx, tx, id)
	if err == nil && !found {
		err = ErrUnknown
	}
	return p, err
}

// Of lists the publications of a request, by their time.
func (e *Engine) Of(ctx context.Context, tx *state.Tx, request string) ([]Publication, error) {
	return e.list(ctx, tx, state.Range{Index: ofRequest(request), From: 0, To: 1 << 53})
}

func (e *Engine) list(ctx context.Context, tx *state.Tx, r state.Range) ([]Publication, error) {
	members, err := tx.List(ctx, r)
	if err != nil {
		return nil, err
	}
	return publications.GetAll(ctx, tx, state.IDs(members)...)
}
