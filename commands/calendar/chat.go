package calendar

import (
	"context"
	"errors"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// Chat is the feature's conversation.
type Chat struct {
	Engine *Engine
	// Agenda is the public address of the calendar files; empty: there are none.
	Agenda string
	// Decisions says what the day still needs an approval for; nil leaves it out.
	Decisions Decisions
}

// Decisions says what has to be approved before a time, and by when: a line for
// each post, ready to read.
type Decisions interface {
	Deadlines(ctx context.Context, tx *state.Tx, b *brand.Brand, until time.Time, p *i18n.Printer) ([]string, error)
}

// act wraps a decision about the publication that the button names.
func (c *Chat) act(decide func(context.Context, *state.Tx, string, string) (Publication, error)) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		p, err := decide(ctx, r.Tx, r.Arg, r.Member.ID)
		return bot.Reply{}, c.explain(r, p, err)
	}
}

func (c *Chat) explain(r *bot.Request, p Publication, err error) error {
	switch {
	case errors.Is(err, ErrUnknown):
		return bot.Refuse(r.Print.T("chat.gone"))
	case errors.Is(err, ErrNotNow) && p.Status == Cancelled && p.By != "":
		return bot.Refuse(r.Print.T("calendar.cancelledby", "Who", memberName(r.Space, p.By)))
	case errors.Is(err, ErrNotNow):
		return bot.Refuse(r.Print.T("calendar.notnow."+string(p.Status), "At", r.Print.Soon(p.SentAt, r.Now)))
	case errors.Is(err, ErrWindow):
		return bot.Refuse(r.Print.T("calendar.closed"))
	case errors.Is(err, ErrLink):
		return bot.Refuse(r.Print.T("calendar.badlink", "Account", c.accountName(r, p)))
	}
	return err
}

func (c *Chat) accountName(r *bot.Request, p Publication) string {
	account, _ := r.Brand.Account(p.Part.Account)
	return account.Name
}

func waitingOf(all []Publication) int {
	n := 0
	for _, p := range all {
		if p.Status == Planned {
			n++
		}
	}
	return n
}

// steps answers with what to do by hand: the text to copy and the steps.
func (c *Chat) steps(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	p, err := c.Engine.get(ctx, r.Tx, r.Arg)
	if err != nil {
		return bot.Reply{}, c.explain(r, p, err)
	}
	card := bot.Card{Title: bot.Say(r.Print.T("calendar.byhand", "Account", c.accountName(r, p), "Title", p.Title))}
	for _, step := range c.Engine.Hand.Steps(c.Engine.shows(p)) {
		card.Blocks = append(card.Blocks, bot.P(r.Print.T(step)))
	}
	for _, post := range p.Part.Posts {
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Quote, Quoted: post})
	}
	for _, m := range p.Part.Media { // the description is copied with it
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Picture, File: m.Digest, Alt: m.Alt},
			bot.P(r.Print.T("calendar.alt")), bot.Block{Kind: bot.Quote, Quoted: m.Alt})
	}
	return bot.Reply{Card: &card}, nil
}

func (c *Chat) doneForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	p, err := c.Engine.get(ctx, r.Tx, r.Arg)
	if err != nil {
		return bot.Form{}, c.explain(r, p, err)
	}
	return bot.Form{
		Action: "post.donelink", Arg: r.Arg, Token: r.Token, Title: r.Print.T("calendar.doneform"),
		Submit: r.Print.T("calendar.donesend"), Cancel: r.Print.T("chat.cancel"),
		Fields: []bot.Field{{ID: "link", Kind: bot.Line, Label: r.Print.T("calendar.link", "Account", c.accountName(r, p)), Max: 500}},
	}, nil
}

func (c *Chat) checkLink(ctx context.Context, r *bot.Request) (map[string]string, error) {
	p, err := c.Engine.get(ctx, r.Tx, r.Arg)
	if err != nil {
		return nil, c.explain(r, p, err)
	}
	if c.Engine.Hand.CheckLink(c.Engine.shows(p), r.Value("link")) != nil {
		return map[string]string{"link": r.Print.T("calendar.badlink", "Account", c.accountName(r, p))}, nil
	}
	return nil, nil
}

