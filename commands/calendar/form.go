package calendar

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"crieur/approvals"
	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// whenForm asks for another time of a post.
func (c *Chat) whenForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	request, err := c.Engine.request(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Form{}, c.why(r, err, Moved{})
	}
	form := timeForm(r, "plan.moveto", r.Print.T("calendar.moveform"), r.Print.T("calendar.move"))
	if !request.At.IsZero() {
		at := request.At.In(r.Brand.Zone)
		form.Fields[0].Value = []string{at.Format("2006-01-02")}
		form.Fields[1].Value = []string{at.Format("15:04")}
	}
	return form, nil
}

// embargoForm asks until when nothing of a post may be public; no day takes the
// embargo away.
func (c *Chat) embargoForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	wall, err := c.Engine.wall(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Form{}, err
	}
	form := timeForm(r, "plan.embargoset", r.Print.T("calendar.embargoform"), r.Print.T("calendar.embargosave"))
	form.Intro = r.Print.T("calendar.embargointro")
	for i := range form.Fields {
		form.Fields[i].Optional = true
	}
	if !wall.IsZero() {
		at := wall.In(r.Brand.Zone)
		form.Fields[0].Value = []string{at.Format("2006-01-02")}
		form.Fields[1].Value = []string{at.Format("15:04")}
	}
	return form, nil
}

func timeForm(r *bot.Request, action, title, submit string) bot.Form {
	p := r.Print
	return bot.Form{
		Action: action, Token: r.Token, Title: title, Submit: submit, Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{
			{ID: "day", Kind: bot.Date, Label: p.T("calendar.dayfield")},
			{ID: "clock", Kind: bot.Clock, Label: p.T("calendar.clockfield"), Hint: bot.ZoneHint(p, r.Brand.Zone, r.Now)},
		},
	}
}

// checkWhen finds what is wrong with a day and a time.
func (c *Chat) checkWhen(_ context.Context, r *bot.Request) (map[string]string, error) {
	if r.Value("day") == "" {
		if r.Action == "plan.embargoset" {
			return nil, nil
		}
		return map[string]string{"day": r.Print.T("calendar.badtime")}, nil
	}
	if _, err := hours.ParseClock(r.Value("clock")); err != nil {
		return map[string]string{"clock": r.Print.T("calendar.badtime")}, nil
	}
	at, err := said(r)
	if err != nil {
		return map[string]string{"day": r.Print.T("calendar.badtime")}, nil
	}
	if !at.After(r.Now) {
		return map[string]string{"clock": r.Print.T("calendar.past")}, nil
	}
	return nil, nil
}

// dutyForm asks who is there, and for how long. It offers only those who can be.
func (c *Chat) dutyForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	post, err := c.dutyPost(ctx, r)
	if err != nil {
		return bot.Form{}, c.why(r, err, Moved{})
	}
	at, err := said(r)
	if err != nil {
		return bot.Form{}, bot.Refuse(r.Print.T("chat.gone"))
	}
	if !at.After(r.Now) { // the button of an older card
		return bot.Form{}, bot.Refuse(r.Print.T("calendar.past"))
	}
	p, who := r.Print, bot.Field{ID: "member", Kind: bot.Pick, Label: r.Print.T("calendar.dutywho")}
	var others []string
	for _, m := range r.Space.With(brand.Responder) {
		if asked(r).able(m, at, r.Now) {
			who.Choices = append(who.Choices, bot.Choice{Value: m.ID, Label: bot.Clip(m.Name, 75)})
		} else {
			others = append(others, m.Name)
		}
	}
	if len(who.Choices) == 0 {
		return bot.Form{}, bot.Refuse(p.T("calendar.dutynobody"))
	}
	long := bot.Field{ID: "long", Kind: bot.Pick, Label: p.T("calendar.dutylong"), Value: []string{minutes(lengths[1])}}
	for _, one := range lengths {
		long.Choices = append(long.Choices, bot.Choice{Value: minutes(one), Label: p.Duration(one)})
	}
	intro := p.T("calendar.dutyintro", "Title", post.Title, "When", p.WhenBoth(at, r.Now, r.Brand.Zone))
	if len(others) > 0 {
		intro += " " + p.T("calendar.dutyothers", "Who", p.List(others...))
	}
	if short(r.Now, at) {
		intro += " " + p.T("calendar.dutyshort", "Days", notice)
	}
	return bot.Form{Action: "duty.ask", Arg: r.Arg, Token: r.Token, Title: p.T("calendar.planduty"), Intro: intro,
		Submit: p.T("calendar.dutyask"), Cancel: p.T("chat.cancel"), Fields: []bot.Field{who.Bounded(p), long}}, nil
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d / time.Minute)) }

