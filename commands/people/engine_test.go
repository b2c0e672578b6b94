package people

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

// desk is an engine over a store, with a clock that a test moves.
type desk struct {
	*Engine
	t     *testing.T
	store *statetest.Mem
	team  *team.Directory
	now   time.Time
	acts  int
}

func newDesk(t *testing.T) *desk {
	space := &brand.Space{ID: "s", Members: []*brand.Member{
		{ID: "camille", Name: "Camille", Handles: map[string]string{"slack:T": "U1"}},
		{ID: "noa", Name: "Noa", Handles: map[string]string{"slack:T": "U2", "discord:G": "D2"}},
	}}
	store := statetest.NewMem()
	directory := team.New(space, store)
	return &desk{t: t, Engine: &Engine{Space: directory, Duties: new(freed)}, store: store, team: directory, now: thursday(t)}
}

func (d *desk) act(decide func(context.Context, *state.Tx) error) error {
	d.t.Helper()
	d.acts++
	var refused error
	_, err := state.Do(d.t.Context(), d.store, fmt.Sprint("act", d.acts), d.now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			refused = decide(ctx, tx)
			if refusal(refused) == "" { // a wrong code is an answer, and is committed
				return nil, refused
			}
			return nil, nil
		})
	if err == nil {
		err = d.team.Refresh(d.t.Context())
	}
	return errors.Join(refused, err)
}

func (d *desk) code(member string) string {
	d.t.Helper()
	made := ""
	if err := d.act(func(ctx context.Context, tx *state.Tx) (err error) {
		made, err = d.Code(ctx, tx, d.team.Now().Member(member), Account{Platform: "slack", Team: "T"}, fmt.Sprint("secret", d.acts))
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
	return made
}

func (d *desk) link(code, platform, user string) error {
	return d.act(func(ctx context.Context, tx *state.Tx) error {
		_, err := d.Link(ctx, tx, code, Account{Platform: platform, Team: map[string]string{"slack": "T", "discord": "G"}[platform], User: user})
		return err
	})
}

func (d *desk) trail() []string {
	var all []string
	for _, entry := range d.store.Trail() {
		all = append(all, fmt.Sprint(entry.Who, " ", entry.What, " ", entry.Subject))
	}
	return all
}

// A code made in one application makes a stranger of the other one the member,
// once; written in any way.
func TestLink(t *testing.T) {
	d := newDesk(t)
	made := d.code("camille")
	if err := d.link(strings.ToLower(strings.ReplaceAll(made, "-", " ")), "discord", "D1"); err != nil {
		t.Fatal(err)
	}
	m := d.team.Now().Who("discord", "G", "D1")
	if m == nil || m.ID != "camille" || len(m.Direct()) != 2 {
		t.Fatalf("on Discord, Camille is %+v", m)
	}
	if err := d.link(made, "discord", "D9"); !errors.Is(err, ErrCode) {
		t.Errorf("the same code again: %v", err)
	}
	if got := d.trail(); len(got) != 1 || got[0] != "camille person.linked member/camille" {
		t.Errorf("the trail says %q", got)
	}
	if err := d.act(func(ctx context.Context, tx *state.Tx) error { return d.Unlink(ctx, tx, m, "discord") }); err != nil {
		t.Fatal(err)
	}
	if d.team.Now().Who("discord", "G", "D1") != nil {
		t.Error("Camille is still known on Discord")
	}
	alone := d.team.Now().Member("camille")
	if err := d.act(func(ctx context.Context, tx *state.Tx) error { return d.Unlink(ctx, tx, alone, "slack") }); !errors.Is(err, ErrOnly) {
		t.Errorf("the last account was taken off: %v", err)
	}
}

func TestLinkRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		wait     time.Duration
		platform string
		user     string
		code     string
		want     error
	}{
		"too late":                {CodeLives, "discord", "D1", "", ErrCode},
		"in time":                 {CodeLives - 1, "discord", "D1", "", nil},
		"no such code":            {0, "discord", "D1", "AAAA-AAAA", ErrCode},
		"no code":                 {0, "discord", "D1", "?", ErrCode},
		"in the same application": {0, "slack", "U9", "", ErrSame},
		"somebody else's account": {0, "discord", "D2", "", ErrTaken},
		"one of who has gone":     {0, "discord", "D1", "gone", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			made := d.code("camille")
			switch test.code {
			case "":
			case "gone": // the file named them, and does no more
				if err := d.learn(team.Person{ID: "gone", Handles: map[string]string{"discord:G": "D1"}}); err != nil {
					t.Fatal(err)
				}
			default:
				made = test.code
			}
			d.now = d.now.Add(test.wait)
			if err := d.link(made, test.platform, test.user); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			linked := d.team.Now().Who("discord", "G", "D1") != nil
			if linked != (test.want == nil) {
				t.Errorf("linked: %v", linked)
			}
		})
	}
}

