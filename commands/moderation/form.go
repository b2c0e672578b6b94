package moderation

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/team"
)

// reasonField is the field of the form about why a message is hidden. An article
// of the charter stands in it by its ID, after the reason Charter.
const reasonField = "reason"

// hideForm asks for the reason.
func (c *Chat) hideForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	one, err := c.Engine.get(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Form{}, c.explain(r, one, err)
	}
	if !slices.Contains(Hide.from(), one.Stage) {
		return bot.Form{}, c.explain(r, one, ErrDecided)
	}
	p := r.Print
	field := bot.Field{ID: reasonField, Kind: bot.Pick, Label: p.T("moderation.reason")}
	for _, reason := range reasons() {
		field.Choices = append(field.Choices, bot.Choice{Value: string(reason), Label: p.T("moderation.reason." + string(reason))})
	}
	today, err := charter(ctx, r.Tx, r.Brand)
	if err != nil {
		return bot.Form{}, err
	}
	for i, article := range today.Articles[:min(len(today.Articles), mostArticles)] {
		label := why(p, Rule{Reason: Charter, Number: i + 1, Article: &article})
		field.Choices = append(field.Choices, bot.Choice{Value: string(Charter) + ":" + article.ID, Label: bot.Clip(label, 75)})
	}
	return bot.Form{Action: "moderation.hide", Token: r.Token, Title: p.T("moderation.form"), Intro: p.T("moderation.fair"),
		Submit: p.T("moderation.hide"), Cancel: p.T("chat.cancel"), Fields: []bot.Field{field}}, nil
}

// ruleOf is the rule that a choice of the form stands for, with the article as it
// is today.
func ruleOf(today team.Charter, choice string) (Rule, error) {
	reason, id, _ := strings.Cut(choice, ":")
	if slices.Contains(reasons(), Reason(reason)) {
		return Rule{Reason: Reason(reason)}, nil
	}
	at := slices.IndexFunc(today.Articles, func(a brand.Article) bool { return a.ID == id })
	if Reason(reason) != Charter || at < 0 {
		return Rule{}, ErrRule
	}
	article := today.Articles[at]
	return Rule{Reason: Charter, Number: at + 1, Version: today.Version, Article: &article}, nil
}

// mostLangs is in how many languages a form asks for an article: two fields each.
const mostLangs = 2

// langsOf are the languages in which the brand's articles are written here.
func langsOf(b *brand.Brand) []string {
	if len(b.Langs) == 0 {
		return []string{b.MainLang()}
	}
	return b.Langs[:min(len(b.Langs), mostLangs)]
}

// articleForm asks for an article: a new one, or one that is there by the version
// and the number in the button.
func (c *Chat) articleForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	today, err := charter(ctx, r.Tx, r.Brand)
	if err != nil {
		return bot.Form{}, err
	}
	p := r.Print
	form := bot.Form{Action: "charter.save", Arg: amendArg(today.Version, 0), Token: r.Token, Title: p.T("moderation.charter.add"),
		Submit: p.T("moderation.charter.save"), Cancel: p.T("chat.cancel")}
	var known brand.Article
	version, number := readAmendArg(r.Arg)
	if number > 0 {
		if version != today.Version || number > len(today.Articles) {
			return bot.Form{}, c.explain(r, Case{}, ErrChanged)
		}
		known = today.Articles[number-1]
		form.Arg, form.Title = r.Arg, p.T("moderation.charter.article", "Number", number)
	}
	for _, lang := range langsOf(r.Brand) {
		in := p.T("people.lang." + lang)
		words := bot.Field{ID: "words-" + lang, Kind: bot.Area, Label: p.T("moderation.charter.words", "Lang", in),
			Max: longestArticle, Value: valueOf(known.Text[lang]), Optional: number > 0}
		if number > 0 {
			words.Hint = p.T("moderation.charter.strike")
		}
		form.Fields = append(form.Fields, bot.Field{ID: "title-" + lang, Kind: bot.Line, Max: longestTitle,
			Label: p.T("moderation.charter.title", "Lang", in), Value: valueOf(known.Title[lang])}, words)
	}
	return form, nil
}

func valueOf(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// checkArticle says what a new article lacks.
func checkArticle(_ context.Context, r *bot.Request) (map[string]string, error) {
	problems := map[string]string{}
	_, number := readAmendArg(r.Arg)
	for _, lang := range langsOf(r.Brand) {
		if number == 0 && r.Value("words-"+lang) == "" {
			problems["words-"+lang] = r.Print.T("moderation.charter.blank")
		}
	}
	return problems, nil
}

// amend keeps what the form says.
func (c *Chat) amend(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	a := Amendment{Title: map[string]string{}, Words: map[string]string{}}
	a.Version, a.Number = readAmendArg(r.Arg)
	for _, lang := range langsOf(r.Brand) {
		a.Title[lang], a.Words[lang] = r.Value("title-"+lang), r.Value("words-"+lang)
	}
	if err := c.Engine.Amend(ctx, r.Tx, r.Brand, r.Member.ID, a); err != nil {
		return bot.Reply{}, c.explain(r, Case{}, err)
	}
	return bot.Private(r.Print.T("moderation.charter.saved")), nil
}

// amendArg is the argument of a button about an article: the charter's version
// that its reader sees, and the article's number, 0 for a new one.
func amendArg(version, number int) string { return fmt.Sprintf("%d-%d", version, number) }

// readAmendArg reads amendArg back; anything else is a new article of the file's
// charter.
func readAmendArg(arg string) (version, number int) {
	first, second, _ := strings.Cut(arg, "-")
	version, wrong := strconv.Atoi(first)
	number, alsoWrong := strconv.Atoi(second)
	if wrong != nil || alsoWrong != nil || number < 0 {
		return 0, 0
	}
	return version, number
}
