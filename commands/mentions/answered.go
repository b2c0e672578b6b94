package mentions

import (
	"context"
	"strconv"
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
)

// Answered is a call that a member answered, from when they saw it until the
// conversation was done or their own work began again.
type Answered struct {
	Brand  string    `json:"brand"`
	Member string    `json:"member"`
	At     time.Time `json:"at"`
	Until  time.Time `json:"until,omitzero"` // zero: it is not done yet
}

var answered = state.Table[Answered]{Kind: "answered", Schema: 1, Keep: state.KeepWork}

func answeredIndex(brand string) string { return "calls:" + brand }

// answeredID names the call to a conversation that was seen at a time.
func answeredID(id string, at time.Time) string { return id + "/" + strconv.FormatInt(at.Unix(), 10) }

// Answered lists the calls of a brand that somebody saw from one time until just
// before another, the earliest first.
func (e *Engine) Answered(ctx context.Context, tx *state.Tx, brand string, from, until time.Time) ([]Answered, error) {
	members, err := tx.List(ctx, state.Range{Index: answeredIndex(brand), From: from.UnixMilli(), To: until.UnixMilli() - 1})
	if err != nil {
		return nil, err
	}
	return answered.Peek(ctx, tx, state.IDs(members)...)
}

// answer notes that a call was seen.
func answer(ctx context.Context, tx *state.Tx, brand, id string, call Call) error {
	name := answeredID(id, call.SeenAt)
	if _, _, err := answered.Get(ctx, tx, name); err != nil {
		return err
	}
	return answered.Put(tx, name, Answered{Brand: brand, Member: call.SeenBy, At: call.SeenAt},
		state.Mark{Index: answeredIndex(brand), Member: name, Score: call.SeenAt.UnixMilli()})
}

// done notes that the conversation of a call is over.
func (e *Engine) done(ctx context.Context, tx *state.Tx, b *brand.Brand, id string) error {
	call, found, err := calls.Get(ctx, tx, id)
	if err != nil || !found || call.SeenBy == "" {
		return err
	}
	name := answeredID(id, call.SeenAt)
	a, found, err := answered.Get(ctx, tx, name)
	if err != nil || !found || !a.Until.IsZero() {
		return err
	}
	a.Until = tx.Now()
	if back, ok := b.At(e.Space.Now().Member(a.Member)).Next(a.At); ok && back.Before(a.Until) {
		a.Until = back
	}
	return answered.Put(tx, name, a)
}
