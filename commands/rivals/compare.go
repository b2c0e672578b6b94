package rivals

import (
	"cmp"
	"context"
	"slices"
	"time"

	"crieur/bot/brand"
	"crieur/bot/poll"
	"crieur/bot/state"
)

// Ours says when the brand itself posted.
type Ours interface {
	Posted(ctx context.Context, tx *state.Tx, brand string, since time.Time) ([]time.Time, error)
}

// compared is how many days back rhythms are compared.
const compared = 28

// Rhythm is how often somebody did something in public, as far as it was seen.
type Rhythm struct {
	Name string // empty for the brand itself
	// Seen says that there is anything to count: a competitor that was never read
	// has no figures, which is not zero.
	Seen bool
	// Named says that only the name is followed: nothing can be counted.
	Named bool
	Count int
	// Days is how many days the count covers: a competitor followed since
	// yesterday has one.
	Days int
	// Kinds are the counts by kind, the most frequent first.
	Kinds []Kind
}

// Kind counts one kind of thing done.
type Kind struct {
	Kind  string
	Count int
}

// act is one thing done.
type act struct {
	kind string
	at   time.Time
}

// rhythmOf counts what was done over some days; pure.
func rhythmOf(acts []act, since, now time.Time) Rhythm {
	for _, a := range acts { // a feed may tell what was before it was followed
		if a.at.Before(since) {
			since = a.at
		}
	}
	r := Rhythm{Seen: true, Days: min(compared, int(now.Sub(since).Hours()/24)+1)}
	from := now.AddDate(0, 0, -compared)
	for _, a := range acts {
		if a.at.Before(from) || a.at.After(now) {
			continue
		}
		r.Count++
		at := slices.IndexFunc(r.Kinds, func(k Kind) bool { return k.Kind == a.kind })
		if at < 0 {
			at = len(r.Kinds)
			r.Kinds = append(r.Kinds, Kind{Kind: a.kind})
		}
		r.Kinds[at].Count++
	}
	slices.SortStableFunc(r.Kinds, func(a, b Kind) int { return b.Count - a.Count })
	return r
}

// Compare puts the brand's rhythm beside those of its competitors: ours first,
// then theirs in the order in which they were followed.
func (e *Engine) Compare(ctx context.Context, tx *state.Tx, b *brand.Brand) ([]Rhythm, error) {
	since := tx.Now().AddDate(0, 0, -compared)
	posted, err := e.Ours.Posted(ctx, tx, b.ID, since)
	if err != nil {
		return nil, err
	}
	var acts []act
	for _, at := range posted {
		acts = append(acts, act{"post", at})
	}
	all := []Rhythm{rhythmOf(acts, since, tx.Now())}
	followed, err := e.All(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	news, err := e.News(ctx, tx, b.ID, since, 0)
	if err != nil {
		return nil, err
	}
	for _, one := range competitors(followed) {
		read, _, err := poll.Get(ctx, tx, one.ID)
		if err != nil {
			return nil, err
		}
		acts = nil
		for _, o := range news {
			if o.Rival == one.ID {
				acts = append(acts, act{cmp.Or(o.Kind, "post"), o.At})
			}
		}
		r := rhythmOf(acts, one.Since, tx.Now())
		r.Name, r.Seen, r.Named = one.Name, read.Reads > 0, one.Address == ""
		all = append(all, r)
	}
	return all, nil
}
