package app

import (
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
	"crieur/commands/calendar"
	"crieur/commands/mentions"
	"crieur/commands/review"
)

func TestBellAddress(t *testing.T) {
	at := time.Date(2026, 11, 27, 3, 20, 0, 0, time.UTC)
	page := oncall.Page{Brand: "colibri", Member: "noa", Subject: "c1", At: at}
	ours := bellOf("https://crieur.example/", "key", "s")
	address, err := ours.address(page)
	if err != nil {
		t.Fatal(err)
	}
	const before = "https://crieur.example/page/"
	if address[:len(before)] != before {
		t.Fatal(address)
	}
	for name, test := range map[string]struct {
		bell bell
		now  time.Time
		want bool
	}{
		"in the night":  {ours, at.Add(4 * time.Minute), true},
		"a day later":   {ours, at.Add(pageLife), false},
		"another key":   {bellOf("https://crieur.example", "kez", "s"), at, false},
		"another space": {bellOf("https://crieur.example", "key", "t"), at, false},
	} {
		got, ok := test.bell.page(address[len(before):], test.now)
		if ok != test.want || ok && got != page {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
	if address, err := bellOf("", "key", "s").address(page); address != "" || err != nil {
		t.Errorf("without a public address: %q, %v", address, err)
	}
}

func TestSayCall(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 27, 3, 20, 0, 0, time.UTC)
	space := &brand.Space{Members: []*brand.Member{{ID: "noa", Name: "Noa"}, {ID: "max", Name: "Max"}}}
	page := oncall.Page{Member: "noa", At: at}
	for want, call := range map[string]oncall.Call{
		"You were called at 03:20. The details are in your team’s chat. Without an answer within 10 minutes, the next person is called.": {},
		"Noted. Nobody else is called.":                     {SeenBy: "noa", SeenAt: at},
		"Already seen by Max at 03:24. Nothing changed.":    {SeenBy: "max", SeenAt: at.Add(4 * time.Minute)},
		"Already seen by former at 03:24. Nothing changed.": {SeenBy: "former", SeenAt: at.Add(4 * time.Minute)},
	} {
		if got := sayCall(catalog.For("en", time.UTC), space, page, call); got != want {
			t.Errorf("%+v: %q", call, got)
		}
	}
}

// What a page is about is its feature's: an earlier release knew conversations alone.
func TestMatterOf(t *testing.T) {
	a := &App{Heard: &mentions.Engine{}, Posts: &calendar.Engine{}}
	for _, test := range []struct{ about, view, call string }{
		{"", mentions.CaseView, "x"}, {mentions.CaseView, mentions.CaseView, "x"}, {calendar.Matter, review.ViewName, "request/x"}} {
		got := a.matterOf(oncall.Page{About: test.about, Subject: "x"})
		if got.view != test.view || got.call != test.call || got.seen == nil {
			t.Errorf("%q: %+v", test.about, got)
		}
	}
}
