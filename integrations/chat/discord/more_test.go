package discord

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/outbox"
	"crieur/integrations/chat/discord/discordfake"
)

func TestNobodyOpensAnothersForm(t *testing.T) {
	p := newPair(t, tune{})
	p.set(func(d *desk) {
		d.acks["draft"], d.forms["draft"] = bot.Open, ourForm()
		d.wrong = map[string]string{"text": "Trop court."}
	})
	p.fake.Command("111", "C", "draft", "")
	sent := p.fake.SubmitModal("111", map[string]string{"text": "x"})
	id := sent.Message.Buttons[0].CustomID
	place, err := p.chat.Post(t.Context(), com(), simple(), bot.PostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.fake.Press("222", place.Message, id); got.Response != 4 || got.Modal != nil {
		t.Errorf("another person got %+v", got)
	}
	if got := p.fake.Press("111", place.Message, id); got.Response != 9 {
		t.Errorf("the same person got %+v", got)
	}
	p.chat.forms = newKept[openForm](10) // as after a restart
	if got := p.fake.Press("111", place.Message, id); got.Response != 4 || !strings.Contains(got.Message.Plain(), "n’est plus ouvert") {
		t.Errorf("after a restart: %+v", got.Message)
	}
}

func TestWhoIsListenedTo(t *testing.T) {
	d := newDesk(t)
	c, err := New(Options{Token: "t", AppID: "900"}, d, d)
	if err != nil {
		t.Fatal(err)
	}
	ada, us := person{ID: "1"}, []person{{ID: "900"}}
	for _, row := range []struct {
		name string
		m    said
		want bool
	}{
		{"a direct message", said{Author: ada}, true},
		{"a mention", said{Author: ada, GuildID: "G", Content: "<@900> plus court", Mentions: us}, true},
		{"a mention with !", said{Author: ada, GuildID: "G", Content: "<@!900> plus court", Mentions: us}, true},
		{"talk among others", said{Author: ada, GuildID: "G", Content: "bonjour"}, false},
		{"a reply that only pings", said{Author: ada, GuildID: "G", Type: 19, Content: "merci", Mentions: us}, false},
		{"a robot", said{Author: person{ID: "2", Bot: true}}, false},
		{"a webhook", said{Author: ada, WebhookID: "5"}, false},
		{"ourselves", said{Author: person{ID: "900"}}, false},
		{"somebody joins", said{Author: ada, Type: 7}, false},
		{"nobody", said{}, false},
	} {
		if got := c.meant(row.m); got != row.want {
			t.Errorf("%s: %v", row.name, got)
		}
	}
}

func TestLostAcknowledgementIsRepeated(t *testing.T) {
	for name, fault := range map[string]discordfake.Fault{
		"before": {Path: "/callback", DropBefore: true},
		"after":  {Path: "/callback", DropAfter: true},
		"500":    {Path: "/callback", Status: 500},
	} {
		p := newPair(t, tune{gateway: true})
		p.set(func(d *desk) { d.acks["draft+"] = bot.Quiet })
		p.fake.Inject(fault)
		if got := p.fake.Command("111", "C", "draft", "x"); got.Failed || got.Response != 5 {
			t.Errorf("%s: %+v", name, got)
		}
		eventually(t, name+": what follows is done", func() bool { return len(p.fake.Ephemerals("111")) == 0 })
		p.fake.Forgive()
	}
}

func TestLocaleIsRememberedForMessages(t *testing.T) {
	p := newPair(t, tune{gateway: true})
	p.fake.Command("222", "C", "draft", "x")
	if _, err := p.fake.Say("222", "", "hello"); err != nil {
		t.Fatal(err)
	}
	if e := p.nth(t, 1); e.Kind != bot.Message || e.User.Locale != "en-GB" {
		t.Errorf("event %+v", e)
	}
}

func TestInteractionsLeaveNothingBehind(t *testing.T) {
	p := newPair(t, tune{gateway: true, fake: discordfake.Options{Unlimited: true}})
	p.fake.Command("111", "C", "draft", "x")
	p.chat.rest.http.CloseIdleConnections()
	before, buckets := runtime.NumGoroutine(), len(p.chat.rest.limits.buckets)
	for i := range 500 {
		if got := p.fake.Command("111", "C", "draft", "x"); got.Failed {
			t.Fatalf("interaction %d failed", i)
		}
	}
	eventually(t, "goroutines end", func() bool {
		p.chat.rest.http.CloseIdleConnections()
		return runtime.NumGoroutine() <= before+5
	})
	if n := len(p.chat.rest.limits.buckets); n != buckets {
		t.Errorf("%d buckets after 500 interactions, %d before", n, buckets)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p := newPair(t, tune{gateway: true, chat: Options{Logger: logger}})
	o := p.chat.opts
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(verb, o) + fmt.Sprintf(verb, p.chat); strings.Contains(text, p.fake.Token()) {
			t.Errorf("%s shows the token", verb)
		}
	}
	logger.Info("options", "discord", o, "chat", p.chat)
	got := p.fake.Command("111", "C", "draft", "x")
	p.fake.Inject(discordfake.Fault{Path: "/webhooks", DropAfter: true, Times: 2})
	handle := p.nth(t, 0).Reply
	handle.Deferred = false
	err := p.chat.Answer(t.Context(), handle, simple())
	if err == nil || outbox.FaultOf(err) != outbox.Ambiguous {
		t.Errorf("a follow-up without an answer is %v", err)
	}
	p.fake.Close()
	late := p.chat.Answer(t.Context(), handle, simple())
	p.chat.Stop()
	logger.Error("answers", "first", err, "late", late)
	for what, secret := range map[string]string{"bot token": p.fake.Token(), "interaction token": got.Token} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the %s is in the log:\n%s", what, log.String())
		}
	}
}

