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
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// asksOn is the form of a holding reply, as Camille opens it from a card.
func (s *shift) asksOn(view, subject, arg string) (bot.Form, error) {
	chat := &Chat{Engine: s.Engine}
	return chat.worded(chat.stanced(chat.waitForm))(s.Context(), s.request("camille", view, subject, arg, nil))
}

func (s *shift) asks() bot.Form {
	s.Helper()
	form, err := s.asksOn(CaseView, "c1", "")
	if err != nil {
		s.Fatal(err)
	}
	return form
}

// sends fills the form in, and reads what it said.
func (s *shift) sends(text string, until time.Time) (said string, err error) {
	s.Helper()
	values := map[string][]string{"text": {text}}
	if !until.IsZero() {
		values[untilField] = []string{until.UTC().Format(time.RFC3339)}
	}
	var reply bot.Reply
	err = s.try(func(ctx context.Context, tx *state.Tx) (err error) {
		r := s.request("camille", CaseView, "c1", "", values)
		r.Tx = tx
		reply, err = (&Chat{Engine: s.Engine}).askToWait(ctx, r)
		return err
	})
	if reply.Card != nil {
		said = plainly(bottest.Plain(*reply.Card))
	}
	return said, err
}

func (s *shift) refused(err error, want string) {
	s.Helper()
	var refusal *bot.Refusal
	if !errors.As(err, &refusal) || !strings.Contains(plainly(refusal.Error()), want) {
		s.Errorf("%v, want %q", err, want)
	}
}

// The form begins with neutral words in the language of who reads them, and offers hours
// of work, the brand's promise again first.
func TestWaitForm(t *testing.T) {
	s := newWait(t)
	s.brand.Answers = []brand.Answer{{ID: "late", Theme: "livraison", Text: map[string]string{"fr": "Votre colis a du retard."}}}
	form := s.asks()
	if form.Action != "case.waits" || len(form.Fields) != 2 || plainly(form.Title) != "J’attends une info" || form.Intro != "Où est mon colis ?" {
		t.Fatalf("%+v", form)
	}
	if got := plainly(form.Fields[0].Value[0]); got != "Bonjour, merci pour votre message. Nous nous renseignons et revenons vers vous au plus tard [heure]." {
		t.Errorf("%q", got)
	}
	var offers []string
	for _, choice := range form.Fields[1].Choices {
		offers = append(offers, plainly(choice.Label))
	}
	if !slices.Equal(offers, []string{"18 h 00", "demain à 11 h 00", "demain à 18 h 00"}) {
		t.Errorf("%q", offers)
	}
	s.clock(10, 30)
	if form = s.asks(); plainly(form.Fields[1].Choices[0].Label) != "12 h 30" || form.Fields[1].Value[0] != "2026-11-26T11:30:00Z" {
		t.Errorf("%+v", form.Fields[1])
	}
	for lang, want := range map[string]string{"en": "Hello, thank you", "": "Bonjour, merci", "de": ""} {
		s.lives(func(c *Case) { c.Lang = lang })
		if got := s.asks().Fields[0].Value; want == "" && len(got) > 0 || want != "" && !strings.HasPrefix(got[0], want) {
			t.Errorf("in %q: %q", lang, got)
		}
	}
}

// A reader elsewhere has both clocks, and the choices stay whole.
func TestWaitFormElsewhere(t *testing.T) {
	s := newWait(t)
	form, err := (&Chat{Engine: s.Engine}).waitForm(t.Context(), s.there("camille", zone(t, "America/Montreal")))
	if err != nil {
		t.Fatal(err)
	}
	if got := plainly(form.Fields[1].Choices[0].Label); got != "18 h 00 à Paris, 12 h 00 pour vous" {
		t.Errorf("%q", got)
	}
	if got := plainly(form.Fields[1].Choices[2].Label); got != "vendredi 27 novembre à 18 h 00 à Paris, 12 h 00 pour vous" {
		t.Errorf("%q", got)
	}
}

