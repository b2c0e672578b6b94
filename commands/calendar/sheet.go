package calendar

import (
	"context"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// farthest is how far ahead the next post is looked for, in years.
const farthest = 1

// weekLines are a line for each week, and a menu to see one.
func weekLines(p *i18n.Printer, v bot.ViewRequest, shown Picture) []bot.Block {
	var blocks []bot.Block
	for _, week := range weeks(shown) {
		blocks = append(blocks, bot.P(p.T("calendar.weekline", "Span", weekSpan(p, v, week),
			"Posts", p.T("calendar.posts", "Count", len(week.planned())), "Holes", p.T("calendar.holes", "Count", week.holes()))))
	}
	return append(blocks, weekMenu(p, v, shown))
}

// weeks are the parts of a picture, each up to a Sunday.
func weeks(shown Picture) (all []Picture) {
	for start := 0; start < len(shown.Days); {
		end := start + 1
		for end < len(shown.Days) && shown.Days[end].At.Weekday() != time.Monday {
			end++
		}
		week := shown
		week.Days = shown.Days[start:end]
		week.Period = Period{From: week.Days[0].At, Days: end - start, Account: shown.Account}
		all, start = append(all, week), end
	}
	return all
}

func weekSpan(p *i18n.Printer, v bot.ViewRequest, week Picture) string {
	return p.T("calendar.fromto", "From", p.Day(week.From, v.Now), "Until", p.Day(week.Days[len(week.Days)-1].At, v.Now))
}

// weekMenu leads to each week of a picture.
func weekMenu(p *i18n.Printer, v bot.ViewRequest, shown Picture) bot.Block {
	menu := bot.Select{Action: "plan.show", Label: p.T("calendar.chooseweek")}
	for _, week := range weeks(shown) {
		menu.Choices = append(menu.Choices, bot.Choice{Value: week.Period.String(), Label: bot.Clip(weekSpan(p, v, week), 75)})
	}
	return bot.Block{Kind: bot.Menu, Select: &menu}
}

// emptyLines say of a period without posts that it is one, and which times are
// free; beyond a week, a menu leads to one.
func emptyLines(p *i18n.Printer, v bot.ViewRequest, shown Picture) []bot.Block {
	groups := shown.alike()
	var blocks []bot.Block
	switch {
	case !shown.Until().After(v.Now):
		blocks = []bot.Block{bot.P(p.T("calendar.empty.past"))}
	case len(groups) == 0 && shown.rests():
		blocks = []bot.Block{bot.P(p.T("calendar.empty.off", "Count", shown.Period.Days))}
	case len(groups) > 0 && shown.Period.Days == 1:
		times := clocks(p, groups[0].Times)
		blocks = []bot.Block{bot.P(p.T("calendar.empty.day", "Count", len(times), "Times", p.Or(times...)))}
	default:
		blocks = []bot.Block{bot.P(p.T("calendar.empty"))}
		for _, group := range groups {
			first, last := p.Day(group.Days[0], v.Now), p.Day(group.Days[len(group.Days)-1], v.Now)
			blocks = append(blocks, bot.P(p.T("calendar.empty.free", "Count", len(group.Days), "Day", first,
				"Span", p.T("calendar.fromto", "From", first, "Until", last), "Times", p.Or(clocks(p, group.Times)...))))
		}
	}
	if len(groups) > 0 {
		blocks = append(blocks, bot.Block{Kind: bot.Small, Text: bot.Say(rhythmLine(p, shown.Rhythm))})
	}
	if shown.Period.Days > usualDays {
		blocks = append(blocks, weekMenu(p, v, shown))
	}
	return blocks
}

// onward are the ways out of a period without posts: a draft at its first free
// time, and the next day that has posts.
func (c *Chat) onward(ctx context.Context, v bot.ViewRequest, shown Picture) ([]bot.Button, error) {
	p := v.Print.In(v.Brand.Zone)
	var buttons []bot.Button
	if groups := shown.alike(); len(groups) > 0 && v.Member != nil && v.Member.Can(brand.Author) {
		buttons = append(buttons, bot.Button{Action: "draft.start", Arg: bot.TimeArg(groups[0].Times[0], v.Brand.Zone),
			Label: p.T("calendar.draft"), Style: bot.Primary})
	}
	after, err := c.Engine.OnPlan(ctx, v.Tx, v.Brand.ID, shown.Until(), shown.Until().AddDate(farthest, 0, 0))
	if err != nil {
		return nil, err
	}
	next := posts(ofAccount(after, shown.Account))
	if len(next) == 0 {
		return append(buttons, bot.Button{Action: "plan.show", Label: p.T("calendar.next")}), nil
	}
	return append(buttons, bot.Button{Action: "plan.show", Arg: bot.TimeArg(next[0].At, v.Brand.Zone),
		Label: bot.Clip(p.T("calendar.onday", "Day", p.Day(next[0].At, v.Now)), 30)}), nil
}
