package config

import "testing"

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