// Whoever is met through a group in one application, and is a member in the
// other, becomes one person.
func TestLinkJoinsWhoWasMetTwice(t *testing.T) {
	d := newDesk(t)
	if err := d.learn(team.Person{ID: "met", Name: "Camille D", Roles: []brand.Role{brand.Author},
		Granted: map[string][]brand.Role{"discord:G": {brand.Moderator}}, Away: []team.Leave{{From: december(3), To: december(4)}},
		Handles: map[string]string{"discord:G": "D1"}}); err != nil {
		t.Fatal(err)
	}
	if err := d.link(d.code("camille"), "discord", "D1"); err != nil {
		t.Fatal(err)
	}
	space := d.team.Now()
	if m := space.Who("discord", "G", "D1"); m == nil || m.ID != "camille" || space.Member("met") != nil {
		t.Errorf("on Discord, Camille is %+v", m)
	} else if !m.Can(brand.Author) || !m.Can(brand.Moderator) || len(m.Away) != 2 {
		t.Errorf("what was given to her there, or said there, is lost: %+v", m)
	}
}

// One account is one person's, also where another process linked it a moment ago
// and this one has not heard of it.
func TestLinkOneAccountTwice(t *testing.T) {
	d := newDesk(t)
	d.Engine.Space = frozen{d.team.Now()} // before anything is linked
	noa, camille := d.code("noa"), d.code("camille")
	if err := d.link(camille, "discord", "D1"); err != nil {
		t.Fatal(err)
	}
	d.team.Now().Member("noa").Handles = map[string]string{"slack:T": "U2"} // not on Discord yet
	if err := d.link(noa, "discord", "D1"); !errors.Is(err, ErrTaken) {
		t.Errorf("Camille's account is Noa's too: %v", err)
	}
	if err := d.link(d.code("camille"), "discord", "D3"); !errors.Is(err, ErrTaken) {
		t.Errorf("Camille has two accounts in one place: %v", err)
	}
	if m := d.team.Now().Who("discord", "G", "D1"); m == nil || m.ID != "camille" {
		t.Errorf("D1 is %+v", m)
	}
}

// frozen is a space that hears of nothing.
type frozen struct{ *brand.Space }

func (f frozen) Now() *brand.Space { return f.Space }

// Unlinking takes the roles along that came with the account, says so when there is
// nothing to take off, and leaves the rest.
func TestUnlink(t *testing.T) {
	d := newDesk(t)
	unlink := func(member, platform string) error {
		return d.act(func(ctx context.Context, tx *state.Tx) error {
			return d.Unlink(ctx, tx, d.team.Now().Member(member), platform)
		})
	}
	if err := unlink("noa", "discord"); !errors.Is(err, ErrFixed) {
		t.Errorf("an account of the file was taken off: %v", err)
	}
	if err := d.learn(team.Person{ID: "camille", Reach: "discord", Lang: "en", Handles: map[string]string{"discord:G": "D1"},
		Granted: map[string][]brand.Role{"discord:G": {brand.Approver}, "slack:T": {brand.Author}}}); err != nil {
		t.Fatal(err)
	}
	if !d.team.Now().Member("camille").Can(brand.Approver) {
		t.Fatal("the group gave nothing")
	}
	if err := unlink("camille", "discord"); err != nil {
		t.Fatal(err)
	}
	m := d.team.Now().Member("camille")
	if m.Can(brand.Approver) || !m.Can(brand.Author) || m.Reach != "" || m.Lang != "en" || len(m.Handles) != 1 {
		t.Errorf("left: %+v", m)
	}
}

func (d *desk) learn(p team.Person) error {
	return d.act(func(ctx context.Context, tx *state.Tx) error {
		overlay, err := team.Get(ctx, tx)
		if err != nil {
			return err
		}
		return team.Put(ctx, tx, overlay.With(p))
	})
}

// Five tries in a quarter of an hour, wrong ones included; then the right code
// does nothing either, until the quarter is over.
func TestTriesAreBounded(t *testing.T) {
	d := newDesk(t)
	for n := range mostTries {
		if err := d.link(fmt.Sprint("AAAA-AAA", n), "discord", "D1"); !errors.Is(err, ErrCode) {
			t.Fatalf("try %d: %v", n, err)
		}
	}
	if err := d.link(d.code("camille"), "discord", "D1"); !errors.Is(err, ErrTries) {
		t.Errorf("one too many: %v", err)
	}
	d.now = d.now.Add(tryWindow)
	if err := d.link(d.code("camille"), "discord", "D1"); err != nil {
		t.Errorf("a quarter later: %v", err)
	}
	for range mostTries - 1 {
		d.code("camille")
	}
	err := d.act(func(ctx context.Context, tx *state.Tx) error {
		_, err := d.Code(ctx, tx, d.team.Now().Member("camille"), Account{Platform: "slack", Team: "T"}, "another")
		return err
	})
	if !errors.Is(err, ErrTries) {
		t.Errorf("a code too many: %v", err)
	}
}

