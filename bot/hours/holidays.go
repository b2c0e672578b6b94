package hours

import (
	"slices"
	"time"
)

// Holidays names a calendar of public holidays; "" has none.
type Holidays string

// The calendars that are known. Those of France are in the labour code, article
// L3133-1; the two more of Alsace-Moselle in L3134-13; the day on which the
// abolition of slavery is kept overseas in L3422-2.
const (
	France        Holidays = "fr"
	AlsaceMoselle Holidays = "fr-alsace-moselle"
	Guadeloupe    Holidays = "fr-guadeloupe"
	Martinique    Holidays = "fr-martinique"
	Guyane        Holidays = "fr-guyane"
	Reunion       Holidays = "fr-reunion"
	Mayotte       Holidays = "fr-mayotte"
)

// HolidaysKnown lists them.
func HolidaysKnown() []Holidays {
	return []Holidays{France, AlsaceMoselle, Guadeloupe, Martinique, Guyane, Reunion, Mayotte}
}

// HolidaysIn are the calendars of public holidays in a zone (its IANA name), the one
// that most people there have first; none where none is known.
func HolidaysIn(zone string) []Holidays {
	switch zone {
	case "Europe/Paris":
		return []Holidays{France, AlsaceMoselle}
	case "America/Guadeloupe":
		return []Holidays{Guadeloupe}
	case "America/Martinique":
		return []Holidays{Martinique}
	case "America/Cayenne":
		return []Holidays{Guyane}
	case "Indian/Reunion":
		return []Holidays{Reunion}
	case "Indian/Mayotte":
		return []Holidays{Mayotte}
	}
	return nil
}

// Has says whether t falls on a public holiday, in t's zone.
func (h Holidays) Has(t time.Time) bool {
	if !slices.Contains(HolidaysKnown(), h) {
		return false
	}
	year, month, day := t.Date()
	at := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	switch at.Sub(easterOf(year)) / (24 * time.Hour) {
	case 1, 39, 50: // Easter Monday, Ascension, Whit Monday
		return true
	case -2: // Good Friday
		if h == AlsaceMoselle {
			return true
		}
	}
	return slices.Contains(h.fixed(), [2]int{int(month), day})
}

// fixed are the holidays that fall on the same day each year: month, day.
func (h Holidays) fixed() [][2]int {
	days := [][2]int{{1, 1}, {5, 1}, {5, 8}, {7, 14}, {8, 15}, {11, 1}, {11, 11}, {12, 25}}
	switch h {
	case AlsaceMoselle:
		return append(days, [2]int{12, 26})
	case Guadeloupe:
		return append(days, [2]int{5, 27})
	case Martinique:
		return append(days, [2]int{5, 22})
	case Guyane:
		return append(days, [2]int{6, 10})
	case Reunion:
		return append(days, [2]int{12, 20})
	case Mayotte:
		return append(days, [2]int{4, 27})
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
