package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/work"
	"crieur/integrations/chat/discord/discordfake"
)

// bubble runs a pair over a network in memory, on a clock that jumps.
func bubble(t *testing.T, o tune, test func(*testing.T, *pair)) {
	synctest.Test(t, func(t *testing.T) {
		wire := discordfake.Pipe()
		o.fake.Listener, o.chat.HTTPClient, o.gateway = wire, wire.Client(), true
		p := newPair(t, o)
		t.Cleanup(func() { // before the fake ends, so that nothing reconnects
			p.chat.Stop()
			o.chat.HTTPClient.CloseIdleConnections()
		})
		test(t, p)
	})
}

func TestZombie(t *testing.T) {
	bubble(t, tune{}, func(t *testing.T, p *pair) {
		time.Sleep(3 * time.Minute)
		if s := p.fake.Gateway(); s.Connections != 1 || s.Heartbeats < 4 {
			t.Fatalf("while all is well: %+v", s)
		}
		p.fake.WithholdACKs(true)
		began := time.Now()
		for p.fake.Gateway().Connections == 1 {
			time.Sleep(100 * time.Millisecond)
		}
		if took := time.Since(began); took > 41250*time.Millisecond+5*time.Second {
			t.Errorf("a dead connection was noticed after %v", took)
		}
		p.fake.WithholdACKs(false)
		p.waitConnected(t)
		s := p.fake.Gateway()
		if s.Identifies != 1 || s.Resumed < 1 || !slices.Equal(s.Closes[:1], []int{zombieClose}) {
			t.Errorf("after it: %+v", s)
		}
	})
}

func TestResumeUnderTraffic(t *testing.T) {
	bubble(t, tune{fake: discordfake.Options{Unlimited: true}}, func(t *testing.T, p *pair) {
		ways := []func(){
			p.fake.Reconnect,
			func() { p.fake.Disconnect(0) },
			func() { p.fake.Disconnect(4000) },
			func() { p.fake.Invalidate(true) },
			func() { p.fake.Disconnect(1001) },
		}
		const rounds = 100
		for i := range rounds {
			if _, err := p.fake.Say("111", "", "avant"); err != nil {
				t.Fatal(err)
			}
			ways[i%len(ways)]()
			if _, err := p.fake.Say("111", "", "pendant"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Second)
		}
		time.Sleep(time.Minute)
		s := p.fake.Gateway()
		t.Logf("%d messages, %d connections, %d resumed: %d arrived", 2*rounds, s.Connections, s.Resumed, len(p.all()))
		if s.Identifies != 1 || s.Resumed != rounds {
			t.Errorf("%+v", s)
		}
		if n := len(p.all()); n != 2*rounds {
			t.Errorf("%d of %d messages arrived", n, 2*rounds)
		}
	})
}

func TestInvalidSessionIdentifiesAnew(t *testing.T) {
	bubble(t, tune{fake: discordfake.Options{IdentifyEvery: 5 * time.Second}, chat: Options{IdentifyEvery: 5 * time.Second}}, func(t *testing.T, p *pair) {
		for range 3 {
			time.Sleep(time.Minute) // the last identification is long ago
			began := time.Now()
			p.fake.Invalidate(false)
			time.Sleep(time.Second / 2)
			p.waitConnected(t)
			if took := time.Since(began); took < time.Second || took > 15*time.Second {
				t.Errorf("identified again after %v", took)
			}
		}
		if s := p.fake.Gateway(); s.Identifies != 4 || s.Resumes != 0 || !slices.Equal(s.Closes, []int{1000, 1000, 1000}) {
			t.Errorf("%+v", s)
		}
	})
}

// TestSessionsThatDiscordEnds: after these codes nothing can be resumed.
func TestSessionsThatDiscordEnds(t *testing.T) {
	bubble(t, tune{}, func(t *testing.T, p *pair) {
		for i, code := range []int{4007, 4009} {
			p.fake.Disconnect(code)
			time.Sleep(time.Minute)
			if s := p.fake.Gateway(); s.Identifies != 2+i || s.Resumes != 0 || !p.chat.Connected() {
				t.Errorf("after %d: %+v", code, s)
			}
		}
	})
}

