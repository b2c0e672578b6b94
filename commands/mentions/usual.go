package mentions

import (
	"context"
	"slices"
	"time"

	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/text/spikes"
)

// Pulse is what is usual of one thing hour by hour of the week, and the hour
// under way. It stays of one size, however long it is kept.
type Pulse struct {
	Series spikes.Series `json:"series"`
	Hour   time.Time     `json:"hour"`
	Count  float64       `json:"count"` // in Hour, so far
	// Told is when it was last said to be unusual.
	Told time.Time `json:"told,omitzero"`
}

const (
	// fewest is how many people or stories are never too few to be unusual; a
	// small brand would alert on every second complaint.
	fewest = 5
	// quiet is how long what is unusual is not said again.
	quiet = 24 * time.Hour
	// usualDays is how far back "usual" looks.
	usualDays = 14
	// longest is how much silence a pulse lives through hour by hour; after more
	// than that it begins anew.
	longest = usualDays * 24 * time.Hour
)

// beat counts one more at a time and says whether that is unusual; pure. The
// hour under way is held against the usual count of a whole hour, so nothing is
// called early that would not be at its end.
func (p Pulse) beat(at time.Time) (_ Pulse, unusual bool, err error) {
	hour := at.Truncate(time.Hour).In(at.Location())
	if p.Hour.IsZero() || hour.Sub(p.Hour) > longest {
		series, err := spikes.New(time.Hour)
		if err != nil {
			return p, false, err
		}
		p = Pulse{Series: *series, Hour: hour, Told: p.Told}
	}
	config := spikes.Config{Least: fewest}
	for p.Hour.Before(hour) {
		if _, err := p.Series.Add(config, p.Hour, p.Count); err != nil {
			return p, false, err
		}
		p.Hour, p.Count = p.Hour.Add(time.Hour).In(at.Location()), 0
	}
	p.Count++
	guess := p.Series
	reading, err := guess.Add(config, p.Hour, p.Count)
	if err != nil || !reading.Alarm || at.Sub(p.Told) < quiet {
		return p, false, err
	}
	p.Told = at
	return p, true, nil
}

// unusual counts one more of what id names.
func unusual(ctx context.Context, tx *state.Tx, b *brand.Brand, id string) (bool, error) {
	pulse, _, err := pulses.Get(ctx, tx, id)
	if err != nil {
		return false, err
	}
	pulse, spike, err := pulse.beat(tx.Now().In(b.Zone))
	if err != nil {
		return false, err
	}
	return spike, pulses.Put(tx, id, pulse)
}

// stirred says whether a complaint that no theme explains is one story more than
// is usual at this hour; what has a theme counts there, or one storm would alert
// twice. Copies of a story are no news.
func (e *Engine) stirred(ctx context.Context, tx *state.Tx, b *brand.Brand, s Story, j Judgement) (bool, error) {
	if !j.Negative || s.Count > 1 || len(j.Themes) > 0 {
		return false, nil
	}
	return unusual(ctx, tx, b, b.ID)
}

// theme counts the author of a complaint in the day of its first theme, with the
// conversation, whether the theme alerts yet or not; many is
// why that many people on it can't wait for the next round, "" where they can.
func (e *Engine) theme(ctx context.Context, tx *state.Tx, b *brand.Brand, c Case, j Judgement) (_ *Theme, many string, err error) {
	if len(c.Themes) == 0 || !j.Negative {
		return nil, "", nil
	}
	t, err := e.themeDay(ctx, tx, b, c.Themes[0])
	if err != nil {
		return nil, "", err
	}
	t.Posts++
	t.Cases = append(slices.DeleteFunc(t.Cases, func(id string) bool { return id == c.ID }), c.ID)
	if who := digest(c.ID); !slices.Contains(t.People, who) {
		t.People = append(t.People, who)
		spike, err := unusual(ctx, tx, b, b.ID+"/"+t.Theme)
		if err != nil {
			return nil, "", err
		}
		t.Unusual = t.Unusual || spike
		if err := e.stir(ctx, tx, b, t.Theme); err != nil {
			return nil, "", err
		}
	}
	return t, manyOf(*t), nil
}

// manyOf is why so many people on a theme can't wait, "" where they can; pure. Of a
// theme without a day to compare with nothing is said of what is usual.
func manyOf(t Theme) string {
	switch {
	case !threefold(t) && !t.Unusual:
		return ""
	case len(t.Usual) == 0:
		return "mentions.why.many"
	case threefold(t):
		return "mentions.why.tripled"
	}
	return "mentions.why.more"
}

// threefold says whether a theme has three times its usual people; pure.
func threefold(t Theme) bool {
	return len(t.People) >= fewest && float64(len(t.People)) >= 3*mean(t.Usual)
}

func mean(counts []int) float64 {
	if len(counts) == 0 {
		return 0
	}
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return float64(sum) / float64(len(counts))
}
