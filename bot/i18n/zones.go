package i18n

import (
	"slices"
	"strings"
	"time"
)

// cities are the places that a zone can be chosen by: IANA names with the
// city's name in French where it is not the zone's own. Whoever lives elsewhere
// is given their zone in the configuration.
func cities() map[string]string {
	return map[string]string{
		"Europe/Paris": "", "Europe/Brussels": "Bruxelles", "Europe/Zurich": "", "Europe/Luxembourg": "",
		"Europe/London": "Londres", "Europe/Lisbon": "Lisbonne", "Europe/Madrid": "", "Europe/Berlin": "",
		"Europe/Rome": "", "Africa/Casablanca": "", "Africa/Tunis": "", "Africa/Algiers": "Alger", "Africa/Dakar": "",
		"America/Montreal": "Montréal", "America/New_York": "New York", "America/Los_Angeles": "Los Angeles",
		"America/Guadeloupe": "", "America/Martinique": "", "America/Cayenne": "", "Indian/Reunion": "La Réunion",
		"Indian/Mayotte": "", "Pacific/Noumea": "Nouméa", "Pacific/Tahiti": "",
	}
}

// Zones are the names of the zones to choose from with those given, each once,
// the given ones first; at most 25, as menus hold.
func Zones(given ...string) []string {
	all := append(slices.DeleteFunc(given, func(zone string) bool { return zone == "" }), "Europe/Paris")
	rest := make([]string, 0, len(cities()))
	for zone := range cities() {
		rest = append(rest, zone)
	}
	slices.Sort(rest)
	var zones []string
	for _, zone := range append(all, rest...) {
		if _, err := time.LoadLocation(zone); err == nil && !slices.Contains(zones, zone) && len(zones) < 25 {
			zones = append(zones, zone)
		}
	}
	return zones
}

// City says a zone by its city: "Europe/London" is "Londres", "London".
func (p *Printer) City(zone string) string {
	if french := cities()[zone]; french != "" && p.Lang == "fr" {
		return french
	}
	return strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
}
