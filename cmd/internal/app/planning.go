package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/oncall"
	"crieur/bot/state"
	"crieur/commands/calendar"
	"crieur/commands/drafting"
)

// planning gives the calendar the words of its posts: drafting keeps them.
type planning struct{ drafts *drafting.Engine }

// Reread implements calendar.Drafts.
func (p planning) Reread(ctx context.Context, tx *state.Tx, b *brand.Brand, draft string, at time.Time) ([]calendar.Reading, error) {
	found, err := p.drafts.Reread(ctx, tx, b, draft, at)
	readings := make([]calendar.Reading, len(found))
	for i, one := range found {
		readings[i] = calendar.Reading(one)
	}
	return readings, planned(err)
}

// Reschedule implements calendar.Drafts.
func (p planning) Reschedule(ctx context.Context, tx *state.Tx, b *brand.Brand, draft, by string, slot content.Slot) error {
	return planned(p.drafts.Reschedule(ctx, tx, b, draft, by, slot))
}

// Copy implements calendar.Drafts.
func (p planning) Copy(ctx context.Context, tx *state.Tx, b *brand.Brand, draft, by string) (board.Card, error) {
	d, err := p.drafts.Copy(ctx, tx, b, draft, by)
	return board.Card{View: drafting.ViewName, Subject: d.ID, Brand: d.Brand}, planned(err)
}

// answering gives the calendar the calls that were answered.
type answering struct{}

// Answered implements calendar.Calls.
func (answering) Answered(ctx context.Context, tx *state.Tx, brand string, from, until time.Time) ([]calendar.Call, error) {
	all, err := oncall.List(ctx, tx, brand, from, until)
	calls := make([]calendar.Call, len(all))
	for i, one := range all {
		calls[i] = calendar.Call{Member: one.Member, At: one.At, Until: one.Until}
	}
	return calls, err
}

// ideas turns what competitors do into drafts.
type ideas struct{ drafts *drafting.Engine }

// Begin implements rivals.Ideas.
func (i ideas) Begin(ctx context.Context, tx *state.Tx, b *brand.Brand, by, note string) (board.Card, error) {
	d, err := i.drafts.Create(ctx, tx, b, by, note)
	return board.Card{View: drafting.ViewName, Subject: d.ID, Brand: d.Brand}, err
}

// planned is what goes wrong with a draft, as the calendar knows it.
func planned(err error) error {
	switch {
	case errors.Is(err, drafting.ErrUnknown):
		return calendar.ErrUnknown
	case errors.Is(err, drafting.ErrPast):
		return calendar.ErrPast
	}
	return err
}

// onDuty says whether a member agreed to be there for a brand now.
func (a *App) onDuty(ctx context.Context, b *brand.Brand, member string, now time.Time) (bool, error) {
	there, err := a.Posts.OnDuty(ctx, state.Begin(a.options.Backend, "duty", now), b)
	return slices.Contains(there, member), err
}
