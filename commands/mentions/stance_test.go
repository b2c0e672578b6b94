package mentions

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// wrong is a crisis about delivery, while number is not negative, and a pause.
type wrong struct {
	number int
	paused time.Time
}

func (w *wrong) Stance(_ context.Context, _ *state.Tx, _ *brand.Brand, themes []string) (*Stance, error) {
	if w.number < 0 || len(themes) == 0 || themes[0] != "livraison" {
		return nil, nil
	}
	return &Stance{View: "crisis", Subject: "colibri/1", Number: w.number, Say: map[string]string{"fr": "on cherche"}, By: "noa"}, nil
}

func (w *wrong) PausedSince(context.Context, *state.Tx) (time.Time, error) { return w.paused, nil }

// newCrisis is a shift at ten in the morning with a crisis, and a conversation about
// delivery.
func newCrisis(t *testing.T) (*shift, *wrong) {
	s, w := newShift(t), &wrong{number: 1}
	s.Crisis, s.Hold = w, w
	s.clock(10, 0)
	s.brand.Accounts = []brand.Account{{ID: "masto", Network: "mastodon", Name: "Mastodon"}}
	s.step(func(ctx context.Context, tx *state.Tx) error {
		c := Case{ID: "c1", Brand: "colibri", Network: "Mastodon", Author: "@tom", Themes: []string{"livraison"}, Lang: "fr", Stage: Waiting, Kind: Complaint, Count: 1,
			Since: s.now, Due: s.now.Add(2 * time.Hour), Heard: []listen.Mention{{ID: "m1", Network: "Mastodon", Author: "@tom", Text: "Où est mon colis ?", Ref: "ref1", At: s.now}}}
		if _, _, err := cases.Get(ctx, tx, c.ID); err != nil {
			return err
		}
		return cases.Put(tx, c.ID, c, caseMarks(c)...)
	})
	return s, w
}

// answer is a reply of Camille's, with what it emitted.
func (s *shift) answer(text string) (r Reply, said []string) {
	s.Helper()
	said = s.step(func(ctx context.Context, tx *state.Tx) (err error) {
		r, err = s.Answer(ctx, tx, "c1", "camille", text)
		return err
	})
	return r, said
}

func (s *shift) reply(id string) Reply {
	s.Helper()
	all, err := replies.Peek(s.Context(), state.Begin(s.store, "look", s.now), id)
	if err != nil || len(all) != 1 {
		s.Fatalf("%d replies, %v", len(all), err)
	}
	return all[0]
}

func (s *shift) one() Case {
	s.Helper()
	all, err := cases.Peek(s.Context(), state.Begin(s.store, "look", s.now), "c1")
	if err != nil || len(all) != 1 {
		s.Fatalf("%d conversations, %v", len(all), err)
	}
	return all[0]
}

// try is a step that may be refused: nothing changes then.
func (s *shift) try(decide func(context.Context, *state.Tx) error) error {
	s.count++
	_, err := state.Do(s.Context(), s.store, "try"+time.Duration(s.count).String(), s.now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		return nil, decide(ctx, tx)
	})
	return err
}

func (s *shift) lets(id, member string, words int) error {
	return s.try(func(ctx context.Context, tx *state.Tx) error { _, err := s.Let(ctx, tx, id, member, words); return err })
}

// due hands the reply to its due time, and says whether that published it.
func (s *shift) due(id string) (published bool) {
	s.Helper()
	if err := s.try(func(ctx context.Context, tx *state.Tx) error {
		err := s.ReplyDue(ctx, tx, work.Item{Data: []byte(id)})
		published = slices.ContainsFunc(tx.Effects(), func(e outbox.Effect) bool { return e.Kind == publishKind })
		return err
	}); err != nil {
		s.Fatal(err)
	}
	return published
}

