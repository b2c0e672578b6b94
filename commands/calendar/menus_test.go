package calendar

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/bot"
	"crieur/bot/i18n"
)

// TestSwapMenuSaysWhatItLeavesOut: a menu holds 25 entries everywhere.
func TestSwapMenuSaysWhatItLeavesOut(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := clock(t, "2026-11-26T10:00")
	v := bot.ViewRequest{Now: now}
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
