package mentions

import (
	"maps"
	"slices"
	"strconv"
	"sync"

	"crieur/bot/brand"
	"crieur/bot/text/match"
	"crieur/bot/text/theme"
)

// ears keeps what brands listen for compiled, for as long as it stays the same.
// It may be shared.
type ears struct {
	mu  sync.Mutex
	all map[string]*ear // by brand
}

// ear is what one brand listens for.
type ear struct {
	of       *brand.Brand // whose words it was made of
	rules    *match.Set
	rivals   *match.Set // by name
	themes   *theme.Lists
	critical *theme.Lists
}

// of returns the ear of a brand. A rule, theme or word that cannot be read
// selects nothing: whoever wrote it was told so then.
func (e *ears) of(b *brand.Brand) *ear {
	e.mu.Lock()
	defer e.mu.Unlock()
	if known, ok := e.all[b.ID]; ok && known.hears(b) {
		return known
	}
	made, _ := compile(b)
	if e.all == nil {
		e.all = map[string]*ear{}
	}
	e.all[b.ID] = made
	return made
}

// hears says whether the ear was made for just what b listens for.
func (e *ear) hears(b *brand.Brand) bool {
	return e.of == b || slices.Equal(e.of.Watch, b.Watch) && slices.Equal(e.of.Critical, b.Critical) &&
		maps.EqualFunc(e.of.Themes, b.Themes, slices.Equal[[]string]) && maps.EqualFunc(e.of.Added, b.Added, slices.Equal[[]string]) &&
		slices.EqualFunc(e.of.Rivals, b.Rivals, func(a, b brand.Rival) bool { return a.Name == b.Name })
}

// compile makes an ear of what can be read; err is about the first thing that
// cannot.
func compile(b *brand.Brand) (e *ear, err error) {
	note := func(bad error) {
		if err == nil {
			err = bad
		}
	}
	e = &ear{of: b, rules: match.NewSet(), rivals: match.NewSet()}
	for _, rule := range b.Watch {
		note(e.rules.Add(rule.Name, rule.Query))
	}
	for _, rival := range b.Rivals {
		note(e.rivals.Add(rival.Name, strconv.Quote(rival.Name)))
	}
	lists, bad := theme.For(b.Themes, b.Added)
	note(bad)
	e.themes = listsOf(lists, note)
	e.critical = listsOf([]theme.List{{Name: "critical", Entries: b.Critical}}, note)
	return e, err
}

// listsOf are the lists without those that cannot be read.
func listsOf(all []theme.List, note func(error)) *theme.Lists {
	all = slices.DeleteFunc(all, func(one theme.List) bool {
		_, bad := theme.New([]theme.List{one})
		note(bad)
		return bad != nil
	})
	lists, bad := theme.New(all)
	note(bad)
	return lists
}
