package drill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

// team is a brand with people on call, a store and a clock that the test moves.
type team struct {
	*testing.T
	*Engine
	store *statetest.Mem
	space *brand.Space
	brand *brand.Brand
	now   time.Time
	count int
}

func newTeam(t *testing.T) *team {
	t.Helper()
	paris := zone(t, "Europe/Paris")
	b := &brand.Brand{ID: "colibri", Name: "Maison Colibri", Zone: paris, Pager: "set", OnCall: []string{"noa", "morgan", "gone"},
		Off: hours.Days{{Year: 2027, Month: time.January, Day: 1}}, Policy: brand.Policy{Ask: []string{"morgan"}}}
	for day := time.Monday; day <= time.Friday; day++ {
		b.Hours[day] = []hours.Span{{Open: 9 * 60, Close: 12*60 + 30}, {Open: 14 * 60, Close: 18 * 60}}
	}
	member := func(id, email string, roles ...brand.Role) *brand.Member {
		return &brand.Member{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Roles: roles, Email: email, Handles: map[string]string{"slack:T": "U" + id}}
	}
	s := &team{T: t, store: statetest.NewMem(), brand: b, now: time.Date(2026, 11, 26, 10, 15, 0, 0, paris)}
	s.space = &brand.Space{ID: "s", Brands: []*brand.Brand{b}, Members: []*brand.Member{
		member("noa", "noa@colibri.example", brand.Responder), member("morgan", "", brand.Approver, brand.Admin), member("camille", "", brand.Approver)}}
	s.Engine = &Engine{Space: s.space, NewToken: func(*state.Tx) string { s.count++; return fmt.Sprint("token", s.count) }}
	return s
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loaded, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func (s *team) at(text string) {
	s.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, s.brand.Zone)
	if err != nil {
		s.Fatal(err)
	}
	s.now = at
}

// step does one commit and says what it emitted: "page noa", "mail noa", "card drill
// @Unoa", "edit drills @Umorgan".
func (s *team) step(decide func(context.Context, *state.Tx) error) (said []string, err error) {
	s.Helper()
	s.count++
	_, err = state.Do(s.Context(), s.store, fmt.Sprint("step", s.count), s.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		said = nil
		err := decide(ctx, tx)
		for _, e := range tx.Effects() {
			if e.Critical {
				s.Errorf("an exercise rings at night: %+v", e)
			}
			said = append(said, say(s.T, e, tx.Now()))
		}
		return nil, err
	})
	return said, err
}

func say(t *testing.T, e outbox.Effect, now time.Time) string {
	if e.Kind != board.EffectKind {
		var page oncall.Page
		if err := json.Unmarshal(e.Data, &page); err != nil || !page.Exercise || page.Member != e.Member || !e.NotAfter.Equal(now.Add(time.Hour)) {
			t.Errorf("%+v: %s, %v", e, e.Data, err)
		}
		return e.Kind + " " + e.Member
	}
	var order board.Order
	if err := json.Unmarshal(e.Data, &order); err != nil {
		t.Error(err)
	}
	verb := "edit"
	if e.Notifies {
		verb = "card"
	}
	view, _, _ := strings.Cut(order.Card, "/")
	return verb + " " + view + " " + order.Copy.Place.Channel
}

// arm is a start.
func (s *team) arm() {
	s.Helper()
	if _, err := s.step(s.Engine.Arm); err != nil {
		s.Fatal(err)
	}
}

// pass lets the clock go on to what is due next before a time, and hands it over;
// ok is false if nothing is.
func (s *team) pass(until time.Time) (said []string, ok bool) {
	s.Helper()
	_, next, err := s.store.MoveDue(s.Context(), s.now, 0)
	if err != nil {
		s.Fatal(err)
	}
	if next.IsZero() || !next.Before(until) {
		return nil, false
	}
	if next.After(s.now) {
		s.now = next
	}
	if _, _, err := s.store.MoveDue(s.Context(), s.now, 1); err != nil {
		s.Fatal(err)
	}
	for lane := range work.Lanes {
		entries, err := s.store.Read(s.Context(), []work.Lane{{Direction: work.In, Number: lane}}, 10, 0)
		if err != nil {
			s.Fatal(err)
		}
		for _, entry := range entries {
			handle := map[string]state.Handler{"due:" + Topic: s.Due, "due:" + MissedTopic: s.Missed}[entry.Topic]
			some, err := s.step(func(ctx context.Context, tx *state.Tx) error { return handle(ctx, tx, entry.Item) })
			if err != nil {
				s.Fatal(err)
			}
			said = append(said, some...)
		}
	}
	return said, true
}

