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
	card.Blocks = append(card.Blocks, bot.P(pointLine(p, v.Space, v.Brand, one, v.Now)), bot.P(p.T("crisis.rests")))
	if now := one.now(v.Now); now {
		card.Summary = pointLine(p, v.Space, v.Brand, one, v.Now) + " " + title
	}
	if v.Member == nil || v.Member.Can(brand.Approver) {
		card.Buttons = append(card.Buttons, bot.Button{Action: "crisis.words", Label: p.T("crisis.words"), Style: bot.Primary})
	}
	if v.Member == nil || leading(v.Member) {
		card.Buttons = append(card.Buttons, bot.Button{Action: "crisis.point", Label: p.T("crisis.point")})
	}
	card.Buttons = append(card.Buttons, bot.Button{Action: "crisis.ahead", Label: p.T("crisis.reread")})
	if v.Member == nil || leading(v.Member) {
		card.Buttons = append(card.Buttons, bot.Button{Action: "crisis.over", Label: p.T("crisis.end"), Style: bot.Danger})
	}
	if v.Member == nil || v.Member.Can(brand.Author) {
		card.More = append(card.More, pauseButton(p, posts))
	}
	card.More = append(card.More, bot.Button{Action: "crisis.text", Label: p.T("crisis.sofar")})
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
		{Kind: bot.Quote, Quoted: inLang(w.Say, v)}}
	if avoid := inLang(w.Avoid, v); avoid != "" {
		blocks = append(blocks, bot.Block{Kind: bot.Quote, Quoted: p.T("crisis.not", "Words", avoid)})
	}
	return blocks
}

func inLang(in map[string]string, v bot.ViewRequest) string {
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

// inStory is how many acts the card of what is over names; its text has all.
const inStory = 20

// happened says what somebody did.
func happened(p *i18n.Printer, a Act, now time.Time) string {
	return p.T("crisis.did."+string(a.What), "Number", a.Number, "At", p.Soon(a.Point, now))
}

// told is how a crisis went as a text, with all that was said.
func told(r *bot.Request, one Crisis, all []Words) string {
	p := r.Print
	lines := []string{p.T("crisis.story", "About", one.About)}
	for _, act := range one.Acts {
		lines = append(lines, p.When(act.At, r.Now)+" · "+nameOf(r.Space, act.By)+" · "+happened(p, act, r.Now))
		for _, w := range all {
			if act.What == Worded && w.Number == act.Number {
				lines = append(lines, wordLines(p, r.Brand, w)...)
			}
		}
	}
	if one.Learnt != "" {
		lines = append(lines, p.T("crisis.learnt"), one.Learnt)
	}
	return strings.Join(lines, "\n")
}

// wordLines are words in every language that they were given in.
func wordLines(p *i18n.Printer, b *brand.Brand, w Words) (lines []string) {
	for _, lang := range langsOf(b) {
		if say := w.Say[lang]; say != "" {
			lines = append(lines, p.Quote(say))
		}
		if avoid := w.Avoid[lang]; avoid != "" {
			lines = append(lines, p.T("crisis.not", "Words", avoid))
		}
	}
	return lines
}

// now says that it is time for the point.
func (c Crisis) now(at time.Time) bool { return !c.Point.IsZero() && !at.Before(c.Point) }

// pointLine says when the next point is, and who sees to it.
func pointLine(p *i18n.Printer, space *brand.Space, b *brand.Brand, c Crisis, now time.Time) string {
	switch {
	case c.Point.IsZero():
		return p.T("crisis.nopoint")
	case c.now(now):
		return p.T("crisis.pointnow", "At", p.SoonBoth(c.Point, now, b.Zone), "Who", nameOf(space, c.Lead))
	}
	return p.T("crisis.pointat", "At", p.SoonBoth(c.Point, now, b.Zone), "Who", nameOf(space, c.Lead))
}

// overCard is what is left of a crisis that is over.
func overCard(v bot.ViewRequest, one Crisis) bot.Card {
	p := v.Print
	end, _ := one.end()
	title := p.T("crisis.title.over", "About", one.About)
	card := bot.Card{Title: bot.Say(title), Summary: title, Tone: bot.Good, Blocks: []bot.Block{
		bot.P(p.T("crisis.span", "From", p.When(one.since(), v.Now), "To", p.When(end.At, v.Now), "Who", nameOf(v.Space, end.By)))}}
	rows := [][]string{{p.T("crisis.when"), p.T("crisis.who"), p.T("crisis.what")}}
	for _, act := range one.Acts[:min(len(one.Acts), inStory)] {
		rows = append(rows, []string{p.When(act.At, v.Now), nameOf(v.Space, act.By), happened(p, act, v.Now)})
	}
	card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Grid, Rows: rows})
	if rest := len(one.Acts) - inStory; rest > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("crisis.rest", "Count", rest)))
	}
	if one.Learnt != "" {
		card.Blocks = append(card.Blocks, bot.P(p.T("crisis.learnt")), bot.Block{Kind: bot.Quote, Quoted: one.Learnt})
	}
	card.Buttons = []bot.Button{{Action: "crisis.text", Label: p.T("crisis.astext")}}
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
