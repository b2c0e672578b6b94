package discord

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"crieur/bot"
)

// shelf is Sessions in memory.
type shelf struct {
	mu    sync.Mutex
	kept  map[string][]byte
	owner map[string]string
	until map[string]time.Time
	away  bool
}

func newShelf() *shelf {
	return &shelf{kept: map[string][]byte{}, owner: map[string]string{}, until: map[string]time.Time{}}
}

var errAway = errors.New("redis is away")

// mortal is the shelf as one process sees it, until it is killed.
type mortal struct {
	*shelf
	dead atomic.Bool
}

func (m *mortal) KeepSession(ctx context.Context, owner, id string, data []byte, lease time.Duration) (bool, error) {
	if m.dead.Load() {
		return false, errAway
	}
	return m.shelf.KeepSession(ctx, owner, id, data, lease)
}

func (s *shelf) lease(owner, id string, lease time.Duration) bool {
	if s.owner[id] != "" && s.owner[id] != owner && time.Now().Before(s.until[id]) {
		return false
	}
	s.owner[id], s.until[id] = owner, time.Now().Add(lease)
	return true
}

func (s *shelf) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[id] != nil
}

func (s *shelf) KeepSession(_ context.Context, owner, id string, data []byte, lease time.Duration) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return false, errAway
	}
	if !s.lease(owner, id, lease) {
		return false, nil
	}
	s.kept[id] = data
	return true, nil
}

func (s *shelf) TakeSession(_ context.Context, owner string, lease time.Duration) (string, []byte, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return "", nil, 0, errAway
	}
	others := 0
	for id, data := range s.kept {
		if s.lease(owner, id, lease) {
			return id, data, others, nil
		}
		others++
	}
	return "", nil, others, nil
}

func (s *shelf) LeaveSession(_ context.Context, owner, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.owner[id] == owner {
		delete(s.owner, id)
	}
	return nil
}

func (s *shelf) DropSession(_ context.Context, owner, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lease(owner, id, time.Second) {
		delete(s.kept, id)
		delete(s.owner, id)
	}
	return nil
}

// follow starts a process after another one; both have the same ingress.
func (p *pair) follow(t *testing.T, sessions Sessions) *Chat {
	t.Helper()
	o := p.chat.opts
	o.Sessions = sessions
	next, err := New(o, p.desk, seer{p.desk})
	if err != nil {
		t.Fatal(err)
	}
	next.Start(context.WithoutCancel(t.Context()))
	t.Cleanup(next.Stop)
	return next
}

func (p *pair) say(t *testing.T, text string) {
	t.Helper()
	if _, err := p.fake.Say("111", "", text); err != nil {
		t.Fatal(err)
	}
}

// heardOnce are the messages that arrived, each once, in order.
func (p *pair) heardOnce() []string {
	seen := map[string]bool{}
	var texts []string
	for _, e := range p.all() {
		if e.Kind == bot.Message && !seen[e.ID] {
			seen[e.ID] = true
			texts = append(texts, e.Text)
		}
	}
	return texts
}

// TestRestartHearsWhatWasSaidMeanwhile: whoever talks while no process is there
// is heard by the next one, whichever way the last one went.
func TestRestartHearsWhatWasSaidMeanwhile(t *testing.T) {
	for name, end := range map[string]func(*pair){
		"stopped": func(p *pair) { p.chat.Stop() },
		"killed": func(p *pair) { // nothing is said to anybody any more
			p.chat.opts.Sessions.(*mortal).dead.Store(true)
			p.chat.lanes.cancel()
			p.fake.RefuseGateway(true)
			p.fake.Disconnect(0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			sessions := newShelf()
			bubble(t, tune{chat: Options{Sessions: &mortal{shelf: sessions}}}, func(t *testing.T, p *pair) {
				p.say(t, "avant")
				time.Sleep(2 * time.Second)
				end(p)
				p.say(t, "pendant")
				time.Sleep(time.Second)
				p.fake.RefuseGateway(false)
				p.chat.gate.stop() // or the killed one would come back
				next := p.follow(t, sessions)
				began := time.Now()
				for !next.Connected() {
					time.Sleep(10 * time.Millisecond)
				}
				if took := time.Since(began); took > sessionLease+2*keepEvery {
					t.Errorf("connected after %v", took)
				}
				p.say(t, "après")
				time.Sleep(5 * time.Second)
				if got := p.heardOnce(); !slices.Equal(got, []string{"avant", "pendant", "après"}) {
					t.Errorf("heard %q", got)
				}
				if s := p.fake.Gateway(); s.Identifies != 1 {
					t.Errorf("%+v", s)
				}
				if next.me() != p.fake.AppID() {
					t.Errorf("it takes itself for %q", next.me())
				}
				next.Stop()
			})
		})
	}
}

