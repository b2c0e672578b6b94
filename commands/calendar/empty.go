package calendar

import (
	"context"
	"slices"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// farthest is how far ahead the next post is looked for, in years.
const farthest = 1

// alike are days with nothing planned that have the same times to offer.
type alike struct {
	Days  []time.Time
	Times []time.Time // those of the first day
}

// alike groups the holes by their times: none is told twice.
func (p Picture) alike() []alike {
	var all []alike
	for _, day := range p.Days {
		if len(day.Hole) == 0 {
			continue
		}
		at := slices.IndexFunc(all, func(a alike) bool { return slices.EqualFunc(a.Times, day.Hole, sameClock) })
		if at < 0 {
			at = len(all)
			all = append(all, alike{Times: day.Hole})
		}
		all[at].Days = append(all[at].Days, day.At)
	}
	return all
}

func sameClock(a, b time.Time) bool { return a.Hour() == b.Hour() && a.Minute() == b.Minute() }

// rests says that the brand works on no day of the picture.
func (p Picture) rests() bool {
	return !slices.ContainsFunc(p.Days, func(day Day) bool { return day.Works })
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
