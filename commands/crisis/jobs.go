package crisis

import (
	"context"
	"slices"
	"time"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/work"
)

// Topic is that of the due times of points.
const Topic = "crisis"

// remind sets the due time of the next point.
func remind(tx *state.Tx, c Crisis) {
	tx.Later(work.Due{Key: dueKey(c.ID), At: c.Point,
		Item: work.Item{Conversation: c.ID, Topic: "due:" + Topic, Data: []byte(c.ID)}})
}

func dueKey(id string) string { return "crisis:" + id }

// Due brings the card before whoever must see to the point, now that it is time.
func (e *Engine) Due(ctx context.Context, tx *state.Tx, item work.Item) error {
	c, found, err := crises.Get(ctx, tx, string(item.Data))
	if err != nil || !found || c.Over() || c.Point.IsZero() || tx.Now().Before(c.Point) {
		return err
	}
	b := e.Space.Now().Brand(c.Brand)
	if b == nil {
		return nil
	}
	var hangs []board.Hang
	if m, calls := e.reminded(b, c.Lead, tx.Now()); m != nil {
		hangs = direct(b, m)
		for i := range hangs {
			hangs[i].Critical = calls
		}
	}
	tx.Log(audit.Entry{What: "crisis.reminded", Brand: c.Brand, Subject: "crisis/" + c.ID})
	_, err = board.Show(ctx, tx, board.Card{View: View, Subject: c.ID, Brand: c.Brand}, e.NewToken, hangs...)
	return err
}

// reminded is who sees to a point: who leads, in their hours; outside these whoever
// is on call, who is rung. Where nobody is, it waits for who leads.
func (e *Engine) reminded(b *brand.Brand, lead string, now time.Time) (m *brand.Member, calls bool) {
	leader := e.Space.Now().Member(lead)
	rota := e.Space.Now().Rota(b, now)
	switch {
	case leader != nil && b.At(leader).Open(now), len(rota) == 0:
		return leader, false
	case slices.Contains(rota, leader):
		return leader, true
	}
	return rota[0], true
}