func (c *Chat) done(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	p, err := c.Engine.Done(ctx, r.Tx, r.Arg, r.Member.ID, r.Value("link"))
	return bot.Reply{}, c.explain(r, p, err)
}

// askStop asks once more, counting the posts: words alone stop nothing. Where all is
// paused already, it says so.
func (c *Chat) askStop(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	all, err := c.Engine.Between(ctx, r.Tx, r.Brand.ID, r.Now, r.Now.AddDate(1, 0, 0))
	if err != nil {
		return bot.Reply{}, err
	}
	since, err := c.Engine.PausedSince(ctx, r.Tx)
	if err != nil {
		return bot.Reply{}, err
	}
	if !since.IsZero() {
		return bot.Private(counted(r.Print, "calendar.stopped", "calendar.stopped.none", waitingOf(all), "At", r.Print.Soon(since, r.Now))), nil
	}
	card := bot.Card{
		Blocks:  []bot.Block{bot.P(counted(r.Print, "calendar.stopcount", "calendar.stopcount.none", waitingOf(all)))},
		Buttons: []bot.Button{{Action: "post.stop", Label: r.Print.T("calendar.stop"), Style: bot.Danger}},
		Token:   r.NewToken(r.Tx),
	}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "stop", Subject: r.Brand.ID, Brand: r.Brand.ID})
}

func (c *Chat) stop(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	waiting, hold, err := c.Engine.Stop(ctx, r.Tx, r.Member.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Private(counted(r.Print, "calendar.stopped", "calendar.stopped.none", waiting, "At", r.Print.Soon(hold.Since, r.Now))), nil
}

// counted says how many posts there are; of none there is a sentence of its own.
func counted(p *i18n.Printer, key, none string, posts int, args ...any) string {
	if posts == 0 {
		key = none
	}
	return p.T(key, append(args, "Count", posts)...)
}

func (c *Chat) resume(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	paused, err := c.Engine.Paused(ctx, r.Tx)
	if err != nil {
		return bot.Reply{}, err
	}
	late, err := c.Engine.Resume(ctx, r.Tx, r.Member.ID)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case len(late) == 0 && !paused:
		return bot.Private(r.Print.T("calendar.notpaused")), nil
	case len(late) == 0:
		return bot.Private(r.Print.T("calendar.resumed")), nil
	}
	card := bot.Card{Title: bot.Say(r.Print.T("calendar.late", "Count", len(late))), Token: r.NewToken(r.Tx)}
	first := late[0]
	card.Blocks = []bot.Block{
		bot.P(first.Title + " · " + c.accountName(r, first) + " · " + r.Print.When(first.At, r.Now)),
		bot.P(r.Print.T("calendar.lateothers")),
	}
	card.Buttons = []bot.Button{
		{Action: "post.now", Arg: first.ID, Label: r.Print.T("calendar.now"), Style: bot.Primary},
		{Action: "post.cancel", Arg: first.ID, Label: r.Print.T("calendar.drop")},
	}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token,
		board.About{View: "late", Subject: first.ID, Brand: first.Brand})
}

// asked is the person and brand of a request.
func asked(r *bot.Request) Asker { return Asker{Space: r.Space, Brand: r.Brand, Member: r.Member} }

// plan answers /plan with the picture of the period that was said.
func (c *Chat) plan(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	period, err := ReadPeriod(r.Text, r.Brand, r.Now)
	if err != nil {
		return bot.Reply{}, bot.Refuse(r.Print.T("calendar.unknownperiod", "Text", r.Text))
	}
	return c.shown(ctx, r, PlanView, period.String(), c.planView)
}

// another shows the period that a button or a menu names.
func (c *Chat) another(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	current, err := parsePeriod(r.Subject, r.Brand.Zone)
	if err != nil {
		return bot.Reply{}, bot.Refuse(r.Print.T("chat.gone"))
	}
	period := current.next()
	if day, err := bot.ArgTime(r.Arg, r.Brand.Zone); err == nil {
		period = Period{From: startOfDay(day), Days: 1, Account: current.Account}
	}
	if chosen := r.Value("choice"); chosen != "" {
		if period, err = parsePeriod(chosen, r.Brand.Zone); err != nil {
			return bot.Reply{}, bot.Refuse(r.Print.T("chat.gone"))
		}
	}
	return c.shown(ctx, r, PlanView, period.String(), c.planView)
}

