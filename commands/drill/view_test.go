package drill

import (
	"context"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

func printer(t *testing.T, s *team) *i18n.Printer {
	t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return catalog.For("fr", s.brand.Zone)
}

// What did not leave is said as people can use it: nothing is promised that will not
// come.
func TestReasons(t *testing.T) {
	p := printer(t, newTeam(t))
	for _, test := range []struct {
		s    Sent
		want string
	}{
		{Sent{Way: oncall.ByPager, Status: outbox.Failed, Reason: "network.denied", Args: map[string]string{"Name": "pager"}}, "Refusé : rien n’est parti."},
		{Sent{Way: oncall.ByPager, Status: outbox.Failed, Reason: "network.unreachable", Args: map[string]string{"Name": "pager"}}, "Pas de réponse : rien n’est sans doute parti."},
		{Sent{Way: oncall.ByPager, Status: outbox.Unknown, Reason: "network.unanswered"}, "Pas de réponse : rien n’est sans doute parti."},
		{Sent{Way: oncall.ByPager, Status: outbox.Failed, Reason: "network.certificate", Args: map[string]string{"Name": "pager"}},
			"Système d’appel présente un certificat qui n’est pas valable : rien n’est parti. Prévenir l’équipe technique."},
		{Sent{Way: oncall.ByMail, Status: outbox.Failed, Reason: "mail.denied"}, "Le serveur d’e-mail refuse l’identification : rien n’est parti. Vérifier le mot de passe."},
		{Sent{Way: oncall.ByMail, Status: outbox.Failed, Reason: "outbox.nosender"}, "Rien n’est installé pour l’envoyer."},
		{Sent{Way: oncall.ByMail, Status: outbox.Expired}, "Trop tard : l’heure de l’exercice est passée."},
		{Sent{Way: oncall.ByChat, Status: outbox.Failed}, "Le message n’a pas pu être posté."},
	} {
		if got := plain(reason(p, test.s)); got != test.want {
			t.Errorf("%+v: %s", test.s, got)
		}
	}
}

func plain(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

// shown is a card as the keeper reads it.
func (s *team) shown(view bot.View, subject string) string {
	s.Helper()
	card, err := view(s.Context(), bot.ViewRequest{Space: s.space, Brand: s.brand, Subject: subject, Print: printer(s.T, s), Now: s.now,
		Tx: state.Begin(s.store, "look", s.now)})
	if err != nil {
		s.Fatal(err)
	}
	lines := []string{card.Title.String()}
	for _, block := range card.Blocks {
		lines = append(lines, block.Text.String())
	}
	return plain(strings.Join(lines, "\n"))
}

// The report goes from what does not work to what is tried again, and is good only
// once people said so.
func TestReport(t *testing.T) {
	s, subject := drilled(t)
	c := &Chat{Engine: s.Engine}
	s.receipt(subject, "mail", outbox.Receipt{Status: outbox.Failed, Reason: "outbox.nosender"})
	want := "Appel de nuit à vérifier · Maison Colibri\n" +
		"E-mail (Noa) · Rien n’est installé pour l’envoyer. À faire : vérifier le serveur et l’adresse e-mail dans la configuration, puis essayer de nouveau.\n" +
		"Sans cela, une urgence de nuit peut n’appeler personne."
	if got := s.shown(c.reportView, "colibri/2026-11"); got != want {
		t.Errorf("broken:\n%s", got)
	}
	if got := s.shown(c.view, subject); !strings.Contains(got, "Envoyé à 11 h 00 : message privé\nEn cours d’envoi : système d’appel\nE-mail · Rien n’est installé") {
		t.Errorf("theirs:\n%s", got)
	}
	s.now = s.now.Add(tryEvery)
	if _, err := s.step(func(ctx context.Context, tx *state.Tx) error {
		_, err := s.Try(ctx, tx, s.brand, s.space.Member("noa"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := s.shown(c.reportView, "colibri/2026-11"); got != "Appel de nuit essayé de nouveau · Maison Colibri\nEnvoyé, pas encore confirmé : Noa" {
		t.Errorf("tried again:\n%s", got)
	}
	if got := s.shown(c.view, subject); got != "Un autre exercice a suivi : celui-ci ne compte plus." {
		t.Errorf("the one before:\n%s", got)
	}
	again := Drill{Brand: "colibri", Member: "noa", At: s.now}.subject()
	s.place(again)
	if _, err := s.step(func(ctx context.Context, tx *state.Tx) error {
		return s.Missed(ctx, tx, work.Item{Data: []byte(again)})
	}); err != nil {
		t.Fatal(err)
	}
	if got := s.shown(c.reportView, "colibri/2026-11"); !strings.Contains(got, "Exercice pas confirmé en un jour de travail : Noa (vendredi 27 novembre)\nÀ faire : demander") {
		t.Errorf("missed:\n%s", got)
	}
	if _, err := s.step(func(ctx context.Context, tx *state.Tx) error { return s.Seen(ctx, tx, again, "noa") }); err != nil {
		t.Fatal(err)
	}
	if got := s.shown(c.reportView, "colibri/2026-11"); got != "Appel de nuit vérifié · Maison Colibri" {
		t.Errorf("confirmed:\n%s", got)
	}
}

// A message that hangs nowhere after a day did not leave.
func TestUnplacedMessage(t *testing.T) {
	s, subject := drilled(t)
	ways := func() (said string) {
		d, _, err := last(s.Context(), state.Begin(s.store, "look", s.now), subject)
		if err != nil {
			t.Fatal(err)
		}
		for _, way := range d.Ways {
			said += string(way.Way) + " " + string(way.Status) + ", "
		}
		return said
	}
	missed := func() {
		if _, err := s.step(func(ctx context.Context, tx *state.Tx) error {
			return s.Missed(ctx, tx, work.Item{Data: []byte(subject)})
		}); err != nil {
			t.Fatal(err)
		}
	}
	s.now = s.now.Add(72 * time.Hour)
	missed()
	if got := ways(); got != "pager waiting, mail waiting, chat failed, " {
		t.Error(got)
	}
	s, subject = drilled(t)
	s.place(subject)
	s.now = s.now.Add(72 * time.Hour)
	missed()
	if got := ways(); got != "pager waiting, mail waiting, chat sent, " {
		t.Error(got)
	}
}

// place hangs the card of an exercise, as the relay does.
func (s *team) place(subject string) {
	s.Helper()
	id := board.ID(View, subject)
	card, _, err := board.Get(s.Context(), state.Begin(s.store, "look", s.now), id)
	if err != nil {
		s.Fatal(err)
	}
	keep, err := board.Placed(id, card.Copies[0], board.Message{Place: card.Copies[0].Place})
	if err != nil {
		s.Fatal(err)
	}
	if _, err := s.step(func(_ context.Context, tx *state.Tx) error {
		tx.Write(state.Write{Key: state.Key{Kind: keep.Kind, ID: keep.ID}, Data: keep.Data, Blind: true})
		return nil
	}); err != nil {
		s.Fatal(err)
	}
}
