package digest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// Chat is the feature's conversation.
type Chat struct{ Engine *Engine }

// Register registers the words, actions and views of the brief. Who may choose its
// parts is decided on the brief: everybody may choose those of their own.
func (c *Chat) Register(mux *bot.Mux) {
	mux.Word(bot.WordRoute{Key: "digest.word", Role: brand.Anyone, Handle: c.now})
	mux.Action(bot.ActionRoute{Name: "brief.useful", Role: brand.Anyone, Shape: bot.Shape{Ack: bot.Open, Form: c.usefulForm}})
	mux.Action(bot.ActionRoute{Name: "brief.keep", Role: brand.Anyone, Shape: bot.Shape{Ack: bot.Wait, Handle: c.keep}})
	mux.View(View, c.view)
	mux.View(HandoverView, handover)
}

// now is the brief on demand, for the one who asked.
func (c *Chat) now(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	card, err := c.draw(ctx, r.Tx, r.Brand, r.Member, r.Print, r.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: nowView, Subject: r.Brand.ID, Brand: r.Brand.ID})
}

// view draws card E: the team's in a channel, a person's own where they are alone.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	day, err := dayOf(v.Subject, v.Brand.Zone)
	if err != nil {
		return bot.Card{}, err
	}
	return c.draw(ctx, v.Tx, v.Brand, v.Member, v.Print, day)
}

// draw is the brief of a day, with what its reader wants of it; m is nil for the team.
func (c *Chat) draw(ctx context.Context, tx *state.Tx, b *brand.Brand, m *brand.Member, p *i18n.Printer, day time.Time) (bot.Card, error) {
	left, err := c.Engine.Left(ctx, tx, b, m)
	if err != nil {
		return bot.Card{}, err
	}
	lines, err := c.Engine.Lines(ctx, tx, b, left, p)
	return card(p, b, p.Day(day, tx.Now()), lines, len(left) > 0), err
}

// card is the brief: a line for each thing, or one line for nothing new. Where parts
// are left out they may be had back even then.
func card(p *i18n.Printer, b *brand.Brand, day string, lines []string, some bool) bot.Card {
	title := p.T("digest.title", "Day", day, "Brand", b.Name)
	card := bot.Card{Title: bot.Say(title), Summary: title}
	useful := bot.Button{Action: "brief.useful", Label: p.T("digest.useful")}
	switch {
	case len(lines) == 0 && some:
		card.Blocks, card.Buttons = []bot.Block{bot.P(p.T("digest.nothingchosen"))}, []bot.Button{useful}
		return card
	case len(lines) == 0:
		card.Blocks = []bot.Block{bot.P(p.T("digest.nothing"))}
		return card
	}
	for _, line := range lines {
		card.Blocks = append(card.Blocks, bot.P(line))
	}
	card.Buttons = []bot.Button{
		{Action: "round.start", Label: p.T("digest.round"), Style: bot.Primary},
		{Action: "plan.today", Label: p.T("digest.day")},
		useful,
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
