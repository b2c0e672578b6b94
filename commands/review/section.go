package review

import (
	"context"
	"slices"
	"time"

	"crieur/approvals"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// Section says what waits for an approval, and what got none in time since the
// brief of the last worked day: lines of the brief.
func (e *Engine) Section(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
	open, err := e.open(ctx, tx)
	if err != nil {
		return nil, err
	}
	open = slices.DeleteFunc(open, func(r approvals.Request) bool { return r.Brand != b.ID })
	missed, err := e.missed(ctx, tx, b.ID, b.Brief.On(since.In(b.Zone)))
	if err != nil {
		return nil, err
	}
	var lines []string
	if len(open) > 0 {
		lines = append(lines, p.T("digest.toapprove", "Count", len(open)))
	}
	if len(missed) > 0 {
		lines = append(lines, p.T("review.missed", "Count", len(missed), "Title", missed[0].Title))
	}
	return lines, nil
}

// missed lists what nobody decided by a time after from, the earliest first.
func (e *Engine) missed(ctx context.Context, tx *state.Tx, brand string, from time.Time) ([]approvals.Request, error) {
	members, err := tx.List(ctx, state.Range{Index: missedIndex(brand), From: from.UnixMilli(), To: tx.Now().UnixMilli()})
	if err != nil {
		return nil, err
	}
	return approvals.Table.Peek(ctx, tx, state.IDs(members)...)
}
