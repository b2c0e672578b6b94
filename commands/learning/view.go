package learning

import (
	"context"
	"slices"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/team"
)

// view draws what is in use, what is proposed with its figures, and what the
// brand's themes lack.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	p := v.Print
	shelf, _, err := shelves.Get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	title := p.T("learning.title", "Brand", v.Brand.Name)
	card := bot.Card{Title: bot.Say(title), Summary: title}
	if err := c.using(ctx, v, shelf, &card); err != nil {
		return bot.Card{}, err
	}
	if err := c.strays(ctx, v, &card); err != nil {
		return bot.Card{}, err
	}
	proposed, err := models.Peek(ctx, v.Tx, modelID(v.Subject, shelf.Proposed))
	if err != nil {
		return bot.Card{}, err
	}
	if len(proposed) == 1 {
		propose(p, proposed[0], &card)
	} else {
		card.Blocks = append(card.Blocks, bot.P(p.T("learning.next", "Count", fresh)))
	}
	if err := c.lacks(ctx, v, &card); err != nil {
		return bot.Card{}, err
	}
	if len(shelf.Past) > 0 {
		card.Buttons = append(card.Buttons, bot.Button{Action: "learning.revert", Label: p.T("learning.revert")})
	}
	return card, nil
}

// using says what reads messages now.
func (c *Chat) using(ctx context.Context, v bot.ViewRequest, shelf Shelf, card *bot.Card) error {
	p := v.Print
	open, err := c.Engine.Library.open(ctx, v.Tx, v.Subject)
	if err != nil {
		return err
	}
	used, err := models.Peek(ctx, v.Tx, modelID(v.Subject, shelf.Current()))
	switch {
	case err != nil:
		return err
	case open.broken:
		card.Tone = bot.Warning
		card.Blocks = append(card.Blocks, bot.P(p.T("learning.broken")))
	case len(used) == 0:
		card.Blocks = append(card.Blocks, bot.P(p.T("learning.shipped")))
	case used[0].Brought:
		card.Blocks = append(card.Blocks, bot.P(p.T("learning.inuse.brought", "Ago", p.Ago(used[0].At, v.Now))))
	default:
		card.Blocks = append(card.Blocks, bot.P(p.T("learning.inuse", "Count", used[0].Labels, "Ago", p.Ago(used[0].At, v.Now))))
	}
	return nil
}

// strays says what a rule could leave out.
func (c *Chat) strays(ctx context.Context, v bot.ViewRequest, card *bot.Card) error {
	found, err := c.Engine.stray(ctx, v.Tx, v.Brand)
	if err == nil && len(found.Words) > 0 {
		card.Blocks = append(card.Blocks, bot.P(v.Print.T("learning.stray", "Count", found.Count, "Words", v.Print.List(found.Words...), "Rule", except(found.Words))))
	}
	return err
}

// What can be taken back, before its ID in a choice of the menu.
const (
	added    = "added"
	declined = "declined"
)

// mostReopened is how much of what was declined the menu offers, the newest.
const mostReopened = 5

// lacks asks about what recurs and no theme covers, and offers to take back what
// was decided before.
func (c *Chat) lacks(ctx context.Context, v bot.ViewRequest, card *bot.Card) error {
	f, _, err := findings.Get(ctx, v.Tx, v.Brand.ID)
	if err != nil {
		return err
	}
	p := v.Print
	for _, w := range f.Waiting {
		card.Blocks = append(card.Blocks, bot.P(p.T("learning.recurs", "Words", w.Words, "Count", w.People)))
		said, err := c.Engine.Heard.Again(ctx, v.Tx, w.Quoted...)
		if err != nil {
			return err
		}
		for _, s := range said {
			card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Quote, Quoted: s.Text})
		}
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Row, Buttons: []bot.Button{
			{Action: "learning.create", Arg: w.ID(), Label: p.T("learning.create")},
			{Action: "learning.extend", Arg: w.ID(), Label: p.T("learning.extend")},
			{Action: "learning.decline", Arg: w.ID(), Label: p.T("learning.decline")},
		}})
	}
	menu, err := c.takeBack(ctx, v, f)
	if err == nil && len(menu.Choices) > 0 {
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Menu, Select: &menu})
	}
	return err
}

