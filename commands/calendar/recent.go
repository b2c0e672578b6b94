package calendar

import (
	"context"
	"slices"
	"time"

	"crieur/bot/state"
)

// Recent lists the publications of a brand that left since a time or are still
// to leave, the latest first: of the last ones of the whole space, so many at
// most. Nothing waits for what it reads.
func (e *Engine) Recent(ctx context.Context, tx *state.Tx, brand string, since time.Time, most int) ([]Publication, error) {
	members, err := tx.List(ctx, state.Range{Index: allIndex, From: since.UnixMilli(), To: 1 << 53, Limit: most, Reverse: true})
	if err != nil {
		return nil, err
	}
	recent, err := publications.Peek(ctx, tx, state.IDs(members)...)
	return slices.DeleteFunc(recent, func(p Publication) bool {
		return p.Brand != brand || p.Status == Cancelled || p.Status == Expired || p.Status == Failed
	}), err
}
