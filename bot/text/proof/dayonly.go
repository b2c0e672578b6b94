package proof

import "time"

// lonelyDay reports "jeudi 27 !" when no 27th near the scheduled day is a
// Thursday. It wants nothing countable after the number ("jeudi 12 personnes").
func (c *calendar) lonelyDay(p *page, all []written, found *findings) {
	if p.when.When.IsZero() {
		return
	}
	for i := range p.tokens {
		if p.tokens[i].hint&hintCalendar == 0 {
			continue
		}
		weekday, ok := c.weekdays[p.at(i).lower]
		if !ok || len(p.at(i).text) < 5 || startsDate(all, i) {
			continue
		}
		d := written{first: i, weekday: i, month: -1, end: -1, yearToken: -1, saidWeekday: weekday}
		j, ok := c.readDay(p, c.skipFiller(p, i+1), &d)
		if !ok || d.saidDay > 31 || !c.endsDay(p, j) || p.at(i+1).kind != space {
			continue
		}
		d.first = i
		if next, ok := nextSuch(d.saidDay, noon(p.when.When)); ok && !c.matchesNear(d, noon(p.when.When)) {
			d.saidMonth = next.Month()
			c.reportWeekday(p, &d, next, found)
		}
	}
}

// endsDay tells whether the number before token j is a day: the sentence ends
// there or goes on with a little word.
func (c *calendar) endsDay(p *page, j int) bool {
	t := p.at(j)
	switch {
	case t.kind == newline:
		return true
	case t.kind == mark:
		return t.is("!") || t.is("…") || t.is(")") || (t.is(",") || t.is(".")) && p.at(j+1).kind != number
	case t.kind != space:
		return false
	}
	next := p.at(j + 1)
	return afterDay[next.lower] || next.is("!") || next.is("?") || next.is("–") || next.kind == newline
}

var afterDay = setOf("à de dès pour et dans chez avec sur at from for and in with")

// nextSuch is the next day with this number, from the scheduled one on; a few
// days late still count as this month's.
func nextSuch(number int, when time.Time) (time.Time, bool) {
	for months := range 3 {
		first := time.Date(when.Year(), when.Month()+time.Month(months), 1, 12, 0, 0, 0, time.UTC)
		day := first.AddDate(0, 0, number-1)
		if day.Month() == first.Month() && day.Sub(when) > -8*24*time.Hour {
			return day, true
		}
	}
	return time.Time{}, false
}

// matchesNear tells whether the day said exists from two weeks before the
// schedule to two months after.
func (c *calendar) matchesNear(d written, when time.Time) bool {
	for days := -14; days <= 62; days++ {
		if day := when.AddDate(0, 0, days); day.Day() == d.saidDay && day.Weekday() == d.saidWeekday {
			return true
		}
	}
	return false
}