// takeBack is what can be taken back, the newest first: what was added to themes,
// then what was declined.
func (c *Chat) takeBack(ctx context.Context, v bot.ViewRequest, f Findings) (bot.Select, error) {
	p := v.Print
	menu := bot.Select{Action: "learning.undo", Label: p.T("learning.undo")}
	overlay, err := team.Get(ctx, v.Tx)
	if err != nil {
		return menu, err
	}
	offer := func(kind, id, label string) {
		menu.Choices = append(menu.Choices, bot.Choice{Value: kind + ":" + id, Label: bot.Clip(label, 75)})
	}
	for _, t := range slices.Backward(overlay.ThemesOf(v.Brand.ID)) {
		if name := t.Names[p.Lang]; name != "" {
			offer(added, t.ID, p.T("learning.undo.theme", "Theme", name))
		} else {
			offer(added, t.ID, p.T("learning.undo.words", "Theme", c.Engine.Themes.ThemeName(v.Brand, t.ID, p.Lang), "Words", p.List(t.Words...)))
		}
	}
	for _, m := range slices.Backward(f.Declined[max(0, len(f.Declined)-mostReopened):]) {
		offer(declined, m.ID(), p.T("learning.undo.declined", "Words", m.Words))
	}
	return menu, nil
}

// propose adds what the proposal would change, on labels that neither saw.
func propose(p *i18n.Printer, m Model, card *bot.Card) {
	say := func(key string, args ...any) { card.Blocks = append(card.Blocks, bot.P(p.T(key, args...))) }
	if m.Brought {
		say("learning.brought")
	} else {
		say("learning.proposed", "Count", m.Labels)
	}
	switch {
	case m.After.Empty():
		say("learning.unmeasured")
	case m.Brought:
		say("learning.flattered")
	}
	if f, before := m.After, m.Before; f.Judged > 0 {
		say("learning.tone", "After", f.Right, "Count", f.Judged, "Before", before.Right)
		say("learning.alarms", "After", f.False, "Before", before.False, "Missed", f.Missed, "MissedBefore", before.Missed)
	}
	if m.After.Themed > 0 {
		say("learning.themes", "After", m.After.Found, "Count", m.After.Themed, "Before", m.Before.Found)
	}
	adopt := bot.Button{Action: "learning.adopt", Label: p.T("learning.adopt")}
	keep := bot.Button{Action: "learning.keep", Label: p.T("learning.keep")}
	if m.After.Worse(m.Before) {
		card.Tone, keep.Style = bot.Warning, bot.Primary
		say("learning.worse")
		card.Buttons = []bot.Button{keep, adopt}
	} else {
		adopt.Style = bot.Primary
		card.Buttons = []bot.Button{adopt, keep}
	}
	say("learning.wait")
}

// Section says in the brief that a brand's model cannot be read, and, once, what
// recurs and no theme covers.
func (e *Engine) Section(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
	lines, err := e.Broken(ctx, tx, b, since, p)
	if err != nil {
		return nil, err
	}
	kept, err := findings.Peek(ctx, tx, b.ID)
	if err != nil || len(kept) == 0 {
		return lines, err
	}
	var fresh []string
	for _, w := range kept[0].Waiting {
		if w.Since.After(since) {
			fresh = append(fresh, p.T("learning.recurs.brief", "Words", w.Words, "Count", w.People))
		}
	}
	if len(fresh) > 0 {
		lines = append(lines, p.T("learning.recurs.lines", "Words", p.List(fresh...)))
	}
	return lines, nil
}

// Broken says that a brand's model cannot be read: a line of the brief.
func (e *Engine) Broken(ctx context.Context, tx *state.Tx, b *brand.Brand, _ time.Time, p *i18n.Printer) ([]string, error) {
	open, err := e.Library.open(ctx, tx, b.ID)
	if err != nil || !open.broken {
		return nil, err
	}
	return []string{p.T("learning.broken")}, nil
}