// dutyPost is the post for which somebody is asked: that of the card, or the one
// that the duty on the card is about.
func (c *Chat) dutyPost(ctx context.Context, r *bot.Request) (approvals.Request, error) {
	subject := r.Subject
	if r.View == DutyView {
		subject, _, _ = strings.Cut(subject, "/")
	}
	return c.Engine.request(ctx, r.Tx, subject)
}

// askDuty asks the person chosen, where they get their messages; the card hangs
// with who asks too, and shows the answer. It rings nobody outside their hours.
func (c *Chat) askDuty(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	post, err := c.dutyPost(ctx, r)
	if err != nil {
		return bot.Reply{}, c.why(r, err, Moved{})
	}
	at, err := said(r)
	if err != nil {
		return bot.Reply{}, bot.Refuse(r.Print.T("chat.gone"))
	}
	long, _ := strconv.Atoi(r.Value("long")) // what is no number is no length: refused
	d, err := c.Engine.PlanDuty(ctx, r.Tx, asked(r), post.ID, at, r.Value("member"), time.Duration(long)*time.Minute)
	if err != nil {
		return bot.Reply{}, c.whyDuty(r, err, d)
	}
	m := r.Space.Member(d.Member)
	hangs := []board.Hang{r.Aside()}
	if m.ID != r.Member.ID && d.Answer == Pending {
		for _, place := range m.Direct() {
			hangs = append(hangs, board.Hang{Place: place, Member: m.ID, Lang: r.Brand.LangOf(m), Class: outbox.Digest, Notifies: true})
		}
	}
	if err := c.showDuty(ctx, r.Tx, d, r.NewToken, hangs); err != nil {
		return bot.Reply{}, err
	}
	if d.Answer == Agreed {
		return bot.Private(r.Print.T("calendar.dutystands", "Who", m.Name, "Until", r.Print.ClockBoth(d.Until, r.Now, r.Brand.Zone))), nil
	}
	if reads, ok := r.Brand.At(m).Next(r.Now); ok && reads.After(r.Now) {
		return bot.Private(r.Print.T("calendar.dutylater", "Who", m.Name, "When", r.Print.Soon(reads, r.Now))), nil
	}
	return bot.Private(r.Print.T("calendar.dutyasked", "Who", m.Name)), nil
}

// showDuty hangs a duty's card where it does not hang yet.
func (c *Chat) showDuty(ctx context.Context, tx *state.Tx, d Duty, newToken func(*state.Tx) string, hangs []board.Hang) error {
	card, _, err := board.Get(ctx, tx, board.ID(DutyView, d.ID))
	if err != nil {
		return err
	}
	var fresh []board.Hang
	for _, hang := range hangs {
		if !slices.ContainsFunc(card.Copies, func(copied board.Copy) bool { return copied.Place == hang.Place }) {
			fresh = append(fresh, hang)
		}
	}
	_, err = board.Show(ctx, tx, board.Card{View: DutyView, Subject: d.ID, Brand: d.Brand}, newToken, fresh...)
	return err
}

// sayDuty is a button of the card: only who was asked has it.
func (c *Chat) sayDuty(answer Answer) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		d, err := c.Engine.SayDuty(ctx, r.Tx, asked(r), r.Subject, answer)
		return bot.Reply{}, c.whyDuty(r, err, d)
	}
}

