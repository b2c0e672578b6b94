package moderation

import (
	"context"

	"crieur/bot/audit"
	"crieur/bot/state"
)

// Erase takes out a message whose author asked for their data to go. The evidence
// of what was hidden, or handed over, stays until keepEvidence has passed: it is
// kept to establish and defend rights in law, which the right to erasure leaves
// alone (GDPR, article 17(3)(e)), and so does what is not decided yet. kept says
// that it stays.
func (e *Engine) Erase(ctx context.Context, tx *state.Tx, id string) (kept bool, err error) {
	c, found, err := cases.Get(ctx, tx, id)
	if err != nil || !found {
		return false, err
	}
	if c.Stage != Left || c.Reported != nil {
		return true, nil
	}
	tx.Cancel(dueKey(id))
	tx.Log(audit.Entry{What: "moderation.erased", Brand: c.Brand, Subject: Kind + "/" + id})
	gone := c.marks()
	gone[0].Remove = true
	cases.Delete(tx, id, gone...)
	return false, nil
}
