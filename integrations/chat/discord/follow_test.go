package discord

import (
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/integrations/chat/discord/discordfake"
)

func longCard(n int) bot.Card {
	card := simple()
	card.Blocks = []bot.Block{bot.P(strings.Repeat("Un mot après l’autre. ", n))}
	return card
}

func TestOverflowGoesToAThreadAndFollowsEdits(t *testing.T) {
	p := newPair(t, tune{fake: discordfake.Options{Unlimited: true}})
	place, err := p.chat.Post(t.Context(), com(), longCard(500), bot.PostOptions{Nonce: "e1"})
	if err != nil {
		t.Fatal(err)
	}
	m, _ := p.fake.Message(place.Message)
	if m.Thread == "" || !strings.HasSuffix(m.Plain(), "La suite est juste en dessous.") || len(m.Buttons) != 2 {
		t.Errorf("card %q… thread %q", m.Plain()[max(0, len(m.Plain())-40):], m.Thread)
	}
	parts := p.fake.Messages(m.Thread)
	if len(parts) != 2 || !parts[0].Silent {
		t.Fatalf("%d further messages", len(parts))
	}
	for _, step := range []struct{ words, parts int }{{900, 3}, {300, 1}, {1, 0}, {500, 2}} {
		if err := p.chat.Edit(t.Context(), place, longCard(step.words)); err != nil {
			t.Fatal(err)
		}
		if now := p.fake.Messages(m.Thread); len(now) != step.parts {
			t.Errorf("%d words: %d further messages, want %d", step.words, len(now), step.parts)
		}
	}
	if n := len(p.fake.Messages("C")); n != 1 {
		t.Errorf("%d messages in the channel", n)
	}
}

func TestVeryLongCardEndsInAFile(t *testing.T) {
	p := newPair(t, tune{fake: discordfake.Options{Unlimited: true}})
	place, err := p.chat.Post(t.Context(), com(), longCard(4000), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	parts := p.fake.Messages(place.Message)
	files := parts[len(parts)-1].Files
	if len(parts) > maxParts+1 || len(files) != 1 || !strings.Contains(string(files["1-suite.txt"]), "Un mot") {
		t.Errorf("%d parts, files %d", len(parts), len(files))
	}
	if err := p.chat.Edit(t.Context(), place, longCard(4100)); err != nil { // a file is replaced
		t.Fatal(err)
	}
}

func TestOverflowWithoutThread(t *testing.T) {
	for name, place := range map[string]board.Place{
		"direct":     {Platform: "discord", Team: "G", Channel: "@111"},
		"thread":     {Platform: "discord", Team: "G", Channel: "C", Thread: "C2"},
		"permission": {Platform: "discord", Team: "G", Channel: "C"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, tune{fake: discordfake.Options{Unlimited: true}})
			p.fake.AddThread("C", "C2", "thread")
			if name == "permission" {
				p.fake.Deny("C", discordfake.PublicThreads)
			}
			where := place.Channel
			if place.Thread != "" {
				where = place.Thread
			}
			first, err := p.chat.Post(t.Context(), place, longCard(500), bot.PostOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.chat.Post(t.Context(), place, longCard(300), bot.PostOptions{}); err != nil {
				t.Fatal(err)
			}
			all := p.fake.Messages(where)
			if len(all) != 5 || all[1].Reference != first.Message {
				t.Fatalf("%d messages", len(all))
			}
			edits := p.chat
			if name != "permission" { // a process that did not put it up
				if edits, err = New(p.chat.opts, p.desk, seer{p.desk}); err != nil {
					t.Fatal(err)
				}
				defer edits.Stop()
			}
			if err := edits.Edit(t.Context(), first, longCard(1)); err != nil {
				t.Fatal(err)
			}
			if all := p.fake.Messages(where); len(all) != 3 { // the other card keeps its own
				t.Errorf("%d messages after the edit", len(all))
			}
		})
	}
}