// post shows one post of the plan.
func (c *Chat) post(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.shown(ctx, r, PostView, r.Value("choice"), c.postView)
}

// shown answers with a view of a subject.
func (c *Chat) shown(ctx context.Context, r *bot.Request, name, subject string, view bot.View) (bot.Reply, error) {
	card, err := view(ctx, seenBy(r, subject))
	if err != nil {
		return bot.Reply{}, c.why(r, err, Moved{})
	}
	return c.named(ctx, r, card, name, subject)
}

// seenBy is a subject as who asks sees it.
func seenBy(r *bot.Request, subject string) bot.ViewRequest {
	return bot.ViewRequest{Space: r.Space, Brand: r.Brand, Subject: subject, Member: r.Member, Print: r.Print, Now: r.Now, Tx: r.Tx}
}

// posts lists the posts of the card's period.
func (c *Chat) posts(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	period, err := parsePeriod(r.Subject, r.Brand.Zone)
	if err != nil {
		return nil, err
	}
	v := seenBy(r, r.Subject)
	shown, err := c.look(ctx, v, period)
	return postChoices(r.Print, v, shown), err
}

// swaps lists what the card's post can change places with.
func (c *Chat) swaps(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	v := seenBy(r, r.Subject)
	upcoming, err := c.upcoming(ctx, v)
	return swapChoices(r.Print, v, r.Subject, upcoming), err
}

func (c *Chat) named(ctx context.Context, r *bot.Request, card bot.Card, view, subject string) (bot.Reply, error) {
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: view, Subject: subject, Brand: r.Brand.ID})
}

// move moves the post of the card to the time of a button, a menu or a form.
func (c *Chat) move(anyway bool) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		at, err := said(r)
		if err != nil {
			return bot.Reply{}, bot.Refuse(r.Print.T("calendar.badtime"))
		}
		moved, err := c.Engine.Move(ctx, r.Tx, asked(r), r.Subject, at, anyway)
		if err != nil {
			return bot.Reply{}, c.why(r, err, moved)
		}
		if !moved.Doubts.None() {
			return c.named(ctx, r, doubting(r.Print, moved, r.Brand, r.Now), PostView, r.Subject)
		}
		return bot.Private(became(r.Print, moved, r.Brand, r.Now)), nil
	}
}

// said is the time that was chosen, in the brand's zone.
func said(r *bot.Request) (time.Time, error) {
	if day := r.Value("day"); day != "" {
		date, err := time.ParseInLocation(time.DateOnly, day, r.Brand.Zone)
		if err != nil {
			return time.Time{}, err
		}
		clock, err := hours.ParseClock(r.Value("clock"))
		return clock.On(date), err
	}
	text := r.Arg
	if text == "" {
		text = r.Value("choice")
	}
	return bot.ArgTime(text, r.Brand.Zone)
}

// swap exchanges the times of the card's post and of the one chosen.
func (c *Chat) swap(anyway bool) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		other := r.Arg
		if other == "" {
			other = r.Value("choice")
		}
		moved, err := c.Engine.Swap(ctx, r.Tx, asked(r), r.Subject, other, anyway)
		if err != nil {
			return bot.Reply{}, c.why(r, err, moved[1])
		}
		if !moved[0].Doubts.None() || !moved[1].Doubts.None() {
			return c.named(ctx, r, doubtingBoth(r.Print, moved, other, r.Brand, r.Now), PostView, r.Subject)
		}
		return bot.Reply{Card: &bot.Card{Blocks: []bot.Block{
			bot.P(became(r.Print, moved[0], r.Brand, r.Now)), bot.P(became(r.Print, moved[1], r.Brand, r.Now))}}}, nil
	}
}

