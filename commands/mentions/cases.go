package mentions

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/state"
	"crieur/bot/text/tone"
)

// What can be wrong with what is asked of a conversation. Nothing changes then.
var (
	ErrUnknown = errors.New("no such conversation")
	ErrTaken   = errors.New("somebody else has it")
	ErrDone    = errors.New("already answered")
	ErrEmpty   = errors.New("a reply needs words")
	ErrNotNow  = errors.New("not possible as it stands")
)

const (
	// UndoFor is how long a reply can be taken back.
	UndoFor = 60 * time.Second
	// ReplyTopic is that of due times and receipts of replies.
	ReplyTopic = "replies"
	// publishKind is the kind of effects that publish; the outbox has one sender
	// for posts and replies.
	publishKind = "publish"
	byHand      = "assisted"
)

// Take gives a conversation to a member.
func (e *Engine) Take(ctx context.Context, tx *state.Tx, id, member string) (Case, error) {
	c, err := e.get(ctx, tx, id)
	switch {
	case err != nil:
		return c, err
	case c.Stage == Done:
		return c, ErrDone
	case c.Stage == Taken && c.Owner != member:
		return c, ErrTaken
	}
	if c.Owner != member {
		c.Handed = Handed{}
	}
	c.Stage, c.Owner, c.TakenAt = Taken, member, tx.Now()
	remember(tx, c)
	return c, e.putCase(ctx, tx, c, "case.taken", member)
}

