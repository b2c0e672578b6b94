package oncall

import (
	"context"
	"strconv"
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
)

// Answered is a call that a member answered, from when they saw it until it was
// over or their own work began again.
type Answered struct {
	Brand  string    `json:"brand"`
	Member string    `json:"member"`
	At     time.Time `json:"at"`
	Until  time.Time `json:"until,omitzero"` // zero: it is not over yet
}

var answered = state.Table[Answered]{Kind: "answered", Schema: 1, Keep: state.KeepWork}

func answeredIndex(brand string) string { return "calls:" + brand }

// answeredID names the call that was seen at a time.
func answeredID(call string, at time.Time) string {
	return call + "/" + strconv.FormatInt(at.Unix(), 10)
}

// List lists the calls of a brand that somebody saw from one time until just
// before another, the earliest first.
func List(ctx context.Context, tx *state.Tx, brand string, from, until time.Time) ([]Answered, error) {
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

// Over notes that what somebody was called to is over.
func (l Bell) Over(ctx context.Context, tx *state.Tx, b *brand.Brand, id string) error {
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
	if back, ok := b.At(l.Space.Now().Member(a.Member)).Next(a.At); ok && back.Before(a.Until) {
		a.Until = back
	}
	return answered.Put(tx, name, a)
}
