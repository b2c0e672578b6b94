package calendar

import (
	"cmp"
	"context"
	"slices"
	"time"

	"crieur/approvals"
	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/text/proof"
)

// planView draws a period: day by day up to a week, beyond that week by week.
func (c *Chat) planView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	period, err := parsePeriod(v.Subject, v.Brand.Zone)
	if err != nil {
		return bot.Card{}, err
	}
	shown, err := c.look(ctx, v, period)
	if err != nil {
		return bot.Card{}, err
	}
	p := v.Print.In(v.Brand.Zone) // the days are the brand's, wherever who reads them is
	card := bot.Card{Title: bot.Say(planTitle(p, v, period))}
	card.Buttons = []bot.Button{{Action: "plan.show", Label: p.T("calendar.next")}}
	switch {
	case len(shown.planned()) == 0:
		card.Blocks = emptyLines(p, v, shown)
		if card.Buttons, err = c.onward(ctx, v, shown); err != nil {
			return bot.Card{}, err
		}
	case period.Days > usualDays:
		card.Blocks = weekLines(p, v, shown)
	default:
		card.Blocks = dayLines(p, v, shown)
	}
	if c.Agenda != "" {
		card.Buttons = append(card.Buttons, bot.Button{Action: "plan.agenda", Label: p.T("calendar.agenda")})
	}
	waiting, err := c.waiting(ctx, v)
	card.Buttons = append(card.Buttons, bot.Button{Action: "post.stop", Label: p.T("calendar.stop"), Style: bot.Danger,
		Confirm: &bot.Confirm{Title: p.T("calendar.stop"), Text: counted(p, "calendar.stopcount", "calendar.stopcount.none", waiting),
			Yes: p.T("calendar.stop"), No: p.T("chat.cancel")}})
	return card, err
}

// look gathers what the picture of a period is made of.
func (c *Chat) look(ctx context.Context, v bot.ViewRequest, period Period) (Picture, error) {
	all, err := c.Engine.OnPlan(ctx, v.Tx, v.Brand.ID, period.From, period.Until())
	if err != nil {
		return Picture{}, err
	}
	past, err := c.Engine.OnPlan(ctx, v.Tx, v.Brand.ID, v.Now.AddDate(0, 0, -rhythmOver), v.Now)
	if err != nil {
		return Picture{}, err
	}
	here, err := c.Engine.presence(ctx, v.Tx, v.Space, v.Brand, period.From, period.Until())
	return picture(v.Brand, period, all, rhythmOf(past, v.Brand.Zone), v.Now).attended(here), err
}

// upcoming is what the coming days are made of.
func (c *Chat) upcoming(ctx context.Context, v bot.ViewRequest) (Picture, error) {
	return c.look(ctx, v, Period{From: startOfDay(v.Now.In(v.Brand.Zone)), Days: usualDays})
}

// waiting counts the posts that a pause would hold.
func (c *Chat) waiting(ctx context.Context, v bot.ViewRequest) (int, error) {
	all, err := c.Engine.OnPlan(ctx, v.Tx, v.Brand.ID, v.Now, v.Now.AddDate(1, 0, 0))
	return waitingOf(all), err
}

func planTitle(p *i18n.Printer, v bot.ViewRequest, period Period) string {
	title := p.T("calendar.week", "Brand", v.Brand.Name)
	switch last := period.Until().AddDate(0, 0, -1); {
	case period.Days == 1:
		title = p.T("calendar.dayplan", "Day", p.Day(period.From, v.Now), "Brand", v.Brand.Name)
	case period.Days != usualDays || !period.From.Equal(startOfDay(v.Now.In(v.Brand.Zone))):
		title = p.T("calendar.span", "From", p.Day(period.From, v.Now), "Until", p.Day(last, v.Now), "Brand", v.Brand.Name)
	}
	if account, ok := v.Brand.Account(period.Account); ok {
		title += " · " + account.Name
	}
	return title
}

