package drill

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// person is somebody on call with their last exercise, of which At may be zero.
type person struct {
	*brand.Member
	Drill
}

// rota is everybody on call whom something would ring, in order. It is for looking.
func rota(ctx context.Context, tx *state.Tx, space *brand.Space, b *brand.Brand) ([]person, error) {
	var all []person
	var ids []string
	for _, id := range b.OnCall {
		if m := space.Member(id); m != nil && len(oncall.Ways(b, m)) > 0 {
			all, ids = append(all, person{Member: m}), append(ids, ID(b.ID, id))
		}
	}
	found, err := drills.Peek(ctx, tx, ids...)
	for _, d := range found {
		for i := range all {
			if all[i].Member.ID == d.Member {
				all[i].Drill = d
			}
		}
	}
	return all, err
}

// standing says of one person when they were rung last, and what they said to it.
func standing(p *i18n.Printer, one person, now time.Time) string {
	switch {
	case one.At.IsZero() && one.Next.IsZero():
		return p.T("drill.never", "Who", one.Name)
	case one.At.IsZero():
		return p.T("drill.first", "Who", one.Name, "At", p.Day(one.Next, now))
	case !one.SeenAt.IsZero():
		return p.T("drill.wasseen", "Who", one.Name, "At", p.Day(one.SeenAt, now))
	}
	return p.T("drill.unseen", "Who", one.Name, "At", p.Day(one.At, now))
}

// view draws an exercise for whom it is.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	d, found, err := last(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, fmt.Errorf("view drill %s: %w", v.Subject, err)
	}
	p := v.Print
	if !found {
		return titled(p.T("drill.followed"), bot.Neutral), nil
	}
	keeper := Keeper(v.Space, v.Brand, d.Member, v.Now)
	if !d.SeenAt.IsZero() {
		card := titled(p.T("drill.received", "When", p.When(d.SeenAt, v.Now)), bot.Good)
		card.Blocks = append(card.Blocks, ways(p, d, v.Now)...)
		return card, nil
	}
	card := titled(p.T("drill.title"), bot.Neutral)
	card.Blocks = append(card.Blocks, bot.P(why(v, d)))
	card.Blocks = append(card.Blocks, ways(p, d, v.Now)...)
	if keeper.ID == d.Member { // nobody else sees to it
		card.Blocks = append(card.Blocks, bot.P(p.T("drill.honestalone")))
	} else {
		card.Blocks = append(card.Blocks, bot.P(p.T("drill.honest", "Who", keeper.Name)))
		key := "drill.otherwise"
		if !d.MissedAt.IsZero() {
			key = "drill.told"
		}
		card.Blocks = append(card.Blocks, bot.P(p.T(key, "Who", keeper.Name)))
	}
	card.Buttons = []bot.Button{{Action: "drill.seen", Label: p.T("drill.seen"), Style: bot.Primary}}
	return card, nil
}

func titled(title string, tone bot.Tone) bot.Card {
	return bot.Card{Title: bot.Say(title), Summary: title, Tone: tone}
}

// why says that nothing happened, and whose exercise it is.
func why(v bot.ViewRequest, d Drill) string {
	if d.By == "" {
		return v.Print.T("drill.month", "Brand", v.Brand.Name)
	}
	return v.Print.T("drill.byhand", "Brand", v.Brand.Name, "Who", nameOf(v.Space.Member(d.By)))
}

// ways say by which ways an exercise left, on which it is under way, and by which it
// did not leave. Who reads it in the chat sees that it came there.
func ways(p *i18n.Printer, d Drill, now time.Time) (lines []bot.Block) {
	var left, underway []string
	var broken []bot.Block
	for _, s := range d.Ways {
		name := p.T("drill.way." + string(s.Way))
		switch {
		case s.broken():
			broken = append(broken, bot.P(p.T("drill.broken", "Way", p.T("drill.name."+string(s.Way)), "Why", reason(p, s))))
		case s.Status == outbox.Sent || s.Way == oncall.ByChat:
			left = append(left, name)
		default:
			underway = append(underway, name)
		}
	}
	if len(left) > 0 {
		lines = append(lines, bot.P(p.T("drill.sent", "At", p.At(d.At, now), "Ways", p.List(left...))))
	}
	if len(underway) > 0 {
		lines = append(lines, bot.P(p.T("drill.underway", "Ways", p.List(underway...))))
	}
	return append(lines, broken...)
}

