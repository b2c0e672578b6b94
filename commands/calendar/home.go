package calendar

import (
	"context"
	"slices"
	"time"

	"crieur/approvals"
	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
)

// askResume asks once more, like askStop: words alone let nothing leave. If
// nothing is paused there is nothing to ask, only what is late to say.
func (c *Chat) askResume(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	paused, err := c.Engine.Paused(ctx, r.Tx)
	if err != nil {
		return bot.Reply{}, err
	}
	if !paused {
		return c.resume(ctx, r)
	}
	card := bot.Card{
		Blocks:  []bot.Block{bot.P(r.Print.T("calendar.resumeask"))},
		Buttons: []bot.Button{{Action: "post.resume", Label: r.Print.T("calendar.resume"), Style: bot.Primary}},
		Token:   r.NewToken(r.Tx),
	}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "stop", Subject: r.Brand.ID, Brand: r.Brand.ID})
}

// Home shows the day's posts on a home page.
func (c *Chat) Home(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	start := startOfDay(r.Now.In(r.Brand.Zone))
	posts, err := c.Engine.Between(ctx, r.Tx, r.Brand.ID, start, start.AddDate(0, 0, 1))
	if err != nil {
		return bot.Glance{}, err
	}
	look := bot.Glance{Buttons: []bot.Button{bot.Ask("calendar.word", r.Print.T("calendar.see"))}}
	if said := named(r, posts); len(said) > 0 {
		look.Lines = []string{r.Print.T("calendar.today", "Posts", r.Print.Apart(said...))}
	}
	return look, nil
}

// today answers the brief with the day: what leaves, who is on duty, and what has to
// be approved by when. It is that of the click: a brief of yesterday shows no plan
// that has gone by.
func (c *Chat) today(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	period := Period{From: startOfDay(r.Now.In(r.Brand.Zone)), Days: 1}
	v := seenBy(r, period.String())
	card, err := c.planView(ctx, v)
	if err != nil {
		return bot.Reply{}, c.why(r, err, Moved{})
	}
	here, err := c.Engine.presence(ctx, r.Tx, r.Space, r.Brand, period.From, period.Until())
	if err != nil {
		return bot.Reply{}, err
	}
	lines := onDutyLines(r.Print, here, period, r.Now)
	if c.Decisions != nil {
		due, err := c.Decisions.Deadlines(ctx, r.Tx, r.Brand, period.Until(), r.Print)
		if err != nil {
			return bot.Reply{}, err
		}
		lines = append(lines, due...)
	}
	for i, line := range lines { // under the line of the day, above what is only to be used
		card.Blocks = slices.Insert(card.Blocks, 1+i, bot.P(line))
	}
	return c.named(ctx, r, card, PlanView, v.Subject)
}

// named are posts in a few words, those of one time and title together.
func named(r *bot.Request, posts []Publication) []string {
	var said []string
	for _, p := range posts {
		line := clockBeside(r.Print, p.At, r.Now, r.Brand) + " " + p.Title
		if p.Status != Cancelled && !slices.Contains(said, line) {
			said = append(said, line)
		}
	}
	return said
}

// Status says when the next post leaves, or that everything is paused.
func (c *Chat) Status(ctx context.Context, r *bot.Request) (bot.Glance, error) {
	hold, _, err := holds.Get(ctx, r.Tx, holdID)
	if err != nil {
		return bot.Glance{}, err
	}
	if hold.Active {
		return bot.Glance{Lines: []string{r.Print.T("calendar.paused", "Since", r.Print.Soon(hold.Since, r.Now))}}, nil
	}
	posts, err := c.Engine.Between(ctx, r.Tx, r.Brand.ID, r.Now, r.Now.AddDate(0, 1, 0))
	if err != nil {
		return bot.Glance{}, err
	}
	for _, p := range posts {
		if p.Status == Planned {
			return bot.Glance{Lines: []string{r.Print.T("calendar.upcoming", "Title", p.Title, "When", r.Print.Soon(p.At, r.Now))}}, nil
		}
	}
	return bot.Glance{Lines: []string{r.Print.T("calendar.noupcoming")}}, nil
}

// Alone says of the request that a view shows whether nobody is there when it
// leaves, who was asked, and what can be done about it.
func (c *Chat) Alone(ctx context.Context, v bot.ViewRequest) (bot.Glance, error) {
	r, err := c.Engine.request(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Glance{}, err
	}
	return c.alone(ctx, v, r)
}

func (c *Chat) alone(ctx context.Context, v bot.ViewRequest, r approvals.Request) (bot.Glance, error) {
	if !r.At.After(v.Now) {
		return bot.Glance{}, nil
	}
	all, err := c.Engine.Of(ctx, v.Tx, r.ID)
	if err != nil || !free(r, all) {
		return bot.Glance{}, err
	}
	here, err := c.Engine.presence(ctx, v.Tx, v.Space, v.Brand, startOfDay(r.At.In(v.Brand.Zone)), r.At)
	if err != nil || here.at(r.At) {
		return bot.Glance{}, err
	}
	p := v.Print
	line := p.T("calendar.nobody", "When", p.WhenBoth(r.At, v.Now, v.Brand.Zone))
	for _, d := range here.of(r.ID, r.At) {
		line += " " + p.T("calendar.duty."+string(d.Answer), "Who", memberName(v.Space, d.Member))
	}
	look := bot.Glance{Lines: []string{line}}
	if earlier, ok := here.before(r.At, v.Now); ok {
		look.Buttons = append(look.Buttons, advance(p, earlier, v.Brand))
	}
	look.Buttons = append(look.Buttons, planDuty(p, r.At, v.Brand))
	return look, nil
}

// planDuty asks somebody to be there at a time.
func planDuty(p *i18n.Printer, at time.Time, b *brand.Brand) bot.Button {
	return bot.Button{Action: "duty.plan", Arg: bot.TimeArg(at, b.Zone), Label: p.T("calendar.planduty")}
}

// advance brings the post forward to a time at which somebody is there.
func advance(p *i18n.Printer, to time.Time, b *brand.Brand) bot.Button {
	return bot.Button{Action: "plan.move", Arg: bot.TimeArg(to, b.Zone), Style: bot.Primary,
		Label: p.T("calendar.advance", "At", p.In(b.Zone).Clock(to))}
}

// Called says of the request that a view shows who was called to it and whether
// anybody saw that, while it still needs somebody.
func (c *Chat) Called(ctx context.Context, v bot.ViewRequest) (bot.Glance, error) {
	call, found, err := oncall.Get(ctx, v.Tx, CallOf(v.Subject))
	if err != nil || !found {
		return bot.Glance{}, err
	}
	all, err := c.Engine.Of(ctx, v.Tx, v.Subject)
	if err != nil || !slices.ContainsFunc(all, Publication.rings) {
		return bot.Glance{}, err
	}
	look := bot.Glance{Lines: []string{call.Line(v.Print, v.Space, v.Now)}}
	if call.SeenBy == "" {
		look.Buttons = []bot.Button{{Action: "post.seen", Label: v.Print.T("oncall.seen")}}
	}
	return look, nil
}

// seen notes that who clicks saw the card that they were called to.
func (c *Chat) seen(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return bot.Reply{}, c.why(r, c.Engine.Seen(ctx, r.Tx, r.Subject, r.Member.ID), Moved{})
}
