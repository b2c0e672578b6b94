package config

import (
	"slices"
	"strings"
	"time"

	"crieur/bot/hours"
)

// dayNames are those of the keys of hours, in English and French.
var dayNames = map[string]time.Weekday{
	"mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday,
	"fri": time.Friday, "sat": time.Saturday, "sun": time.Sunday,
	"lun": time.Monday, "mar": time.Tuesday, "mer": time.Wednesday, "jeu": time.Thursday,
	"ven": time.Friday, "sam": time.Saturday, "dim": time.Sunday,
}

const (
	daysFix  = "Name days as mon, mon-fri or mon,wed (or lun, lun-ven…)."
	spansFix = "Write opening hours as 08:45-12:30, 13:30-18:30, or closed."
	clockFix = "Write it as 08:45."
	datesFix = "Write days as 2026-12-24, or 2026-12-24..2026-12-31 for a stretch."
)

// week reads hours by day: "mon-fri": "08:45-18:30".
func (r *reader) week(written map[string]string, path string) hours.Week {
	var week hours.Week
	given := map[time.Weekday]bool{}
	for _, key := range sortedKeys(written) {
		at := join(path, key)
		days := daysOf(key)
		if len(days) == 0 {
			r.wrong(at, "%q names no day.", daysFix, key)
			continue
		}
		spans, ok := spansOf(written[key])
		if !ok {
			r.wrong(at, "%q are no opening hours.", spansFix, written[key])
			continue
		}
		for _, day := range days {
			if given[day] {
				r.wrong(at, "%s already has its hours on another line.", "Give each day once.", day)
			}
			given[day] = true
			week[day] = spans
		}
	}
	return week
}

// daysOf reads "mon", "mon-fri" or "mon,wed"; nil if it is none of these.
func daysOf(key string) []time.Weekday {
	var days []time.Weekday
	for _, piece := range strings.Split(strings.ToLower(key), ",") {
		first, last, stretch := strings.Cut(strings.TrimSpace(piece), "-")
		from, ok := dayNames[strings.TrimSpace(first)]
		if !ok {
			return nil
		}
		to := from
		if stretch {
			if to, ok = dayNames[strings.TrimSpace(last)]; !ok {
				return nil
			}
		}
		for day := from; ; day = (day + 1) % 7 {
			days = append(days, day)
			if day == to {
				break
			}
		}
	}
	return days
}

// spansOf reads "08:45-12:30, 13:30-18:30"; openings must follow each other.
func spansOf(text string) ([]hours.Span, bool) {
	if slices.Contains([]string{"closed", "fermé", ""}, strings.TrimSpace(text)) {
		return nil, true
	}
	var spans []hours.Span
	last := hours.Clock(0)
	for _, piece := range strings.Split(text, ",") {
		from, to, ok := strings.Cut(piece, "-")
		open, err := parseClock(from)
		if err != nil || !ok {
			return nil, false
		}
		closing, err := parseClock(to)
		if err != nil || closing <= open || open < last {
			return nil, false
		}
		last = closing
		spans = append(spans, hours.Span{Open: open, Close: closing})
	}
	return spans, true
}

// parseClock is hours.ParseClock for a text that holds nothing else.
func parseClock(text string) (hours.Clock, error) {
	text = strings.TrimSpace(text)
	clock, err := hours.ParseClock(text)
	if err == nil && strings.TrimLeft(text, "0123456789:") != "" {
		return 0, errNotClock
	}
	return clock, err
}

// clock reads one time of the day, or gives the usual one.
func (r *reader) clock(text, path string, usual hours.Clock) hours.Clock {
	if text == "" {
		return usual
	}
	clock, err := parseClock(text)
	if err != nil {
		r.wrong(path, "%q is no time of the day.", clockFix, text)
	}
	return clock
}

// days reads "2026-12-24" and "2026-12-24..2026-12-31".
func (r *reader) days(written []string, path string) hours.Days {
	var all hours.Days
	for i, text := range written {
		from, to, stretch := strings.Cut(text, "..")
		first, err := time.Parse(time.DateOnly, strings.TrimSpace(from))
		last := first
		if stretch && err == nil {
			last, err = time.Parse(time.DateOnly, strings.TrimSpace(to))
		}
		if err != nil || last.Before(first) || last.Sub(first) > 366*24*time.Hour {
			r.wrong(index(path, i), "%q is no day.", datesFix, text)
			continue
		}
		for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
			all = append(all, hours.DayOf(day))
		}
	}
	return all
}

// zone reads an IANA zone.
func (r *reader) zone(name, path string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		r.wrong(path, "There is no time zone %q.", "Write it as Europe/Paris or America/Montreal.", name)
		return time.UTC
	}
	return zone
}

// promise reads "2h" or "1h30m".
func (r *reader) promise(text, path string) time.Duration {
	if text == "" {
		return 2 * time.Hour
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Minute || d > 30*24*time.Hour {
		r.wrong(path, "%q is no length of time between a minute and 30 days.", "Write it as 2h or 1h30m; only working time counts.", text)
	}
	return d
}

func neverOpen(week hours.Week) bool {
	for _, spans := range week {
		if len(spans) > 0 {
			return false
		}
	}
	return true
}
