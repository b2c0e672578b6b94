package calendar

import (
	"context"
	"slices"
	"time"

	"crieur/approvals"
	"crieur/bot/audit"
	"crieur/bot/content"
	"crieur/bot/state"
)

// act changes one publication by a person's decision, if it stands in one of
// the statuses given.
func (e *Engine) act(ctx context.Context, tx *state.Tx, id, by, verb string, in []Status,
	change func(*Publication) error,
) (Publication, error) {
	p, err := e.get(ctx, tx, id)
	if err != nil {
		return p, err
	}
	if !slices.Contains(in, p.Status) {
		return p, ErrNotNow
	}
	p.By = by
	if err := change(&p); err != nil {
		return p, err
	}
	if err := e.put(tx, p, verb); err != nil {
		return p, err
	}
	if err := e.heeded(ctx, tx, p, by); err != nil {
		return p, err
	}
	return p, e.Card.Refresh(ctx, tx, p.Request)
}

// Cancel takes back a post that has not left.
func (e *Engine) Cancel(ctx context.Context, tx *state.Tx, id, by string) (Publication, error) {
	return e.act(ctx, tx, id, by, "post.cancelled", []Status{Planned, Held, Late, ByHand, Failed}, func(p *Publication) error {
		p.Status = Cancelled
		return nil
	})
}

// There records that a person saw an uncertain post on its network.
func (e *Engine) There(ctx context.Context, tx *state.Tx, id, by string) (Publication, error) {
	return e.act(ctx, tx, id, by, "post.confirmed", []Status{Unknown}, func(p *Publication) error {
		p.Status, p.SentAt, p.Reason = Sent, tx.Now(), ""
		return nil
	})
}

// Absent records that a person did not find an uncertain post; sending it again
// is another decision.
func (e *Engine) Absent(ctx context.Context, tx *state.Tx, id, by string) (Publication, error) {
	return e.act(ctx, tx, id, by, "post.absent", []Status{Unknown}, func(p *Publication) error {
		p.Status, p.Reason = Failed, "calendar.absent"
		return nil
	})
}

// Now lets a post leave that failed, or whose time passed: its approval is
// checked again, and it can be cancelled for UndoFor.
func (e *Engine) Now(ctx context.Context, tx *state.Tx, id, by string) (Publication, error) {
	p, err := e.get(ctx, tx, id)
	if err != nil {
		return p, err
	}
	if !slices.Contains([]Status{Failed, Late, Held}, p.Status) {
		return p, ErrNotNow
	}
	wall, err := e.wall(ctx, tx, p.Request)
	if err != nil {
		return p, err
	}
	p.By, p.At, p.Reason = by, later(tx.Now().Add(UndoFor), wall), ""
	r, found, err := approvals.Table.Get(ctx, tx, p.Request)
	if err != nil {
		return p, err
	}
	if !found || !r.Allows(p.Part, p.At) {
		return p, ErrWindow
	}
	if err := e.plan(tx, p); err != nil {
		return p, err
	}
	if err := e.heeded(ctx, tx, p, by); err != nil {
		return p, err
	}
	return p, e.Card.Refresh(ctx, tx, p.Request)
}

// Done records the link of a post that a person published.
func (e *Engine) Done(ctx context.Context, tx *state.Tx, id, by, address string) (Publication, error) {
	return e.act(ctx, tx, id, by, "post.done", []Status{ByHand}, func(p *Publication) error {
		if err := e.Hand.CheckLink(e.shows(*p), address); err != nil {
			return err
		}
		p.Status, p.SentAt, p.Live = Sent, tx.Now(), content.Live{URL: address}
		return nil
	})
}

// shows is the network on which an account's posts are seen.
func (e *Engine) shows(p Publication) string {
	if b := e.Space.Now().Brand(p.Brand); b != nil {
		if account, ok := b.Account(p.Part.Account); ok && account.Shows != "" {
			return account.Shows
		}
	}
	return p.Part.Network
}

// Stop pauses everything and returns how many posts were waiting.
func (e *Engine) Stop(ctx context.Context, tx *state.Tx, by string) (waiting int, hold Hold, err error) {
	planned, err := tx.List(ctx, state.Range{Index: plannedIndex, From: 0, To: 1 << 53})
	if err != nil {
		return 0, Hold{}, err
	}
	hold, _, err = holds.Get(ctx, tx, holdID)
	if err != nil || hold.Active {
		return len(planned), hold, err
	}
	hold = Hold{Active: true, Since: tx.Now(), By: by}
	tx.Log(audit.Entry{Who: by, What: "hold.started", Subject: "hold/" + holdID})
	if err := holds.Put(tx, holdID, hold); err != nil {
		return 0, hold, err
	}
	return len(planned), hold, e.turned(ctx, tx, by, true)
}

// Resume ends the pause. What became due meanwhile is late: each is decided by a
// person. It returns those.
func (e *Engine) Resume(ctx context.Context, tx *state.Tx, by string) ([]Publication, error) {
	hold, _, err := holds.Get(ctx, tx, holdID)
	if err != nil {
		return nil, err
	}
	late, err := e.list(ctx, tx, state.Range{Index: heldIndex, From: 0, To: 1 << 53})
	if err != nil {
		return nil, err
	}
	if hold.Active {
		// What is due and was not looked at yet would leave at once: after a restart
		// with everything paused, that is all of it.
		due, err := e.list(ctx, tx, state.Range{Index: plannedIndex, From: 0, To: tx.Now().UnixMilli()})
		if err != nil {
			return nil, err
		}
		late = append(late, due...)
		tx.Log(audit.Entry{Who: by, What: "hold.ended", Subject: "hold/" + holdID})
		if err := holds.Put(tx, holdID, Hold{}); err != nil {
			return nil, err
		}
		if err := e.turned(ctx, tx, by, false); err != nil {
			return nil, err
		}
	}
	for i := range late {
		if late[i].Status != Held && late[i].Status != Planned {
			continue
		}
		late[i].Status = Late
		if err := e.put(tx, late[i], "post.late"); err != nil {
			return nil, err
		}
		if err := e.Card.Refresh(ctx, tx, late[i].Request); err != nil {
			return nil, err
		}
	}
	return late, nil
}

// Paused says whether everything is paused.
func (e *Engine) Paused(ctx context.Context, tx *state.Tx) (bool, error) {
	since, err := e.PausedSince(ctx, tx)
	return !since.IsZero(), err
}

// PausedSince is since when everything is paused; zero: it isn't.
func (e *Engine) PausedSince(ctx context.Context, tx *state.Tx) (time.Time, error) {
	hold, _, err := holds.Get(ctx, tx, holdID)
	return hold.Since, err
}

// Between lists publications of a brand by their time.
func (e *Engine) Between(ctx context.Context, tx *state.Tx, brand string, from, to time.Time) ([]Publication, error) {
	all, err := e.list(ctx, tx, state.Range{Index: allIndex, From: from.UnixMilli(), To: to.UnixMilli()})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(p Publication) bool { return p.Brand != brand }), nil
}
