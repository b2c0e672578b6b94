package mentions

import (
	"context"
	"time"

	"crieur/bot/brand"
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
