package mentions

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/listen"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

// shift is a brand with people, a store and a clock that the test moves.
type shift struct {
	*testing.T
	*Engine
	store *statetest.Mem
	brand *brand.Brand
	now   time.Time
	count int
}

func newShift(t *testing.T) *shift {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{ID: "colibri", Name: "Maison Colibri", Zone: paris, Pager: "set", Promise: 2 * time.Hour,
		Alerts: []board.Place{{Platform: "slack", Team: "T", Channel: "C"}}, OnCall: []string{"noa", "gone", "morgan"},
		Policy: brand.Policy{Ask: []string{"morgan"}}}
	for day := time.Monday; day <= time.Friday; day++ {
		b.Hours[day] = []hours.Span{{Open: 9 * 60, Close: 18 * 60}}
	}
	member := func(id string) *brand.Member {
		return &brand.Member{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Email: id + "@colibri.example",
			Roles: []brand.Role{brand.Approver}, Handles: map[string]string{"slack:T": "U" + id}}
	}
	s := &shift{T: t, store: statetest.NewMem(), brand: b, now: time.Date(2026, 11, 26, 23, 0, 0, 0, paris)}
	s.Engine = &Engine{NewToken: func(*state.Tx) string { s.count++; return fmt.Sprint("token", s.count) },
		Space: &brand.Space{ID: "s", Brands: []*brand.Brand{b}, Members: []*brand.Member{member("noa"), member("morgan"), member("camille")}}}
	return s
}

// step does one commit and says what it emitted: "page noa", "mail noa", "card
// case @Unoa !" for one that rings at night, "edit reminder @Unoa".
func (s *shift) step(decide func(context.Context, *state.Tx) error) (said []string) {
	s.Helper()
	s.count++
	_, err := state.Do(s.Context(), s.store, fmt.Sprint("step", s.count), s.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		said = nil
		err := decide(ctx, tx)
		for _, e := range tx.Effects() {
			said = append(said, say(s.T, e))
		}
		return nil, err
	})
	if err != nil {
		s.Fatal(err)
	}
	return said
}

func say(t *testing.T, e outbox.Effect) string {
	if e.Kind != board.EffectKind {
		var page oncall.Page
		if err := json.Unmarshal(e.Data, &page); err != nil || page.Member != e.Member || !e.Critical {
			t.Errorf("%+v, %v", e, err)
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
	said := verb + " " + view + " " + order.Copy.Place.Channel
	if e.Critical {
		said += " !"
	}
	return said
}

func (s *shift) critical(author string, themes ...string) []string {
	s.Helper()
	c := s.conversationOf(author)
	c.Urgency, c.Themes = Urgent, themes
	return s.step(func(ctx context.Context, tx *state.Tx) error {
		if _, _, err := cases.Get(ctx, tx, c.ID); err != nil {
			return err
		}
		if err := cases.Put(tx, c.ID, c); err != nil {
			return err
		}
		return s.alert(ctx, tx, s.brand, c, nil, &Day{})
	})
}

func (s *shift) conversationOf(author string) Case {
	return Case{ID: "c" + digest(author), Brand: "colibri", Network: "X", Author: author, Stage: Waiting, Urgency: Listed,
		Count: 1, Since: s.now, Due: promise(s.brand, s.now, s.now), Heard: []listen.Mention{{ID: author, Text: "feu", Author: author, At: s.now}}}
}

// pass lets the clock go on to what is due next and hands it to a handler; nil
// if nothing is.
func (s *shift) pass(handle state.Handler) []string {
	s.Helper()
	_, next, err := s.store.MoveDue(s.Context(), s.now, 0)
	if err != nil {
		s.Fatal(err)
	}
	if next.IsZero() {
		return nil
	}
	s.now = next
	if _, _, err := s.store.MoveDue(s.Context(), s.now, 1); err != nil {
		s.Fatal(err)
	}
	return s.step(func(ctx context.Context, tx *state.Tx) error {
		var all []work.Entry
		for lane := range work.Lanes {
			entries, err := s.store.Read(ctx, []work.Lane{{Direction: work.In, Number: lane}}, 10, 0)
			if err != nil {
				return err
			}
			all = append(all, entries...)
		}
		if len(all) != 1 {
			s.Fatalf("%d things are due", len(all))
		}
		return handle(ctx, tx, all[0].Item)
	})
}

func (s *shift) want(what string, got []string, want ...string) {
	s.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		s.Errorf("%s (%s): %q, want %q", what, s.now.Format("15:04"), got, want)
	}
}

func TestCallsGoDownTheRotaTwice(t *testing.T) {
	s := newShift(t)
	s.want("the first call", s.critical("zoe"), "page noa", "mail noa", "card case @Unoa !", "card case C")
	for i, who := range []string{"morgan", "noa", "morgan"} {
		got := s.pass(s.Unseen)
		edits := slices.DeleteFunc(slices.Clone(got), func(one string) bool { return !strings.HasPrefix(one, "edit") })
		s.want(fmt.Sprint("call ", i+2), got, append(edits, "page "+who, "mail "+who, "card case @U"+who+" !")...)
		if want := time.Date(2026, 11, 26, 23, 10*(i+1), 0, 0, s.brand.Zone); !s.now.Equal(want) {
			t.Errorf("call %d at %s", i+2, s.now)
		}
	}
	for _, one := range s.pass(s.Unseen) {
		if !strings.HasPrefix(one, "edit") {
			t.Errorf("after two turns: %s", one)
		}
	}
	if s.pass(s.Unseen) != nil {
		t.Error("calls go on for ever")
	}
	trail := s.store.Trail()
	if trail[len(trail)-1].What != "call.unseen" {
		t.Errorf("nobody noted it: %+v", trail)
	}
}

func TestWhoSawItEndsTheCalls(t *testing.T) {
	for name, act := range map[string]func(*shift, context.Context, *state.Tx, string) error{
		"seen": func(s *shift, ctx context.Context, tx *state.Tx, id string) error { return s.Seen(ctx, tx, id, "noa") },
		"taken": func(s *shift, ctx context.Context, tx *state.Tx, id string) error {
			_, err := s.Take(ctx, tx, id, "noa")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShift(t)
			s.critical("zoe")
			id := s.conversationOf("zoe").ID
			s.step(func(ctx context.Context, tx *state.Tx) error { return act(s, ctx, tx, id) })
			s.now = s.now.Add(10 * time.Minute)
			s.want("ten minutes later", s.step(func(ctx context.Context, tx *state.Tx) error {
				return s.Unseen(ctx, tx, work.Item{Data: []byte(id)})
			}))
		})
	}
}

