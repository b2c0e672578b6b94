package slack_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/outbox"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// words are what hangs in a channel, message by message.
func (w *world) said(channel string) []string {
	var said []string
	for _, m := range w.fake.Messages(channel) {
		said = append(said, m.Text)
	}
	return said
}

// realTime is a change to the machine's clock.
func realTime(fake *slackfake.Options, _ *slack.Options) { fake.Clock = nil }

// A send that got no answer is looked for where the history may be read; where
// it may not, the card is posted again and says so.
func TestLostAnswerOfACard(t *testing.T) {
	for name, test := range map[string]struct {
		scopes   []string
		fault    slackfake.Fault
		messages int
		marked   bool
	}{
		"there, history":     {[]string{"channels:history"}, slackfake.Fault{Drop: true}, 1, false},
		"not there, history": {[]string{"channels:history"}, slackfake.Fault{Status: http.StatusBadGateway}, 1, false},
		"there":              {nil, slackfake.Fault{Drop: true}, 2, true},
		"not there":          {nil, slackfake.Fault{Status: http.StatusBadGateway}, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(f *slackfake.Options, o *slack.Options) {
				realTime(f, o)
				f.Scopes = append(slackfake.AllScopes(), test.scopes...)
			})
			o := bottest.NewOutbox(t, w.adapter, words(t))
			w.fake.Fail("chat.postMessage", test.fault)
			o.Hang(place(com), "Une carte")
			o.Wait(outbox.Sent, 1)
			o.Hang(place(com), "Une carte") // its next state goes where it hangs
			o.Wait(outbox.Sent, 2)
			said := w.fake.Messages(com)
			if len(said) != test.messages {
				t.Fatalf("%d messages: %v", len(said), w.said(com))
			}
			last := said[len(said)-1].Words()
			if strings.Contains(last, "Message renvoyé") != test.marked {
				t.Errorf("marked is not %v: %s", test.marked, last)
			}
		})
	}
}

// A channel that must wait delays no other.
func TestLimitOfOneChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, realTime)
	w.fake.AddChannel(slackfake.Channel{ID: "C0OTHER", Name: "other"})
	o := bottest.NewOutbox(t, w.adapter, words(t))
	w.fake.Fail("chat.postMessage", slackfake.Fault{Status: http.StatusTooManyRequests, RetryAfter: 5 * time.Second})
	o.Hang(place(com), "Première")
	eventually(t, "the limit", func() bool { return w.fake.Stats().Limited > 0 })
	o.Hang(place(com), "Deuxième")
	o.Hang(place("C0OTHER"), "Ailleurs")
	o.Wait(outbox.Sent, 1)
	if len(w.said(com)) != 0 || len(w.said("C0OTHER")) != 1 {
		t.Errorf("limited: %v, other: %v", w.said(com), w.said("C0OTHER"))
	}
	o.Wait(outbox.Sent, 3)
	if got := strings.Join(w.said(com), " "); !strings.HasPrefix(got, "Première") {
		t.Errorf("out of order: %s", got)
	}
}

// says429 answers every new message with a 429 that asks to wait so long.
type says429 string

func (after says429) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/chat.postMessage") {
		return http.DefaultTransport.RoundTrip(r)
	}
	w := httptest.NewRecorder()
	if after != "" {
		w.Header().Set("Retry-After", string(after))
	}
	w.WriteHeader(http.StatusTooManyRequests)
	return w.Result(), nil
}

// However a 429 says how long to wait, it is obeyed: nothing arrived.
func TestEveryWayToSayWait(t *testing.T) {
	for after, want := range map[string]time.Duration{"7": 7 * time.Second, "1.5": 2 * time.Second, "0.2": time.Second, "0": time.Second,
		"": time.Minute, "soon": time.Minute, "Thu, 26 Nov 2026 08:45:00 GMT": time.Minute, "NaN": time.Minute} {
		w := newWorld(t, func(_ *slackfake.Options, o *slack.Options) { o.HTTPClient = &http.Client{Transport: says429(after)} })
		_, err := w.adapter.Post(t.Context(), place(com), approval(), bot.PostOptions{})
		var limited *outbox.Error
		if !errors.As(err, &limited) || limited.Fault != outbox.Limited || limited.After != want {
			t.Errorf("%q: %v (%+v)", after, err, limited)
		}
	}
}

