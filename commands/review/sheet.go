package review

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"crieur/approvals"
	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

const (
	// mostListed is how many posts the list before days off names; the rest is counted.
	mostListed = 6
	// inSight is how many of them are opened by a button that shows; the others' are
	// behind "More…", which holds mostBehind.
	inSight    = 3
	mostBehind = 25
	// labelled is how long a button's label may be.
	labelled = 30
)

// eve draws what leaves over days off and still needs somebody.
func (c *Chat) eve(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	_, text, _ := strings.Cut(v.Subject, "/")
	day, err := time.ParseInLocation(time.DateOnly, text, v.Brand.Zone)
	if err != nil {
		return bot.Card{}, fmt.Errorf("read day of list %s: %w", v.Subject, err)
	}
	until := settled.On(day)
	posts, err := c.Engine.leaving(ctx, v.Tx, v.Brand, v.Now, until)
	if err != nil {
		return bot.Card{}, err
	}
	p := v.Print
	when := p.WhenBoth(until, v.Now, v.Brand.Zone)
	if len(posts) == 0 {
		title := p.T("review.eve.none", "Until", when, "Brand", v.Brand.Name)
		return bot.Card{Title: bot.Say(title), Summary: title}, nil
	}
	title := p.T("review.eve", "Count", len(posts), "Until", when, "Brand", v.Brand.Name)
	card := bot.Card{Title: bot.Say(title), Summary: title}
	otherwise := "review.eve.alone"
	for i, post := range posts {
		if i < mostListed {
			card.Blocks = append(card.Blocks, bot.P(c.eveLine(v, post, until)))
		}
		if post.Stage == approvals.Open {
			otherwise = "review.eve.otherwise"
		}
	}
	if rest := len(posts) - mostListed; rest > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("review.more", "Count", rest)))
	}
	card.Blocks = append(card.Blocks, bot.P(p.T(otherwise)))
	buttons := openers(p, posts)
	card.Buttons = buttons[:min(len(buttons), inSight)]
	if len(buttons) > inSight {
		card.More, card.MoreLabel = buttons[inSight:min(len(buttons), inSight+mostBehind)], p.T("chat.more")
	}
	return card, nil
}

// eveLine says when a post leaves, and whom it waits for.
func (c *Chat) eveLine(v bot.ViewRequest, post pending, until time.Time) string {
	p := v.Print
	var states []string
	if post.Stage == approvals.Open {
		state := p.T("review.eve.approve")
		if at := decideBy(post.Request, v.Now); !at.IsZero() && at.Before(post.At) {
			state = p.T("review.eve.approveby", "By", by(p, at, v.Now, v.Brand.Zone))
		}
		states = append(states, whose(p, state, c.decides(v, post, until)...))
	}
	if len(post.ByHand) > 0 {
		var names []string
		for _, account := range v.Brand.Accounts { // in the order in which people know them
			if slices.Contains(post.ByHand, account.ID) {
				names = append(names, account.Name)
			}
		}
		states = append(states, whose(p, p.T("review.eve.hand", "Where", p.List(names...)), v.Space.Member(post.Author)))
	}
	return p.T("review.eve.line", "Title", post.Title, "When", p.WhenBoth(post.At, v.Now, v.Brand.Zone), "State", strings.Join(states, " · "))
}

// decides are those who decide about a post of the list: who was there on its eve, else
// whoever is asked by name.
func (c *Chat) decides(v bot.ViewRequest, post pending, until time.Time) []*brand.Member {
	if eve, ok := eveBefore(v.Brand, until); ok {
		if there := c.Engine.deciders(v.Brand, post.Request, eve.At, eve.Closes); len(there) > 0 {
			return there
		}
	}
	return []*brand.Member{c.Engine.Asked(v.Brand, post.Request, v.Now)}
}

// whose says whom something waits for, where that is known.
func whose(p *i18n.Printer, line string, members ...*brand.Member) string {
	var names []string
	for _, m := range members {
		if m != nil {
			names = append(names, m.Name)
		}
	}
	if len(names) == 0 {
		return line
	}
	return p.T("review.with", "Line", line, "Who", p.List(names...))
}

// openers are a button for each post.
func openers(p *i18n.Printer, posts []pending) []bot.Button {
	var buttons []bot.Button
	for _, post := range posts {
		buttons = append(buttons, bot.Button{Action: "review.open", Arg: post.ID, Label: bot.Clip(p.T("review.open", "Title", post.Title), labelled)})
	}
	buttons[0].Style = bot.Primary
	return buttons
}

// openOne shows the card of a post of the list to who asks.
func (c *Chat) openOne(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	request, err := c.Engine.get(ctx, r.Tx, r.Arg)
	if err == nil && request.Brand != r.Brand.ID { // a button's argument may be anything
		err = ErrUnknown
	}
	if err != nil {
		return bot.Reply{}, c.explain(ctx, r, err)
	}
	return bot.Reply{}, c.bringCard(ctx, r, request)
}
