package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const nbsp = "\u00a0"

func weekdays(lang string) [7]string {
	if lang == "fr" {
		return [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	}
	return [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
}

func months(lang string) [12]string {
	if lang == "fr" {
		return [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
			"septembre", "octobre", "novembre", "décembre"}
	}
	return [12]string{"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December"}
}

// Weekday says the day of the week: "lundi", "Monday".
func (p *Printer) Weekday(day time.Weekday) string { return weekdays(p.Lang)[day] }

// Clock says a time of day: "18 h 00", "18:00".
func (p *Printer) Clock(t time.Time) string {
	t = t.In(p.Zone)
	if p.Lang == "fr" {
		return fmt.Sprintf("%d%sh%s%02d", t.Hour(), nbsp, nbsp, t.Minute())
	}
	return fmt.Sprintf("%02d:%02d", t.Hour(), t.Minute())
}

// Day says a day: "jeudi 26 novembre", "Thursday 26 November"; the year is said
// when it is not that of now.
func (p *Printer) Day(t, now time.Time) string {
	t, now = t.In(p.Zone), now.In(p.Zone)
	day := strconv.Itoa(t.Day())
	if p.Lang == "fr" && t.Day() == 1 {
		day = "1er"
	}
	text := weekdays(p.Lang)[t.Weekday()] + " " + day + nbsp + months(p.Lang)[t.Month()-1]
	if t.Year() != now.Year() {
		text += " " + strconv.Itoa(t.Year())
	}
	return text
}

// Month says a month with its year: "novembre 2026", "November 2026".
func (p *Printer) Month(t time.Time) string {
	t = t.In(p.Zone)
	return months(p.Lang)[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// When says a day and a time: "jeudi 26 novembre à 18 h 00".
func (p *Printer) When(t, now time.Time) string {
	if p.Lang == "fr" {
		return p.Day(t, now) + " à " + p.Clock(t)
	}
	return p.Day(t, now) + ", " + p.Clock(t)
}

// Soon is Clock on the same day, "demain à 9 h 00" on the next one, else When.
func (p *Printer) Soon(t, now time.Time) string {
	a, b := t.In(p.Zone), now.In(p.Zone)
	sameDay := func(x, y time.Time) bool { return x.YearDay() == y.YearDay() && x.Year() == y.Year() }
	switch {
	case sameDay(a, b):
		return p.Clock(t)
	case sameDay(a, b.AddDate(0, 0, 1)) && p.Lang == "fr":
		return "demain à " + p.Clock(t)
	case sameDay(a, b.AddDate(0, 0, 1)):
		return "tomorrow at " + p.Clock(t)
	}
	return p.When(t, now)
}

// At is when something was or will be, as it follows a verb: "à 9 h 00" on the same
// day, "demain à 9 h 00" on the next one, else When.
func (p *Printer) At(t, now time.Time) string {
	said := p.Soon(t, now)
	switch {
	case said == p.Clock(t) && p.Lang == "fr":
		return "à " + said
	case said == p.Clock(t):
		return "at " + said
	case said == p.When(t, now) && p.Lang != "fr":
		return "on " + said
	}
	return said
}

// Ago says how long ago something was, under 24 h; else when.
func (p *Printer) Ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case d < 0 || d >= 24*time.Hour:
		return p.When(t, now)
	case d < time.Minute && p.Lang == "fr":
		return "à l’instant"
	case d < time.Minute:
		return "just now"
	case p.Lang == "fr":
		return "il y a " + p.Duration(d)
	}
	return p.Duration(d) + " ago"
}

// Duration says a length of time: "6 min", "1 h 10", "2 jours".
func (p *Printer) Duration(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	hours := minutes / 60
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d%ss", int(d.Round(time.Second)/time.Second), nbsp)
	case hours == 0:
		return fmt.Sprintf("%d%smin", minutes, nbsp)
	case hours >= 48 && p.Lang == "fr":
		return fmt.Sprintf("%d%sjours", hours/24, nbsp)
	case hours >= 48:
		return fmt.Sprintf("%d%sdays", hours/24, nbsp)
	case minutes%60 == 0:
		return fmt.Sprintf("%d%sh", hours, nbsp)
	}
	return fmt.Sprintf("%d%sh%s%02d", hours, nbsp, nbsp, minutes%60)
}

// Number says a whole number with its thousands apart: "3 000", "3,000".
func (p *Printer) Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	separator := ","
	if p.Lang == "fr" {
		separator = nbsp
	}
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, groups...), separator)
}

// List says "a, b et c", "a, b and c".
func (p *Printer) List(items ...string) string {
	and := " and "
	if p.Lang == "fr" {
		and = " et "
	}
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + and + items[len(items)-1]
}

// Or says "a ou b", "a or b".
func (p *Printer) Or(items ...string) string {
	or := " or "
	if p.Lang == "fr" {
		or = " ou "
	}
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + or + items[len(items)-1]
}

// Capital begins a sentence or a line with a phrase.
func Capital(phrase string) string {
	first, size := utf8.DecodeRuneInString(phrase)
	if size == 0 {
		return phrase
	}
	return string(unicode.ToUpper(first)) + phrase[size:]
}

// Apart says what has commas of its own: "a ; b", "a; b".
func (p *Printer) Apart(items ...string) string {
	if p.Lang == "fr" {
		return strings.Join(items, nbsp+"; ")
	}
	return strings.Join(items, "; ")
}

// Quote puts a text between the language's quotation marks.
func (p *Printer) Quote(text string) string {
	if p.Lang == "fr" {
		return "«" + nbsp + text + nbsp + "»"
	}
	return "“" + text + "”"
}
