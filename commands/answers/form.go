package answers

import (
	"context"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
)

// themeField is the field of the theme, and nothing its choice of none.
const (
	themeField = "theme"
	nothing    = "-"
)

// blank asks for a new answer, in the language of who writes where the brand has
// it.
func (c *Chat) blank(ctx context.Context, r *bot.Request) (bot.Form, error) {
	return c.form(ctx, r, Sheet{}, langFor(r.Brand, r.Print.Lang))
}

// Keep asks for a new answer about a theme, with words of a language in it: those of
// a reply that proved itself.
func (c *Chat) Keep(ctx context.Context, r *bot.Request, theme, lang, text string) (bot.Form, error) {
	lang = langFor(r.Brand, lang)
	return c.form(ctx, r, Sheet{Answer: brand.Answer{Theme: theme, Text: map[string]string{lang: text}}}, lang)
}

// filled asks for an answer that is there, in the language that the button names.
func (c *Chat) filled(ctx context.Context, r *bot.Request) (bot.Form, error) {
	s, found, err := c.Engine.get(ctx, r.Tx, Sheet{Brand: r.Brand.ID, Answer: brand.Answer{ID: idOf(r)}})
	seen, lang := readArg(r.Arg)
	switch {
	case err != nil:
		return bot.Form{}, err
	case !found:
		return bot.Form{}, c.explain(r, s, ErrUnknown)
	case seen != s.Version || s.Retired:
		return bot.Form{}, c.explain(r, s, ErrChanged)
	}
	return c.form(ctx, r, s, langFor(r.Brand, lang))
}

// langFor is a language of the brand: the one named, else its main one.
func langFor(b *brand.Brand, lang string) string {
	if slices.Contains(b.Langs, lang) {
		return lang
	}
	return b.MainLang()
}

func (c *Chat) form(ctx context.Context, r *bot.Request, s Sheet, lang string) (bot.Form, error) {
	p := r.Print
	themes, err := c.themes(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	form := bot.Form{Action: "answers.save", Arg: argOf(s.Version, lang), Token: r.Token, Title: p.T("answers.new"),
		Submit: p.T("answers.save"), Cancel: p.T("chat.cancel")}
	if s.Version > 0 {
		form.Title = p.T("answers.edit")
	}
	text := p.T("answers.text")
	if len(r.Brand.Langs) > 1 {
		text = p.T("answers.textin", "Lang", p.T("people.lang."+lang))
	}
	theme := bot.Field{ID: themeField, Kind: bot.Pick, Label: p.T("answers.theme"), Choices: themes, Value: []string{nothing}}
	if slices.ContainsFunc(themes, func(one bot.Choice) bool { return one.Value == s.Theme }) {
		theme.Value = []string{s.Theme}
	}
	until := p.T("answers.untilhint")
	if p.Yours(r.Now, r.Now, r.Brand.Zone) != "" { // the day may be another one there
		until += " " + p.T("chat.zonehint", "Of", p.Of(r.Brand.Zone))
	}
	form.Fields = []bot.Field{
		{ID: "name", Kind: bot.Line, Label: p.T("answers.name"), Max: longestName, Value: valueOf(i18n.In(s.Name, lang))},
		theme.Bounded(p),
		{ID: "text", Kind: bot.Area, Label: text, Hint: p.T("answers.texthint"), Max: longestText, Value: valueOf(s.Text[lang])},
		{ID: "source", Kind: bot.Line, Label: p.T("answers.source"), Hint: p.T("answers.sourcehint"), Max: longestSource,
			Value: valueOf(s.Source), Optional: true},
		{ID: "until", Kind: bot.Date, Label: p.T("answers.until"), Hint: until, Value: valueOf(dayValue(s.Until)), Optional: true},
	}
	return form, nil
}

func valueOf(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func dayValue(d hours.Day) string {
	if d == (hours.Day{}) {
		return ""
	}
	return midday(d, time.UTC).Format(time.DateOnly)
}

func midday(d hours.Day, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, zone)
}

// themes lists what an answer may be about, nothing first.
func (c *Chat) themes(_ context.Context, r *bot.Request) ([]bot.Choice, error) {
	all := []bot.Choice{{Value: nothing, Label: r.Print.T("answers.anytheme")}}
	for _, theme := range c.Engine.Themes.Themes(r.Brand) {
		all = append(all, bot.Choice{Value: theme, Label: bot.Clip(c.Engine.Themes.ThemeName(r.Brand, theme, r.Print.Lang), 75)})
	}
	return all, nil
}

// wordsOf is what the form says; the error is that of a day that is none.
func wordsOf(r *bot.Request, lang string) (Words, error) {
	w := Words{Lang: langFor(r.Brand, lang), Name: strings.Join(strings.Fields(r.Value("name")), " "), Theme: r.Value(themeField),
		Text: r.Value("text"), Source: r.Value("source")}
	if w.Theme == nothing {
		w.Theme = ""
	}
	if r.Value("until") == "" {
		return w, nil
	}
	day, err := time.Parse(time.DateOnly, r.Value("until"))
	w.Until = hours.DayOf(day)
	return w, err
}

// check says what is wrong with a form, field by field.
func (c *Chat) check(ctx context.Context, r *bot.Request) (map[string]string, error) {
	_, lang := readArg(r.Arg)
	words, err := wordsOf(r, lang)
	if err != nil {
		return map[string]string{"until": r.Print.T("answers.badday")}, nil
	}
	others, err := c.Engine.others(ctx, r.Tx, r.Brand, idOf(r))
	if err != nil {
		return nil, err
	}
	problems := map[string]string{}
	for field, why := range c.Engine.wrong(r.Brand, words, others, r.Now) {
		problems[field] = because(r, field, why)
	}
	return problems, nil
}
