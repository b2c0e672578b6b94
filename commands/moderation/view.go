package moderation

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// view draws one message with what may be done about it, for the one who has the
// card.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	one, err := c.Engine.get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	p, e := v.Print, one.Evidence
	title := p.T("moderation.title."+string(one.Stage), "Network", e.Network)
	if one.Stage == Erased {
		return bot.Card{Title: bot.Say(title), Summary: title}, nil
	}
	quote := bot.Block{Kind: bot.Quote, Quoted: e.Text, Folded: one.Insulting}
	if one.Insulting {
		quote.Label = p.T("chat.fold")
	}
	card := bot.Card{Title: bot.Say(title), Summary: title, Tone: bot.Warning, MoreLabel: p.T("chat.more"), Blocks: []bot.Block{
		bot.P(p.T("moderation.said", "Author", cmp.Or(e.SaidBy, "?"), "Network", e.Network, "At", p.Ago(one.published(), v.Now))),
		quote,
		bot.P(found(p, one)),
		bot.P(p.T("moderation.keptby", "Who", nameOf(v.Space, one.Acts[0].By), "At", p.When(e.KeptAt, v.Now))),
		bot.P(standing(v, one)),
	}}
	if one.Stage == Hidden || one.Stage == Left {
		card.Tone = bot.Good
	}
	card.Blocks = append(card.Blocks, pictureLines(p, one)...)
	card.Blocks = append(card.Blocks, lawLines(v, one)...)
	card.Buttons = buttons(v, one, len(c.Engine.others(memberID(v))) > 0)
	card.More = []bot.Button{{Action: "moderation.proof", Label: p.T("moderation.proof")}}
	if one.Reported == nil && one.Stage != Left {
		card.More = append(card.More, bot.Button{Action: "moderation.report", Label: p.T("moderation.report")})
	}
	return card, nil
}

// found says what the words hold, and that a criticism is no offence.
func found(p *i18n.Printer, c Case) string {
	switch {
	case c.Insulting && c.Personal:
		return p.T("moderation.found.both")
	case c.Insulting:
		return p.T("moderation.found.insult")
	case c.Personal:
		return p.T("moderation.found.personal")
	}
	return p.T("moderation.found.nothing")
}

// standing says where a message stands, for what reason, and who decided.
func standing(v bot.ViewRequest, c Case) string {
	key := "moderation.stands." + string(c.Stage)
	if c.Stage == Asked && c.Rule != nil {
		key = "moderation.stands.proposed"
	}
	reason := ""
	if c.Rule != nil {
		reason = why(v.Print, *c.Rule)
	}
	last := c.last()
	return v.Print.T(key, "Network", c.Evidence.Network, "Why", reason, "Deciders", deciders(v, c),
		"Who", nameOf(v.Space, last.By), "At", v.Print.When(last.At, v.Now))
}