// TestUnstoredIsSaidAgain: a message that waits for the ingress when the process
// ends is heard by the next one, and so is what came after it.
func TestUnstoredIsSaidAgain(t *testing.T) {
	sessions := newShelf()
	bubble(t, tune{chat: Options{Sessions: sessions}}, func(t *testing.T, p *pair) {
		p.set(func(d *desk) { d.refuse = errAway })
		p.say(t, "un")
		p.say(t, "deux")
		time.Sleep(5 * time.Second)
		p.chat.Stop()
		p.set(func(d *desk) { d.refuse = nil })
		next := p.follow(t, sessions)
		time.Sleep(5 * time.Second)
		if got := p.heardOnce(); !slices.Equal(got, []string{"un", "deux"}) {
			t.Errorf("heard %q", got)
		}
		next.Stop()
	})
}

// TestTwoProcessesHaveOwnSessions: a process that joins another takes nothing
// from it.
func TestTwoProcessesHaveOwnSessions(t *testing.T) {
	sessions := newShelf()
	bubble(t, tune{chat: Options{Sessions: sessions}}, func(t *testing.T, p *pair) {
		time.Sleep(2 * time.Second)
		next := p.follow(t, sessions)
		time.Sleep(time.Minute)
		if s := p.fake.Gateway(); !next.Connected() || !p.chat.Connected() || s.Identifies != 2 || s.Resumes != 0 || s.Connections != 2 {
			t.Errorf("%+v", s)
		}
		next.Stop()
	})
}

// TestSessionTakenWhileAsleep: a process that slept over its lease lets the
// other go on, and begins a session of its own.
func TestSessionTakenWhileAsleep(t *testing.T) {
	sessions := newShelf()
	bubble(t, tune{chat: Options{Sessions: sessions}}, func(t *testing.T, p *pair) {
		time.Sleep(2 * time.Second)
		sessions.mu.Lock()
		clear(sessions.owner) // as after the lease
		sessions.mu.Unlock()
		next := p.follow(t, sessions)
		time.Sleep(time.Minute)
		if s := p.fake.Gateway(); !next.Connected() || !p.chat.Connected() || s.Identifies != 2 || s.Resumes > 2 {
			t.Errorf("%+v", s)
		}
		next.Stop()
	})
}

// TestSessionThatEnded: what cannot be resumed is forgotten.
func TestSessionThatEnded(t *testing.T) {
	sessions := newShelf()
	bubble(t, tune{chat: Options{Sessions: sessions}}, func(t *testing.T, p *pair) {
		old := p.chat.gate.getSession().id
		p.chat.Stop()
		p.fake.Invalidate(false) // Discord has forgotten it
		next := p.follow(t, sessions)
		time.Sleep(30 * time.Second)
		if !next.Connected() {
			t.Fatal("it never connected")
		}
		if s := p.fake.Gateway(); sessions.has(old) || s.Identifies != 2 || s.Resumes != 1 {
			t.Errorf("%+v", s)
		}
		next.Stop()
	})
}