// reason says why something did not leave on a way, as people can use it. What a
// network says of a new try by itself does not hold here: it was tried.
func reason(p *i18n.Printer, s Sent) string {
	args := []any{}
	for name, value := range s.Args {
		if s.Way == oncall.ByPager && name == "Name" {
			value = p.T("drill.name.pager")
		}
		args = append(args, name, value)
	}
	_, end, _ := strings.Cut(s.Reason, ".")
	switch {
	case s.Status == outbox.Expired:
		return p.T("drill.why.late")
	case s.Reason == "outbox.nosender":
		return p.T("drill.why.nosender")
	case s.Way == oncall.ByPager && slices.Contains([]string{"denied", "rejected", "gone"}, end):
		return p.T("drill.why.refused")
	case slices.Contains([]string{"unreachable", "unanswered", "down", "limited"}, end) || s.Status == outbox.Unknown:
		return p.T("drill.why.silent")
	case s.Reason == "" || !p.Has(s.Reason):
		return p.T("drill.why.unplaced")
	}
	return p.T(s.Reason, args...)
}

// trouble is a way that did not work, and for whom.
type trouble struct {
	way oncall.Way
	why string
	who []string
}

// troubles are the ways of a month's exercises that did not work, those of one
// reason together; pure.
func troubles(p *i18n.Printer, all []person) (found []trouble) {
	for _, one := range all {
		for _, s := range one.Ways {
			if !s.broken() {
				continue
			}
			why := reason(p, s)
			at := slices.IndexFunc(found, func(t trouble) bool { return t.way == s.Way && t.why == why })
			if at < 0 {
				at, found = len(found), append(found, trouble{way: s.Way, why: why})
			}
			found[at].who = append(found[at].who, one.Name)
		}
	}
	return found
}

// reportView draws what does not work of a month's exercises, and what to do.
func (c *Chat) reportView(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	all, err := rota(ctx, v.Tx, v.Space, v.Brand)
	if err != nil {
		return bot.Card{}, fmt.Errorf("view drills %s: %w", v.Subject, err)
	}
	all = slices.DeleteFunc(all, func(one person) bool { return one.At.IsZero() || reportOf(v.Brand, one.Drill) != v.Subject })
	p := v.Print
	card := titled(p.T("drill.report", "Brand", v.Brand.Name), bot.Warning)
	for _, t := range troubles(p, all) {
		card.Blocks = append(card.Blocks, bot.P(p.T("drill.brokenfor", "Way", p.T("drill.name."+string(t.way)), "Who", p.List(t.who...), "Why", t.why)+
			" "+p.T("drill.fix."+string(t.way))))
	}
	var missed []string
	for _, one := range all {
		if one.SeenAt.IsZero() && !one.MissedAt.IsZero() {
			missed = append(missed, p.T("drill.missedone", "Who", one.Name, "At", p.Day(one.At, v.Now)))
		}
	}
	if len(missed) > 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("drill.missed", "Who", p.List(missed...))), bot.P(p.T("drill.ask")))
	}
	if len(card.Blocks) == 0 {
		return working(v, all), nil
	}
	card.Blocks = append(card.Blocks, bot.P(p.T("drill.risk")))
	card.Buttons = []bot.Button{{Action: "drill.now", Label: p.T("drill.now")}}
	return card, nil
}

// working says that nothing is known not to work; that it does is only known of
// those who said so.
func working(v bot.ViewRequest, all []person) bot.Card {
	p := v.Print
	var waits []string
	for _, one := range all {
		if one.SeenAt.IsZero() {
			waits = append(waits, one.Name)
		}
	}
	if len(waits) == 0 {
		return titled(p.T("drill.reportgood", "Brand", v.Brand.Name), bot.Good)
	}
	card := titled(p.T("drill.reportwaits", "Brand", v.Brand.Name), bot.Neutral)
	card.Blocks = []bot.Block{bot.P(p.T("drill.waits", "Who", p.List(waits...)))}
	return card
}
