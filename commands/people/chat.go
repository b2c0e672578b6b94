package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/team"
)

// Chat is the feature's conversation. Every answer is private.
type Chat struct {
	Engine    *Engine
	Outsiders Outsiders
	// Waits say what waits for a member, feature by feature.
	Waits []Waits
}

// Register registers the words and actions of people.
func (c *Chat) Register(mux *bot.Mux) {
	mux.Word(bot.WordRoute{Key: "people.me", Role: brand.Anyone, Early: true, Handle: c.me})
	mux.Word(bot.WordRoute{Key: "people.away", Role: brand.Anyone, Early: true, Takes: true, Fits: sayDays, Handle: c.Leave})
	mux.Word(bot.WordRoute{Key: "people.return", Role: brand.Anyone, Early: true, Takes: true, Fits: sayDays, Handle: c.returned})
	mux.Word(bot.WordRoute{Key: "people.link", Role: brand.Passerby, Early: true, Takes: true, Handle: c.typed})
	for _, route := range []bot.ActionRoute{
		{Name: "people.settings", Shape: bot.Shape{Ack: bot.Open, Form: c.settingsForm}},
		{Name: "people.save", Shape: bot.Shape{Ack: bot.Wait, Handle: c.save}, Check: checkSettings},
		{Name: "people.notices", Shape: bot.Shape{Ack: bot.Open, Form: noticesForm}},
		{Name: "people.notify", Shape: bot.Shape{Ack: bot.Wait, Handle: c.notify}},
		{Name: "people.code", Shape: bot.Shape{Ack: bot.Wait, Handle: c.code}},
		{Name: "people.type", Role: brand.Passerby, Shape: bot.Shape{Ack: bot.Open, Form: codeForm}},
		{Name: "people.typed", Role: brand.Passerby, Shape: bot.Shape{Ack: bot.Wait, Handle: c.typed}},
		{Name: "people.unlink", Shape: bot.Shape{Ack: bot.Wait, Handle: c.unlink}},
		{Name: "people.leave", Shape: bot.Shape{Ack: bot.Open, Form: leaveForm}},
		{Name: "people.days", Shape: bot.Shape{Ack: bot.Wait, Handle: c.days}, Check: checkDays},
		{Name: "people.absent", Shape: bot.Shape{Ack: bot.Wait, Handle: c.absent}},
		{Name: "people.back", Shape: bot.Shape{Ack: bot.Wait, Handle: c.back}},
	} {
		route.Shape.Early = true
		mux.Action(route)
	}
	mux.Shortcut(bot.ShortcutRoute{Name: "people.leave", Key: "people.leave", Role: brand.Anyone, Instead: "people.away",
		Shape: bot.Shape{Ack: bot.Open, Form: leaveForm, Early: true}})
	c.registerSheets(mux)
}

// me shows who the person is here, and the ways to change it.
func (c *Chat) me(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.about(ctx, r, card(r), "me", r.Member.ID)
}

// about answers with a card whose buttons are about a subject.
func (c *Chat) about(ctx context.Context, r *bot.Request, card bot.Card, view, subject string) (bot.Reply, error) {
	card.Token = r.NewToken(r.Tx)
	what := board.About{View: view, Subject: subject}
	if r.Brand != nil {
		what.Brand = r.Brand.ID
	}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, what)
}

