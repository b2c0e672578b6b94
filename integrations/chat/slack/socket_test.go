package slack_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/bot"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// connected is a world over Socket Mode with its connections up.
func connected(t *testing.T, change func(*slackfake.Options, *slack.Options)) *world {
	t.Helper()
	w := newWorld(t, func(f *slackfake.Options, o *slack.Options) {
		overSockets(f, o)
		if change != nil {
			change(f, o)
		}
	})
	if err := w.adapter.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.fake.WaitForSockets(2)
	return w
}

// traffic sends direct messages from several hands until stopped, and returns
// what was sent.
func traffic(w *world, hands int) (stop func() []string) {
	done := make(chan struct{})
	var wait sync.WaitGroup
	var mu sync.Mutex
	var sent []string
	for hand := range hands {
		user := fmt.Sprintf("U0H%d", hand)
		w.fake.AddPerson(slackfake.Person{ID: user, Name: user})
		wait.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				text := fmt.Sprintf("%s-%d", user, i)
				mu.Lock()
				sent = append(sent, text)
				mu.Unlock()
				w.fake.Say(user, w.fake.DM(user), text)
			}
		})
	}
	return func() []string {
		close(done)
		wait.Wait()
		return sent
	}
}

// missing are the texts that never came, twice the ones that came twice.
func missing(events []bot.Event, sent []string) (lost, twice []string) {
	count := map[string]int{}
	for _, e := range events {
		count[e.Text]++
	}
	for _, text := range sent {
		switch n := count[text]; {
		case n == 0:
			lost = append(lost, text)
		case n > 1:
			twice = append(twice, text)
		}
	}
	return lost, twice
}

func TestRefreshesUnderTrafficLeaveNoGap(t *testing.T) {
	w := connected(t, nil)
	stop := traffic(w, 4)
	for i := range campaign(10, 100) {
		before := w.fake.Connections()
		w.fake.Refresh([]string{"warning", "refresh_requested"}[i%2], 200*time.Millisecond)
		eventually(t, "another connection", func() bool { return w.fake.Connections() > before && w.fake.Sockets() == 2 })
	}
	sent := stop()
	lost, twice := missing(w.inbox.all(), sent)
	t.Logf("%d events over %d connections: %d lost, %d twice; the slowest ack took %v",
		len(sent), w.fake.Connections(), len(lost), len(twice), w.fake.Stats().Slowest)
	if len(lost) > 0 || len(twice) > 0 {
		t.Errorf("of %d sent, lost %d %q, twice %d", len(sent), len(lost), lost, len(twice))
	}
	if got := w.fake.Stats(); got.Timeouts > 0 || got.Retries > 0 {
		t.Errorf("a refresh left a gap: %+v", got)
	}
}

func TestCutConnectionsComeBack(t *testing.T) {
	w := connected(t, nil)
	stop := traffic(w, 2)
	for range 5 {
		w.fake.Cut()
		time.Sleep(20 * time.Millisecond)
		w.fake.WaitForSockets(2)
	}
	sent := stop()
	// What was under way is brought again a second later.
	eventually(t, "everything", func() bool {
		lost, _ := missing(w.inbox.all(), sent)
		return len(lost) == 0
	})
	if _, twice := missing(w.inbox.all(), sent); len(twice) > 0 {
		t.Errorf("twice: %q", twice)
	}
}

func TestStoreAwayOverASocketIsBroughtAgain(t *testing.T) {
	w := connected(t, func(f *slackfake.Options, _ *slack.Options) { f.Deadline = 300 * time.Millisecond })
	w.inbox.set(func(i *inbox) { i.err = context.DeadlineExceeded })
	_, ack := w.fake.Say(lea, w.fake.DM(lea), "stop")
	if ack.OK() {
		t.Fatal("acknowledged though nothing was stored")
	}
	w.inbox.set(func(i *inbox) { i.err = nil })
	eventually(t, "again", func() bool { return len(w.inbox.all()) == 1 })
}