// An answer whose way back is gone reaches the person directly.
func TestExpiredAnswerBecomesDirect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.fake.Command(lea, com, "/crieur", "bilan")
	late := w.inbox.one(t).Reply
	w.clock.Advance(31 * time.Minute)
	late.Expires = time.Time{} // believed alive
	o := bottest.NewOutbox(t, w.adapter, words(t))
	o.Answer(late, place("@"+lea), "Voici le bilan")
	o.Wait(outbox.Sent, 1)
	if said := w.said(w.fake.DM(lea)); len(said) != 1 || !strings.Contains(said[0], "Voici le bilan") || len(w.said(com)) != 0 {
		t.Errorf("directly: %v, in the channel: %v", said, w.said(com))
	}
}

// A channel that takes no answer keeps it from nobody: it comes directly.
func TestAnswerWhereCrieurMayNotWrite(t *testing.T) {
	for _, code := range []string{"not_in_channel", "user_not_in_channel", "channel_not_found", "is_archived",
		"restricted_action", "restricted_action_read_only_channel", "cannot_reply_to_message"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.fake.SayIn(lea, com, "", "@Crieur point")
			w.fake.Fail("chat.postEphemeral", slackfake.Fault{Error: code, Times: -1})
			o := bottest.NewOutbox(t, w.adapter, words(t))
			o.Answer(w.inbox.one(t).Reply, place("@"+lea), "Voici le point")
			o.Wait(outbox.Sent, 1)
			if said := w.said(w.fake.DM(lea)); len(said) != 1 || !strings.Contains(said[0], "Voici le point") || len(w.said(com)) != 1 {
				t.Errorf("directly: %v, in the channel: %v", said, w.said(com))
			}
		})
	}
}

// Slack lets an app change so many messages a minute, wherever they are: the next
// one waits here, without asking, and what is new does not wait behind it.
func TestEditsWaitForTheirTurn(t *testing.T) {
	w := newWorld(t, func(_ *slackfake.Options, o *slack.Options) { o.Edits = 5 })
	first, _ := w.post(com, approval())
	w.fake.AddChannel(slackfake.Channel{ID: "C0OTHER", Name: "other"})
	other, _ := w.post("C0OTHER", approval())
	edit := func(at board.Place) error { return w.adapter.Edit(t.Context(), at, approval()) }
	if err := errors.Join(edit(first), edit(other)); err != nil {
		t.Fatal(err)
	}
	err := edit(first)
	var limited *outbox.Error
	if !errors.As(err, &limited) || limited.Fault != outbox.Limited || !limited.Alone || limited.After < 5*time.Second {
		t.Errorf("third change: %#v", err)
	}
	if got := len(w.fake.Calls("chat.update")); got != 2 {
		t.Errorf("%d calls", got)
	}
}

// A limit on changes is for all of them: no other is tried before it ends.
func TestALimitOnEditsHoldsThemAll(t *testing.T) {
	w := newWorld(t, nil)
	first, _ := w.post(com, approval())
	w.fake.AddChannel(slackfake.Channel{ID: "C0OTHER", Name: "other"})
	other, _ := w.post("C0OTHER", approval())
	w.fake.Fail("chat.update", slackfake.Fault{Status: http.StatusTooManyRequests, RetryAfter: 40 * time.Second})
	for _, at := range []board.Place{first, other} {
		var limited *outbox.Error
		if err := w.adapter.Edit(t.Context(), at, approval()); !errors.As(err, &limited) || limited.After < 39*time.Second {
			t.Errorf("%s: %#v", at.Channel, err)
		}
	}
	if got := len(w.fake.Calls("chat.update")); got != 0 {
		t.Errorf("%d calls passed the limit", got)
	}
}
