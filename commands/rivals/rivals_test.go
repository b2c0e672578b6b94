package rivals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/team"
	"crieur/bot/work"
)

// desk is the watch with a store under it.
type desk struct {
	t     *testing.T
	store *statetest.Mem
	now   time.Time
	e     *Engine
	b     *brand.Brand
	space *brand.Space
	team  *team.Directory
	notes []string // drafts begun
	ours  []time.Time
	steps int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	b := &brand.Brand{ID: "colibri", Name: "Maison Colibri", Zone: time.UTC, Langs: []string{"fr"}}
	d := &desk{t: t, store: statetest.NewMem(), now: time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC), b: b,
		space: &brand.Space{Brands: []*brand.Brand{b}, Members: []*brand.Member{
			{ID: "noa", Name: "Noa", Handles: map[string]string{"console": "noa"}},
			{ID: "morgan", Name: "Morgan", Handles: map[string]string{"console": "morgan"}},
		}}}
	d.team = team.New(d.space, d.store)
	d.e = &Engine{Space: d.space, Ideas: d, Ours: d}
	return d
}

func (d *desk) Begin(_ context.Context, _ *state.Tx, b *brand.Brand, by, note string) (board.Card, error) {
	d.notes = append(d.notes, by+": "+note)
	return board.Card{View: "draft", Subject: "d1", Brand: b.ID}, nil
}

func (d *desk) Posted(context.Context, *state.Tx, string, time.Time) ([]time.Time, error) {
	return d.ours, nil
}

func (d *desk) do(step func(context.Context, *state.Tx) error) error {
	d.steps++
	_, err := state.Do(d.t.Context(), d.store, fmt.Sprint("step", d.steps), d.now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, step(ctx, tx) })
	return err
}

func (d *desk) must(step func(context.Context, *state.Tx) error) {
	d.t.Helper()
	if err := d.do(step); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) follow(address, name string) (r Rival) {
	d.t.Helper()
	d.must(func(ctx context.Context, tx *state.Tx) (err error) {
		r, err = d.e.Follow(ctx, tx, d.b, "camille", address, name)
		return err
	})
	return r
}

// see lets an observation enter, and returns its short name.
func (d *desk) see(id, rival string, ago time.Duration) string {
	d.t.Helper()
	o := listen.Observation{ID: id, Rival: rival, Kind: "post", Title: "Titre " + id, URL: "https://example.org/" + id, At: d.now.Add(-ago)}
	item, err := Item(Seen{Brand: "colibri", Observation: o})
	if err != nil {
		d.t.Fatal(err)
	}
	d.must(func(ctx context.Context, tx *state.Tx) error { return d.e.Observe(ctx, tx, item) })
	return short("colibri", o)
}

func (d *desk) fresh() string {
	d.t.Helper()
	news, err := d.e.Fresh(d.t.Context(), state.Begin(d.store, "look", d.now), "colibri", d.now.Add(-24*time.Hour), 10)
	if err != nil {
		d.t.Fatal(err)
	}
	var ids []string
	for _, o := range news {
		ids = append(ids, o.ID)
	}
	return strings.Join(ids, " ")
}

func TestCalledAt(t *testing.T) {
	for text, want := range map[string]string{
		"https://www.bellerive.example/feed.xml": "bellerive.example", "https://github.com/bellerive/infuseur.git": "infuseur",
		"https://github.com/bellerive/infuseur/releases": "infuseur", "https://github.com/bellerive": "github.com",
		"https://bellerive.example/a/b": "bellerive.example",
	} {
		address, err := cleanAddress(text)
		if err != nil || calledAt(address) != want {
			t.Errorf("%s is called %q, %v", text, calledAt(address), err)
		}
	}
}

func TestCleanAddress(t *testing.T) {
	for text, want := range map[string]string{
		"https://bellerive.example/feed.xml": "https://bellerive.example/feed.xml", "<http://a.example>": "http://a.example",
		" bellerive.example/feed ": "https://bellerive.example/feed", "Bellerive": "", "": "", "ftp://a.example": "",
		"javascript:alert(1)": "", "https://": "", "https://me:secret@a.example": "", "https://a b": "",
	} {
		got, err := cleanAddress(text)
		if want == "" {
			if !errors.Is(err, ErrAddress) {
				t.Errorf("%q = %v, %v", text, got, err)
			}
			continue
		}
		if err != nil || got.String() != want {
			t.Errorf("%q = %v, %v", text, got, err)
		}
	}
}

