package calendar

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// ErrPeriod says that words name neither a time nor a network.
var ErrPeriod = errors.New("neither a time nor a network")

// usualDays is how far the plan looks when no time was said.
const usualDays = 7

// Period is some days of a brand's calendar, on one account or on all.
type Period struct {
	From    time.Time // the first day at midnight, in the brand's zone
	Days    int
	Account string // ID; "" for all
}

// Until is the midnight after the last day.
func (p Period) Until() time.Time { return p.From.AddDate(0, 0, p.Days) }

// next is the same length of time, right after; after a month, a month.
func (p Period) next() Period {
	after := Period{From: p.Until(), Days: p.Days, Account: p.Account}
	if p.From.Day() == 1 && p.Days > usualDays {
		after.Days = wholeMonth(after.From).Days
	}
	return after
}

// String names the period for a card's subject; parsePeriod reads it back.
func (p Period) String() string {
	return p.From.Format(time.DateOnly) + "/" + strconv.Itoa(p.Days) + "/" + p.Account
}

func parsePeriod(text string, zone *time.Location) (Period, error) {
	parts := strings.Split(text, "/")
	if len(parts) != 3 {
		return Period{}, ErrPeriod
	}
	from, err := time.ParseInLocation(time.DateOnly, parts[0], zone)
	days, wrong := strconv.Atoi(parts[1])
	if err != nil || wrong != nil || days < 1 || days > 31 {
		return Period{}, ErrPeriod
	}
	return Period{From: from, Days: days, Account: parts[2]}, nil
}

// ReadPeriod understands what people say after /plan, in French or English: a
// time ("demain", "next week", "vendredi", "décembre", "26/11"), a network of
// the brand, or both. Nothing said is the coming week.
func ReadPeriod(said string, b *brand.Brand, now time.Time) (Period, error) {
	today := startOfDay(now.In(b.Zone))
	words := " " + strings.Join(strings.FieldsFunc(i18n.Fold(said), func(r rune) bool {
		return strings.ContainsRune(" ,;'’\u00a0\u202f?!.…", r)
	}), " ") + " "
	account, rest := takeAccount(words, b)
	period := Period{From: today, Days: usualDays}
	if left := meaningful(rest); len(left) > 0 {
		var ok bool
		if period, ok = spoken(left, today); !ok {
			return Period{}, ErrPeriod
		}
	}
	period.Account = account
	return period, nil
}

// takeAccount finds an account of the brand by its name, its network's or its
// own, the longest first, and takes it out of the words.
func takeAccount(words string, b *brand.Brand) (id, rest string) {
	name := ""
	for _, account := range b.Accounts {
		for _, alias := range []string{account.Name, account.ID, account.Shows, account.Network} {
			alias = i18n.Fold(alias)
			if len(alias) > len(name) && strings.Contains(words, " "+alias+" ") {
				id, name = account.ID, alias
			}
		}
	}
	return id, strings.Replace(words, " "+name+" ", " ", 1)
}

// fillers say nothing about which days are meant.
var fillers = strings.Fields("de du la le les l d pour sur en au a ce cet cette of for on the in at this planning plan jour day")

// meaningful are the words that say which days, a day's number without its ending.
func meaningful(words string) []string {
	left := slices.DeleteFunc(strings.Fields(words), func(w string) bool { return slices.Contains(fillers, w) })
	for i, word := range left {
		for _, ending := range []string{"er", "st", "nd", "rd", "th"} {
			if day, ok := strings.CutSuffix(word, ending); ok && number(day) > 0 {
				left[i] = day
			}
		}
	}
	return left
}

var nextWords = []string{"prochain", "prochaine", "next", "suivant", "suivante", "following"}

