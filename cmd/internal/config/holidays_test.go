package config

import (
	"fmt"
	"testing"
	"time"

	"crieur/bot/hours"
)

// Easter Sundays as almanacs give them.
func TestEaster(t *testing.T) {
	for _, want := range []string{"1999-04-04", "2000-04-23", "2008-03-23", "2011-04-24", "2015-04-05", "2016-03-27",
		"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2049-04-18", "2100-03-28"} {
		day, err := time.Parse(time.DateOnly, want)
		if err != nil {
			t.Fatal(err)
		}
		if got := easterOf(day.Year()); !got.Equal(day) {
			t.Errorf("Easter %d is %s, want %s", day.Year(), got.Format(time.DateOnly), want)
		}
	}
}

func TestHolidays(t *testing.T) {
	show := func(days hours.Days) string {
		text := ""
		for _, d := range days {
			text += fmt.Sprintf("%d-%02d-%02d ", d.Year, d.Month, d.Day)
		}
		return text
	}
	const want = "2026-01-01 2026-04-06 2026-05-01 2026-05-08 2026-05-14 2026-05-25 2026-07-14 2026-08-15 2026-11-01 2026-11-11 2026-12-25 "
	if got := show(holidays(france, 2026, 2026)); got != want {
		t.Errorf("2026 has %s", got)
	}
	if got := holidays(alsaceMoselle, 2026, 2027); len(got) != 26 || got[1] != (hours.Day{Year: 2026, Month: time.April, Day: 3}) ||
		got[12] != (hours.Day{Year: 2026, Month: time.December, Day: 26}) {
		t.Errorf("Alsace-Moselle has %s", show(got))
	}
}

func TestNearest(t *testing.T) {
	for word, want := range map[string]string{"masto": "", "mastodont": "mastodon", "blusky": "bluesky", "Slack": "slack", "zzz": ""} {
		if got := nearest(word, networks); got != want {
			t.Errorf("nearest to %s is %q, want %q", word, got, want)
		}
	}
}

func TestDays(t *testing.T) {
	for key, want := range map[string]int{"mon": 1, "mon-fri": 5, "sat-mon": 3, "lun,mer, ven": 3, "dim-sam": 7, "": 0, "weekend": 0, "mon-": 0} {
		if got := daysOf(key); len(got) != want {
			t.Errorf("%q is %v", key, got)
		}
	}
	for text, ok := range map[string]bool{"08:45-12:30, 13:30-18:30": true, "closed": true, "00:00-24:00": true, "9-18": false,
		"12:00-09:00": false, "09:00-12:00,11:00-13:00": false, "09:00": false, "09:00x-10:00": false} {
		if _, got := spansOf(text); got != ok {
			t.Errorf("%q: %v", text, got)
		}
	}
}
