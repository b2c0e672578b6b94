package mentions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// newWait is a shift at ten in the morning where nothing is wrong: a conversation that
// ends at noon, which Camille has.
func newWait(t *testing.T) *shift {
	s, w := newCrisis(t)
	w.number = -1
	for _, m := range s.Space.Now().Members {
		m.Roles = []brand.Role{brand.Approver, brand.Responder}
	}
	s.step(func(ctx context.Context, tx *state.Tx) error { _, err := s.Take(ctx, tx, "c1", "camille"); return err })
	return s
}

func (s *shift) at(hour, minute int) time.Time {
	return time.Date(2026, 11, 26, hour, minute, 0, 0, s.brand.Zone)
}

const holdingWords = "Bonjour, nous nous renseignons."

// holds is a holding reply of somebody's that promises an hour.
func (s *shift) holds(who, text string, until time.Time) (r Reply, err error) {
	s.Helper()
	err = s.try(func(ctx context.Context, tx *state.Tx) (err error) {
		r, err = s.AskToWait(ctx, tx, "c1", who, text, until)
		return err
	})
	return r, err
}

// receives hands a reply its receipt, and says what that emitted.
func (s *shift) receives(id string, status outbox.Status) []string {
	s.Helper()
	data, err := json.Marshal(outbox.Receipt{Status: status, At: s.now})
	if err != nil {
		s.Fatal(err)
	}
	return s.step(func(ctx context.Context, tx *state.Tx) error {
		return s.ReplyReceipt(ctx, tx, work.Item{Conversation: id, Data: data})
	})
}

// held is a holding reply of Camille's that left a minute after it was written.
func (s *shift) held(until time.Time) Reply {
	s.Helper()
	r, err := s.holds("camille", fmt.Sprint(holdingWords, s.count), until)
	if err != nil {
		s.Fatal(err)
	}
	s.now = r.At
	if !s.due(r.ID) {
		s.Fatal("the reply did not leave")
	}
	s.receives(r.ID, outbox.Sent)
	return s.reply(r.ID)
}

func (s *shift) answered() {
	s.Helper()
	s.answer("Bonjour, votre colis arrive demain.")
}

// says is a message more in the conversation, as Hear takes it in.
func (s *shift) says(at time.Time) {
	s.Helper()
	s.lives(func(c *Case) {
		*c = listenTo(*c, s.brand, listen.Mention{ID: fmt.Sprint("n", s.count), Text: "Alors ?", Author: "@tom", At: at, Ref: "ref2"}, Judgement{Kind: Complaint}, s.now)
	})
}

// indexed is until when the conversation is promised, as the index of what waits has it.
func (s *shift) indexed() time.Time {
	s.Helper()
	all, err := state.Begin(s.store, "look", s.now).List(s.Context(), state.Range{Index: waitingIndex("colibri"), To: 1 << 53})
	if err != nil || len(all) != 1 {
		s.Fatalf("%+v, %v", all, err)
	}
	return time.UnixMilli(all[0].Score)
}

