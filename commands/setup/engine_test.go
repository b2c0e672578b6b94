package setup

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/team"
	"crieur/bot/text/match"
)

func TestStep(t *testing.T) {
	p := Progress{}
	for _, step := range []struct {
		want   Step
		answer func()
	}{
		{Naming, func() { p.Brand.Name = "Colibri" }},
		{Shaping, func() { p.Preset = Team }},
		{Placing, func() { p.Brand.Approvals = []board.Place{{Channel: "com"}} }},
		{Choosing, func() { p.Brand.Accounts = []brand.Account{{ID: "x"}} }},
		{Listening, func() { p.Listen.Fine = true }},
		{Ready, func() { p.Done = true }},
		{Done, func() {}},
	} {
		if got := p.Step(); got != step.want {
			t.Errorf("the step is %s, want %s", got, step.want)
		}
		step.answer()
	}
}

func TestStuck(t *testing.T) {
	for _, c := range []struct {
		preset             Preset
		writers, approvers string
		want               string
	}{
		{Alone, "a", "a", ""},
		{Team, "a", "b", ""},
		{Team, "a b", "b", "setup.self"},
		{Team, "a b", "a b", ""},
		{Team, "a", "a", "setup.self"},
		{Team, "a", "", "setup.few"},
		{Network, "a b", "c", ""},
		{Agency, "a", "b", "setup.few"},
		{Agency, "a", "b c", ""},
		{Agency, "a b", "b c", "setup.self"},
	} {
		if got := stuck(c.preset, strings.Fields(c.writers), strings.Fields(c.approvers)); got != c.want {
			t.Errorf("%s, %s write and %s approve: %q, want %q", c.preset, c.writers, c.approvers, got, c.want)
		}
	}
}

