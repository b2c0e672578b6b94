package rivals

import (
	"cmp"
	"context"
	"errors"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/poll"
	"crieur/bot/state"
)

// view draws one competitor: how reading it goes, and its last news.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	p := v.Print
	r, found, err := rivals.Get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	if !found {
		return bot.Card{Title: bot.Say(p.T("rivals.stopped"))}, nil
	}
	read, _, err := poll.Get(ctx, v.Tx, r.ID)
	if err != nil {
		return bot.Card{}, err
	}
	var card bot.Card
	switch {
	case r.Address == "":
		card.Title, card.Blocks = bot.Say(p.T("rivals.byname", "Name", r.Name)), []bot.Block{bot.P(p.T("rivals.nameseen"))}
		card.Buttons = []bot.Button{{Action: "rival.address", Label: p.T("rivals.addaddress"), Style: bot.Primary}}
	case r.Relay:
		card.Title, card.Blocks = bot.Say(p.T("rivals.relayed", "Name", r.Name)), []bot.Block{bot.P(health(p, read, v.Now))}
		card.Buttons = []bot.Button{{Action: "rival.rival", Label: p.T("rivals.watchinstead")}}
	default:
		card.Title, card.Blocks = bot.Say(p.T("rivals.watched", "Name", r.Name)), []bot.Block{bot.P(health(p, read, v.Now))}
		card.Buttons = []bot.Button{{Action: "rival.relay", Label: p.T("rivals.relayinstead")}}
	}
	talk, err := c.talk(ctx, v, r)
	if err != nil {
		return bot.Card{}, err
	}
	card.Blocks = append(card.Blocks, talk...)
	news, err := c.Engine.News(ctx, v.Tx, r.Brand, v.Now.AddDate(0, 0, -30), 100)
	if err != nil {
		return bot.Card{}, err
	}
	for _, o := range news {
		if o.Rival == r.ID && len(card.Blocks) < 6 {
			card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Paragraph, Text: bot.Text{
				{Text: headline(o), URL: o.URL}, {Text: " · " + p.Ago(o.At, v.Now)}}})
		}
	}
	card.Buttons = append(card.Buttons, bot.Button{Action: "rival.stop", Label: p.T("rivals.stop")})
	return card, nil
}

// talk says how often what is followed by its name was spoken of, and where last.
func (c *Chat) talk(ctx context.Context, v bot.ViewRequest, r Rival) ([]bot.Block, error) {
	if r.Named.IsZero() {
		return nil, nil
	}
	const days, shown = 30, 3
	since := v.Now.AddDate(0, 0, -days)
	if r.Named.After(since) {
		since = r.Named
	}
	last, count, err := c.Engine.Talk(ctx, v.Tx, r.ID, since, shown)
	if err != nil {
		return nil, err
	}
	key := "rivals.talked"
	if count == 0 {
		key = "rivals.untalked"
	}
	blocks := []bot.Block{bot.P(v.Print.T(key, "Count", count, "Since", v.Print.Soon(since, v.Now)))}
	for _, o := range last {
		blocks = append(blocks, bot.Block{Kind: bot.Paragraph, Text: bot.Text{
			{Text: o.Title, URL: o.URL}, {Text: " · " + v.Print.Ago(o.At, v.Now)}}})
	}
	return blocks, nil
}

func health(p *i18n.Printer, read poll.Poll, now time.Time) string {
	switch {
	case read.Reason != "":
		return p.T("rivals.failing", "Why", read.Why(p))
	case read.Reads == 0:
		return p.T("rivals.first")
	}
	return p.T("rivals.read", "Ago", p.Ago(read.LastOK, now))
}

// newsView draws one thing that a competitor did, and what it led to.
func (c *Chat) newsView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	o, err := c.Engine.find(ctx, v.Tx, v.Brand.ID, v.Subject)
	if errors.Is(err, ErrUnknown) {
		return bot.Card{Title: bot.Say(v.Print.T("rivals.past"))}, nil
	}
	if err != nil {
		return bot.Card{}, err
	}
	source, err := c.Engine.source(ctx, v.Tx, o.Rival)
	if err != nil {
		return bot.Card{}, err
	}
	p := v.Print
	title := p.T("rivals.newsof", "Name", source.Name, "Ago", p.Ago(o.At, v.Now))
	first := bot.Button{Action: "news.idea", Label: p.T("rivals.makeidea"), Style: bot.Primary}
	if source.Relay {
		title = p.T("rivals.torelayof", "Name", credit(source.Name, o), "Ago", p.Ago(o.At, v.Now))
		first = bot.Button{Action: "news.pass", Label: p.T("rivals.pass"), Style: bot.Primary}
	}
	card := bot.Card{Title: bot.Say(title), Summary: title, Blocks: []bot.Block{
		{Kind: bot.Paragraph, Text: bot.Text{{Text: headline(o), URL: o.URL}}}}}
	if o.Text != "" && o.Text != o.Title {
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Quote, Quoted: excerpt(o.Text)})
	}
	done, err := settled.Peek(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	for _, s := range done {
		card.Blocks = append(card.Blocks, bot.P(p.T("rivals.outcome."+string(s.Outcome), "Who", nameOf(v.Space, s.By),
			"To", p.List(namesOf(v.Space, s.Told)...), "At", p.Soon(s.At, v.Now))))
	}
	if len(done) == 0 || done[0].Outcome == Told {
		card.Buttons = []bot.Button{first,
			{Action: "news.tell", Label: p.T("rivals.tell")}, {Action: "news.drop", Label: p.T("rivals.drop")}}
	}
	return card, nil
}

// shown is how many characters of somebody's text a card quotes.
const shown = 280

func excerpt(text string) string { return bot.Excerpt(text, shown) }

func nameOf(space *brand.Space, id string) string {
	if m := space.Member(id); m != nil {
		return m.Name
	}
	return id
}

func namesOf(space *brand.Space, ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = nameOf(space, id)
	}
	return names
}

// Lines are the competitors' news since a time that nobody settled, one sentence
// each: a section of the brief.
func (e *Engine) Lines(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer, most int) ([]string, error) {
	news, err := e.Fresh(ctx, tx, b.ID, since, most)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, o := range news {
		source, err := e.source(ctx, tx, o.Rival)
		if err != nil {
			return nil, err
		}
		lines = append(lines, newsLine(p, source, o))
	}
	return lines, nil
}

// newsLine is one piece of news in a line.
func newsLine(p *i18n.Printer, source Rival, o listen.Observation) string {
	key := "rivals.line"
	if source.Relay {
		key = "rivals.said"
	}
	return p.T(key, "Name", source.Name, "Title", headline(o))
}

// rhythmLine is one line of a comparison.
func rhythmLine(p *i18n.Printer, r Rhythm, ours string) string {
	name := cmp.Or(r.Name, ours)
	if r.Named {
		return p.T("rivals.nameonly", "Name", name)
	}
	if !r.Seen {
		return p.T("rivals.unread", "Name", name)
	}
	var kinds []string
	for _, k := range r.Kinds {
		kinds = append(kinds, p.T("rivals.kind."+k.Kind, "Count", k.Count))
	}
	if len(kinds) == 0 {
		return p.T("rivals.quiet", "Name", name, "Count", r.Days)
	}
	return p.T("rivals.rhythm", "Name", name, "Kinds", p.List(kinds...), "Count", r.Days)
}
