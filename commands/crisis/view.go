package crisis

import (
	"cmp"
	"context"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// view draws a crisis: how it stands, or how it went.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	one, err := c.Engine.get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	if one.Over() {
		return overCard(v, one), nil
	}
	p := v.Print
	posts, err := c.Engine.Posts.Stand(ctx, v.Tx, one.Brand)
	if err != nil {
		return bot.Card{}, err
	}
	heard, err := c.heard(ctx, v, one)
	if err != nil {
		return bot.Card{}, err
	}
	now, err := words(ctx, v.Tx, one)
	if err != nil {
		return bot.Card{}, err
	}
	title := p.T("crisis.title", "About", one.About)
	card := bot.Card{Title: bot.Say(title), Summary: title, Tone: bot.Bad, MoreLabel: p.T("chat.more"), Blocks: []bot.Block{
		bot.P(p.T("crisis.since", "Since", p.Soon(one.since(), v.Now), "By", nameOf(v.Space, one.Acts[0].By), "Lead", nameOf(v.Space, one.Lead))),
		bot.P(paused(p, posts, v.Now)), bot.P(heard)}}
	card.Blocks = append(card.Blocks, wordBlocks(v, now)...)
	card.Blocks = append(card.Blocks, bot.P(p.T("crisis.rests")))
	if v.Member == nil || v.Member.Can(brand.Approver) {
		card.Buttons = append(card.Buttons, bot.Button{Action: "crisis.words", Label: p.T("crisis.words"), Style: bot.Primary})
	}
	card.Buttons = append(card.Buttons, bot.Button{Action: "crisis.ahead", Label: p.T("crisis.reread")})
	if v.Member == nil || leading(v.Member) {
		card.Buttons = append(card.Buttons, bot.Button{Action: "crisis.over", Label: p.T("crisis.end"), Style: bot.Danger})
	}
	if v.Member == nil || v.Member.Can(brand.Author) {
		card.More = append(card.More, pauseButton(p, posts))
	}
	return card, nil
}

// wordBlocks are what is said and what is not, in the reader's language or the
// first one that has it.
func wordBlocks(v bot.ViewRequest, w Words) []bot.Block {
	p := v.Print
	if w.Number == 0 {
		return []bot.Block{bot.P(p.T("crisis.wordless"))}
	}
	blocks := []bot.Block{bot.P(p.T("crisis.worded", "Number", w.Number, "Who", nameOf(v.Space, w.By), "At", p.Soon(w.At, v.Now))),
		{Kind: bot.Quote, Quoted: said(w.Say, v)}}
	if avoid := said(w.Avoid, v); avoid != "" {
		blocks = append(blocks, bot.Block{Kind: bot.Quote, Quoted: p.T("crisis.not", "Words", avoid)})
	}
	return blocks
}

func said(in map[string]string, v bot.ViewRequest) string {
	words := in[v.Print.Lang]
	for _, lang := range langsOf(v.Brand) {
		words = cmp.Or(words, in[lang])
	}
	return words
}

// heard says how many people speak of it, and until when that was counted.
func (c *Chat) heard(ctx context.Context, v bot.ViewRequest, one Crisis) (string, error) {
	p := v.Print
	if one.Theme == "" {
		return p.T("crisis.uncounted"), nil
	}
	line, err := c.Engine.Talk.TalkLine(ctx, v.Tx, v.Brand, one.Theme, p)
	return p.T("crisis.said", "Theme", c.Engine.Themes.ThemeName(v.Brand, one.Theme, p.Lang), "People", line, "At", p.Clock(v.Now)), err
}

// overCard is what is left of a crisis that is over.
func overCard(v bot.ViewRequest, one Crisis) bot.Card {
	p := v.Print
	end, _ := one.end()
	title := p.T("crisis.title.over", "About", one.About)
	card := bot.Card{Title: bot.Say(title), Summary: title, Tone: bot.Good, Blocks: []bot.Block{
		bot.P(p.T("crisis.span", "From", p.When(one.since(), v.Now), "To", p.When(end.At, v.Now), "Who", nameOf(v.Space, end.By)))}}
	if one.Learnt != "" {
		card.Blocks = append(card.Blocks, bot.P(p.T("crisis.learnt")), bot.Block{Kind: bot.Quote, Quoted: one.Learnt})
	}
	return card
}

// paused says what is paused and how many posts wait.
func paused(p *i18n.Printer, s Standing, now time.Time) string {
	switch {
	case s.Paused.IsZero() && s.Waiting == 0:
		return p.T("crisis.nothinggoing")
	case s.Paused.IsZero():
		return p.T("crisis.going", "Count", s.Waiting)
	}
	said := []string{p.T("crisis.paused", "Since", p.Soon(s.Paused, now)), p.T("crisis.nothingwaits")}
	if s.Waiting > 0 {
		said[1] = p.T("crisis.waiting", "Count", s.Waiting)
	}
	if s.Left > 0 {
		said = append(said, p.T("crisis.left", "Count", s.Left))
	} else if s.Waiting > 0 {
		said = append(said, p.T("crisis.noneleft"))
	}
	return strings.Join(said, " ")
}

// pauseButton pauses everything, or lets it go on, as everywhere.
func pauseButton(p *i18n.Printer, s Standing) bot.Button {
	if s.Paused.IsZero() {
		return bot.Button{Action: "post.stop", Label: p.T("crisis.stop"), Style: bot.Danger}
	}
	return bot.Button{Action: "post.resume", Label: p.T("crisis.resume")}
}

// doorCard is what there is while no crisis is open.
func doorCard(r *bot.Request, posts Standing, before bool) bot.Card {
	p := r.Print
	card := bot.Card{Title: bot.Say(p.T("crisis.none")), Blocks: []bot.Block{bot.P(paused(p, posts, r.Now))}, MoreLabel: p.T("chat.more"),
		Buttons: []bot.Button{{Action: "crisis.open", Label: p.T("crisis.open"), Style: bot.Primary}, pauseButton(p, posts)}}
	if before {
		card.More = []bot.Button{{Action: "crisis.see", Label: p.T("crisis.before")}}
	}
	return card
}

// inList is how many posts a list names; the rest is counted.
const inList = 5

// aheadCard lists the posts that leave soon, each to be opened; what is paused goes
// on by people alone.
func aheadCard(r *bot.Request, title string, posts Standing, next []Post) bot.Card {
	p := r.Print
	card := bot.Card{Title: bot.Say(title), Blocks: []bot.Block{bot.P(paused(p, posts, r.Now))}}
	if len(next) == 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("crisis.noneahead")))
	} else {
		card.Blocks = append(card.Blocks, bot.P(p.T("crisis.toread", "Count", len(next))))
	}
	menu := bot.Select{Action: "plan.post", Label: p.T("crisis.readone")}
	for i, post := range next {
		line := p.When(post.At, r.Now) + " · " + post.Title + " · " + p.List(post.Accounts...)
		if i < inList {
			card.Blocks = append(card.Blocks, bot.P(line))
		}
		menu.Choices = append(menu.Choices, bot.Choice{Value: post.Request, Label: bot.Clip(line, 75)})
	}
	if rest := len(next) - inList; rest > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("crisis.rest", "Count", rest)))
	}
	if len(next) > 0 {
		menu = menu.Bounded(p)
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Menu, Select: &menu})
	}
	if !posts.Paused.IsZero() {
		card.Buttons = []bot.Button{pauseButton(p, posts)}
	}
	return card
}

func nameOf(space *brand.Space, id string) string {
	if m := space.Member(id); m != nil {
		return m.Name
	}
	return id
}
