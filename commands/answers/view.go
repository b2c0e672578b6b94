package answers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// servedFor is for how long back uses are counted on a card.
const servedFor = 90 * 24 * time.Hour

// view draws one answer, for the one who has the card: one that people wrote, or
// one of the file.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	_, id, _ := strings.Cut(v.Subject, "/")
	s, found, err := c.Engine.get(ctx, v.Tx, Sheet{Brand: v.Brand.ID, Answer: brand.Answer{ID: id}})
	if err != nil {
		return bot.Card{}, err
	}
	p := v.Print
	if !found {
		at := slices.IndexFunc(v.Brand.Answers, func(a brand.Answer) bool { return a.ID == id && !a.Written })
		if at < 0 { // taken out of the file meanwhile
			return bot.Card{Title: bot.Say(p.T("answers.gone")), Summary: p.T("answers.gone")}, nil
		}
		s.Answer = v.Brand.Answers[at]
	}
	title := p.T(titleKey(v, s), "Name", i18n.In(s.Name, p.Lang))
	card := bot.Card{Title: bot.Say(title), Summary: p.T("answers.summary"), MoreLabel: p.T("chat.more")}
	about := c.about(v.Brand, p, s)
	about[0].Text = i18n.Capital(about[0].Text)
	card.Blocks = append([]bot.Block{{Kind: bot.Paragraph, Text: about}}, textBlocks(v, s)...)
	if !s.Retired {
		line, err := c.servedLine(ctx, v.Tx, p, s, v.Now)
		if err != nil {
			return bot.Card{}, err
		}
		card.Blocks = append(card.Blocks, bot.P(i18n.Capital(validity(v.Brand, p, s, v.Now))+" · "+line))
	}
	if s.Version == 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("answers.ofthefile")))
		return card, nil
	}
	last := s.last()
	card.Blocks = append(card.Blocks, bot.P(p.T("answers.standing", "Owner", nameOf(v.Space, p, s.Owner),
		"What", p.T("answers.did."+string(last.What)), "Who", nameOf(v.Space, p, last.By), "At", p.Soon(last.At, v.Now))))
	card.Blocks = append(card.Blocks, c.advice(v, s)...)
	card.Buttons, card.More = buttons(v, s)
	return card, nil
}

// titleKey says where an answer stands.
func titleKey(v bot.ViewRequest, s Sheet) string {
	switch {
	case s.Retired:
		return "answers.title.retired"
	case s.over(v.Brand.Zone, v.Now):
		return "answers.title.expired"
	}
	return "answers.title"
}

// about says what an answer is about and where it comes from.
func (c *Chat) about(b *brand.Brand, p *i18n.Printer, s Sheet) bot.Text {
	line := bot.Text{{Text: p.T("answers.anytheme")}}
	if s.Theme != "" {
		line[0].Text = p.T("answers.about", "Theme", c.Engine.Themes.ThemeName(b, s.Theme, p.Lang))
	}
	switch {
	case s.Version > 0 && s.Source == "":
		line = append(line, bot.Span{Text: " · " + p.T("answers.nosource")})
	case s.Source != "":
		source := bot.Span{Text: s.Source}
		if strings.HasPrefix(s.Source, "https://") || strings.HasPrefix(s.Source, "http://") {
			source.URL = s.Source
		}
		line = append(line, bot.Span{Text: " · " + p.T("answers.from") + " "}, source)
	}
	return line
}

// textBlocks are the words of an answer, in each language that it has.
func textBlocks(v bot.ViewRequest, s Sheet) (blocks []bot.Block) {
	for _, lang := range langsOf(v.Brand, s.Answer) {
		if len(s.Text) > 1 {
			blocks = append(blocks, bot.P(v.Print.T("answers.textin", "Lang", v.Print.T("people.lang."+lang))))
		}
		blocks = append(blocks, bot.Block{Kind: bot.Quote, Quoted: s.Text[lang]})
	}
	return blocks
}

// langsOf are the languages in which an answer is written, the brand's in order.
func langsOf(b *brand.Brand, a brand.Answer) []string {
	return slices.DeleteFunc(slices.Clone(b.Langs), func(lang string) bool { return a.Text[lang] == "" })
}

