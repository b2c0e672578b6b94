// Package review is the agreement as people see it: the request's card in the
// team's channel and with the approver, the decisions, and what they lead to.
//
// What an agreement is and allows is in approvals; when a post leaves is
// commands/calendar, behind the Calendar that the application wires in.
package review

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"crieur/approvals"
	"crieur/approvals/policy"
	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// ViewName is the view of a request's card.
	ViewName = "review"
	// Topic is that of due times.
	Topic = "review"
)

// ErrUnknown says that there is no such request.
var ErrUnknown = errors.New("no such request")

// Calendar brings what will leave in line with what a request allows.
type Calendar interface {
	Plan(ctx context.Context, tx *state.Tx, r approvals.Request) error
}

// Outcomes says what became of a request's parts, for its card.
type Outcomes interface {
	Of(ctx context.Context, tx *state.Tx, request string) ([]Outcome, error)
}

// Drafts shows an author what became of their draft.
type Drafts interface {
	// Refresh brings the draft's own card to its newest state.
	Refresh(ctx context.Context, tx *state.Tx, draft string) error
}

// Outcome is one account's publication, as the card shows it.
type Outcome struct {
	Account string
	Status  string // as in commands/calendar: "planned", "sent", "unknown"…
	At      time.Time
	URL     string
	Reason  string
	Args    map[string]string
	// ID tells the publication's buttons apart.
	ID string
}

// Engine decides what becomes of requests.
type Engine struct {
	Space    brand.Source
	Calendar Calendar
	Drafts   Drafts
	Hands    Hands
	NewToken func(*state.Tx) string
	// URL is the public address under which cards are; empty: they have none.
	URL string
}

// Submit implements drafting's Approvals: it opens a request over a version, or
// opens it again over a later one. What did not change stays agreed.
func (e *Engine) Submit(ctx context.Context, tx *state.Tx, s approvals.Submission) error {
	b := e.Space.Now().Brand(s.Brand)
	prior, found, err := approvals.Table.Get(ctx, tx, s.Draft)
	if err != nil {
		return err
	}
	var before *approvals.Request
	if found {
		before = &prior
	}
	r := approvals.Ask(s.Draft, s, e.policy(b), before, tx.Now())
	r.Deadline = e.deadline(b, r, tx.Now())
	tx.Log(audit.Entry{Who: s.Author, What: "request.opened", Brand: s.Brand, Subject: "request/" + r.ID})
	if err := e.save(ctx, tx, r); err != nil {
		return err
	}
	var hangs []board.Hang
	if !found || prior.Stage == approvals.Expired { // nobody looks at a card that asked in vain
		hangs = e.hangs(b, r, tx.Now())
	}
	if _, err = board.Show(ctx, tx, board.Card{View: ViewName, Subject: r.ID, Brand: r.Brand}, e.NewToken, hangs...); err != nil {
		return err
	}
	return e.relisted(ctx, tx, r.Brand)
}

// policy is the brand's policy over the members who may approve now.
func (e *Engine) policy(b *brand.Brand) policy.Policy {
	p := policy.Policy{Needed: b.Policy.Needed, OwnWork: b.Policy.OwnWork}
	for _, m := range e.Space.Now().With(brand.Approver) {
		p.Approvers = append(p.Approvers, m.ID)
	}
	return p
}

// hangs are the channel of each platform and one direct message to the approver
// who is asked by name.
func (e *Engine) hangs(b *brand.Brand, r approvals.Request, now time.Time) []board.Hang {
	var hangs []board.Hang
	for _, place := range b.Approvals {
		hangs = append(hangs, board.Hang{Place: place, Lang: b.MainLang(), Class: outbox.Alert, Notifies: true})
	}
	if m := e.Asked(b, r, now); m != nil && r.Stage == approvals.Open {
		if places := m.Direct(); len(places) > 0 {
			hangs = append(hangs, board.Hang{
				Place: places[0], Member: m.ID, Lang: b.LangOf(m), Class: outbox.Alert, Notifies: true})
		}
	}
	return hangs
}

// Asked is the approver who is asked by name: the first of the brand's choice
// who may still decide, else the first who may; those on leave come last.
func (e *Engine) Asked(b *brand.Brand, r approvals.Request, now time.Time) *brand.Member {
	order, _ := askable(b, r)
	return e.Space.Now().First(b, now, order)
}

