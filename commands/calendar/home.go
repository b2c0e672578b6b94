package calendar

import (
	"context"
	"slices"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
)

// askResume asks once more, like askStop: words alone let nothing leave.
func (c *Chat) askResume(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	card := bot.Card{
		Blocks:  []bot.Block{bot.P(r.Print.T("calendar.resumeask"))},
		Buttons: []bot.Button{{Action: "post.resume", Label: r.Print.T("calendar.resume"), Style: bot.Primary}},
		Token:   r.NewToken(r.Tx),
	}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "stop", Subject: r.Brand.ID, Brand: r.Brand.ID})
}

// Home shows the day's posts on a home page.
func (c *Chat) Home(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	start := startOfDay(r.Now.In(r.Brand.Zone))
	posts, err := c.Engine.Between(ctx, r.Tx, r.Brand.ID, start, start.AddDate(0, 0, 1))
	if err != nil {
		return bot.Glance{}, err
	}
	look := bot.Glance{Buttons: []bot.Button{bot.Ask("calendar.word", r.Print.T("calendar.see"))}}
	if said := named(r, posts); len(said) > 0 {
		look.Lines = []string{r.Print.T("calendar.today", "Posts", strings.Join(said, " ; "))}
	}
	return look, nil
}

// named are posts in a few words, those of one time and title together.
func named(r *bot.Request, posts []Publication) []string {
	var said []string
	for _, p := range posts {
		line := r.Print.Clock(p.At) + " " + p.Title
		if p.Status != Cancelled && !slices.Contains(said, line) {
			said = append(said, line)
		}
	}
	return said
}

// Status says when the next post leaves, or that everything is paused.
func (c *Chat) Status(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	hold, _, err := holds.Get(ctx, r.Tx, holdID)
	if err != nil {
		return bot.Glance{}, err
	}
	if hold.Active {
		return bot.Glance{Lines: []string{r.Print.T("calendar.paused", "Since", r.Print.Soon(hold.Since, r.Now))}}, nil
	}
	posts, err := c.Engine.Between(ctx, r.Tx, r.Brand.ID, r.Now, r.Now.AddDate(0, 1, 0))
	if err != nil {
		return bot.Glance{}, err
	}
	for _, p := range posts {
		if p.Status == Planned {
			return bot.Glance{Lines: []string{r.Print.T("calendar.upcoming", "Title", p.Title, "When", r.Print.Soon(p.At, r.Now))}}, nil
		}
	}
	return bot.Glance{Lines: []string{r.Print.T("calendar.noupcoming")}}, nil
}
