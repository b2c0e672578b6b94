package config

import (
	"time"

	"crieur/bot/hours"
)

// The calendars of public holidays that can be named.
const (
	france        = "fr"
	alsaceMoselle = "fr-alsace-moselle"
)

// holidays are the public holidays of a calendar in the years from to to, both
// included. Those of France are in the labour code, article L3133-1; the two
// more of Alsace-Moselle in article L3134-13.
func holidays(calendar string, from, to int) hours.Days {
	var days hours.Days
	for year := from; year <= to; year++ {
		easter := easterOf(year)
		add := func(at time.Time) { days = append(days, hours.DayOf(at)) }
		fixed := func(month time.Month, day int) { add(time.Date(year, month, day, 0, 0, 0, 0, time.UTC)) }
		fixed(time.January, 1)
		if calendar == alsaceMoselle {
			add(easter.AddDate(0, 0, -2)) // Good Friday
		}
		add(easter.AddDate(0, 0, 1)) // Easter Monday
		fixed(time.May, 1)
		fixed(time.May, 8)
		add(easter.AddDate(0, 0, 39)) // Ascension
		add(easter.AddDate(0, 0, 50)) // Whit Monday
		fixed(time.July, 14)
		fixed(time.August, 15)
		fixed(time.November, 1)
		fixed(time.November, 11)
		fixed(time.December, 25)
		if calendar == alsaceMoselle {
			fixed(time.December, 26)
		}
	}
	return days
}

// easterOf is Easter Sunday of a year of the Gregorian calendar, by the
// anonymous computus (Meeus, Jones, Butcher).
func easterOf(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	day := (h + l - 7*m + 33*month + 19) % 32
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}