// askable are those who may still decide, the brand's choice first, and how many of
// them are needed.
func askable(b *brand.Brand, r approvals.Request) (order []string, needed int) {
	children := r.Result().Children
	at := slices.IndexFunc(children, func(c policy.Result) bool { return c.Status == policy.Pending })
	if at < 0 {
		return nil, 0
	}
	open := children[at] // some may be approved already
	for _, id := range append(slices.Clone(b.Policy.Ask), open.Missing...) {
		if slices.Contains(open.Missing, id) && !slices.Contains(order, id) {
			order = append(order, id)
		}
	}
	return order, open.Needed - len(open.Given)
}

// deadline is by when a request should be decided, as those who are asked work; those
// on leave come last.
func (e *Engine) deadline(b *brand.Brand, r approvals.Request, now time.Time) time.Time {
	order, needed := askable(b, r)
	var there, away []hours.Both
	for _, id := range order {
		switch m := e.Space.Now().Member(id); {
		case m == nil:
		case b.Away(m, now):
			away = append(away, b.At(m))
		default:
			there = append(there, b.At(m))
		}
	}
	return approvals.Deadline(r.At, now, needed, append(there, away...)...)
}

// Word is what a member says about a request.
type Word struct {
	Member  string
	Verdict policy.Verdict
	// Seen is the version that the member saw, as the card's button carries it.
	Seen     string
	Accounts []string // empty: all
	Comment  string
}

// Decide records a member's word and lets the calendar follow.
func (e *Engine) Decide(ctx context.Context, tx *state.Tx, id string, w Word) (approvals.Request, error) {
	r, err := e.get(ctx, tx, id)
	if err != nil {
		return r, err
	}
	number, _ := strconv.Atoi(strings.TrimPrefix(w.Seen, "n")) // what is no number is no version: refused as changed
	decided, err := r.Decide(w.Member, w.Verdict, number, w.Accounts, w.Comment, tx.Now())
	if err != nil {
		return r, err
	}
	tx.Log(audit.Entry{Who: w.Member, What: "request." + string(w.Verdict), Brand: r.Brand, Subject: "request/" + r.ID})
	if err := e.save(ctx, tx, decided); err != nil {
		return r, err
	}
	return decided, e.shown(ctx, tx, decided)
}

// shown brings the cards of a request and of its draft to their newest state, and the
// list that it stands on.
func (e *Engine) shown(ctx context.Context, tx *state.Tx, r approvals.Request) error {
	if err := board.Refresh(ctx, tx, ViewName, r.ID); err != nil {
		return err
	}
	if err := e.Drafts.Refresh(ctx, tx, r.ID); err != nil {
		return err
	}
	return e.relisted(ctx, tx, r.Brand)
}

// Withdraw takes a request back; what was planned is cancelled.
func (e *Engine) Withdraw(ctx context.Context, tx *state.Tx, id, member string) (approvals.Request, error) {
	r, err := e.get(ctx, tx, id)
	if err != nil {
		return r, err
	}
	withdrawn, err := r.Withdraw()
	if err != nil {
		return r, err
	}
	tx.Log(audit.Entry{Who: member, What: "request.withdrawn", Brand: r.Brand, Subject: "request/" + r.ID})
	if err := e.save(ctx, tx, withdrawn); err != nil {
		return r, err
	}
	return withdrawn, e.shown(ctx, tx, withdrawn)
}

// Retract implements drafting's Approvals.
func (e *Engine) Retract(ctx context.Context, tx *state.Tx, draft, by string) error {
	_, err := e.Withdraw(ctx, tx, draft, by)
	if errors.Is(err, ErrUnknown) || errors.Is(err, approvals.ErrClosed) {
		return nil
	}
	return err
}

// Refresh brings the request's card to its newest state; it serves
// calendar.Card.
func (e *Engine) Refresh(ctx context.Context, tx *state.Tx, id string) error {
	return board.Refresh(ctx, tx, ViewName, id)
}

