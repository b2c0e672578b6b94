package console

import (
	"context"
	"errors"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
)

var _ bot.Chat = (*Console)(nil)

// texts are what a person sees in a channel, oldest first.
func (s *sample) texts(person, channel string) []string {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	var list []string
	for _, m := range s.room.panes[channelOf(person, channel)] {
		if m.Gone || !s.room.sees(person, m) {
			continue
		}
		switch {
		case m.Wait:
			list = append(list, "…")
		case m.From != "":
			list = append(list, m.From+": "+m.Text)
		default:
			list = append(list, m.Card.Text())
		}
	}
	return list
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPostAndEdit(t *testing.T) {
	s := newSample(t)
	ctx := context.Background()
	place := board.Place{Platform: "console", Team: "demo", Channel: "com"}
	first, err := s.Post(ctx, place, bot.Card{Title: bot.Say("one")}, bot.PostOptions{Nonce: "e1"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Post(ctx, place, bot.Card{Title: bot.Say("one, repeated")}, bot.PostOptions{Nonce: "e1"})
	if err != nil || again != first {
		t.Errorf("a repeated nonce went to %v (%v), want %v", again, err, first)
	}
	if first.Message == "" || first.Team != "demo" || first.Channel != "com" {
		t.Errorf("place %+v lacks something", first)
	}
	if err := s.Edit(ctx, first, bot.Card{Title: bot.Say("one, edited")}); err != nil {
		t.Fatal(err)
	}
	same(t, s.texts("lea", "com"), "one, edited")
	m := s.room.byID[first.Message]
	rev := m.Rev
	if err := s.Edit(ctx, first, bot.Card{Title: bot.Say("one, edited")}); err != nil {
		t.Fatal(err)
	}
	if m.Edits != 1 || m.Rev == rev {
		t.Errorf("the same again: %d edits, drawn anew: %v", m.Edits, m.Rev != rev)
	}
}

func TestGone(t *testing.T) {
	s := newSample(t)
	ctx := context.Background()
	words := s.talk("lea", "com", "bonjour")
	if words.State != "ok" {
		t.Fatalf("talk: %+v", words)
	}
	theirs := s.room.panes["com"][0].ID
	place := s.post("com", bot.Card{Title: bot.Say("x")}, true)
	elsewhere := place
	elsewhere.Channel = "alertes"
	for name, err := range map[string]error{
		"unknown message":    s.Edit(ctx, board.Place{Channel: "com", Message: "m999"}, bot.Card{}),
		"a person's message": s.Edit(ctx, board.Place{Channel: "com", Message: theirs}, bot.Card{}),
		"other channel":      s.Edit(ctx, elsewhere, bot.Card{}),
		"unknown handle":     s.Answer(ctx, bot.Handle{Secret: "no"}, bot.Card{}),
		"unknown channel":    postErr(s, "nowhere"),
		"unknown person":     postErr(s, "@nobody"),
		"the outside":        postErr(s, Outside),
	} {
		var fault *outbox.Error
		if !errors.Is(err, outbox.ErrGone) || !errors.As(err, &fault) || fault.Reason != "console.gone" {
			t.Errorf("%s: %v, want gone", name, err)
		}
	}
}

func postErr(s *sample, channel string) error {
	_, err := s.Post(context.Background(), board.Place{Channel: channel}, bot.Card{}, bot.PostOptions{})
	return err
}

func TestRings(t *testing.T) {
	s := newSample(t)
	s.post("com", bot.Card{Title: bot.Say("loud")}, false)
	s.post("com", bot.Card{Title: bot.Say("quiet")}, true)
	s.post("direction", bot.Card{Title: bot.Say("for one")}, false)
	loud := s.post("@sam", bot.Card{Title: bot.Say("direct")}, false)
	if err := s.Edit(context.Background(), loud, bot.Card{Title: bot.Say("edited")}); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, ring := range s.Rings() {
		if !ring.At.Equal(s.clock()) || ring.Message == "" {
			t.Errorf("ring %+v lacks its time or message", ring)
		}
		count[ring.Person+" "+ring.Channel]++
	}
	want := map[string]int{"lea com": 1, "nadia com": 1, "sam com": 1, "nadia direction": 1, "sam @sam": 1}
	if len(count) != len(want) {
		t.Errorf("rings %v, want %v", count, want)
	}
	for key, n := range want {
		if count[key] != n {
			t.Errorf("%s rang %d times, want %d", key, count[key], n)
		}
	}
}

func TestAnswer(t *testing.T) {
	s := newSample(t)
	ctx := context.Background()
	if got := s.talk("lea", "com", "/review demain"); got.State != "ok" {
		t.Fatalf("command: %+v", got)
	}
	same(t, s.texts("lea", "com"), "…")
	same(t, s.texts("nadia", "com")) // the wait is private
	e := s.seen()[0]
	if !e.Reply.Deferred || e.Reply.Secret == "" || !e.Reply.Expires.After(e.At) {
		t.Errorf("handle %+v lacks something", e.Reply)
	}
	if err := s.Answer(ctx, e.Reply, bot.Card{Blocks: []bot.Block{bot.P("Rien n’attend.")}}); err != nil {
		t.Fatal(err)
	}
	same(t, s.texts("lea", "com"), "Rien n’attend.")
	same(t, s.texts("nadia", "com"))
	if err := s.Answer(ctx, e.Reply, bot.Card{Title: bot.Say("La suite")}); err != nil {
		t.Fatal(err)
	}
	same(t, s.texts("lea", "com"), "Rien n’attend.", "La suite")
}

func TestAnswerWithNothingEndsTheWait(t *testing.T) {
	s := newSample(t)
	s.talk("lea", "com", "/plan")
	if err := s.Answer(context.Background(), s.seen()[0].Reply, bot.Card{}); err != nil {
		t.Fatal(err)
	}
	same(t, s.texts("lea", "com"))
}

func TestReset(t *testing.T) {
	s := newSample(t)
	s.day()
	before := s.room.epochNow()
	s.room.speak("lea", "en")
	s.Reset()
	if s.room.epochNow() == before {
		t.Error("the epoch stayed: open pages would not load anew")
	}
	same(t, s.texts("lea", "com"))
	if len(s.Rings()) != 0 || s.room.shown["alertes"] || s.room.shown[Outside] {
		t.Error("rings or revealed panes survived")
	}
	if s.Language("lea") != "en" {
		t.Error("the language was forgotten")
	}
}

func TestForgetsTheOldest(t *testing.T) {
	s := newSample(t)
	for range maxMessages + 3 {
		s.room.mu.Lock()
		s.room.add(&message{Pane: "com", From: "lea", Text: "x", At: s.clock()})
		s.room.mu.Unlock()
	}
	if n := len(s.room.panes["com"]); n != maxMessages || len(s.room.byID) != maxMessages {
		t.Errorf("kept %d messages and %d IDs, want %d", n, len(s.room.byID), maxMessages)
	}
	if s.room.byID["m3"] != nil || s.room.byID["m4"] == nil {
		t.Error("not the oldest were forgotten")
	}
	k := keep[int](2)
	for i, key := range []string{"a", "b", "a", "c"} {
		k.put(key, i)
	}
	if _, found := k.get("a"); found || len(k.order) != 2 {
		t.Errorf("kept %v", k.order)
	}
	k.drop("c")
	if _, found := k.get("c"); found || len(k.order) != 1 {
		t.Errorf("kept %v after the drop", k.order)
	}
}