func TestAbsent(t *testing.T) {
	d := newDesk(t)
	for _, step := range []struct {
		from, to hours.Day
		kept     string // "" for one that was kept before
		away     string
	}{
		{december(3), december(4), "3 to 4", "3 4"},
		{december(3), december(4), "", "3 4"}, // said twice
		{december(4), december(4), "", "3 4"}, // a part of it
		{december(4), december(7), "3 to 7", "3 4 5 6 7"},
		{december(10), december(11), "10 to 11", "3 4 5 6 7 10 11"},
		{december(2), december(12), "2 to 12", "2 3 4 5 6 7 8 9 10 11 12"}, // both at once
	} {
		leave := team.Leave{From: step.from, To: step.to}
		kept := ""
		err := d.act(func(ctx context.Context, tx *state.Tx) error {
			whole, err := d.Absent(ctx, tx, d.team.Now().Member("camille"), leave)
			kept = days(whole)
			return err
		})
		if step.kept == "" && !errors.Is(err, ErrNoted) || step.kept != "" && (err != nil || kept != step.kept) {
			t.Errorf("%s is kept as %q, %v; want %q", days(leave), kept, err, step.kept)
		}
		var away []string
		for _, day := range d.team.Now().Member("camille").Away {
			away = append(away, fmt.Sprint(day.Day))
		}
		if got := strings.Join(away, " "); got != step.away {
			t.Errorf("after %s: away %s, want %s", days(leave), got, step.away)
		}
	}
	if told := strings.Join(*d.Duties.(*freed), ", "); told != "camille 3 to 4, camille 4 to 7, camille 10 to 11, camille 2 to 12" {
		t.Errorf("duties taken back: %s", told)
	}
	d.now = d.now.AddDate(0, 0, 20)
	if err := d.act(func(ctx context.Context, tx *state.Tx) error {
		_, err := d.Absent(ctx, tx, d.team.Now().Member("camille"), team.Leave{From: december(24), To: december(24)})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if away := d.team.Now().Member("camille").Away; len(away) != 1 || away[0] != december(24) {
		t.Errorf("away %v: what is over is kept", away)
	}
	if err := d.act(func(ctx context.Context, tx *state.Tx) error {
		return d.Back(ctx, tx, d.team.Now().Member("camille"))
	}); err != nil || len(d.team.Now().Member("camille").Away) != 0 {
		t.Errorf("still away; %v", err)
	}
	if trail := d.store.Trail(); len(trail) != 6 || trail[5].What != "person.back" || trail[5].Who != "camille" {
		t.Errorf("the trail says %v", trail)
	}
}

func december(day int) hours.Day { return hours.Day{Year: 2026, Month: time.December, Day: day} }

func days(l team.Leave) string { return fmt.Sprint(l.From.Day, " to ", l.To.Day) }

// freed notes whose duties were taken back for which days.
type freed []string

func (f *freed) Away(_ context.Context, _ *state.Tx, m *brand.Member, leave team.Leave) error {
	*f = append(*f, m.ID+" "+days(leave))
	return nil
}

// OnDuty is nobody.
func (*freed) OnDuty(context.Context, *state.Tx, *brand.Brand) ([]string, error) { return nil, nil }

// announced notes for whom briefs were set.
type announced []string

func (a *announced) Own(_ *state.Tx, m *brand.Member) {
	*a = append(*a, fmt.Sprint(m.ID, " ", m.Brief != nil))
}

func TestNotices(t *testing.T) {
	d := newDesk(t)
	var set announced
	d.Briefs = &set
	at := hours.Clock(8 * 60)
	for _, test := range []struct {
		brief      *hours.Clock
		unreminded bool
	}{{&at, true}, {nil, false}} {
		if err := d.act(func(ctx context.Context, tx *state.Tx) error {
			return d.Notify(ctx, tx, d.team.Now().Member("noa"), test.brief, test.unreminded)
		}); err != nil {
			t.Fatal(err)
		}
		if m := d.team.Now().Member("noa"); (m.Brief == nil) != (test.brief == nil) || m.Brief != nil && *m.Brief != at || m.Unreminded != test.unreminded {
			t.Errorf("%+v", m)
		}
	}
	if got := strings.Join(set, ", "); got != "noa true, noa false" {
		t.Errorf("set: %s", got)
	}
	if got := strings.Join(d.trail(), ", "); got != "noa person.notices member/noa, noa person.notices member/noa" {
		t.Errorf("trail: %s", got)
	}
	if m := d.team.Now().Member("camille"); m.Brief != nil || m.Unreminded {
		t.Errorf("somebody else: %+v", m)
	}
}
