package proof

import (
	"strconv"
	"strings"
	"time"
)

// calendar holds a language's words for days and months.
type calendar struct {
	weekdays map[string]time.Weekday // full names and abbreviations
	months   map[string]time.Month
	dayNames [7]string
	short    [7]string // abbreviations, without full stop
	names    [12]string
	suffix   map[string]bool // what may stick to the day: "er", "th"
	filler   map[string]bool // what may stand between weekday, day and month
	monthDay bool            // "November 26" is a date
	links    map[string]bool // words between the days of a range or list
}

var frenchCalendar = newCalendar(
	"dimanche lundi mardi mercredi jeudi vendredi samedi", "dim lun mar mer jeu ven sam",
	"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
	"janv=1 jan=1 févr=2 fév=2 fevrier=2 fev=2 avr=4 juil=7 aout=8 sept=9 oct=10 nov=11 déc=12 dec=12 decembre=12",
	"er", "le prochain", "au et ou à", false)

var englishCalendar = newCalendar(
	"Sunday Monday Tuesday Wednesday Thursday Friday Saturday", "Sun Mon Tue Wed Thu Fri Sat",
	"January February March April May June July August September October November December",
	"jan=1 feb=2 mar=3 apr=4 jun=6 jul=7 aug=8 sept=9 sep=9 oct=10 nov=11 dec=12",
	"st nd rd th", "the of", "to and or through until", true)

func newCalendar(days, short, months, abbreviations, suffix, filler, links string, monthDay bool) *calendar {
	c := &calendar{weekdays: map[string]time.Weekday{}, months: map[string]time.Month{}, monthDay: monthDay}
	for i, name := range strings.Fields(days) {
		c.dayNames[i] = name
		c.weekdays[strings.ToLower(name)] = time.Weekday(i)
	}
	for i, name := range strings.Fields(short) {
		c.short[i] = name
		c.weekdays[strings.ToLower(name)] = time.Weekday(i)
	}
	for i, name := range strings.Fields(months) {
		c.names[i] = name
		c.months[strings.ToLower(name)] = time.Month(i + 1)
	}
	for _, entry := range strings.Fields(abbreviations) {
		name, n, _ := strings.Cut(entry, "=")
		month, _ := strconv.Atoi(n)
		c.months[name] = time.Month(month)
	}
	c.suffix, c.filler, c.links = setOf(suffix), setOf(filler), setOf(links)
	return c
}

// written is a date as the text has it. Token indices are -1 for what is not
// there.
type written struct {
	first, last              int
	weekday, day, month, end int // tokens; end is the suffix of the day
	yearToken                int
	saidWeekday              time.Weekday
	saidDay, year            int // year 0: not said
	near                     int // the year that is meant; 0 when that can't be known
	saidMonth                time.Month
	otherMonth, otherDay     int // the second reading of 11/26; 0 when there is one only
	borrowed                 bool
	later                    int // days of the same range read before this one
}

// maxRange is the number of days that may share one month ("les 3, 4 et 5 mai").
const maxRange = 6

// render writes the tokens of d with some of them replaced.
func (p *page) render(first, last int, replaced map[int]string) string {
	var out strings.Builder
	for i := first; i <= last; i++ {
		if s, ok := replaced[i]; ok {
			out.WriteString(s)
			continue
		}
		out.WriteString(p.tokens[i].text)
	}
	return out.String()
}

// dates finds the dates of a page, in order.
func (c *calendar) dates(p *page) []written {
	var all []written
	for i := 0; i < len(p.tokens); i++ {
		if t := &p.tokens[i]; t.hint&hintCalendar == 0 && t.kind != number {
			continue
		}
		if d, ok := c.dateAt(p, i); ok {
			all = append(all, d)
			if !d.borrowed {
				i = d.last
			} else {
				i = d.day
			}
		}
	}
	return all
}

// dateAt reads a date that starts at token i.
func (c *calendar) dateAt(p *page, i int) (written, bool) {
	d := written{first: i, weekday: -1, day: -1, month: -1, end: -1, yearToken: -1}
	if t := p.at(i); t.kind == word {
		if weekday, ok := c.weekdays[t.lower]; ok {
			d.weekday, d.saidWeekday = i, weekday
			i = c.skipFiller(p, i+1)
		}
	} else if left := p.at(i - 1); left.kind == mark && strings.Contains("/.,-:", left.text) || left.kind == word {
		return d, false
	}
	ok := c.readISO(p, i, &d) || c.readNumeric(p, i, &d) || c.readDayMonth(p, i, &d) || c.monthDay && c.readMonthDay(p, i, &d)
	if ok && d.weekday < 0 {
		c.readWeekdayAfter(p, &d)
	}
	return d, ok
}

// readWeekdayAfter reads the weekday of "26 novembre (jeudi)".
func (c *calendar) readWeekdayAfter(p *page, d *written) {
	i := d.last + 1
	if p.at(i).kind == space {
		i++
	}
	weekday, ok := c.weekdays[p.at(i+1).lower]
	if ok && p.at(i).is("(") && p.at(i+2).is(")") {
		d.weekday, d.saidWeekday, d.last = i+1, weekday, i+1
	}
}

// skipFiller passes blanks, a comma, an abbreviation's full stop and words such
// as "le" or "the".
func (c *calendar) skipFiller(p *page, i int) int {
	if p.at(i).is(".") {
		i++
	}
	if p.at(i).is(",") {
		i++
	}
	for p.at(i).kind == space {
		i++
		if next := p.at(i + 1); c.filler[p.at(i).lower] && (next.kind == space || next.is(",")) {
			i++
		}
		if p.at(i).is(",") {
			i++
		}
	}
	return i
}

