package setup

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/team"
)

// view draws the card of the set-up: the step that is next, and a way back to
// those that are answered.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	known, err := c.Engine.Get(ctx, v.Tx)
	if err != nil {
		return bot.Card{}, err
	}
	found, err := seen(ctx, v.Tx)
	if err != nil {
		return bot.Card{}, err
	}
	var tried Trial
	if len(known.Listen.Words) > 0 && known.Step() == Listening {
		if tried, err = c.Engine.try(ctx, v.Tx, known.Listen); err != nil {
			return bot.Card{}, err
		}
	}
	s := screen{local(v, known), v.Space, known, found}
	card := map[Step]func() bot.Card{
		Naming: s.naming, Shaping: s.shaping, Placing: s.placing, Choosing: s.choosing,
		Listening: func() bot.Card { return s.listening(tried) }, Ready: s.ready, Done: func() bot.Card { return s.done(v) },
	}[known.Step()]()
	if by := v.Space.Member(known.By); by != nil && v.Member != nil && by.ID != v.Member.ID {
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Small, Text: bot.Say(s.p.T("setup.by", "Name", by.Name))})
	}
	card.MoreLabel, card.More = s.p.T("chat.more"), s.back()
	return card, nil
}

// local is the reader's printer in the zone of the brand that is set up, where
// they have none of their own.
func local(v bot.ViewRequest, known Progress) *i18n.Printer {
	p := *v.Print
	if zone, err := time.LoadLocation(known.Brand.Zone); err == nil && (v.Member == nil || v.Member.Zone == nil) {
		p.Zone = zone
	}
	return &p
}

// screen is what a card of the set-up is drawn from.
type screen struct {
	p     *i18n.Printer
	space *brand.Space
	known Progress
	seen  Seen
}

func (s screen) card(title string, lines ...string) bot.Card {
	card := bot.Card{Title: bot.Say(title)}
	for _, line := range lines {
		card.Blocks = append(card.Blocks, bot.P(line))
	}
	return card
}

func (s screen) main(action, label string) bot.Button {
	return bot.Button{Action: action, Label: s.p.T(label), Style: bot.Primary}
}

func (s screen) naming() bot.Card {
	card := s.card(s.p.T("setup.hello"), s.p.T("setup.nothingyet"), s.p.T("setup.leave"))
	for _, b := range s.space.Brands {
		card.Blocks = append(card.Blocks, bot.P(s.p.T("setup.isset", "Brand", b.Name)))
		if len(card.Blocks) > 6 {
			break
		}
	}
	card.Buttons = []bot.Button{s.main("setup.name", "setup.begin")}
	return card
}

// shaping offers the presets, each as who does what after whom.
func (s screen) shaping() bot.Card {
	card := s.card(s.p.T("setup.shape", "Brand", s.known.Brand.Name))
	author, manager := s.names()
	for _, preset := range Presets() {
		name := s.p.T("setup.preset." + string(preset))
		says := s.p.T("setup.flow."+string(preset), "Author", author, "Manager", manager)
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Paragraph, Text: bot.Text{{Text: name, Strong: true}, {Text: " · " + says}}})
		button := bot.Button{Action: "setup.preset", Arg: string(preset), Label: name}
		if preset == Alone {
			button.Action, button.Arg = "setup.alone", ""
		}
		card.Buttons = append(card.Buttons, button)
	}
	return card
}

// names are somebody who writes and somebody else who approves, for examples.
func (s screen) names() (author, manager string) {
	author, manager = s.p.T("setup.author"), s.p.T("setup.manager")
	for _, m := range s.space.With(brand.Author) {
		author = m.Name
		break
	}
	for _, m := range s.space.With(brand.Approver) {
		if m.Name != author {
			manager = m.Name
			break
		}
	}
	return author, manager
}

func (s screen) placing() bot.Card {
	card := s.card(s.p.T("setup.place"), s.p.T("setup.invite"))
	if len(s.seen.Channels) > 0 {
		var names []string
		for _, c := range s.seen.Channels[:min(len(s.seen.Channels), bot.MostChoices)] {
			names = append(names, label(s.p, c, s.seen))
		}
		if len(s.seen.Channels) > len(names) {
			names = append(names, "…")
		}
		card.Blocks = append(card.Blocks, bot.P(s.p.T("setup.already", "Channels", strings.Join(names, ", "))))
		card.Buttons = []bot.Button{s.main("setup.where", "setup.choose")}
	} else {
		card.Blocks = append(card.Blocks, bot.P(s.p.T("setup.nowhere")))
	}
	for _, platform := range s.seen.Silent {
		card.Blocks = append(card.Blocks, bot.P(s.p.T("setup.silent", "Where", s.p.T("people.platform."+platform))))
	}
	card.Buttons = append(card.Buttons, bot.Button{Action: "setup.look", Label: s.p.T("setup.again")})
	return card
}

func (s screen) choosing() bot.Card {
	card := s.card(s.p.T("setup.publish"), s.p.T("setup.byhand"), s.p.T("setup.itself"), s.p.T("setup.asks"), s.p.T("setup.costs"))
	card.Buttons = []bot.Button{s.main("setup.networks", "setup.pick")}
	return card
}

