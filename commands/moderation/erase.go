package moderation

import (
	"context"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/state"
)

// keepErased is how long what is left of an erased message stays: long enough for
// its cards to say so.
const keepErased = 30 * 24 * time.Hour

// Erase takes out a message whose author asked for their data to go; its cards say
// so. The evidence of what was hidden, or handed over, stays until keepEvidence has
// passed: it is kept to establish and defend rights in law, which the right to
// erasure leaves alone (GDPR, article 17(3)(e)), and so is what is not decided yet.
// kept says that it stays.
func (e *Engine) Erase(ctx context.Context, tx *state.Tx, id string) (kept bool, err error) {
	c, found, err := cases.Get(ctx, tx, id)
	if err != nil || !found {
		return false, err
	}
	if c.Stage != Left || c.Reported != nil {
		return c.Stage != Erased, nil
	}
	erased := Case{ID: id, Brand: c.Brand, Stage: Erased, Acts: c.Acts,
		Evidence: Evidence{Network: c.Evidence.Network, KeptAt: c.Evidence.KeptAt}}
	data, err := cases.Encode(erased)
	if err != nil {
		return false, err
	}
	tx.Cancel(dueKey(id))
	tx.Log(audit.Entry{What: "moderation.erased", Brand: c.Brand, Subject: Kind + "/" + id})
	tx.Write(state.Write{Key: cases.Key(id), Data: data, Keep: keepErased, Index: erased.marks()})
	return false, board.Refresh(ctx, tx, View, id)
}