// copy hangs a new private draft of the same words with whoever asked.
func (c *Chat) copy(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	card, err := c.Engine.Copy(ctx, r.Tx, asked(r), r.Subject)
	if err != nil {
		return bot.Reply{}, c.why(r, err, Moved{})
	}
	_, err = board.Show(ctx, r.Tx, card, r.NewToken, r.Aside())
	return bot.Private(r.Print.T("calendar.copied")), err
}

func (c *Chat) embargo(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	var until time.Time
	if r.Value("day") != "" {
		var err error
		if until, err = said(r); err != nil {
			return bot.Reply{}, bot.Refuse(r.Print.T("calendar.badtime"))
		}
	}
	if err := c.Engine.SetEmbargo(ctx, r.Tx, asked(r), r.Subject, until); err != nil {
		if errors.Is(err, ErrEmbargo) {
			return bot.Reply{}, bot.Refuse(r.Print.T("calendar.embargolate"))
		}
		return bot.Reply{}, c.why(r, err, Moved{})
	}
	if until.IsZero() {
		return bot.Private(r.Print.T("calendar.embargooff")), nil
	}
	return bot.Private(r.Print.T("calendar.embargoset", "When", zoned(r.Print, until, r.Brand, r.Now))), nil
}

// why says to the person what keeps the plan as it is.
func (c *Chat) why(r *bot.Request, err error, m Moved) error {
	if errors.Is(err, ErrNotYours) {
		return bot.Deny(r, "calendar.notyours", brand.Approver)
	}
	for known, key := range map[error]string{
		ErrUnknown: "chat.gone", ErrPeriod: "chat.gone", ErrPast: "calendar.past",
		ErrNotNow: "calendar.fixed", ErrEmbargo: "calendar.walled", ErrNoTime: "calendar.notime",
	} {
		if errors.Is(err, known) {
			return bot.Refuse(r.Print.T(key, "Title", m.Title))
		}
	}
	return err
}

// agenda says what a calendar file is, and whether one is open.
func (c *Chat) agenda(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if c.Agenda == "" { // the button of an older card
		return bot.Reply{}, bot.Refuse(r.Print.T("chat.gone"))
	}
	kept, found, err := agendaOf.Get(ctx, r.Tx, asked(r).agenda())
	if err != nil {
		return bot.Reply{}, err
	}
	p := r.Print
	card := bot.Card{Title: bot.Say(p.T("calendar.agenda")), Blocks: []bot.Block{bot.P(p.T("calendar.agendawhat", "Brand", r.Brand.Name))}}
	open := bot.Button{Action: "plan.agendanew", Label: p.T("calendar.agendanew"), Style: bot.Primary}
	if found {
		card.Blocks = append(card.Blocks, bot.P(p.T("calendar.agendaopen", "When", p.When(kept.Made, r.Now))))
		open.Label, open.Style = p.T("calendar.agendaagain"), bot.Plain
		card.Buttons = append(card.Buttons, bot.Button{Action: "plan.agendaend", Label: p.T("calendar.agendaend"), Style: bot.Danger})
	}
	card.Buttons = append([]bot.Button{open}, card.Buttons...)
	return c.named(ctx, r, card, "agenda", r.Brand.ID)
}

// openAgenda gives the member a new address, said once, in this answer.
func (c *Chat) openAgenda(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	token := r.NewToken(r.Tx)
	if err := c.Engine.OpenAgenda(ctx, r.Tx, asked(r), token); err != nil {
		return bot.Reply{}, err
	}
	address := strings.TrimSuffix(c.Agenda, "/") + "/calendar/" + token + ".ics"
	return bot.Reply{Sealed: true, Card: &bot.Card{Title: bot.Say(r.Print.T("calendar.agenda")), Blocks: []bot.Block{
		{Kind: bot.Paragraph, Text: bot.Text{{Text: address, URL: address}}},
		bot.P(r.Print.T("calendar.agendakeep"))}}}, nil
}

func (c *Chat) closeAgenda(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if _, err := c.Engine.CloseAgenda(ctx, r.Tx, asked(r)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("calendar.agendaclosed")), nil
}
