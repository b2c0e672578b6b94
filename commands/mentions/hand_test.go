package mentions

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// newHand is a shift at ten in the morning with a conversation on a network where
// only people can answer.
func newHand(t *testing.T) *shift {
	s, w := newCrisis(t)
	w.number = -1
	s.brand.Accounts = []brand.Account{{ID: "masto", Network: "assisted", Name: "Mastodon"}}
	return s
}

func (s *shift) posts(id string) error {
	return s.try(func(ctx context.Context, tx *state.Tx) error { _, err := s.Posted(ctx, tx, id, "camille"); return err })
}

func (s *shift) takesBack(id string) error {
	return s.try(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.TakeBack(ctx, tx, id, "camille")
		return err
	})
}

// figures is the day of the conversation as the brief counts it.
func (s *shift) figures() Day {
	s.Helper()
	day, err := s.today(s.Context(), state.Begin(s.store, "look", s.now), s.brand)
	if err != nil {
		s.Fatal(err)
	}
	return day
}

func (s *shift) round(member string) Round {
	s.Helper()
	r, _, err := s.RoundOf(s.Context(), state.Begin(s.store, "look", s.now), member)
	if err != nil {
		s.Fatal(err)
	}
	return r
}

// A reply by hand is one once it is posted: until then the conversation is open, its
// owner is reminded, and their manager hears of the promise.
func TestNotAnsweredUntilPosted(t *testing.T) {
	s := newHand(t)
	r, _ := s.answer("Bonjour, on cherche.")
	if c := s.one(); c.Stage != Taken || c.Owner != "camille" || c.Reply != r.ID || s.figures().Done != 0 {
		t.Fatalf("shown: %+v, %+v", c, s.figures())
	}
	s.want("the reminder", s.pass(s.Remind), "card reminder @Ucamille")
	if want := s.one().Due.Add(-remindBefore); !s.now.Equal(want) {
		t.Errorf("reminded at %s, want %s", s.now, want)
	}
	s.want("the promise ends", s.pass(s.Remind), "card late @Umorgan")
	s.now = s.now.Add(30 * time.Minute)
	if err := s.posts(r.ID); err != nil {
		t.Fatal(err)
	}
	c, day := s.one(), s.figures()
	if c.Stage != Done || c.Outcome != Replied || !c.DoneAt.Equal(s.now) || day.Done != 1 || day.Within != 0 || day.Waits[0] != 150 {
		t.Errorf("posted late: %+v, %+v", c, day)
	}
	if err := s.posts(r.ID); !errors.Is(err, ErrDone) || s.figures().Done != 1 {
		t.Errorf("posted twice: %v", err)
	}
}

func TestPostedInTime(t *testing.T) {
	s := newHand(t)
	r, _ := s.answer("Bonjour, on cherche.")
	s.now = s.now.Add(40 * time.Minute)
	if err := s.posts(r.ID); err != nil || s.figures().Within != 1 || s.figures().Waits[0] != 40 {
		t.Errorf("%+v, %v", s.figures(), err)
	}
	if s.pass(s.Remind) != nil {
		t.Error("reminded of what is done")
	}
}

// What was not posted stays with its owner, and so does its promise; whoever said
// the wrong one of both says the other.
func TestNotPosted(t *testing.T) {
	s := newHand(t)
	r, _ := s.answer("Bonjour, on cherche.")
	if err := s.takesBack(r.ID); err != nil || s.one().Stage != Taken || s.reply(r.ID).Status != "cancelled" {
		t.Fatalf("%+v of %+v, %v", s.reply(r.ID), s.one(), err)
	}
	if err := s.posts(r.ID); err != nil || s.figures().Done != 1 {
		t.Fatalf("posted after all: %+v, %v", s.figures(), err)
	}
	s.now = s.now.Add(10 * time.Minute)
	if err := s.takesBack(r.ID); err != nil || s.one().Stage != Taken || s.figures().Done != 0 || s.figures().Within != 0 || len(s.figures().Waits) != 0 {
		t.Fatalf("not posted after all: %+v, %+v, %v", s.one(), s.figures(), err)
	}
	s.want("its reminder", s.pass(s.Remind), "card reminder @Ucamille")
}

// Another reply, or another outcome, takes the place of one that was not posted.
func TestAnotherInItsPlace(t *testing.T) {
	s := newHand(t)
	first, _ := s.answer("Bonjour, on cherche.")
	second, _ := s.answer("Bonjour, on a trouvé.")
	if err := s.posts(first.ID); !errors.Is(err, ErrReplaced) || s.one().Stage != Taken {
		t.Errorf("the first one: %v", err)
	}
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Finish(ctx, tx, "c1", "camille", Nothing, "mentions.reason.answered")
		return err
	})
	if err := s.posts(second.ID); !errors.Is(err, ErrDone) || s.one().Outcome != Nothing || s.reply(second.ID).Status != "cancelled" {
		t.Errorf("after another outcome: %v, %+v", err, s.reply(second.ID))
	}
}

