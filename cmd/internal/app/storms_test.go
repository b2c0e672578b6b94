package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/outbox"
	"crieur/bot/secret"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/discord/discordfake"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

// storm is many messages to many channels of one platform, through the relay and
// the adapter, to a fake that enforces what the platform allows.
type storm struct {
	chat        bot.Chat
	team        string
	count, each int // channels, and messages to each
	mu          sync.Mutex
	ended       map[string]time.Time // when the last message of a channel was there
	left        int
}

func newStorm(chat bot.Chat, team string, count, each int) *storm {
	return &storm{chat: chat, team: team, count: count, each: each, ended: map[string]time.Time{}, left: count * each}
}

// stormy is the nth channel; the first one is asked to wait for a minute.
func stormy(n int) string { return fmt.Sprint("CSTORM", n) }

// Send implements outbox.Sender.
func (s *storm) Send(ctx context.Context, e outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	var order board.Order
	if err := json.Unmarshal(e.Data, &order); err != nil {
		return outbox.Receipt{}, err
	}
	at, err := s.chat.Post(ctx, order.Copy.Place, bot.Card{Title: bot.Say(order.Card)}, bot.PostOptions{Nonce: e.ID})
	if err != nil {
		return outbox.Receipt{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended[order.Copy.Place.Channel] = time.Now()
	s.left--
	return outbox.Receipt{Ref: at.Message}, nil
}

func (s *storm) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left == 0
}

// commit decides all of it.
func (s *storm) commit(t *testing.T, store Backend) {
	for n := range s.each {
		commit := state.Commit{Cause: fmt.Sprint("storm", n), Now: time.Now()}
		for i := range s.count {
			place := board.Place{Platform: string(s.chat.Platform()), Team: s.team, Channel: stormy(i)}
			data, err := json.Marshal(board.Order{Card: fmt.Sprint(n), Copy: board.Copy{Place: place}})
			if err != nil {
				t.Fatal(err)
			}
			commit.Effects = append(commit.Effects, outbox.Effect{ID: fmt.Sprintf("%d/%d", i, n), Kind: board.EffectKind, Destination: place.Destination(), Data: data})
		}
		if _, err := store.Commit(t.Context(), commit); err != nil {
			t.Fatal(err)
		}
	}
}

// run carries it out, and says how long the channel that has to wait took, and the
// slowest of the others.
func (s *storm) run(t *testing.T, store Backend) (waits, slowest time.Duration) {
	s.commit(t, store)
	relay := outbox.NewRelay(outbox.Options{Store: store, Queue: store, Owner: "o", Now: time.Now, Pace: pace,
		Senders: map[string]outbox.Sender{board.EffectKind: s}, Log: slog.New(slog.DiscardHandler)})
	ctx, end := context.WithCancel(t.Context())
	var running sync.WaitGroup
	began := time.Now()
	running.Go(func() { relay.Run(ctx) })
	for !s.over() && time.Since(began) < 10*time.Minute {
		time.Sleep(10 * time.Millisecond)
	}
	end()
	running.Wait()
	for name, at := range s.ended {
		if name == stormy(0) {
			waits = at.Sub(began)
		} else {
			slowest = max(slowest, at.Sub(began))
		}
	}
	return waits, slowest
}

// inOrder says that a channel shows all that was said to it, each once and in its
// place.
func (s *storm) inOrder(t *testing.T, channel string, shown []string) {
	t.Helper()
	var want []string
	for n := range s.each {
		want = append(want, fmt.Sprint(n))
	}
	if !slices.Equal(shown, want) {
		t.Errorf("%s shows %q", channel, shown)
	}
}

// measured holds a storm against what the platform allows: no longer than a tenth
// more, hardly anything refused, and nobody waits for the channel that has to.
func (s *storm) measured(t *testing.T, least, waits, slowest time.Duration, refused int) {
	t.Helper()
	t.Logf("%d messages to %d channels in %v, the least possible is %v; the channel that had to wait took %v; %d refused",
		s.count*s.each, s.count, slowest.Round(time.Millisecond), least, waits.Round(time.Millisecond), refused)
	if slowest > least*110/100 {
		t.Errorf("took %v, the least possible is %v", slowest, least)
	}
	if waits < time.Minute {
		t.Errorf("the channel that was asked to wait for a minute was done after %v", waits)
	}
	if most := s.count * s.each / 1000; refused > most {
		t.Errorf("%d refused, at most %d", refused, most)
	}
}

// TestStormThroughSlack says a message a second to each of many channels, over
// HTTP and on a real Redis. How long it takes is measured where the machine does
// nothing else.
func TestStormThroughSlack(t *testing.T) {
	count, each, wait := 20, 4, 2*time.Second
	if os.Getenv("CRIEUR_LONG") != "" {
		count, each, wait = 500, 20, time.Minute
	}
	client := goredis.NewClient(&goredis.Options{Addr: redistest.Server(t)})
	defer client.Close()
	store, err := redis.NewStore(t.Context(), client, "storm")
	if err != nil {
		t.Fatal(err)
	}
	fake := slackfake.New(t, slackfake.Options{NoTiers: true})
	for i := range count {
		fake.AddChannel(slackfake.Channel{ID: stormy(i), Name: stormy(i)})
	}
	fake.Fail("chat.postMessage", slackfake.Fault{Channel: stormy(0), Status: 429, RetryAfter: wait})
	s := newStorm(slack.New(slack.Options{Token: slackfake.BotToken, SigningSecret: slackfake.SigningSecret, APIURL: fake.APIURL(),
		Team: slackfake.Team, Words: catalogOf(t)}, nil, nil), slackfake.Team, count, each)
	waits, slowest := s.run(t, store)
	for i := range count {
		var shown []string
		for _, m := range fake.Messages(stormy(i)) {
			shown = append(shown, m.Words())
		}
		s.inOrder(t, stormy(i), shown)
	}
	stats := fake.Stats()
	if stats.Suppressed > 0 || stats.Limited > 1 || waits < wait {
		t.Errorf("%d came within a second of the one before, and Slack may hide them; %d refused; the channel that had to wait %v took %v",
			stats.Suppressed, stats.Limited-1, wait, waits)
	}
	if os.Getenv("CRIEUR_LONG") != "" {
		s.measured(t, time.Duration(each-1)*time.Second, waits, slowest, stats.Limited-1)
	}
}

// TestStormThroughDiscord says as much as one bot may in a second.
func TestStormThroughDiscord(t *testing.T) {
	count, each := 100, 10
	if os.Getenv("CRIEUR_LONG") != "" {
		count, each = 500, 20
	}
	synctest.Test(t, func(t *testing.T) {
		wire := discordfake.Pipe()
		fake := discordfake.Start(t, discordfake.Options{Listener: wire})
		for i := range count {
			fake.AddChannel("G", stormy(i), stormy(i))
		}
		fake.Inject(discordfake.Fault{Path: "/channels/" + stormy(0) + "/", Status: 429, RetryAfter: 60})
		client := wire.Client()
		t.Cleanup(client.CloseIdleConnections)
		made, err := New(Options{Space: &brand.Space{ID: "storm"}, Catalog: catalogOf(t)})
		if err != nil {
			t.Fatal(err)
		}
		chat, err := discord.New(discord.Options{Token: secret.Secret(fake.Token()), AppID: fake.AppID(), APIURL: fake.APIURL(), HTTPClient: client}, made.Desk, made.Desk)
		if err != nil {
			t.Fatal(err)
		}
		s := newStorm(chat, "G", count, each)
		waits, slowest := s.run(t, statetest.NewMem())
		for i := range count {
			var shown []string
			for _, m := range fake.Messages(stormy(i)) {
				shown = append(shown, m.Plain())
			}
			s.inOrder(t, stormy(i), shown)
		}
		s.measured(t, time.Duration(count*each)*time.Second/50, waits, slowest, fake.Refused())
	})
}