// TestTheRestInAnArchivedThread: a thread falls asleep by itself after some days,
// and what is in it cannot be edited then.
func TestTheRestInAnArchivedThread(t *testing.T) {
	p := newPair(t, tune{fake: discordfake.Options{Unlimited: true}})
	place, err := p.chat.Post(t.Context(), com(), longCard(500), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p.fake.Archive(place.Message)
	if err := p.chat.Edit(t.Context(), place, longCard(900)); err != nil {
		t.Fatal(err)
	}
	if n := len(p.fake.Messages(place.Message)); n != 3 {
		t.Errorf("%d further messages, want 3", n)
	}
	p.fake.Archive(place.Message)
	if err := p.chat.Edit(t.Context(), place, longCard(1)); err != nil { // nothing of the rest is left
		t.Fatal(err)
	}
	if n := len(p.fake.Messages(place.Message)); n != 0 {
		t.Errorf("%d further messages, want none", n)
	}
	if m, _ := p.fake.Message(place.Message); strings.Contains(m.Plain(), "La suite") {
		t.Errorf("it reads %q", m.Plain())
	}
}

// TestARefusedRestIsAdmitted: the message hangs, so the card does, and says that
// its rest is missing until a later state brings it.
func TestARefusedRestIsAdmitted(t *testing.T) {
	p := newPair(t, tune{fake: discordfake.Options{Unlimited: true}})
	refusal := discordfake.Fault{Method: "POST", Path: "/messages", Skip: 2, Status: 403, Code: 50013} // card, thread
	p.fake.Inject(refusal)
	place, err := p.chat.Post(t.Context(), com(), longCard(500), bot.PostOptions{Nonce: "e1"})
	if err != nil {
		t.Fatalf("the card hangs: %v", err)
	}
	reads := func(want string) {
		t.Helper()
		if m, _ := p.fake.Message(place.Message); !strings.HasSuffix(m.Plain(), want) || len(m.Buttons) != 2 {
			t.Errorf("it ends with %q", m.Plain()[max(0, len(m.Plain())-80):])
		}
	}
	reads("La suite n’a pas pu être affichée. Ouvrez la carte avec /crieur accueil.")
	refusal.Skip = 1 // the thread
	p.fake.Inject(refusal)
	if err := p.chat.Edit(t.Context(), place, longCard(600)); err != nil {
		t.Fatal(err)
	}
	reads("Ouvrez la carte avec /crieur accueil.")
	if err := p.chat.Edit(t.Context(), place, longCard(500)); err != nil {
		t.Fatal(err)
	}
	reads("La suite est juste en dessous.")
	if n := len(p.fake.Messages(place.Message)); n != 2 {
		t.Errorf("%d further messages, want 2", n)
	}
}

func TestPostRepeatedAfterHalfWasSent(t *testing.T) {
	p := newPair(t, tune{fake: discordfake.Options{Unlimited: true}})
	p.fake.Inject(discordfake.Fault{Method: "POST", Path: "/messages", Skip: 3, DropAfter: true}) // card, thread, 1st, then 2nd
	_, err := p.chat.Post(t.Context(), com(), longCard(500), bot.PostOptions{Nonce: "e1"})
	if outbox.FaultOf(err) != outbox.Ambiguous {
		t.Fatalf("half sent: %v", err)
	}
	place, err := p.chat.Post(t.Context(), com(), longCard(500), bot.PostOptions{Nonce: "e1"})
	if err != nil {
		t.Fatal(err)
	}
	if n, m := len(p.fake.Messages("C")), len(p.fake.Messages(place.Message)); n != 1 || m != 2 {
		t.Errorf("%d cards, %d further messages", n, m)
	}
}

// A long answer that fails half-way goes on where it stopped.
func TestLongAnswerGoesOn(t *testing.T) {
	for skip := range 3 { // messages that go well first
		p := newPair(t, tune{})
		p.fake.Command("111", "C", "draft", "x")
		h := p.nth(t, 0).Reply
		p.fake.Inject(discordfake.Fault{Path: "/webhooks/", Skip: skip, Status: 503})
		if err := p.chat.Answer(t.Context(), h, longCard(500)); err == nil {
			t.Fatalf("after %d: it did not fail", skip)
		}
		if err := p.chat.Answer(t.Context(), h, longCard(500)); err != nil {
			t.Fatal(err)
		}
		if n := len(p.fake.Ephemerals("111")); n != 3 {
			t.Errorf("after %d: %d messages", skip, n)
		}
		if err := p.chat.Answer(t.Context(), h, longCard(500)); err != nil { // said once more, it is whole
			t.Fatal(err)
		}
		if n := len(p.fake.Ephemerals("111")); n != 5 { // the first message is changed
			t.Errorf("after %d, once more: %d messages", skip, n)
		}
	}
}

func TestLongAnswer(t *testing.T) {
	p := newPair(t, tune{})
	p.fake.Command("111", "C", "draft", "x")
	if err := p.chat.Answer(t.Context(), p.nth(t, 0).Reply, longCard(500)); err != nil {
		t.Fatal(err)
	}
	if all := p.fake.Ephemerals("111"); len(all) != 3 || all[0].Loading || !all[2].Private {
		t.Errorf("%d private messages", len(all))
	}
}
