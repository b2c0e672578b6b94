package calendar

import (
	"context"
	"slices"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

const (
	// tellEvery is how long what befalls the posts of one request, a network each,
	// makes one ring.
	tellEvery = 10 * time.Minute
	// mostTroubles is how many posts the brief names.
	mostTroubles = 3
)

// troubled says whether a post did not go where it should by itself: then
// somebody has to look, or to publish it by hand.
func (p Publication) troubled() bool {
	switch p.Status {
	case Unknown, Failed, Expired, Late, ByHand:
		return true
	}
	return false
}

// befall keeps what became of a publication by itself and shows it. An edited card
// rings nobody, so where something went wrong somebody is told, once for all
// networks: who is on call if it cannot wait, else whoever works next.
func (e *Engine) befall(ctx context.Context, tx *state.Tx, p Publication) error {
	show := e.Card.Refresh
	if p.troubled() {
		called, err := e.call(ctx, tx, p)
		if err != nil {
			return err
		}
		all, err := e.Of(ctx, tx, p.Request)
		if err != nil {
			return err
		}
		if !called && !slices.ContainsFunc(all, func(other Publication) bool { return tx.Now().Sub(other.ToldAt) < tellEvery }) {
			p.ToldAt, show = tx.Now(), e.Card.Tell
		}
	}
	if err := e.put(tx, p, "post."+string(p.Status)); err != nil {
		return err
	}
	return show(ctx, tx, p.Request)
}

// Troubles names the posts of the last worked day and since then that did not go
// where they should, and still wait for somebody: a line of the brief.
func (e *Engine) Troubles(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
	all, err := e.Between(ctx, tx, b.ID, startOfDay(since.In(b.Zone)), tx.Now())
	if err != nil {
		return nil, err
	}
	named := sayTroubles(p, b, slices.DeleteFunc(all, func(one Publication) bool { return !one.troubled() }))
	if len(named) == 0 {
		return nil, nil
	}
	if more := len(named) - mostTroubles; more > 0 {
		named = append(named[:mostTroubles], p.T("calendar.troublemore", "Count", more))
	}
	return []string{p.T("calendar.troubles", "Posts", p.List(named...))}, nil
}

// sayTroubles names posts, each with what is most telling about it and on which
// networks that is so; pure.
func sayTroubles(p *i18n.Printer, b *brand.Brand, all []Publication) (names []string) {
	for len(all) > 0 {
		request := all[0].Request
		post := slices.DeleteFunc(slices.Clone(all), func(one Publication) bool { return one.Request != request })
		all = slices.DeleteFunc(slices.Clone(all), func(one Publication) bool { return one.Request == request })
		state := stateOf(Post{Parts: post})
		so := slices.DeleteFunc(slices.Clone(post), func(one Publication) bool { return one.Status != state })
		names = append(names, p.T("calendar.trouble", "Title", post[0].Title, "Networks", p.List(networks(b, so)...),
			"State", p.T("calendar.state."+string(state))))
	}
	return names
}
