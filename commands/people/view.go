package people

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/team"
)

// card says who the person is here, and offers to change it.
func card(r *bot.Request) bot.Card {
	p, m := r.Print, r.Member
	var known []string
	for _, one := range platforms(m) {
		known = append(known, platform(p, one))
	}
	c := bot.Card{Title: bot.Say(m.Name), Blocks: []bot.Block{
		bot.P(p.T("people.roles", "Roles", rolesOf(p, m))),
		bot.P(p.T("people.known", "Where", p.List(known...))),
		bot.P(p.T("people.zone", "City", p.City(p.Zone.String()), "Clock", p.Clock(r.Now))),
	}}
	if week := weekOf(r.Brand, m); bot.SayWeek(p, week) != "" {
		c.Blocks = append(c.Blocks, bot.P(p.T("people.week", "Week", bot.SayWeek(p, week))))
	}
	away := next(r, m)
	if away != "" {
		c.Blocks = append(c.Blocks, bot.P(p.T("people.isaway", "Days", away)))
	}
	if m.Reach != "" && len(known) > 1 {
		c.Blocks = append(c.Blocks, bot.P(p.T("people.reached", "Where", platform(p, m.Reach))))
	}
	if m.Brief != nil {
		c.Blocks = append(c.Blocks, bot.P(p.T("people.briefat", "At", clockOf(r, *m.Brief))))
	}
	if m.Unreminded {
		c.Blocks = append(c.Blocks, bot.P(p.T("people.unreminded")))
	}
	c.Buttons = []bot.Button{{Action: "people.settings", Label: p.T("people.settings"), Style: bot.Primary},
		{Action: "people.leave", Label: p.T("people.leave")}, {Action: "people.code", Label: p.T("people.linkmore")}}
	c.MoreLabel = p.T("chat.more")
	c.More = []bot.Button{{Action: "people.notices", Label: p.T("people.notices")}, {Action: "people.type", Label: p.T("people.type")}}
	if away != "" {
		c.More = append(c.More, bot.Button{Action: "people.back", Label: p.T("people.back")})
	}
	if len(m.Handles) > 1 {
		for _, one := range platforms(m) {
			if one != string(r.Platform) { // nobody cuts the branch they sit on
				c.More = append(c.More, bot.Button{Action: "people.unlink", Arg: one, Label: p.T("people.unlink", "Where", platform(p, one))})
			}
		}
	}
	return c
}

func rolesOf(p *i18n.Printer, m *brand.Member) string {
	var roles []string
	for _, role := range m.All() {
		roles = append(roles, strings.ToLower(p.T("people.role."+string(role))))
	}
	return p.List(roles...)
}

// next says a member's absence that is under way or the next one, "" if there is
// none.
func next(r *bot.Request, m *brand.Member) string {
	for _, leave := range ahead(m.Away, hours.DayOf(r.Now.In(r.Print.Zone))) {
		return sayLeave(r.Print, leave, r.Now)
	}
	return ""
}

// ahead are the absences that days off make from today on, in order; pure.
func ahead(away hours.Days, today hours.Day) (all []team.Leave) {
	days := slices.DeleteFunc(slices.Clone(away), func(d hours.Day) bool { return before(d, today) })
	slices.SortFunc(days, func(a, b hours.Day) int {
		return cmp.Or(a.Year-b.Year, int(a.Month-b.Month), a.Day-b.Day)
	})
	for _, day := range slices.Compact(days) {
		last := len(all) - 1
		if last >= 0 && day == hours.DayOf(noon(all[last].To, time.UTC).AddDate(0, 0, 1)) {
			all[last].To = day
			continue
		}
		all = append(all, team.Leave{From: day, To: day})
	}
	return all
}

// sayLeave says the days of an absence.
func sayLeave(p *i18n.Printer, leave team.Leave, now time.Time) string {
	from := p.Day(noon(leave.From, p.Zone), now)
	if leave.From == leave.To {
		return p.T("people.oneday", "Day", from)
	}
	return p.T("people.somedays", "From", from, "To", p.Day(noon(leave.To, p.Zone), now))
}
