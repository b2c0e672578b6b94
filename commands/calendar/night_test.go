package calendar

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// newNight is a desk whose brand calls its posts critical, with noa and morgan on
// call. What was emitted is in paged.
func newNight(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	space, b := d.asker.Space, d.asker.Brand
	b.CriticalPosts, b.Pager, b.OnCall = true, "set", []string{"noa", "morgan"}
	space.Members = append(space.Members, &brand.Member{ID: "noa", Roles: []brand.Role{brand.Responder}, Handles: map[string]string{"console": "noa"}})
	space.Member("morgan").Handles = map[string]string{"console": "morgan"}
	return d
}

// goes lets a post leave at a time, and end so.
func (d *desk) goes(request, at string, status outbox.Status) {
	d.t.Helper()
	d.ask(request, clock(d.t, at), true)
	d.due(at)
	d.receipt(request, status)
}

// unseen lets the call to a post wait for so long.
func (d *desk) unseen(request string, after time.Duration) {
	d.t.Helper()
	d.now = d.now.Add(after)
	d.must(func(ctx context.Context, tx *state.Tx) error {
		return d.e.Unseen(ctx, tx, work.Item{Data: []byte(request)})
	})
}

func (d *desk) want(what, called, told string) {
	d.t.Helper()
	if got, said := strings.Join(d.called, ", "), strings.Join(d.told, ", "); got != called || said != told {
		d.t.Errorf("%s: called %q, told %q; want %q and %q", what, got, said, called, told)
	}
}

// Who is on call is rung for what went wrong outside hours, if the brand says so;
// everything else is said as ever.
func TestPostsInTroubleAtNight(t *testing.T) {
	for name, test := range map[string]struct {
		at     string
		status outbox.Status
		change func(*desk)
		called bool
		told   bool
	}{
		"unknown":        {"2026-11-26T20:30", outbox.Unknown, nil, true, false},
		"failed":         {"2026-11-26T20:30", outbox.Failed, nil, true, false},
		"on a Sunday":    {"2026-11-29T10:00", outbox.Failed, nil, true, false},
		"clocks go back": {"2026-10-25T02:30", outbox.Unknown, nil, true, false},
		"live":           {"2026-11-26T20:30", outbox.Sent, nil, false, false},
		"too late":       {"2026-11-26T20:30", outbox.Expired, nil, false, true},
		"in hours":       {"2026-11-26T18:00", outbox.Failed, nil, false, true},
		"not critical":   {"2026-11-26T20:30", outbox.Failed, func(d *desk) { d.asker.Brand.CriticalPosts = false }, false, true},
		"nobody on call": {"2026-11-26T20:30", outbox.Failed, func(d *desk) { d.asker.Brand.OnCall = nil }, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newNight(t)
			d.now = clock(t, "2026-10-01T10:00")
			if test.change != nil {
				test.change(d)
			}
			d.goes("a", test.at, test.status)
			if called, told := slices.Equal(d.called, []string{"a noa"}), slices.Equal(d.told, []string{"a"}); called != test.called || told != test.told {
				t.Errorf("called %v, told %v", d.called, d.told)
			}
		})
	}
}

// Ten minutes unseen is the next person's, twice round; then whoever works next is
// told. On the night on which clocks go back minutes are as long as ever.
func TestCallsToAPostGoDownTheRota(t *testing.T) {
	for _, at := range []string{"2026-11-26T23:00", "2026-10-25T02:45"} {
		d := newNight(t)
		d.now = clock(t, "2026-10-01T10:00")
		d.goes("a", at, outbox.Unknown)
		start := d.now
		for i, want := range []string{"a noa, a morgan", "a noa, a morgan, a noa", "a noa, a morgan, a noa, a morgan"} {
			d.pass("a")
			d.want(fmt.Sprint("call ", i+2), want, "")
			if got := d.now.Sub(start); got != time.Duration(i+1)*10*time.Minute {
				t.Errorf("call %d after %v", i+2, got)
			}
		}
		d.pass("a")
		d.want("in vain", "a noa, a morgan, a noa, a morgan", "a")
	}
}

// pass lets the clock go on to when the call to a post is due next, and hands it
// over. Whatever else is due then stays.
func (d *desk) pass(request string) {
	d.t.Helper()
	for {
		_, next, err := d.store.MoveDue(d.t.Context(), d.now, 0)
		if err != nil || next.IsZero() {
			d.t.Fatalf("nothing is due, %v", err)
		}
		d.now = next
		if _, _, err := d.store.MoveDue(d.t.Context(), d.now, 1); err != nil {
			d.t.Fatal(err)
		}
		for lane := range work.Lanes {
			entries, err := d.store.Read(d.t.Context(), []work.Lane{{Direction: work.In, Number: lane}}, 100, 0)
			if err != nil {
				d.t.Fatal(err)
			}
			for _, entry := range entries {
				if entry.Topic == "due:"+CallTopic && string(entry.Data) == request {
					d.must(func(ctx context.Context, tx *state.Tx) error { return d.e.Unseen(ctx, tx, entry.Item) })
					return
				}
			}
		}
	}
}

