package moderation

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
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/team"
	"crieur/bot/work"
)

// room is a brand whose messages are moderated, with a clock that the test moves.
type room struct {
	*Engine
	t     *testing.T
	store *statetest.Mem
	team  *team.Directory
	now   time.Time
	steps int
	rings []string // whom the last step rang
}

func newRoom(t *testing.T) *room {
	t.Helper()
	member := func(id string, roles ...brand.Role) *brand.Member {
		return &brand.Member{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Roles: roles, Handles: map[string]string{"slack:T": "U" + id}}
	}
	space := &brand.Space{ID: "s", Brands: []*brand.Brand{{ID: "colibri", Name: "Maison Colibri", Langs: []string{"fr", "en"}, Zone: time.UTC,
		Charter: []brand.Article{{ID: "respect", Title: map[string]string{"fr": "Respect"}, Text: map[string]string{"fr": "Les thés, pas les gens."}}}}},
		Members: []*brand.Member{member("noa", brand.Moderator), member("lou", brand.Moderator), member("morgan", brand.Admin), member("sacha", brand.Author)}}
	store := statetest.NewMem()
	r := &room{t: t, store: store, team: team.New(space, store), now: noon}
	r.Engine = &Engine{Space: r.team, NewToken: func(tx *state.Tx) string { return tx.NewID("token") }}
	return r
}

// step does one commit.
func (r *room) step(decide func(context.Context, *state.Tx) error) error {
	r.t.Helper()
	r.steps++
	_, err := state.Do(r.t.Context(), r.store, fmt.Sprint("step", r.steps), r.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		r.rings = nil
		err := decide(ctx, tx)
		for _, e := range tx.Effects() {
			if e.Notifies {
				r.rings = append(r.rings, e.Member)
			}
			if e.Kind == board.EffectKind && e.Member == "" || e.Critical {
				r.t.Errorf("it shows in a channel, or rings at night: %+v", e)
			}
		}
		return nil, err
	})
	return errors.Join(err, r.team.Refresh(r.t.Context()))
}

func (r *room) brand() *brand.Brand { return r.team.Now().Brand("colibri") }

func (r *room) keep(by string, said listen.Flagged) (c Case) {
	r.t.Helper()
	if err := r.step(func(ctx context.Context, tx *state.Tx) (err error) {
		c, err = r.Keep(ctx, tx, r.brand(), by, said)
		return err
	}); err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r *room) decide(id string, choice Choice) (c Case, err error) {
	err = r.step(func(ctx context.Context, tx *state.Tx) (err error) {
		c, err = r.Decide(ctx, tx, id, choice)
		return err
	})
	return c, err
}

func (r *room) waiting() int {
	r.t.Helper()
	all, err := r.Waiting(r.t.Context(), state.Begin(r.store, "look", r.now), "colibri")
	if err != nil {
		r.t.Fatal(err)
	}
	return len(all)
}

