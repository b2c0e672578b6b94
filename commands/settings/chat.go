// Package settings is what Crieur says of itself: the home page, the help that a
// role may use, and how the machinery stands. What it is configured with is the
// application's business, and so is which features there are: it is given their
// glances and asks the Mux for their words.
package settings

import (
	"context"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
)

// Chat is the feature's conversation.
type Chat struct {
	// Home and Status are the glances of the features, in the order in which
	// they are read.
	Home, Status []bot.Glancer
	// Machine may be nil: then the status says only what the store knows.
	Machine Machine
}

// Register registers /crieur, its own words and the home page.
func (c *Chat) Register(mux *bot.Mux) {
	home := c.home(mux)
	mux.Command(bot.CommandRoute{
		Name: "crieur", Role: brand.Passerby, // each word says who may
		Bare:     bot.Shape{Ack: bot.Wait, Handle: home, Early: true},
		With:     bot.Shape{Ack: bot.Wait, Handle: mux.Words, Early: true},
		Complete: mux.Completions,
		Words:    true,
	})
	mux.Home(home)
	mux.Action(bot.ActionRoute{Name: bot.AskAction, Role: brand.Passerby, Shape: bot.Shape{Ack: bot.Wait, Handle: mux.Asked, Early: true},
		Lists: map[string]bot.Listing{bot.MenuField: mux.Asks}})
	mux.Action(bot.ActionRoute{Name: bot.PleadAction, Role: brand.Anyone, Shape: bot.Shape{Ack: bot.Wait, Handle: mux.Plead}})
	mux.Action(bot.ActionRoute{Name: bot.PleaSeeAction, Role: brand.Anyone, Shape: bot.Shape{Ack: bot.Quiet, Handle: mux.PleaSee}})
	mux.View(bot.PleaView, mux.PleaOf)
	mux.Word(bot.WordRoute{Key: "settings.help", Role: brand.Anyone, Early: true, Handle: mux.Help})
	mux.Word(bot.WordRoute{Key: "settings.home", Role: brand.Anyone, Early: true, Handle: home})
	mux.Word(bot.WordRoute{Key: "settings.status", Role: brand.Anyone, Handle: c.status})
}

// home is a person's page: what waits for them, and the ways on. Before any
// brand is set up, it is the help.
func (c *Chat) home(mux *bot.Mux) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		if err := bot.Allow(r, brand.Anyone); err != nil {
			return bot.Reply{}, err
		}
		if r.Brand == nil {
			return mux.Help(ctx, r)
		}
		p := r.Print
		found, err := bot.Gather(ctx, r, c.Home)
		if err != nil {
			return bot.Reply{}, err
		}
		if c.Machine != nil {
			found.Lines = append(found.Lines, unlinked(p, c.Machine.Look(ctx).Links)...)
		}
		card := page(p.T("settings.home.title", "Name", r.Member.Name, "Brand", r.Brand.Name, "Day", p.Day(r.Now, r.Now)), found.Lines)
		if len(found.Lines) == 0 {
			card.Blocks = []bot.Block{bot.P(p.T("settings.home.nothing"))}
		}
		return told(ctx, r, card, append(found.Buttons,
			bot.Ask("settings.help", p.T("settings.askhelp")), bot.Ask("settings.status", p.T("settings.askstatus"))))
	}
}

func page(title string, lines []string) bot.Card {
	card := bot.Card{Title: bot.Say(title), Summary: title}
	for _, line := range lines {
		card.Blocks = append(card.Blocks, bot.P(line))
	}
	return card
}

// told puts buttons under a card: the first ones in sight, the others behind
// "More…".
func told(ctx context.Context, r *bot.Request, card bot.Card, buttons []bot.Button) (bot.Reply, error) {
	const inSight = 3
	first := min(len(buttons), inSight)
	card.Buttons, card.More, card.MoreLabel = buttons[:first], buttons[first:], r.Print.T("chat.more")
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "home", Subject: r.Member.ID, Brand: r.Brand.ID})
}
