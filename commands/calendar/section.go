package calendar

import (
	"context"
	"slices"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// Section says which posts went wrong, at what times others leave today, and when
// nobody is there: two lines of the brief.
func (e *Engine) Section(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
	lines, err := e.Troubles(ctx, tx, b, since, p)
	if err != nil {
		return nil, err
	}
	today, err := e.today(ctx, tx, b, p)
	return append(lines, today...), err
}

// today says at what times posts leave today, and when nobody is there.
func (e *Engine) today(ctx context.Context, tx *state.Tx, b *brand.Brand, p *i18n.Printer) ([]string, error) {
	start := startOfDay(tx.Now().In(b.Zone))
	today, err := e.Between(ctx, tx, b.ID, start, start.AddDate(0, 0, 1).Add(-time.Millisecond))
	if err != nil {
		return nil, err
	}
	var times []string
	for _, one := range today {
		if clock := clockBeside(p, one.At, tx.Now(), b); one.Status != Cancelled && !slices.Contains(times, clock) {
			times = append(times, clock)
		}
	}
	if len(times) == 0 {
		return nil, nil
	}
	line := p.T("digest.today", "Posts", p.List(times...))
	here, err := e.presence(ctx, tx, e.Space.Now(), b, start, start.AddDate(0, 0, 1))
	if err != nil {
		return nil, err
	}
	var alone []string
	for _, one := range today {
		if clock := clockBeside(p, one.At, tx.Now(), b); one.Status == Planned && !here.at(one.At) && !slices.Contains(alone, clock) {
			alone = append(alone, clock)
		}
	}
	if len(alone) > 0 {
		line = p.T("calendar.alonetoday", "Line", line, "Times", p.List(alone...))
	}
	return []string{line}, nil
}

// mostDuties is how many duties of a day are named.
const mostDuties = 2

// onDutyLines says who agreed to be there outside working hours, in a period.
func onDutyLines(p *i18n.Printer, here presence, period Period, now time.Time) (lines []string) {
	agreed := slices.DeleteFunc(slices.Clone(here.duties), func(d Duty) bool {
		return !d.stands(d.From) || d.From.Before(period.From) || !d.From.Before(period.Until()) ||
			here.brand.Away(here.space.Member(d.Member), d.From)
	})
	slices.SortStableFunc(agreed, func(x, y Duty) int { return x.From.Compare(y.From) })
	for _, d := range agreed[:min(len(agreed), mostDuties)] {
		lines = append(lines, p.T("calendar.onduty", "Who", memberName(here.space, d.Member),
			"From", clockBeside(p, d.From, now, here.brand), "Until", clockBeside(p, d.Until, now, here.brand)))
	}
	if rest := len(agreed) - mostDuties; rest > 0 {
		lines = append(lines, p.T("calendar.ondutymore", "Count", rest))
	}
	return lines
}
