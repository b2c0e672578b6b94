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

// Section says how many posts wait for an approval, by when the first of them and
// of whom: a line of the brief.
func (e *Engine) Section(ctx context.Context, tx *state.Tx, b *brand.Brand, _ time.Time, p *i18n.Printer) ([]string, error) {
	open, _, err := e.openOf(ctx, tx, b)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	open = inOrder(open, tx.Now())
	var asked []string
	for _, r := range open {
		if m := e.Asked(b, r, tx.Now()); m != nil && !slices.Contains(asked, m.Name) {
			asked = append(asked, m.Name)
		}
	}
	return []string{toApprove(p, open, asked, b.Zone, tx.Now())}, nil
}

// Missed says what got no approval in time since the brief of the last worked day: a
// line of the brief.
func (e *Engine) Missed(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
	missed, err := e.missed(ctx, tx, b.ID, b.Brief.On(since.In(b.Zone)))
	if err != nil {
		return nil, err
	}
	_, over, err := e.openOf(ctx, tx, b)
	if missed = append(missed, over...); err != nil || len(missed) == 0 {
		return nil, err
	}
	return []string{p.T("review.missed", "Count", len(missed), "Title", missed[0].Title)}, nil
}

// openOf lists the open requests of a brand, and those that are over though nobody
// noted it yet: after an outage the brief may come before that.
func (e *Engine) openOf(ctx context.Context, tx *state.Tx, b *brand.Brand) (open, over []approvals.Request, err error) {
	all, err := e.open(ctx, tx)
	for _, r := range all {
		if r.Brand != b.ID {
			continue
		}
		if ended, err := r.Expire(tx.Now()); err == nil {
			over = append(over, ended)
		} else {
			open = append(open, r)
		}
	}
	return open, over, err
}

// decideBy is by when a request is still to be decided: its deadline or, once that has
// passed, when its post leaves; zero where neither is to come. Pure.
func decideBy(r approvals.Request, now time.Time) time.Time {
	for _, at := range []time.Time{r.Deadline, r.At} {
		if at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// inOrder are requests by when they are to be decided; those without such a time come
// last. Pure.
func inOrder(open []approvals.Request, now time.Time) []approvals.Request {
	return slices.SortedStableFunc(slices.Values(open), func(x, y approvals.Request) int {
		one, other := decideBy(x, now), decideBy(y, now)
		if one.IsZero() != other.IsZero() {
			return -one.Compare(other)
		}
		return one.Compare(other)
	})
}

// toApprove says how many requests wait, given in order, by when the first one and of
// whom they are asked. Pure.
func toApprove(p *i18n.Printer, open []approvals.Request, asked []string, zone *time.Location, now time.Time) string {
	line := p.T("digest.toapprove", "Count", len(open))
	if at := decideBy(open[0], now); !at.IsZero() {
		line = p.T("digest.toapproveby", "Count", len(open), "By", by(p, at, now, zone))
	}
	if len(asked) == 0 {
		return line
	}
	return p.T("review.with", "Line", line, "Who", p.List(asked...))
}

// Deadlines says what has to be approved before a time, the earliest deadline first,
// and what leaves as soon as it is: a line for each, with whom it waits for.
func (e *Engine) Deadlines(ctx context.Context, tx *state.Tx, b *brand.Brand, until time.Time, p *i18n.Printer) ([]string, error) {
	open, err := e.open(ctx, tx)
	if err != nil {
		return nil, err
	}
	due := before(open, b.ID, until)
	var lines []string
	for _, r := range due[:min(len(due), mostNamed)] {
		lines = append(lines, deadlineLine(p, r, e.Asked(b, r, tx.Now()), b.Zone, tx.Now()))
	}
	if rest := len(due) - mostNamed; rest > 0 {
		lines = append(lines, p.T("review.more", "Count", rest))
	}
	return lines, nil
}

// before are a brand's requests to decide before a time, the earliest first; those
// without a deadline come last. Pure.
func before(open []approvals.Request, brand string, until time.Time) []approvals.Request {
	due := slices.DeleteFunc(slices.Clone(open), func(r approvals.Request) bool {
		return r.Brand != brand || !r.Deadline.Before(until)
	})
	slices.SortStableFunc(due, func(x, y approvals.Request) int {
		if x.Deadline.IsZero() != y.Deadline.IsZero() {
			return -x.Deadline.Compare(y.Deadline)
		}
		return x.Deadline.Compare(y.Deadline)
	})
	return due
}

func deadlineLine(p *i18n.Printer, r approvals.Request, asked *brand.Member, zone *time.Location, now time.Time) string {
	line := p.T("review.nodeadline", "Title", r.Title)
	if !r.Deadline.IsZero() {
		line = p.T("review.deadline", "Title", r.Title, "By", by(p, r.Deadline, now, zone))
	}
	return whose(p, line, asked)
}

// missed lists what nobody decided by a time after from, the earliest first.
func (e *Engine) missed(ctx context.Context, tx *state.Tx, brand string, from time.Time) ([]approvals.Request, error) {
	members, err := tx.List(ctx, state.Range{Index: missedIndex(brand), From: from.UnixMilli(), To: tx.Now().UnixMilli()})
	if err != nil {
		return nil, err
	}
	return approvals.Table.Peek(ctx, tx, state.IDs(members)...)
}

// mostNamed is how many posts a line names; the rest is counted.
const mostNamed = 4
