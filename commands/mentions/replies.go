package mentions

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

const (
	// leaveWithin is how late a reply may leave by itself; later, its
	// conversation opens again.
	leaveWithin = 15 * time.Minute
	// replySweepAfter is when an order without a receipt counts as uncertain.
	replySweepAfter = leaveWithin + 2*time.Minute
)

func replyDue(r Reply, at time.Time) work.Due {
	return work.Due{Key: "reply:" + r.ID, At: at,
		Item: work.Item{Conversation: r.ID, Topic: "due:" + ReplyTopic, Data: []byte(r.ID)}}
}

// ReplyDue lets a reply leave.
func (e *Engine) ReplyDue(ctx context.Context, tx *state.Tx, item work.Item) error {
	r, found, err := replies.Get(ctx, tx, string(item.Data))
	if err == nil && found && r.Status == "claimed" {
		return e.replySweep(ctx, tx, r)
	}
	if err != nil || !found || r.Status != "planned" || tx.Now().Before(r.At) {
		return err
	}
	reason, err := e.stops(ctx, tx, r)
	if err != nil {
		return err
	}
	if reason != "" {
		return e.unsent(ctx, tx, r, outbox.Receipt{Status: outbox.Cancelled, Reason: reason})
	}
	data, err := json.Marshal(content.Order{Key: r.ID, Part: r.Part, Fingerprint: r.Fingerprint})
	if err != nil {
		return fmt.Errorf("encode reply %s: %w", r.ID, err)
	}
	tx.Emit(outbox.Effect{Kind: publishKind, Destination: r.Brand + "/" + r.Part.Account, Class: outbox.Post, Public: true,
		Brand: r.Brand, Due: r.At, NotAfter: tx.Now().Add(leaveWithin), Topic: ReplyTopic, Conversation: r.ID, Data: data})
	r.Status, r.ClaimedAt = "claimed", tx.Now()
	tx.Later(replyDue(r, tx.Now().Add(replySweepAfter)))
	tx.Log(audit.Entry{Who: r.By, What: "reply.claimed", Brand: r.Brand, Subject: "reply/" + r.ID})
	return replies.Put(tx, r.ID, r, r.served()...)
}

// ReplyReceipt records how a reply ended. One that did not leave opens its
// conversation again; one that may have left says so on its card.
func (e *Engine) ReplyReceipt(ctx context.Context, tx *state.Tx, item work.Item) error {
	var receipt outbox.Receipt
	if err := json.Unmarshal(item.Data, &receipt); err != nil {
		return fmt.Errorf("decode receipt %s: %w", item.ID, err)
	}
	r, found, err := replies.Get(ctx, tx, item.Conversation)
	if err != nil || !found || r.Status != "claimed" && r.Status != "unknown" {
		return err // a person decided meanwhile
	}
	tx.Cancel("reply:" + r.ID)
	if receipt.Status != outbox.Sent && receipt.Status != outbox.Unknown {
		return e.unsent(ctx, tx, r, receipt)
	}
	if err := e.putReply(tx, &r, receipt); err != nil {
		return err
	}
	switch {
	case receipt.Status != outbox.Sent:
		return e.tell(ctx, tx, r)
	case r.Wait != nil:
		_, err := e.left(ctx, tx, r, cmp.Or(receipt.At, tx.Now()))
		return err
	}
	return board.Refresh(ctx, tx, CaseView, r.Case)
}

// unsent opens the conversation of a reply that did not leave; its words are
// kept for the next try, and who wrote them is told.
func (e *Engine) unsent(ctx context.Context, tx *state.Tx, r Reply, receipt outbox.Receipt) error {
	if receipt.Status == outbox.Expired {
		receipt.Reason = cmp.Or(receipt.Reason, "outbox.toolate")
	}
	if err := e.putReply(tx, &r, receipt); err != nil {
		return err
	}
	if _, err := e.waits(ctx, tx, r, ""); err != nil {
		return err
	}
	return e.tell(ctx, tx, r)
}

func (e *Engine) putReply(tx *state.Tx, r *Reply, receipt outbox.Receipt) error {
	r.Status, r.URL, r.Reason, r.Args = string(receipt.Status), receipt.URL, receipt.Reason, receipt.Args
	tx.Log(audit.Entry{Who: r.By, What: "reply." + r.Status, Brand: r.Brand, Subject: "reply/" + r.ID})
	return replies.Put(tx, r.ID, *r, r.served()...)
}

