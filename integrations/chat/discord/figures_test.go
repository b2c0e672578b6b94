package discord

import (
	"net/http"
	"testing"
	"time"
)

// At 10,000 refused requests in ten minutes Discord bans the address: at half of
// that nothing is sent until they are over.
func TestBreakerOpensAtHalf(t *testing.T) {
	l, now := newLimits(), time.Date(2026, 11, 26, 8, 45, 0, 0, time.UTC)
	c := call{route: "POST /channels/messages", major: "C"}
	for n := range 5000 {
		if d, _ := l.wait(c, time.Hour, now.Add(time.Duration(n)*50*time.Millisecond)); d > time.Second {
			t.Fatalf("stopped after %d: %v", n, d)
		}
		if stopped := l.learn(c, http.StatusForbidden, http.Header{}, now); stopped != (n == 4999) {
			t.Fatalf("after %d: stopped %v", n+1, stopped)
		}
	}
	if d, granted := l.wait(call{route: "POST /webhooks", exempt: true}, time.Hour, now.Add(5*time.Minute)); granted || d != 5*time.Minute {
		t.Errorf("after 5,000: granted %v, wait %v", granted, d)
	}
	if _, granted := l.wait(c, time.Hour, now.Add(10*time.Minute)); !granted {
		t.Error("closed after ten minutes")
	}
}

// An interaction can be answered for 15 minutes: the last one is left to the way
// there.
func TestHandlesEndBeforeDiscordEndsThem(t *testing.T) {
	p := newPair(t, tune{})
	e := p.chat.event(interaction{ID: "1", Token: "t"})
	if left := e.Reply.Expires.Sub(e.At); left != 14*time.Minute {
		t.Errorf("used for %v", left)
	}
}
