package calendar

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// receipt brings how the order of a publication ended.
func (d *desk) receipt(request string, status outbox.Status) {
	d.t.Helper()
	data, err := json.Marshal(outbox.Receipt{Status: status, Reason: "outbox.unknown", At: d.now})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, p := range d.publications() {
		if p.Request != request {
			continue
		}
		d.must(func(ctx context.Context, tx *state.Tx) error {
			r := outbox.Receipt{}
			if err := json.Unmarshal(data, &r); err != nil {
				return err
			}
			r.Effect = p.Effect
			with, err := json.Marshal(r)
			if err != nil {
				return err
			}
			return d.e.Receipt(ctx, tx, work.Item{ID: "r", Conversation: p.ID, Data: with})
		})
	}
}

// An edited card rings nobody: who has to look is told when a post went wrong, and
// not when it went well.
func TestTroubleIsTold(t *testing.T) {
	for status, want := range map[outbox.Status]bool{
		outbox.Sent: false, outbox.Unknown: true, outbox.Failed: true, outbox.Expired: true, outbox.Cancelled: false,
	} {
		t.Run(string(status), func(t *testing.T) {
			d := newDesk(t)
			d.ask("a", clock(t, "2026-11-26T18:00"), true)
			d.due("2026-11-26T18:00")
			d.shown, d.told = nil, nil
			d.receipt("a", status)
			if told := slices.Equal(d.told, []string{"a"}); told != want || len(d.shown) != 1 {
				t.Errorf("told %v, shown %v", d.told, d.shown)
			}
		})
	}
}

// What comes too late by itself, and what never got an answer, is told too.
func TestTroubleOfTime(t *testing.T) {
	d := newDesk(t)
	d.ask("late", clock(t, "2026-11-26T18:00"), true)
	d.due("2026-11-26T18:30") // the process was away
	d.ask("lost", clock(t, "2026-11-26T19:00"), true)
	d.due("2026-11-26T19:00")
	d.due("2026-11-26T19:30") // no receipt
	if strings.Join(d.told, " ") != "late lost" {
		t.Errorf("told %v: %s", d.told, d.plan())
	}
}

// Where no program may publish a person has to, at that time: the card alone would
// leave it to chance.
func TestByHandIsTold(t *testing.T) {
	d := newDesk(t)
	p := Publication{ID: "p", Request: "a", Brand: "colibri", At: d.now, Status: ByHand}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		if _, _, err := publications.Get(ctx, tx, p.ID); err != nil {
			return err
		}
		return d.e.befall(ctx, tx, p)
	})
	if len(d.told) != 1 {
		t.Errorf("told %v", d.told)
	}
}

// Every network of a post fails at one time: that is one ring; later it is another.
func TestTroubleRingsOnce(t *testing.T) {
	d := newDesk(t)
	for _, step := range []struct {
		after time.Duration
		rings int
	}{{0, 1}, {time.Minute, 1}, {tellEvery, 2}} {
		d.now = d.now.Add(step.after)
		p := Publication{ID: "p" + step.after.String(), Request: "a", Brand: "colibri", At: d.now, Status: Failed}
		d.must(func(ctx context.Context, tx *state.Tx) error {
			if _, _, err := publications.Get(ctx, tx, p.ID); err != nil {
				return err
			}
			return d.e.befall(ctx, tx, p)
		})
		if len(d.told) != step.rings {
			t.Errorf("after %v: %d rings, want %d", step.after, len(d.told), step.rings)
		}
	}
}

// The brief names what went wrong since the last worked day began, the first three.
func TestBriefNamesTroubles(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	since := clock(t, "2026-11-25T18:15")
	lines := func() string {
		some, err := d.e.Troubles(t.Context(), state.Begin(d.store, "look", d.now), d.asker.Brand, since, catalog.For("fr", d.asker.Brand.Zone))
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(strings.Join(some, "\n"), "\u00a0", " ")
	}
	put := func(id, at string, status Status) {
		d.must(func(ctx context.Context, tx *state.Tx) error {
			if _, _, err := publications.Get(ctx, tx, id); err != nil {
				return err
			}
			p := Publication{ID: id, Request: strings.TrimRight(id, "12"), Brand: "colibri", Title: strings.ToUpper(id[:1]), At: clock(t, at), Status: status}
			p.Part.Account = "mastodon"
			if strings.HasSuffix(id, "2") {
				p.Part.Account = "bluesky"
			}
			return publications.Put(tx, p.ID, p, marks(p)...)
		})
	}
	put("z", "2026-11-24T18:00", Failed) // was told, and said, before
	put("y", "2026-11-25T20:30", Sent)
	if got := lines(); got != "" {
		t.Errorf("nothing went wrong: %s", got)
	}
	put("a1", "2026-11-25T10:00", Unknown)
	put("a2", "2026-11-25T10:00", Unknown)
	put("b1", "2026-11-25T20:30", Failed)
	put("b2", "2026-11-25T20:30", ByHand) // less telling
	if got, want := lines(), "À régler : A (bluesky et Mastodon : à vérifier) et B (Mastodon : non publié)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	put("c", "2026-11-25T21:00", Expired)
	put("d", "2026-11-25T22:00", Late)
	put("e", "2026-11-25T23:00", Failed)
	if got := lines(); !strings.HasSuffix(got, "C (Mastodon : trop tard, non publié) et 2 autres posts") {
		t.Errorf("got %s", got)
	}
}
