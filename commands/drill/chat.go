package drill

import (
	"context"
	"errors"

	"crieur/bot"
	"crieur/bot/brand"
)

// Chat is the feature's conversation.
type Chat struct{ Engine *Engine }

// Register registers the actions and views of exercises.
func (c *Chat) Register(mux *bot.Mux) {
	mux.Action(bot.ActionRoute{Name: "drill.seen", Role: brand.Anyone, Shape: bot.Shape{Ack: bot.Busy, Handle: c.seen}})
	mux.Action(bot.ActionRoute{Name: "drill.now", Role: brand.Anyone, Shape: bot.Shape{Ack: bot.Wait, Handle: c.now}})
	mux.View(View, c.view)
	mux.View(ReportView, c.reportView)
}

// seen notes that the exercise of the card arrived.
func (c *Chat) seen(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	err := c.Engine.Seen(ctx, r.Tx, r.Subject, r.Member.ID)
	switch {
	case errors.Is(err, ErrNotYours):
		_, m := c.Engine.who(parentOf(r.Subject))
		return bot.Reply{}, bot.Refuse(r.Print.T("drill.notyours", "Who", nameOf(m)))
	case errors.Is(err, ErrOver):
		return bot.Reply{}, bot.Refuse(r.Print.T("drill.over"))
	}
	return bot.Reply{}, err
}

// now makes an exercise at once, and says who was rung.
func (c *Chat) now(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	tried, err := c.Engine.Try(ctx, r.Tx, r.Brand, r.Member)
	if err != nil {
		return bot.Reply{}, err
	}
	card := bot.Card{}
	for _, some := range []struct {
		key string
		who []*brand.Member
	}{{"drill.tried", tried.Rung}, {"drill.away", tried.Away}, {"drill.recent", tried.Recent}} {
		if len(some.who) > 0 {
			card.Blocks = append(card.Blocks, bot.P(r.Print.T(some.key, "Who", r.Print.List(names(some.who)...))))
		}
	}
	if len(card.Blocks) == 0 {
		return bot.Reply{}, bot.Refuse(r.Print.T("drill.nobody"))
	}
	return bot.Reply{Card: &card}, nil
}

// Status says of everybody on call when they were rung last for an exercise, and
// offers one to whoever may have it now.
func (c *Chat) Status(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	all, err := rota(ctx, r.Tx, r.Space, r.Brand)
	if err != nil || len(all) == 0 {
		return bot.Glance{}, err
	}
	var said []string
	for _, one := range all {
		said = append(said, standing(r.Print, one, r.Now))
	}
	look := bot.Glance{Lines: []string{r.Print.T("drill.status", "People", r.Print.Apart(said...))}}
	for _, m := range among(r.Space, r.Brand, r.Member) {
		if may(r.Brand, m, r.Member, r.Now) {
			look.Buttons = []bot.Button{{Action: "drill.now", Label: r.Print.T("drill.now")}}
		}
	}
	return look, nil
}

func nameOf(m *brand.Member) string {
	if m == nil {
		return ""
	}
	return m.Name
}

func names(all []*brand.Member) (said []string) {
	for _, m := range all {
		said = append(said, m.Name)
	}
	return said
}

func parentOf(subject string) string {
	id, _ := parent(subject)
	return id
}
