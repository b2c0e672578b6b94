package proof

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Relative is a word whose meaning moves with the schedule ("demain", "ce
// soir", "tonight"). Start and End count code points; Day is what it means for
// the scheduled day, at noon UTC.
type Relative struct {
	Start, End int
	Text       string
	Day        time.Time
}

// Relatives lists the words of text that mean another day when the post moves,
// so that a person who moves it can re-read them. When is the scheduled moment
// in the brand's zone.
func (c *Checker) Relatives(text string, when time.Time) []Relative {
	p := newPage(text, Context{When: when}, c.hints)
	days := frenchRelatives
	if c.lang == "en" {
		days = englishRelatives
	}
	var all []Relative
	for i := 0; i < len(p.tokens); i++ {
		if r, ok := relativeAt(p, i, days); ok {
			all = append(all, Relative{
				Start: p.at(i).start, End: p.at(r.last).end,
				Text: p.span(i, r.last), Day: noon(when).AddDate(0, 0, r.offset),
			})
			i = r.last
		}
	}
	return all
}

// relative is such a word on the page: offset is in days from the schedule.
type relative struct {
	first, last, offset int
	plain               bool // names only the day, so that another may replace it
}

// frenchRelatives and englishRelatives map spellings, with plain hyphens,
// blanks and apostrophes, to their distance in days.
var frenchRelatives = map[string]int{
	"aujourd'hui": 0, "demain": 1, "après-demain": 2, "hier": -1, "avant-hier": -2,
	"ce soir": 0, "ce matin": 0, "ce midi": 0, "cet après-midi": 0, "cette nuit": 0,
}

var englishRelatives = map[string]int{
	"today": 0, "tomorrow": 1, "yesterday": -1, "tonight": 0,
	"this morning": 0, "this afternoon": 0, "this evening": 0,
}

// relativeStart are the words that make a text worth a look for time.
var relativeStart = setOf(`aujourd demain hier soir matin midi nuit today tomorrow yesterday tonight morning afternoon
	evening`)

// relativeFirst are the first words of the two tables.
var relativeFirst = setOf("aujourd demain après hier avant ce cet cette today tomorrow yesterday tonight this")

var plainSpelling = strings.NewReplacer("’", "'", nbsp, " ", "\u202f", " ", "‑", "-")

// relativeAt reads the longest relative word that starts at token i.
func relativeAt(p *page, i int, days map[string]int) (relative, bool) {
	if p.at(i).hint&hintRelative == 0 {
		return relative{}, false
	}
	if left := p.at(i - 1); left.is("-") || left.kind == word {
		return relative{}, false
	}
	for last := i + 4; last >= i; last-- {
		if last >= len(p.tokens) || p.at(last).kind != word || p.at(last+1).is("-") {
			continue
		}
		spelling := plainSpelling.Replace(strings.ToLower(p.span(i, last)))
		if offset, ok := days[spelling]; ok {
			return relative{first: i, last: last, offset: offset, plain: !strings.Contains(spelling, " ") && spelling != "tonight"}, true
		}
	}
	return relative{}, false
}

// relatives are the relative words of the calendar's language.
func (c *calendar) relatives() map[string]int {
	if c.monthDay {
		return englishRelatives
	}
	return frenchRelatives
}

// nameOf is the single word for a distance in days, or "".
func (c *calendar) nameOf(offset int) string {
	names := map[int]string{0: "aujourd’hui", 1: "demain", 2: "après-demain", -1: "hier", -2: "avant-hier"}
	if c.monthDay {
		names = map[int]string{0: "today", 1: "tomorrow", -1: "yesterday"}
	}
	return names[offset]
}

// beside finds the relative word next to tokens first to last: before them
// ("demain, jeudi 26") or after ("jeudi 26, c'est demain").
func (c *calendar) beside(p *page, first, last int) (relative, bool) {
	j := first - 1
	for p.at(j).kind == space || p.at(j).is(",") || p.at(j).is("(") || p.at(j).is("–") || beforeDate[p.at(j).lower] {
		j--
	}
	for start := j; start >= max(0, j-4); start-- {
		if r, ok := relativeAt(p, start, c.relatives()); ok && r.last == j && j < first-1 {
			return r, true
		}
	}
	j = last + 1
	for p.at(j).kind == space || p.at(j).is(",") || p.at(j).is("(") || p.at(j).is("–") || p.at(j).isApostrophe() || afterDate[p.at(j).lower] {
		j++
	}
	if j == last+1 || p.at(j-1).kind == space && p.at(j-2).kind != mark && !afterDate[p.at(j-2).lower] {
		return relative{}, false
	}
	return relativeAt(p, j, c.relatives())
}

var beforeDate = setOf("le ce soit the on")

var afterDate = setOf("c est soit s is that")

// relativeBeside reports "demain, jeudi 26 novembre" when that is not tomorrow
// of the scheduled day.
func (c *calendar) relativeBeside(p *page, d *written, found *findings) {
	if p.when.When.IsZero() || d.borrowed || d.otherMonth != 0 {
		return
	}
	day, ok := c.day(d)
	if !ok {
		return
	}
	r, ok := c.beside(p, d.first, d.last)
	actual := int(day.Sub(noon(p.when.When)).Hours()) / 24
	if !ok || actual == r.offset || actual > 300 || actual < -300 {
		return
	}
	first, last := min(r.first, d.first), max(r.last, d.last)
	wanted := noon(p.when.When).AddDate(0, 0, r.offset)
	problem := p.problem("date-relative", Date, Error, first, last)
	problem.Args = map[string]string{
		"word": p.span(r.first, r.last), "date": c.spoken(wanted), "weekday": c.dayNames[wanted.Weekday()],
	}
	if name := c.nameOf(actual); name != "" && r.plain {
		replaced := c.replaceSpan(p, r, name)
		problem.Fixes = append(problem.Fixes, p.render(first, last, replaced))
	}
	if fix, ok := c.moved(p, d, wanted); ok {
		before, after := "", ""
		if first < d.first {
			before = p.span(first, d.first-1)
		}
		if last > d.last {
			after = p.span(d.last+1, last)
		}
		problem.Fixes = append(problem.Fixes, before+fix+after)
	}
	found.add(problem)
}

// replaceSpan puts a name in place of a relative word of several tokens.
func (c *calendar) replaceSpan(p *page, r relative, name string) map[int]string {
	replaced := map[int]string{r.first: capitalised(name, p.at(r.first).text)}
	for i := r.first + 1; i <= r.last; i++ {
		replaced[i] = ""
	}
	return replaced
}

// relativeAlone reports "demain jeudi" when tomorrow of the scheduled day is
// no Thursday, and "ce soir à 18 h" when the post leaves later.
func (c *calendar) relativeAlone(p *page, all []written, found *findings) {
	if p.when.When.IsZero() {
		return
	}
	for i := 0; i < len(p.tokens); i++ {
		r, ok := relativeAt(p, i, c.relatives())
		if !ok {
			continue
		}
		c.weekdayAfter(p, r, all, found)
		c.hourPast(p, r, found)
		i = r.last
	}
}

func (c *calendar) weekdayAfter(p *page, r relative, all []written, found *findings) {
	j := r.last + 1
	if p.at(j).is(",") || p.at(j).is("(") {
		j++
	}
	if p.at(j).kind == space {
		j++
	}
	if p.at(j).is("(") {
		j++
	}
	weekday, ok := c.weekdays[p.at(j).lower]
	if !ok || j == r.last+1 || len(p.at(j).text) < 5 || p.at(j+2).lower == "prochain" || p.at(j+2).kind == number || startsDate(all, j) {
		return
	}
	when := noon(p.when.When)
	wanted := when.AddDate(0, 0, r.offset)
	if wanted.Weekday() == weekday {
		return
	}
	problem := p.problem("date-relative", Date, Error, r.first, j)
	problem.Args = map[string]string{
		"word": p.span(r.first, r.last), "date": c.spoken(wanted), "weekday": c.dayNames[wanted.Weekday()],
	}
	problem.Fixes = append(problem.Fixes, p.render(r.first, j, map[int]string{j: c.sameWeekday(p.at(j), wanted.Weekday())}))
	for offset := 0; offset <= 2 && r.plain && r.offset >= 0; offset++ {
		if name := c.nameOf(offset); name != "" && when.AddDate(0, 0, offset).Weekday() == weekday {
			problem.Fixes = append(problem.Fixes, p.render(r.first, j, c.replaceSpan(p, r, name)))
		}
	}
	found.add(problem)
}

// startsDate tells whether one of the dates, which are in order, starts at
// token i.
func startsDate(all []written, i int) bool {
	_, found := slices.BinarySearchFunc(all, i, func(d written, i int) int { return d.first - i })
	return found
}

// hourPast reports an hour of the scheduled day itself that is over when the
// post leaves.
func (c *calendar) hourPast(p *page, r relative, found *findings) {
	j := r.last + 1
	for p.at(j).kind == space || beforeHour[p.at(j).lower] {
		j++
	}
	hour, minute, last, ok := readHour(p, j)
	when := p.when.When
	if !ok || r.offset != 0 || hour*60+minute > when.Hour()*60+when.Minute() {
		return
	}
	problem := p.problem("time-past", Date, Warning, r.first, last)
	problem.Args = map[string]string{"time": p.span(j, last), "scheduled": when.Format("15:04")}
	found.add(problem)
}

var beforeHour = setOf("à dès at from")

// readHour reads 18h30, 18 h, 18:30, 6 pm at token i.
func readHour(p *page, i int) (hour, minute, last int, ok bool) {
	if p.at(i).kind != number || len(p.at(i).text) > 2 {
		return 0, 0, 0, false
	}
	hour, j := atoi(p.at(i).text), i+1
	if p.at(j).kind == space {
		j++
	}
	last = j
	if p.at(j).lower == "h" || p.at(j).is(":") {
		if p.at(j+1).kind == space && p.at(j).lower == "h" && p.at(j+2).kind == number {
			j++
		}
		if p.at(j+1).kind == number && len(p.at(j+1).text) == 2 {
			minute, last = atoi(p.at(j+1).text), j+1
		}
		j = last + 1
		if p.at(j).kind == space {
			j++
		}
		ok = true
	}
	switch p.at(j).lower {
	case "pm":
		last, ok = j, true
		if hour < 12 {
			hour += 12
		}
	case "am":
		last, ok = j, true
	default:
		ok = ok && (last != i+1 || p.at(last).lower == "h")
	}
	return hour, minute, last, ok && hour < 24 && minute < 60
}

// pastDeadline reports "jusqu'au 24 novembre" in a post that leaves later.
func (c *calendar) pastDeadline(p *page, d *written, found *findings) {
	day, ok := c.day(d)
	if !ok || p.when.When.IsZero() || d.otherMonth != 0 {
		return
	}
	late := noon(p.when.When).Sub(day)
	if late <= 0 || late > 90*24*time.Hour || !c.announces(p, d.first-1) {
		return
	}
	problem := p.problem("date-past", Date, Warning, d.first, d.last)
	problem.Args = map[string]string{"date": c.spoken(day), "scheduled": c.spoken(noon(p.when.When))}
	found.add(problem)
}

// announces tells whether the words that end at token i announce a day to come.
func (c *calendar) announces(p *page, i int) bool {
	spoken := ""
	for ; i >= 0 && p.at(i).kind != newline && len(spoken) < 24; i-- {
		spoken = plainSpelling.Replace(strings.ToLower(p.at(i).text)) + spoken
	}
	spoken = strings.TrimRight(spoken, " ")
	for _, end := range announcements {
		if before, ok := strings.CutSuffix(spoken, end); ok && (before == "" || !isNamePart(before[len(before)-1])) {
			return true
		}
	}
	return false
}

var announcements = []string{
	"rendez-vous", "rendez-vous le", "rendez-vous au", "rdv", "rdv le", "jusqu'au", "jusqu'à", "inscriptions avant le",
	"avant le", "réservez le", "à partir du", "save the date", "see you on", "join us on", "until", "register by", "register before",
}

// countdown reports "J-3" and "plus que 3 jours" when the one date of the text
// is another number of days away.
func (c *calendar) countdown(p *page, all []written, found *findings) {
	if p.when.When.IsZero() || len(all) != 1 || all[0].otherMonth != 0 {
		return
	}
	day, ok := c.day(&all[0])
	left := int(day.Sub(noon(p.when.When)).Hours()) / 24
	if !ok || left > 300 || left < -30 {
		return
	}
	for i := range p.tokens {
		n, ok := c.countAt(p, i)
		if !ok || atoi(p.at(n).text) == left {
			continue
		}
		first := n
		problem := Problem{}
		if t := p.at(n - 1); t.kind == mark {
			first = n - 2
		}
		problem = p.problem("date-countdown", Date, Error, first, n)
		if left > 0 {
			problem.Fixes = []string{p.render(first, n, map[int]string{n: strconv.Itoa(left)})}
		}
		problem.Args = map[string]string{"date": c.spoken(day), "days": strconv.Itoa(left), "said": p.at(n).text}
		found.add(problem)
	}
}

// countAt returns the token of the number in a countdown that starts at i.
func (c *calendar) countAt(p *page, i int) (int, bool) {
	t := p.at(i)
	switch {
	case (t.text == "J" && !c.monthDay || t.text == "D" && c.monthDay) && p.at(i+1).kind == mark &&
		strings.Contains("-−–‑", p.at(i+1).text) && p.at(i+2).kind == number && len(p.at(i+2).text) < 4:
		return i + 2, p.at(i-1).kind != mark || !p.at(i-1).is("-")
	case t.kind == number && len(t.text) < 4 && p.at(i+1).kind == space:
		before, after := p.at(i-2).lower, p.at(i+2).lower
		wait := !c.monthDay && (before == "dans" || before == "que" && p.at(i-4).lower == "plus") && (after == "jours" || after == "jour")
		wait = wait || c.monthDay && (after == "days" || after == "day") && (before == "in" || p.at(i+4).lower == "left" || p.at(i+4).lower == "to" && p.at(i+6).lower == "go")
		return i, wait && p.at(i-1).kind != mark
	}
	return 0, false
}
