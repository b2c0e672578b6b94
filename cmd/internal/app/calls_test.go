package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/commands/digest"
	"crieur/integrations/mail"
	"crieur/integrations/mail/mailfake"
)

func contentOf(t *testing.T, content any) outbox.Effect {
	t.Helper()
	data, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	return outbox.Effect{ID: "due:call:c1#1", Data: data}
}

// TestWhoIsCalledGetsALetter in their language, with nothing of what was said.
func TestWhoIsCalledGetsALetter(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	server := &mailfake.Server{}
	server.Start(t)
	m := &mailing{catalog: catalog,
		sender: mail.New(mail.Config{Server: server.Address(), From: "crieur@colibri.example", Trust: server.Trust()}),
		space: &brand.Space{Brands: []*brand.Brand{{ID: "colibri", Name: "Maison Colibri", Zone: time.UTC}},
			Members: []*brand.Member{{ID: "noa", Lang: "en", Email: "noa@colibri.example"}}}}
	page := oncall.Page{Brand: "colibri", Member: "noa", Subject: "c1", What: "mentions.page", At: time.Date(2026, 11, 27, 3, 20, 0, 0, time.UTC)}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if _, err := m.Send(ctx, contentOf(t, page), outbox.Attempt{}); err != nil {
		t.Fatal(err)
	}
	letters := server.Letters()
	if len(letters) != 1 || letters[0].To != "noa@colibri.example" {
		t.Fatalf("letters %+v", letters)
	}
	_, body, _ := strings.Cut(letters[0].Data, "\r\n\r\n")
	text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	if err != nil || !strings.HasPrefix(string(text), "Maison Colibri, 03:20. A critical alert is waiting for somebody.") {
		t.Errorf("text %q, %v", text, err)
	}
	page.What, page.Exercise = "drill.page", true
	if _, err := m.Send(ctx, contentOf(t, page), outbox.Attempt{}); err != nil {
		t.Fatal(err)
	}
	exercise := server.Letters()[1].Data
	if !strings.Contains(exercise, "Subject: Exercise: does the night call reach you?") || !strings.Contains(exercise, "nothing happened") {
		t.Errorf("an exercise: %s", exercise)
	}
	page.Member = "gone"
	if _, err := m.Send(ctx, contentOf(t, page), outbox.Attempt{}); outbox.FaultOf(err) != outbox.Rejected {
		t.Errorf("nobody to write to: %v", err)
	}
}

// quietChat says when it lets nothing ring.
type quietChat struct {
	recorder
	until time.Time
	err   error
}

func (q *quietChat) Quiet(context.Context, string) (from, until time.Time, err error) {
	return q.until.Add(-time.Hour), q.until, q.err
}

func TestAskingWhetherAChatRings(t *testing.T) {
	until := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		chat  bot.Chat
		until string
		fault error
	}{
		"it says when": {&quietChat{until: until}, "2026-11-27T08:00:00Z", nil},
		"never":        {&quietChat{}, "", nil},
		"may not say":  {&quietChat{until: until, err: outbox.ErrCannotTell}, "", nil},
		"cannot say":   {&recorder{}, "", nil},
		"is away":      {&quietChat{err: &outbox.Error{Fault: outbox.Temporary}}, "", &outbox.Error{}},
	} {
		a := &asking{chats: map[bot.Platform]bot.Chat{bot.Slack: test.chat}}
		receipt, err := a.Send(t.Context(), contentOf(t, digest.Quiet{Place: board.Place{Platform: "slack", Channel: "@U1"}}), outbox.Attempt{})
		var fault *outbox.Error
		if errors.As(err, &fault) != (test.fault != nil) || receipt.Args["Until"] != test.until {
			t.Errorf("%s: %+v, %v", name, receipt, err)
		}
	}
}

// TestWhenThingsMayRing: the brand and the person both work, on either night of
// the change of clocks, at midnight, elsewhere, part-time and on leave.
func TestWhenThingsMayRing(t *testing.T) {
	zone := func(name string) *time.Location {
		loaded, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return loaded
	}
	var week, mornings hours.Week
	for day := time.Monday; day <= time.Friday; day++ {
		week[day] = []hours.Span{{Open: 9 * 60, Close: 12*60 + 30}, {Open: 14 * 60, Close: 18 * 60}}
		mornings[day] = week[day][:1]
	}
	week[time.Saturday] = []hours.Span{{Open: 20 * 60, Close: 24 * 60}} // a late shop
	paris := zone("Europe/Paris")
	space := &brand.Space{Brands: []*brand.Brand{{ID: "colibri", Zone: paris, Hours: week}}, Members: []*brand.Member{
		{ID: "full"}, {ID: "part", Hours: &mornings}, {ID: "away", Away: hours.Days{{Year: 2026, Month: time.November, Day: 27}}},
		{ID: "montreal", Zone: zone("America/Montreal")}}}
	gate := &rest{space: space, onDuty: func(_ context.Context, _ *brand.Brand, member string, now time.Time) (bool, error) {
		return member == "part" && now.Hour() == 20, nil
	}}
	for _, test := range []struct{ member, now, rings string }{
		{"", "2026-11-26T10:00", "2026-11-26T10:00"},
		{"", "2026-11-26T12:30", "2026-11-26T14:00"},
		{"", "2026-11-27T00:00", "2026-11-27T09:00"},
		{"", "2026-11-28T23:59", "2026-11-28T23:59"},
		{"", "2026-11-29T00:00", "2026-11-30T09:00"},
		{"", "2026-03-29T02:30", "2026-03-30T09:00"},
		{"", "2026-10-25T02:30", "2026-10-26T09:00"},
		{"part", "2026-11-26T15:00", "2026-11-27T09:00"},
		{"part", "2026-11-26T20:30", "2026-11-26T20:30"}, // on a duty that they agreed to
		{"full", "2026-11-26T20:30", "2026-11-27T09:00"},
		{"", "2026-11-26T20:30", "2026-11-27T09:00"},
		{"away", "2026-11-26T18:30", "2026-11-28T20:00"},
		{"montreal", "2026-11-26T10:00", "2026-11-26T15:00"},
		{"montreal", "2026-03-27T17:30", "2026-03-30T15:00"}, // America changed its clocks first: it is 12:30 there, lunch
	} {
		now, err := time.ParseInLocation("2006-01-02T15:04", test.now, paris)
		if err != nil {
			t.Fatal(err)
		}
		for _, owner := range []string{"colibri", "", "gone"} { // what is no brand's rests like the rest
			until, err := gate.Until(t.Context(), outbox.Effect{Brand: owner, Member: test.member, Notifies: true}, now)
			if got := until.In(paris).Format("2006-01-02T15:04"); err != nil || got != test.rings {
				t.Errorf("%s of %q at %s rings at %s, %v, want %s", test.member, owner, test.now, got, err, test.rings)
			}
		}
	}
}
