package mentions

import (
	"context"
	"slices"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/listen"
)

// add takes a message of a chat application in, as something to answer.
func (c *Chat) add(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if strings.TrimSpace(r.Quote) == "" {
		return bot.Reply{}, bot.Refuse(r.Print.T("mentions.nowords"))
	}
	item, err := Item(Heard{Brand: r.Brand.ID, Brought: true, Mention: listen.Mention{
		ID: "chat:" + r.Place.Destination() + ":" + r.Place.Message, Source: string(r.Platform), Network: r.Platform.Name(),
		Author: r.From, Text: r.Quote, At: r.Now,
	}})
	if err != nil {
		return bot.Reply{}, err
	}
	r.Tx.Tell(item)
	card := bot.Card{
		Blocks:  []bot.Block{bot.P(r.Print.T("mentions.added"))},
		Buttons: []bot.Button{{Action: "round.start", Label: r.Print.T("mentions.startround")}}, Token: r.NewToken(r.Tx),
	}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "added", Subject: item.ID, Brand: r.Brand.ID})
}

// authors completes a search with those who wait for an answer, the nearest
// promise first.
func (c *Chat) authors(ctx context.Context, r *bot.Request, typed string) ([]bot.Choice, error) {
	waiting, err := c.Engine.Waiting(ctx, r.Tx, r.Brand.ID, 500)
	if err != nil {
		return nil, err
	}
	var choices []bot.Choice
	for _, one := range waiting {
		choice := bot.Choice{Value: bot.Clip(one.Author, 75), Label: bot.Clip(one.Author+" · "+one.Network, 75)}
		if one.Author != "" && strings.Contains(plain(one.Author), plain(typed)) && !slices.Contains(choices, choice) {
			choices = append(choices, choice)
		}
	}
	return choices, nil
}

// Home shows what waits for an answer on a responder's home page, theirs apart.
func (c *Chat) Home(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	if !r.Member.Can(brand.Responder) {
		return bot.Glance{}, nil
	}
	waiting, err := c.Engine.Waiting(ctx, r.Tx, r.Brand.ID, 1000)
	if err != nil || len(waiting) == 0 {
		return bot.Glance{}, err
	}
	look := bot.Glance{
		Lines:   []string{toAnswer(waiting, r.Now, r.Print)},
		Buttons: []bot.Button{{Action: "round.start", Label: r.Print.T("mentions.startround")}},
	}
	own := slices.DeleteFunc(waiting, func(one Case) bool { return one.Owner != r.Member.ID })
	if len(own) > 0 {
		first := own[0]
		look.Lines = append(look.Lines, r.Print.T("mentions.home", "Count", len(own), "Author", first.Author, "By", r.Print.Soon(first.Due, r.Now)))
	}
	return look, nil
}
