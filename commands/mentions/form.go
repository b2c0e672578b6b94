package mentions

import (
	"context"
	"errors"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
)

// themeField is the field of the theme, and nothing its choice of none of the
// brand's.
const (
	themeField = "theme"
	nothing    = "-"
)

// themeForm asks what the conversation is really about.
func (c *Chat) themeForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	id, _, err := c.about(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	found, err := c.Engine.get(ctx, r.Tx, id)
	if err != nil {
		return bot.Form{}, c.explain(r, found, err)
	}
	p := r.Print
	field := bot.Field{ID: themeField, Kind: bot.Pick, Label: p.T("mentions.themefield"), Value: []string{nothing}}
	if field.Choices, err = c.themes(ctx, r); err != nil {
		return bot.Form{}, err
	}
	if len(found.Themes) > 0 {
		field.Value = found.Themes[:1]
	}
	return bot.Form{Action: "case.about", Arg: r.Arg, Token: r.Token, Title: p.T("mentions.themeform"),
		Intro: Hide(found.Heard[len(found.Heard)-1].Text), Submit: p.T("mentions.themesave"), Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{field.Bounded(p)}}, nil
}

// themes lists what a conversation may be about, none of it first.
func (c *Chat) themes(_ context.Context, r *bot.Request) ([]bot.Choice, error) {
	all := []bot.Choice{{Value: nothing, Label: r.Print.T("mentions.notheme")}}
	for _, theme := range c.Engine.Judge.Themes(r.Brand) {
		name := bot.Clip(c.Engine.Judge.ThemeName(r.Brand, theme, r.Print.Lang), 75)
		all = append(all, bot.Choice{Value: theme, Label: name})
	}
	return all, nil
}

// retheme keeps what the form says.
func (c *Chat) retheme(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, inRound, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	theme := r.Value(themeField)
	if theme == nothing {
		theme = ""
	}
	found, err := c.Engine.Retheme(ctx, r.Tx, id, r.Member.ID, theme)
	if errors.Is(err, ErrTheme) { // taken out of the configuration meanwhile
		return bot.Reply{}, bot.Refuse(r.Print.T("mentions.themegone"))
	}
	if err != nil || !inRound {
		return bot.Reply{}, c.explain(r, found, err)
	}
	return bot.Reply{}, board.Refresh(ctx, r.Tx, RoundView, r.Member.ID)
}

// Alarm opens a crisis about a theme.
type Alarm interface {
	// Form asks what is wrong; it refuses who may not say so.
	Form(ctx context.Context, r *bot.Request, theme string) (bot.Form, error)
}

// crisisButton leads from a theme's alert to a crisis about it.
func (c *Chat) crisisButton(v bot.ViewRequest) []bot.Button {
	if c.Alarm == nil || v.Member != nil && !v.Member.Can(brand.Approver) && !v.Member.Can(brand.Admin) {
		return nil
	}
	return []bot.Button{{Action: "theme.crisis", Label: v.Print.T("mentions.crisis")}}
}

// crisisForm asks what is wrong about the theme of the alert.
func (c *Chat) crisisForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	t, found, err := themes.Get(ctx, r.Tx, r.Subject)
	if err == nil && !found || c.Alarm == nil {
		err = c.explain(r, Case{}, ErrUnknown)
	}
	if err != nil {
		return bot.Form{}, err
	}
	return c.Alarm.Form(ctx, r, t.Theme)
}
