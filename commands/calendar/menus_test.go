package calendar

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// TestSwapMenuSaysWhatItLeavesOut: a menu holds 25 entries everywhere.
func TestSwapMenuSaysWhatItLeavesOut(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := clock(t, "2026-11-26T10:00")
	v := bot.ViewRequest{Now: now, Brand: colibri(t)}
	p := catalog.For("fr", now.Location())
	r := approvals.Request{ID: "this", Submission: approvals.Submission{At: now.Add(time.Hour)}}
	for _, row := range []struct {
		others, offered int
		said            string
	}{{0, 0, ""}, {25, 25, ""}, {26, 25, "25 choix affichés sur 26."}, {1000, 25, "25 choix affichés sur 1\u00a0000."}} {
		day := Day{At: now}
		for i := range row.others {
			day.Posts = append(day.Posts, Post{Request: fmt.Sprint("other", i), At: now.Add(2 * time.Hour)})
		}
		day.Posts = append(day.Posts, Post{Request: "this", At: r.At}, Post{Request: "gone", At: now.Add(-time.Hour)})
		said, offered := "", 0
		for _, block := range menus(p, v, r, Picture{Days: []Day{day}}) {
			if block.Select != nil {
				said += block.Select.Left
				offered = len(block.Select.Choices)
				if slices.ContainsFunc(block.Select.Choices, func(c bot.Choice) bool { return c.Value == "this" || c.Value == "gone" }) {
					t.Error("offers itself, or what has left")
				}
			}
		}
		if said != row.said || offered != row.offered {
			t.Errorf("%d others: %d offered, %q", row.others, offered, said)
		}
	}
}

// TestWhatIsSearched: the search of a menu has what its card leaves out, and
// nothing that cannot be chosen.
func TestWhatIsSearched(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.ask("own", clock(t, "2026-11-26T17:00"), true)
	for n := range 30 {
		d.ask(fmt.Sprintf("post%02d", n), clock(t, "2026-11-27T09:00").Add(time.Duration(n)*time.Minute), true)
	}
	d.ask("late", clock(t, "2026-12-24T09:00"), true) // beyond the coming days
	c := &Chat{Engine: d.e}
	request := func(subject string) *bot.Request {
		return &bot.Request{Space: d.asker.Space, Brand: d.asker.Brand, Member: d.asker.Member, Subject: subject,
			Print: catalog.For("fr", d.now.Location()), Now: d.now, Tx: state.Begin(d.store, "look", d.now)}
	}
	for subject, test := range map[string]struct {
		list  bot.Listing
		found int
	}{"own": {c.swaps, 30}, "2026-11-26/7/": {c.posts, 31}, "2026-12-24/1/": {c.posts, 1}, "2026-11-30/1/": {c.posts, 0}} {
		found, err := test.list(t.Context(), request(subject))
		if err != nil || len(found) != test.found {
			t.Errorf("%s: %d, %v", subject, len(found), err)
		}
		for _, choice := range found {
			if choice.Value == subject || len(choice.Label) == 0 {
				t.Errorf("%s offers %+v", subject, choice)
			}
		}
	}
	if found, err := c.posts(t.Context(), request("own")); err == nil || len(found) != 0 {
		t.Errorf("the posts of what is no period: %v, %v", found, err)
	}
}
