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
	ofMine = "mine" // the same, asked for on the team's
	ofTeam = "team" // those of the brief in the team's channel
	ofBoth = "both"
)

// whose says whose parts the one who clicks can choose: their own, and the team's who
// manages the brand, who in a channel means that one.
func whose(r *bot.Request) string {
	alone, manages := r.Direct || r.View == nowView, r.Member.Can(brand.Admin)
	switch {
	case alone && manages:
		return ofBoth
	case alone:
		return ofOne
	case manages:
		return ofTeam
	}
	return ofMine
}

// usefulForm asks which parts of the brief are wanted.
func (c *Chat) usefulForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	of, p := whose(r), r.Print
	form := bot.Form{Action: "brief.keep", Arg: of, Token: r.Token, Title: p.T("digest.parts"), Intro: p.T("digest.always"),
		Submit: p.T("digest.keep"), Cancel: p.T("chat.cancel")}
	if of == ofMine {
		form.Intro = notTheirs(r) + " " + form.Intro
	}
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

// notTheirs says that the team's brief is for others to choose.
func notTheirs(r *bot.Request) string {
	var names []string
	for _, m := range bot.Able(r, brand.Admin) {
		names = append(names, m.Name)
	}
	if len(names) == 0 {
		return r.Print.T("digest.yours")
	}
	return r.Print.T("digest.yoursalone", "Who", r.Print.Or(names...))
}

// asked are the fields of a form.
func asked(of string) []string {
	switch of {
	case ofBoth:
		return []string{ofOne, ofTeam}
	case ofMine:
		return []string{ofOne}
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
	if r.Arg != ofOne && r.Arg != ofMine { // what comes back may be anything
		if err := bot.Allow(r, brand.Admin); err != nil {
			return bot.Reply{}, err
		}
	}
	for _, field := range asked(r.Arg) {
		if err := c.Engine.Want(ctx, r.Tx, r.Brand, chooser(r, field), r.Values[field], r.Member); err != nil {
			return bot.Reply{}, err
		}
	}
	if r.View == nowView || r.Arg == ofMine { // the team's shows nothing of it
		return c.now(ctx, r)
	}
	if r.Subject == today(r.Brand, r.Now) { // an older one says how it was on its day
		if err := board.Refresh(ctx, r.Tx, View, r.Subject); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Private(r.Print.T("digest.chosen")), nil
}
