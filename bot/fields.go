package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"crieur/bot/hours"
	"crieur/bot/i18n"
)

// The IDs of fields that several features ask for.
const (
	ZoneID  = "zone"
	daysID  = "days"
	hoursID = "hours"
)

// monday is the week as people say it.
func monday() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
}

// ZoneField asks for a time zone by its city, with what the clock shows there.
func ZoneField(p *i18n.Printer, chosen string, now time.Time) Field {
	field := Field{ID: ZoneID, Kind: Pick, Label: p.T("chat.zone"), Value: []string{chosen}}
	for _, name := range i18n.Zones(chosen) {
		there := *p
		if zone, err := time.LoadLocation(name); err == nil {
			there.Zone = zone
		}
		field.Choices = append(field.Choices, Choice{Value: name, Label: p.City(name) + " · " + there.Clock(now)})
	}
	return field
}

// ZoneHint says whose clock a time in a form is: that of a zone and, where the
// reader's shows another time, what both show now.
func ZoneHint(p *i18n.Printer, zone *time.Location, now time.Time) string {
	if p.Yours(now, now, zone) == "" {
		return p.T("chat.zonehint", "Of", p.Of(zone))
	}
	return p.T("chat.zoneboth", "Of", p.Of(zone), "There", p.In(zone).Clock(now), "Here", p.Clock(now))
}

// argTime is a time in Button.Arg.
const argTime = "20060102t1504"

// TimeArg names a time within the limits of Button.Arg, as the clocks of a zone
// show it.
func TimeArg(at time.Time, zone *time.Location) string { return at.In(zone).Format(argTime) }

// ArgTime reads what TimeArg named.
func ArgTime(arg string, zone *time.Location) (time.Time, error) {
	at, err := time.Parse(argTime, arg)
	return hours.Wall(at.Year(), at.Month(), at.Day(), at.Hour()*60+at.Minute(), zone), err
}

// WeekFields ask for the working hours of a week: which days, and from when to
// when on each of them. ReadWeek reads them.
func WeekFields(p *i18n.Printer, week hours.Week) []Field {
	days := Field{ID: daysID, Kind: PickMany, Label: p.T("chat.days")}
	times := Field{ID: hoursID, Kind: Line, Label: p.T("chat.hours"), Hint: p.T("chat.hourshint"), Max: 100}
	for _, day := range monday() {
		value := strconv.Itoa(int(day))
		days.Choices = append(days.Choices, Choice{Value: value, Label: p.Weekday(day)})
		if len(week[day]) == 0 {
			continue
		}
		days.Value = append(days.Value, value)
		if times.Value == nil {
			times.Value = []string{sayHours(p, week[day], "-")}
		}
	}
	return []Field{days, times}
}

// ReadWeek reads what was answered to WeekFields; ok is false when the hours are
// none, or no day was chosen.
func ReadWeek(r *Request) (week hours.Week, ok bool) {
	spans, ok := hours.ReadSpans(r.Value(hoursID))
	if !ok || len(r.Values[daysID]) == 0 {
		return week, false
	}
	for _, value := range r.Values[daysID] {
		day, err := strconv.Atoi(value)
		if err != nil || day < 0 || day >= len(week) {
			return week, false
		}
		week[day] = spans
	}
	return week, true
}

// CheckWeek is the Checker's half of ReadWeek.
func CheckWeek(r *Request) map[string]string {
	if _, ok := ReadWeek(r); ok {
		return nil
	}
	return map[string]string{hoursID: r.Print.T("chat.badhours")}
}

// SayWeek says working hours: "lundi à vendredi, 8 h 45 à 18 h 30". Days that
// differ are said apart.
func SayWeek(p *i18n.Printer, week hours.Week) string {
	var parts []string
	days := monday()
	for i := 0; i < len(days); i++ {
		spans, first := week[days[i]], i
		for i+1 < len(days) && slices.Equal(week[days[i+1]], spans) {
			i++
		}
		if len(spans) == 0 {
			continue
		}
		said := p.Weekday(days[first])
		if i > first {
			said = p.T("chat.span", "From", said, "To", p.Weekday(days[i]))
		}
		parts = append(parts, said+", "+sayHours(p, spans, ""))
	}
	return p.Apart(parts...)
}

// sayHours says the openings of a day; between is what stands between opening
// and closing, words when empty.
func sayHours(p *i18n.Printer, spans []hours.Span, between string) string {
	day := time.Date(2000, 1, 3, 0, 0, 0, 0, time.UTC) // no clock changes on it
	there := *p
	there.Zone = time.UTC
	var said []string
	for _, span := range spans {
		from, to := there.Clock(span.Open.On(day)), there.Clock(span.Close.On(day))
		if between == "" {
			said = append(said, p.T("chat.span", "From", from, "To", to))
			continue
		}
		said = append(said, from+" "+between+" "+to)
	}
	if between == "" {
		return p.List(said...)
	}
	return strings.Join(said, ", ")
}