// spoken turns words into days; pure.
func spoken(words []string, today time.Time) (Period, bool) {
	bare := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(nextWords, w) })
	next := len(bare) < len(words)
	text := strings.Join(bare, " ")
	if offset, ok := dayWords[text]; ok && !next {
		return Period{From: today.AddDate(0, 0, offset), Days: 1}, true
	}
	if weekday, ok := weekdayOf(text); ok {
		ahead := (int(weekday) - int(today.Weekday()) + 7) % 7
		if next && ahead == 0 {
			ahead = 7
		}
		return Period{From: today.AddDate(0, 0, ahead), Days: 1}, true
	}
	switch text {
	case "semaine", "week":
		monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
		if next {
			monday = monday.AddDate(0, 0, 7)
		}
		return Period{From: monday, Days: 7}, true
	case "week-end", "weekend", "week end":
		saturday := today.AddDate(0, 0, (int(time.Saturday)-int(today.Weekday())+7)%7)
		if today.Weekday() == time.Sunday {
			saturday = today.AddDate(0, 0, -1)
		}
		if next {
			saturday = saturday.AddDate(0, 0, 7)
		}
		return Period{From: saturday, Days: 2}, true
	case "mois", "month":
		first := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, today.Location())
		if next {
			first = first.AddDate(0, 1, 0)
		}
		return wholeMonth(first), true
	}
	return dated(bare, next, today)
}

// dayWords are days by their distance from today.
var dayWords = map[string]int{
	"aujourd hui": 0, "today": 0, "demain": 1, "tomorrow": 1, "apres-demain": 2, "apres demain": 2,
	"after tomorrow": 2, "hier": -1, "yesterday": -1,
}

func weekdayOf(word string) (time.Weekday, bool) {
	french := []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	for day, name := range french {
		if word == name || word == strings.ToLower(time.Weekday(day).String()) {
			return time.Weekday(day), true
		}
	}
	return 0, false
}

func monthOf(word string) time.Month {
	french := []string{"janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre",
		"novembre", "decembre"}
	for i, name := range french {
		if month := time.Month(i + 1); word == name || word == strings.ToLower(month.String()) {
			return month
		}
	}
	return 0
}

// dated reads "decembre", "decembre 2026", "26 novembre", "november 26",
// "jeudi 26 novembre", "26/11", "26/11/2026" and "2026-11-26". What has no year
// is the one to come; a month that has begun counts as to come.
func dated(words []string, next bool, today time.Time) (Period, bool) {
	var day, year int
	var month time.Month
	if len(words) == 1 {
		if at, err := time.ParseInLocation(time.DateOnly, words[0], today.Location()); err == nil {
			return Period{From: at, Days: 1}, true
		}
		words = slashed(words[0])
	}
	for _, word := range words {
		_, isDay := weekdayOf(word)
		switch n := number(word); {
		case month == 0 && monthOf(word) != 0:
			month = monthOf(word)
		case day == 0 && n >= 1 && n <= 31:
			day = n
		case year == 0 && n >= 2000 && n <= 2199:
			year = n
		case !isDay:
			return Period{}, false
		}
	}
	if month == 0 || next && day != 0 {
		return Period{}, false
	}
	if year != 0 {
		return daysOf(year, month, day, today.Location())
	}
	for year = today.Year(); year <= today.Year()+leapYears; year++ {
		whole, ok := daysOf(year, month, day, today.Location())
		if passed := !whole.Until().After(today); ok && !passed && !(next && !whole.From.After(today)) {
			return whole, true
		}
	}
	return Period{}, false
}

// leapYears is the most years between two 29 February.
const leapYears = 8

// slashed takes "26/11" and "26/11/2026" apart; another word stays as it is.
func slashed(word string) []string {
	parts := strings.Split(word, "/")
	if len(parts) == 1 {
		return parts
	}
	parts[1] = strings.ToLower(time.Month(number(parts[1])).String())
	if last := len(parts) - 1; last == 2 && len(parts[last]) == 2 {
		parts[last] = "20" + parts[last]
	}
	return parts
}

// daysOf is a day, or a whole month if the day is 0. Not every month has a 31st.
func daysOf(year int, month time.Month, day int, zone *time.Location) (Period, bool) {
	at := time.Date(year, month, max(day, 1), 0, 0, 0, 0, zone)
	if day == 0 {
		return wholeMonth(at), true
	}
	return Period{From: at, Days: 1}, at.Month() == month
}

func number(word string) int {
	n, err := strconv.Atoi(word)
	if err != nil {
		return 0
	}
	return n
}

func wholeMonth(first time.Time) Period {
	return Period{From: first, Days: first.AddDate(0, 1, -1).Day()}
}

func startOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}