// TestIdentifiesOfADay: beyond a thousand a day Discord takes the token away, so
// the last one is not used up.
func TestIdentifiesOfADay(t *testing.T) {
	bubble(t, tune{}, func(t *testing.T, p *pair) {
		p.fake.SpendIdentifies(999)
		p.fake.Invalidate(false)
		time.Sleep(time.Hour)
		if s := p.fake.Gateway(); s.Identifies != 1 || p.chat.Connected() {
			t.Fatalf("%+v", s)
		}
		p.fake.SpendIdentifies(0) // the next day
		time.Sleep(longestWait + 10*time.Second)
		if !p.chat.Connected() {
			t.Error("it never came back")
		}
	})
}

func TestFatalCloseCodes(t *testing.T) {
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		bubble(t, tune{}, func(t *testing.T, p *pair) {
			p.fake.Disconnect(code)
			var err error
			select {
			case err = <-p.chat.Fatal():
			case <-time.After(time.Hour):
			}
			if fatalCodes[code] == nil || !errors.Is(err, fatalCodes[code]) {
				t.Errorf("%d: %v", code, err)
			}
			time.Sleep(time.Hour)
			if s := p.fake.Gateway(); s.Connections != 1 {
				t.Errorf("%d: it came back %d times", code, s.Connections-1)
			}
		})
	}
}

func TestWrongTokenStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire := discordfake.Pipe()
		fake := discordfake.Start(t, discordfake.Options{Listener: wire})
		client := wire.Client()
		d := newDesk(t)
		for _, gateway := range []string{"", fake.GatewayURL()} { // refused by the REST interface, by the gateway
			c, err := New(Options{Token: "wrong", AppID: fake.AppID(), APIURL: fake.APIURL(), GatewayURL: gateway, HTTPClient: client}, d, d)
			if err != nil {
				t.Fatal(err)
			}
			c.Start(t.Context())
			if err := <-c.Fatal(); err == nil || strings.Contains(err.Error(), "wrong") {
				t.Errorf("fatal: %v", err)
			}
			c.Stop()
		}
		client.CloseIdleConnections()
	})
}

func TestBackoff(t *testing.T) {
	bubble(t, tune{}, func(t *testing.T, p *pair) {
		p.fake.RefuseGateway(true)
		p.fake.Disconnect(0)
		time.Sleep(10 * time.Minute)
		tries := p.fake.Gateway().Refused
		if tries < 10 || tries > 30 {
			t.Errorf("%d tries in ten minutes", tries)
		}
		p.fake.RefuseGateway(false)
		time.Sleep(longestWait + time.Second)
		if !p.chat.Connected() {
			t.Error("it never came back")
		}
	})
}