// Slack drops an answer of 20,000 bytes over a socket, and a form that gets an empty
// one closes with all that was typed: what is wrong is said in fewer.
func TestLongErrorsReachTheForm(t *testing.T) {
	for _, fields := range []int{0, 1, 5, 25} {
		for name, text := range map[string]string{"letters": "é", "markup": "<&>", "faces": "👩‍🚒"} {
			t.Run(fmt.Sprint(fields, " ", name), func(t *testing.T) {
				w := connected(t, nil)
				w.front.acks["a"] = bot.Open
				problems := map[string]string{"": strings.Repeat(text, 9_000)}
				form := bot.Form{Action: "a", Title: "T", Submit: "S", Cancel: "C", Intro: "I"}
				for n := range fields {
					id := fmt.Sprint("field-", n)
					form.Fields = append(form.Fields, bot.Field{ID: id, Kind: bot.Line, Label: "L", Optional: true})
					problems[id] = problems[""]
				}
				w.front.form = func(bot.Event) (bot.Form, error) { return form, nil }
				w.front.check = func(bot.Event) (map[string]string, error) { return problems, nil }
				w.fake.Shortcut(lea, "a1:a:")
				eventually(t, "form", func() bool { return w.fake.Modal(lea) != nil })
				ack, err := w.fake.SubmitModal(lea, nil)
				m := w.fake.Modal(lea)
				if err != nil || !ack.OK() || len(ack.Body) == 0 || m == nil || len(w.fake.Broken()) > 0 {
					t.Fatalf("answered by %d bytes, %v, form %v, broken %q", len(ack.Body), err, m != nil, w.fake.Broken())
				}
				said := string(m.Blocks)
				if fields > 0 {
					said = m.Errors["field-0"]
				}
				if len(m.Errors) != fields || !strings.Contains(said, "…") {
					t.Errorf("%d errors, the first %.60q", len(m.Errors), said)
				}
			})
		}
	}
}

func TestASilentSocketIsReplaced(t *testing.T) {
	w := connected(t, func(f *slackfake.Options, o *slack.Options) {
		f.Ping = time.Hour
		o.Silence = 200 * time.Millisecond
	})
	eventually(t, "replaced", func() bool { return w.fake.Connections() >= 4 })
}

func TestPingsKeepASocket(t *testing.T) {
	w := connected(t, func(f *slackfake.Options, o *slack.Options) {
		f.Ping = 30 * time.Millisecond
		o.Silence = 300 * time.Millisecond
	})
	time.Sleep(700 * time.Millisecond)
	if got := w.fake.Connections(); got != 2 {
		t.Errorf("%d connections: pings were not heard", got)
	}
}

func TestTooManyAndDisabled(t *testing.T) {
	t.Run("too many", func(t *testing.T) {
		w := connected(t, func(_ *slackfake.Options, o *slack.Options) { o.Sockets = 12 })
		w.fake.WaitForSockets(10)
		eventually(t, "twelve tries", func() bool { return w.fake.Connections() >= 12 })
		time.Sleep(100 * time.Millisecond)
		if got := w.fake.Connections(); got > 14 || w.adapter.Health().Sockets != 10 {
			t.Errorf("%d connections, %+v: it must wait", got, w.adapter.Health())
		}
	})
	t.Run("disabled", func(t *testing.T) {
		w := connected(t, nil)
		w.fake.Disable(true)
		eventually(t, "noticed", func() bool { h := w.adapter.Health(); return h.Refused != nil && h.Sockets == 0 })
		before := len(w.fake.Calls("apps.connections.open"))
		time.Sleep(200 * time.Millisecond)
		if got := len(w.fake.Calls("apps.connections.open")); got != before {
			t.Errorf("%d calls after being refused", got-before)
		}
	})
	t.Run("wrong token", func(t *testing.T) {
		w := newWorld(t, func(f *slackfake.Options, o *slack.Options) {
			f.Clock, o.AppToken = nil, "xapp-other"
		})
		if err := w.adapter.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "refused", func() bool { return w.adapter.Health().Refused != nil })
	})
}

