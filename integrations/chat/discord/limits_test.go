package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/secret"
	"crieur/integrations/chat/discord/discordfake"
)

// ask is how long a call has to wait.
func (l *limits) ask(c call, now time.Time) time.Duration {
	d, _ := l.wait(c, 0, now)
	return d
}

func answer(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func TestDecimalSeconds(t *testing.T) {
	for text, want := range map[string]time.Duration{"0.65": 650 * time.Millisecond, "1": time.Second, "0.0001": time.Millisecond, "4.9999": 5 * time.Second, "1e3": 1000 * time.Second} {
		if got, ok := seconds(text); !ok || got != want {
			t.Errorf("%s is %v", text, got)
		}
	}
	for _, text := range []string{"", "-1", "soon", "1e9", "NaN"} {
		if got, ok := seconds(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestBucketIsObeyedToTheMillisecond(t *testing.T) {
	l, now := newLimits(), time.Unix(1000, 0)
	c := call{route: "POST /channels/messages", major: "C"}
	if l.ask(c, now) != 0 {
		t.Fatal("the first call waits")
	}
	l.learn(c, 200, answer("X-RateLimit-Bucket", "b", "X-RateLimit-Remaining", "1", "X-RateLimit-Reset-After", "1.337"), now)
	now = now.Add(100 * time.Millisecond)
	if l.ask(c, now) != 0 {
		t.Error("one was left")
	}
	if d := l.ask(c, now.Add(37*time.Millisecond)); d != 1200*time.Millisecond+rounding {
		t.Errorf("waits %v", d)
	}
	other := call{route: "POST /channels/messages", major: "D"}
	if d := l.ask(other, now.Add(100*time.Millisecond)); d != 0 {
		t.Errorf("another channel waits %v", d)
	}
	if d := l.ask(c, now.Add(1238*time.Millisecond)); d != 0 {
		t.Errorf("after the reset it waits %v", d)
	}
}

func TestSharedBucketOfTwoRoutes(t *testing.T) {
	l, now := newLimits(), time.Unix(1000, 0)
	post, edit := call{route: "POST /m", major: "C"}, call{route: "PATCH /m", major: "C"}
	for _, c := range []call{post, edit} {
		l.learn(c, 200, answer("X-RateLimit-Bucket", "same", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset-After", "2"), now)
	}
	if l.ask(post, now) == 0 || l.ask(edit, now) == 0 {
		t.Error("two routes of one bucket are counted apart")
	}
}

func TestNoMemoryOfTokensAndOldChannels(t *testing.T) {
	l, now := newLimits(), time.Unix(1000, 0)
	h := answer("X-RateLimit-Bucket", "b", "X-RateLimit-Remaining", "4", "X-RateLimit-Reset-After", "5")
	for i := range 10000 {
		c := call{route: "POST /interactions/callback", exempt: true}
		if d := l.ask(c, now); d != 0 {
			t.Fatalf("an interaction waits %v", d)
		}
		l.learn(c, 200, h, now)
		l.learn(call{route: "POST /channels/messages", major: fmt.Sprint(i)}, 200, h, now)
		now = now.Add(20 * time.Millisecond)
	}
	if n := len(l.buckets); n > pruneAt {
		t.Errorf("%d buckets are kept", n)
	}
	if n := len(l.routes); n != 1 {
		t.Errorf("%d routes are kept", n)
	}
}

func TestGlobalLimitAndInvalidRequests(t *testing.T) {
	l, now := newLimits(), time.Unix(1000, 0)
	c := call{route: "r", major: "C"}
	l.hold(c, 3*time.Second, true, now)
	if d := l.ask(call{route: "other"}, now); d != 3*time.Second {
		t.Errorf("a global 429 makes others wait %v", d)
	}
	if d := l.ask(call{route: "i", exempt: true}, now); d != 0 {
		t.Errorf("interactions wait %v", d)
	}
	now = now.Add(time.Hour)
	for range maxInvalid {
		l.learn(c, 403, http.Header{}, now)
		l.learn(c, 429, answer("X-RateLimit-Scope", "shared"), now) // does not count
	}
	if d := l.ask(c, now.Add(time.Minute)); d != 9*time.Minute {
		t.Errorf("after 5,000 refused calls we wait %v", d)
	}
	if d := l.ask(c, now.Add(invalidWindow)); d != 0 {
		t.Errorf("ten minutes later we wait %v", d)
	}
}

// bubbleChat is an adapter over a network in memory.
func bubbleChat(t *testing.T, o discordfake.Options) (*Chat, *discordfake.Server) {
	wire := discordfake.Pipe()
	o.Listener = wire
	fake := discordfake.Start(t, o)
	client := wire.Client()
	d := newDesk(t)
	c, err := New(Options{Token: secret.Secret(fake.Token()), AppID: fake.AppID(), APIURL: fake.APIURL(), HTTPClient: client, Logger: slog.New(slog.DiscardHandler)}, d, d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return c, fake
}

// patient posts as a relay does: it comes back after the time it is told.
func patient(ctx context.Context, c *Chat, place board.Place, card bot.Card, nonce string) error {
	for {
		_, err := c.Post(ctx, place, card, bot.PostOptions{Nonce: nonce})
		var e *outbox.Error
		if !errors.As(err, &e) || e.Fault != outbox.Limited {
			return err
		}
		time.Sleep(e.After)
	}
}

func TestStormStaysInTheLimitsAndInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, fake := bubbleChat(t, discordfake.Options{})
		channels, each := 100, 10
		if long() {
			channels, each = 500, 20
		}
		began := time.Now()
		var lanes sync.WaitGroup
		for i := range channels {
			id := fmt.Sprint("c", i)
			fake.AddChannel("G", id, id)
			lanes.Add(1)
			go func() {
				defer lanes.Done()
				for n := range each {
					place := board.Place{Platform: "discord", Team: "G", Channel: id}
					if err := patient(t.Context(), c, place, bot.Card{Title: bot.Say(fmt.Sprint(n))}, id+fmt.Sprint(n)); err != nil {
						t.Error(err)
					}
				}
			}()
		}
		lanes.Wait()
		took := time.Since(began)
		least := time.Duration(channels*each) * time.Second / 50 // as Discord has it
		if took > least*110/100 {
			t.Errorf("took %v, the least possible is %v", took, least)
		}
		if n := fake.Refused(); n > channels*each/1000 {
			t.Errorf("%d answers with 429", n)
		}
		for i := range channels {
			all := fake.Messages(fmt.Sprint("c", i))
			for n, m := range all {
				if m.Plain() != fmt.Sprint(n) || len(all) != each {
					t.Fatalf("channel %d: message %d is %q of %d", i, n, m.Plain(), len(all))
				}
			}
		}
	})
}

// TestSharedLimit: a limit that others use up is obeyed, and not held against us.
func TestSharedLimit(t *testing.T) {
	for scope, invalid := range map[string]int{"shared": 0, "user": 3} {
		synctest.Test(t, func(t *testing.T) {
			c, fake := bubbleChat(t, discordfake.Options{Unlimited: true})
			fake.Inject(discordfake.Fault{Path: "/channels/C/", Status: 429, RetryAfter: 2.5, Scope: scope, Times: 3})
			began := time.Now()
			if err := patient(t.Context(), c, com(), simple(), "x"); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took < 7500*time.Millisecond || took > 8*time.Second {
				t.Errorf("%s: three waits of 2.5 s took %v", scope, took)
			}
			if c.rest.limits.invalid != invalid {
				t.Errorf("%s: %d counted", scope, c.rest.limits.invalid)
			}
		})
	}
}

func TestA429ParksItsChannelOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, fake := bubbleChat(t, discordfake.Options{Unlimited: true})
		fake.AddChannel("G", "D", "d")
		fake.Inject(discordfake.Fault{Path: "/channels/C/", Status: 429, RetryAfter: 60})
		other := board.Place{Platform: "discord", Team: "G", Channel: "D"}
		var blocked atomic.Int64
		began := time.Now()
		var both sync.WaitGroup
		both.Add(1)
		go func() {
			defer both.Done()
			if err := patient(t.Context(), c, com(), simple(), "x"); err != nil {
				t.Error(err)
			}
			blocked.Store(int64(time.Since(began)))
		}()
		time.Sleep(time.Second)
		for n := range 20 {
			start := time.Now()
			if err := patient(t.Context(), c, other, simple(), fmt.Sprint(n)); err != nil {
				t.Error(err)
			}
			if d := time.Since(start); d > time.Second {
				t.Errorf("the other channel waited %v", d)
			}
		}
		both.Wait()
		if d := time.Duration(blocked.Load()); d < 60*time.Second || d > 61*time.Second {
			t.Errorf("the channel was parked for %v", d)
		}
	})
}
