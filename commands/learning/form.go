package learning

import (
	"context"
	"errors"
	"strings"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/text/theme"
)

// createForm asks what the theme that a finding becomes is called, and which
// words speak of it.
func (c *Chat) createForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	found, err := c.finding(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	p := r.Print
	return bot.Form{Action: "learning.created", Arg: r.Arg, Token: r.Token, Title: p.T("learning.create.form"), Submit: p.T("learning.create"),
		Cancel: p.T("chat.cancel"), Fields: []bot.Field{
			{ID: "name", Kind: bot.Line, Label: p.T("learning.name"), Value: []string{i18n.Capital(found.Words)}, Max: mostName},
			wordsField(p, found)}}, nil
}

// extendForm asks which theme a finding's words speak of.
func (c *Chat) extendForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	found, err := c.finding(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	p := r.Print
	all, err := c.themes(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	field := bot.Field{ID: "theme", Kind: bot.Pick, Label: p.T("learning.theme"), Choices: all}
	return bot.Form{Action: "learning.extended", Arg: r.Arg, Token: r.Token, Title: p.T("learning.extend.form"), Submit: p.T("learning.extend.save"),
		Cancel: p.T("chat.cancel"), Fields: []bot.Field{field.Bounded(p), wordsField(p, found)}}, nil
}

// themes lists the themes that words can be added to.
func (c *Chat) themes(_ context.Context, r *bot.Request) (all []bot.Choice, _ error) {
	for _, id := range c.Engine.Themes.Themes(r.Brand) {
		all = append(all, bot.Choice{Value: id, Label: bot.Clip(c.Engine.Themes.ThemeName(r.Brand, id, r.Print.Lang), 75)})
	}
	return all, nil
}

func wordsField(p *i18n.Printer, found Finding) bot.Field {
	return bot.Field{ID: "words", Kind: bot.Line, Label: p.T("learning.words"), Hint: p.T("learning.words.hint"),
		Value: []string{strings.Join(found.Forms, ", ")}, Max: mostForms * (mostName + 10)}
}

// finding is the one that a button is about.
func (c *Chat) finding(ctx context.Context, r *bot.Request) (Finding, error) {
	f, _, err := findings.Get(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return Finding{}, err
	}
	at := f.at(r.Arg)
	if at < 0 {
		return Finding{}, bot.Refuse(r.Print.T("learning.decided"))
	}
	return f.Waiting[at], nil
}

// checkTheme says what is wrong with a name, if the form has one, and words.
func (c *Chat) checkTheme(_ context.Context, r *bot.Request) (map[string]string, error) {
	problems := map[string]string{}
	if name := r.Value("name"); name != "" {
		if err := c.Engine.mayName(r.Brand, name); err != nil {
			problems["name"] = c.wrong(r, err)
		}
	}
	if err := usable(wordsOf(r.Value("words"))); err != nil {
		problems["words"] = c.wrong(r, err)
	}
	return problems, nil
}

// wrong says what is wrong with a theme, "" for anything else.
func (c *Chat) wrong(r *bot.Request, err error) string {
	p := r.Print
	switch {
	case errors.Is(err, ErrNamed):
		return p.T("learning.named", "Name", r.Value("name"))
	case errors.Is(err, ErrMany):
		return p.T("learning.many", "Most", theme.MaxThemes)
	case errors.Is(err, ErrWords):
		return p.T("learning.badwords", "Most", mostWords)
	case errors.Is(err, ErrTheme): // taken out of the configuration meanwhile
		return p.T("learning.gone")
	}
	return ""
}

// wordsOf reads words with commas between them, each once.
func wordsOf(text string) []string {
	var words []string
	seen := map[string]bool{}
	for piece := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if word := strings.Join(strings.Fields(piece), " "); word != "" && !seen[word] {
			seen[word] = true
			words = append(words, word)
		}
	}
	return words
}