// Socket Mode that was switched off and on again is found again.
func TestDisabledIsNotForGood(t *testing.T) {
	w := connected(t, func(_ *slackfake.Options, o *slack.Options) { o.Refusal = 20 * time.Millisecond })
	w.fake.Disable(true)
	eventually(t, "noticed", func() bool { h := w.adapter.Health(); return h.Refused != nil && h.Sockets == 0 })
	w.fake.Disable(false)
	eventually(t, "back", func() bool { h := w.adapter.Health(); return h.Refused == nil && h.Sockets == 2 })
}

// Access that was taken away is missed until it is given again, whatever becomes of
// the sockets, which have a key of their own.
func TestAccessTakenAwayAndGivenAgain(t *testing.T) {
	bothWays(t, func(t *testing.T, w *world) {
		if err := w.adapter.Stop(t.Context()); err != nil { // another, which asks sooner
			t.Fatal(err)
		}
		options := slack.Options{Token: slackfake.BotToken, SigningSecret: slackfake.SigningSecret, APIURL: w.fake.APIURL(), Words: words(t),
			Pause: 10 * time.Millisecond, Refusal: 20 * time.Millisecond, Now: w.fake.Now}
		sockets := w.fake.Connections() > 0
		if sockets {
			options.AppToken = slackfake.AppToken
		}
		w.adapter = slack.New(options, w.inbox, w.front)
		server := httptest.NewServer(w.adapter.Handler())
		t.Cleanup(server.Close)
		w.fake.DeliverTo(server.URL)
		if err := w.adapter.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if sockets {
			w.fake.WaitForSockets(2)
		}
		eventually(t, "introduced", func() bool { return len(w.fake.Calls("auth.test")) > 0 })
		w.fake.Fail("auth.test", slackfake.Fault{Error: "account_inactive", Times: -1})
		before := len(w.fake.Calls("auth.test"))
		if ack := w.fake.Event(map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"bot": []string{slackfake.Bot}}}); !ack.OK() {
			t.Fatalf("%+v", ack)
		}
		if sockets {
			opened := w.fake.Connections()
			w.fake.Refresh("refresh_requested", 10*time.Millisecond)
			eventually(t, "another socket", func() bool { return w.fake.Connections() > opened })
		}
		eventually(t, "asked again", func() bool { return len(w.fake.Calls("auth.test")) > before+2 || w.adapter.Health().Refused != nil })
		if w.adapter.Health().Refused == nil {
			t.Error("all seems well")
		}
		w.fake.Heal()
		eventually(t, "given again", func() bool { return w.adapter.Health().Refused == nil })
	})
}

func TestConnectionsWaitWhenSlackIsAway(t *testing.T) {
	w := newWorld(t, overSockets)
	w.fake.Fail("apps.connections.open", slackfake.Fault{Status: 503, Times: 3})
	w.fake.Fail("apps.connections.open", slackfake.Fault{Status: 429, RetryAfter: time.Second})
	if err := w.adapter.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.fake.WaitForSockets(2)
}

func TestStopEndsEverything(t *testing.T) {
	w := connected(t, nil)
	for range 2 {
		ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
		if err := w.adapter.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
		cancel()
	}
	eventually(t, "closed", func() bool { return w.fake.Sockets() == 0 })
	never := slack.New(slack.Options{}, nil, nil)
	if err := never.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

// TestStopUnderTraffic: at Stop, what came is acknowledged, what comes meanwhile
// is left to Slack, and nothing runs afterwards.
func TestStopUnderTraffic(t *testing.T) {
	for range 20 {
		w := connected(t, func(f *slackfake.Options, _ *slack.Options) { f.Deadline = 50 * time.Millisecond })
		stop := traffic(w, 4)
		eventually(t, "traffic", func() bool { return len(w.inbox.all()) > 20 })
		if err := w.adapter.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := len(w.inbox.all())
		stop()
		if after := len(w.inbox.all()); after != before {
			t.Fatalf("%d deliveries taken after the end", after-before)
		}
	}
}