// dayLines are a line for each day, and a menu of the posts.
func dayLines(p *i18n.Printer, v bot.ViewRequest, shown Picture) []bot.Block {
	var blocks []bot.Block
	for _, day := range shown.Days {
		blocks = append(blocks, bot.P(dayLine(p, v, day)))
	}
	if shown.holes() > 0 {
		blocks = append(blocks, bot.Block{Kind: bot.Small, Text: bot.Say(rhythmLine(p, shown.Rhythm))})
	}
	all := postChoices(p, v, shown)
	menu := bot.Select{Action: "plan.post", Label: p.T("calendar.choose"), Choices: all}.Bounded(p)
	if more := len(all) - len(menu.Choices); more > 0 {
		menu.Left = p.T("calendar.moreposts", "Count", more)
	}
	if len(all) > 0 {
		blocks = append(blocks, bot.Block{Kind: bot.Menu, Select: &menu})
	}
	return blocks
}

// postChoices are the posts of a period, each once.
func postChoices(p *i18n.Printer, v bot.ViewRequest, shown Picture) (all []bot.Choice) {
	for _, post := range shown.planned() {
		if taken := func(c bot.Choice) bool { return c.Value == post.Request }; !slices.ContainsFunc(all, taken) {
			all = append(all, bot.Choice{Value: post.Request, Label: bot.Clip(brief(p, v, post), 75)})
		}
	}
	return all
}

func rhythmLine(p *i18n.Printer, r Rhythm) string {
	if len(r.Usual) == 0 {
		return p.T("calendar.fromhours")
	}
	return p.T("calendar.fromposts", "Count", r.Posts, "Weeks", r.Over/7)
}

func dayLine(p *i18n.Printer, v bot.ViewRequest, day Day) string {
	name := p.Day(day.At, v.Now)
	switch {
	case len(day.Posts) > 0:
		lines := postLine(p, v, day.Posts[0])
		for _, post := range day.Posts[1:] {
			lines = p.T("calendar.then", "First", lines, "Next", postLine(p, v, post))
		}
		return p.T("calendar.day", "Day", name, "Posts", lines)
	case len(day.Hole) > 0:
		return p.T("calendar.hole", "Day", name, "Times", p.Or(clocks(p, day.Hole)...))
	case !day.Works:
		return p.T("calendar.off", "Day", name)
	}
	return p.T("calendar.nothing", "Day", name)
}

func clocks(p *i18n.Printer, times []time.Time) []string {
	all := make([]string, len(times))
	for i, at := range times {
		all[i] = p.Clock(at)
	}
	return all
}

// postLine is a post of a day: its time, networks, and what is not as usual.
func postLine(p *i18n.Printer, v bot.ViewRequest, post Post) string {
	line := clockBeside(v.Print, post.At, v.Now, v.Brand) + " " + post.Title + " (" + p.List(networks(v.Brand, post.Parts)...) + ")"
	if state := stateOf(post); state != Planned {
		line += " · "
		so := slices.DeleteFunc(slices.Clone(post.Parts), func(part Publication) bool { return part.Status != state })
		if len(so) < len(post.Parts) { // it is not that of every network
			line += p.List(networks(v.Brand, so)...) + " "
		}
		line += p.T("calendar.state." + string(state))
	}
	if post.Alone {
		line += " · " + p.T("calendar.alone")
	}
	return line
}

// clockBeside is a time of the brand's, with the reader's clock beside it if that
// is another one.
func clockBeside(p *i18n.Printer, at, now time.Time, b *brand.Brand) string {
	clock := p.In(b.Zone).Clock(at)
	if yours := p.Yours(at, now, b.Zone); yours != "" {
		clock += " (" + yours + ")"
	}
	return clock
}

// telling are the states worth a word, the most telling first.
var telling = []Status{Unknown, Failed, Late, Held, Expired, ByHand, Asked, Claimed, Sent}

// stateOf is how a post as a whole stands: as its most telling part.
func stateOf(post Post) Status {
	for _, state := range telling {
		if slices.ContainsFunc(post.Parts, func(p Publication) bool { return p.Status == state }) {
			return state
		}
	}
	return Planned
}

// networks are the names of the parts' accounts, in the brand's order.
func networks(b *brand.Brand, parts []Publication) []string {
	place := func(p Publication) int {
		return slices.IndexFunc(b.Accounts, func(a brand.Account) bool { return a.ID == p.Part.Account })
	}
	sorted := slices.SortedStableFunc(slices.Values(parts), func(x, y Publication) int { return place(x) - place(y) })
	names := make([]string, len(sorted))
	for i, part := range sorted {
		names[i] = nameOf(b, part.Part.Account)
	}
	return names
}

