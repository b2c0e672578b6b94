package calendar

import (
	"context"
	"strings"

	"crieur/bot"
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
	called := []brand.Role{brand.Responder} // what is in doubt is settled by who is on call, too
	for _, route := range []bot.ActionRoute{
		{Name: "post.cancel", Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(c.Engine.Cancel)}},
		{Name: "post.there", Or: called, Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(c.Engine.There)}},
		{Name: "post.absent", Or: called, Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(c.Engine.Absent)}},
		{Name: "post.now", Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(c.Engine.Now)}},
		{Name: "post.again", Or: called, Shape: bot.Shape{Ack: bot.Busy, Handle: c.act(c.Engine.Now)}},
		{Name: "post.steps", Shape: bot.Shape{Ack: bot.Wait, Handle: c.steps}},
		{Name: "post.done", Shape: bot.Shape{Ack: bot.Open, Form: c.doneForm}},
		{Name: "post.donelink", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.done}, Check: c.checkLink},
		{Name: "post.stop", Shape: bot.Shape{Ack: bot.Wait, Handle: c.stop}},
		{Name: "post.resume", Shape: bot.Shape{Ack: bot.Wait, Handle: c.resume}},
	} {
		route.Role = brand.Author
		mux.Action(route)
	}
	mux.Action(bot.ActionRoute{Name: "post.seen", Role: brand.Anyone, Shape: bot.Shape{Ack: bot.Busy, Handle: c.seen}})
	c.registerPlan(mux)
	c.registerDuty(mux)
	mux.Word(bot.WordRoute{Key: "calendar.stopword", Role: brand.Author, Handle: c.askStop})
	mux.Word(bot.WordRoute{Key: "calendar.resumeword", Role: brand.Author, Handle: c.askResume})
}

// registerPlan registers what people do to the plan. Who may move a post is
// decided on the post: everybody gets a reason.
func (c *Chat) registerPlan(mux *bot.Mux) {
	shape := bot.Shape{Ack: bot.Wait, Handle: c.plan}
	mux.Command(bot.CommandRoute{Name: "plan", Role: brand.Anyone, Bare: shape, With: shape, Complete: c.periods})
	mux.Word(bot.WordRoute{Key: "calendar.word", Role: brand.Anyone, Takes: true, Fits: aPeriod, Handle: c.plan})
	for _, route := range []bot.ActionRoute{
		{Name: "plan.show", Shape: bot.Shape{Ack: bot.Wait, Handle: c.another}},
		{Name: "plan.today", Shape: bot.Shape{Ack: bot.Wait, Handle: c.today}},
		{Name: "plan.post", Shape: bot.Shape{Ack: bot.Wait, Handle: c.post}, Lists: map[string]bot.Listing{bot.MenuField: c.posts}},
		{Name: "plan.move", Shape: bot.Shape{Ack: bot.Wait, Handle: c.move(false)}},
		{Name: "plan.anyway", Shape: bot.Shape{Ack: bot.Wait, Handle: c.move(true)}},
		{Name: "plan.when", Shape: bot.Shape{Ack: bot.Open, Form: c.whenForm}},
		{Name: "plan.moveto", Shape: bot.Shape{Ack: bot.Wait, Handle: c.move(false)}, Check: c.checkWhen},
		{Name: "plan.swap", Shape: bot.Shape{Ack: bot.Wait, Handle: c.swap(false)}, Lists: map[string]bot.Listing{bot.MenuField: c.swaps}},
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

// registerDuty registers how somebody is asked to be there when a post leaves,
// and what they answer. Who may is decided on the post: everybody gets a reason.
func (c *Chat) registerDuty(mux *bot.Mux) {
	mux.Action(bot.ActionRoute{Name: "duty.plan", Shape: bot.Shape{Ack: bot.Open, Form: c.dutyForm}})
	mux.Action(bot.ActionRoute{Name: "duty.ask", Shape: bot.Shape{Ack: bot.Wait, Handle: c.askDuty}})
	mux.Action(bot.ActionRoute{Name: "duty.yes", Shape: bot.Shape{Ack: bot.Busy, Handle: c.sayDuty(Agreed)}})
	mux.Action(bot.ActionRoute{Name: "duty.no", Shape: bot.Shape{Ack: bot.Busy, Handle: c.sayDuty(Refused)}})
	mux.View(DutyView, c.dutyView)
	mux.View(StatementView, c.statementView)
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

// aPeriod says whether words are what /plan understands.
func aPeriod(r *bot.Request, said string) bool {
	if r.Brand == nil {
		return true
	}
	_, err := ReadPeriod(said, r.Brand, r.Now)
	return err == nil
}