func TestTidy(t *testing.T) {
	for _, row := range [][3]string{
		{"d", "26/11/2026", "2026-11-26"}, {"d", "1.2.2026", "2026-02-01"}, {"d", "2026-11-26", "2026-11-26"}, {"d", "31/02/2026", "31/02/2026"}, {"d", "demain", "demain"},
		{"c", "18h", "18:00"}, {"c", "18 h 30", "18:30"}, {"c", "18\u00a0h\u00a000", "18:00"}, {"c", "8:05", "08:05"}, {"c", "25:00", "25:00"}, {"c", "18.45", "18:45"},
		{"l", " 18h ", " 18h "}, {"a", "26/11/2026", "26/11/2026"}, {"", "x", "x"},
	} {
		if got := tidy(row[0], row[1]); got != row[2] {
			t.Errorf("%s %q is %q, want %q", row[0], row[1], got, row[2])
		}
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	d := newDesk(t)
	for _, o := range []Options{{}, {Token: "t"}, {AppID: "1"}, {Token: "t", AppID: "1", PublicKey: "zz"}, {Token: "t", AppID: "1", PublicKey: "abcd"}} {
		if _, err := New(o, d, d); err == nil {
			t.Errorf("%v was taken", o)
		}
	}
}

func TestKeptIsBounded(t *testing.T) {
	k := newKept[int](100)
	for i := range 100000 {
		k.put(fmt.Sprint(i), i)
	}
	if n := len(k.young) + len(k.old); n > 100 {
		t.Errorf("%d are kept", n)
	}
	if v, ok := k.get("99990"); !ok || v != 99990 {
		t.Error("a recent one is forgotten")
	}
	if _, ok := k.get("5"); ok {
		t.Error("an old one is kept")
	}
}

func TestPanicOfTheFrontIsAnAnswer(t *testing.T) {
	_, err := within(t.Context(), time.Second, func(context.Context) (int, error) { panic("boom") })
	if err == nil || !strings.Contains(err.Error(), "boom") {
		t.Errorf("error %v", err)
	}
}
