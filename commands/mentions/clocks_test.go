package mentions

import (
	"context"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	found, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// elsewhere is a card as somebody in another zone reads it.
func (s *shift) elsewhere(draw bot.View, subject, who string, there *time.Location) string {
	return s.drawn(func(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
		v.Print = v.Print.In(there)
		return draw(ctx, v)
	}, subject, who)
}

// A promise is said as both clocks show it: without its day only where that is today
// for both.
func TestEnds(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	paris := zone(t, "Europe/Paris")
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, paris) }
	for _, test := range []struct {
		reader   string
		due, now time.Time
		want     string
	}{
		{"Europe/Paris", at(26, 11, 20), at(26, 9, 0), "11 h 20"},
		{"Europe/Brussels", at(27, 11, 20), at(26, 9, 0), "demain à 11 h 20"},
		{"America/Montreal", at(26, 11, 20), at(26, 9, 0), "11 h 20 à Paris, 5 h 20 pour vous"},
		{"America/Montreal", at(26, 11, 20), at(26, 5, 0), "jeudi 26 novembre à 11 h 20 à Paris, 5 h 20 pour vous"}, // still Wednesday there
		{"America/Montreal", at(27, 4, 20), at(26, 9, 0), "vendredi 27 novembre à 4 h 20 à Paris, jeudi 26 novembre à 22 h 20 pour vous"},
		{"America/Montreal", at(27, 11, 20), at(26, 9, 0), "vendredi 27 novembre à 11 h 20 à Paris, 5 h 20 pour vous"},
	} {
		v := bot.ViewRequest{Brand: newShift(t).brand, Print: catalog.For("fr", zone(t, test.reader)), Now: test.now}
		if got := plainly(ends(v, test.due)); got != test.want {
			t.Errorf("in %s: %q, want %q", test.reader, got, test.want)
		}
	}
}

// Every card that names a promise names it on both clocks to who reads it elsewhere;
// a channel's card has the brand's.
func TestPromisesOnTwoClocks(t *testing.T) {
	s := newDesk(t)
	chat, montreal := &Chat{Engine: s.Engine}, zone(t, "America/Montreal")
	s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Start(ctx, tx, "colibri", "camille")
		return err
	})
	check := func(what, got string, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q:\n%s", what, want, got)
			}
		}
	}
	const by = "Répondre avant 12 h 00 à Paris, 6 h 00 pour vous"
	check("card D", s.elsewhere(chat.caseView, "c1", "camille", montreal), by)
	if got := s.drawn(chat.caseView, "c1", ""); strings.Contains(got, "pour vous") || !strings.Contains(got, "Répondre avant 12 h 00 · ") {
		t.Errorf("the channel:\n%s", got)
	}
	check("the round", s.elsewhere(chat.roundView, "camille", "camille", montreal), by)
	form, err := chat.passForm(t.Context(), s.there("camille", montreal))
	if err != nil {
		t.Fatal(err)
	}
	check("the form", plainly(form.Intro), by)
	s.pass(s.Remind)
	check("the reminder", s.elsewhere(chat.reminderView, dayOf(s.brand, s.member("camille"), s.now)+"/1", "camille", montreal),
		"Sans réponse à 12 h 00 à Paris, 6 h 00 pour vous, Morgan reçoit l’alerte.")
	check("who hands over", plainly(chat.passedLine(s.there("camille", montreal), s.one(), nil)), "Sans réponse avant 12 h 00 à Paris, 6 h 00 pour vous, Morgan")
	s.hands("camille", "noa")
	check("who is handed it", s.elsewhere(chat.handedView, "noa/c1", "noa", montreal), by)
	s.answerBy("noa", "Bonjour, on cherche.")
	check("by hand", s.elsewhere(chat.caseView, "c1", "noa", montreal), "Reste à répondre avant 12 h 00 à Paris, 6 h 00 pour vous, jusqu’à")
	home, err := chat.Home(t.Context(), s.there("noa", montreal))
	if err != nil {
		t.Fatal(err)
	}
	check("home", plainly(strings.Join(home.Lines, "\n")), "avant 12 h 00 à Paris, 6 h 00 pour vous")
	s.pass(s.Remind)
	s.pass(s.Remind)
	check("late", s.elsewhere(chat.lateView, dayOf(s.brand, s.member("morgan"), s.now)+"/late", "morgan", montreal),
		"Réponse attendue depuis 12 h 00 à Paris, 6 h 00 pour vous · @tom")
}

// there is what a member sends from their reminder, in another zone.
func (s *shift) there(who string, zone *time.Location) *bot.Request {
	r := s.request(who, ReminderView, who+"/x/1", "c1", nil)
	r.Print = r.Print.In(zone)
	return r
}

func (s *shift) answerBy(who, text string) (r Reply) {
	s.Helper()
	s.step(func(ctx context.Context, tx *state.Tx) (err error) {
		r, err = s.Answer(ctx, tx, "c1", who, text)
		return err
	})
	return r
}
