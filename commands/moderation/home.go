package moderation

import (
	"context"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// Home shows what waits on a moderator's home page.
func (c *Chat) Home(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	if !r.Member.Can(brand.Moderator) {
		return bot.Glance{}, nil
	}
	all, err := waiting(ctx, r.Tx, r.Brand.ID, mostWaiting)
	if err != nil || len(all) == 0 {
		return bot.Glance{}, err
	}
	return bot.Glance{Lines: []string{r.Print.T("moderation.wait", "Count", len(all))}, Buttons: []bot.Button{door(r.Print)}}, nil
}

// Doors are the ways to what waits for a member: one, or none.
func (c *Chat) Doors(ctx context.Context, tx *state.Tx, b *brand.Brand, m *brand.Member, p *i18n.Printer) ([]bot.Button, error) {
	if !m.Can(brand.Moderator) {
		return nil, nil
	}
	first, err := waiting(ctx, tx, b.ID, 1) // it is asked for with every card of a round
	if err != nil || len(first) == 0 {
		return nil, err
	}
	return []bot.Button{door(p)}, nil
}

func door(p *i18n.Printer) bot.Button {
	return bot.Button{Action: "moderation.list", Label: p.T("moderation.door")}
}
