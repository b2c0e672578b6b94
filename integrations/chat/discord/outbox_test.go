package discord

import (
	"net/http"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/outbox"
	"crieur/integrations/chat/discord/discordfake"
)

// A send that got no answer is made again with its nonce: Discord shows it once.
func TestLostAnswerOfACard(t *testing.T) {
	t.Parallel()
	p := newPair(t, tune{})
	o := bottest.NewOutbox(t, p.chat, p.catalog)
	p.fake.Inject(discordfake.Fault{Method: http.MethodPost, Path: "/channels/C/messages", DropAfter: true})
	o.Hang(board.Place{Platform: "discord", Team: "G", Channel: "C"}, "Une carte")
	o.Wait(outbox.Sent, 1)
	o.Hang(board.Place{Platform: "discord", Team: "G", Channel: "C"}, "Une carte") // its next state
	o.Wait(outbox.Sent, 2)
	if all := p.fake.Messages("C"); len(all) != 1 || all[0].Plain() != "Une carte" {
		t.Errorf("%d messages: %+v", len(all), all)
	}
}

// TestRepeatedPostShowsTheNewestState: what Discord recognises by its nonce shows
// what the card was at the first attempt.
func TestRepeatedPostShowsTheNewestState(t *testing.T) {
	p := newPair(t, tune{})
	first, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{Nonce: "e1"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.chat.Post(t.Context(), com(), bot.Card{Title: bot.Say("Validé")}, bot.PostOptions{Nonce: "e1", Repeated: true})
	if err != nil || again != first {
		t.Fatalf("%+v, %v", again, err)
	}
	if all := p.fake.Messages("C"); len(all) != 1 || all[0].Plain() != "Validé" || len(all[0].Buttons) != 0 {
		t.Errorf("%+v", all)
	}
}

// A channel that must wait delays no other.
func TestLimitOfOneChannel(t *testing.T) {
	t.Parallel()
	p := newPair(t, tune{})
	p.fake.AddChannel("G", "D", "other")
	o := bottest.NewOutbox(t, p.chat, p.catalog)
	p.fake.Inject(discordfake.Fault{Method: http.MethodPost, Path: "/channels/C/messages", Status: http.StatusTooManyRequests, RetryAfter: 5})
	o.Hang(board.Place{Platform: "discord", Team: "G", Channel: "C"}, "Première")
	o.Wait(outbox.Waiting, 1)
	o.Hang(board.Place{Platform: "discord", Team: "G", Channel: "D"}, "Ailleurs")
	o.Wait(outbox.Sent, 1)
	if len(p.fake.Messages("C")) != 0 || len(p.fake.Messages("D")) != 1 {
		t.Errorf("limited: %d, other: %d", len(p.fake.Messages("C")), len(p.fake.Messages("D")))
	}
	o.Wait(outbox.Sent, 2)
}

// An answer whose token expired reaches the person directly.
func TestExpiredAnswerBecomesDirect(t *testing.T) {
	t.Parallel()
	p := newPair(t, tune{})
	p.fake.Command("111", "C", "draft", "x")
	late := p.nth(t, 0).Reply
	late.Expires = time.Now().Add(-time.Second)
	o := bottest.NewOutbox(t, p.chat, p.catalog)
	o.Answer(late, board.Place{Platform: "discord", Team: "G", Channel: "@111"}, "Voici le bilan")
	o.Wait(outbox.Sent, 1)
	if direct := p.fake.Messages("@111"); len(direct) != 1 || len(p.fake.Messages("C")) != 0 {
		t.Errorf("directly: %+v", direct)
	}
}