// The hour that was chosen is in the words, whoever chose it wherever; what leaves is
// shown.
func TestTheHourIsInTheWords(t *testing.T) {
	s := newWait(t)
	said, err := s.sends(s.asks().Fields[0].Value[0], s.at(18, 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"La réponse d’attente part dans 60 s.", "revenons vers vous au plus tard jeudi 26 novembre à 18 h 00.",
		"Une fois partie : revenir vers cette personne avant 18 h 00.", "[Annuler la réponse]"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, "fiche") {
		t.Errorf("kept as a ready answer:\n%s", said)
	}
	if got := s.reply(s.one().Reply); !strings.HasSuffix(plainly(got.Part.Posts[0]), "jeudi 26 novembre à 18 h 00.") || got.Answer != "" {
		t.Errorf("%+v", got)
	}
	s.lives(func(c *Case) { c.Lang = "en" })
	r := s.request("camille", CaseView, "c1", "", nil)
	if got, ok := filledIn(r.Print, "By [time].", hourIn(r.Print.In(zone(t, "America/Montreal")), s.brand, "en", s.at(18, 0), s.now)); plainly(got) != "By Thursday 26 November, 18:00." || !ok {
		t.Errorf("%q", got)
	}
}

// The form of a second one says that nothing moves in place of the choice; it names the
// promise that runs, or no hour.
func TestWaitFormAgain(t *testing.T) {
	s := newWait(t)
	s.held(s.at(15, 0))
	form := s.asks()
	if len(form.Fields) != 1 || !strings.HasPrefix(plainly(form.Intro), "L’heure promise ne bouge plus avant le prochain message de cette personne. Réponse d’attente partie à 10 h 01 · revenir vers cette personne avant 15 h 00\n") {
		t.Fatalf("%+v", form)
	}
	if got := form.Fields[0].Value[0]; got != "Bonjour, nous nous renseignons encore. Notre réponse arrive au plus tard [heure]." {
		t.Errorf("%q", got)
	}
	said, err := s.sends(form.Fields[0].Value[0], time.Time{})
	if err != nil || !strings.Contains(said, "au plus tard jeudi 26 novembre à 15 h 00.") || !strings.Contains(said, "Une fois partie, l’heure promise ne bouge pas.") {
		t.Errorf("%v:\n%s", err, said)
	}
	if err := s.takesBack(s.one().Reply); err != nil {
		t.Fatal(err)
	}
	s.clock(15, 30)
	if got := s.asks().Fields[0].Value[0]; got != "Bonjour, nous nous renseignons encore et revenons vers vous." {
		t.Errorf("%q", got)
	}
	_, err = s.sends("Bonjour, au plus tard [heure].", time.Time{})
	s.refused(err, "Aucune heure n’est promise")
}

// In a crisis its words come first, and the hour is chosen as ever.
func TestWaitFormInACrisis(t *testing.T) {
	s := newWait(t)
	s.Crisis.(*wrong).number = 2
	form := s.asks()
	if form.Fields[0].Value[0] != "on cherche" || !strings.HasSuffix(form.Arg, "-2") || !strings.Contains(form.Fields[0].Hint, "second regard") || len(form.Fields) != 2 {
		t.Errorf("%+v", form)
	}
	s.Crisis.(*wrong).number = 0
	s.lives(func(c *Case) { c.Lang = "en" }) // no words in that language
	if form := s.asks(); !strings.HasPrefix(form.Fields[0].Value[0], "Hello, thank you") {
		t.Errorf("%+v", form.Fields[0])
	}
}

// Words that did not leave come back in the form of a holding reply, their hour to be
// chosen again, and not in that of an answer.
func TestWordsOfAHoldingReplyAreKept(t *testing.T) {
	s := newWait(t)
	if _, err := s.sends("Bonjour Tom, je reviens avant [heure], promis.", s.at(18, 0)); err != nil {
		t.Fatal(err)
	}
	id := s.one().Reply
	s.now = s.reply(id).At
	s.due(id)
	s.receives(id, outbox.Failed)
	s.step(func(ctx context.Context, tx *state.Tx) error {
		r, _, err := replies.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		r.Reason = "outbox.refused"
		return replies.Put(tx, id, r)
	})
	if got := s.asks().Fields[0].Value[0]; got != "Bonjour Tom, je reviens avant [heure], promis." {
		t.Errorf("%q", got)
	}
	form, err := (&Chat{Engine: s.Engine}).replyForm(t.Context(), s.request("camille", CaseView, "c1", "", nil))
	if err != nil || len(form.Fields[0].Value) > 0 {
		t.Errorf("the answer: %+v, %v", form.Fields[0].Value, err)
	}
}

// What keeps somebody from asking to wait is said; nothing leaves.
func TestWaitRefusals(t *testing.T) {
	s := newWait(t)
	_, err := s.sends(holdingWords, s.at(11, 0))
	s.refused(err, "L’heure choisie est passée, ou trop proche : prenez-en une autre. Rien n’a changé.")
	if _, err := s.sends(holdingWords, s.at(18, 0)); err != nil {
		t.Fatal(err)
	}
	_, err = s.sends(holdingWords, s.at(18, 0))
	s.refused(err, "Une réponse est déjà en route vers cette personne. Rien n’a changé.")
	_, err = s.asksOn(CaseView, "c1", "")
	s.refused(err, "déjà en route")
	s.hands("camille", "noa")
	_, err = s.asksOn(CaseView, "c1", "")
	s.refused(err, "Noa s’en occupe depuis 10 h 00")
	chat := &Chat{Engine: s.Engine}
	for value, field := range map[string]string{"": "text", "x": untilField, "2026-11-26T09:00:30Z": untilField, "2026-11-26T17:00:00Z": "-"} {
		values := map[string][]string{"text": {"Bonjour"}, untilField: {value}}
		if value == "" {
			values = nil
		}
		wrong, err := chat.checkWait(t.Context(), s.request("camille", CaseView, "c1", "", values))
		if err != nil || field != "-" && wrong[field] == "" || field == "-" && len(wrong) > 0 {
			t.Errorf("%q: %v, %v", value, wrong, err)
		}
	}
}

// The cards follow a holding reply: while it leaves, when it left, when it did not, and
// when nobody knows.
func TestCardsOfAHoldingReply(t *testing.T) {
	s := newWait(t)
	chat := &Chat{Engine: s.Engine}
	check := func(what, got string, has bool, words ...string) {
		t.Helper()
		for _, word := range words {
			if strings.Contains(got, word) != has {
				t.Errorf("%s, %q (%v):\n%s", what, word, has, got)
			}
		}
	}
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Start(ctx, tx, "colibri", "camille")
		return err
	})
	s.clock(11, 35)
	s.step(func(ctx context.Context, tx *state.Tx) error { return s.Remind(ctx, tx, itemOf("c1")) })
	reminder := dayOf(s.brand, s.member("camille"), s.now) + "/1"
	check("the reminder", s.drawn(chat.reminderView, reminder, "camille"), true, "[Répondre] [J’attends une info] [Passer la main]")
	check("the round", s.drawn(chat.roundView, "camille", "camille"), true, "J’attends une info", "Passer la main")
	check("the channel", s.drawn(chat.caseView, "c1", ""), true, "J’attends une info")
	check("a colleague", s.drawn(chat.caseView, "c1", "morgan"), false, "J’attends une info")

	r, _ := s.holds("camille", holdingWords, s.at(15, 0))
	check("on its way", s.drawn(chat.caseView, "c1", "camille"), true, "Réponse d’attente de Camille, départ à 11 h 36 :", holdingWords, "Répondre avant 12 h 00", "[Répondre]")
	check("on its way", s.drawn(chat.caseView, "c1", "camille"), false, "J’attends une info")
	s.now = r.At
	s.due(r.ID)
	check("leaving", s.drawn(chat.reminderView, reminder, "camille"), true, "Réponse d’attente de Camille, envoi en cours")
	s.receives(r.ID, outbox.Unknown)
	for view, test := range map[string]struct {
		draw    bot.View
		subject string
	}{CaseView: {chat.caseView, "c1"}, RoundView: {chat.roundView, "camille"}, ReminderView: {chat.reminderView, reminder}} {
		check("to check, "+view, s.drawn(test.draw, test.subject, "camille"), true, "Réponse d’attente à vérifier : Mastodon", "[La réponse y est] [Elle n’y est pas]", "12 h 00")
	}
	s.step(func(ctx context.Context, tx *state.Tx) error {
		asked := s.request("camille", RoundView, "camille", "c1", nil)
		asked.Tx = tx
		_, err := chat.settle(s.ReplyThere)(ctx, asked)
		return err
	})
	const held = "Réponse d’attente partie à 11 h 36 · revenir vers cette personne avant 15 h 00"
	for view, test := range map[string]struct {
		draw    bot.View
		subject string
	}{CaseView: {chat.caseView, "c1"}, RoundView: {chat.roundView, "camille"}, ReminderView: {chat.reminderView, reminder}} {
		check("left, "+view, s.drawn(test.draw, test.subject, "camille"), true, held)
		check("left, "+view, s.drawn(test.draw, test.subject, "camille"), false, "à vérifier", "12 h 00")
	}
	check("the reminder", s.drawn(chat.reminderView, reminder, "camille"), true, "Sans réponse à 15 h 00, Morgan reçoit l’alerte.")
	s.now = s.at(15, 10).AddDate(0, 0, 1)
	check("late", s.drawn(chat.caseView, "c1", "camille"), true, "Réponse d’attente partie jeudi 26 novembre à 11 h 36 · Réponse attendue depuis jeudi 26 novembre à 15 h 00")
}