// TestAddressOfASessionIsGone: for a moment it is waited for, and nothing is lost;
// not for ever.
func TestAddressOfASessionIsGone(t *testing.T) {
	bubble(t, tune{}, func(t *testing.T, p *pair) {
		for _, row := range []struct {
			away       time.Duration
			identifies int
		}{{10 * time.Second, 1}, {10 * time.Minute, 2}} {
			p.fake.RefuseResume(true)
			p.fake.Disconnect(0)
			if _, err := p.fake.Say("111", "", "pendant"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(row.away)
			if late := row.away > time.Minute; p.chat.Connected() != late {
				t.Errorf("after %v connected: %v", row.away, !late)
			}
			p.fake.RefuseResume(false)
			time.Sleep(longestWait)
			if s := p.fake.Gateway(); s.Identifies != row.identifies || !p.chat.Connected() {
				t.Errorf("away for %v: %+v", row.away, s)
			}
		}
		if n := len(p.all()); n != 1 {
			t.Errorf("%d messages arrived", n)
		}
	})
}

// Unless somebody asks for it, Discord is not asked for what is said in channels.
func TestChannelsAreHeardWhereAskedFor(t *testing.T) {
	for asked, want := range map[bool]int{false: 1, true: 2} {
		p := newPair(t, tune{gateway: true, chat: Options{Channels: asked}})
		for _, channel := range []string{"C", ""} {
			if _, err := p.fake.Say("111", channel, "@Crieur stop"); err != nil {
				t.Fatal(err)
			}
		}
		p.nth(t, want-1)
		time.Sleep(50 * time.Millisecond)
		if n := len(p.all()); n != want {
			t.Errorf("channels %v: %d events", asked, n)
		}
	}
}

func TestMessages(t *testing.T) {
	p := newPair(t, tune{gateway: true, chat: Options{Channels: true}})
	p.fake.AddThread("C", "C2", "thread")
	for _, say := range []struct{ channel, text string }{
		{"C", "personne ne m’entend"}, {"C", "@Crieur plus court"}, {"", "stop"}, {"C2", "@Crieur remplace 26 par 27"},
	} {
		if _, err := p.fake.Say("111", say.channel, say.text); err != nil {
			t.Fatal(err)
		}
	}
	p.nth(t, 2)
	time.Sleep(50 * time.Millisecond)
	all := p.all()
	slices.SortFunc(all, func(a, b bot.Event) int { return strings.Compare(a.ID, b.ID) })
	if len(all) != 3 {
		t.Fatalf("%d events: %+v", len(all), all)
	}
	want := []bot.Event{
		{Text: "plus court", Place: board.Place{Platform: "discord", Team: "G", Channel: "C"}},
		{Text: "stop", Direct: true, Place: board.Place{Platform: "discord", Team: "G", Channel: "@111"}},
		{Text: "remplace 26 par 27", Place: board.Place{Platform: "discord", Team: "G", Channel: "C", Thread: "C2"}},
	}
	for i, e := range all {
		w := want[i]
		w.Place.Message = e.Place.Message
		if e.Kind != bot.Message || e.Text != w.Text || e.Direct != w.Direct || e.Place != w.Place || e.User.ID != "111" ||
			e.ID != "dc:evt:"+e.Place.Message+":MESSAGE_CREATE" || e.Team != "G" {
			t.Errorf("event %+v", e)
		}
	}
}

// What hangs on a message is told with it.
func TestWordsBringTheirFiles(t *testing.T) {
	p := newPair(t, tune{})
	var m said
	if err := json.Unmarshal([]byte(`{"id":"1","channel_id":"C","content":"pour samedi","author":{"id":"111"},"attachments":[
		{"id":"9","url":"https://cdn.example/9.png","filename":"boîte.png","content_type":"image/png","size":12}]}`), &m); err != nil {
		t.Fatal(err)
	}
	e := p.chat.messageEvent(t.Context(), m)
	if len(e.Files) != 1 || e.Files[0] != (bot.Upload{Ref: "https://cdn.example/9.png", Name: "boîte.png", Type: "image/png", Size: 12}) {
		t.Errorf("%+v", e.Files)
	}
}

func TestMessageWhileTheIngressIsAway(t *testing.T) {
	bubble(t, tune{}, func(t *testing.T, p *pair) {
		p.set(func(d *desk) { d.refuse = errors.New("redis is away") })
		if _, err := p.fake.Say("111", "", "tu es là ?"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		p.set(func(d *desk) { d.refuse = nil })
		time.Sleep(10 * time.Second)
		if len(p.all()) != 1 {
			t.Fatal("a short absence lost a message")
		}
		p.set(func(d *desk) { d.refuse = errors.New("redis is away") })
		if _, err := p.fake.Say("111", "", "et maintenant ?"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		all := p.fake.Messages("@111")
		if last := all[len(all)-1]; !strings.HasPrefix(last.Plain(), "Nothing was saved") || !last.Silent {
			t.Errorf("the person reads %q, silent %v", last.Plain(), last.Silent)
		}
		p.set(func(d *desk) { d.refuse = fmt.Errorf("accept: %w", work.ErrUnsure) })
		if _, err := p.fake.Say("111", "", "peut-être ?"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		p.set(func(d *desk) { d.refuse = errors.New("redis is away") }) // the first try may be stored
		time.Sleep(time.Minute)
		all = p.fake.Messages("@111")
		if last := all[len(all)-1]; !strings.HasPrefix(last.Plain(), "Not confirmed yet") {
			t.Errorf("the person reads %q", last.Plain())
		}
	})
}

func TestStopIsIdempotentAndFast(t *testing.T) {
	bubble(t, tune{}, func(t *testing.T, p *pair) {
		p.set(func(d *desk) { d.refuse = errors.New("away") })
		for range 50 {
			if _, err := p.fake.Say("111", "", "x"); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		p.chat.Stop()
		p.chat.Stop()
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("stopping took %v", took)
		}
	})
	d := newDesk(t)
	c, err := New(Options{Token: "t", AppID: "1"}, d, d)
	if err != nil {
		t.Fatal(err)
	}
	c.Stop() // never started
	c.Start(context.Background())
	c.Stop()
}
