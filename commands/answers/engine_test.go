package answers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/team"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// known are the themes of every brand.
type known []string

func (k known) Themes(*brand.Brand) []string                    { return k }
func (k known) ThemeName(_ *brand.Brand, name, _ string) string { return strings.ToUpper(name) }

// room is a brand with one answer of the file, and a clock that the test moves.
type room struct {
	*Engine
	t     *testing.T
	store *statetest.Mem
	team  *team.Directory
	now   time.Time
	steps int
}

func newRoom(t *testing.T) *room {
	t.Helper()
	member := func(id string, roles ...brand.Role) *brand.Member {
		return &brand.Member{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Roles: roles, Handles: map[string]string{"slack:T": "U" + id}}
	}
	space := &brand.Space{ID: "s", Brands: []*brand.Brand{{ID: "colibri", Name: "Maison Colibri", Langs: []string{"fr", "en"}, Zone: time.UTC,
		Answers: []brand.Answer{{ID: "late", Theme: "late", Name: in("Retard"), Text: in("Bonjour, nous vérifions.")}}}},
		Members: []*brand.Member{member("noa", brand.Responder), member("lou", brand.Approver), member("morgan", brand.Admin), member("sacha", brand.Author)}}
	store := statetest.NewMem()
	r := &room{t: t, store: store, team: team.New(space, store), now: noon}
	r.Engine = &Engine{Space: r.team, Themes: known{"late", "price"}}
	return r
}

func in(text string) map[string]string { return map[string]string{"fr": text} }

// step does one commit; the whole team knows of it then.
func (r *room) step(decide func(context.Context, *state.Tx) error) error {
	r.t.Helper()
	r.steps++
	_, err := state.Do(r.t.Context(), r.store, fmt.Sprint("step", r.steps), r.now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, decide(ctx, tx) })
	return errors.Join(err, r.team.Refresh(r.t.Context()))
}

func (r *room) brand() *brand.Brand { return r.team.Now().Brand("colibri") }

func (r *room) do(id string, c Choice) (s Sheet, err error) {
	r.t.Helper()
	err = r.step(func(ctx context.Context, tx *state.Tx) (err error) {
		s, err = r.Do(ctx, tx, r.brand(), id, c)
		return err
	})
	return s, err
}