// days are when somebody is rung until a time, as "noa 1 Dec 11:00"; every start
// happens at the hours given, each day.
func (s *team) days(until string, starts ...int) (rung []string) {
	s.Helper()
	end, err := time.ParseInLocation(time.DateOnly, until, s.brand.Zone)
	if err != nil {
		s.Fatal(err)
	}
	for s.now.Before(end) {
		stop := end
		for _, hour := range starts {
			if at := hours.Clock(hour * 60).On(s.now); at.After(s.now) && at.Before(stop) {
				stop = at
			}
		}
		if stop.Equal(end) && len(starts) > 0 {
			stop = hours.Clock(starts[0] * 60).On(time.Date(s.now.Year(), s.now.Month(), s.now.Day()+1, 12, 0, 0, 0, s.brand.Zone))
		}
		for {
			said, ok := s.pass(stop)
			if !ok {
				break
			}
			for _, one := range said {
				if who, card := strings.CutPrefix(one, "card drill @U"); card {
					rung = append(rung, who+" "+s.now.In(s.brand.Zone).Format("2 Jan 15:04"))
				}
			}
		}
		s.now = stop
		if len(starts) > 0 {
			s.arm()
		}
	}
	return rung
}

func (s *team) want(what string, got []string, want ...string) {
	s.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		s.Errorf("%s (%s): %q, want %q", what, s.now.In(s.brand.Zone).Format("2 Jan 15:04"), got, want)
	}
}

// Everybody on call once a month, on its first day of work, however often the
// process starts; whoever is new on the next day.
func TestOnceAMonth(t *testing.T) {
	want := []string{"noa 27 Nov 11:00", "morgan 27 Nov 11:00", "noa 1 Dec 11:00", "morgan 1 Dec 11:00",
		"noa 4 Jan 11:00", "morgan 4 Jan 11:00", "noa 1 Feb 11:00", "morgan 1 Feb 11:00"}
	for name, starts := range map[string][]int{"one start": nil, "every day": {9}, "several times a day": {8, 11, 12, 16}} {
		s := newTeam(t)
		s.arm()
		s.want(name, s.days("2027-02-20", starts...), want...)
	}
}

// A month in which nobody was there to make it on its day has it on the next one.
func TestMissedByTheMachine(t *testing.T) {
	s := newTeam(t)
	s.arm()
	s.days("2026-12-01")
	s.at("2026-12-03 12:40")
	s.arm()
	s.want("away for days", s.days("2026-12-20"), "noa 4 Dec 11:00", "morgan 4 Dec 11:00")
}

// What is handled late is not done at lunch, nor in the evening.
func TestLateIsAnotherDay(t *testing.T) {
	for _, test := range []struct{ at, want string }{
		{"2026-12-01 11:20", "noa 1 Dec 11:20"}, {"2026-12-01 12:20", "noa 1 Dec 12:20"}, {"2026-12-01 12:45", "noa 2 Dec 11:00"},
		{"2026-12-01 18:00", "noa 2 Dec 11:00"}, {"2026-12-05 11:00", "noa 7 Dec 11:00"},
	} {
		s := newTeam(t)
		s.brand.OnCall = []string{"noa"}
		s.arm()
		s.days("2026-12-01")
		s.at(test.at)
		s.want(test.at, s.days("2026-12-20"), test.want)
	}
}

// A due time that was replaced, or came before what ended it, changes nothing.
func TestOldDueTimes(t *testing.T) {
	s, subject := drilled(t)
	if _, err := s.step(func(ctx context.Context, tx *state.Tx) error { return s.Seen(ctx, tx, subject, "noa") }); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Hour)
	for name, do := range map[string]func(context.Context, *state.Tx) error{
		"the month's": func(ctx context.Context, tx *state.Tx) error {
			return s.Due(ctx, tx, work.Item{Data: []byte("colibri/noa")})
		},
		"the unseen": func(ctx context.Context, tx *state.Tx) error {
			return s.Missed(ctx, tx, work.Item{Data: []byte(subject)})
		},
		"nobody's": func(ctx context.Context, tx *state.Tx) error { return s.Due(ctx, tx, work.Item{Data: []byte("gone")}) },
	} {
		said, err := s.step(do)
		if err != nil || len(said) > 0 {
			t.Errorf("%s: %q, %v", name, said, err)
		}
	}
}