// Tell implements calendar.Card: it puts the request before whoever proposed it, or
// before who approves while they are on leave.
func (e *Engine) Tell(ctx context.Context, tx *state.Tx, id string) error {
	r, err := e.get(ctx, tx, id)
	if err != nil {
		return err
	}
	space := e.Space.Now()
	b := space.Brand(r.Brand)
	if b == nil {
		return e.Refresh(ctx, tx, id)
	}
	m := space.First(b, tx.Now(), append([]string{r.Author}, r.Policy.Approvers...))
	if m == nil || len(m.Direct()) == 0 {
		return e.Refresh(ctx, tx, id)
	}
	_, err = board.Show(ctx, tx, board.Card{View: ViewName, Subject: r.ID, Brand: r.Brand}, e.NewToken, board.Hang{
		Place: m.Direct()[0], Member: m.ID, Lang: b.LangOf(m), Class: outbox.Alert, Notifies: true})
	return err
}

// Call implements calendar.Card: it puts the request before who is called to it,
// whatever the hour.
func (e *Engine) Call(ctx context.Context, tx *state.Tx, id string, direct ...board.Hang) error {
	r, err := e.get(ctx, tx, id)
	if err != nil {
		return err
	}
	_, err = board.Show(ctx, tx, board.Card{View: ViewName, Subject: r.ID, Brand: r.Brand}, e.NewToken, direct...)
	return err
}

// Address implements calendar.Card.
func (e *Engine) Address(ctx context.Context, tx *state.Tx, id string) (string, error) {
	card, found, err := board.Get(ctx, tx, board.ID(ViewName, id))
	if err != nil || !found {
		return "", err
	}
	return board.Address(e.URL, card.Token), nil
}

// Waiting lists the open requests that the member may decide, the earliest
// first.
func (e *Engine) Waiting(ctx context.Context, tx *state.Tx, member string) ([]approvals.Request, error) {
	requests, err := e.open(ctx, tx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(requests, func(r approvals.Request) bool {
		return !policy.May(r.Policy, r.Author, member)
	}), nil
}

// open lists the open requests, the earliest first.
func (e *Engine) open(ctx context.Context, tx *state.Tx) ([]approvals.Request, error) {
	members, err := tx.List(ctx, state.Range{Index: openIndex, From: 0, To: 1 << 53})
	if err != nil {
		return nil, err
	}
	requests, err := approvals.Table.Peek(ctx, tx, state.IDs(members)...)
	return slices.DeleteFunc(requests, func(r approvals.Request) bool { return r.Stage != approvals.Open }), err
}

// openIndex holds open requests by the time at which they should leave,
// missedIndex those of a brand that nobody decided by then.
const openIndex = "requests:open"

func missedIndex(brand string) string { return "requests:missed:" + brand }

// Due ends a request that nobody decided in time: its cards and its author's say
// so, and what to do.
func (e *Engine) Due(ctx context.Context, tx *state.Tx, item work.Item) error {
	r, err := e.get(ctx, tx, string(item.Data))
	if errors.Is(err, ErrUnknown) {
		return nil
	}
	if err != nil {
		return err
	}
	if r, err = r.Expire(tx.Now()); err != nil {
		return nil // decided, or moved: it comes again
	}
	tx.Log(audit.Entry{What: "request.expired", Brand: r.Brand, Subject: "request/" + r.ID})
	if err := e.save(ctx, tx, r); err != nil {
		return err
	}
	return e.shown(ctx, tx, r)
}

func (e *Engine) get(ctx context.Context, tx *state.Tx, id string) (approvals.Request, error) {
	r, found, err := approvals.Table.Get(ctx, tx, id)
	if err == nil && !found {
		err = ErrUnknown
	}
	return r, err
}

func (e *Engine) save(ctx context.Context, tx *state.Tx, r approvals.Request) error {
	due := r.At
	if due.IsZero() {
		due = r.AskedAt
	}
	if err := approvals.Table.Put(tx, r.ID, r,
		state.Mark{Index: openIndex, Member: r.ID, Score: due.UnixMilli(), Remove: r.Stage != approvals.Open},
		state.Mark{Index: missedIndex(r.Brand), Member: r.ID, Score: due.UnixMilli(), Remove: r.Stage != approvals.Expired}); err != nil {
		return err
	}
	tx.Later(work.Due{Key: "request:" + r.ID, At: r.Ends(),
		Item: work.Item{Conversation: r.ID, Topic: "due:" + Topic, Data: []byte(r.ID)}})
	return e.Calendar.Plan(ctx, tx, r)
}
