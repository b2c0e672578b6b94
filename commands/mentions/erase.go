package mentions

import (
	"context"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/listen"
	"crieur/bot/state"
)

// Erased is the outcome of a conversation whose person asked for their data to
// go.
const Erased Outcome = "erased"

// keepErased is how long what is left of an erased conversation stays: long
// enough for its cards to say so.
const keepErased = 30 * 24 * time.Hour

// Erase takes out of a conversation who it was with and what they said. Its cards
// are brought to that state; they say that it was erased.
func (e *Engine) Erase(ctx context.Context, tx *state.Tx, id string) error {
	c, err := e.get(ctx, tx, id)
	if err != nil {
		return err
	}
	last := listen.Mention{Network: c.Network, Text: "…", At: tx.Now()}
	erased := Case{
		ID: c.ID, Brand: c.Brand, Network: c.Network, Heard: []listen.Mention{last}, Kind: Other, Urgency: Listed,
		Stage: Done, Outcome: Erased, Owner: c.Owner, TakenAt: c.TakenAt, Since: c.Since, Due: c.Due, DoneAt: tx.Now(),
	}
	data, err := cases.Encode(erased)
	if err != nil {
		return err
	}
	tx.Cancel("promise:" + c.ID)
	tx.Write(state.Write{Key: cases.Key(id), Data: data, Keep: keepErased, Index: caseMarks(erased)})
	tx.Log(audit.Entry{What: "case.erased", Brand: c.Brand, Subject: "case/" + c.ID})
	return e.refresh(ctx, tx, c)
}

// EraseReply takes a reply out, with what it answered. One that is on its way
// must arrive first: the error is ErrNotNow.
func (e *Engine) EraseReply(ctx context.Context, tx *state.Tx, id string) error {
	r, found, err := replies.Get(ctx, tx, id)
	switch {
	case err != nil || !found:
		return err
	case r.Status == "claimed":
		return ErrNotNow
	}
	tx.Cancel("reply:" + id)
	tx.Log(audit.Entry{What: "reply.erased", Brand: r.Brand, Subject: "reply/" + id})
	r.Status = "cancelled" // it counts as a use of nothing
	replies.Delete(tx, id, r.served()...)
	return board.Refresh(ctx, tx, LookView, id)
}

// EraseStory takes a story out: its text is somebody's.
func (e *Engine) EraseStory(ctx context.Context, tx *state.Tx, id string) error {
	s, found, err := stories.Get(ctx, tx, id)
	if err != nil || !found {
		return err
	}
	stories.Delete(tx, id, state.Mark{Index: storyIndex(s.Brand), Member: id, Remove: true})
	return nil
}