// save keeps what the form says.
func (c *Chat) save(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	var own *hours.Week
	if week, ok := bot.ReadWeek(r); ok && (r.Brand == nil || !sameWeek(week, r.Brand.Hours)) {
		own = &week
	}
	err := c.Engine.Change(ctx, r.Tx, r.Member.ID, "person.settings", func(p *team.Person) {
		p.Lang, p.Reach, p.Zone = chosen(r, "lang"), chosen(r, "reach"), r.Value(bot.ZoneID)
		if r.Brand != nil && p.Zone == r.Brand.Zone.String() {
			p.Zone = "" // as the brand's, whatever it becomes
		}
		p.Hours = own
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("people.saved")), nil
}

// notify keeps what the form about notices says.
func (c *Chat) notify(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	var brief *hours.Clock
	if at, err := hours.ParseClock(r.Value("brief")); err == nil {
		brief = &at
	}
	if err := c.Engine.Notify(ctx, r.Tx, r.Member, brief, r.Value("remind") == noReminders); err != nil {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("people.saved")), nil
}

// chosen is the choice of a menu whose first entry stands for none.
func chosen(r *bot.Request, field string) string {
	if value := r.Value(field); value != none {
		return value
	}
	return ""
}

// code shows a code to type in another application.
func (c *Chat) code(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	made, err := c.Engine.Code(ctx, r.Tx, r.Member, account(r), r.NewToken(r.Tx))
	if errors.Is(err, ErrTries) {
		return bot.Reply{}, bot.Refuse(r.Print.T("people.tries", "Wait", r.Print.Duration(tryWindow)))
	}
	if err != nil {
		return bot.Reply{}, err
	}
	p := r.Print
	return bot.Reply{Card: &bot.Card{Title: bot.Say(p.T("people.code", "Code", made)), Blocks: []bot.Block{
		bot.P(p.T("people.where", "Code", made)),
		bot.P(p.T("people.lives", "Until", p.Duration(CodeLives))),
	}}}, nil
}

// typed links the account of who typed a code, in words or in the form. A wrong
// code is an answer, not an error: the try must count.
func (c *Chat) typed(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	typed := r.Text
	if r.Kind == bot.Submit {
		typed = r.Value("code")
	}
	p := r.Print
	if typed == "" {
		ask := bot.Card{Title: bot.Say(p.T("people.ask")), Blocks: []bot.Block{bot.P(p.T("people.askhow"))},
			Buttons: []bot.Button{{Action: "people.type", Label: p.T("people.type"), Style: bot.Primary}}}
		return c.about(ctx, r, ask, "code", "")
	}
	member, err := c.Engine.Link(ctx, r.Tx, typed, account(r))
	if why := refusal(err); why != "" {
		return bot.Private(p.T(why, "Wait", p.Duration(tryWindow))), nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Private(p.T("people.linked", "Name", member.Name)), nil
}

// refusal is the key of what is wrong with a typed code; "" when it is something else.
func refusal(err error) string {
	for wrong, key := range map[error]string{ErrCode: "people.nocode", ErrTries: "people.tries",
		ErrSame: "people.same", ErrTaken: "people.taken"} {
		if errors.Is(err, wrong) {
			return key
		}
	}
	return ""
}

func (c *Chat) unlink(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	err := c.Engine.Unlink(ctx, r.Tx, r.Member, r.Arg)
	switch {
	case errors.Is(err, ErrOnly):
		return bot.Reply{}, bot.Refuse(r.Print.T("people.only"))
	case errors.Is(err, ErrFixed):
		return bot.Reply{}, bot.Refuse(r.Print.T("people.fixed", "Where", platform(r.Print, r.Arg)))
	case err != nil:
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("people.unlinked", "Where", platform(r.Print, r.Arg))), nil
}

// Leave answers words about an absence, "du 3 au 7": what was understood, to be
// confirmed. Nothing is kept before that.
func (c *Chat) Leave(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	p := r.Print
	leave, ok := ReadLeave(r.Text, r.Now.In(p.Zone))
	if !ok {
		ask := bot.Card{Title: bot.Say(p.T("people.when")), Blocks: []bot.Block{bot.P(p.T("people.whenhow"))},
			Buttons: []bot.Button{{Action: "people.leave", Label: p.T("people.leave"), Style: bot.Primary}}}
		return c.about(ctx, r, ask, "me", r.Member.ID)
	}
	return c.confirm(ctx, r, leave)
}

func (c *Chat) confirm(ctx context.Context, r *bot.Request, leave team.Leave) (bot.Reply, error) {
	p := r.Print
	asked := bot.Card{Title: bot.Say(p.T("people.confirm", "Days", sayLeave(p, leave, r.Now))),
		Blocks: []bot.Block{bot.P(p.T("people.quiet"))},
		Buttons: []bot.Button{{Action: "people.absent", Label: p.T("people.absent"), Style: bot.Primary},
			{Action: "people.leave", Label: p.T("people.otherdays")}}}
	return c.about(ctx, r, asked, "leave", dayText(leave.From)+".."+dayText(leave.To))
}

// days is the form with the days of an absence.
func (c *Chat) days(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	leave, _, wrong := formLeave(r)
	if wrong != "" {
		return bot.Reply{}, bot.Refuse(r.Print.T(wrong, "Days", sayLeave(r.Print, leave, r.Now)))
	}
	return c.keepLeave(ctx, r, leave)
}

// absent is the yes to what was understood.
func (c *Chat) absent(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	leave, err := readSubject(r.Subject)
	if err != nil {
		return bot.Reply{}, err
	}
	return c.keepLeave(ctx, r, leave)
}

func (c *Chat) keepLeave(ctx context.Context, r *bot.Request, leave team.Leave) (bot.Reply, error) {
	kept, err := c.Engine.Absent(ctx, r.Tx, r.Member, leave)
	days := sayLeave(r.Print, kept, r.Now)
	switch {
	case errors.Is(err, ErrNoted):
		return bot.Reply{}, bot.Refuse(r.Print.T("people.already", "Days", days))
	case err != nil:
		return bot.Reply{}, err
	case kept != leave:
		return bot.Private(r.Print.T("people.joined", "Days", days)), nil
	}
	return bot.Private(r.Print.T("people.kept", "Days", days)), nil
}

// sayDays says whether what follows a word about absences says which.
func sayDays(r *bot.Request, rest string) bool { return beginsWithDay(rest, r.Now.In(r.Print.Zone)) }

// returned answers that somebody is there after all: all that is noted, and the way
// to take it back. Nothing changes before that.
func (c *Chat) returned(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	p := r.Print
	var lines []bot.Block
	for _, leave := range ahead(r.Member.Away, hours.DayOf(r.Now.In(p.Zone))) {
		lines = append(lines, bot.P(p.T("people.isaway", "Days", sayLeave(p, leave, r.Now))))
	}
	if len(lines) == 0 {
		return bot.Private(p.T("people.noaway")), nil
	}
	most := min(len(lines), mostLines)
	return c.about(ctx, r, bot.Card{Title: lines[0].Text, Blocks: lines[1:most], Buttons: []bot.Button{
		{Action: "people.back", Label: p.T("people.back"), Style: bot.Primary}}}, "me", r.Member.ID)
}

// mostLines is how many absences an answer lists.
const mostLines = 7

func (c *Chat) back(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if err := c.Engine.Back(ctx, r.Tx, r.Member); err != nil {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("people.isback")), nil
}

func account(r *bot.Request) Account {
	return Account{Platform: string(r.Platform), Team: r.Team, User: r.User.ID, Name: r.User.Name}
}

func sameWeek(a, b hours.Week) bool { return slices.EqualFunc(a[:], b[:], slices.Equal[[]hours.Span]) }

func dayText(d hours.Day) string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// readSubject reads "2026-12-03..2026-12-07".
func readSubject(subject string) (team.Leave, error) {
	var from, to hours.Day
	if _, err := fmt.Sscanf(subject, "%4d-%2d-%2d..%4d-%2d-%2d",
		&from.Year, (*int)(&from.Month), &from.Day, &to.Year, (*int)(&to.Month), &to.Day); err != nil {
		return team.Leave{}, fmt.Errorf("read leave %q: %w", subject, err)
	}
	return team.Leave{From: from, To: to}, nil
}

// noon is midday of a day, where the reader is.
func noon(d hours.Day, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, zone)
}