// kept is the message as it is kept; found is false when it is not.
func (r *room) kept(id string) (c Case, found bool) {
	r.t.Helper()
	c, found, err := cases.Get(r.t.Context(), state.Begin(r.store, "look", r.now), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return c, found
}

// due is when the next due time is; zero when there is none.
func (r *room) due() time.Time {
	r.t.Helper()
	moved, next, err := r.store.MoveDue(r.t.Context(), r.now, 10)
	if err != nil || moved > 0 {
		r.t.Fatalf("%d due at once, %v", moved, err)
	}
	return next
}

func (r *room) trail() (all []string) {
	for _, e := range r.store.Trail() {
		all = append(all, strings.TrimSpace(e.Who+" "+e.What))
	}
	return all
}

func criticism() listen.Flagged {
	return listen.Flagged{Mention: listen.Mention{ID: "m1", Network: "Mastodon", Author: "@marie.d", Text: "Deux semaines de retard, c’est nul", At: noon.Add(-time.Hour)}}
}

// The evidence is kept in the commit that opens the message, whatever happens
// afterwards, and once.
func TestKeep(t *testing.T) {
	r := newRoom(t)
	first := r.keep("noa", criticism())
	r.now = noon.Add(time.Minute)
	if again := r.keep("lou", criticism()); again.ID != first.ID || len(again.Acts) != 1 || again.Evidence != first.Evidence {
		t.Errorf("brought twice: %+v", again)
	}
	edited := criticism()
	edited.Text += " (modifié)"
	if other := r.keep("lou", edited); other.ID == first.ID {
		t.Error("what the author made of it since is the same evidence")
	}
	c, _ := r.kept(first.ID)
	if c.Seal != c.Evidence.Seal() || c.Evidence.Text != criticism().Text || !c.Evidence.KeptAt.Equal(noon) || !c.Evidence.SaidAt.Equal(noon.Add(-time.Hour)) {
		t.Errorf("kept %+v", c)
	}
	entry := r.store.Trail()[0]
	if entry.What != "moderation.kept" || entry.Detail["sha256"] != c.Seal || entry.Subject != "moderation/"+c.ID || strings.Contains(fmt.Sprint(r.store.Trail()), "retard") {
		t.Errorf("the trail says %+v", r.store.Trail())
	}
	if n := r.waiting(); n != 2 {
		t.Errorf("%d wait", n)
	}
}

// A criticism is hidden by two people, who both stand in it.
func TestSecondPerson(t *testing.T) {
	r := newRoom(t)
	c := r.keep("noa", criticism())
	got, err := r.decide(c.ID, Choice{What: Hide, By: "noa", Rule: Rule{Reason: False}})
	if err != nil || got.Stage != Asked || !slices.Equal(r.rings, []string{"lou"}) {
		t.Fatalf("%s, %v; rang %v", got.Stage, err, r.rings)
	}
	if _, err := r.decide(c.ID, Choice{What: Agree, By: "noa"}); !errors.Is(err, ErrOwn) {
		t.Errorf("agreed with oneself: %v", err)
	}
	for _, what := range []Verb{Agree, Done} {
		if got, err = r.decide(c.ID, Choice{What: what, By: "lou"}); err != nil {
			t.Fatal(err)
		}
	}
	if got.Stage != Hidden || got.Rule.Reason != False || got.by(Hide) != "noa" || got.by(Agree) != "lou" || r.waiting() != 0 {
		t.Errorf("%+v", got)
	}
	if _, err := r.decide(c.ID, Choice{What: Agree, By: "morgan"}); !errors.Is(err, ErrDecided) {
		t.Errorf("too late: %v", err)
	}
	want := []string{"noa moderation.kept", "noa moderation.hide", "lou moderation.agreed", "lou moderation.done"}
	if !slices.Equal(r.trail(), want) {
		t.Errorf("the trail says %q", r.trail())
	}
	for _, what := range []Verb{Show, Done} {
		if got, err = r.decide(c.ID, Choice{What: what, By: "noa"}); err != nil {
			t.Fatal(err)
		}
	}
	if again := r.keep("lou", criticism()); got.Stage != Left || again.Stage != Waiting || again.Rule != nil || again.by(Hide) != "" || again.Evidence != c.Evidence {
		t.Errorf("brought again: %+v", again)
	}
}

// Who is asked: the others who moderate by name, else whoever may, else nobody.
func TestOthers(t *testing.T) {
	r := newRoom(t)
	ids := func(all []*brand.Member) (ids []string) {
		for _, m := range all {
			ids = append(ids, m.ID)
		}
		return ids
	}
	space := *r.team.Now()
	for _, test := range []struct {
		members []*brand.Member
		want    string
	}{
		{space.Members, "[lou]"},
		{space.Members[2:], "[morgan]"},
		{space.Members[3:], "[]"},
	} {
		r.Space = &brand.Space{Brands: space.Brands, Members: test.members}
		if got := fmt.Sprint(ids(r.others("noa"))); got != test.want {
			t.Errorf("asked: %s, want %s", got, test.want)
		}
	}
	c := r.keep("noa", criticism())
	if _, err := r.decide(c.ID, Choice{What: Ask, By: "noa"}); !errors.Is(err, ErrAlone) {
		t.Errorf("nobody to ask: %v", err)
	}
}

func TestUnknown(t *testing.T) {
	r := newRoom(t)
	if _, err := r.decide("m0", Choice{What: Hide}); !errors.Is(err, ErrUnknown) {
		t.Errorf("%v", err)
	}
	c := r.keep("noa", criticism())
	r.Space = &brand.Space{}
	if _, err := r.decide(c.ID, Choice{What: Leave}); !errors.Is(err, ErrUnknown) {
		t.Errorf("of a brand that is gone: %v", err)
	}
}

// A month before the delay of the law ends, what nobody decided or handed over is
// before the moderators again; once.
func TestDue(t *testing.T) {
	report := []Choice{{What: Report, By: "noa"}}
	for name, test := range map[string]struct {
		choices []Choice
		at      time.Duration // after it was said
		want    string
	}{
		"not yet":     {nil, warnAfter - time.Second, "[]"},
		"undecided":   {nil, warnAfter, "[noa lou]"},
		"too late":    {nil, 100 * 24 * time.Hour, "[]"},
		"handed over": {report, warnAfter, "[]"},
		"left":        {[]Choice{{What: Leave, By: "noa"}}, warnAfter, "[]"},
		"hidden":      {[]Choice{{What: Hide, By: "noa", Rule: Rule{Reason: False}}, {What: Agree, By: "lou"}}, warnAfter, "[noa lou]"},
		"advertising": {[]Choice{{What: Hide, By: "noa", Rule: Rule{Reason: Spam}}, {What: Agree, By: "lou"}}, warnAfter, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			c := r.keep("noa", criticism())
			if at := r.due(); !at.Equal(noon.Add(warnAfter - time.Hour)) {
				t.Fatalf("set for %s", at)
			}
			for _, choice := range test.choices {
				if _, err := r.decide(c.ID, choice); err != nil {
					t.Fatal(err)
				}
			}
			r.now = noon.Add(test.at - time.Hour)
			due := func() []string {
				if err := r.step(func(ctx context.Context, tx *state.Tx) error { return r.Due(ctx, tx, work.Item{Data: []byte(c.ID)}) }); err != nil {
					t.Fatal(err)
				}
				return r.rings
			}
			if got := fmt.Sprint(due()); got != test.want {
				t.Errorf("rang %s, want %s", got, test.want)
			}
			if again := due(); len(again) > 0 {
				t.Errorf("and again: %v", again)
			}
		})
	}
}

