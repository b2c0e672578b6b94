package app

import (
	"cmp"
	"context"
	"strings"

	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/commands/calendar"
	"crieur/commands/drafting"
	"crieur/commands/rivals"
)

// How much of what was said before a draft is held against: what most people
// still remember, and few enough to compare while its author waits.
const (
	earlierDays  = 90
	earlierPosts = 200
	earlierNews  = 100
)

// earlier tells drafts what the brand and its competitors said lately.
type earlier struct {
	posts   *calendar.Engine
	watched *rivals.Engine
}

// Said implements drafting.Earlier.
func (e earlier) Said(ctx context.Context, tx *state.Tx, b *brand.Brand) ([]drafting.Said, error) {
	since := tx.Now().AddDate(0, 0, -earlierDays)
	posts, err := e.posts.Recent(ctx, tx, b.ID, since, earlierPosts)
	if err != nil {
		return nil, err
	}
	var all []drafting.Said
	for _, p := range posts {
		at, left := p.At, !p.SentAt.IsZero()
		if left {
			at = p.SentAt
		}
		all = append(all, drafting.Said{Draft: p.Request, Title: p.Title, Text: strings.Join(p.Part.Posts, " "),
			URL: p.Live.URL, At: at, Planned: !left})
	}
	news, err := e.watched.News(ctx, tx, b.ID, since, earlierNews)
	if err != nil {
		return nil, err
	}
	watched, err := e.watched.All(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	followed := map[string]rivals.Rival{}
	for _, one := range watched {
		followed[one.ID] = one
	}
	for _, o := range news {
		text := strings.TrimSpace(o.Title + " " + o.Text)
		if followed[o.Rival].Relay { // whoever relays a piece says its title
			text = o.Text
		}
		all = append(all, drafting.Said{Rival: cmp.Or(followed[o.Rival].Name, o.Rival), Title: cmp.Or(o.Title, o.URL), Text: text, URL: o.URL, At: o.At})
	}
	return all, nil
}