// readDay reads the number of a day and its suffix; it returns the next token.
func (c *calendar) readDay(p *page, i int, d *written) (int, bool) {
	t := p.at(i)
	if t.kind != number || len(t.text) > 2 {
		return i, false
	}
	d.day, d.saidDay = i, atoi(t.text)
	if c.suffix[p.at(i+1).lower] {
		i++
		d.end = i
	}
	d.last = i
	return i + 1, d.saidDay > 0
}

// readDayMonth reads "26 novembre 2026", and "26" when the month follows a
// later day of the same range ("26 au 28 novembre").
func (c *calendar) readDayMonth(p *page, i int, d *written) bool {
	i, ok := c.readDay(p, i, d)
	if !ok {
		return false
	}
	j := c.skipFiller(p, i)
	if month, ok := c.months[p.at(j).lower]; ok && p.at(i).kind == space {
		d.month, d.last, d.saidMonth = j, j, month
		c.readYear(p, j+1, d)
		return true
	}
	return d.later < maxRange && c.borrowMonth(p, i, d)
}

// borrowMonth takes the month of a range from its last day.
func (c *calendar) borrowMonth(p *page, i int, d *written) bool {
	if d.weekday < 0 {
		return false
	}
	j := c.skipFiller(p, i)
	if t := p.at(j); c.links[t.lower] || t.is("-") || t.is("–") || t.is("/") || t.is("&") || t.is("+") {
		j = c.skipFiller(p, j+1)
	} else if !p.at(i).is(",") {
		return false
	}
	later := written{later: d.later + 1, weekday: -1, end: -1, month: -1, yearToken: -1}
	if _, ok := c.weekdays[p.at(j).lower]; ok {
		later.weekday = j
		j = c.skipFiller(p, j+1)
	}
	if !c.readDayMonth(p, j, &later) || later.saidDay < d.saidDay {
		return false
	}
	d.saidMonth, d.year, d.borrowed = later.saidMonth, later.year, true
	return true
}

// readMonthDay reads "November 26th, 2026".
func (c *calendar) readMonthDay(p *page, i int, d *written) bool {
	month, ok := c.months[p.at(i).lower]
	if !ok || !p.at(i).isCapital() || p.at(i+1).kind == newline {
		return false
	}
	d.month, d.saidMonth = i, month
	j, ok := c.readDay(p, c.skipFiller(p, i+1), d)
	if !ok || p.at(j).is(":") || p.at(j).is(".") && p.at(j+1).kind == number {
		return false
	}
	c.readYear(p, j, d)
	return true
}

// readYear reads a year of four digits.
func (c *calendar) readYear(p *page, i int, d *written) {
	j := c.skipFiller(p, i)
	if t := p.at(j); j > i && t.kind == number && len(t.text) == 4 && t.text >= "1900" && t.text < "2200" {
		d.year, d.yearToken, d.last = atoi(t.text), j, j
	}
}

// readNumeric reads 26/11, 26/11/2026, 26-11-2026 and 26.11.2026.
func (c *calendar) readNumeric(p *page, i int, d *written) bool {
	day, sep, month := p.at(i), p.at(i+1), p.at(i+2)
	if day.kind != number || month.kind != number || len(day.text) > 2 || len(month.text) > 2 {
		return false
	}
	year := p.at(i + 4)
	withYear := p.at(i+3).text == sep.text && year.kind == number && (len(year.text) == 4 || len(year.text) == 2 && sep.is("/"))
	if !sep.is("/") && !(withYear && (sep.is("-") || sep.is("."))) || !withYear && (d.weekday < 0 || p.at(i+3).is("/")) {
		return false
	}
	if end := i + 4; withYear && p.at(end+1).text == sep.text && p.at(end+2).kind == number {
		return false // a version, an address
	}
	d.day, d.month, d.last = i, i+2, i+2
	d.saidDay, d.saidMonth = atoi(day.text), time.Month(atoi(month.text))
	if withYear {
		d.year, d.yearToken, d.last = atoi(year.text), i+4, i+4
		if len(year.text) == 2 {
			d.year += 2000
		}
	}
	if d.year != 0 && (d.year < 1900 || d.year >= 2200) {
		return false
	}
	if c.monthDay && d.saidMonth > 12 {
		d.day, d.month = d.month, d.day
		d.saidDay, d.saidMonth = int(d.saidMonth), time.Month(d.saidDay)
	} else if c.monthDay && d.saidDay <= 12 && d.saidDay != int(d.saidMonth) {
		d.otherDay, d.otherMonth = int(d.saidMonth), d.saidDay
	}
	return d.saidDay > 0 && d.saidMonth > 0
}

// readISO reads 2026-11-26.
func (c *calendar) readISO(p *page, i int, d *written) bool {
	year, month, day := p.at(i), p.at(i+2), p.at(i+4)
	if len(year.text) != 4 || len(month.text) != 2 || len(day.text) != 2 || !p.at(i+1).is("-") || !p.at(i+3).is("-") ||
		year.kind != number || month.kind != number || day.kind != number || year.text < "1900" || year.text >= "2200" {
		return false
	}
	d.day, d.month, d.yearToken, d.last = i+4, i+2, i, i+4
	d.saidDay, d.saidMonth, d.year = atoi(day.text), time.Month(atoi(month.text)), atoi(year.text)
	return true
}

// atoi reads a short run of digits; what is too long is no date.
func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}