// Who answers somebody else's conversation has it, with its reminder.
func TestWhoAnswersHasIt(t *testing.T) {
	s := newHand(t)
	s.step(func(ctx context.Context, tx *state.Tx) error { _, err := s.Take(ctx, tx, "c1", "noa"); return err })
	s.answer("Bonjour, on cherche.")
	s.want("reminded", s.pass(s.Remind), "card reminder @Ucamille")
}

// A round counts what is still to be posted apart, until it is.
func TestRoundByHand(t *testing.T) {
	for name, test := range map[string]struct {
		then func(*shift, string) error
		want Round
	}{
		"posted":     {(*shift).posts, Round{Replied: 1}},
		"not posted": {(*shift).takesBack, Round{Later: 1}},
	} {
		s := newHand(t)
		s.step(func(ctx context.Context, tx *state.Tx) error {
			_, err := s.Start(ctx, tx, "colibri", "camille")
			return err
		})
		r, _ := s.answer("Bonjour, on cherche.")
		s.step(func(ctx context.Context, tx *state.Tx) error { return s.Pass(ctx, tx, r) })
		if got := s.round("camille"); got.Current() != "" || got.Replied != 0 || len(got.Hand) != 1 {
			t.Fatalf("%s: shown: %+v", name, got)
		}
		if err := test.then(s, r.ID); err != nil {
			t.Fatal(err)
		}
		if got := s.round("camille"); got.Replied != test.want.Replied || got.Later != test.want.Later || len(got.Hand) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A ready answer is used once the reply made of it is posted, at that time.
func TestServedOncePosted(t *testing.T) {
	s := newHand(t)
	ready := "Bonjour, nous vérifions votre envoi et revenons vers vous aujourd’hui."
	s.brand.Answers = []brand.Answer{{ID: "late", Text: map[string]string{"fr": ready}}}
	served := func() (int, time.Time) {
		n, last, err := s.Served(s.Context(), state.Begin(s.store, "look", s.now), "colibri", "late", s.now.Add(-24*time.Hour))
		if err != nil {
			s.Fatal(err)
		}
		return n, last
	}
	r, _ := s.answer(ready)
	if n, _ := served(); n != 0 {
		t.Errorf("%d uses before it is posted", n)
	}
	s.now = s.now.Add(time.Hour)
	if err := s.posts(r.ID); err != nil {
		t.Fatal(err)
	}
	if n, last := served(); n != 1 || !last.Equal(s.now) {
		t.Errorf("%d uses, the last one at %s", n, last)
	}
	if err := s.takesBack(r.ID); err != nil {
		t.Fatal(err)
	}
	if n, _ := served(); n != 0 {
		t.Errorf("%d uses after all", n)
	}
}

func TestDayWithout(t *testing.T) {
	due := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	before := Day{Done: 2, Within: 1, Waits: []int{30, 200}}
	for name, test := range map[string]struct {
		at     time.Time
		waited int
		want   Day
	}{
		"in time":       {due, 30, Day{Done: 1, Within: 0, Waits: []int{200}}},
		"late":          {due.Add(time.Hour), 200, Day{Done: 1, Within: 1, Waits: []int{30}}},
		"never counted": {due, 7, before},
	} {
		got := before.without(Case{Due: due, DoneAt: test.at}, test.waited)
		if got.Done != test.want.Done || got.Within != test.want.Within || len(got.Waits) != len(test.want.Waits) || got.Waits[0] != test.want.Waits[0] {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
	if before.Waits[0] != 30 || len(before.Waits) != 2 {
		t.Errorf("the day itself changed: %+v", before)
	}
}

// Every card of a conversation whose reply is to be posted shows its words, and the
// two ends.
func TestCardsOfAReplyByHand(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := newHand(t)
	chat := &Chat{Engine: s.Engine}
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Start(ctx, tx, "colibri", "camille")
		return err
	})
	s.answer("Bonjour, on cherche.")
	s.pass(s.Remind)
	for view, test := range map[string]struct {
		draw    bot.View
		subject string
	}{
		CaseView:     {chat.caseView, "c1"},
		RoundView:    {chat.roundView, "camille"},
		ReminderView: {chat.reminderView, dayOf(s.brand, s.Space.Now().Member("camille"), s.now) + "/1"},
	} {
		card, err := test.draw(t.Context(), bot.ViewRequest{Space: s.Space.Now(), Brand: s.brand, Subject: test.subject, Member: s.Space.Now().Member("camille"),
			Print: catalog.For("fr", s.brand.Zone), Now: s.now, Tx: state.Begin(s.store, "look", s.now)})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(bottest.Plain(card))
		for _, want := range []string{"À répondre à la main sur Mastodon", "Bonjour, on cherche.", "Reste à répondre avant 12 h 00", "[C’est publié]", "[Je ne l’ai pas publiée]"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", view, want, text)
			}
		}
	}
}
