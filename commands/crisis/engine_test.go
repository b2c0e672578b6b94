package crisis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// noon is a Thursday.
var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// posts are five that wait; pausing them tells the engine, as the calendar does.
type posts struct {
	room   *room
	paused time.Time
	ahead  []Post
}

func (p *posts) Pause(ctx context.Context, tx *state.Tx, by string) error {
	if !p.paused.IsZero() {
		return nil
	}
	p.paused = tx.Now()
	return p.room.Paused(ctx, tx, by, true)
}

func (p *posts) Stand(context.Context, *state.Tx, string) (Standing, error) {
	return Standing{Paused: p.paused, Waiting: 5}, nil
}

func (p *posts) Ahead(_ context.Context, _ *state.Tx, _ string, until time.Time) ([]Post, error) {
	return slices.DeleteFunc(slices.Clone(p.ahead), func(one Post) bool { return !one.At.Before(until) }), nil
}

// talk is what is said of delivery.
type talk struct{}

func (talk) TalkLine(_ context.Context, _ *state.Tx, _ *brand.Brand, theme string, _ *i18n.Printer) (string, error) {
	return "7 personnes (" + theme + ")", nil
}

func (talk) Themes(*brand.Brand) []string { return []string{"livraison", "prix"} }

func (talk) ThemeName(_ *brand.Brand, theme, _ string) string {
	return strings.ToUpper(theme[:1]) + theme[1:]
}

// room is two brands with a clock that the test moves.
type room struct {
	*Engine
	t     *testing.T
	space *brand.Space
	store *statetest.Mem
	posts *posts
	now   time.Time
	steps int
	hung  []outbox.Effect // what the last step put up
}

func newRoom(t *testing.T) *room {
	t.Helper()
	member := func(id string, roles ...brand.Role) *brand.Member {
		return &brand.Member{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Roles: roles, Handles: map[string]string{"slack:T": "U" + id}}
	}
	b := &brand.Brand{ID: "colibri", Name: "Maison Colibri", Langs: []string{"fr", "en"}, Zone: time.UTC, OnCall: []string{"lou", "noa"},
		Alerts: []board.Place{{Platform: "slack", Team: "T", Channel: "alerts"}}, Approvals: []board.Place{{Platform: "slack", Team: "T", Channel: "com"}}}
	for day := time.Monday; day <= time.Friday; day++ {
		b.Hours[day] = append(b.Hours[day], hours.Span{Open: 9 * 60, Close: 18 * 60})
	}
	other := *b
	other.ID, other.Name, other.Alerts = "bellerive", "Thés Bellerive", nil
	r := &room{t: t, store: statetest.NewMem(), now: noon, space: &brand.Space{ID: "s", Brands: []*brand.Brand{b, &other}, Members: []*brand.Member{
		member("morgan", brand.Admin), member("noa", brand.Approver), member("lou", brand.Responder), member("sacha", brand.Author)}}}
	r.posts = &posts{room: r}
	r.Engine = &Engine{Space: r.space, Posts: r.posts, Talk: talk{}, Themes: talk{}, NewToken: func(tx *state.Tx) string { return tx.NewID("token") }}
	return r
}

// step does one commit.
func (r *room) step(decide func(context.Context, *state.Tx) error) error {
	r.t.Helper()
	r.steps++
	_, err := state.Do(r.t.Context(), r.store, fmt.Sprint("step", r.steps), r.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		r.hung = nil
		err := decide(ctx, tx)
		for _, e := range tx.Effects() {
			if e.Kind == board.EffectKind {
				r.hung = append(r.hung, e)
			}
		}
		return nil, err
	})
	return err
}

func (r *room) must(decide func(context.Context, *state.Tx) error) {
	r.t.Helper()
	if err := r.step(decide); err != nil {
		r.t.Fatal(err)
	}
}

// rung are the places that the last step rang, with ! where it rings at night too.
func (r *room) rung() (all []string) {
	for _, e := range r.hung {
		if e.Notifies {
			all = append(all, strings.TrimPrefix(e.Destination, "slack:T:")+map[bool]string{true: "!"}[e.Critical])
		}
	}
	return all
}

func opening() Opening {
	return Opening{By: "morgan", About: "Colis perdus", Theme: "livraison", Lead: "noa", Pause: true}
}

func (r *room) begin(brand string, o Opening) (c Crisis, err error) {
	r.t.Helper()
	err = r.step(func(ctx context.Context, tx *state.Tx) (err error) {
		c, err = r.Open(ctx, tx, r.space.Brand(brand), o)
		return err
	})
	return c, err
}

// last is the last crisis of the brand, as it is kept.
func (r *room) last(brand string) Crisis {
	r.t.Helper()
	c, found, err := r.Last(r.t.Context(), state.Begin(r.store, "look", r.now), brand)
	if err != nil || !found {
		r.t.Fatalf("no crisis: %v", err)
	}
	return c
}

// did are the acts of a crisis: "morgan opened".
func did(c Crisis) (all []string) {
	for _, act := range c.Acts {
		all = append(all, act.By+" "+string(act.What))
	}
	return all
}

