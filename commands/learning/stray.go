package learning

import (
	"context"
	"slices"
	"strings"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/text/theme"
)

// mostRead is how many labels, the newest, are read for what messages have in
// common: a card is drawn from them.
const mostRead = 500

// Stray is what messages have in common that were about something else.
type Stray struct {
	Count int
	Words []string // in them again and again, and rarely in the others; at most three
}

// stray looks for what a watch rule could leave out.
func (e *Engine) stray(ctx context.Context, tx *state.Tx, b *brand.Brand) (Stray, error) {
	all, err := newest(ctx, tx, b.ID, tx.Now(), mostRead)
	if err != nil {
		return Stray{}, err
	}
	lists, err := theme.New(nil)
	if err != nil {
		return Stray{}, err
	}
	return strayOf(lists, b, all), nil
}

// strayOf compares the messages that were about something else with the others;
// pure. What the brand listens for is in both, and says nothing.
func strayOf(lists *theme.Lists, b *brand.Brand, all []Label) Stray {
	var stray, ours []string
	for _, l := range all {
		if l.Stray {
			stray = append(stray, l.Text)
		} else {
			ours = append(ours, l.Text)
		}
	}
	found := Stray{Count: len(stray)}
	for _, p := range lists.Propose(stray, ours, 10) {
		if !slices.ContainsFunc(strings.Fields(p.Words), func(word string) bool { return listensFor(b, word) }) && len(found.Words) < 3 {
			found.Words = append(found.Words, p.Words)
		}
	}
	return found
}

// listensFor says whether a folded word stands in one of the brand's rules.
func listensFor(b *brand.Brand, word string) bool {
	return slices.ContainsFunc(b.Watch, func(w brand.Watch) bool { return strings.Contains(i18n.Fold(w.Query), word) })
}

// except writes words for the end of a watch rule.
func except(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		if quoted[i] = w; strings.Contains(w, " ") {
			quoted[i] = `"` + w + `"`
		}
	}
	if len(quoted) == 1 {
		return "NOT " + quoted[0]
	}
	return "NOT (" + strings.Join(quoted, " OR ") + ")"
}
