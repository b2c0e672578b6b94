package i18n

import (
	"strings"
	"time"
)

// In is the same printer for a reader who is elsewhere.
func (p *Printer) In(zone *time.Location) *Printer {
	there := *p
	there.Zone = zone
	return &there
}

// As is the same printer in another language: for words that somebody else will read.
func (p *Printer) As(lang string) *Printer { return p.catalog.For(lang, p.Zone) }

// Yours says a time that another zone's clock shows differently, for the reader:
// "12 h 00 pour vous", with its day if that is another one there. It is "" where
// both clocks show the same, as between Paris and Brussels.
func (p *Printer) Yours(t, now time.Time, zone *time.Location) string {
	here, there := t.In(p.Zone), t.In(zone)
	_, ahead := here.Zone()
	_, theirs := there.Zone()
	if ahead == theirs {
		return ""
	}
	said := p.Clock(t)
	if here.YearDay() != there.YearDay() {
		said = p.When(t, now)
	}
	if p.Lang == "fr" {
		return said + " pour vous"
	}
	return said + " for you"
}

// ClockBoth says a time of day as clocks of a zone show it, and as the reader's
// does: "18 h 00 à Paris, 12 h 00 pour vous"; Clock alone where they agree.
func (p *Printer) ClockBoth(t, now time.Time, zone *time.Location) string {
	yours := p.Yours(t, now, zone)
	if yours == "" {
		return p.Clock(t)
	}
	return p.In(zone).Clock(t) + p.at(zone) + ", " + yours
}

// WhenBoth is When, as ClockBoth is Clock.
func (p *Printer) WhenBoth(t, now time.Time, zone *time.Location) string {
	yours := p.Yours(t, now, zone)
	if yours == "" {
		return p.When(t, now)
	}
	return p.In(zone).When(t, now) + p.at(zone) + ", " + yours
}

// SoonBoth is Soon where the clocks agree, else WhenBoth: tomorrow may be another
// day in each.
func (p *Printer) SoonBoth(t, now time.Time, zone *time.Location) string {
	if p.Yours(t, now, zone) == "" {
		return p.Soon(t, now)
	}
	return p.WhenBoth(t, now, zone)
}

// Of names the clocks of a zone after their city, as it follows "time" or comes
// before it: "de Paris", "Paris".
func (p *Printer) Of(zone *time.Location) string {
	name := zone.String()
	city := p.City(name)
	switch {
	case p.Lang != "fr" || !strings.Contains(name, "/") || strings.HasPrefix(name, "Etc/"):
		return city
	case name == "America/Guadeloupe" || name == "America/Martinique":
		return "de la " + city
	case strings.ContainsAny(city[:1], "AEIOU"):
		return "d’" + city
	}
	return "de " + city
}

// at says in which city a zone's clocks are; what is no city is only named.
func (p *Printer) at(zone *time.Location) string {
	name := zone.String()
	city := p.City(name)
	switch {
	case !strings.Contains(name, "/") || strings.HasPrefix(name, "Etc/"):
		return " (" + city + ")"
	case p.Lang != "fr":
		return " in " + city
	case name == "America/Guadeloupe" || name == "America/Martinique":
		return " en " + city
	}
	return " à " + city
}
