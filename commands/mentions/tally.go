package mentions

import (
	"context"
	"slices"
	"strconv"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// Tally is what one day of a brand came to, for reports that no person waits for.
type Tally struct {
	Day
	// Themes are those that somebody complained about, with how many people.
	Themes map[string]int
}

// TallyOf reads the tally of the day of at, in the brand's zone.
func (e *Engine) TallyOf(ctx context.Context, tx *state.Tx, b *brand.Brand, at time.Time) (Tally, error) {
	day := at.In(b.Zone).Format(time.DateOnly)
	tally := Tally{Themes: map[string]int{}}
	found, err := days.Peek(ctx, tx, dayID(b.ID, day))
	if err != nil || len(found) == 0 {
		return tally, err
	}
	tally.Day = found[0]
	var ids []string
	for _, name := range e.Judge.Themes(b) {
		ids = append(ids, themeID(b.ID, name, day))
	}
	named, err := themes.Peek(ctx, tx, ids...)
	if err != nil {
		return tally, err
	}
	for _, theme := range named {
		if len(theme.People) > 0 {
			tally.Themes[theme.Theme] = len(theme.People)
		}
	}
	return tally, nil
}

// TalkLine says how many people complained about a theme today, and how many usually
// do.
func (e *Engine) TalkLine(ctx context.Context, tx *state.Tx, b *brand.Brand, theme string, p *i18n.Printer) (string, error) {
	t, err := e.themeDay(ctx, tx, b, theme)
	if err != nil {
		return "", err
	}
	return talk(p, *t), nil
}

// talk says how many people a theme's day had, beside what is usual.
func talk(p *i18n.Printer, t Theme) string {
	return p.T("mentions.usual", "Count", len(t.People), "Usual", usual(p, t.Usual))
}

// usual says what the days before had: "1 à 2", or that nothing is known yet.
func usual(p *i18n.Printer, before []int) string {
	if len(before) == 0 {
		return p.T("mentions.unknownusual")
	}
	low, high := slices.Min(before), slices.Max(before)
	if low == high {
		return p.T("mentions.usually", "Low", strconv.Itoa(low))
	}
	return p.T("mentions.usuallyrange", "Low", strconv.Itoa(low), "High", strconv.Itoa(high))
}

// pressing are the conversations that are still about a theme: those that wait
// first, the critical ones before the others, and who wrote last before who wrote
// earlier; pure. What was erased is not among them.
func pressing(all []Case, theme string) []Case {
	about := slices.DeleteFunc(slices.Clone(all), func(c Case) bool {
		return c.Outcome == Erased || !slices.Contains(c.Themes, theme)
	})
	slices.Reverse(about)
	slices.SortStableFunc(about, func(a, b Case) int { return urge(a) - urge(b) })
	return about
}

// urge orders conversations by how soon they need somebody.
func urge(c Case) int {
	switch {
	case c.Stage == Done:
		return 2
	case c.Urgency == Urgent:
		return 0
	}
	return 1
}
