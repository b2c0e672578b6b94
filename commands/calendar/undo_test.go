package calendar

import (
	"context"
	"errors"
	"testing"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// change does something about the only post there is, as a person.
func (d *desk) change(id string, act func(*Engine, context.Context, *state.Tx, string, string) (Publication, error)) (p Publication, err error) {
	err = d.do(func(ctx context.Context, tx *state.Tx) (err error) {
		p, err = act(d.e, ctx, tx, id, "morgan")
		return err
	})
	return p, err
}

// What is on its way cannot be called back: only its receipt says how it ended.
func TestCancelEndsWhereThePostLeaves(t *testing.T) {
	d := newDesk(t)
	d.ask("a", clock(t, "2026-11-26T18:00"), true)
	d.due("2026-11-26T18:00")
	p := d.publications()[0]
	if p.Status != Claimed {
		t.Fatalf("%+v", p)
	}
	if _, err := d.change(p.ID, (*Engine).Cancel); !errors.Is(err, ErrNotNow) {
		t.Errorf("cancelled on its way: %v", err)
	}
	if got := d.publications()[0]; got.Status != Claimed {
		t.Errorf("it is %s", got.Status)
	}
}

// A late post that somebody lets go can be stopped for a minute.
func TestLettingGoCanBeUndone(t *testing.T) {
	d := newDesk(t)
	d.ask("a", clock(t, "2026-11-26T10:30"), true)
	d.must(func(ctx context.Context, tx *state.Tx) error { _, _, err := d.e.Stop(ctx, tx, "morgan"); return err })
	d.now = clock(t, "2026-11-26T10:45")
	d.must(func(ctx context.Context, tx *state.Tx) error { _, err := d.e.Resume(ctx, tx, "morgan"); return err })
	late := d.publications()[0]
	_, err := d.change(late.ID, (*Engine).Now)
	p := d.publications()[0]
	if err != nil || late.Status != Late || p.Status != Planned || !p.At.Equal(d.now.Add(UndoFor)) {
		t.Fatalf("%+v, then %+v, %v", late, p, err)
	}
	if got, err := d.change(p.ID, (*Engine).Cancel); err != nil || got.Status != Cancelled {
		t.Fatalf("%+v, %v", got, err)
	}
	d.due("2026-11-26T11:00")
	if got := d.publications()[0]; got.Status != Cancelled {
		t.Errorf("it left all the same: %s", got.Status)
	}
}

// Who comes second reads who cancelled a post; one that nobody cancelled names
// nobody.
func TestCancelledBy(t *testing.T) {
	d := newDesk(t)
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d.asker.Space.Member("morgan").Name = "Morgan"
	r := &bot.Request{Space: d.asker.Space, Brand: d.asker.Brand, Print: catalog.For("fr", d.asker.Brand.Zone)}
	for by, want := range map[string]string{"morgan": "Ce post a été annulé par Morgan. Rien n’a changé.", "": "Ce post est déjà annulé. Rien n’a changé."} {
		if got := (&Chat{Engine: d.e}).explain(r, Publication{Status: Cancelled, By: by}, ErrNotNow).Error(); got != want {
			t.Errorf("by %q: %s", by, got)
		}
	}
}
