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
	"crieur/bot/work"
)

// due handles what is due by now, as the clock would, and counts it.
func (d *desk) due() (handled int) {
	d.t.Helper()
	if _, _, err := d.store.MoveDue(d.t.Context(), d.now, 100); err != nil {
		d.t.Fatal(err)
	}
	for _, id := range []string{"a", "b", "c"} {
		entries, err := d.store.Read(d.t.Context(), []work.Lane{work.LaneOf(work.In, id)}, 100, 0)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, entry := range entries {
			if entry.Topic != "due:"+Topic {
				continue
			}
			handled++
			if err := d.do(func(ctx context.Context, tx *state.Tx) error { return d.e.Due(ctx, tx, entry.Item) }); err != nil {
				d.t.Fatal(err)
			}
		}
	}
	return handled
}

func (d *desk) brief() string {
	d.t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		d.t.Fatal(err)
	}
	var all []string
	for _, section := range []func(context.Context, *state.Tx, *brand.Brand, time.Time, *i18n.Printer) ([]string, error){d.e.Section, d.e.Missed} {
		lines, err := section(d.t.Context(), state.Begin(d.store, "look", d.now), d.b, d.now.AddDate(0, 0, -1), catalog.For("en", time.UTC))
		if err != nil {
			d.t.Fatal(err)
		}
		all = append(all, lines...)
	}
	return strings.ReplaceAll(strings.Join(all, "|"), "\u00a0", " ")
}

// What nobody decided by its time says so on its cards and in the next brief, is
// no longer asked, and can be sent again for another time.
func TestMissed(t *testing.T) {
	d := newDesk(t, 1)
	d.b.Brief = 8*60 + 45
	at := d.now.Add(6 * time.Hour)
	d.submit("a", 1, at, "Bonjour")
	d.submit("b", 1, at.Add(24*time.Hour), "Bonjour")
	d.submit("c", 1, time.Time{}, "Bonjour")
	d.now = at.Add(14 * time.Minute)
	d.due()
	if got := d.request("a").Stage; got != approvals.Open {
		t.Errorf("%s before it was too late", got)
	}
	d.now = at.Add(15 * time.Minute)
	d.drafts = nil
	before := len(d.store.Sent())
	d.due()
	if got := d.request("a").Stage; got != approvals.Expired || strings.Join(d.drafts, " ") != "a" {
		t.Errorf("%s, cards of the drafts %q", got, d.drafts)
	}
	for _, record := range d.store.Sent()[before:] {
		if record.Effect.Notifies {
			t.Errorf("it rings: %+v", record.Effect)
		}
	}
	if last := d.store.Trail()[len(d.store.Trail())-1]; last.What != "request.expired" || last.Subject != "request/a" {
		t.Errorf("in the trail: %+v", last)
	}
	if err := d.say("a", "noa", policy.Approve, "n1"); !errors.Is(err, approvals.ErrClosed) {
		t.Errorf("approved after all: %v", err)
	}
	if got := d.brief(); got != `To approve: 2 posts, the first by Friday 27 November, 14:45 (Noa)|Not approved in time, not posted: “Thé a”` {
		t.Errorf("the brief: %s", got)
	}
	asked := len(d.hung())
	d.submit("a", 2, d.now.Add(48*time.Hour), "Bonjour")
	if got := len(d.hung()) - asked; got != 3 { // both channels, and who is asked by name
		t.Errorf("asked again by %d messages", got)
	}
	if got := d.brief(); d.request("a").Stage != approvals.Open || got != "To approve: 3 posts, the first by Friday 27 November, 14:45 (Noa)" {
		t.Errorf("sent again: %s, %s", d.request("a").Stage, got)
	}
	d.now = at.Add(25 * time.Hour)
	d.due()
	d.now = d.now.Add(48 * time.Hour)
	// the second one is over too, though nobody noted it yet, as after an outage
	if got := d.brief(); got != `To approve: 1 post (Noa)|Not approved in time, not posted: “Thé a”` {
		t.Errorf("two days later the brief says: %s", got)
	}
}

// A request that was decided, or that is gone, is over already.
func TestNotMissed(t *testing.T) {
	d := newDesk(t, 1)
	d.submit("a", 1, d.now.Add(time.Hour), "Bonjour")
	if err := d.say("a", "noa", policy.Approve, "n1"); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(9 * time.Hour)
	if n := d.due(); n != 0 {
		t.Error("still due")
	}
	for _, id := range []string{"a", "none"} {
		if err := d.do(func(ctx context.Context, tx *state.Tx) error {
			return d.e.Due(ctx, tx, work.Item{Data: []byte(id)})
		}); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if got := d.request("a").Stage; got != approvals.Approved {
		t.Errorf("an approved request is %s", got)
	}
}

// The card of a missed request says what happened and what to do, and asks for
// nothing; whoever agreed in part is not said to have ended it.
func TestMissedCard(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, 1)
	d.submit("a", 1, d.now.Add(time.Hour), "Bonjour")
	if err := d.say("a", "noa", policy.Approve, "n1", "x"); err != nil {
		t.Fatal(err)
	}
	r, err := d.request("a").Expire(d.now.Add(9 * time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	card := closed(bot.ViewRequest{Space: d.e.Space.Now(), Brand: d.b, Print: catalog.For("en", time.UTC), Now: d.now}, r, false)
	var lines []string
	for _, block := range card.Blocks {
		lines = append(lines, block.Text.String())
	}
	if got, want := strings.Join(lines, "|"), "Nothing went out.|Camille can choose another time in the draft: it is sent for approval again."; got != want || len(card.Buttons) != 0 {
		t.Errorf("%s: %s, %+v", card.Summary, got, card.Buttons)
	}
}
