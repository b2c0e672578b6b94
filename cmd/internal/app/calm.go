package app

import (
	"context"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/commands/calendar"
	"crieur/commands/crisis"
	"crieur/commands/mentions"
)

// calm makes the room of crises, between the posts that they pause and what is said
// meanwhile.
func (a *App) calm(tokens bot.Tokens, themes crisis.Themes) *crisis.Chat {
	e := &crisis.Engine{Space: a.Team, Posts: pausing{a.Posts}, Talk: a.Heard, Themes: themes, NewToken: tokens.New}
	a.Posts.Gate, a.Heard.Crisis, a.crises = e, stances{e}, e
	return &crisis.Chat{Engine: e}
}

// pausing gives crises the posts that they pause: the calendar has them.
type pausing struct{ posts *calendar.Engine }

// Pause implements crisis.Posts.
func (p pausing) Pause(ctx context.Context, tx *state.Tx, by string) error {
	_, _, err := p.posts.Stop(ctx, tx, by)
	return err
}

// Stand implements crisis.Posts.
func (p pausing) Stand(ctx context.Context, tx *state.Tx, brand string) (crisis.Standing, error) {
	s, err := p.posts.Standing(ctx, tx, brand)
	return crisis.Standing(s), err
}

// Ahead implements crisis.Posts.
func (p pausing) Ahead(ctx context.Context, tx *state.Tx, brand string, until time.Time) ([]crisis.Post, error) {
	all, err := p.posts.Ahead(ctx, tx, brand, until)
	b := p.posts.Space.Now().Brand(brand)
	next := make([]crisis.Post, len(all))
	for i, post := range all {
		next[i] = crisis.Post{Request: post.Request, Title: post.Title, At: post.At}
		for _, part := range post.Parts {
			account, _ := b.Account(part.Part.Account)
			next[i].Accounts = append(next[i].Accounts, account.Name)
		}
	}
	return next, err
}

// stances gives who answers what a crisis says.
type stances struct{ crises *crisis.Engine }

// Stance implements mentions.Crisis.
func (s stances) Stance(ctx context.Context, tx *state.Tx, b *brand.Brand, themes []string) (*mentions.Stance, error) {
	stance, err := s.crises.Stance(ctx, tx, b, themes)
	return (*mentions.Stance)(stance), err
}
