package oncall

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// Each way that is set up rings, in the chat only the first place.
func TestWays(t *testing.T) {
	at := map[string]string{"slack:T": "U1", "discord:G": "2"}
	for name, test := range map[string]struct {
		pager string
		m     brand.Member
		want  []Way
		kinds []string
		hangs int
	}{
		"all":     {"set", brand.Member{ID: "noa", Email: "noa@example.org", Handles: at}, []Way{ByPager, ByMail, ByChat}, []string{"page pager:b", "mail mail:noa"}, 1},
		"chat":    {"", brand.Member{ID: "noa", Handles: at}, []Way{ByChat}, nil, 1},
		"pager":   {"set", brand.Member{ID: "noa"}, []Way{ByPager}, []string{"page pager:b"}, 0},
		"nothing": {"", brand.Member{ID: "noa"}, nil, nil, 0},
	} {
		b := &brand.Brand{ID: "b", Pager: test.pager}
		tx := state.Begin(statetest.NewMem(), "c", time.Now())
		if err := Send(tx, b, &test.m, Page{Subject: "x"}, outbox.Effect{Critical: true, Topic: "drill", Conversation: "x"}); err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, e := range tx.Effects() {
			kinds = append(kinds, e.Kind+" "+e.Destination)
			if !e.Notifies || !e.Critical || e.Member != "noa" || e.Conversation != map[string]string{PageKind: "x/pager", MailKind: "x/mail"}[e.Kind] {
				t.Errorf("%s: %+v", name, e)
			}
		}
		if !slices.Equal(Ways(b, &test.m), test.want) || !slices.Equal(kinds, test.kinds) || len(Direct(b, &test.m, true)) != test.hangs {
			t.Errorf("%s: %v, %v, %v", name, Ways(b, &test.m), kinds, Direct(b, &test.m, true))
		}
	}
}

// What a pager gets about a conversation has the fields that it always had.
func TestPageKeepsItsFields(t *testing.T) {
	raw, err := json.Marshal(Page{Brand: "b", Member: "noa", Subject: "c1", What: "mentions.page", At: time.Date(2026, 11, 27, 3, 20, 0, 0, time.UTC)})
	if want := `{"brand":"b","member":"noa","case":"c1","what":"mentions.page","at":"2026-11-27T03:20:00Z"}`; err != nil || string(raw) != want {
		t.Errorf("%s, %v", raw, err)
	}
}

func TestLine(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 27, 3, 20, 0, 0, time.UTC)
	space := &brand.Space{Members: []*brand.Member{{ID: "noa", Name: "Noa"}}}
	call := Call{Tries: []Try{{"noa", at}, {"former", at.Add(10 * time.Minute)}}}
	p := catalog.For("en", time.UTC)
	if got := call.Line(p, space, at.Add(time.Hour)); got != "Alert sent to Noa (03:20) and former (03:30) · nobody has seen it yet" {
		t.Error(got)
	}
	call.SeenBy, call.SeenAt = "noa", at.Add(12*time.Minute)
	if got := call.Line(p, space, at.Add(time.Hour)); got != "Alert sent to Noa (03:20) and former (03:30) · seen by Noa at 03:32" {
		t.Error(got)
	}
	const on = "Friday 27\u00a0November, "
	if got := call.Line(p, space, at.AddDate(0, 0, 1)); got != "Alert sent to Noa ("+on+"03:20) and former ("+on+"03:30) · seen by Noa on "+on+"03:32" {
		t.Error(got)
	}
}
