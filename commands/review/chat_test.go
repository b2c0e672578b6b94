package review

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/approvals/policy"
	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// Of implements Outcomes: nothing left yet.
func (d *desk) Of(context.Context, *state.Tx, string) ([]Outcome, error) { return nil, nil }

// Alone implements Presence: nobody is there.
func (d *desk) Alone(context.Context, bot.ViewRequest) (bot.Glance, error) {
	return bot.Glance{Lines: []string{"Nobody on duty."}, Buttons: []bot.Button{
		{Action: "plan.move", Label: "Bring forward", Style: bot.Primary}, {Action: "duty.plan", Label: "Plan a duty"}}}, nil
}

// ask has a handler answer a member who clicks on the card of a request, and
// returns what they are told.
func (d *desk) ask(member, id, seen string, handle func(*Chat) bot.Handler, values map[string][]string) string {
	d.t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		d.t.Fatal(err)
	}
	err = d.do(func(ctx context.Context, tx *state.Tx) error {
		space := d.e.Space.Now()
		_, err := handle(&Chat{Engine: d.e, Outcomes: d, Presence: d})(ctx, &bot.Request{
			Event: bot.Event{Arg: seen, Values: values}, Space: space, Brand: d.b, Member: space.Member(member),
			Print: catalog.For("en", d.b.Zone), Now: d.now, Tx: tx, Subject: id})
		return err
	})
	var refusal *bot.Refusal
	switch {
	case errors.As(err, &refusal):
		return refusal.Card.Text()
	case err != nil:
		d.t.Fatal(err)
	}
	return ""
}

func approving(c *Chat) bot.Handler   { return c.approve }
func withdrawing(c *Chat) bot.Handler { return c.withdraw }

// Who clicks in vain is told why, and who could.
func TestWhyNothingChanged(t *testing.T) {
	d := newDesk(t, 1)
	d.submit("a", 2, d.now.Add(6*time.Hour), "Bonjour")
	for _, test := range []struct{ member, id, seen, told string }{
		{"camille", "a", "n2", "This post is yours: it needs another pair of eyes. Morgan or Noa can approve it."},
		{"sacha", "a", "n2", "Only approvers can do this (Camille, Morgan and Noa)."},
		{"morgan", "a", "n1", "The post changed while you were reading. Read the card again: it shows the new text."},
		{"morgan", "a", "n2", ""},
		{"noa", "a", "n2", "Already approved by Morgan at 10:15. Nothing changed."},
	} {
		if got := d.ask(test.member, test.id, test.seen, approving, nil); got != test.told {
			t.Errorf("%s, %s, %s: %q", test.member, test.id, test.seen, got)
		}
	}
	d.now = d.now.AddDate(0, 0, 1) // a card of yesterday
	if got, want := d.ask("noa", "a", "n2", approving, nil), "Already approved by Morgan on Thursday 26\u00a0November, 10:15. Nothing changed."; got != want {
		t.Errorf("the day after: %q, want %q", got, want)
	}
	if got := d.ask("morgan", "none", "n2", approving, nil); got == "" {
		t.Error("of nothing: nothing is said")
	}
}

// A post is taken back by whoever wrote it, and by those who approve.
func TestWhoMayWithdraw(t *testing.T) {
	for member, may := range map[string]bool{"camille": true, "morgan": true, "sacha": false} {
		d := newDesk(t, 1)
		d.e.Space.Now().Member("camille").Roles = []brand.Role{brand.Author}
		d.submit("a", 1, d.now.Add(6*time.Hour), "Bonjour")
		told := d.ask(member, "a", "", withdrawing, nil)
		if got := d.request("a").Stage == approvals.Withdrawn; got != may || may != (told == "") {
			t.Errorf("%s: withdrawn %v, told %q", member, got, told)
		}
		if want := "Only the person who wrote this post and approvers can withdraw it (Morgan and Noa)."; !may && told != want {
			t.Errorf("%s is told %q", member, told)
		}
	}
}

// One network may be approved without the others; changes come with a reason, and
// hold back what was approved.
func TestSomeNetworksAndReasons(t *testing.T) {
	d := newDesk(t, 1)
	d.submit("a", 1, d.now.Add(6*time.Hour), "Bonjour")
	if told := d.ask("morgan", "a", "n1", approving, map[string][]string{"accounts": {"mastodon"}}); told != "" || d.allowed["a"] != "mastodon" {
		t.Errorf("%q; %q may leave", told, d.allowed["a"])
	}
	changes := func(c *Chat) bot.Handler { return c.comment(policy.Changes) }
	if told := d.ask("noa", "a", "n1", changes, map[string][]string{"comment": {" Plus court. "}}); told != "" {
		t.Error(told)
	}
	if last, _ := d.request("a").Last(); d.request("a").Stage != approvals.Changes || last.Comment != "Plus court." || d.allowed["a"] != "" {
		t.Errorf("%+v; %q may leave", last, d.allowed["a"])
	}
}

// The card says that nobody is there when the post leaves. What can be done about
// it is behind "More…", before the rest; once nothing leaves, it says nothing.
func TestTheCardSaysThatNobodyIsThere(t *testing.T) {
	d := newDesk(t, 1)
	d.submit("a", 1, d.now.Add(6*time.Hour), "Bonjour")
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	look := func() (said, more string) {
		card, err := (&Chat{Engine: d.e, Outcomes: d, Presence: d}).view(t.Context(), bot.ViewRequest{Space: d.e.Space.Now(), Brand: d.b,
			Subject: "a", Print: catalog.For("en", d.b.Zone), Now: d.now, Tx: state.Begin(d.store, "look", d.now)})
		if err != nil {
			t.Fatal(err)
		}
		for _, button := range card.More {
			if button.Style == bot.Primary {
				t.Errorf("%s stands out", button.Label)
			}
			more += button.Action + " "
		}
		return card.Blocks[len(card.Blocks)-1].Text.String(), more
	}
	if said, more := look(); said != "Nobody on duty." || !strings.HasPrefix(more, "plan.move duty.plan review.some") {
		t.Errorf("open: %q, %s", said, more)
	}
	if err := d.say("a", "morgan", policy.Approve, "n1"); err != nil {
		t.Fatal(err)
	}
	if said, more := look(); said != "Nobody on duty." || !strings.HasPrefix(more, "plan.move duty.plan review.each") {
		t.Errorf("approved: %q, %s", said, more)
	}
	d.submit("a", 2, d.now.Add(6*time.Hour), "Bonsoir")
	if err := d.say("a", "morgan", policy.Decline, "n2"); err != nil {
		t.Fatal(err)
	}
	if said, more := look(); said == "Nobody on duty." || more != "" {
		t.Errorf("declined: %q, %s", said, more)
	}
}