// A leave that was not known when it was planned moves it to the first day back.
func TestLeaveMovesIt(t *testing.T) {
	s := newTeam(t)
	s.arm()
	s.days("2026-11-30")
	s.space.Member("noa").Away = hours.Days{{Year: 2026, Month: time.December, Day: 1}, {Year: 2026, Month: time.December, Day: 2}}
	s.want("on leave", s.days("2026-12-20"), "noa 3 Dec 11:00", "morgan 1 Dec 11:00")
	s.want("the month after", s.days("2027-01-20"), "noa 4 Jan 11:00", "morgan 4 Jan 11:00")
}

// A way that is new is tried on the next day of work; one that is gone is not.
func TestNewWay(t *testing.T) {
	s := newTeam(t)
	s.brand.Pager = ""
	s.arm()
	s.days("2026-12-10")
	s.brand.Pager = "set"
	s.arm()
	s.want("a pager", s.days("2026-12-20"), "noa 11 Dec 11:00", "morgan 11 Dec 11:00")
	s.brand.Pager = ""
	s.arm()
	s.want("no pager any more", s.days("2027-01-01"))
	s.brand.OnCall = append(s.brand.OnCall, "camille")
	s.arm()
	s.want("somebody new", s.days("2027-01-05"), "camille 4 Jan 11:00", "noa 4 Jan 11:00", "morgan 4 Jan 11:00")
}

// A brand that calls nobody hears nothing of it, nor does whom nothing would ring.
func TestNobodyToCall(t *testing.T) {
	for name, change := range map[string]func(*team){
		"nobody on call": func(s *team) { s.brand.OnCall = nil },
		"no way": func(s *team) {
			s.brand.Pager, s.brand.OnCall, s.space.Member("morgan").Handles = "", []string{"morgan"}, nil
		},
	} {
		s := newTeam(t)
		change(s)
		s.arm()
		if _, ok := s.pass(s.now.AddDate(1, 0, 0)); ok {
			t.Errorf("%s: something is due", name)
		}
	}
	s := newTeam(t)
	s.arm()
	s.brand.OnCall = nil // while it was planned
	s.want("no longer on call", s.days("2027-02-01"))
}

// drilled is the team after noa's first exercise, and its subject.
func drilled(t *testing.T) (*team, string) {
	t.Helper()
	s := newTeam(t)
	s.brand.OnCall = []string{"noa"}
	s.arm()
	said, _ := s.pass(s.now.AddDate(0, 1, 0))
	s.want("every way rings", said, "page noa", "mail noa", "card drill @Unoa")
	return s, Drill{Brand: "colibri", Member: "noa", At: s.now}.subject()
}

func (s *team) receipt(subject, way string, r outbox.Receipt) []string {
	s.Helper()
	r.At = s.now
	data, err := json.Marshal(r)
	if err != nil {
		s.Fatal(err)
	}
	said, err := s.step(func(ctx context.Context, tx *state.Tx) error {
		return s.Receipt(ctx, tx, work.Item{Conversation: subject + "/" + way, Data: data})
	})
	if err != nil {
		s.Fatal(err)
	}
	return said
}

// What does not leave is said at once to who sees to it, in one message a day.
func TestWhatDoesNotLeaveIsSaid(t *testing.T) {
	s, subject := drilled(t)
	s.want("sent", s.receipt(subject, "mail", outbox.Receipt{Status: outbox.Sent}), "edit drill @Unoa")
	s.want("refused", s.receipt(subject, "pager", outbox.Receipt{Status: outbox.Failed, Reason: "network.denied"}),
		"edit drill @Unoa", "card drills @Umorgan")
	s.now = s.now.Add(time.Minute)
	s.want("another one", s.receipt(subject, "mail", outbox.Receipt{Status: outbox.Unknown}), "edit drill @Unoa", "edit drills @Umorgan")
	said, _ := s.pass(s.now.AddDate(0, 0, 4))
	s.want("another day", said, "edit drill @Unoa", "card drills @Umorgan", "edit drills @Umorgan")
	s.want("an older exercise", s.receipt("colibri/noa/1", "mail", outbox.Receipt{Status: outbox.Failed}))
}

