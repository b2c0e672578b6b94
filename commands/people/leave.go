package people

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/team"
)

// longestLeave is how far a leave may end ahead, in days; what is longer was
// misread.
const longestLeave = 370

// ReadLeave finds the days of an absence in plain words, French or English: "du
// 3 au 7", "from Monday to Wednesday", "demain", "le 12 décembre", "next week".
// Days are those of now's zone; ok is false when there are none. It reads days
// only: whether the words are about an absence, the caller knows.
func ReadLeave(text string, now time.Time) (leave team.Leave, ok bool) {
	words := strings.Fields(pieces.Replace(i18n.Fold(text)))
	today := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, now.Location())
	for i := range words {
		if two := strings.Join(words[i:min(i+2, len(words))], " "); two == "semaine prochaine" || two == "next week" {
			monday := today.AddDate(0, 0, 7-(int(today.Weekday())+6)%7)
			return team.Leave{From: hours.DayOf(monday), To: hours.DayOf(monday.AddDate(0, 0, 6))}, true
		}
	}
	days := said(words, today)
	if len(days) == 0 {
		return leave, false
	}
	from, to := today, today
	switch first, last := days[0], days[min(len(days), 2)-1]; {
	case len(days) == 1 && first.since:
		return leave, false // until when?
	case len(days) == 1 && first.until:
		to, ok = search(first, today, 1)
	case len(days) == 1:
		from, ok = search(first, today, 1)
		to = from
	case first.ahead:
		if from, ok = search(first, today, 1); ok {
			to, ok = search(last, from, 1)
		}
	default: // what is under way began before: the end is what lies ahead
		if to, ok = search(last, today, 1); ok {
			from, ok = search(first, to, -1)
		}
	}
	return team.Leave{From: hours.DayOf(from), To: hours.DayOf(to)}, ok && ofYears(words, from.Year(), to.Year())
}

// ofYears says whether the years among the words, if any, are these.
func ofYears(words []string, years ...int) bool {
	return !slices.ContainsFunc(words, func(word string) bool {
		year, err := strconv.Atoi(word)
		return err == nil && len(word) == 4 && !slices.Contains(years, year)
	})
}

// beginsWithDay says whether words after "on leave" are nothing, or begin with
// days; "leave us a comment by Friday" is about something else.
func beginsWithDay(text string, now time.Time) bool {
	words := strings.Fields(pieces.Replace(i18n.Fold(text)))
	if len(words) == 0 {
		return true
	}
	words = words[:min(len(words), mostBefore)]
	_, ok := ReadLeave(strings.Join(words, " "), now)
	return ok || len(said(words, now)) > 0
}

// mostBefore is how many words the first day may take: "from the 3rd".
const mostBefore = 3

var pieces = strings.NewReplacer(",", " ", ".", " ", ";", " ", "!", " ", "?", " ", "(", " ", ")", " ", "’", " ", "'", " ",
	"–", " - ", "-", " - ")

// aDay is a day as people say it: which days it may be. ahead says that the next
// such day is meant (Monday), until that it ends an absence that begins today,
// since that it begins one.
type aDay struct {
	fits  func(time.Time) bool
	ahead bool
	until bool
	since bool
}

// search is the first day from start on, forwards or backwards, that fits.
func search(d aDay, start time.Time, step int) (time.Time, bool) {
	for n := range longestLeave {
		if day := start.AddDate(0, 0, n*step); d.fits(day) {
			return day, true
		}
	}
	return time.Time{}, false
}

// said finds the days among the words.
func said(words []string, today time.Time) (days []aDay) {
	for i := 0; i < len(words); i++ {
		d, used := dayAt(words, i, today)
		if used == 0 {
			continue
		}
		before := words[max(i-2, 0):i]
		among := func(marks ...string) bool {
			return slices.ContainsFunc(before, func(word string) bool { return slices.Contains(marks, word) })
		}
		d.until, d.since = among("jusqu", "until", "till"), among("partir", "des", "depuis", "from", "starting", "since")
		days = append(days, d)
		i += used - 1
	}
	return days
}