// deciders are who wanted it hidden.
func deciders(v bot.ViewRequest, c Case) string {
	var names []string
	for _, id := range []string{c.by(Hide), c.by(Agree)} {
		if name := nameOf(v.Space, id); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return v.Print.List(names...)
}

// pictureLines count the pictures that are kept, and name those that are not. They
// are looked at with the evidence, by who asks for it.
func pictureLines(p *i18n.Printer, c Case) (lines []bot.Block) {
	kept := 0
	var lost []string
	for _, picture := range c.Pictures {
		if picture.Digest != "" {
			kept++
		}
		if picture.Lost {
			lost = append(lost, p.Quote(bot.Clip(picture.Name, 40)))
		}
	}
	if kept > 0 {
		lines = append(lines, bot.P(p.T("moderation.pictures", "Count", kept)))
	}
	if len(lost) > 0 {
		lines = append(lines, bot.P(p.T("moderation.lost", "Names", p.List(lost...))))
	}
	return lines
}

// lawLines are about what follows in law, and about evidence that does not hold.
func lawLines(v bot.ViewRequest, c Case) (lines []bot.Block) {
	p := v.Print
	if c.ends(v.Now) {
		lines = append(lines, bot.P(p.T("moderation.delay", "Day", p.Day(c.lapses(), v.Now))))
	}
	if c.Reported != nil {
		lines = append(lines, bot.P(p.T("moderation.isreported", "Who", nameOf(v.Space, c.Reported.By), "At", p.When(c.Reported.At, v.Now))))
	}
	if c.Evidence.Seal() != c.Seal {
		lines = append(lines, bot.P(p.T("moderation.broken")))
	}
	return lines
}

// why says a reason; an article by its number and title.
func why(p *i18n.Printer, r Rule) string {
	if r.Article == nil {
		return p.T("moderation.reason." + string(r.Reason))
	}
	return p.T("moderation.reason.charter", "Number", r.Number, "Title", cmp.Or(titleOf(*r.Article, p.Lang), textOf(*r.Article, p.Lang)))
}

// buttons are what may be done; none that would be refused.
func buttons(v bot.ViewRequest, c Case, others bool) []bot.Button {
	p := v.Print
	button := func(action, key string, style bot.Style) bot.Button {
		return bot.Button{Action: action, Label: p.T(key), Style: style}
	}
	hide := button("moderation.why", "moderation.hide", bot.Primary)
	leave := button("moderation.leave", "moderation.leave", bot.Plain)
	switch {
	case c.Stage == Waiting && others:
		return []bot.Button{hide, leave, button("moderation.ask", "moderation.ask", bot.Plain)}
	case c.Stage == Waiting, c.Stage == Asked && c.Rule == nil:
		return []bot.Button{hide, leave}
	case c.Stage == Asked && c.by(Hide) == memberID(v):
		return []bot.Button{leave}
	case c.Stage == Asked:
		return []bot.Button{button("moderation.agree", "moderation.agree", bot.Primary), leave}
	case c.Stage == Hiding:
		return append(there(p, c), button("moderation.done", "moderation.ishidden", bot.Primary), leave)
	case c.Stage == Showing:
		return append(there(p, c), button("moderation.done", "moderation.isshown", bot.Primary))
	case c.Stage == Hidden:
		return []bot.Button{button("moderation.show", "moderation.show", bot.Plain)}
	}
	return nil
}

// there leads to where the message is.
func there(p *i18n.Printer, c Case) []bot.Button {
	if c.Evidence.Address == "" {
		return nil
	}
	return []bot.Button{{Label: bot.Clip(p.T("moderation.see", "Network", c.Evidence.Network), 30), URL: c.Evidence.Address}}
}

func memberID(v bot.ViewRequest) string {
	if v.Member == nil {
		return ""
	}
	return v.Member.ID
}

func nameOf(space *brand.Space, id string) string {
	if m := space.Member(id); m != nil {
		return m.Name
	}
	return id
}

// inList is how many messages a list names; the rest is counted.
const inList = 5

// listCard is what waits for moderation.
func listCard(p *i18n.Printer, all []Case, now time.Time) bot.Card {
	card := bot.Card{Title: bot.Say(p.T("moderation.wait", "Count", len(all))),
		Buttons: []bot.Button{{Action: "charter.see", Label: p.T("moderation.charter")}}}
	if len(all) == 0 {
		card.Title = bot.Say(p.T("moderation.nothing"))
		return card
	}
	lines := choices(p, all, now)
	for _, line := range lines[:min(len(lines), inList)] {
		card.Blocks = append(card.Blocks, bot.P(line.Label))
	}
	if rest := len(lines) - inList; rest > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("moderation.rest", "Count", rest)))
	}
	menu := bot.Select{Action: "moderation.open", Label: p.T("moderation.open"), Choices: lines}.Bounded(p)
	card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Menu, Select: &menu})
	return card
}

// choices are messages in a line each, without their words.
func choices(p *i18n.Printer, all []Case, now time.Time) []bot.Choice {
	lines := make([]bot.Choice, len(all))
	for i, c := range all {
		lines[i] = bot.Choice{Value: c.ID, Label: bot.Clip(strings.Join([]string{p.T("moderation.stage." + string(c.Stage)),
			cmp.Or(c.Evidence.SaidBy, "?"), c.Evidence.Network, p.Ago(c.Evidence.KeptAt, now)}, " · "), 75)}
	}
	return lines
}

// proof is the evidence as a text to hand over.
func (c *Chat) proof(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	one, err := c.Engine.get(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Reply{}, c.explain(r, one, err)
	}
	p, e := r.Print, one.Evidence
	said := p.T("moderation.proof.nodate")
	if !e.SaidAt.IsZero() {
		said = p.T("moderation.proof.said", "At", e.SaidAt.Format(time.RFC3339))
	}
	author := p.T("moderation.proof.author", "Author", cmp.Or(e.SaidBy, "?"))
	if e.SaidByID != "" {
		author += " · " + p.T("moderation.proof.id", "ID", e.SaidByID)
	}
	card := bot.Card{Title: bot.Say(p.T("moderation.proof.title", "Network", e.Network)), Blocks: []bot.Block{
		bot.P(author),
		bot.P(said + " " + p.T("moderation.proof.kept", "Who", nameOf(r.Space, one.Acts[0].By), "At", e.KeptAt.Format(time.RFC3339))),
		{Kind: bot.Quote, Quoted: e.Text},
		bot.P(p.T("moderation.proof.record")),
		{Kind: bot.Quote, Quoted: e.Record()},
		bot.P(p.T("moderation.proof.seal", "Seal", one.Seal)),
	}}
	if e.Address != "" {
		card.Blocks = slices.Insert(card.Blocks, 1, bot.Block{Kind: bot.Paragraph, Text: bot.Text{{Text: e.Address, URL: e.Address}}})
	}
	for _, picture := range one.Pictures {
		if picture.Digest != "" {
			card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Picture, File: picture.Digest, Alt: picture.Name},
				bot.P(p.T("moderation.proof.picture", "Name", picture.Name, "At", picture.KeptAt.Format(time.RFC3339), "Seal", picture.Digest)))
		}
	}
	if one.Rule != nil && one.Rule.Article != nil {
		card.Blocks = append(card.Blocks, bot.P(p.T("moderation.proof.rule", "Why", why(p, *one.Rule))),
			bot.Block{Kind: bot.Quote, Quoted: textOf(*one.Rule.Article, p.Lang)})
	}
	return bot.Reply{Card: &card}, nil
}