// A holding reply leaves like any other, and its conversation stays open with who has
// it. The promise moves when it has left, not before.
func TestTheyWaitOn(t *testing.T) {
	s := newWait(t)
	since := s.now
	r, err := s.holds("camille", "  "+holdingWords+" ", s.at(15, 0))
	if err != nil || r.Status != "planned" || !r.At.Equal(s.now.Add(UndoFor)) || r.Part.Posts[0] != holdingWords || r.Part.ReplyTo != "ref1" {
		t.Fatalf("%+v, %v", r, err)
	}
	if c := s.one(); c.Stage != Taken || c.Owner != "camille" || !c.Due.Equal(s.at(12, 0)) || c.Reply != r.ID || !c.Holding.At.IsZero() {
		t.Fatalf("written: %+v", c)
	}
	s.now = r.At
	if !s.due(r.ID) {
		t.Fatal("it did not leave")
	}
	if c := s.one(); !c.Due.Equal(s.at(12, 0)) {
		t.Errorf("on its way: %+v", c)
	}
	s.receives(r.ID, outbox.Sent)
	c := s.one()
	if c.Stage != Taken || c.Owner != "camille" || !c.TakenAt.Equal(since) || !c.Due.Equal(s.at(15, 0)) || !c.Holding.At.Equal(s.now) || c.Holding.Broken {
		t.Errorf("left: %+v", c)
	}
	if !s.indexed().Equal(c.Due) || s.figures().Done != 0 || len(s.figures().Waits) != 0 {
		t.Errorf("waits until %s, counted: %+v", s.indexed(), s.figures())
	}
	s.want("the reminder", s.pass(s.Remind), "card reminder @Ucamille")
	if !s.now.Equal(s.at(14, 35)) {
		t.Errorf("reminded at %s", s.now)
	}
	s.want("the end", s.pass(s.Remind), "card late @Umorgan")
	if !s.now.Equal(s.at(15, 0)) || !s.one().Late {
		t.Errorf("late at %s", s.now)
	}
	var did []string
	for _, entry := range s.store.Trail() {
		did = append(did, entry.Who+" "+entry.What)
	}
	for _, want := range []string{"camille reply.holds", "camille reply.claimed", "camille reply.sent", "camille case.held"} {
		if !slices.Contains(did, want) {
			t.Errorf("the trail has no %q: %q", want, did)
		}
	}
}

// Whoever takes what nobody has so, has it.
func TestAskingToWaitTakes(t *testing.T) {
	s := newWait(t)
	s.hands("camille", "")
	if _, err := s.holds("noa", holdingWords, s.at(15, 0)); err != nil {
		t.Fatal(err)
	}
	if c := s.one(); c.Stage != Taken || c.Owner != "noa" || !c.TakenAt.Equal(s.now) {
		t.Errorf("%+v", c)
	}
	s.want("their reminder", s.pass(func(ctx context.Context, tx *state.Tx, item work.Item) error { return nil }))
	s.want("their reminder", s.pass(s.Remind), "card reminder @Unoa")
}

// Where it did not leave, the promise runs on as it was, and its owner is told.
func TestThePromiseRunsOn(t *testing.T) {
	fails := func(status outbox.Status) func(*shift, string) []string {
		return func(s *shift, id string) []string {
			s.now = s.now.Add(UndoFor)
			s.due(id)
			return s.receives(id, status)
		}
	}
	for name, test := range map[string]struct {
		then   func(*shift, string) []string
		status string
		told   []string
	}{
		"taken back": {func(s *shift, id string) []string {
			if err := s.takesBack(id); err != nil {
				s.Fatal(err)
			}
			return nil
		}, "cancelled", nil},
		"refused": {fails(outbox.Failed), "failed", []string{"card case @Ucamille"}},
		"expired": {fails(outbox.Expired), "expired", []string{"card case @Ucamille"}},
		"unknown": {fails(outbox.Unknown), "unknown", []string{"card case @Ucamille"}},
		"paused": {func(s *shift, id string) []string {
			s.Hold.(*wrong).paused = s.now
			s.now = s.now.Add(UndoFor)
			return s.step(func(ctx context.Context, tx *state.Tx) error { return s.ReplyDue(ctx, tx, work.Item{Data: []byte(id)}) })
		}, "cancelled", []string{"card case @Ucamille"}},
		"unknown, and not there": {func(s *shift, id string) []string {
			told := fails(outbox.Unknown)(s, id)
			s.step(func(ctx context.Context, tx *state.Tx) error {
				_, err := s.ReplyAbsent(ctx, tx, "c1", "camille")
				return err
			})
			return told
		}, "failed", []string{"card case @Ucamille"}},
	} {
		s := newWait(t)
		r, err := s.holds("camille", holdingWords, s.at(15, 0))
		if err != nil {
			t.Fatal(err)
		}
		s.want(name, test.then(s, r.ID), test.told...)
		c := s.one()
		if c.Stage != Taken || c.Owner != "camille" || !c.Due.Equal(s.at(12, 0)) || !c.Holding.At.IsZero() || s.reply(r.ID).Status != test.status {
			t.Errorf("%s: %+v of %+v", name, s.reply(r.ID), c)
		}
		s.step(func(_ context.Context, tx *state.Tx) error { tx.Cancel("reply:" + r.ID); return nil })
		s.want(name, slices.DeleteFunc(s.pass(s.Remind), func(one string) bool { return strings.HasPrefix(one, "edit") }), "card reminder @Ucamille")
		if !s.now.Equal(s.at(11, 35)) {
			t.Errorf("%s: reminded at %s", name, s.now)
		}
	}
}

