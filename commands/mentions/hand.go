package mentions

import (
	"context"
	"errors"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/state"
)

// ErrReplaced says that a reply is no longer the one of its conversation.
var ErrReplaced = errors.New("another reply took its place")

const (
	// toPost is the status of a reply that a person has to post: nobody has been
	// answered yet. It is posted once they say so.
	toPost = "byhand"
	posted = "posted"
)

// byHand says that a person has to send the reply.
func (r Reply) byHand() bool {
	return r.Part.Account == "" || r.Part.Network == byHand || r.Part.ReplyTo == ""
}

// handOut leaves a reply to who wrote it. Their conversation stays open with them,
// and its promise runs on, until they say that they posted it.
func (e *Engine) handOut(ctx context.Context, tx *state.Tx, c Case, r *Reply) error {
	r.Status = toPost
	if err := replies.Put(tx, r.ID, *r, r.served()...); err != nil {
		return err
	}
	if c.Stage == Waiting || c.Owner != r.By {
		c.Stage, c.Owner, c.TakenAt, c.Handed = Taken, r.By, tx.Now(), Handed{}
		remember(tx, c)
	}
	if err := board.Refresh(ctx, tx, LookView, c.Reply); err != nil { // this one is in its place
		return err
	}
	c.Reply = r.ID
	return e.putCase(ctx, tx, c, "reply.byhand", r.By)
}

// remember keeps the times of a promise: its owner is reminded before it ends, or
// not at all if it is too late for that.
func remember(tx *state.Tx, c Case) {
	if at := c.Due.Add(-remindBefore); at.After(tx.Now()) {
		tx.Later(promiseDue(c, at))
	} else if c.Due.After(tx.Now()) { // no need to remind who just took it
		tx.Later(promiseDue(c, c.Due))
	}
}

// Posted records that a person posted a reply by hand: only now its conversation
// is answered.
func (e *Engine) Posted(ctx context.Context, tx *state.Tx, id, member string) (Case, error) {
	r, found, err := replies.Get(ctx, tx, id)
	if err == nil && !found {
		err = ErrUnknown
	}
	if err != nil {
		return Case{}, err
	}
	c, err := e.get(ctx, tx, r.Case)
	switch {
	case err != nil:
		return c, err
	case c.Stage == Done:
		return c, ErrDone
	case c.Reply == r.ID && r.Status == posted: // a holding reply, said twice
		return c, nil
	case c.Reply != r.ID || r.Status != toPost && !r.saidNot():
		return c, ErrReplaced
	}
	r.Status, r.At = posted, tx.Now()
	tx.Log(audit.Entry{Who: member, What: "reply.posted", Brand: r.Brand, Subject: "reply/" + r.ID})
	if err := replies.Put(tx, r.ID, r, r.served()...); err != nil {
		return c, err
	}
	if r.Wait != nil {
		if err := e.settleRound(ctx, tx, r, func(round *Round) { *round = round.held(r.Case) }); err != nil {
			return c, err
		}
		return e.left(ctx, tx, r, tx.Now())
	}
	if err := e.settleRound(ctx, tx, r, func(round *Round) { *round = round.answered(r.Case) }); err != nil {
		return c, err
	}
	return c, e.finish(ctx, tx, c, member, Replied, "")
}

// saidNot says of a reply by hand that somebody said that it was not posted: they
// may have clicked beside.
func (r Reply) saidNot() bool { return r.Status == "cancelled" && r.byHand() && r.Look == nil }

// drop forgets the reply that has not left, and that somebody was to post or that only
// holds: another one, or another outcome, takes its place.
func (e *Engine) drop(ctx context.Context, tx *state.Tx, c Case) error {
	r, is, err := underWay(ctx, tx, c)
	if err != nil || !is || r.Status != toPost && (r.Wait == nil || r.Status != "planned") {
		return err
	}
	r.Status = "cancelled"
	tx.Cancel("reply:" + r.ID)
	if err := replies.Put(tx, r.ID, r, r.served()...); err != nil {
		return err
	}
	return e.settleRound(ctx, tx, r, func(*Round) {})
}

