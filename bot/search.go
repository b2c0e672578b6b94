package bot

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"crieur/bot/i18n"
)

const (
	// MostChoices is how many choices a menu lists everywhere: as many as
	// Discord's holds.
	MostChoices = 25
	// MostFound is how many choices a search brings at once: as many as Slack takes.
	MostFound = 100
	// MenuField is where the choice of a menu on a card is found in Event.Values.
	MenuField = "choice"

	longestLabel = 75 // characters of a choice, so of what is looked for
)

// Listing lists all that a menu or a field may hold for who asks, the best
// first. It reads, it never changes anything.
type Listing func(context.Context, *Request) ([]Choice, error)

// Found is what a search found: at most MostFound choices, the best first. More
// says that there are others.
type Found struct {
	Choices []Choice
	More    bool
}

// Bounded is the field with no more choices than a menu lists, but all that are
// chosen, first. Left then says how many there are.
func (f Field) Bounded(p *i18n.Printer) Field {
	f.Choices, f.Left = bounded(f.Choices, f.Value, p)
	return f
}

// Bounded is the menu with no more choices than it lists, as Field.Bounded.
func (s Select) Bounded(p *i18n.Printer) Select {
	s.Choices, s.Left = bounded(s.Choices, s.Chosen, p)
	return s
}

func bounded(all []Choice, chosen []string, p *i18n.Printer) (few []Choice, left string) {
	if len(all) <= MostChoices {
		return all, ""
	}
	var others []Choice
	for _, choice := range all {
		if slices.Contains(chosen, choice.Value) {
			few = append(few, choice)
		} else {
			others = append(others, choice)
		}
	}
	few = append(few, others[:min(len(others), max(0, MostChoices-len(few)))]...)
	if len(few) == len(all) {
		return few, ""
	}
	return few, p.T("chat.choices", "Shown", len(few), "Count", len(all))
}

// Searchable says whether the front finds what a menu or a field leaves out. Where
// it does not, Left is shown.
func Searchable(front Front, action, field string) bool {
	searcher, ok := front.(Searcher)
	return ok && searcher.Searches(action, field)
}

// Searches implements Searcher.
func (d *Desk) Searches(action, field string) bool { return d.Mux.actions[action].Lists[field] != nil }

// Search implements Searcher.
func (d *Desk) Search(ctx context.Context, e Event, field, text string) (found Found, err error) {
	route := d.Mux.actions[e.Action]
	list := route.Lists[field]
	if list == nil {
		return Found{}, nil
	}
	err = d.look(ctx, e, func(ctx context.Context, r *Request) error {
		if Admit(r, route.Shape.Early, anyOf(route.Role, route.Or)...) != nil {
			return nil
		}
		all, err := list(ctx, r)
		found = narrow(all, text)
		return err
	})
	return found, err
}

// narrow finds the choices whose label has every word of the text, accents and
// case aside; those that say just that come first, then those that begin with it.
func narrow(all []Choice, text string) Found {
	if utf8.RuneCountInString(text) > longestLabel {
		return Found{}
	}
	text = sought(text)
	words := strings.Fields(text)
	var same, begin, hold []Choice
	for _, choice := range all {
		label := sought(choice.Label)
		missing := func(word string) bool { return !strings.Contains(label, word) }
		switch {
		case label == text:
			same = append(same, choice)
		case strings.HasPrefix(label, text):
			begin = append(begin, choice)
		case !slices.ContainsFunc(words, missing):
			hold = append(hold, choice)
		}
	}
	matching := slices.Concat(same, begin, hold)
	return Found{Choices: matching[:min(len(matching), MostFound)], More: len(matching) > MostFound}
}

// sought is a text as searches compare it.
func sought(text string) string { return typewritten.Replace(i18n.Fold(text)) }

// typewritten are signs that few keyboards have.
var typewritten = strings.NewReplacer("’", "'", "œ", "oe", "æ", "ae")