func nameOf(b *brand.Brand, account string) string {
	found, _ := b.Account(account)
	return cmp.Or(found.Name, account)
}

// brief is a post in a menu.
func brief(p *i18n.Printer, v bot.ViewRequest, post Post) string {
	return p.In(v.Brand.Zone).When(post.At, v.Now) + " · " + post.Title
}

// postView draws one post of the plan, with what can still be done about its
// time.
func (c *Chat) postView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	r, err := c.Engine.request(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	all, err := c.Engine.Of(ctx, v.Tx, r.ID)
	if err != nil {
		return bot.Card{}, err
	}
	wall, err := c.Engine.wall(ctx, v.Tx, r.ID)
	if err != nil {
		return bot.Card{}, err
	}
	alone, err := c.alone(ctx, v, r)
	if err != nil {
		return bot.Card{}, err
	}
	p := v.Print
	card := bot.Card{Title: bot.Say(r.Title), Blocks: aboutPost(p, v, r, wall)}
	for _, line := range alone.Lines {
		card.Blocks = append(card.Blocks, bot.P(line))
	}
	if !free(r, all) {
		card.Blocks = append(card.Blocks, bot.P(p.T("calendar.fixed", "Title", r.Title)))
		return card, nil
	}
	upcoming, err := c.upcoming(ctx, v)
	if err != nil {
		return bot.Card{}, err
	}
	card.Blocks = append(card.Blocks, menus(p, v, r, upcoming)...)
	buttons := append(alone.Buttons,
		bot.Button{Action: "plan.when", Label: p.T("calendar.choosetime")},
		bot.Button{Action: "plan.copy", Label: p.T("calendar.copy")})
	if !r.At.IsZero() {
		buttons = append(buttons, bot.Button{Action: "plan.embargo", Label: p.T("calendar.embargo")})
	}
	const row = 4
	card.Buttons, card.More, card.MoreLabel = buttons[:min(row, len(buttons))], buttons[min(row, len(buttons)):], p.T("chat.more")
	return card, nil
}

// aboutPost says when a post leaves and what binds it.
func aboutPost(p *i18n.Printer, v bot.ViewRequest, r approvals.Request, wall time.Time) []bot.Block {
	var names []string
	for _, id := range r.Accounts() {
		names = append(names, nameOf(v.Brand, id))
	}
	leaves := p.T("calendar.leavesasap", "Where", p.List(names...))
	if !r.At.IsZero() {
		leaves = p.T("calendar.leaves", "When", p.WhenBoth(r.At, v.Now, v.Brand.Zone), "Where", p.List(names...))
	}
	blocks := []bot.Block{bot.P(leaves)}
	if r.Stage == approvals.Open {
		blocks = append(blocks, bot.P(p.T("calendar.asked")))
	} else if r.Stage == approvals.Approved {
		blocks = append(blocks, bot.P(p.T("calendar.window",
			"From", p.SoonBoth(r.Window.From, v.Now, v.Brand.Zone), "Until", p.SoonBoth(r.Window.Until, v.Now, v.Brand.Zone))))
	}
	if !wall.IsZero() {
		blocks = append(blocks, bot.P(p.T("calendar.underembargo", "When", zoned(p, wall, v.Brand, v.Now))))
	}
	return blocks
}

// zoned is a time with its zone written, since an embargo is somebody else's, and
// with the reader's clock beside it if that is another one.
func zoned(p *i18n.Printer, at time.Time, b *brand.Brand, now time.Time) string {
	said := p.In(b.Zone).When(at, now) + " (" + b.Zone.String() + ")"
	if yours := p.Yours(at, now, b.Zone); yours != "" {
		said += ", " + yours
	}
	return said
}