// A holding reply that did not leave says why, and that the promise holds.
func TestCardOfAHoldingReplyThatStayed(t *testing.T) {
	s := newWait(t)
	s.holds("camille", holdingWords, s.at(15, 0))
	s.Hold.(*wrong).paused = s.now
	s.now = s.now.Add(UndoFor)
	s.due(s.one().Reply)
	got := s.drawn((&Chat{Engine: s.Engine}).caseView, "c1", "camille")
	for _, want := range []string{"La réponse d’attente n’est pas partie.", "La promesse d’avant tient toujours, le texte est gardé.", holdingWords, "Répondre avant 12 h 00", "J’attends une info"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q:\n%s", want, got)
		}
	}
}

// What a manager read of a promise that ended says that it moved; others still late stay.
func TestLateListAfterAHoldingReply(t *testing.T) {
	s := newWait(t)
	chat := &Chat{Engine: s.Engine}
	s.pass(s.Remind)
	s.pass(s.Remind)
	s.clock(12, 10)
	s.held(s.at(15, 0))
	late := dayOf(s.brand, s.member("morgan"), s.now) + "/late"
	got := s.drawn(chat.lateView, late, "morgan")
	if !strings.Contains(got, "Plus que 2 h 49 pour répondre à @tom") || !strings.Contains(got, "Réponse d’attente partie à 12 h 11 · revenir vers cette personne avant 15 h 00") || strings.Contains(got, "attendue") {
		t.Errorf("%s", got)
	}
	s.step(func(ctx context.Context, tx *state.Tx) error {
		other := s.conversationOf("@lea")
		other.Due = s.at(12, 5)
		if _, _, err := cases.Get(ctx, tx, other.ID); err != nil {
			return err
		}
		if err := cases.Put(tx, other.ID, other, caseMarks(other)...); err != nil {
			return err
		}
		return s.late(ctx, tx, s.brand, other)
	})
	if got := s.drawn(chat.lateView, late, "morgan"); !strings.Contains(got, "Réponse attendue depuis 12 h 05 · @lea") || strings.Contains(got, "@tom") {
		t.Errorf("%s", got)
	}
}