// Who has the conversation since hears that it did not leave; where the answer left
// meanwhile nobody is rung, and nothing opens again.
func TestWhoHearsOfAHoldingReply(t *testing.T) {
	s := newWait(t)
	r, _ := s.holds("camille", holdingWords, s.at(15, 0))
	s.hands("camille", "morgan")
	s.now = r.At
	s.due(r.ID)
	s.want("handed over", slices.DeleteFunc(s.receives(r.ID, outbox.Failed), func(one string) bool { return strings.HasPrefix(one, "edit") }), "card case @Umorgan")

	for _, status := range []outbox.Status{outbox.Sent, outbox.Failed, outbox.Unknown} {
		s := newWait(t)
		r, _ := s.holds("camille", holdingWords, s.at(15, 0))
		s.now = r.At
		s.due(r.ID)
		s.answered()
		if said := s.receives(r.ID, status); len(said) > 0 {
			t.Errorf("%s: somebody is told: %q", status, said)
		}
		if c := s.one(); c.Stage != Done || !c.Due.Equal(s.at(12, 0)) || s.figures().Done != 1 || s.figures().Within != 1 || s.reply(r.ID).Status != string(status) {
			t.Errorf("%s: %+v, %+v", status, c, s.figures())
		}
	}
}

// The answer takes the place of a holding reply that has not left: it never does.
func TestTheAnswerComesFirst(t *testing.T) {
	for name, ends := range map[string]func(*shift){
		"answered": (*shift).answered,
		"needs no answer": func(s *shift) {
			s.step(func(ctx context.Context, tx *state.Tx) error {
				_, err := s.Finish(ctx, tx, "c1", "camille", Liked, "")
				return err
			})
		},
	} {
		s := newWait(t)
		r, _ := s.holds("camille", holdingWords, s.at(15, 0))
		ends(s)
		s.now = r.At
		if s.due(r.ID) || s.reply(r.ID).Status != "cancelled" || s.one().Stage != Done {
			t.Errorf("%s: %+v", name, s.reply(r.ID))
		}
		if err := s.takesBack(r.ID); !errors.Is(err, ErrDone) {
			t.Errorf("%s: taken back: %v", name, err)
		}
	}
}

// A conversation counts once, when it is answered: in time if both promises were kept,
// and with the whole wait.
func TestFiguresOfAHoldingReply(t *testing.T) {
	for name, test := range map[string]struct {
		asks, answers [2]int // hour, minute
		within        int
		waited        int
	}{
		"both kept":       {[2]int{11, 58}, [2]int{14, 30}, 1, 270},
		"the first ended": {[2]int{12, 30}, [2]int{14, 30}, 0, 270},
		"the second":      {[2]int{10, 30}, [2]int{15, 10}, 0, 310},
	} {
		s := newWait(t)
		s.clock(test.asks[0], test.asks[1])
		s.held(s.at(15, 0))
		if day := s.figures(); day.Done != 0 {
			t.Errorf("%s: counted as an answer: %+v", name, day)
		}
		s.clock(test.answers[0], test.answers[1])
		r, _ := s.answer("Bonjour, votre colis arrive demain.")
		if day := s.figures(); day.Done != 1 || day.Within != test.within || !slices.Equal(day.Waits, []int{test.waited}) {
			t.Errorf("%s: %+v", name, day)
		}
		if err := s.takesBack(r.ID); err != nil {
			t.Fatal(err)
		}
		if day := s.figures(); day.Done != 0 || day.Within != 0 || len(day.Waits) != 0 || !s.one().Due.Equal(s.at(15, 0)) {
			t.Errorf("%s, taken back: %+v", name, day)
		}
	}
}