// menus offer the free times of the coming days, and the posts to change places
// with.
func menus(p *i18n.Printer, v bot.ViewRequest, r approvals.Request, upcoming Picture) []bot.Block {
	move := bot.Select{Action: "plan.move", Label: p.T("calendar.moveto")}
	for _, day := range upcoming.Days {
		for _, at := range day.Hole {
			move.Choices = append(move.Choices, bot.Choice{Value: bot.TimeArg(at, v.Brand.Zone), Label: p.In(v.Brand.Zone).When(at, v.Now)})
		}
	}
	var blocks []bot.Block
	if len(move.Choices) > 0 {
		blocks = append(blocks, bot.Block{Kind: bot.Menu, Select: &move})
	}
	swap := bot.Select{Action: "plan.swap", Label: p.T("calendar.swapwith"), Choices: swapChoices(p, v, r.ID, upcoming)}.Bounded(p)
	if len(swap.Choices) > 0 && !r.At.IsZero() {
		blocks = append(blocks, bot.Block{Kind: bot.Menu, Select: &swap})
	}
	return blocks
}

// swapChoices are the posts that this one can change places with.
func swapChoices(p *i18n.Printer, v bot.ViewRequest, id string, upcoming Picture) (all []bot.Choice) {
	for _, post := range upcoming.planned() {
		if post.Request != id && post.movable() && post.At.After(v.Now) {
			all = append(all, bot.Choice{Value: post.Request, Label: bot.Clip(brief(p, v, post), 75)})
		}
	}
	return all
}

// became says what became of a move.
func became(p *i18n.Printer, m Moved, b *brand.Brand, now time.Time) string {
	if m.Again {
		return p.T("calendar.movedagain", "Title", m.Title, "When", p.WhenBoth(m.At, now, b.Zone))
	}
	return p.T("calendar.moved", "Title", m.Title, "When", p.WhenBoth(m.At, now, b.Zone))
}

// doubting asks once more before a move that somebody should think about.
func doubting(p *i18n.Printer, m Moved, b *brand.Brand, now time.Time) bot.Card {
	card := bot.Card{Title: bot.Say(p.T("calendar.beforemove", "Title", m.Title, "When", p.WhenBoth(m.At, now, b.Zone)))}
	card.Blocks = doubtLines(p, m, b, now)
	label := p.T("calendar.moveanyway")
	if m.Doubts.Alone {
		label = p.T("calendar.postanyway")
	}
	if !m.Doubts.Earlier.IsZero() {
		card.Buttons = append(card.Buttons, advance(p, m.Doubts.Earlier, b))
	}
	if m.Doubts.Alone {
		card.Buttons = append(card.Buttons, planDuty(p, m.At, b))
	}
	card.Buttons = append(card.Buttons, bot.Button{Action: "plan.anyway", Arg: bot.TimeArg(m.At, b.Zone), Label: label})
	return card
}

func doubtingBoth(p *i18n.Printer, moved [2]Moved, other string, b *brand.Brand, now time.Time) bot.Card {
	card := bot.Card{Title: bot.Say(p.T("calendar.beforeswap", "Title", moved[0].Title, "Other", moved[1].Title))}
	card.Blocks = append(doubtLines(p, moved[0], b, now), doubtLines(p, moved[1], b, now)...)
	card.Buttons = []bot.Button{{Action: "plan.swapanyway", Arg: other, Label: p.T("calendar.swapanyway")}}
	return card
}

func doubtLines(p *i18n.Printer, m Moved, b *brand.Brand, now time.Time) []bot.Block {
	var blocks []bot.Block
	for _, r := range m.Doubts.Readings {
		if r.Wrong != nil {
			blocks = append(blocks, bot.P(p.T("calendar.towrong", "Title", m.Title, "What", proof.Message(*r.Wrong, p.Lang))))
			continue
		}
		means := time.Date(r.Means.Year(), r.Means.Month(), r.Means.Day(), 12, 0, 0, 0, p.Zone)
		blocks = append(blocks, bot.P(p.T("calendar.toread", "Title", m.Title, "Words", r.Words, "Day", p.Day(means, now))))
	}
	if m.Doubts.Alone {
		blocks = append(blocks, bot.P(p.T("calendar.nobody", "When", p.WhenBoth(m.At, now, b.Zone))))
	}
	return blocks
}

func memberName(space *brand.Space, id string) string {
	if m := space.Member(id); m != nil {
		return cmp.Or(m.Name, id)
	}
	return id
}
