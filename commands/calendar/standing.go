package calendar

import (
	"context"
	"slices"
	"time"

	"crieur/bot/state"
)

// Gate hears that somebody paused everything, or let it go on.
type Gate interface {
	Paused(ctx context.Context, tx *state.Tx, by string, paused bool) error
}

// turned tells the gate, where there is one.
func (e *Engine) turned(ctx context.Context, tx *state.Tx, by string, paused bool) error {
	if e.Gate == nil {
		return nil
	}
	return e.Gate.Paused(ctx, tx, by, paused)
}

// Standing is how the posts of a brand stand. Each account counts, as where
// everything is paused.
type Standing struct {
	// Paused is since when everything is; zero: it isn't.
	Paused time.Time
	// Waiting are still to leave, Left went out since the pause.
	Waiting, Left int
}

// Standing says how the posts of a brand stand. It is for looking: nothing may be
// decided by it.
func (e *Engine) Standing(ctx context.Context, tx *state.Tx, brand string) (Standing, error) {
	since, err := e.PausedSince(ctx, tx)
	if err != nil {
		return Standing{}, err
	}
	s := Standing{Paused: since}
	ranges := []state.Range{{Index: plannedIndex, To: 1 << 53}, {Index: heldIndex, To: 1 << 53}}
	if !s.Paused.IsZero() { // what was on its way is sent within LateAfter of its time
		ranges = append(ranges, state.Range{Index: allIndex, From: s.Paused.Add(-LateAfter).UnixMilli(), To: tx.Now().UnixMilli()})
	}
	var ids []string
	for _, r := range ranges {
		members, err := tx.List(ctx, r)
		if err != nil {
			return s, err
		}
		ids = append(ids, state.IDs(members)...)
	}
	slices.Sort(ids)
	all, err := publications.Peek(ctx, tx, slices.Compact(ids)...)
	for _, p := range all {
		switch {
		case p.Brand != brand:
		case p.Status == Planned || p.Status == Held || p.Status == Late:
			s.Waiting++
		case p.Status == Sent && !p.SentAt.Before(s.Paused):
			s.Left++
		}
	}
	return s, err
}

// Ahead are the posts of a brand that are on the plan before a time and have not
// left, the next one first. It is for looking, as OnPlan is.
func (e *Engine) Ahead(ctx context.Context, tx *state.Tx, brand string, until time.Time) ([]Post, error) {
	all, err := e.OnPlan(ctx, tx, brand, tx.Now(), until)
	waits := func(p Publication) bool { return p.Status == Planned || p.Status == Asked }
	return posts(slices.DeleteFunc(all, func(p Publication) bool { return !waits(p) })), err
}
