package calendar

import (
	"context"
	"slices"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// The views of the plan: a period, and one post on it.
const (
	PlanView = "plan"
	PostView = "planned"
)

// Register registers the command, words and actions of the calendar.
func (c *Chat) Register(mux *bot.Mux) {
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
	c.registerPlan(mux)
	mux.Word(bot.WordRoute{Key: "calendar.stopword", Role: brand.Author, Handle: c.askStop})
	mux.Word(bot.WordRoute{Key: "calendar.resumeword", Role: brand.Author, Handle: c.askResume})
}

// registerPlan registers what people do to the plan. Who may move a post is
// decided on the post: everybody gets a reason.
func (c *Chat) registerPlan(mux *bot.Mux) {
	shape := bot.Shape{Ack: bot.Wait, Handle: c.plan}
	mux.Command(bot.CommandRoute{Name: "plan", Role: brand.Anyone, Bare: shape, With: shape, Complete: c.periods})
	mux.Word(bot.WordRoute{Key: "calendar.word", Role: brand.Anyone, Takes: true, Handle: c.plan})
	for _, route := range []bot.ActionRoute{
		{Name: "plan.show", Shape: bot.Shape{Ack: bot.Wait, Handle: c.another}},
		{Name: "plan.post", Shape: bot.Shape{Ack: bot.Wait, Handle: c.post}},
		{Name: "plan.move", Shape: bot.Shape{Ack: bot.Wait, Handle: c.move(false)}},
		{Name: "plan.anyway", Shape: bot.Shape{Ack: bot.Wait, Handle: c.move(true)}},
		{Name: "plan.when", Shape: bot.Shape{Ack: bot.Open, Form: c.whenForm}},
		{Name: "plan.moveto", Shape: bot.Shape{Ack: bot.Wait, Handle: c.move(false)}, Check: c.checkWhen},
		{Name: "plan.swap", Shape: bot.Shape{Ack: bot.Wait, Handle: c.swap(false)}},
		{Name: "plan.swapanyway", Shape: bot.Shape{Ack: bot.Wait, Handle: c.swap(true)}},
		{Name: "plan.copy", Role: brand.Author, Shape: bot.Shape{Ack: bot.Wait, Handle: c.copy}},
		{Name: "plan.embargo", Shape: bot.Shape{Ack: bot.Open, Form: c.embargoForm}},
		{Name: "plan.embargoset", Shape: bot.Shape{Ack: bot.Wait, Handle: c.embargo}, Check: c.checkWhen},
		{Name: "plan.agenda", Shape: bot.Shape{Ack: bot.Wait, Handle: c.agenda}},
		{Name: "plan.agendanew", Shape: bot.Shape{Ack: bot.Wait, Handle: c.openAgenda}},
		{Name: "plan.agendaend", Shape: bot.Shape{Ack: bot.Wait, Handle: c.closeAgenda}},
	} {
		mux.Action(route)
	}
	mux.View(PlanView, c.planView)
	mux.View(PostView, c.postView)
}

// periods completes /plan with times that it understands and the brand's networks.
func (c *Chat) periods(_ context.Context, r *bot.Request, typed string) ([]bot.Choice, error) {
	if r.Brand == nil {
		return nil, nil
	}
	words := strings.Split(r.Print.T("calendar.periods"), ", ")
	for _, account := range r.Brand.Accounts {
		words = append(words, account.Name)
	}
	var choices []bot.Choice
	for _, word := range words {
		if strings.HasPrefix(i18n.Fold(word), i18n.Fold(typed)) {
			choices = append(choices, bot.Choice{Value: bot.Clip(word, 75), Label: bot.Clip(word, 75)})
		}
	}
	return choices, nil
}

// askResume asks once more, like askStop: words alone let nothing leave.
func (c *Chat) askResume(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	card := bot.Card{
		Blocks:  []bot.Block{bot.P(r.Print.T("calendar.resumeask"))},
		Buttons: []bot.Button{{Action: "post.resume", Label: r.Print.T("calendar.resume"), Style: bot.Primary}},
		Token:   r.NewToken(),
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
		look.Lines = []string{r.Print.T("calendar.today", "Posts", r.Print.List(said...))}
	}
	return look, nil
}

// named are posts in a few words, those of one time and title together.
func named(r *bot.Request, posts []Publication) []string {
	var said []string
	for _, p := range posts {
		line := r.Print.Clock(p.At) + " " + p.Title
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
