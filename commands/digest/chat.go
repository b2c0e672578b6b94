package digest

import (
	"context"
	"fmt"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// Chat is the feature's conversation.
type Chat struct{ Engine *Engine }

// Register registers the words and the view of the brief.
func (c *Chat) Register(mux *bot.Mux) {
	mux.Word(bot.WordRoute{Key: "digest.word", Role: brand.Anyone, Handle: c.now})
	mux.View(View, c.view)
	mux.View(HandoverView, handover)
}

// now is the brief on demand, for the one who asked.
func (c *Chat) now(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	lines, err := c.Engine.Lines(ctx, r.Tx, r.Brand, r.Print)
	if err != nil {
		return bot.Reply{}, err
	}
	card := draw(r.Print, r.Brand, r.Print.Day(r.Now, r.Now), lines)
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "now", Subject: r.Brand.ID, Brand: r.Brand.ID})
}

// view draws card E.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	day, err := dayOf(v.Subject, v.Brand.Zone)
	if err != nil {
		return bot.Card{}, err
	}
	lines, err := c.Engine.Lines(ctx, v.Tx, v.Brand, v.Print)
	if err != nil {
		return bot.Card{}, err
	}
	return draw(v.Print, v.Brand, v.Print.Day(day, v.Now), lines), nil
}

// draw is the brief: a line for each thing, or one line for nothing new.
func draw(p *i18n.Printer, b *brand.Brand, day string, lines []string) bot.Card {
	title := p.T("digest.title", "Day", day, "Brand", b.Name)
	card := bot.Card{Title: bot.Say(title), Summary: title}
	if len(lines) == 0 {
		card.Blocks = []bot.Block{bot.P(p.T("digest.nothing"))}
		return card
	}
	for _, line := range lines {
		card.Blocks = append(card.Blocks, bot.P(line))
	}
	card.Buttons = []bot.Button{
		{Action: "round.start", Label: p.T("digest.round"), Style: bot.Primary},
		{Action: "plan.today", Label: p.T("digest.day")},
	}
	return card
}

// handover draws who is on call until the next brief, and for whom the chat will
// not ring.
func handover(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	night, _, err := nights.Get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, fmt.Errorf("view handover %s: %w", v.Subject, err)
	}
	day, err := dayOf(v.Subject, v.Brand.Zone)
	if err != nil {
		return bot.Card{}, err
	}
	p := v.Print
	title := p.T("digest.handover", "Day", p.Day(day, v.Now), "Brand", v.Brand.Name)
	card := bot.Card{Title: bot.Say(title), Summary: title}
	if len(night.OnCall) == 0 {
		card.Blocks = []bot.Block{bot.P(p.T("digest.nooncall", "Until", p.Soon(night.Until, v.Now)))}
		return card, nil
	}
	name := func(id string) string {
		if m := v.Space.Member(id); m != nil {
			return m.Name
		}
		return id
	}
	var names []string
	for _, id := range night.OnCall {
		names = append(names, name(id))
	}
	card.Blocks = []bot.Block{bot.P(p.T("digest.oncall", "Who", strings.Join(names, ", ")))}
	for _, id := range night.OnCall {
		if quiet, ok := night.Quiet[id]; ok {
			card.Tone = bot.Warning
			card.Blocks = append(card.Blocks, bot.P(p.T("digest.quiet", "Who", name(id), "From", p.Clock(quiet.From), "Until", p.Clock(quiet.Until))))
		}
	}
	card.Blocks = append(card.Blocks, bot.P(p.T("digest.silence", "Until", p.Soon(night.Until, v.Now))))
	return card, nil
}
