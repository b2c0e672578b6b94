package calendar

import (
	"slices"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// ownLines are a member's statement, in full.
func ownLines(p *i18n.Printer, s Statement, now time.Time) (lines []string) {
	var duties, calls []string
	for _, d := range s.Duties {
		duties = append(duties, p.When(d.From, now))
	}
	for _, call := range s.Calls {
		calls = append(calls, p.When(call.At, now))
	}
	if s.Days > 0 {
		lines = append(lines, p.T("calendar.stated.oncall", "Count", s.Days, "Long", span(p, s.OnCall)))
	}
	if len(duties) > 0 {
		lines = append(lines, p.T("calendar.stated.duties", "Count", len(duties), "Long", span(p, s.OnDuty()), "Dates", some(p, duties)))
	}
	if len(calls) > 0 {
		lines = append(lines, p.T("calendar.stated.calls", "Count", len(calls), "Long", span(p, s.Answering()), "Dates", some(p, calls)))
	}
	if s.Cut > 0 {
		lines = append(lines, p.T("calendar.stated.rest", "Count", s.Cut, "Long", span(p, s.Due)))
	}
	return lines
}

// listed is how many dates one line of a statement has, and how many people the
// team's: the others are counted.
const listed = 6

func some(p *i18n.Printer, all []string) string {
	if others := len(all) - listed; others > 0 {
		all = append(slices.Clone(all[:listed]), p.T("calendar.stated.others", "Count", others))
	}
	return p.List(all...)
}

// teamLines are the team's statement, a line for each person.
func teamLines(p *i18n.Printer, space *brand.Space, all []Statement) (lines []string) {
	for _, s := range all[:min(listed, len(all))] {
		var did []string
		if s.Days > 0 {
			did = append(did, p.T("calendar.stated.team.oncall", "Long", span(p, s.OnCall)))
		}
		if n := len(s.Duties); n > 0 {
			did = append(did, p.T("calendar.stated.team.duties", "Count", n, "Long", span(p, s.OnDuty())))
		}
		if n := len(s.Calls); n > 0 {
			did = append(did, p.T("calendar.stated.team.calls", "Count", n, "Long", span(p, s.Answering())))
		}
		if s.Cut > 0 {
			did = append(did, p.T("calendar.stated.team.rest", "Long", span(p, s.Due)))
		}
		lines = append(lines, p.T("calendar.stated.team", "Who", memberName(space, s.Member), "What", p.List(did...)))
	}
	if others := len(all) - listed; others > 0 {
		lines = append(lines, p.T("calendar.stated.others", "Count", others))
	}
	return lines
}

// span says a length of time in hours, however many.
func span(p *i18n.Printer, d time.Duration) string {
	if d < 48*time.Hour {
		return p.Duration(d)
	}
	return p.T("calendar.stated.hours", "Hours", p.Number(int(d.Round(time.Hour)/time.Hour)))
}
