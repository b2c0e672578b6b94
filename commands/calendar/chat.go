package calendar

import (
	"context"
	"errors"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/state"
)

// Chat is the feature's conversation.
type Chat struct{ Engine *Engine }

// Register registers the command, words and actions of the calendar.
func (c *Chat) Register(mux *bot.Mux) {
	week := bot.Shape{Ack: bot.Wait, Handle: c.week}
	mux.Command(bot.CommandRoute{Name: "plan", Role: brand.Anyone, Bare: week, With: week})
	for _, route := range []bot.ActionRoute{
		{Name: "post.cancel", Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(c.Engine.Cancel)}},
		{Name: "post.there", Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(c.Engine.There)}},
		{Name: "post.absent", Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(c.Engine.Absent)}},
		{Name: "post.now", Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(c.Engine.Now)}},
		{Name: "post.again", Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(c.Engine.Now)}},
		{Name: "post.steps", Shape: bot.Shape{Ack: bot.Wait, Handle: c.steps}},
		{Name: "post.done", Shape: bot.Shape{Ack: bot.Open, Form: c.doneForm}},
		{Name: "post.donelink", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.done}, Check: c.checkLink},
		{Name: "post.stop", Shape: bot.Shape{Ack: bot.Wait, Handle: c.stop}},
		{Name: "post.resume", Shape: bot.Shape{Ack: bot.Wait, Handle: c.resume}},
	} {
		route.Role = brand.Author
		mux.Action(route)
	}
	mux.Word(bot.WordRoute{Key: "calendar.word", Role: brand.Anyone, Handle: c.week})
	mux.Word(bot.WordRoute{Key: "calendar.stopword", Role: brand.Author, Handle: c.askStop})
	mux.Word(bot.WordRoute{Key: "calendar.resumeword", Role: brand.Author, Handle: c.resume})
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
	case errors.Is(err, ErrNotNow):
		return bot.Refuse(r.Print.T("calendar.notnow."+string(p.Status), "At", r.Print.Clock(p.SentAt)))
	case errors.Is(err, ErrWindow):
		return bot.Refuse(r.Print.T("calendar.window"))
	case errors.Is(err, ErrLink):
		return bot.Refuse(r.Print.T("calendar.badlink", "Account", c.accountName(r, p)))
	}
	return err
}

func (c *Chat) accountName(r *bot.Request, p Publication) string {
	account, _ := r.Brand.Account(p.Part.Account)
	return account.Name
}

// week is the picture of the coming days, holes included.
func (c *Chat) week(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	const days = 7
	start := startOfDay(r.Now.In(r.Brand.Zone))
	all, err := c.Engine.Between(ctx, r.Tx, r.Brand.ID, start, start.AddDate(0, 0, days))
	if err != nil {
		return bot.Reply{}, err
	}
	card := bot.Card{Title: bot.Say(r.Print.T("calendar.week", "Brand", r.Brand.Name))}
	for day := range days {
		from := start.AddDate(0, 0, day)
		card.Blocks = append(card.Blocks, bot.P(c.day(r, from, all)))
	}
	card.Buttons = []bot.Button{{Action: "post.stop", Label: r.Print.T("calendar.stop"), Style: bot.Danger, Confirm: &bot.Confirm{
		Title: r.Print.T("calendar.stop"), Text: counted(r, "calendar.stopcount", "calendar.stopcount.none", waitingOf(all)),
		Yes: r.Print.T("calendar.stop"), No: r.Print.T("chat.cancel")}}}
	card.Token = r.NewToken()
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "week", Subject: r.Brand.ID, Brand: r.Brand.ID})
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

// day is one line of the week: the posts, or that there is none.
func (c *Chat) day(r *bot.Request, from time.Time, all []Publication) string {
	type key struct{ request, clock string }
	var lines []string
	accounts := map[key][]string{}
	var order []key
	titles := map[key]string{}
	for _, p := range all {
		at := p.At.In(r.Brand.Zone)
		if p.Status == Cancelled || !startOfDay(at).Equal(from) {
			continue
		}
		k := key{p.Request, r.Print.Clock(at)}
		if _, seen := accounts[k]; !seen {
			order = append(order, k)
		}
		accounts[k] = append(accounts[k], c.accountName(r, p))
		titles[k] = p.Title
	}
	for _, k := range order {
		lines = append(lines, k.clock+" "+titles[k]+" ("+r.Print.List(accounts[k]...)+")")
	}
	if len(lines) == 0 {
		return r.Print.T("calendar.hole", "Day", r.Print.Day(from, r.Now))
	}
	return r.Print.T("calendar.day", "Day", r.Print.Day(from, r.Now), "Posts", strings.Join(lines, " ; "))
}

func startOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
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

// askStop asks once more, counting the posts: words alone stop nothing.
func (c *Chat) askStop(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	all, err := c.Engine.Between(ctx, r.Tx, r.Brand.ID, r.Now, r.Now.AddDate(1, 0, 0))
	if err != nil {
		return bot.Reply{}, err
	}
	card := bot.Card{
		Blocks:  []bot.Block{bot.P(counted(r, "calendar.stopcount", "calendar.stopcount.none", waitingOf(all)))},
		Buttons: []bot.Button{{Action: "post.stop", Label: r.Print.T("calendar.stop"), Style: bot.Danger}},
		Token:   r.NewToken(),
	}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "stop", Subject: r.Brand.ID, Brand: r.Brand.ID})
}

func (c *Chat) stop(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	waiting, hold, err := c.Engine.Stop(ctx, r.Tx, r.Member.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Private(counted(r, "calendar.stopped", "calendar.stopped.none", waiting, "At", r.Print.Soon(hold.Since, r.Now))), nil
}

// counted says how many posts there are; of none there is a sentence of its own.
func counted(r *bot.Request, key, none string, posts int, args ...any) string {
	if posts == 0 {
		key = none
	}
	return r.Print.T(key, append(args, "Count", posts)...)
}

func (c *Chat) resume(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	late, err := c.Engine.Resume(ctx, r.Tx, r.Member.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(late) == 0 {
		return bot.Private(r.Print.T("calendar.resumed")), nil
	}
	card := bot.Card{Title: bot.Say(r.Print.T("calendar.late", "Count", len(late))), Token: r.NewToken()}
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
