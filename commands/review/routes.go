package review

import (
	"context"

	"crieur/bot"
)

// Home shows what waits for the member's decision on their home page.
func (c *Chat) Home(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	requests, err := c.Engine.Waiting(ctx, r.Tx, r.Member.ID)
	if err != nil || len(requests) == 0 {
		return bot.Glance{}, err
	}
	return bot.Glance{
		Lines:   []string{r.Print.T("review.home", "Count", len(requests), "Title", requests[0].Title)},
		Buttons: []bot.Button{bot.Ask("review.word", r.Print.T("review.see"))},
	}, nil
}