// Its owner was reminded of the first promise, and the manager heard that it ended: both
// hear of the second one as well, on the cards that they have.
func TestRemindedOfBoth(t *testing.T) {
	s := newWait(t)
	s.want("the first reminder", s.pass(s.Remind), "card reminder @Ucamille")
	s.want("the first end", s.pass(s.Remind), "card late @Umorgan")
	s.clock(12, 10)
	s.held(s.at(15, 0))
	if c := s.one(); c.Late || !c.Holding.Broken {
		t.Errorf("%+v", c)
	}
	s.want("the second reminder", s.pass(s.Remind), "edit reminder @Ucamille")
	if !s.now.Equal(s.at(14, 35)) {
		t.Errorf("at %s", s.now)
	}
	s.want("the second end", s.pass(s.Remind), "edit late @Umorgan")
	if c := s.one(); !s.now.Equal(s.at(15, 0)) || !c.Late {
		t.Errorf("at %s: %+v", s.now, c)
	}
	for _, list := range []string{dayOf(s.brand, s.member("camille"), s.now) + "/1", dayOf(s.brand, s.member("morgan"), s.now) + "/late"} {
		found, err := reminders.Peek(t.Context(), state.Begin(s.store, "look", s.now), list)
		if err != nil || len(found) != 1 || len(found[0].Cases) != 1 {
			t.Errorf("%s: %+v, %v", list, found, err)
		}
	}
}

// A reminder that was on its way when the promise moved reminds of nothing yet.
func TestAReminderTooEarly(t *testing.T) {
	s := newWait(t)
	s.held(s.at(15, 0))
	s.clock(11, 35)
	s.want("the old reminder", s.step(func(ctx context.Context, tx *state.Tx) error {
		return s.Remind(ctx, tx, work.Item{Data: []byte("c1")})
	}))
	s.want("its own", s.pass(s.Remind), "card reminder @Ucamille")
	if !s.now.Equal(s.at(14, 35)) {
		t.Errorf("at %s", s.now)
	}
}

// The promise moves once until the person writes again; what they write then is promised
// what it would be without.
func TestThePromiseMovesOnce(t *testing.T) {
	s := newWait(t)
	s.held(s.at(15, 0))
	second := s.held(s.at(17, 0))
	if c := s.one(); !c.Due.Equal(s.at(15, 0)) || !c.Holding.At.Equal(s.now) || second.Wait.Moves || !second.Wait.Until.Equal(s.at(15, 0)) {
		t.Fatalf("the second: %+v of %+v", second.Wait, c)
	}
	s.says(s.now)
	if c := s.one(); !c.Due.Equal(promise(s.brand, s.now, s.now)) || !c.movable() {
		t.Errorf("written again: %+v", c)
	}
	s.held(s.at(17, 0))
	if c := s.one(); !c.Due.Equal(s.at(17, 0)) {
		t.Errorf("moved again: %s", c.Due)
	}
	s.clock(16, 0)
	s.says(s.now)
	if c := s.one(); !c.Due.Equal(s.at(17, 0)) {
		t.Errorf("later than promised: %s", c.Due)
	}
}