// Finish ends a conversation with an outcome; reason is the catalog key of why
// nothing needs to be answered.
func (e *Engine) Finish(ctx context.Context, tx *state.Tx, id, member string, outcome Outcome, reason string) (Case, error) {
	c, err := e.get(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if c.Stage == Done {
		return c, ErrDone
	}
	if err := board.Refresh(ctx, tx, LookView, c.Reply); err != nil { // nobody need look at it any more
		return c, err
	}
	if err := e.drop(ctx, tx, c); err != nil {
		return c, err
	}
	return c, e.finish(ctx, tx, c, member, outcome, reason)
}

func (e *Engine) finish(ctx context.Context, tx *state.Tx, c Case, member string, outcome Outcome, reason string) error {
	b := e.Space.Now().Brand(c.Brand)
	if err := e.teach(ctx, tx, c, member, lessonOf(c, outcome, reason)); err != nil {
		return err
	}
	day, err := e.today(ctx, tx, b)
	if err != nil {
		return err
	}
	day.Done++
	if c.kept(tx.Now()) {
		day.Within++
	}
	day.Waits = append(day.Waits, int(b.At(nil).Between(c.Since, tx.Now())/time.Minute))
	if err := e.putDay(tx, b, day); err != nil {
		return err
	}
	if c.Urgency == Urgent {
		if err := e.bell().Over(ctx, tx, b, c.ID); err != nil {
			return err
		}
	}
	c.Stage, c.Outcome, c.Reason, c.DoneAt = Done, outcome, reason, tx.Now()
	if c.Owner == "" {
		c.Owner, c.TakenAt = member, tx.Now()
	}
	tx.Cancel("promise:" + c.ID)
	return e.putCase(ctx, tx, c, "case."+string(outcome), member)
}

// Answer sends a reply in a minute: until then it can be taken back. The
// conversation is done at once; it opens again if the reply does not leave. One
// that a person has to post is done once they did. In a crisis the reply waits for
// a second look first, and the conversation with it.
func (e *Engine) Answer(ctx context.Context, tx *state.Tx, id, member, text string) (Reply, error) {
	c, err := e.get(ctx, tx, id)
	if err == nil && c.Stage == Done {
		err = ErrDone
	}
	if err != nil {
		return Reply{}, err
	}
	b := e.Space.Now().Brand(c.Brand)
	r, err := write(tx, b, c, member, text)
	if err != nil {
		return Reply{}, err
	}
	r.Answer = servedBy(b, c.Lang, text, tx.Now())
	if leaves, err := e.begin(ctx, tx, b, c, &r); err != nil || !leaves {
		return r, err
	}
	c.Reply = r.ID
	return r, e.finish(ctx, tx, c, member, Replied, "")
}

// write is a member's reply to the last words of a conversation.
func write(tx *state.Tx, b *brand.Brand, c Case, member, text string) (Reply, error) {
	if strings.TrimSpace(text) == "" {
		return Reply{}, ErrEmpty
	}
	r := Reply{ID: tx.NewID("r"), Case: c.ID, Brand: c.Brand, By: member, At: tx.Now().Add(UndoFor), Status: "planned"}
	account, _ := accountOn(b, c.Network)
	r.Part = content.Part{Account: account.ID, Network: account.Network, Posts: []string{strings.TrimSpace(text)},
		ReplyTo: c.Heard[len(c.Heard)-1].Ref, Lang: c.Lang}
	r.Fingerprint = r.Part.Fingerprint()
	return r, nil
}

// begin sets a reply on its way, in the place of one that has not left: false where
// somebody looks at it first, or has to post it.
func (e *Engine) begin(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case, r *Reply) (leaves bool, err error) {
	if err := e.drop(ctx, tx, c); err != nil {
		return false, err
	}
	if waits, err := e.second(ctx, tx, b, c, r); err != nil || waits {
		return false, err
	}
	if _, _, err := replies.Get(ctx, tx, r.ID); err != nil {
		return false, err
	}
	if r.byHand() {
		return false, e.handOut(ctx, tx, c, r)
	}
	tx.Later(replyDue(*r, r.At))
	return true, replies.Put(tx, r.ID, *r, r.served()...)
}

// accountOn is the brand's account on the network where something was said.
func accountOn(b *brand.Brand, network string) (brand.Account, bool) {
	for _, a := range b.Accounts {
		if strings.EqualFold(a.Name, network) || strings.EqualFold(a.Shows, network) || strings.EqualFold(a.ID, network) {
			return a, true
		}
	}
	return brand.Account{}, false
}

// TakeBack cancels a reply that has not left, or that a person was to post and did
// not; the conversation opens again. Twice is once.
func (e *Engine) TakeBack(ctx context.Context, tx *state.Tx, reply, member string) (Case, error) {
	r, found, err := replies.Get(ctx, tx, reply)
	if err != nil {
		return Case{}, err
	}
	switch {
	case found && r.Status == "cancelled":
		c, err := e.get(ctx, tx, r.Case)
		if err == nil && c.Stage == Done {
			err = ErrDone
		}
		return c, err
	case found && (r.Status == toPost || r.Status == posted):
		return e.notPosted(ctx, tx, r, member)
	case !found || r.Status != "planned" && r.Status != asked:
		return Case{}, ErrNotNow
	}
	if err := board.Refresh(ctx, tx, LookView, r.ID); err != nil {
		return Case{}, err
	}
	r.Status = "cancelled"
	tx.Cancel("reply:" + r.ID)
	if err := replies.Put(tx, r.ID, r, r.served()...); err != nil {
		return Case{}, err
	}
	return e.waits(ctx, tx, r, member)
}

// waits puts the conversation of a reply that did not leave back to waiting.
func (e *Engine) waits(ctx context.Context, tx *state.Tx, r Reply, member string) (Case, error) {
	if r.Wait != nil {
		return e.waitsOn(ctx, tx, r, member)
	}
	if err := e.unsettle(ctx, tx, r); err != nil {
		return Case{}, err
	}
	return e.reopen(ctx, tx, r.Case, member)
}

func (e *Engine) reopen(ctx context.Context, tx *state.Tx, id, member string) (Case, error) {
	c, err := e.get(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if err := e.uncount(ctx, tx, c); err != nil {
		return c, err
	}
	c.Stage, c.Outcome, c.DoneAt = Waiting, "", time.Time{}
	remember(tx, c) // somebody outside waits again, by the same promise
	return c, e.putCase(ctx, tx, c, "case.reopened", member)
}

// NotNegative records that an alert was wrong: the conversation goes back to the
// next round, and the click is a label.
func (e *Engine) NotNegative(ctx context.Context, tx *state.Tx, id, member string) (Case, error) {
	c, err := e.get(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if c.Stage == Done {
		return c, ErrDone
	}
	if err := e.teach(ctx, tx, c, member, feels(tone.Neutral)); err != nil {
		return c, err
	}
	c.Urgency, c.Why, c.Kind = Listed, nil, Other
	return c, e.putCase(ctx, tx, c, "case.notnegative", member)
}

// Waiting lists the conversations of a brand that nobody finished, the earliest
// promise first.
func (e *Engine) Waiting(ctx context.Context, tx *state.Tx, brand string, most int) ([]Case, error) {
	members, err := tx.List(ctx, state.Range{Index: waitingIndex(brand), From: 0, To: 1 << 53, Limit: most})
	if err != nil {
		return nil, err
	}
	waiting, err := cases.Peek(ctx, tx, state.IDs(members)...)
	return slices.DeleteFunc(waiting, func(c Case) bool { return c.Stage == Done }), err
}

func (e *Engine) get(ctx context.Context, tx *state.Tx, id string) (Case, error) {
	c, found, err := cases.Get(ctx, tx, id)
	if err == nil && !found {
		err = ErrUnknown
	}
	return c, err
}

func (e *Engine) putCase(ctx context.Context, tx *state.Tx, c Case, verb, who string) error {
	tx.Log(audit.Entry{Who: who, What: verb, Brand: c.Brand, Subject: "case/" + c.ID})
	if err := cases.Put(tx, c.ID, c, caseMarks(c)...); err != nil {
		return err
	}
	return e.refresh(ctx, tx, c)
}