func TestOneCallATopicANight(t *testing.T) {
	s := newShift(t)
	called := func(got []string) bool { return slices.Contains(got, "page noa") }
	for i, want := range []bool{true, false, false, false, true} { // again at five people
		s.now = s.now.Add(time.Minute)
		if got := s.critical(fmt.Sprint("author", i), "securite"); called(got) != want {
			t.Errorf("person %d: %q", i+1, got)
		}
	}
	if got := s.critical("author4", "securite"); called(got) {
		t.Errorf("the fifth once more: %q", got)
	}
	if got := s.critical("other", "qualite"); !called(got) {
		t.Errorf("another topic: %q", got)
	}
	s.now = time.Date(2026, 11, 27, 3, 0, 0, 0, s.brand.Zone)
	if got := s.critical("late", "qualite"); called(got) {
		t.Errorf("after midnight it is the same night: %q", got)
	}
	s.now = time.Date(2026, 11, 27, 23, 0, 0, 0, s.brand.Zone)
	if got := s.critical("next", "qualite"); !called(got) {
		t.Errorf("the next night: %q", got)
	}
}

func TestWhoIsAwayIsNotCalled(t *testing.T) {
	s := newShift(t)
	montreal, err := time.LoadLocation("America/Montreal")
	if err != nil {
		t.Fatal(err)
	}
	noa := s.Space.Now().Member("noa")
	noa.Zone, noa.Away = montreal, hours.Days{{Year: 2026, Month: time.November, Day: 26}}
	s.now = time.Date(2026, 11, 27, 3, 0, 0, 0, s.brand.Zone) // still the 26th in Montréal
	if got := s.critical("zoe"); !slices.Contains(got, "page morgan") || slices.Contains(got, "page noa") {
		t.Errorf("called %q", got)
	}
	s.brand.OnCall = nil
	s.want("nobody is on call", s.critical("max", "prix"), "card case C")
}

// Whom nothing reaches is not waited for; who stands twice on the rota is called no
// oftener for it.
func TestWhomNothingReachesIsPassedOver(t *testing.T) {
	s := newShift(t)
	noa := s.Space.Now().Member("noa")
	noa.Email, noa.Handles, s.brand.Pager = "", nil, ""
	if got := s.critical("zoe"); !slices.Contains(got, "mail morgan") || slices.Contains(got, "mail noa") {
		t.Errorf("called %q", got)
	}
	s = newShift(t)
	s.brand.OnCall = []string{"noa", "noa"}
	got := s.critical("zoe")
	for range 4 {
		got = append(got, s.pass(s.Unseen)...)
	}
	if calls := len(slices.DeleteFunc(got, func(one string) bool { return one != "mail noa" })); calls != 2 {
		t.Errorf("called %d times", calls)
	}
}

// duty is who said that they would be there, for tests.
type duty map[string][]string // by the clock

func (d duty) OnDuty(_ context.Context, tx *state.Tx, b *brand.Brand) ([]string, error) {
	return d[tx.Now().In(b.Zone).Format("15:04")], nil
}

