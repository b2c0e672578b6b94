package calendar

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/state"
)

// gate notes what it hears.
type gate struct{ heard []string }

func (g *gate) Paused(_ context.Context, _ *state.Tx, by string, paused bool) error {
	g.heard = append(g.heard, fmt.Sprint(by, " ", paused))
	return nil
}

// standing is how the posts of the brand stand.
func (d *desk) standing() Standing {
	d.t.Helper()
	s, err := d.e.Standing(d.t.Context(), state.Begin(d.store, "look", d.now), "colibri")
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func (d *desk) stop(by string) {
	d.t.Helper()
	d.must(func(ctx context.Context, tx *state.Tx) error { _, _, err := d.e.Stop(ctx, tx, by); return err })
}

// Every pause is heard once, however often it is asked for.
func TestGateHearsPauses(t *testing.T) {
	d, heard := newDesk(t), &gate{}
	d.e.Gate = heard
	resume := func(by string) {
		d.must(func(ctx context.Context, tx *state.Tx) error { _, err := d.e.Resume(ctx, tx, by); return err })
	}
	d.stop("morgan")
	d.stop("camille")
	resume("camille")
	resume("morgan")
	if want := []string{"morgan true", "camille false"}; !slices.Equal(heard.heard, want) {
		t.Errorf("heard %q", heard.heard)
	}
}

// Posts wait until they left; what was on its way when everything was paused is
// counted apart, and what left before is not.
func TestStanding(t *testing.T) {
	d := newDesk(t)
	for _, id := range []string{"before", "leaving", "later"} {
		d.ask(id, d.now.Add(map[string]time.Duration{"before": time.Hour, "leaving": 2 * time.Hour, "later": 60 * time.Hour}[id]), true)
	}
	if s := d.standing(); s != (Standing{Waiting: 3}) {
		t.Errorf("before: %+v", s)
	}
	sent := func(id string, at time.Time) {
		d.must(func(ctx context.Context, tx *state.Tx) error {
			all, err := d.e.Of(ctx, tx, id)
			if err != nil || len(all) != 1 {
				return fmt.Errorf("%d of %s: %w", len(all), id, err)
			}
			return d.e.put(tx, settle(all[0], outbox.Receipt{Status: outbox.Sent, At: at}, true), "post.sent")
		})
	}
	if next, err := d.e.Ahead(t.Context(), state.Begin(d.store, "look", d.now), "colibri", d.now.Add(48*time.Hour)); err != nil || len(next) != 2 || next[0].Request != "before" {
		t.Errorf("ahead: %+v, %v", next, err)
	}
	d.now = d.now.Add(2 * time.Hour)
	sent("before", d.now.Add(-time.Hour))
	d.stop("morgan")
	d.now = d.now.Add(time.Minute)
	sent("leaving", d.now)
	if s := d.standing(); s.Waiting != 1 || s.Left != 1 || !s.Paused.Equal(d.now.Add(-time.Minute)) {
		t.Errorf("paused: %+v", s)
	}
	if s, err := d.e.Standing(t.Context(), state.Begin(d.store, "look", d.now), "other"); err != nil || s.Waiting+s.Left != 0 {
		t.Errorf("another brand has %+v, %v", s, err)
	}
}
