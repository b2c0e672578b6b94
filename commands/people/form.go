package people

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/team"
)

// none is the choice that leaves something to the brand.
const none = "none"

// settingsForm asks what somebody wants for themselves.
func (c *Chat) settingsForm(_ context.Context, r *bot.Request) (bot.Form, error) {
	p, m := r.Print, r.Member
	lang := bot.Field{ID: "lang", Kind: bot.Pick, Label: p.T("people.lang"), Value: []string{orNone(m.Lang)},
		Choices: []bot.Choice{{Value: none, Label: p.T("people.anylang")}}}
	for _, one := range i18n.Langs() {
		lang.Choices = append(lang.Choices, bot.Choice{Value: one, Label: p.T("people.lang." + one)})
	}
	reach := bot.Field{ID: "reach", Kind: bot.Pick, Label: p.T("people.reach"), Value: []string{orNone(m.Reach)},
		Choices: []bot.Choice{{Value: none, Label: p.T("people.everywhere")}}}
	for _, one := range platforms(m) {
		reach.Choices = append(reach.Choices, bot.Choice{Value: one, Label: platform(p, one)})
	}
	if !slices.Contains(platforms(m), m.Reach) {
		reach.Value = []string{none}
	}
	zone := p.Zone
	if there := r.User.Local(); m.Zone == nil && there != nil {
		zone = there
	}
	fields := []bot.Field{lang, reach, bot.ZoneField(p, zone.String(), r.Now)}
	return bot.Form{Action: "people.save", Token: r.Token, Title: p.T("people.form"), Submit: p.T("people.submit"),
		Cancel: p.T("chat.cancel"), Fields: append(fields, bot.WeekFields(p, weekOf(r.Brand, m))...)}, nil
}

func checkSettings(_ context.Context, r *bot.Request) (map[string]string, error) {
	return bot.CheckWeek(r), nil
}

// The earliest and the latest time that a brief is offered at, and the step.
const (
	firstBrief = 7 * 60
	lastBrief  = 12 * 60
	stepBrief  = 30
)

// The choices of the menu about reminders.
const (
	someReminders = "some"
	noReminders   = "no"
)

// noticesForm asks what somebody wants to hear of by themselves.
func noticesForm(_ context.Context, r *bot.Request) (bot.Form, error) {
	p, m := r.Print, r.Member
	brief := bot.Field{ID: "brief", Kind: bot.Pick, Label: p.T("people.brief"), Hint: p.T("people.briefhint"), Value: []string{none},
		Choices: []bot.Choice{{Value: none, Label: p.T("people.nobrief")}}}
	for at := hours.Clock(firstBrief); at <= lastBrief; at += stepBrief {
		brief.Choices = append(brief.Choices, bot.Choice{Value: at.String(), Label: clockOf(r, at)})
	}
	if m.Brief != nil {
		brief.Value = []string{m.Brief.String()}
	}
	remind := bot.Field{ID: "remind", Kind: bot.Pick, Label: p.T("people.remind"), Value: []string{someReminders},
		Choices: []bot.Choice{{Value: someReminders, Label: p.T("people.reminders")}, {Value: noReminders, Label: p.T("people.noreminders")}}}
	if m.Unreminded {
		remind.Value = []string{noReminders}
	}
	return bot.Form{Action: "people.notify", Token: r.Token, Title: p.T("people.notices"), Submit: p.T("people.submit"),
		Cancel: p.T("chat.cancel"), Fields: []bot.Field{brief, remind}}, nil
}

// clockOf says a time of the reader's day.
func clockOf(r *bot.Request, at hours.Clock) string {
	return r.Print.Clock(at.On(r.Now.In(r.Print.Zone)))
}

func codeForm(_ context.Context, r *bot.Request) (bot.Form, error) {
	p := r.Print
	return bot.Form{Action: "people.typed", Token: r.Token, Title: p.T("people.type"), Submit: p.T("people.dolink"),
		Cancel: p.T("chat.cancel"), Fields: []bot.Field{
			{ID: "code", Kind: bot.Line, Label: p.T("people.codefield"), Hint: p.T("people.codehint"), Max: 20}}}, nil
}

func leaveForm(_ context.Context, r *bot.Request) (bot.Form, error) {
	p := r.Print
	return bot.Form{Action: "people.days", Token: r.Token, Title: p.T("people.leave"), Submit: p.T("people.absent"),
		Cancel: p.T("chat.cancel"), Fields: []bot.Field{
			{ID: "from", Kind: bot.Date, Label: p.T("people.from")},
			{ID: "to", Kind: bot.Date, Label: p.T("people.to"), Hint: p.T("people.tohint"), Optional: true}}}, nil
}

func checkDays(_ context.Context, r *bot.Request) (map[string]string, error) {
	leave, field, wrong := formLeave(r)
	if wrong == "" {
		return nil, nil
	}
	return map[string]string{field: r.Print.T(wrong, "Days", sayLeave(r.Print, leave, r.Now))}, nil
}

// formLeave is the absence of the form. wrong is the catalog key of what is wrong
// with it, "" for nothing, and field where.
func formLeave(r *bot.Request) (leave team.Leave, field, wrong string) {
	from, err := time.Parse(time.DateOnly, r.Value("from"))
	if err != nil {
		return leave, "from", "people.badday"
	}
	to, last := from, "from"
	if r.Value("to") != "" {
		last = "to"
		if to, err = time.Parse(time.DateOnly, r.Value("to")); err != nil {
			return leave, last, "people.badday"
		}
	}
	leave = team.Leave{From: hours.DayOf(from), To: hours.DayOf(to)}
	here := r.Now.In(r.Print.Zone)
	noted := func(day hours.Day) bool { return slices.Contains(r.Member.Away, day) }
	switch {
	case to.Before(from):
		return leave, last, "people.endsbefore"
	case before(leave.To, hours.DayOf(here)):
		return leave, last, "people.past"
	case before(hours.DayOf(here.AddDate(0, 0, longestLeave)), leave.To):
		return leave, last, "people.toofar"
	case to.Sub(from) >= longestLeave*24*time.Hour:
		return leave, "from", "people.toolong"
	case !slices.ContainsFunc(leave.Days(), func(day hours.Day) bool { return !noted(day) }):
		return leave, "from", "people.already"
	}
	return leave, "", ""
}

// personField is the field of somebody looked for.
const personField = "person"

// lookForm asks who somebody is.
func (c *Chat) lookForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	p, who := r.Print, bot.Field{ID: personField, Kind: bot.Pick, Label: r.Print.T("people.who")}
	var err error
	if who.Choices, err = c.known(ctx, r); err != nil {
		return bot.Form{}, err
	}
	return bot.Form{Action: "people.about", Token: r.Token, Title: p.T("people.look"), Submit: p.T("people.showsheet"),
		Cancel: p.T("chat.cancel"), Fields: []bot.Field{who.Bounded(p)}}, nil
}

func orNone(value string) string {
	if value == "" {
		return none
	}
	return value
}

// weekOf is when the member works, for a brand or before there is one.
func weekOf(b *brand.Brand, m *brand.Member) hours.Week {
	switch {
	case m.Hours != nil:
		return *m.Hours
	case b != nil:
		return b.Hours
	}
	return hours.Week{}
}

// platforms are where the member is known, in a fixed order.
func platforms(m *brand.Member) []string {
	var all []string
	for key := range maps.Keys(m.Handles) {
		name, _, _ := strings.Cut(key, ":")
		all = append(all, name)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func platform(p *i18n.Printer, name string) string { return p.T("people.platform." + name) }