// TestAnotherSessionWaits: of two that were left, Discord may have kept either.
func TestAnotherSessionWaits(t *testing.T) {
	for range 8 { // whichever is tried first
		sessions := newShelf()
		// what was kept before sessions told of their intents had all of them
		bubble(t, tune{chat: Options{Sessions: sessions, Channels: true}}, func(t *testing.T, p *pair) {
			time.Sleep(2 * time.Second)
			p.chat.Stop()
			sessions.mu.Lock()
			sessions.kept["forgotten by Discord"] = []byte(`{"app":"` + p.fake.AppID() + `","seq":3}`)
			sessions.mu.Unlock()
			p.say(t, "pendant")
			next := p.follow(t, sessions)
			time.Sleep(30 * time.Second)
			if got := p.heardOnce(); !slices.Equal(got, []string{"pendant"}) || p.fake.Gateway().Identifies != 1 {
				t.Errorf("heard %q, %+v", got, p.fake.Gateway())
			}
			next.Stop()
		})
	}
}

// TestSessionOfAnotherBot: what is kept belongs to one application.
func TestSessionOfAnotherBot(t *testing.T) {
	for _, data := range []string{`{"app":"999","url":"ws://nowhere","seq":7}`, "{"} {
		sessions := newShelf()
		sessions.kept["other"] = []byte(data)
		bubble(t, tune{chat: Options{Sessions: sessions}}, func(t *testing.T, p *pair) {
			if s := p.fake.Gateway(); s.Identifies != 1 || s.Resumes != 0 || sessions.has("other") {
				t.Errorf("%s: %+v", data, s)
			}
		})
	}
}

// TestSessionOfOtherIntents: what a session hears is settled when it begins, so
// that another choice needs another session.
func TestSessionOfOtherIntents(t *testing.T) {
	sessions := newShelf()
	bubble(t, tune{chat: Options{Sessions: sessions}}, func(t *testing.T, p *pair) {
		time.Sleep(2 * time.Second)
		for _, test := range []struct {
			channels   bool
			identifies int
		}{{false, 1}, {true, 2}, {true, 2}, {false, 3}} {
			p.chat.Stop()
			p.chat.opts.Channels = test.channels
			p.chat = p.follow(t, sessions)
			time.Sleep(10 * time.Second)
			if s := p.fake.Gateway(); s.Identifies != test.identifies {
				t.Errorf("channels %v: %+v", test.channels, s)
			}
		}
		p.chat.Stop()
	})
}

// TestSessionsAway: without a place to keep it the gateway works as ever.
func TestSessionsAway(t *testing.T) {
	bubble(t, tune{chat: Options{Sessions: &shelf{away: true}}}, func(t *testing.T, p *pair) {
		p.say(t, "avant")
		p.fake.Disconnect(0)
		p.say(t, "pendant")
		time.Sleep(10 * time.Second)
		if got := p.heardOnce(); !slices.Equal(got, []string{"avant", "pendant"}) || !p.chat.Connected() {
			t.Errorf("heard %q", got)
		}
	})
}

// TestLateInteractions: a click that failed before the eyes of the person does
// nothing when a resumed session brings it.
func TestLateInteractions(t *testing.T) {
	made := time.UnixMilli(1_300_000_000_000_000_000>>22 + 1_420_070_400_000)
	for _, test := range []struct {
		missed bool
		age    time.Duration
		want   int
	}{
		{true, time.Minute, 0}, {true, 2 * time.Second, 1},
		{false, time.Minute, 1}, // the clocks differ
	} {
		p := newPair(t, tune{})
		p.chat.now = func() time.Time { return made.Add(test.age) }
		p.chat.dispatch(dispatched{"INTERACTION_CREATE", []byte(`{"id":"1300000000000000000","type":2,"token":"t","application_id":"` +
			p.fake.AppID() + `","channel":{"id":"C","type":0},"user":{"id":"111"},"data":{"name":"plan"}}`), test.missed, func() {}})
		p.chat.running.Close()
		if n := len(p.all()); n != test.want {
			t.Errorf("missed %v, %v old: %d events", test.missed, test.age, n)
		}
	}
	at, err := discordgo.SnowflakeTimestamp("175928847299117063") // Discord's own example
	if err != nil || at.UTC().Format(time.RFC3339) != "2016-04-30T11:18:25Z" {
		t.Errorf("made at %v, %v", at, err)
	}
}