// stops says why a reply does not leave although it is time; "": it leaves.
func (e *Engine) stops(ctx context.Context, tx *state.Tx, r Reply) (reason string, err error) {
	paused, err := e.paused(ctx, tx, r)
	if err != nil || paused {
		return outbox.Held, err
	}
	if over, err := e.overtaken(ctx, tx, r); err != nil || over {
		return "mentions.wordschanged", err
	}
	if r.Wait.over(tx.Now()) {
		return hourGone, nil
	}
	return "", nil
}

// Paused says whether the pause of everything stops a reply. One that somebody let
// go by a second look after the pause leaves: that is what a crisis says meanwhile.
func (e *Engine) Paused(ctx context.Context, tx *state.Tx, id string) (bool, error) {
	r, _, err := replies.Get(ctx, tx, id)
	if err != nil {
		return false, err
	}
	return e.paused(ctx, tx, r)
}

func (e *Engine) paused(ctx context.Context, tx *state.Tx, r Reply) (bool, error) {
	if e.Hold == nil {
		return false, nil
	}
	since, err := e.Hold.PausedSince(ctx, tx)
	return !since.IsZero() && (r.Look == nil || !r.Look.At.After(since)), err
}

// replySweep shows a reply as uncertain whose receipt never came.
func (e *Engine) replySweep(ctx context.Context, tx *state.Tx, r Reply) error {
	if tx.Now().Before(r.ClaimedAt.Add(replySweepAfter)) {
		return nil
	}
	if err := e.putReply(tx, &r, outbox.Receipt{Status: outbox.Unknown, Reason: "outbox.unknown"}); err != nil {
		return err
	}
	return e.tell(ctx, tx, r)
}

// ReplyThere records that a person saw an uncertain reply on its network.
func (e *Engine) ReplyThere(ctx context.Context, tx *state.Tx, id, member string) (Case, error) {
	c, r, err := e.uncertain(ctx, tx, id)
	if err != nil {
		return c, err
	}
	r.Status, r.Reason = "sent", ""
	if r.Wait != nil {
		tx.Log(audit.Entry{Who: member, What: "reply.confirmed", Brand: r.Brand, Subject: "reply/" + r.ID})
		return e.left(ctx, tx, r, r.ClaimedAt)
	}
	if err := replies.Put(tx, r.ID, r, r.served()...); err != nil {
		return c, err
	}
	return c, e.putCase(ctx, tx, c, "reply.confirmed", member)
}

// ReplyAbsent records that a person did not find an uncertain reply: its
// conversation waits again.
func (e *Engine) ReplyAbsent(ctx context.Context, tx *state.Tx, id, member string) (Case, error) {
	c, r, err := e.uncertain(ctx, tx, id)
	if err != nil {
		return c, err
	}
	r.Status = "failed"
	if err := replies.Put(tx, r.ID, r, r.served()...); err != nil {
		return c, err
	}
	return e.waits(ctx, tx, r, member)
}

// uncertain reads a conversation whose reply is to be checked.
func (e *Engine) uncertain(ctx context.Context, tx *state.Tx, id string) (Case, Reply, error) {
	c, err := e.get(ctx, tx, id)
	if err != nil {
		return c, Reply{}, err
	}
	r, found, err := replies.Get(ctx, tx, c.Reply)
	if err == nil && (!found || r.Status != "unknown") {
		err = ErrNotNow
	}
	return c, r, err
}

// tell puts the conversation of a reply that went wrong before who wrote it, or who has
// it since.
func (e *Engine) tell(ctx context.Context, tx *state.Tx, r Reply) error {
	who, err := e.concerned(ctx, tx, r)
	if err != nil {
		return err
	}
	space := e.Space.Now()
	member, b := space.Member(who), space.Brand(r.Brand)
	if member == nil || b == nil || len(member.Direct()) == 0 {
		return nil
	}
	_, err = board.Show(ctx, tx, board.Card{View: CaseView, Subject: r.Case, Brand: b.ID}, e.NewToken, board.Hang{
		Place: member.Direct()[0], Member: member.ID, Lang: b.LangOf(member), Class: outbox.Alert, Notifies: true})
	return err
}
