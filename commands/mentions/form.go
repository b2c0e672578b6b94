package mentions

import (
	"context"
	"errors"

	"crieur/bot"
	"crieur/bot/board"
)

// nothing is the choice of none of the brand's themes.
const nothing = "-"

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
	field := bot.Field{ID: "theme", Kind: bot.Pick, Label: p.T("mentions.themefield"), Value: []string{nothing},
		Choices: []bot.Choice{{Value: nothing, Label: p.T("mentions.notheme")}}}
	for _, theme := range c.Engine.Judge.Themes(r.Brand) {
		name := bot.Clip(c.Engine.Judge.ThemeName(r.Brand, theme, p.Lang), 75)
		field.Choices = append(field.Choices, bot.Choice{Value: theme, Label: name})
	}
	if len(found.Themes) > 0 {
		field.Value = found.Themes[:1]
	}
	return bot.Form{Action: "case.about", Arg: r.Arg, Token: r.Token, Title: p.T("mentions.themeform"),
		Intro: Hide(found.Heard[len(found.Heard)-1].Text), Submit: p.T("mentions.themesave"), Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{field.Bounded(p)}}, nil
}

// retheme keeps what the form says.
func (c *Chat) retheme(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, inRound, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	theme := r.Value("theme")
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