// A round counts who waits on apart, and finds them again behind what ends sooner.
func TestRoundOfAHoldingReply(t *testing.T) {
	s := newWait(t)
	chat := &Chat{Engine: s.Engine}
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Start(ctx, tx, "colibri", "camille")
		return err
	})
	s.step(func(ctx context.Context, tx *state.Tx) error {
		r := s.request("camille", RoundView, "camille", "c1", map[string][]string{"text": {holdingWords}, untilField: {s.at(18, 0).UTC().Format(time.RFC3339)}})
		r.Tx = tx
		_, err := chat.askToWait(ctx, r)
		return err
	})
	if got := s.round("camille"); len(got.Held) != 1 || got.Replied != 0 || got.Later != 0 || got.Current() != "" {
		t.Errorf("%+v", got)
	}
	if got := s.drawn(chat.roundView, "camille", "camille"); !strings.Contains(got, "0 réponse, 0 j’aime, 0 sans suite.") || !strings.Contains(got, "1 en attente d’une info.") {
		t.Errorf("%s", got)
	}
	if err := s.takesBack(s.one().Reply); err != nil {
		t.Fatal(err)
	}
	if got := s.drawn(chat.roundView, "camille", "camille"); strings.Contains(got, "en attente d’une info") || !strings.Contains(got, "1 remise à plus tard.") {
		t.Errorf("taken back:\n%s", got)
	}
	s.held(s.at(18, 0))
	s.step(func(ctx context.Context, tx *state.Tx) error {
		other := s.conversationOf("@lea")
		if _, _, err := cases.Get(ctx, tx, other.ID); err != nil {
			return err
		}
		return cases.Put(tx, other.ID, other, caseMarks(other)...)
	})
	s.step(func(ctx context.Context, tx *state.Tx) error {
		round, err := s.Start(ctx, tx, "colibri", "camille")
		if want := []string{s.conversationOf("@lea").ID, "c1"}; !slices.Equal(round.Queue, want) {
			t.Errorf("%q, want %q", round.Queue, want)
		}
		return err
	})
	s.Judge = judgeOf(t, s.brand)
	r := s.request("camille", "", "", "", nil)
	r.Text = "colis"
	found, err := chat.search(t.Context(), r)
	if err != nil || !strings.Contains(plainly(bottest.Plain(*found.Card)), "revenir vers cette personne avant 18 h 00 · Camille s’en occupe depuis 10 h 00") {
		t.Errorf("searched: %+v, %v", found.Card, err)
	}
}
