package answers

import (
	"context"
	"slices"
	"strings"

	"crieur/bot"
	"crieur/bot/i18n"
)

// Home shows on somebody's home page that answers of theirs hold no more.
func (c *Chat) Home(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	if !may(r.Member) {
		return bot.Glance{}, nil
	}
	all, err := c.Engine.overdue(ctx, r.Tx, r.Brand, r.Member)
	if err != nil || len(all) == 0 {
		return bot.Glance{}, err
	}
	return bot.Glance{Lines: []string{r.Print.T("answers.overdue", "Count", len(all), "Name", r.Print.Quote(i18n.In(all[0].Name, r.Print.Lang)))},
		Buttons: []bot.Button{{Action: "answers.list", Label: r.Print.T("answers.see")}}}, nil
}

// inList is how many answers a list names; the rest is counted.
const inList = 5

// listCard is what there is, with the way to each of them.
func (c *Chat) listCard(ctx context.Context, r *bot.Request) (bot.Card, error) {
	p := r.Print
	all, err := c.all(ctx, r)
	if err != nil {
		return bot.Card{}, err
	}
	card := bot.Card{Title: bot.Say(p.T("answers.list", "Count", len(all))),
		Buttons: []bot.Button{{Action: "answers.new", Label: p.T("answers.new"), Style: bot.Primary}}}
	if len(all) == 0 {
		card.Title = bot.Say(p.T("answers.none"))
	}
	for _, s := range all[:min(len(all), inList)] {
		line, err := c.line(ctx, r, s)
		if err != nil {
			return bot.Card{}, err
		}
		card.Blocks = append(card.Blocks, line)
	}
	if rest := len(all) - inList; rest > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("answers.rest", "Count", rest)))
	}
	menu := bot.Select{Action: "answers.open", Label: p.T("answers.open")}
	if menu.Choices, err = c.choices(ctx, r); err == nil && len(menu.Choices) > 0 {
		menu = menu.Bounded(p)
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Menu, Select: &menu})
	}
	return card, err
}

// all are the answers of a brand that may be used: those that hold no more first,
// then those that people wrote, the newest first, then the operator's.
func (c *Chat) all(ctx context.Context, r *bot.Request) ([]Sheet, error) {
	all, err := used(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(x, y Sheet) int {
		switch over, other := x.over(r.Brand.Zone, r.Now), y.over(r.Brand.Zone, r.Now); {
		case over && !other:
			return -1
		case other && !over:
			return 1
		}
		return 0
	})
	for _, a := range r.Brand.Answers {
		if !a.Written {
			all = append(all, Sheet{Brand: r.Brand.ID, Answer: a})
		}
	}
	return all, nil
}

// line says an answer: its name, what it is about, whose it is and where it comes
// from, until when it holds and how often it was used.
func (c *Chat) line(ctx context.Context, r *bot.Request, s Sheet) (bot.Block, error) {
	p := r.Print
	name := bot.Span{Text: i18n.In(s.Name, p.Lang), Strong: true}
	owner := p.T("answers.operator")
	if s.Version > 0 {
		owner = p.T("answers.owner", "Owner", nameOf(r.Space, p, s.Owner))
	}
	served, err := c.servedLine(ctx, r.Tx, p, s, r.Now)
	about := append(bot.Text{name, {Text: " · "}}, c.about(r.Brand, p, s)...)
	rest := strings.Join([]string{"", owner, validity(r.Brand, p, s, r.Now), served}, " · ")
	return bot.Block{Kind: bot.Paragraph, Text: append(about, bot.Span{Text: rest})}, err
}

// choices are all answers for a menu, those that were retired last.
func (c *Chat) choices(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	all, err := c.all(ctx, r)
	if err != nil {
		return nil, err
	}
	gone, err := retired(ctx, r.Tx, r.Brand.ID)
	var listed []bot.Choice
	for _, s := range append(all, gone...) {
		label := i18n.In(s.Name, r.Print.Lang)
		if s.Retired {
			label += " · " + r.Print.T("answers.did.retired")
		}
		listed = append(listed, bot.Choice{Value: s.ID, Label: bot.Clip(label, 75)})
	}
	return listed, err
}

// search lists the answers for who may have them.
func (c *Chat) search(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	if !may(r.Member) {
		return nil, nil
	}
	return c.choices(ctx, r)
}
