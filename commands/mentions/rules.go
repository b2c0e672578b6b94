package mentions

import (
	"slices"
	"sync"

	"crieur/bot/brand"
	"crieur/bot/text/match"
)

// rules keeps the watch rules of brands compiled for as long as they stay the
// same. It may be shared.
type rules struct {
	mu  sync.Mutex
	all map[string]compiled // by brand
}

type compiled struct {
	watch []brand.Watch
	set   *match.Set
}

// of returns the rules of a brand. A rule that cannot be read selects nothing:
// whoever wrote it was told so then.
func (r *rules) of(b *brand.Brand) *match.Set {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.all[b.ID]; ok && slices.Equal(known.watch, b.Watch) {
		return known.set
	}
	set, _ := compile(b.Watch)
	if r.all == nil {
		r.all = map[string]compiled{}
	}
	r.all[b.ID] = compiled{b.Watch, set}
	return set
}

// compile makes a set of the rules that can be read; err is about the first one
// that cannot.
func compile(watch []brand.Watch) (set *match.Set, err error) {
	set = match.NewSet()
	for _, rule := range watch {
		if bad := set.Add(rule.Name, rule.Query); bad != nil && err == nil {
			err = bad
		}
	}
	return set, err
}