// One step opens it, hangs the one card and pauses everything.
func TestOpen(t *testing.T) {
	r := newRoom(t)
	if _, err := r.begin("colibri", opening()); err != nil {
		t.Fatal(err)
	}
	if got := did(r.last("colibri")); !slices.Equal(got, []string{"morgan opened", "morgan paused"}) {
		t.Errorf("kept %q", got)
	}
	if got := r.rung(); !slices.Equal(got, []string{"alerts", "@Unoa"}) || len(r.hung) != 2 {
		t.Errorf("rang %q of %d", got, len(r.hung))
	}
	if trail := r.store.Trail(); len(trail) != 2 || trail[0].What != "crisis.opened" || trail[0].Who != "morgan" || trail[0].Brand != "colibri" {
		t.Errorf("the trail says %+v", trail)
	}
}

// A brand without a channel for alerts has its card where posts are approved; who
// opens it to lead is not rung.
func TestOpenWhereNobodyIsAlerted(t *testing.T) {
	r := newRoom(t)
	o := opening()
	o.Lead, o.By, o.Pause = "noa", "noa", false
	if _, err := r.begin("bellerive", o); err != nil {
		t.Fatal(err)
	}
	if got := r.rung(); !slices.Equal(got, []string{"com"}) || !r.posts.paused.IsZero() {
		t.Errorf("rang %q, paused %v", got, r.posts.paused)
	}
}

func TestOneAtATime(t *testing.T) {
	r := newRoom(t)
	first, err := r.begin("colibri", opening())
	if err != nil {
		t.Fatal(err)
	}
	if second, err := r.begin("colibri", opening()); !errors.Is(err, ErrOpen) || second.ID != first.ID {
		t.Errorf("a second one: %s, %v", second.ID, err)
	}
	if other, err := r.begin("bellerive", opening()); err != nil || other.ID != "bellerive/1" {
		t.Errorf("another brand’s: %s, %v", other.ID, err)
	}
	r.must(func(ctx context.Context, tx *state.Tx) error {
		_, err := r.End(ctx, tx, first.ID, "noa", "")
		return err
	})
	if next, err := r.begin("colibri", opening()); err != nil || next.ID != "colibri/2" {
		t.Errorf("the next one: %s, %v", next.ID, err)
	}
}

// Two people who open one at a time have one: the later step is decided anew.
func TestOpenedTwiceAtOnce(t *testing.T) {
	r := newRoom(t)
	tries := 0
	_, err := state.Do(t.Context(), r.store, "late", r.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		tries++
		_, err := r.Open(ctx, tx, r.space.Brand("colibri"), Opening{By: "noa", About: "La même", Lead: "noa"})
		if tries == 1 {
			if _, err := r.begin("colibri", opening()); err != nil {
				t.Fatal(err)
			}
		}
		return nil, err
	})
	if !errors.Is(err, ErrOpen) || tries != 2 || r.last("colibri").About != "Colis perdus" {
		t.Errorf("after %d tries: %v, %+v", tries, err, r.last("colibri"))
	}
}

func TestNotOpened(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Opening)
		want   error
	}{
		"no such theme":    {func(o *Opening) { o.Theme = "meteo" }, ErrTheme},
		"nobody":           {func(o *Opening) { o.Lead = "personne" }, ErrLead},
		"who only writes":  {func(o *Opening) { o.Lead = "sacha" }, ErrLead},
		"somebody unnamed": {func(o *Opening) { o.Lead = "" }, ErrLead},
	} {
		r, o := newRoom(t), opening()
		test.change(&o)
		if _, err := r.begin("colibri", o); !errors.Is(err, test.want) || len(r.store.Dump("crisis")) != 0 || !r.posts.paused.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is paused and let go on elsewhere is part of it, even after its end; another
// pause later is not.
func TestPauses(t *testing.T) {
	r := newRoom(t)
	c, err := r.begin("colibri", opening())
	if err != nil {
		t.Fatal(err)
	}
	turn := func(paused bool) {
		r.must(func(ctx context.Context, tx *state.Tx) error { return r.Paused(ctx, tx, "lou", paused) })
	}
	turn(false)
	turn(true)
	r.must(func(ctx context.Context, tx *state.Tx) error {
		_, err := r.End(ctx, tx, c.ID, "noa", "Appeler plus tôt")
		return err
	})
	turn(false)
	turn(true)
	turn(false)
	want := []string{"morgan opened", "morgan paused", "lou resumed", "lou paused", "noa ended", "lou resumed"}
	if got := r.last("colibri"); !slices.Equal(did(got), want) || got.Learnt != "Appeler plus tôt" || !got.Over() {
		t.Errorf("kept %q, learnt %q", did(got), got.Learnt)
	}
	for id, want := range map[string]error{c.ID: ErrOver, "colibri/7": ErrUnknown} {
		if err := r.step(func(ctx context.Context, tx *state.Tx) error { _, err := r.End(ctx, tx, id, "lou", ""); return err }); !errors.Is(err, want) {
			t.Errorf("ended %s: %v", id, err)
		}
	}
}
