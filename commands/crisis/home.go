package crisis

import (
	"context"

	"crieur/bot"
)

// Home says on everybody's home page that a crisis is open.
func (c *Chat) Home(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	last, found, err := c.Engine.Last(ctx, r.Tx, r.Brand.ID)
	if err != nil || !found || last.Over() {
		return bot.Glance{}, err
	}
	return bot.Glance{Lines: []string{isOpen(r, last)}, Buttons: []bot.Button{{Action: "crisis.see", Label: r.Print.T("crisis.see")}}}, nil
}