// whyDuty says to the person why nobody was asked, or nothing answered.
func (c *Chat) whyDuty(r *bot.Request, err error, d Duty) error {
	switch {
	case errors.Is(err, ErrNo):
		return bot.Refuse(r.Print.T("calendar.dutyno", "Who", memberName(r.Space, d.Member)))
	case errors.Is(err, ErrAway) && d.ID != "":
		return bot.Refuse(r.Print.T("calendar.dutyleave"))
	case errors.Is(err, ErrAway):
		return bot.Refuse(r.Print.T("calendar.dutyaway"))
	case errors.Is(err, ErrPast) && d.ID != "":
		return bot.Refuse(r.Print.T("calendar.dutypast"))
	case errors.Is(err, ErrNotYours) && d.ID != "":
		return bot.Refuse(r.Print.T("calendar.dutynotyours", "Who", memberName(r.Space, d.Member)))
	}
	return c.why(r, err, Moved{})
}

// dutyView draws a duty: the question, or what was answered.
func (c *Chat) dutyView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	found, err := duties.Peek(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	p := v.Print
	if len(found) == 0 {
		return bot.Card{Title: bot.Say(p.T("chat.gone"))}, nil
	}
	d := found[0]
	title := p.T("calendar.duty", "When", p.WhenBoth(d.From, v.Now, v.Brand.Zone),
		"Until", p.ClockBoth(d.Until, v.Now, v.Brand.Zone))
	card := bot.Card{Title: bot.Say(title), Summary: title, Blocks: []bot.Block{
		bot.P(p.T("calendar.dutyfor", "Who", memberName(v.Space, d.By), "Member", memberName(v.Space, d.Member), "Title", d.Title)),
		bot.P(p.T("calendar.dutysaid."+string(d.Answer), "Who", memberName(v.Space, d.Member)))}}
	if open := d.Answer == Pending || d.Answer == Agreed; open && d.By != d.Member && short(d.Asked, d.From) {
		card.Blocks = append(card.Blocks, bot.P(p.T("calendar.dutyshort", "Days", notice)))
	}
	yes := bot.Button{Action: "duty.yes", Label: p.T("calendar.dutyyes"), Style: bot.Primary}
	switch theirs := v.Member != nil && v.Member.ID == d.Member; {
	case !v.Now.Before(d.Until) || d.Answer == Lapsed:
	case theirs && d.Answer == Pending:
		card.Buttons = []bot.Button{yes, {Action: "duty.no", Label: p.T("calendar.dutycannot")}}
	case theirs && d.Answer == Agreed:
		card.Buttons = []bot.Button{{Action: "duty.no", Label: p.T("calendar.dutyback")}}
	case theirs:
		card.Buttons = []bot.Button{yes}
	case d.Answer == Refused:
		card.Buttons = []bot.Button{planDuty(p, d.From, v.Brand)}
	}
	return card, nil
}

// statementView draws a statement: a member's own, or the team's.
func (c *Chat) statementView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	b, month, err := statementOf(v.Space, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	all, err := c.Engine.Statements(ctx, v.Tx, v.Space, b, month)
	if err != nil {
		return bot.Card{}, err
	}
	p, name := v.Print, v.Print.In(b.Zone).Month(month) // it is the brand's, wherever its reader is
	title := p.T("calendar.statements", "Month", name)
	var lines []string
	if member := strings.SplitN(v.Subject, "/", 3)[2:]; len(member) == 1 {
		title = p.T("calendar.statement", "Month", name, "Who", memberName(v.Space, member[0]))
		for _, s := range all {
			if s.Member == member[0] {
				lines = ownLines(p, s, v.Now)
			}
		}
	} else {
		lines = teamLines(p, v.Space, all)
	}
	card := bot.Card{Title: bot.Say(title), Summary: title}
	for _, line := range lines {
		card.Blocks = append(card.Blocks, bot.P(line))
	}
	card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Small, Text: bot.Say(p.T("calendar.statedhow"))})
	return card, nil
}
