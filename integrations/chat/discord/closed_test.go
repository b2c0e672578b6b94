package discord

import (
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/integrations/chat/discord/discordfake"
)

// TestClosedDirectMessages: who takes none is told that one was to come, where they
// just were, and once.
func TestClosedDirectMessages(t *testing.T) {
	p := newPair(t, tune{fake: discordfake.Options{Unlimited: true}})
	p.fake.AddUser(discordfake.User{ID: "333", Name: "eve", Locale: "fr", ClosedDMs: true})
	post := func() {
		t.Helper()
		_, err := p.chat.Post(t.Context(), board.Place{Platform: "discord", Team: "G", Channel: "@333"}, simple(), bot.PostOptions{})
		if outbox.FaultOf(err) != outbox.Rejected {
			t.Fatal(err)
		}
	}
	const want = "Le message privé n’est pas passé\u00a0: vos réglages de Discord le refusent. Rien n’est perdu. " +
		"Autorisez les messages privés de ce serveur, puis ouvrez la carte avec /crieur accueil."
	post() // nobody knows where they are
	for n := range 2 {
		p.fake.Command("333", "C", "draft", "x")
		if err := p.chat.Answer(t.Context(), p.nth(t, n).Reply, bot.Card{Title: bot.Say("Prêt")}); err != nil {
			t.Fatal(err)
		}
		post()
		post()
		eventually(t, "they are told", func() bool { return len(p.fake.Ephemerals("333")) == 2*(n+1) })
	}
	p.fake.Command("333", "C", "draft", "x")
	p.chat.now = func() time.Time { return time.Now().Add(time.Hour) }
	post()        // too late for that
	p.chat.Stop() // what is under way has come to its end
	all := p.fake.Ephemerals("333")
	if len(all) != 5 || all[1].Plain() != want || all[3].Plain() != want || !all[1].Private {
		t.Errorf("they read %+v", all)
	}
	if n := len(p.fake.Messages("C")); n != 0 {
		t.Errorf("%d messages in the channel", n)
	}
}