// What was said long ago sets nothing.
func TestOldMessage(t *testing.T) {
	r := newRoom(t)
	old := criticism()
	old.At = noon.AddDate(-1, 0, 0)
	r.keep("noa", old)
	if at := r.due(); !at.IsZero() {
		t.Errorf("set for %s", at)
	}
}

// Whoever asks for their data to go loses what was left in sight; what may serve
// in law stays.
func TestErase(t *testing.T) {
	for name, test := range map[string]struct {
		choices []Choice
		stays   bool
	}{
		"undecided":   {nil, true},
		"left":        {[]Choice{{What: Leave, By: "noa"}}, false},
		"hidden":      {[]Choice{{What: Hide, By: "noa", Rule: Rule{Reason: Insult}}, {What: Agree, By: "lou"}, {What: Done, By: "lou"}}, true},
		"handed over": {[]Choice{{What: Report, By: "noa"}, {What: Leave, By: "noa"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			c := r.keep("noa", criticism())
			for _, choice := range test.choices {
				if _, err := r.decide(c.ID, choice); err != nil {
					t.Fatal(err)
				}
			}
			var kept bool
			if err := r.step(func(ctx context.Context, tx *state.Tx) (err error) {
				kept, err = r.Erase(ctx, tx, c.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			got, _ := r.kept(c.ID)
			if whole := got.Evidence == c.Evidence; whole != test.stays || kept != test.stays || (got.Stage == Erased) == test.stays {
				t.Errorf("kept %v, there %+v, want %v", kept, got, test.stays)
			}
			if data := string(r.store.Dump(Kind)[c.ID]); strings.Contains(data, "marie") != test.stays {
				t.Errorf("left of it: %s", data)
			}
			if at := r.due(); at.IsZero() == test.stays {
				t.Errorf("due at %s", at)
			}
		})
	}
}

// What was erased, or never was, is not there a second time; brought again it is
// kept anew.
func TestEraseAgain(t *testing.T) {
	r := newRoom(t)
	c := r.keep("noa", criticism())
	if _, err := r.decide(c.ID, Choice{What: Leave, By: "noa"}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{c.ID, c.ID, "m0"} {
		if err := r.step(func(ctx context.Context, tx *state.Tx) error {
			kept, err := r.Erase(ctx, tx, id)
			if kept {
				t.Errorf("%s stays", id)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
	if _, err := r.decide(c.ID, Choice{What: Hide, By: "noa", Rule: Rule{Reason: Insult}}); !errors.Is(err, ErrDecided) {
		t.Errorf("hidden after it was erased: %v", err)
	}
	if again := r.keep("noa", criticism()); again.Stage != Waiting || again.Evidence.Text != criticism().Text || again.Seal != again.Evidence.Seal() {
		t.Errorf("brought again: %+v", again)
	}
}
