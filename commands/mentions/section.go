package mentions

import (
	"context"
	"slices"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// soon is how near a promise is named apart in the brief.
const soon = 75 * time.Minute

// mostWaiting is how many conversations the brief counts.
const mostWaiting = 1000

// ToAnswer says what waits for an answer: a line of the brief.
func (e *Engine) ToAnswer(ctx context.Context, tx *state.Tx, b *brand.Brand, _ time.Time, p *i18n.Printer) ([]string, error) {
	waiting, err := e.Waiting(ctx, tx, b.ID, mostWaiting)
	if len(waiting) == 0 {
		return nil, err
	}
	return []string{toAnswer(waiting, tx.Now(), p)}, err
}

// Pressing is ToAnswer, where a promise is about to end or has ended.
func (e *Engine) Pressing(ctx context.Context, tx *state.Tx, b *brand.Brand, _ time.Time, p *i18n.Printer) ([]string, error) {
	waiting, err := e.Waiting(ctx, tx, b.ID, mostWaiting)
	if near, _ := ending(waiting, tx.Now()); near == 0 {
		return nil, err
	}
	return []string{toAnswer(waiting, tx.Now(), p)}, err
}

// Went says how the answers of the last worked day went: a line of the brief.
func (e *Engine) Went(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
	waiting, err := e.Waiting(ctx, tx, b.ID, mostWaiting)
	if err != nil {
		return nil, err
	}
	last, _, err := days.Get(ctx, tx, dayID(b.ID, since.In(b.Zone).Format(time.DateOnly)))
	if err != nil {
		return nil, err
	}
	if line := went(p, last, brokenSince(waiting, since.In(b.Zone), tx.Now()), since, tx.Now()); line != "" {
		return []string{line}, nil
	}
	return nil, nil
}

// brokenSince counts the conversations whose promise ended on the day of since or
// after it, and that still wait; pure.
func brokenSince(waiting []Case, since, now time.Time) (broken int) {
	day := time.Date(since.Year(), since.Month(), since.Day(), 0, 0, 0, 0, since.Location())
	for _, c := range waiting {
		if !c.Due.Before(day) && c.Due.Before(now) {
			broken++
		}
	}
	return broken
}

// went says how a day's answers kept their promise; "" if none was due. What was
// due and still waits counts: of the answered alone, three of a hundred would read
// as three of three. Pure.
func went(p *i18n.Printer, day Day, broken int, at, now time.Time) string {
	all := day.Done + broken
	if all == 0 {
		return ""
	}
	name := p.T("digest.yesterday")
	if hours.DayOf(at.In(p.Zone).AddDate(0, 0, 1)) != hours.DayOf(now.In(p.Zone)) {
		name = p.Day(at, now)
	}
	name = i18n.Capital(name)
	kept := p.T("digest.kept", "Day", name, "Count", day.Within, "All", all)
	if wait, ok := half(day.Waits, broken); ok {
		kept = p.T("digest.kepthalf", "Day", name, "Count", day.Within, "All", all, "Half", p.Duration(wait))
	}
	if broken > 0 {
		kept = p.T("digest.broken", "Kept", kept, "Count", broken)
	}
	return kept
}

func toAnswer(waiting []Case, now time.Time, p *i18n.Printer) string {
	near, by := ending(waiting, now)
	switch {
	case len(waiting) == 0:
		return ""
	case near == 0 || by.Before(now):
		return p.T("digest.toanswer", "Count", len(waiting))
	}
	return p.T("digest.toanswerby", "Count", len(waiting), "Soon", near, "By", p.Clock(by))
}

// ending counts the promises that end soon, or have ended, and says when the last of
// them does; pure.
func ending(waiting []Case, now time.Time) (near int, by time.Time) {
	for _, c := range waiting {
		if c.Due.Before(now.Add(soon)) {
			near++
			if c.Due.After(by) {
				by = c.Due
			}
		}
	}
	return near, by
}

// Talk names the themes that had more people than usual since a time, three at most:
// lines of the brief.
func (e *Engine) Talk(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
	var ids []string
	for _, day := range []time.Time{since, tx.Now()} {
		for _, theme := range e.Judge.Themes(b) {
			ids = append(ids, themeID(b.ID, theme, day.In(b.Zone).Format(time.DateOnly)))
		}
	}
	slices.Sort(ids)
	all, err := themes.Peek(ctx, tx, slices.Compact(ids)...)
	if err != nil {
		return nil, err
	}
	merged := merge(all)
	slices.SortStableFunc(merged, func(a, b Theme) int { return len(b.People) - len(a.People) })
	var lines []string
	for _, t := range merged {
		if len(lines) < 3 && len(t.People) > 1 && float64(len(t.People)) > mean(t.Usual) {
			lines = append(lines, p.T("digest.theme", "Theme", e.Judge.ThemeName(b, t.Theme, p.Lang),
				"Count", len(t.People), "Usual", usual(p, t.Usual)))
		}
	}
	return lines, nil
}

// merge joins the days of each theme: people who spoke on several count once.
func merge(all []Theme) []Theme {
	var merged []Theme
	for _, t := range all {
		at := slices.IndexFunc(merged, func(m Theme) bool { return m.Theme == t.Theme })
		if at < 0 {
			merged = append(merged, t)
			continue
		}
		people := slices.Concat(merged[at].People, t.People)
		slices.Sort(people)
		merged[at].People = slices.Compact(people)
	}
	return merged
}

// half is the median wait in minutes, those who still wait being the longest; ok is
// false where it is one of theirs, or where there is none.
func half(minutes []int, waiting int) (wait time.Duration, ok bool) {
	middle := (len(minutes) + waiting) / 2
	if middle >= len(minutes) {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(minutes))
	return time.Duration(sorted[middle]) * time.Minute, true
}