// validity says until when an answer is proposed.
func validity(b *brand.Brand, p *i18n.Printer, s Sheet, now time.Time) string {
	if s.Until == (hours.Day{}) {
		return p.T("answers.always")
	}
	there := *p
	there.Zone = b.Zone // it is the brand's day, wherever its reader is
	day := there.Day(midday(s.Until, b.Zone), now)
	if s.over(b.Zone, now) {
		return p.T("answers.expired", "Day", day)
	}
	return p.T("answers.valid", "Day", day)
}

// servedLine says how often an answer was used.
func (c *Chat) servedLine(ctx context.Context, tx *state.Tx, p *i18n.Printer, s Sheet, now time.Time) (string, error) {
	count, last, err := c.Usage.Served(ctx, tx, s.Brand, s.ID, now.Add(-servedFor))
	if err != nil {
		return "", fmt.Errorf("count uses of answer %s: %w", s.ID, err)
	}
	if count == 0 {
		return p.T("answers.unserved"), nil
	}
	return p.T("answers.served", "Count", count, "Last", p.Ago(last, now)), nil
}

// mostAdvice is how much proofreading says on a card; the rest is seen once that
// is mended.
const mostAdvice = 3

// advice says what to read again. It forbids nothing: a person judges.
func (c *Chat) advice(v bot.ViewRequest, s Sheet) []bot.Block {
	var all []string
	for _, lang := range langsOf(v.Brand, s.Answer) {
		all = append(all, c.Proof.Advice(v.Brand, lang, s.Text[lang], v.Now, v.Print.Lang)...)
	}
	if len(all) == 0 || s.Retired {
		return nil
	}
	return []bot.Block{bot.P(v.Print.T("answers.advice", "What", strings.Join(all[:min(len(all), mostAdvice)], " ")))}
}

// buttons are what may be done about an answer; none that would be refused.
func buttons(v bot.ViewRequest, s Sheet) (buttons, more []bot.Button) {
	p := v.Print
	arg := argOf(s.Version, langFor(v.Brand, p.Lang))
	if len(s.Acts) > 1 {
		more = append(more, bot.Button{Action: "answers.past", Label: p.T("answers.past")})
	}
	if s.Retired {
		return []bot.Button{{Action: "answers.restore", Arg: arg, Label: p.T("answers.restore"), Style: bot.Primary}}, more
	}
	buttons = []bot.Button{{Action: "answers.edit", Arg: arg, Label: p.T("answers.edit"), Style: bot.Primary}}
	if s.Until != (hours.Day{}) {
		buttons = append(buttons, bot.Button{Action: "answers.extend", Arg: arg, Label: p.T("answers.extend", "Count", extension)})
	}
	for _, lang := range v.Brand.Langs {
		if other := argOf(s.Version, lang); other != arg {
			more = append(more, bot.Button{Action: "answers.edit", Arg: other, Label: p.T("answers.textin", "Lang", p.T("people.lang."+lang))})
		}
	}
	return append(buttons, bot.Button{Action: "answers.retire", Arg: arg, Label: p.T("answers.retire")}), more
}

// pastCard is what an answer said, act by act, the newest first.
func pastCard(r *bot.Request, s Sheet) *bot.Card {
	p := r.Print
	card := bot.Card{Title: bot.Say(p.T("answers.past.title", "Name", i18n.In(s.Name, p.Lang)))}
	before := map[string]string{}
	for _, act := range s.Acts {
		done := []bot.Block{bot.P(p.T("answers.past.act", "What", p.T("answers.did."+string(act.What)),
			"Who", nameOf(r.Space, p, act.By), "At", p.Soon(act.At, r.Now)))}
		for _, lang := range slices.Sorted(maps.Keys(act.Text)) {
			if act.Text[lang] != before[lang] { // an act may leave the words as they were
				done = append(done, bot.Block{Kind: bot.Quote, Quoted: act.Text[lang]})
			}
		}
		card.Blocks, before = append(done, card.Blocks...), act.Text
	}
	return &card
}
