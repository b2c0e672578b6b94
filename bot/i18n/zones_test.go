package i18n_test

import (
	"slices"
	"testing"
	"time"

	"crieur/bot/i18n"
)

func TestZones(t *testing.T) {
	zones := i18n.Zones("Asia/Tokyo", "", "No/Where", "Europe/London")
	if !slices.Equal(zones[:3], []string{"Asia/Tokyo", "Europe/London", "Europe/Paris"}) {
		t.Errorf("Zones begins with %v", zones[:3])
	}
	if len(zones) > 25 || len(slices.Compact(slices.Sorted(slices.Values(zones)))) != len(zones) {
		t.Errorf("%d zones, some twice or too many for a menu: %v", len(zones), zones)
	}
	for _, zone := range i18n.Zones() {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Error(err)
		}
	}
}

func TestCity(t *testing.T) {
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{{"Europe/London", "Londres", "London"}, {"America/New_York", "New York", "New York"},
		{"America/Argentina/Buenos_Aires", "Buenos Aires", "Buenos Aires"}, {"UTC", "UTC", "UTC"}} {
		if fr, en := words.For("fr", nil).City(c[0]), words.For("en", nil).City(c[0]); fr != c[1] || en != c[2] {
			t.Errorf("%s is %q and %q", c[0], fr, en)
		}
	}
	if got := words.For("fr", nil).Weekday(time.Monday); got != "lundi" {
		t.Errorf("Monday is %q", got)
	}
}
