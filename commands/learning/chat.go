package learning

import (
	"context"
	"errors"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// Chat is the feature's conversation.
type Chat struct{ Engine *Engine }

// Register registers the word, actions and view of learning.
func (c *Chat) Register(mux *bot.Mux) {
	for name, decide := range map[string]decision{
		"learning.adopt": c.Engine.Adopt, "learning.keep": c.Engine.Keep, "learning.revert": c.Engine.Revert,
	} {
		mux.Action(bot.ActionRoute{Name: name, Role: brand.Admin, Shape: bot.Shape{Ack: bot.Busy, Handle: c.settle(decide)}})
	}
	mux.Word(bot.WordRoute{Key: "learning.word", Role: brand.Admin, Handle: c.show})
	mux.View(View, c.view)
}

// decision is what an admin makes of a proposal.
type decision func(ctx context.Context, tx *state.Tx, brand, member string) error

func (c *Chat) settle(decide decision) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		err := decide(ctx, r.Tx, r.Subject, r.Member.ID)
		switch {
		case errors.Is(err, ErrNothing), errors.Is(err, ErrFirst):
			return bot.Reply{}, bot.Refuse(r.Print.T("learning.decided"))
		case errors.Is(err, ErrCorrupt):
			return bot.Reply{}, bot.Refuse(r.Print.T("learning.unreadable"))
		}
		return bot.Reply{}, err
	}
}

// show hangs the card of the brand's learning in the admin's conversation.
func (c *Chat) show(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	place := board.Place{Platform: string(r.Platform), Team: r.Team, Channel: "@" + r.User.ID}
	_, err := board.Show(ctx, r.Tx, board.Card{View: View, Subject: r.Brand.ID, Brand: r.Brand.ID}, r.NewToken,
		board.Hang{Place: place, Member: r.Member.ID, Lang: r.Print.Lang, Class: outbox.Answer})
	if err != nil || r.Direct {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("learning.shown")), nil
}