func TestFree(t *testing.T) {
	e := &Engine{Space: &brand.Space{Brands: []*brand.Brand{{ID: "colibri"}, {ID: "colibri-2"}}}}
	for name, want := range map[string]string{"Maison Colibri": "maison-colibri", "Colibri": "colibri-3", "Thés & Cie": "thes--cie",
		"茶": "brand", strings.Repeat("long ", 20): "long-long-long-long-long-lon", "-": "brand"} {
		if got := e.free(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

func TestDay(t *testing.T) {
	week := hours.Week{time.Monday: {{Open: 540, Close: 720}, {Open: 840, Close: 1080}}, time.Friday: {{Open: 525, Close: 720}}}
	if brief, handover := day(week); brief != 525 || handover != 1065 {
		t.Errorf("brief at %s, handover at %s", brief, handover)
	}
}

func TestTried(t *testing.T) {
	l := Listen{Words: []string{"colibri"}, Not: []string{"oiseau"}}
	texts := []string{"Un colibri, bel oiseau", "Colibri : livraison lente", "livraison ratée chez Colibri", "Colibri !", "rien à voir"}
	if got, want := tried(l, texts), (Trial{Read: 5, Heard: 4, Left: 1, Beside: "livraison", Times: 2}); got != want {
		t.Errorf("tried: %+v, want %+v", got, want)
	}
	if got := tried(l, nil); got != (Trial{}) {
		t.Errorf("tried on nothing: %+v", got)
	}
}

func TestWords(t *testing.T) {
	got := words(" Maison Colibri, , \"colibri\" ;@colibri\n(thé)")
	if want := []string{"Maison Colibri", "colibri", "@colibri", "thé"}; !reflect.DeepEqual(got, want) {
		t.Errorf("words %q", got)
	}
	for text, ok := range map[string]bool{"colibri": true, "": false, "  , ": false, "AND": true, `"`: false, "-": false} {
		if err := (Listen{Words: words(text)}).check(); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Whatever is typed, a rule that is let in can be read, and hears its own words.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{"colibri", `a" OR "b`, "NOT (x)", "NEAR/3, *, ^, ~", "@a #b", "é", "x:y", "\\"} {
		f.Add(seed, "oiseau")
	}
	f.Fuzz(func(t *testing.T, say, not string) {
		l := Listen{Words: words(say), Not: words(not)}
		if l.check() != nil {
			return
		}
		if err := match.NewSet().Add("rule", l.Query()); err != nil {
			t.Fatalf("%q without %q: %s: %v", say, not, l.Query(), err)
		}
	})
}

// opener is a brand's first day.
type opener struct{ opened []string }

func (o *opener) Open(_ *state.Tx, b *brand.Brand) time.Time {
	o.opened = append(o.opened, b.ID)
	return time.Date(2026, 11, 27, 8, 45, 0, 0, b.Zone)
}

type silence struct{}

func (silence) Recent(context.Context, *state.Tx, time.Time, int) ([]string, error) { return nil, nil }

// office is an engine over a store.
type office struct {
	*Engine
	t      *testing.T
	store  *statetest.Mem
	team   *team.Directory
	opener *opener
	acts   int
}

func newOffice(t *testing.T) *office {
	space := &brand.Space{ID: "s", Members: []*brand.Member{
		{ID: "morgan", Name: "Morgan", Roles: []brand.Role{brand.Admin}, Handles: map[string]string{"slack:T": "U1"}},
		{ID: "noa", Name: "Noa", Roles: []brand.Role{brand.Admin}, Handles: map[string]string{"slack:T": "U2"}},
	}}
	o := &office{t: t, store: statetest.NewMem(), opener: &opener{}}
	o.team = team.New(space, o.store)
	tokens := 0
	o.Engine = &Engine{Space: o.team, Past: silence{}, Opener: o.opener, NewToken: func(*state.Tx) string { tokens++; return fmt.Sprint("t", tokens) }}
	return o
}

func (o *office) act(decide func(ctx context.Context, tx *state.Tx) error) {
	o.t.Helper()
	o.acts++
	_, err := state.Do(o.t.Context(), o.store, fmt.Sprint("act", o.acts), time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC), nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, decide(ctx, tx) })
	if err != nil {
		o.t.Fatal(err)
	}
	if err := o.team.Refresh(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) answer(by string, answer func(*Progress)) {
	o.t.Helper()
	o.act(func(ctx context.Context, tx *state.Tx) error { return o.Change(ctx, tx, by, answer) })
}

// Two admins share a set-up; only its end makes the brand, once; done, it may be
// changed and done again.
func TestFinish(t *testing.T) {
	o := newOffice(t)
	finish := func(by string) { o.act(func(ctx context.Context, tx *state.Tx) error { return o.Finish(ctx, tx, by) }) }
	o.act(func(ctx context.Context, tx *state.Tx) error {
		return o.Named(ctx, tx, "morgan", team.Brand{Name: "Colibri", Langs: []string{"fr"}, Zone: "Europe/Paris",
			Holidays: hours.France, Hours: hours.Week{time.Monday: {{Open: 540, Close: 1080}}}})
	})
	o.act(func(ctx context.Context, tx *state.Tx) error {
		return o.Shaped(ctx, tx, "noa", Team, []string{"morgan"}, []string{"noa"}, nil)
	})
	finish("morgan")
	if len(o.team.Now().Brands) != 0 {
		t.Fatal("a brand is there before its set-up ended")
	}
	o.answer("noa", func(p *Progress) {
		p.Brand.Approvals = []board.Place{{Platform: "slack", Team: "T", Channel: "C1"}}
		p.Brand.Accounts = []brand.Account{{ID: "x", Network: assisted, Shows: "x", Name: "X"}}
		p.Listen = Listen{Words: []string{"colibri"}, Fine: true}
	})
	finish("noa")
	finish("morgan") // a second click
	b := o.team.Now().Brand("colibri")
	if b == nil || b.Brief != 540 || b.Handover != 1065 || b.Watch[0].Query != `("colibri")` || b.Policy.Needed != 1 || b.Policy.OwnWork {
		t.Fatalf("the brand is %+v", b)
	}
	for day, works := range map[int]bool{22: true, 29: false} { // Easter Monday
		if at := time.Date(2027, time.March, day, 12, 0, 0, 0, b.Zone); b.At(nil)[0].Works(at) != works {
			t.Errorf("on %s people work: %v, want %v", at.Format(time.DateOnly), !works, works)
		}
	}
	space := o.team.Now()
	if m := space.Member("morgan"); !m.Can(brand.Author) || m.Can(brand.Approver) || !space.Member("noa").Can(brand.Approver) {
		t.Errorf("Morgan has %v, Noa %v", m.All(), space.Member("noa").All())
	}
	if len(o.opener.opened) != 1 {
		t.Errorf("opened %v", o.opener.opened)
	}
	if n := len(o.store.Dump("card")); n != 1 {
		t.Errorf("%d cards, want the trial alone: nobody asked for the set-up's", n)
	}
	o.answer("noa", func(p *Progress) { p.Listen = Listen{Words: []string{"colibris"}, Fine: true} })
	if o.team.Now().Brand("colibri").Watch[0].Query != `("colibri")` {
		t.Error("an answer changed the brand before the end")
	}
	finish("noa")
	if got := o.team.Now().Brands; len(got) != 1 || got[0].Watch[0].Query != `("colibris")` {
		t.Errorf("after the change, %+v", got)
	}
	o.act(func(ctx context.Context, tx *state.Tx) error { return o.Another(ctx, tx, "noa") })
	o.act(func(ctx context.Context, tx *state.Tx) error {
		return o.Named(ctx, tx, "noa", team.Brand{Name: "Colibri", Zone: "Europe/Paris"})
	})
	o.act(func(ctx context.Context, tx *state.Tx) error {
		p, err := o.Get(ctx, tx)
		if p.Brand.ID != "colibri-2" || p.Step() != Placing {
			t.Errorf("the next brand is %s, at %s", p.Brand.ID, p.Step())
		}
		return err
	})
}

// Being added to a channel is looked into where the set-up is under way, and nobody
// is told anything where it is not.
func TestAdded(t *testing.T) {
	o := newOffice(t)
	looks := func() (n int) {
		o.act(func(ctx context.Context, tx *state.Tx) error {
			err := o.Added(ctx, tx)
			if tx.Changed() {
				n++
			}
			return err
		})
		return n
	}
	if looks() != 0 {
		t.Error("looked though there is no card")
	}
	o.act(func(ctx context.Context, tx *state.Tx) error { return o.Offer(ctx, tx) })
	if looks() != 1 {
		t.Error("not looked")
	}
}

// The offer comes once, to the first admin, and only where there is no brand.
func TestOffer(t *testing.T) {
	o := newOffice(t)
	offer := func() { o.act(func(ctx context.Context, tx *state.Tx) error { return o.Offer(ctx, tx) }) }
	offer()
	offer()
	cards := o.store.Dump("card")
	if len(cards) != 1 || !strings.Contains(fmt.Sprintf("%s", cards), "@U1") || strings.Contains(fmt.Sprintf("%s", cards), "@U2") {
		t.Errorf("offered %s", cards)
	}
	o = newOffice(t)
	o.Space = &brand.Space{Brands: []*brand.Brand{{ID: "b"}}, Members: o.team.Now().Members}
	offer()
	if cards := o.store.Dump("card"); len(cards) != 0 {
		t.Errorf("offered where there is a brand: %s", cards)
	}
}

// The zone of a form carries the public holidays; what nobody offers is none.
func TestWhere(t *testing.T) {
	for value, want := range map[string]hours.Holidays{"Europe/Paris": "", "Europe/Paris+fr": hours.France,
		"Europe/Paris+fr-alsace-moselle": hours.AlsaceMoselle, "Indian/Reunion+fr-reunion": hours.Reunion,
		"Europe/Berlin+fr": "", "Europe/Paris+fr-reunion": "", "Europe/Paris+": "", "Europe/Paris+fr+fr": ""} {
		zone, got := where(value)
		if got != want || zone != strings.SplitN(value, "+", 2)[0] {
			t.Errorf("%s is %s with %q, want %q", value, zone, got, want)
		}
		if got != "" && placed(zone, got) != value {
			t.Errorf("%s is written as %s", value, placed(zone, got))
		}
	}
}