// Hear keeps the times of what it promises, and the cards say them.
func TestHeardWhileTheyWait(t *testing.T) {
	w := newTeam(t) // with no account: every reply is by hand
	w.engine.Space.(*brand.Space).Members = []*brand.Member{{ID: "noa", Name: "Noa", Roles: []brand.Role{brand.Responder}, Handles: map[string]string{"console:t": "noa"}}}
	id := w.hear("@lea", "Vous livrez en Suisse, @colibri ?").ID
	w.do(func(ctx context.Context, tx *state.Tx) error {
		r, err := w.engine.AskToWait(ctx, tx, id, "noa", holdingWords, w.now.Add(20*time.Hour))
		if err == nil {
			_, err = w.engine.Posted(ctx, tx, r.ID, "noa")
		}
		return err
	})
	w.now = w.now.Add(time.Hour)
	c := w.hear("@lea", "Alors, @colibri, la Suisse ?")
	if want := w.now.Add(2 * time.Hour); !c.Due.Equal(want) || c.Stage != Taken {
		t.Errorf("until %s, want %s: %+v", c.Due, want, c)
	}
	_, next, err := w.store.MoveDue(t.Context(), w.now, 0)
	if err != nil || !next.Equal(c.Due.Add(-remindBefore)) {
		t.Errorf("the next reminder is at %s, %v", next, err)
	}
}

// Who wrote while the holding reply was on its way did not read it: what they wrote is
// promised as ever.
func TestWrittenMeanwhile(t *testing.T) {
	s := newWait(t)
	r, _ := s.holds("camille", holdingWords, s.at(17, 0))
	s.now = s.now.Add(30 * time.Second)
	at := s.now
	s.says(at)
	s.now = r.At
	s.due(r.ID)
	s.receives(r.ID, outbox.Sent)
	if c := s.one(); !c.Due.Equal(promise(s.brand, at, s.now)) || !c.movable() {
		t.Errorf("%+v", c)
	}
}

// Who has the conversation asks to wait, once at a time, and by an hour that was offered.
func TestWhoMayAskToWait(t *testing.T) {
	for name, test := range map[string]struct {
		before func(*shift)
		who    string
		text   string
		until  [2]int
		want   error
	}{
		"a colleague's":       {nil, "noa", holdingWords, [2]int{15, 0}, ErrTaken},
		"no words":            {nil, "camille", " ", [2]int{15, 0}, ErrEmpty},
		"too near":            {nil, "camille", holdingWords, [2]int{10, 1}, ErrHour},
		"before the promise":  {nil, "camille", holdingWords, [2]int{11, 0}, ErrHour},
		"when nobody works":   {nil, "camille", holdingWords, [2]int{19, 0}, ErrHour},
		"in days":             {nil, "camille", holdingWords, [2]int{24*7 + 15, 0}, ErrHour},
		"answered":            {(*shift).answered, "camille", holdingWords, [2]int{15, 0}, ErrDone},
		"with one on its way": {func(s *shift) { s.holds("camille", "Bonjour, un instant.", s.at(15, 0)) }, "camille", holdingWords, [2]int{15, 0}, ErrOnWay},
		"with one to check": {func(s *shift) {
			r, _ := s.holds("camille", "Bonjour, un instant.", s.at(15, 0))
			s.now = r.At
			s.due(r.ID)
			s.receives(r.ID, outbox.Unknown)
		}, "camille", holdingWords, [2]int{15, 0}, ErrOnWay},
		"the same words": {func(s *shift) {
			r, _ := s.holds("camille", holdingWords, s.at(15, 0))
			s.now = r.At
			s.due(r.ID)
			s.receives(r.ID, outbox.Sent)
		}, "camille", holdingWords, [2]int{15, 0}, ErrSame},
	} {
		s := newWait(t)
		if test.before != nil {
			test.before(s)
		}
		before := s.one()
		if _, err := s.holds(test.who, test.text, s.at(test.until[0], test.until[1])); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
		if after := s.one(); after.Reply != before.Reply || after.Owner != before.Owner || !after.Due.Equal(before.Due) {
			t.Errorf("%s: %+v", name, after)
		}
	}
}