var (
	slashed = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})$`)
	ordinal = regexp.MustCompile(`^(\d{1,2})(er|st|nd|rd|th)?$`)
)

// dayAt reads a day at the words from i on; used is how many of them it took.
func dayAt(words []string, i int, today time.Time) (d aDay, used int) {
	at := func(n int) string {
		if i+n < len(words) && i+n >= 0 {
			return words[i+n]
		}
		return ""
	}
	exactly := func(n int) aDay {
		day := hours.DayOf(today.AddDate(0, 0, n))
		return aDay{fits: func(t time.Time) bool { return hours.DayOf(t) == day }, ahead: true}
	}
	switch word := at(0); {
	case word == "demain" && at(-1) == "-" && at(-2) == "apres", word == "tomorrow" && at(-1) == "after":
		return exactly(2), 1
	case word == "demain" || word == "tomorrow":
		return exactly(1), 1
	case word == "today" || word == "hui":
		return exactly(0), 1
	case len(word) == 4 && at(1) == "-" && at(3) == "-": // 2026-12-03
		return dated(number(at(4)), number(at(2))), 5
	case slashed.MatchString(word):
		parts := slashed.FindStringSubmatch(word)
		return dated(number(parts[1]), number(parts[2])), 1
	case month(word) > 0 && number(at(1)) > 0: // December 3rd
		return dated(number(at(1)), month(word)), 2
	case weekday(word) >= 0 && number(at(1)) > 0 && !counts(at(2)): // lundi 3: the number says it
		d, used = dayAt(words, i+1, today)
		return d, used + min(used, 1)
	case weekday(word) >= 0:
		day := time.Weekday(weekday(word))
		return aDay{fits: func(t time.Time) bool { return t.Weekday() == day && t.After(today) }, ahead: true}, 1
	case number(word) > 0 && at(1) == "of" && month(at(2)) > 0:
		return dated(number(word), month(at(2))), 3
	case number(word) > 0 && month(at(1)) > 0:
		return dated(number(word), month(at(1))), 2
	case number(word) > 0 && (introduced(at(-1)) || at(1) == "-") && !counts(at(1)):
		return dated(number(word), 0), 1
	}
	return aDay{}, 0
}

// dated is that day of that month, or of any month when it was not said.
func dated(day, month int) aDay {
	return aDay{fits: func(t time.Time) bool { return t.Day() == day && (month == 0 || int(t.Month()) == month) }}
}

func number(word string) int {
	parts := ordinal.FindStringSubmatch(word)
	if parts == nil {
		return 0
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil || n > 31 {
		return 0
	}
	return n
}

// introduced says that a bare number after the word is a day of the month.
func introduced(word string) bool {
	return slices.Contains([]string{"le", "du", "au", "the", "from", "to", "on", "until", "till", "-", "and", "et"}, word) || weekday(word) >= 0
}

// counts says that a number before the word counts something, and is no day.
func counts(word string) bool {
	return slices.Contains([]string{"h", "heures", "hours", "jours", "jour", "days", "day", "semaines", "weeks", "mois", "months", "%", "min"}, word)
}

func month(word string) int {
	for n, names := range [][]string{{"janvier", "january", "jan"}, {"fevrier", "february", "feb", "fev"}, {"mars", "march", "mar"},
		{"avril", "april", "apr", "avr"}, {"mai", "may"}, {"juin", "june", "jun"}, {"juillet", "july", "jul"},
		{"aout", "august", "aug"}, {"septembre", "september", "sept", "sep"}, {"octobre", "october", "oct"},
		{"novembre", "november", "nov"}, {"decembre", "december", "dec"}} {
		if slices.Contains(names, word) {
			return n + 1
		}
	}
	return 0
}

func weekday(word string) int {
	for n, names := range [][]string{{"dimanche", "sunday", "sun"}, {"lundi", "monday", "mon"}, {"mardi", "tuesday", "tue"},
		{"mercredi", "wednesday", "wed"}, {"jeudi", "thursday", "thu"}, {"vendredi", "friday", "fri"}, {"samedi", "saturday"}} {
		if slices.Contains(names, word) {
			return n
		}
	}
	return -1
}

// ErrNoted says that all days of an absence are kept already.
var ErrNoted = errors.New("absence kept before")

// Absent keeps an absence, as one with those that it overlaps, and returns it as
// it is kept; one that is over is forgotten by then. It wins over whatever duty
// the member agreed to.
func (e *Engine) Absent(ctx context.Context, tx *state.Tx, m *brand.Member, leave team.Leave) (team.Leave, error) {
	overlay, err := team.Get(ctx, tx)
	if err != nil {
		return leave, err
	}
	p := overlay.Person(m.ID)
	whole, others := joined(p.Away, leave)
	if slices.Contains(p.Away, whole) {
		return whole, ErrNoted
	}
	if err := e.Duties.Away(ctx, tx, m, leave); err != nil {
		return whole, err
	}
	today := hours.DayOf(tx.Now())
	p.Away = append(slices.DeleteFunc(others, func(l team.Leave) bool { return before(l.To, today) }), whole)
	return whole, e.keep(ctx, tx, overlay, p, m.ID, "person.away", nil)
}

// joined is an absence together with those that it overlaps, and the others; pure.
func joined(away []team.Leave, leave team.Leave) (whole team.Leave, others []team.Leave) {
	whole = leave
	for _, one := range away {
		if before(one.To, leave.From) || before(leave.To, one.From) {
			others = append(others, one)
			continue
		}
		if before(one.From, whole.From) {
			whole.From = one.From
		}
		if before(whole.To, one.To) {
			whole.To = one.To
		}
	}
	return whole, others
}

// Back takes every absence back.
func (e *Engine) Back(ctx context.Context, tx *state.Tx, m *brand.Member) error {
	return e.Change(ctx, tx, m.ID, "person.back", func(p *team.Person) { p.Away = nil })
}

func before(a, b hours.Day) bool {
	return slices.Compare([]int{a.Year, int(a.Month), a.Day}, []int{b.Year, int(b.Month), b.Day}) < 0
}
