package digest

import (
	"context"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
)

// nowView is what the brief on demand is about; it hangs nowhere.
const nowView = "now"

// Whose parts a form asks about: it comes back as the form's Arg.
const (
	ofOne  = "one"  // those of the person's own brief
	ofTeam = "team" // those of the brief in the team's channel
	ofBoth = "both"
)

// whose says whose parts the one who clicks can choose: in a channel the team's, which
// is for who manages the brand; alone their own, and the team's too where they may.
func whose(r *bot.Request) (string, error) {
	alone := r.Direct || r.View == nowView
	switch {
	case !alone:
		return ofTeam, bot.Allow(r, brand.Admin)
	case r.Member.Can(brand.Admin):
		return ofBoth, nil
	}
	return ofOne, nil
}

// usefulForm asks which parts of the brief are wanted.
func (c *Chat) usefulForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	of, err := whose(r)
	if err != nil {
		return bot.Form{}, err
	}
	p := r.Print
	form := bot.Form{Action: "brief.keep", Arg: of, Token: r.Token, Title: p.T("digest.parts"), Intro: p.T("digest.always"),
		Submit: p.T("digest.keep"), Cancel: p.T("chat.cancel")}
	for _, id := range asked(of) {
		out, err := c.Engine.Left(ctx, r.Tx, r.Brand, chooser(r, id))
		if err != nil {
			return bot.Form{}, err
		}
		field := bot.Field{ID: id, Kind: bot.PickMany, Label: p.T("digest.of." + id), Value: wanted(c.Engine.Sections, out), Optional: true}
		if len(out) > 0 {
			field.Hint = p.T("digest.left", "Count", len(out))
		}
		for _, s := range c.Engine.Sections {
			if s.Label != "" {
				field.Choices = append(field.Choices, bot.Choice{Value: s.Name, Label: p.T(s.Label)})
			}
		}
		form.Fields = append(form.Fields, field)
	}
	return form, nil
}

// asked are the fields of a form.
func asked(of string) []string {
	if of == ofBoth {
		return []string{ofOne, ofTeam}
	}
	return []string{of}
}

// chooser is whose choice a field is about, nil for the team's.
func chooser(r *bot.Request, field string) *brand.Member {
	if field == ofOne {
		return r.Member
	}
	return nil
}

// keep keeps what the form says, and draws the brief again that was clicked on.
func (c *Chat) keep(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if r.Arg != ofOne { // what comes back may be anything
		if err := bot.Allow(r, brand.Admin); err != nil {
			return bot.Reply{}, err
		}
	}
	for _, field := range asked(r.Arg) {
		if err := c.Engine.Want(ctx, r.Tx, r.Brand, chooser(r, field), r.Values[field], r.Member); err != nil {
			return bot.Reply{}, err
		}
	}
	if r.View == nowView {
		return c.now(ctx, r)
	}
	if r.Subject == today(r.Brand, r.Now) { // an older one says how it was on its day
		if err := board.Refresh(ctx, r.Tx, View, r.Subject); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Private(r.Print.T("digest.chosen")), nil
}