// By hand the promise moves once somebody says that it is posted, and back if they say
// that it is not.
func TestHoldingByHand(t *testing.T) {
	s := newWait(t)
	s.brand.Accounts[0].Network = byHand
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Start(ctx, tx, "colibri", "camille")
		return err
	})
	r, err := s.holds("camille", holdingWords, s.at(15, 0))
	if err != nil || r.Status != toPost || !s.one().Due.Equal(s.at(12, 0)) {
		t.Fatalf("%+v, %v", r, err)
	}
	s.step(func(ctx context.Context, tx *state.Tx) error { return s.Pass(ctx, tx, r) })
	s.clock(11, 0)
	for range 2 { // clicked twice
		if err := s.posts(r.ID); err != nil {
			t.Fatal(err)
		}
		if c := s.one(); c.Stage != Taken || c.Owner != "camille" || !c.Due.Equal(s.at(15, 0)) || !c.Holding.At.Equal(s.now) || s.figures().Done != 0 {
			t.Fatalf("posted: %+v", c)
		}
	}
	if got := s.round("camille"); len(got.Held) != 1 || got.Replied != 0 || len(got.Hand) != 0 {
		t.Errorf("the round: %+v", got)
	}
	if err := s.takesBack(r.ID); err != nil || s.reply(r.ID).Status != "cancelled" {
		t.Fatalf("not posted after all: %v", err)
	}
	if c := s.one(); c.Stage != Taken || !c.Due.Equal(s.at(12, 0)) || !c.Holding.At.IsZero() {
		t.Errorf("not posted after all: %+v", c)
	}
	if got := s.round("camille"); len(got.Held) != 0 || got.Later != 1 {
		t.Errorf("the round, not posted after all: %+v", got)
	}
	s.want("its reminder", s.pass(s.Remind), "card reminder @Ucamille")
	if err := s.posts(r.ID); err != nil || !s.one().Due.Equal(s.at(15, 0)) {
		t.Errorf("posted after all: %v, %+v", err, s.one())
	}
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Finish(ctx, tx, "c1", "camille", Liked, "")
		return err
	})
	if err := s.takesBack(r.ID); !errors.Is(err, ErrDone) || s.one().Stage != Done {
		t.Errorf("not posted, of what is done: %v", err)
	}
}

// An hour that has passed when it is posted is late at once.
func TestPostedAfterItsHour(t *testing.T) {
	s := newWait(t)
	s.brand.Accounts[0].Network = byHand
	s.clock(11, 0)
	r, _ := s.holds("camille", holdingWords, s.at(13, 0))
	s.clock(13, 30)
	s.step(func(_ context.Context, tx *state.Tx) error { tx.Cancel("promise:c1"); return nil })
	if err := s.posts(r.ID); err != nil {
		t.Fatal(err)
	}
	s.want("the end", s.pass(s.Remind), "card late @Umorgan")
	if c := s.one(); !c.Late || c.kept(s.now) || !s.now.Equal(s.at(13, 30)) {
		t.Errorf("at %s: %+v", s.now, c)
	}
}

// One that nobody is sure of moves the promise once somebody saw it there: it left when
// it was sent, not when it was seen.
func TestHoldingSeenThere(t *testing.T) {
	s := newWait(t)
	s.clock(11, 50)
	r, _ := s.holds("camille", holdingWords, s.at(15, 0))
	s.now = r.At
	s.due(r.ID)
	s.receives(r.ID, outbox.Unknown)
	s.clock(12, 20)
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.ReplyThere(ctx, tx, "c1", "camille")
		return err
	})
	if c := s.one(); c.Stage != Taken || !c.Due.Equal(s.at(15, 0)) || c.Holding.Broken || !c.Holding.At.Equal(r.At) || s.reply(r.ID).Status != "sent" {
		t.Errorf("%+v", c)
	}
}

