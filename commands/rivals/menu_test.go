package rivals

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// TestNewsOfABusyDay: the card has six lines, its menu as much as menus list, and
// a search all of it, until it is settled.
func TestNewsOfABusyDay(t *testing.T) {
	d := newDesk(t)
	rival := d.follow("https://a.example/feed", "Bellerive")
	var all []string
	for n := range 30 {
		all = append(all, d.see(fmt.Sprint("o", n), rival.ID, time.Duration(n)*time.Minute))
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := &Chat{Engine: d.e}
	request := func(tx *state.Tx) *bot.Request {
		return &bot.Request{Space: d.space, Brand: d.b, Print: catalog.For("fr", nil), Now: d.now, Tx: tx,
			NewToken: func(*state.Tx) string { return "token" }}
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		reply, err := c.news(ctx, request(tx))
		if err != nil {
			return err
		}
		lines := 0
		for _, block := range reply.Card.Blocks {
			if block.Kind == bot.Paragraph && len(block.Text) > 1 {
				lines++
			}
			if s := block.Select; s != nil && (len(s.Choices) != bot.MostChoices || s.Choices[0].Label != "Bellerive · Titre o0" || s.Left != "25 choix affichés sur 30.") {
				t.Errorf("lists %d, %q", len(s.Choices), s.Left)
			}
		}
		if lines != listed {
			t.Errorf("%d lines", lines)
		}
		return nil
	})
	found := func() (values []string) {
		list, err := c.today(t.Context(), request(state.Begin(d.store, "look", d.now)))
		if err != nil {
			t.Fatal(err)
		}
		for _, choice := range list {
			values = append(values, choice.Value)
		}
		return values
	}
	if got := found(); !slices.Equal(got, all) {
		t.Errorf("finds %d of %d", len(got), len(all))
	}
	d.must(func(ctx context.Context, tx *state.Tx) error { return d.e.Drop(ctx, tx, "colibri", all[29], "camille") })
	if got := found(); slices.Contains(got, all[29]) || len(got) != 29 {
		t.Errorf("finds what is settled, among %d", len(got))
	}
}