// One page a night for a post, however many of its networks fail; another night is
// another one.
func TestOnePageANightForAPost(t *testing.T) {
	d := newNight(t)
	d.goes("a", "2026-11-26T20:30", outbox.Failed)
	d.want("the first", "a noa", "")
	again := func(at string, status outbox.Status) {
		d.now = clock(t, at)
		id := d.publications()[0].ID
		d.must(func(ctx context.Context, tx *state.Tx) error { _, err := d.e.Now(ctx, tx, id, "noa"); return err })
		d.now = d.now.Add(UndoFor)
		d.must(func(ctx context.Context, tx *state.Tx) error { return d.e.Due(ctx, tx, work.Item{Data: []byte(id)}) })
		d.receipt("a", status)
	}
	again("2026-11-26T20:40", outbox.Failed)
	d.want("tried again, in vain", "a noa", "")
	d.unseen("a", 10*time.Minute)
	d.want("who tried has seen it", "a noa", "")
	d.now = clock(t, "2026-11-27T22:00")
	p := d.publications()[0]
	d.must(func(ctx context.Context, tx *state.Tx) error {
		_, err := d.e.get(ctx, tx, p.ID)
		if err == nil {
			err = d.e.befall(ctx, tx, p)
		}
		return err
	})
	d.want("another night", "a noa, a noa", "")
}

// Whoever saw it, or decided, ends the calls; so does what turns out well.
func TestWhatEndsTheCallsToAPost(t *testing.T) {
	for name, end := range map[string]func(*desk, context.Context, *state.Tx, string) error{
		"seen": func(d *desk, ctx context.Context, tx *state.Tx, _ string) error { return d.e.Seen(ctx, tx, "a", "noa") },
		"there": func(d *desk, ctx context.Context, tx *state.Tx, id string) error {
			_, err := d.e.There(ctx, tx, id, "noa")
			return err
		},
		"absent": func(d *desk, ctx context.Context, tx *state.Tx, id string) error {
			_, err := d.e.Absent(ctx, tx, id, "noa")
			return err
		},
		"arrived": nil,
	} {
		t.Run(name, func(t *testing.T) {
			d := newNight(t)
			d.goes("a", "2026-11-26T20:30", outbox.Unknown)
			d.now = d.now.Add(4 * time.Minute)
			if end == nil {
				d.receipt("a", outbox.Sent)
			} else {
				id := d.publications()[0].ID
				d.must(func(ctx context.Context, tx *state.Tx) error { return end(d, ctx, tx, id) })
			}
			d.unseen("a", 6*time.Minute)
			d.want(name, "a noa", "")
		})
	}
}

// A call to a post that somebody answered is in their statement, until the post is
// settled.
func TestCallToAPostIsStated(t *testing.T) {
	d := newNight(t)
	d.goes("a", "2026-11-26T20:30", outbox.Unknown)
	d.now = d.now.Add(4 * time.Minute)
	d.must(func(ctx context.Context, tx *state.Tx) error { return d.e.Seen(ctx, tx, "a", "noa") })
	id := d.publications()[0].ID
	d.now = d.now.Add(11 * time.Minute)
	d.must(func(ctx context.Context, tx *state.Tx) error { _, err := d.e.There(ctx, tx, id, "noa"); return err })
	all, err := oncall.List(t.Context(), state.Begin(d.store, "look", d.now), "colibri", clock(t, "2026-11-01T00:00"), clock(t, "2026-12-01T00:00"))
	if err != nil || len(all) != 1 || all[0].Member != "noa" || all[0].Until.Sub(all[0].At) != 11*time.Minute {
		t.Errorf("%+v, %v", all, err)
	}
}

// The page says nothing but that there is something, and where: what rings at
// night holds no word of the post.
func TestPageOfAPost(t *testing.T) {
	d := newNight(t)
	d.ask("a", clock(t, "2026-11-26T20:30"), true)
	d.due("2026-11-26T20:30")
	p := d.publications()[0]
	p.Status = Failed
	var pages []outbox.Effect
	d.must(func(ctx context.Context, tx *state.Tx) error {
		if _, err := d.e.get(ctx, tx, p.ID); err != nil {
			return err
		}
		err := d.e.befall(ctx, tx, p)
		pages = slices.DeleteFunc(tx.Effects(), func(e outbox.Effect) bool { return e.Kind == board.EffectKind })
		return err
	})
	want := `{"brand":"colibri","member":"noa","about":"request","case":"a","what":"calendar.page","at":"2026-11-26T20:30:00+01:00"}`
	if len(pages) != 1 || pages[0].Kind != oncall.PageKind || !pages[0].Critical || string(pages[0].Data) != want {
		t.Errorf("%+v\n%s", pages, pages[0].Data)
	}
}