func TestFollowTwiceIsOnce(t *testing.T) {
	d := newDesk(t)
	first := d.follow("https://www.bellerive.example/feed", "")
	if first.Name != "bellerive.example" {
		t.Errorf("called %q", first.Name)
	}
	d.now = d.now.Add(time.Hour)
	again := d.follow("https://www.bellerive.example/feed", "Thés Bellerive")
	if again.ID != first.ID || !again.Since.Equal(first.Since) || again.Name != "Thés Bellerive" {
		t.Errorf("%+v, then %+v", first, again)
	}
	all, err := d.e.All(t.Context(), state.Begin(d.store, "look", d.now), "colibri")
	if err != nil || len(all) != 1 {
		t.Errorf("%v, %v", all, err)
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		_, err := d.e.Unfollow(ctx, tx, first.ID, "noa")
		return err
	})
	if err := d.do(func(ctx context.Context, tx *state.Tx) error {
		_, err := d.e.Unfollow(ctx, tx, first.ID, "noa")
		return err
	}); !errors.Is(err, ErrUnknown) {
		t.Errorf("unfollowed twice: %v", err)
	}
}

// A piece of news is settled once; what was only passed on can still become
// anything.
func TestSettling(t *testing.T) {
	d := newDesk(t)
	rival := d.follow("https://a.example/feed", "Bellerive")
	one, two, three := d.see("o1", rival.ID, time.Hour), d.see("o2", rival.ID, 2*time.Hour), d.see("o3", rival.ID, 3*time.Hour)
	d.see("o1", rival.ID, time.Hour) // heard again
	d.see("old", rival.ID, 25*time.Hour)
	if got := d.fresh(); got != "o1 o2 o3" {
		t.Fatalf("fresh: %s", got)
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	drop := func(name string) error {
		return d.do(func(ctx context.Context, tx *state.Tx) error { return d.e.Drop(ctx, tx, "colibri", name, "camille") })
	}
	inspire := func(name string) error {
		return d.do(func(ctx context.Context, tx *state.Tx) error {
			_, err := d.e.Inspire(ctx, tx, d.b, name, "camille", catalog.For("fr", nil))
			return err
		})
	}
	tell := func(name string, to ...*brand.Member) error {
		return d.do(func(ctx context.Context, tx *state.Tx) error {
			return d.e.Tell(ctx, tx, d.b, name, "camille", to, func(*state.Tx) string { return "token" + name })
		})
	}
	if err := errors.Join(drop(one), inspire(two), tell(three, d.space.Members[0])); err != nil {
		t.Fatal(err)
	}
	if got := d.fresh(); got != "" {
		t.Errorf("still fresh: %s", got)
	}
	if len(d.notes) != 1 || d.notes[0] != "camille: Idée, d’après Bellerive\u00a0: Titre o2 https://example.org/o2" {
		t.Errorf("drafts %q", d.notes)
	}
	for name, err := range map[string]error{"dropped": inspire(one), "an idea": drop(two), "an idea again": inspire(two), "told of what was dropped": tell(one, d.space.Members[0])} {
		if !errors.Is(err, ErrSettled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := tell(three, d.space.Members[1]); err != nil {
		t.Errorf("told to one more: %v", err)
	}
	kept, err := settled.Peek(t.Context(), state.Begin(d.store, "look", d.now), three)
	if err != nil || len(kept) != 1 || strings.Join(kept[0].Told, " ") != "noa morgan" {
		t.Errorf("told %+v, %v", kept, err)
	}
	if err := inspire(three); err != nil {
		t.Errorf("an idea from what was passed on: %v", err)
	}
	if err := drop("vnone"); !errors.Is(err, ErrUnknown) {
		t.Errorf("of nothing: %v", err)
	}
	direct := 0
	for _, e := range d.store.Sent() {
		if e.Effect.Kind == board.EffectKind && e.Effect.Notifies {
			direct++
			if e.Effect.Class != outbox.Digest || e.Effect.Member == "" {
				t.Errorf("%+v", e.Effect)
			}
		}
	}
	if direct != 2 {
		t.Errorf("%d people were told", direct)
	}
}

func TestRhythmOf(t *testing.T) {
	now := time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	for _, test := range []struct {
		name  string
		acts  []act
		since time.Time
		want  string
	}{
		{"nothing, followed today", nil, now.Add(-time.Hour), "0 in 1 days: []"},
		{"nothing for long", nil, ago(90), "0 in 28 days: []"},
		{"as followed", []act{{"post", ago(1)}, {"price", ago(2)}, {"post", ago(3)}}, ago(9), "3 in 10 days: [{post 2} {price 1}]"},
		{"what the feed told from before", []act{{"post", ago(20)}}, ago(1), "1 in 21 days: [{post 1}]"},
		{"too old, or to come", []act{{"post", ago(29)}, {"post", now.Add(time.Hour)}, {"post", ago(27)}}, ago(1), "1 in 28 days: [{post 1}]"},
	} {
		r := rhythmOf(test.acts, test.since, now)
		if got := fmt.Sprintf("%d in %d days: %v", r.Count, r.Days, r.Kinds); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestCompare(t *testing.T) {
	d := newDesk(t)
	d.ours = []time.Time{d.now.AddDate(0, 0, -2), d.now.AddDate(0, 0, -3)}
	read := d.follow("https://a.example/feed", "Lu")
	d.now = d.now.Add(time.Minute)
	d.follow("https://b.example/feed", "Jamais lu")
	d.see("o1", read.ID, time.Hour)
	d.must(func(ctx context.Context, tx *state.Tx) error {
		return poll.Receipt(d.e.Polled)(ctx, tx, receiptOf(t, read.ID, poll.Read("cursor", time.Hour)))
	})
	all, err := d.e.Compare(t.Context(), state.Begin(d.store, "look", d.now), d.b)
	if err != nil || len(all) != 3 {
		t.Fatalf("%+v, %v", all, err)
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range all {
		lines = append(lines, rhythmLine(catalog.For("en", nil), r, "Colibri"))
	}
	if got := strings.Join(lines, " | "); got != "Colibri: 2 posts in 28 days | Lu: 1 post in 1 day | Jamais lu: not read yet, no figures" {
		t.Error(got)
	}
}

// A competitor's card shows what its first reading brought, together, although
// the reading was told before its news were handled.
func TestNewsIsShownOnceRead(t *testing.T) {
	d := newDesk(t)
	r := d.follow("https://a.example/feed", "Bellerive")
	if _, next, err := d.store.MoveDue(t.Context(), d.now, 0); err != nil || next.After(d.now) {
		t.Errorf("its feed is read at %v, %v", next, err)
	}
	d.must(func(ctx context.Context, tx *state.Tx) error {
		_, err := board.Show(ctx, tx, board.Card{View: View, Subject: r.ID, Brand: "colibri"}, func(*state.Tx) string { return "t" },
			board.Hang{Place: board.Place{Platform: "console", Channel: "@noa"}, Member: "noa"})
		return err
	})
	d.must(func(ctx context.Context, tx *state.Tx) error {
		return poll.Receipt(d.e.Polled)(ctx, tx, receiptOf(t, r.ID, poll.Read("c", time.Hour)))
	})
	for i := range 3 {
		d.see(fmt.Sprint("o", i), r.ID, time.Hour)
	}
	due := func() (edits int) {
		t.Helper()
		if _, _, err := d.store.MoveDue(t.Context(), d.now, 10); err != nil {
			t.Fatal(err)
		}
		entries, err := d.store.Read(t.Context(), []work.Lane{work.LaneOf(work.In, r.ID)}, 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		before := len(d.store.Sent())
		for _, entry := range entries {
			if entry.Topic == "due:"+Topic {
				d.must(func(ctx context.Context, tx *state.Tx) error { return d.e.Observed(ctx, tx, entry.Item) })
			}
		}
		return len(d.store.Sent()) - before
	}
	if n := due(); n != 0 {
		t.Errorf("%d edits before all of it is there", n)
	}
	d.now = d.now.Add(together)
	if n := due(); n != 1 {
		t.Errorf("%d edits for news that came in one go", n)
	}
}

// receiptOf is the news of a read that ended well.
func receiptOf(t *testing.T, id string, r outbox.Receipt) work.Item {
	t.Helper()
	r.Status = outbox.Sent
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return work.Item{Conversation: id, Data: data}
}
