package moderation

import (
	"context"
	"strconv"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// charter shows the brand's charter to who asks, alone.
func (c *Chat) charter(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	_, err := board.Show(ctx, r.Tx, board.Card{View: CharterView, Subject: r.Brand.ID, Brand: r.Brand.ID}, r.NewToken, r.Aside())
	return bot.Reply{}, err
}

// mostTexts is how many earlier charters the menu offers.
const mostTexts = 20

// charterView draws the charter as it is today.
func (c *Chat) charterView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	today, err := charter(ctx, v.Tx, v.Brand)
	if err != nil {
		return bot.Card{}, err
	}
	p := v.Print
	title := p.T("moderation.charter.of", "Brand", v.Brand.Name)
	card := bot.Card{Title: bot.Say(title), Summary: title, MoreLabel: p.T("moderation.charter.change")}
	for i, article := range today.Articles {
		name := bot.Span{Text: strings.TrimSpace(strconv.Itoa(i+1) + ". " + titleOf(article, p.Lang)), Strong: true}
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Paragraph, Text: bot.Text{name, {Text: " · " + textOf(article, p.Lang)}}})
		if v.Member.Can(brand.Admin) {
			card.More = append(card.More, bot.Button{Action: "charter.edit", Arg: amendArg(today.Version, i+1),
				Label: bot.Clip(p.T("moderation.charter.article", "Number", i+1)+" "+titleOf(article, p.Lang), 30)})
		}
	}
	if len(today.Articles) == 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("moderation.charter.none")))
	}
	earlier, err := before(ctx, v.Tx, today, mostTexts)
	if err != nil {
		return bot.Card{}, err
	}
	if len(earlier) > 0 {
		menu := bot.Select{Action: "charter.text", Label: p.T("moderation.charter.texts")}
		for _, text := range earlier {
			menu.Choices = append(menu.Choices, bot.Choice{Value: strconv.Itoa(text.Version), Label: bot.Clip(dated(v, text), 75)})
		}
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Menu, Select: &menu})
	}
	if v.Member.Can(brand.Admin) {
		card.Buttons = append(card.Buttons, bot.Button{Action: "charter.edit", Label: p.T("moderation.charter.add"), Style: bot.Primary})
	}
	if len(today.Articles) > 0 {
		card.Buttons = append(card.Buttons, bot.Button{Action: "charter.text", Label: p.T("moderation.charter.text")})
	}
	return card, nil
}

// dated says when a text of the charter was made, and by whom.
func dated(v bot.ViewRequest, t Text) string {
	if t.Version == 0 {
		return v.Print.T("moderation.charter.first")
	}
	return v.Print.T("moderation.charter.dated", "Who", nameOf(v.Space, t.By), "At", v.Print.When(t.At, v.Now))
}

// text is the charter to publish, in each of the brand's languages: today's, or
// the earlier one that the menu names.
func (c *Chat) text(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	today, err := charter(ctx, r.Tx, r.Brand)
	if err != nil {
		return bot.Reply{}, err
	}
	articles := today.Articles
	if choice := r.Value(bot.MenuField); choice != "" {
		version, err := strconv.Atoi(choice)
		if err != nil {
			return bot.Reply{}, c.explain(r, Case{}, ErrUnknown)
		}
		text, found, err := texts.Get(ctx, r.Tx, textID(r.Brand.ID, version))
		if err != nil {
			return bot.Reply{}, err
		}
		if !found {
			return bot.Reply{}, c.explain(r, Case{}, ErrUnknown)
		}
		articles = text.Articles
	}
	card := bot.Card{Title: bot.Say(r.Print.T("moderation.charter.of", "Brand", r.Brand.Name))}
	for _, lang := range langsOf(r.Brand) {
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Quote, Quoted: printed(articles, lang)})
	}
	return bot.Reply{Card: &card}, nil
}

// printed is a charter as it is published.
func printed(articles []brand.Article, lang string) string {
	var all []string
	for i, article := range articles {
		all = append(all, strings.TrimSpace(strconv.Itoa(i+1)+". "+titleOf(article, lang))+"\n"+textOf(article, lang))
	}
	return strings.Join(all, "\n\n")
}

// titleOf and textOf are an article in a language, or in one that it has.
func titleOf(a brand.Article, lang string) string { return i18n.In(a.Title, lang) }

func textOf(a brand.Article, lang string) string { return i18n.In(a.Text, lang) }