// In a crisis a reply waits for somebody else, with its conversation.
func TestSecondLook(t *testing.T) {
	s, w := newCrisis(t)
	r, said := s.answer("Bonjour, on cherche.")
	s.want("asked", said, "card look @Unoa", "card look @Umorgan")
	if c := s.one(); r.Status != asked || c.Stage != Taken || c.Owner != "camille" || c.Reply != r.ID {
		t.Fatalf("%+v of %+v", r, c)
	}
	if s.due(r.ID) {
		t.Error("it left before anybody looked")
	}
	for name, test := range map[string]struct {
		who   string
		words int
		want  error
	}{"their own": {"camille", 1, ErrOwn}, "with the words before": {"noa", 0, ErrWords}} {
		if err := s.lets(r.ID, test.who, test.words); !errors.Is(err, test.want) || s.reply(r.ID).Status != asked {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.lets(r.ID, "noa", 1); err != nil {
		t.Fatal(err)
	}
	if err := s.lets(r.ID, "morgan", 1); !errors.Is(err, ErrNotNow) {
		t.Errorf("let go twice: %v", err)
	}
	if c := s.one(); c.Stage != Done || c.Owner != "camille" || s.reply(r.ID).Look.By != "noa" {
		t.Errorf("%+v", c)
	}
	s.now = s.now.Add(UndoFor)
	w.paused = s.now.Add(-time.Hour) // everything was paused before somebody looked
	if !s.due(r.ID) {
		t.Error("it did not leave")
	}
}

// A pause after the second look stops the reply like everything else.
func TestPauseAfterTheSecondLook(t *testing.T) {
	s, w := newCrisis(t)
	r, _ := s.answer("Bonjour, on cherche.")
	if err := s.lets(r.ID, "noa", 1); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(UndoFor)
	w.paused = s.now.Add(-time.Second)
	if held, err := s.Paused(t.Context(), state.Begin(s.store, "look", s.now), r.ID); err != nil || !held {
		t.Errorf("held %v, %v", held, err)
	}
	if s.due(r.ID) || s.one().Stage != Waiting || s.reply(r.ID).Reason != outbox.Held {
		t.Errorf("it left, or nobody knows that it did not: %+v", s.reply(r.ID))
	}
}

// What was written with other words than those of now does not leave unseen.
func TestOvertaken(t *testing.T) {
	for name, test := range map[string]struct {
		before, after int // of the words; -1: no crisis
		leaves        bool
	}{
		"the same words":       {1, 1, true},
		"other words":          {1, 2, false},
		"a crisis with words":  {-1, 1, false},
		"a crisis without any": {-1, 0, true},
		"the crisis is over":   {1, -1, true},
	} {
		s, w := newCrisis(t)
		w.number = test.before
		r, _ := s.answer("Bonjour, on cherche.")
		if test.before >= 0 {
			if err := s.lets(r.ID, "noa", test.before); err != nil {
				t.Fatal(err)
			}
		}
		w.number = test.after
		s.now = s.now.Add(UndoFor)
		if left := s.due(r.ID); left != test.leaves {
			t.Errorf("%s: left %v", name, left)
		}
		if got := s.reply(r.ID); !test.leaves && (got.Reason != "mentions.wordschanged" || s.one().Stage != Waiting) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// What is sent back, or taken back by who wrote it, opens the conversation again.
func TestNotLetGo(t *testing.T) {
	for name, do := range map[string]func(*shift, string) error{
		sentBack: func(s *shift, id string) error {
			return s.try(func(ctx context.Context, tx *state.Tx) error { _, err := s.SendBack(ctx, tx, id, "noa"); return err })
		},
		"": func(s *shift, id string) error {
			return s.try(func(ctx context.Context, tx *state.Tx) error {
				_, err := s.TakeBack(ctx, tx, id, "camille")
				return err
			})
		},
	} {
		s, _ := newCrisis(t)
		r, _ := s.answer("Bonjour, on cherche.")
		if err := do(s, r.ID); err != nil {
			t.Fatal(err)
		}
		if c, got := s.one(), s.reply(r.ID); c.Stage != Waiting || got.Status != string(outbox.Cancelled) || got.Reason != name {
			t.Errorf("%q: %+v of %+v", name, got, c)
		}
		if err := s.lets(r.ID, "morgan", 1); !errors.Is(err, ErrNotNow) {
			t.Errorf("%q: let go all the same: %v", name, err)
		}
		if next, _ := s.answer("Bonjour encore."); next.Status != asked || s.one().Reply != next.ID {
			t.Errorf("%q: the next one: %+v", name, next)
		}
	}
}

// A reply to what is about something else, or to what nobody else can look at, leaves
// as ever; one that a program cannot send is given back to be sent by hand.
func TestWhatNeedsNoLook(t *testing.T) {
	s, w := newCrisis(t)
	w.number = -1
	if r, _ := s.answer("Bonjour."); r.Status != "planned" || r.Look != nil {
		t.Errorf("without a crisis: %+v", r)
	}
	s, _ = newCrisis(t)
	s.Space = &brand.Space{ID: "s", Brands: []*brand.Brand{s.brand}, Members: s.Space.Now().Members[2:]}
	if r, _ := s.answer("Bonjour."); r.Status != "planned" || r.words() != 1 {
		t.Errorf("alone: %+v", r)
	}
	s, _ = newCrisis(t)
	s.brand.Accounts = nil
	r, _ := s.answer("Bonjour.")
	if err := s.lets(r.ID, "noa", 1); err != nil || s.reply(r.ID).Status != toPost || s.one().Stage != Taken || s.one().Owner != "camille" {
		t.Errorf("by hand: %+v of %+v, %v", s.reply(r.ID), s.one(), err)
	}
	if err := s.try(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Posted(ctx, tx, r.ID, "camille")
		return err
	}); err != nil || s.one().Stage != Done {
		t.Errorf("posted by hand: %+v, %v", s.one(), err)
	}
}

// A card of a second look is brought up to date when another reply, or another
// outcome, takes its place.
func TestReplacedReplies(t *testing.T) {
	s, _ := newCrisis(t)
	first, _ := s.answer("Bonjour, on cherche.")
	_, said := s.answer("Bonjour, on a trouvé.")
	s.want("another reply", said, "card look @Unoa", "card look @Umorgan", "edit look @Unoa", "edit look @Umorgan")
	if err := s.lets(first.ID, "noa", 1); !errors.Is(err, ErrNotNow) {
		t.Errorf("the first one was let go: %v", err)
	}
	said = s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Finish(ctx, tx, "c1", "camille", Nothing, "mentions.reason.spam")
		return err
	})
	s.want("another outcome", said, "edit look @Unoa", "edit look @Umorgan")
}

// Outside hours only the one who hears of what cannot wait is asked.
func TestWhoLooksAtNight(t *testing.T) {
	s, _ := newCrisis(t)
	s.clock(23, 0)
	_, said := s.answer("Bonjour, on cherche.")
	s.want("at night", said, "card look @Umorgan")
}

func TestArgumentWithWords(t *testing.T) {
	for _, arg := range []string{"", "cabc234567xyz"} {
		for _, number := range []int{0, 7, 99} {
			with := withArg(arg, number)
			if before, got := readWith(with); before != arg || got != number || len(with) > 16 {
				t.Errorf("%q read as %q, %d", with, before, got)
			}
		}
		if before, number := readWith(arg); before != arg || number != 0 {
			t.Errorf("%q without a number read as %q, %d", arg, before, number)
		}
	}
}

// The card of a second look says what the reply is compared with, and then what came
// of it.
func TestLookCard(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, w := newCrisis(t)
	chat := &Chat{Engine: s.Engine}
	r, _ := s.answer("Bonjour, on cherche.")
	card := func() string {
		t.Helper()
		drawn, err := chat.lookView(t.Context(), bot.ViewRequest{Space: s.Space.Now(), Brand: s.brand, Subject: r.ID, Member: s.Space.Now().Member("noa"),
			Print: catalog.For("fr", s.brand.Zone), Now: s.now, Tx: state.Begin(s.store, "look", s.now)})
		if err != nil {
			t.Fatal(err)
		}
		return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(bottest.Plain(drawn))
	}
	shows := func(what string, words ...string) {
		t.Helper()
		for _, one := range words {
			if text := card(); !strings.Contains(text, one) {
				t.Errorf("%s lacks %q:\n%s", what, one, text)
			}
		}
	}
	shows("the question", "Réponse à relire · @tom · Mastodon", "Où est mon colis ?", "Camille propose de répondre :", "Bonjour, on cherche.",
		"Crise : texte 1 de Noa", "[Laisser partir] [Demander une retouche]")
	if strings.Contains(card(), "suspendu") {
		t.Errorf("nothing is paused:\n%s", card())
	}
	w.number, w.paused = 2, s.now.Add(-time.Minute)
	shows("with words that changed", "Les mots ont changé", "on cherche", "Tout est suspendu : une fois relue, cette réponse part quand même.")
	w.number = -1
	shows("after the crisis", "Où est mon colis ?", "[Laisser partir]")
	if err := s.lets(r.ID, "noa", 0); err != nil {
		t.Fatal(err)
	}
	shows("let go", "Réponse relue par Noa, 10 h 00")
	w.number = 2
	s.step(func(ctx context.Context, tx *state.Tx) error { _, err := s.reopen(ctx, tx, "c1", ""); return err })
	r, _ = s.answer("Bonjour.")
	if err := s.try(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.SendBack(ctx, tx, r.ID, "morgan")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	shows("sent back", "Retouche demandée par Morgan, 10 h 00")
	if err := s.try(func(ctx context.Context, tx *state.Tx) error { return s.EraseReply(ctx, tx, r.ID) }); err != nil {
		t.Fatal(err)
	}
	shows("erased", "Plus rien à relire ici")
	if strings.Contains(card(), "colis") || strings.Contains(card(), "Bonjour") {
		t.Errorf("it still shows what was said:\n%s", card())
	}
}

// A ready answer counts as used once its reply is let go, not while somebody is
// still to look at it.
func TestServedOnceLet(t *testing.T) {
	s, _ := newCrisis(t)
	ready := "Bonjour, nous vérifions votre envoi et revenons vers vous aujourd’hui."
	s.brand.Answers = []brand.Answer{{ID: "late", Text: map[string]string{"fr": ready}}}
	served := func() int {
		n, _, err := s.Served(s.Context(), state.Begin(s.store, "look", s.now), "colibri", "late", s.now.Add(-time.Hour))
		if err != nil {
			s.Fatal(err)
		}
		return n
	}
	r, _ := s.answer(ready)
	if r.Status != asked || r.Answer != "late" || served() != 0 {
		t.Fatalf("%s, made of %q, %d uses", r.Status, r.Answer, served())
	}
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Let(ctx, tx, r.ID, "noa", 1)
		return err
	})
	if served() != 1 {
		t.Errorf("%d uses", served())
	}
}
