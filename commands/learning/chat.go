package learning

import (
	"context"
	"errors"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
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
	for _, route := range []bot.ActionRoute{
		{Name: "learning.create", Shape: bot.Shape{Ack: bot.Open, Form: c.createForm}},
		{Name: "learning.created", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.create}, Check: c.checkTheme},
		{Name: "learning.extend", Shape: bot.Shape{Ack: bot.Open, Form: c.extendForm}},
		{Name: "learning.extended", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.extend}, Check: c.checkTheme,
			Lists: map[string]bot.Listing{"theme": c.themes}},
		{Name: "learning.decline", Shape: bot.Shape{Ack: bot.Busy, Handle: c.decline}},
		{Name: "learning.undo", Shape: bot.Shape{Ack: bot.Busy, Handle: c.undo}},
	} {
		route.Role = brand.Admin
		mux.Action(route)
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

// create makes a theme of a finding.
func (c *Chat) create(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	err := c.Engine.Create(ctx, r.Tx, r.Brand, r.Arg, r.Member.ID, r.Value("name"), wordsOf(r.Value("words")))
	return bot.Reply{}, c.explain(r, err)
}

// extend gives a finding's words to a theme.
func (c *Chat) extend(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	err := c.Engine.Extend(ctx, r.Tx, r.Brand, r.Arg, r.Member.ID, r.Value("theme"), wordsOf(r.Value("words")))
	return bot.Reply{}, c.explain(r, err)
}

// decline puts a finding away.
func (c *Chat) decline(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return bot.Reply{}, c.explain(r, c.Engine.Decline(ctx, r.Tx, r.Brand, r.Arg, r.Member.ID))
}

// undo takes back what the menu names, see takeBack.
func (c *Chat) undo(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	what, id, _ := strings.Cut(r.Value("choice"), ":")
	takeBack := c.Engine.Reopen
	if what == added {
		takeBack = c.Engine.Drop
	}
	return bot.Reply{}, c.explain(r, takeBack(ctx, r.Tx, r.Brand, id, r.Member.ID))
}

// explain makes a sentence of what somebody can do something about.
func (c *Chat) explain(r *bot.Request, err error) error {
	if errors.Is(err, ErrNothing) {
		return bot.Refuse(r.Print.T("learning.decided"))
	}
	if said := c.wrong(r, err); said != "" {
		return bot.Refuse(said)
	}
	return err
}

// show hangs the card of the brand's learning in the admin's conversation.
func (c *Chat) show(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	_, err := board.Show(ctx, r.Tx, board.Card{View: View, Subject: r.Brand.ID, Brand: r.Brand.ID}, r.NewToken, r.Aside())
	if err != nil || r.Direct {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("learning.shown")), nil
}