func (r *room) write(by, name, text string) Sheet {
	r.t.Helper()
	s, err := r.do("", Choice{What: Write, By: by, Words: Words{Lang: "fr", Name: name, Theme: "price", Text: text}})
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// proposed is what replies in French can be made of.
func (r *room) proposed() string {
	var all []string
	for _, a := range r.brand().Ready("fr", nil, r.now) {
		all = append(all, a.Text["fr"])
	}
	return strings.Join(all, " | ")
}

// What is done to an answer is done to what replies take, each with who and when.
func TestLife(t *testing.T) {
	r := newRoom(t)
	const file = "Bonjour, nous vérifions."
	s := r.write("noa", "Prix", "Bonjour, voici nos prix.")
	for _, test := range []struct {
		c    Choice
		want string // proposed beside that of the file
		err  error
	}{
		{Choice{What: Restore, By: "lou", Seen: 1}, " | Bonjour, voici nos prix.", ErrChanged},
		{Choice{What: Change, By: "lou", Seen: 1, Words: Words{Lang: "fr", Name: "Prix", Text: "Bonjour, nos prix baissent."}}, " | Bonjour, nos prix baissent.", nil},
		{Choice{What: Change, By: "noa", Seen: 1, Words: Words{Lang: "fr", Name: "Prix", Text: "Trop tard."}}, " | Bonjour, nos prix baissent.", ErrChanged},
		{Choice{What: Change, By: "noa", Seen: 2, Words: Words{Lang: "en", Name: "Prices", Text: "Hello."}}, " | Bonjour, nos prix baissent.", nil},
		{Choice{What: Extend, By: "noa", Seen: 3}, " | Bonjour, nos prix baissent.", nil},
		{Choice{What: Extend, By: "noa", Seen: 3}, " | Bonjour, nos prix baissent.", ErrChanged},
		{Choice{What: Retire, By: "morgan", Seen: 4}, "", nil},
		{Choice{What: Retire, By: "lou", Seen: 4}, "", ErrChanged},
		{Choice{What: Change, By: "noa", Seen: 5, Words: Words{Lang: "fr", Name: "Prix", Text: "Retirée."}}, "", ErrChanged},
		{Choice{What: Restore, By: "lou", Seen: 5}, " | Bonjour, nos prix baissent.", nil},
	} {
		got, err := r.do(s.ID, test.c)
		if !errors.Is(err, test.err) || r.proposed() != file+test.want {
			t.Errorf("%+v: %v, proposed %q", test.c, err, r.proposed())
		}
		if s = got; err != nil && got.Version == 0 {
			t.Errorf("%+v: what it is now was not said", test.c)
		}
	}
	var acts []string
	for _, act := range s.Acts {
		acts = append(acts, act.By+" "+string(act.What))
	}
	if got := strings.Join(acts, ", "); got != "noa written, lou changed, noa changed, noa extended, morgan retired, lou restored" {
		t.Errorf("the acts are %s", got)
	}
	if s.Owner != "noa" || s.Until != (hours.Day{Year: 2027, Month: 2, Day: 26}) || s.Name["en"] != "Prices" || s.Name["fr"] != "Prix" {
		t.Errorf("at last %+v", s)
	}
	trail := r.store.Trail()
	if len(trail) != 6 || trail[4].What != "answer.retired" || trail[4].Who != "morgan" || trail[4].Subject != "answer/colibri/"+s.ID {
		t.Errorf("the trail says %+v", trail)
	}
}

// Whoever changes an answer whose owner left sees to it from then on.
func TestOrphan(t *testing.T) {
	r := newRoom(t)
	s := r.write("sacha", "Prix", "Bonjour.")
	change := Choice{What: Change, By: "lou", Seen: 1, Words: Words{Lang: "fr", Name: "Prix", Text: "Bonsoir."}}
	if kept, err := r.do(s.ID, change); err != nil || kept.Owner != "sacha" {
		t.Errorf("%s, %v", kept.Owner, err)
	}
	space := r.team.Now()
	space.Members = space.Members[:3]
	change.Seen = 2
	if kept, err := r.do(s.ID, change); err != nil || kept.Owner != "lou" {
		t.Errorf("%s, %v", kept.Owner, err)
	}
}

// A brand has so many answers and no more; one that is retired makes room.
func TestFull(t *testing.T) {
	r := newRoom(t)
	var last Sheet
	for i := range mostAnswers {
		last = r.write("noa", fmt.Sprint("Fiche ", i), fmt.Sprint("Bonjour ", i))
	}
	one := Choice{What: Write, By: "noa", Words: Words{Lang: "fr", Name: "De trop", Text: "Bonjour."}}
	if _, err := r.do("", one); !errors.Is(err, ErrFull) {
		t.Errorf("one too many: %v", err)
	}
	if _, err := r.do(last.ID, Choice{What: Retire, By: "noa", Seen: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.do("", one); err != nil {
		t.Errorf("after one was retired: %v", err)
	}
	if _, err := r.do(last.ID, Choice{What: Restore, By: "noa", Seen: 2}); !errors.Is(err, ErrFull) {
		t.Errorf("put back: %v", err)
	}
	if n := len(r.brand().Answers); n != mostAnswers+1 {
		t.Errorf("%d answers", n)
	}
}

// Words that cannot be kept change nothing, whoever looked at them before.
func TestRefusedWords(t *testing.T) {
	r := newRoom(t)
	r.write("noa", "Prix", "Bonjour.")
	_, err := r.do("", Choice{What: Write, By: "noa", Words: Words{Lang: "fr", Name: "prix", Text: "06 39 98 12 34"}})
	var wrong Wrong
	if !errors.As(err, &wrong) || wrong["name"] != "answers.named" || wrong["text"] != "answers.personal" || len(wrong) != 2 {
		t.Errorf("%v", err)
	}
	if got := len(r.store.Dump(Kind)); got != 1 {
		t.Errorf("%d are kept", got)
	}
	if _, err := r.do("a0", Choice{What: Retire, By: "noa", Seen: 1}); !errors.Is(err, ErrUnknown) {
		t.Errorf("what is not there: %v", err)
	}
	if _, err := r.do("late", Choice{What: Retire, By: "noa"}); !errors.Is(err, ErrUnknown) {
		t.Errorf("the operator's: %v", err)
	}
}