// notPosted takes back what a person was to post, and did not: the conversation
// stays with them, and its promise runs.
func (e *Engine) notPosted(ctx context.Context, tx *state.Tx, r Reply, member string) (Case, error) {
	c, err := e.get(ctx, tx, r.Case)
	switch {
	case err != nil:
		return c, err
	case c.Reply != r.ID:
		return c, ErrReplaced
	case c.Stage == Done && r.Wait != nil:
		return c, ErrDone
	}
	if r.Status == posted {
		if err := e.unsettle(ctx, tx, r); err != nil {
			return c, err
		}
		if r.Wait != nil {
			c = c.backTo(r)
			again(tx, c)
		}
	}
	r.Status = "cancelled"
	if err := replies.Put(tx, r.ID, r, r.served()...); err != nil {
		return c, err
	}
	if err := e.settleRound(ctx, tx, r, func(round *Round) { round.Later++ }); err != nil {
		return c, err
	}
	if c.Stage != Done {
		return c, e.putCase(ctx, tx, c, "reply.notposted", member)
	}
	if c, err = e.reopen(ctx, tx, c.ID, member); err != nil {
		return c, err
	}
	c.Stage = Taken
	remember(tx, c)
	return c, e.putCase(ctx, tx, c, "reply.notposted", member)
}

// settleRound counts what became of a reply in the round in which it was written.
func (e *Engine) settleRound(ctx context.Context, tx *state.Tx, r Reply, count func(*Round)) error {
	round, found, err := rounds.Get(ctx, tx, r.By)
	at := slices.Index(round.Hand, r.ID)
	if err != nil || !found || at < 0 {
		return err
	}
	round.Hand = slices.Delete(slices.Clone(round.Hand), at, at+1)
	count(&round)
	if err := rounds.Put(tx, r.By, round); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, RoundView, r.By)
}

// Pass goes on in a member's round after a reply that they have to post.
func (e *Engine) Pass(ctx context.Context, tx *state.Tx, r Reply) error {
	round, found, err := rounds.Get(ctx, tx, r.By)
	if err != nil || !found || round.Current() != r.Case {
		return err
	}
	round.At++
	round.Hand = append(slices.Clone(round.Hand), r.ID)
	if err := e.skip(ctx, tx, &round); err != nil {
		return err
	}
	if err := rounds.Put(tx, r.By, round); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, RoundView, r.By)
}

// underWay is the last reply to an open conversation; false if there is none.
func underWay(ctx context.Context, tx *state.Tx, c Case) (Reply, bool, error) {
	if c.Reply == "" || c.Stage == Done {
		return Reply{}, false, nil
	}
	return replies.Get(ctx, tx, c.Reply)
}

// uncount takes a conversation that opens again out of the figures of its day.
func (e *Engine) uncount(ctx context.Context, tx *state.Tx, c Case) error {
	b := e.Space.Now().Brand(c.Brand)
	if b == nil || c.Stage != Done {
		return nil
	}
	id := dayID(b.ID, c.DoneAt.In(b.Zone).Format(time.DateOnly))
	day, found, err := days.Get(ctx, tx, id)
	if err != nil || !found {
		return err
	}
	return days.Put(tx, id, day.without(c, int(b.At(nil).Between(c.Since, c.DoneAt)/time.Minute)))
}

// without is a day that a conversation, answered after so many minutes, does not
// count in; pure.
func (d Day) without(c Case, waited int) Day {
	at := slices.Index(d.Waits, waited)
	if at < 0 || d.Done == 0 {
		return d
	}
	d.Done--
	d.Waits = slices.Delete(slices.Clone(d.Waits), at, at+1)
	if c.kept(c.DoneAt) && d.Within > 0 {
		d.Within--
	}
	return d
}
