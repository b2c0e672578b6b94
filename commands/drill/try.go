package drill

import (
	"context"
	"time"

	"crieur/bot/brand"
	"crieur/bot/oncall"
	"crieur/bot/state"
)

// tryEvery is how long one exercise by hand is enough.
const tryEvery = 10 * time.Minute

// Tried is who was rung by an exercise by hand; who does not work now was not, nor
// who just was.
type Tried struct{ Rung, Away, Recent []*brand.Member }

// leads says whether a member has everybody on call rung: who approves, and admins.
func leads(m *brand.Member) bool { return m.Can(brand.Approver) || m.Can(brand.Admin) }

// among are those on call whom a member may have rung for an exercise, and who are
// reached at all: everybody, or only themselves.
func among(space *brand.Space, b *brand.Brand, by *brand.Member) (all []*brand.Member) {
	for _, id := range b.OnCall {
		m := space.Member(id)
		if m != nil && (leads(by) || m.ID == by.ID) && len(oncall.Ways(b, m)) > 0 {
			all = append(all, m)
		}
	}
	return all
}

// may says whether an exercise by hand rings a member now: who asks for themselves
// is not at lunch.
func may(b *brand.Brand, m, by *brand.Member, now time.Time) bool {
	return fits(b, m, now) || m.ID == by.ID && b.At(m).Open(now)
}

// Try makes an exercise now, by hand. It counts as that of its month.
func (e *Engine) Try(ctx context.Context, tx *state.Tx, b *brand.Brand, by *brand.Member) (tried Tried, err error) {
	for _, m := range among(e.Space.Now(), b, by) {
		d, _, err := drills.Get(ctx, tx, ID(b.ID, m.ID))
		switch {
		case err != nil:
			return tried, err
		case !may(b, m, by, tx.Now()):
			tried.Away = append(tried.Away, m)
			continue
		case tx.Now().Sub(d.At) < tryEvery:
			tried.Recent = append(tried.Recent, m)
			continue
		}
		was := d
		if d, err = e.ring(ctx, tx, b, m, d, by.ID); err != nil {
			return tried, err
		}
		d.Next, _ = next(b, m, nextMonth(tx.Now().In(b.Zone)))
		if err := plan(tx, b, was, d); err != nil {
			return tried, err
		}
		tried.Rung = append(tried.Rung, m)
	}
	return tried, nil
}