// In a crisis a holding reply waits for a second look like every reply, and leaves
// nobody's conversation; not with an hour that has passed.
func TestHoldingInACrisis(t *testing.T) {
	ask := func(t *testing.T) (*shift, Reply) {
		s := newWait(t)
		s.Crisis.(*wrong).number = 1
		r, err := s.holds("camille", holdingWords, s.at(15, 0))
		if err != nil || r.Status != asked || s.one().Stage != Taken || s.due(r.ID) {
			t.Fatalf("%+v, %v", r, err)
		}
		return s, r
	}
	s, r := ask(t)
	if err := s.lets(r.ID, "noa", 1); err != nil || s.one().Stage != Taken || s.figures().Done != 0 {
		t.Fatalf("looked at: %+v, %v", s.one(), err)
	}
	s.now = s.now.Add(UndoFor)
	s.due(r.ID)
	s.receives(r.ID, outbox.Sent)
	if c := s.one(); !c.Due.Equal(s.at(15, 0)) || c.Owner != "camille" {
		t.Errorf("%+v", c)
	}

	s, r = ask(t)
	said := s.step(func(ctx context.Context, tx *state.Tx) error { _, err := s.SendBack(ctx, tx, r.ID, "noa"); return err })
	if c := s.one(); c.Stage != Taken || c.Owner != "camille" || !c.Due.Equal(s.at(12, 0)) || !slices.Contains(said, "card case @Ucamille") {
		t.Errorf("sent back: %+v, %q", c, said)
	}

	s, r = ask(t)
	s.clock(15, 0)
	if err := s.lets(r.ID, "noa", 1); !errors.Is(err, ErrHour) || s.reply(r.ID).Status != asked {
		t.Errorf("after its hour: %v", err)
	}
}

// A reply that is late itself does not leave after the hour that it names.
func TestItsHourPassedOnTheWay(t *testing.T) {
	s := newWait(t)
	r, _ := s.holds("camille", holdingWords, s.at(15, 0))
	s.clock(15, 0)
	if s.due(r.ID) || s.reply(r.ID).Reason != hourGone {
		t.Errorf("%+v", s.reply(r.ID))
	}
}

// What can be promised is in working hours, later than what was, and far enough.
func TestComebacks(t *testing.T) {
	s := newShift(t)
	lunch := *s.brand
	for day := time.Monday; day <= time.Friday; day++ {
		lunch.Hours[day] = []hours.Span{{Open: 9 * 60, Close: 12*60 + 30}, {Open: 14 * 60, Close: 18 * 60}}
	}
	never := *s.brand
	never.Hours = hours.Week{}
	day := func(day, hour, minute int) time.Time {
		return time.Date(2026, 11, day, hour, minute, 0, 0, s.brand.Zone)
	}
	for name, test := range map[string]struct {
		brand    *brand.Brand
		due, now time.Time
		want     string
	}{
		"in the morning":     {s.brand, day(26, 12, 0), day(26, 10, 5), "26 12:05, 26 18:00, 27 11:00, 27 18:00"},
		"seconds":            {s.brand, day(26, 12, 0), day(26, 10, 5).Add(42 * time.Second), "26 12:05, 26 18:00, 27 11:00, 27 18:00"},
		"before lunch":       {&lunch, day(26, 14, 0), day(26, 12, 10), "26 15:40, 26 18:00, 27 11:00, 27 18:00"},
		"in the evening":     {s.brand, day(27, 9, 40), day(26, 17, 50), "27 10:50, 27 11:00, 27 18:00"},
		"on Friday":          {s.brand, day(27, 17, 0), day(27, 15, 30), "27 17:30, 27 18:00, 30 11:00, 30 18:00"},
		"at night":           {s.brand, day(27, 9, 0), day(26, 23, 0), "27 11:00, 27 18:00, 30 11:00, 30 18:00"},
		"long after it":      {s.brand, day(26, 18, 0), day(26, 10, 5), "27 11:00, 27 18:00"},
		"nobody ever works":  {&never, day(26, 12, 0), day(26, 10, 5), "26 12:05"},
		"promised for later": {s.brand, day(30, 18, 0), day(26, 10, 5), ""},
	} {
		var got []string
		for _, at := range comebacks(test.brand, test.due, test.now) {
			got = append(got, at.In(s.brand.Zone).Format("2 15:04"))
			if !offered(test.brand, test.due, at, test.now) || !offered(test.brand, test.due, at, test.now.Add(5*time.Minute)) {
				t.Errorf("%s: %s is offered, and refused", name, at)
			}
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: %q, want %q", name, strings.Join(got, ", "), test.want)
		}
	}
}

func itemOf(id string) work.Item { return work.Item{Data: []byte(id)} }