// Who is on duty is called before who is on call. When their duty ends between
// two calls nobody is passed over.
func TestWhoIsOnDutyIsCalledFirst(t *testing.T) {
	s := newShift(t)
	s.Duty = duty{"23:00": {"camille", "morgan"}, "23:10": {"camille", "morgan"}}
	got := s.critical("zoe")
	for _, want := range []string{"page camille", "page morgan", "page noa", "page noa", "page morgan"} {
		if !slices.Contains(got, want) {
			t.Errorf("at %s: %q, not %s", s.now.Format("15:04"), got, want)
		}
		got = s.pass(s.Unseen)
	}
	if slices.ContainsFunc(got, func(one string) bool { return strings.HasPrefix(one, "page") }) {
		t.Errorf("called once more: %q", got)
	}
}

// took makes a conversation that camille has taken.
func (s *shift) took(author string) {
	s.Helper()
	c := s.conversationOf(author)
	s.step(func(ctx context.Context, tx *state.Tx) error {
		if _, _, err := cases.Get(ctx, tx, c.ID); err != nil {
			return err
		}
		if err := cases.Put(tx, c.ID, c, caseMarks(c)...); err != nil {
			return err
		}
		_, err := s.Take(ctx, tx, c.ID, "camille")
		return err
	})
}

func (s *shift) clock(hour, minute int) {
	s.now = time.Date(2026, 11, 26, hour, minute, 0, 0, s.brand.Zone)
}

func TestRemindersAreGrouped(t *testing.T) {
	s := newShift(t)
	for i := range 3 {
		s.clock(9, 20+10*i)
		s.took(fmt.Sprint("author", i))
	}
	s.want("the first reminder has all three", s.pass(s.Remind), "card reminder @Ucamille")
	if want := time.Date(2026, 11, 26, 10, 55, 0, 0, s.brand.Zone); !s.now.Equal(want) {
		t.Errorf("reminded at %s", s.now)
	}
	s.want("the second conversation", s.pass(s.Remind))
	s.want("the third", s.pass(s.Remind))
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Finish(ctx, tx, s.conversationOf("author1").ID, "camille", Replied, "")
		return err
	})
	s.want("the first promise ends: the manager hears of it", s.pass(s.Remind), "card late @Umorgan")
	s.want("the third one: on the same card", s.pass(s.Remind), "edit late @Umorgan")
	if got := s.pass(s.Remind); got != nil {
		t.Errorf("then %q", got)
	}
}

func TestTwoRemindersADayOneInTheLastHour(t *testing.T) {
	s := newShift(t)
	remind := func(hour, minute int) []string {
		s.clock(hour, minute)
		s.took(fmt.Sprint("at", hour, minute))
		got := s.pass(s.Remind)
		s.step(func(ctx context.Context, tx *state.Tx) error {
			_, err := s.Finish(ctx, tx, s.conversationOf(fmt.Sprint("at", hour, minute)).ID, "camille", Replied, "")
			return err
		})
		return got
	}
	s.want("the first", remind(9, 0), "card reminder @Ucamille")
	s.want("in the afternoon: silently", remind(12, 0), "edit reminder @Ucamille")
	s.want("in the last hour", remind(15, 30), "card reminder @Ucamille")
	s.want("once more", remind(15, 40), "edit reminder @Ucamille")
}

// While the manager is on leave, somebody else hears of what ended.
func TestManagerOnLeave(t *testing.T) {
	s := newShift(t)
	s.clock(9, 20)
	s.took("tom")
	s.Engine.Space.Now().Member("morgan").Away = hours.Days{hours.DayOf(s.now)}
	s.want("a reminder", s.pass(s.Remind), "card reminder @Ucamille")
	s.want("the promise ends", s.pass(s.Remind), "card late @Unoa")
}

// Who wants no reminders gets none; their manager still hears of what ended.
func TestWhoWantsNoReminders(t *testing.T) {
	s := newShift(t)
	s.Space.Now().Member("camille").Unreminded = true
	s.clock(9, 0)
	s.took("zoe")
	if got := s.pass(s.Remind); got != nil {
		t.Errorf("reminded: %q", got)
	}
	s.want("after the promise", s.pass(s.Remind), "card late @Umorgan")
}

func TestWhoJustTookItIsNotReminded(t *testing.T) {
	s := newShift(t)
	s.clock(9, 0)
	c := s.conversationOf("zoe")
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, _, err := cases.Get(ctx, tx, c.ID)
		if err == nil {
			err = cases.Put(tx, c.ID, c, caseMarks(c)...)
		}
		return err
	})
	s.clock(10, 50)
	s.step(func(ctx context.Context, tx *state.Tx) error { _, err := s.Take(ctx, tx, c.ID, "camille"); return err })
	s.want("only its end is", s.pass(s.Remind), "card late @Umorgan")
	if want := time.Date(2026, 11, 26, 11, 0, 0, 0, s.brand.Zone); !s.now.Equal(want) {
		t.Errorf("at %s", s.now)
	}
}
