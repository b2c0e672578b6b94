package content_test

import (
	"testing"
	"time"

	"crieur/bot/content"
)

func TestSlot(t *testing.T) {
	for wall, want := range map[string]string{
		"2026-11-26T18:00": "2026-11-26T18:00:00+01:00",
		"2026-03-29T02:30": "2026-03-29T03:30:00+02:00", // skipped
		"2026-10-25T02:30": "2026-10-25T02:30:00+02:00", // the first of two
	} {
		at, err := content.Slot{Wall: wall, Zone: "Europe/Paris"}.Time()
		if got := at.Format(time.RFC3339); err != nil || got != want {
			t.Errorf("%s = %s, %v, want %s", wall, got, err, want)
		}
	}
	if at, err := (content.Slot{}).Time(); err != nil || !at.IsZero() || !(content.Slot{}).Empty() {
		t.Errorf("no slot = %s, %v", at, err)
	}
	for _, bad := range []content.Slot{{Wall: "2026-11-26T18:00", Zone: "Mars/Olympus"}, {Wall: "demain", Zone: "UTC"}, {Wall: "2026-02-30T10:00", Zone: "UTC"}} {
		if at, err := bad.Time(); err == nil {
			t.Errorf("%+v = %s", bad, at)
		}
	}
}

func TestSlotAtGivesTheInstantBack(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for hour := range 24 * 366 {
		at := time.Date(2026, 1, 1, hour, 17, 0, 0, time.UTC).In(paris)
		back, err := content.SlotAt(at).Time()
		if err != nil || !back.Equal(at) && !back.Equal(at.Add(-time.Hour)) {
			t.Fatalf("%s came back as %s, %v", at, back, err)
		}
	}
}

// Everything that a reader sees, or that says where it goes, is part of the
// fingerprint; nothing else is.
func TestFingerprint(t *testing.T) {
	part := func() content.Part {
		return content.Part{Account: "a", Network: "n", Posts: []string{"x", "y"}, Link: "l", ReplyTo: "r", Lang: "fr",
			Media: []content.Media{{Digest: "d", Alt: "alt", Name: "name", URL: "u"}}}
	}
	same := part().Fingerprint()
	for name, change := range map[string]func(*content.Part){
		"account": func(p *content.Part) { p.Account = "b" }, "network": func(p *content.Part) { p.Network = "b" },
		"text": func(p *content.Part) { p.Posts[1] = "z" }, "split": func(p *content.Part) { p.Posts = []string{"xy"} },
		"order": func(p *content.Part) { p.Posts = []string{"y", "x"} }, "link": func(p *content.Part) { p.Link = "" },
		"answered": func(p *content.Part) { p.ReplyTo = "" }, "picture": func(p *content.Part) { p.Media[0].Digest = "e" },
		"alt": func(p *content.Part) { p.Media[0].Alt = "" }, "no picture": func(p *content.Part) { p.Media = nil },
	} {
		p := part()
		change(&p)
		if p.Fingerprint() == same {
			t.Errorf("%s changes nothing", name)
		}
		if err := (content.Order{Key: "k", Part: p, Fingerprint: same}).Check(); err == nil {
			t.Errorf("%s: an order with other content was let through", name)
		}
	}
	p := part()
	p.Media[0].Name, p.Media[0].URL, p.Lang = "other", "other", "en"
	if p.Fingerprint() != same {
		t.Error("what nobody sees changes the fingerprint")
	}
	if err := (content.Order{Part: p, Fingerprint: same}).Check(); err != nil {
		t.Error(err)
	}
}
