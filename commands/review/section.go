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

// Section says what waits for an approval: a line of the brief.
func (e *Engine) Section(ctx context.Context, tx *state.Tx, b *brand.Brand, _ time.Time, p *i18n.Printer) ([]string, error) {
	open, err := e.open(ctx, tx)
	if err != nil {
		return nil, err
	}
	open = slices.DeleteFunc(open, func(r approvals.Request) bool { return r.Brand != b.ID })
	if len(open) == 0 {
		return nil, nil
	}
	return []string{p.T("digest.toapprove", "Count", len(open))}, nil
}