// listening shows what the rule would have heard in the last days.
func (s screen) listening(t Trial) bot.Card {
	p, l := s.p, s.known.Listen
	if len(l.Words) == 0 {
		card := s.card(p.T("setup.listen"), p.T("setup.listenhow"))
		card.Buttons = []bot.Button{s.main("setup.listen", "setup.say")}
		return card
	}
	card := s.card(p.T("setup.tried", "Words", p.Or(quoted(p, l.Words)...)))
	if t.Read == 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("setup.noheard")))
	} else {
		card.Blocks = append(card.Blocks, bot.P(p.T("setup.heard", "Count", t.Heard, "Read", t.Read)))
	}
	if t.Left > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("setup.left", "Count", t.Left, "Words", p.Or(quoted(p, l.Not)...))))
	}
	if t.Beside != "" {
		card.Blocks = append(card.Blocks, bot.P(p.T("setup.beside", "Count", t.Times, "Word", t.Beside)))
	}
	card.Buttons = []bot.Button{s.main("setup.fine", "setup.fine"), {Action: "setup.listen", Label: p.T("setup.otherwords")}}
	return card
}

func quoted(p *i18n.Printer, words []string) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = p.Quote(word)
	}
	return all
}

// ready sums up what was answered.
func (s screen) ready() bot.Card {
	p, b := s.p, s.known.Brand
	var names []string
	for _, account := range b.Accounts {
		names = append(names, account.Name)
	}
	card := s.card(p.T("setup.ready", "Brand", b.Name), p.T("setup.sum.week", "City", p.City(b.Zone), "Week", bot.SayWeek(p, b.Hours),
		"Holidays", p.T("setup.holidays."+cmp.Or(string(b.Holidays), "none"))),
		s.flow(), p.T("setup.sum.where", "Approvals", s.channels(b.Approvals), "Alerts", s.channels(b.Alerts)),
		p.T("setup.sum.networks", "Networks", p.List(names...)), p.T("setup.sum.listen", "Words", p.Or(quoted(p, s.known.Listen.Words)...)),
		p.T("setup.willtry", "Channels", s.channels(b.Approvals)))
	card.Buttons = []bot.Button{s.main("setup.finish", "setup.finish")}
	return card
}

// flow says who does what after whom, by name.
func (s screen) flow() string {
	who := func(ids []string) string {
		var names []string
		for _, m := range s.space.Members {
			if slices.Contains(ids, m.ID) {
				names = append(names, m.Name)
			}
		}
		return s.p.Or(names...)
	}
	return s.p.T("setup.flow."+string(s.known.Preset), "Author", who(s.known.Writers), "Manager", who(s.known.Approvers))
}

func (s screen) channels(places []board.Place) string {
	var names []string
	for _, place := range places {
		at := slices.IndexFunc(s.seen.Channels, func(c Channel) bool { return c.Place == place })
		if at >= 0 {
			names = append(names, label(s.p, s.seen.Channels[at], s.seen))
			continue
		}
		names = append(names, place.Channel)
	}
	return s.p.List(names...)
}

func (s screen) done(v bot.ViewRequest) bot.Card {
	b := s.known.Brand
	card := s.card(s.p.T("setup.done", "Brand", b.Name), s.p.T("setup.posted", "Channels", s.channels(b.Approvals)))
	if !s.known.First.IsZero() {
		card.Blocks = append(card.Blocks, bot.P(s.p.T("setup.first", "When", s.p.At(s.known.First, v.Now))))
	}
	card.Buttons = []bot.Button{{Action: "setup.another", Label: s.p.T("setup.another")}}
	return card
}

// back are the steps that are answered, to answer them otherwise.
func (s screen) back() []bot.Button {
	var all []bot.Button
	for _, one := range []struct {
		answered bool
		action   string
		label    string
	}{
		{s.known.Brand.Name != "", "setup.name", "setup.back.name"},
		{s.known.Preset != "", "setup.reshape", "setup.back.people"},
		{len(s.known.Brand.Approvals) > 0, "setup.where", "setup.back.where"},
		{len(s.known.Brand.Accounts) > 0, "setup.networks", "setup.back.networks"},
		{len(s.known.Listen.Words) > 0, "setup.listen", "setup.back.listen"},
	} {
		if one.answered {
			all = append(all, bot.Button{Action: one.action, Label: s.p.T(one.label)})
		}
	}
	return all
}

// trial is the real post of the end, in the brand's channel.
func trial(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	learnt, err := team.Get(ctx, v.Tx) // another process may draw it before it knows the brand
	if err != nil {
		return bot.Card{}, err
	}
	name := v.Subject
	for _, b := range learnt.Brands {
		if b.ID == v.Subject {
			name = b.Name
		}
	}
	return bot.Card{Title: bot.Say(v.Print.T("setup.trial", "Brand", name)), Blocks: []bot.Block{bot.P(v.Print.T("setup.trialhow"))}}, nil
}