// Without a word in a working day who sees to it is told, once; a word ends it.
func TestUnconfirmed(t *testing.T) {
	s, _ := drilled(t)
	said, _ := s.pass(s.now.AddDate(0, 0, 4))
	s.want("on Monday", said, "edit drill @Unoa", "card drills @Umorgan")
	if want := time.Date(2026, 11, 30, 11, 0, 0, 0, s.brand.Zone); !s.now.Equal(want) {
		t.Errorf("told at %s", s.now)
	}
	if said, ok := s.pass(time.Date(2026, 12, 1, 10, 0, 0, 0, s.brand.Zone)); ok {
		t.Errorf("then %q", said)
	}
	s, subject := drilled(t)
	said, err := s.step(func(ctx context.Context, tx *state.Tx) error { return s.Seen(ctx, tx, subject, "noa") })
	if err != nil {
		t.Fatal(err)
	}
	s.want("seen", said, "edit drill @Unoa")
	if said, ok := s.pass(time.Date(2026, 12, 1, 10, 0, 0, 0, s.brand.Zone)); ok {
		t.Errorf("after a word: %q", said)
	}
}

// An exercise is somebody's own, and the last one counts.
func TestWhoConfirms(t *testing.T) {
	s, subject := drilled(t)
	for _, test := range []struct {
		subject, member string
		want            error
	}{{subject, "morgan", ErrNotYours}, {"colibri/noa/1", "noa", ErrOver}, {subject, "noa", nil}, {subject, "noa", nil}} {
		_, err := s.step(func(ctx context.Context, tx *state.Tx) error { return s.Seen(ctx, tx, test.subject, test.member) })
		if !errors.Is(err, test.want) {
			t.Errorf("%+v: %v", test, err)
		}
	}
	seen := 0
	for _, entry := range s.store.Trail() {
		if entry.What == "drill.seen" {
			seen++
		}
	}
	if seen != 1 {
		t.Errorf("noted %d times", seen)
	}
}

// Who sees to it is somebody else, if there is anybody, and there.
func TestKeeper(t *testing.T) {
	s := newTeam(t)
	s.space.Member("camille").Away = nil
	for who, want := range map[string]string{"noa": "morgan", "morgan": "camille"} {
		if got := Keeper(s.space, s.brand, who, s.now); got.ID != want {
			t.Errorf("for %s: %s", who, got.ID)
		}
	}
	s.space.Members = s.space.Members[1:2]
	if got := Keeper(s.space, s.brand, "morgan", s.now); got.ID != "morgan" {
		t.Errorf("alone: %s", got.ID)
	}
}

// By hand whoever works is rung, who leads rings everybody; it counts as the month's.
func TestByHand(t *testing.T) {
	try := func(s *team, by string) string {
		var tried Tried
		if _, err := s.step(func(ctx context.Context, tx *state.Tx) (err error) {
			tried, err = s.Try(ctx, tx, s.brand, s.space.Member(by))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(names(tried.Rung), names(tried.Away), names(tried.Recent))
	}
	s := newTeam(t)
	s.arm()
	for _, test := range []struct{ at, by, want string }{
		{"2026-11-26 10:20", "camille", "[Noa Morgan] [] []"}, {"2026-11-26 10:25", "noa", "[] [] [Noa]"},
		{"2026-11-26 12:10", "noa", "[Noa] [] []"}, {"2026-11-26 12:40", "morgan", "[] [Noa Morgan] []"},
		{"2026-11-26 19:00", "noa", "[] [Noa] []"},
	} {
		s.at(test.at)
		if got := try(s, test.by); got != test.want {
			t.Errorf("%s, %s: %s", test.at, test.by, got)
		}
	}
	s.want("the rest of the month", s.days("2026-12-02"), "noa 1 Dec 11:00", "morgan 1 Dec 11:00")
	s.brand.Hours[time.Tuesday] = []hours.Span{{Open: 9 * 60, Close: 18 * 60}} // open at lunch
	s.at("2026-12-08 12:40")
	if got := try(s, "morgan"); got != "[Morgan] [Noa] []" {
		t.Errorf("at lunch: %s", got)
	}
}
