package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/secret"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
	"crieur/cmd/internal/config"
	"crieur/commands/rivals"
	"crieur/integrations/chat/discord"
)

// Slack hides what comes faster than a message a second in a channel; what takes
// the place of "Working…" is no message.
func TestPace(t *testing.T) {
	answer := func(secret string) []byte {
		data, err := json.Marshal(bot.Answer{Reply: bot.Handle{Secret: secret}})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	for name, row := range map[string]struct {
		effect outbox.Effect
		paced  bool
	}{
		"a card":               {outbox.Effect{Kind: board.EffectKind, Destination: "slack:T:C", Data: []byte(`{}`)}, true},
		"a card's next state":  {outbox.Effect{Kind: board.EffectKind, Destination: "slack:T:C", Data: []byte(`{"edit":true}`)}, false},
		"an answer to words":   {outbox.Effect{Kind: bot.AnswerKind, Destination: "slack:T:@U", Data: answer("")}, true},
		"an answer to a click": {outbox.Effect{Kind: bot.AnswerKind, Destination: "slack:T:@U", Data: answer("https://hooks")}, false},
		"an answer on Discord": {outbox.Effect{Kind: bot.AnswerKind, Destination: "discord:G:@u", Data: answer("")}, false},
		"what cannot be read":  {outbox.Effect{Kind: bot.AnswerKind, Destination: "slack:T:@U", Data: []byte("{")}, false},
		"a post on a network":  {outbox.Effect{Kind: "publish", Destination: "slack:T"}, false},
	} {
		if got := pace(row.effect) >= time.Second; got != row.paced {
			t.Errorf("%s: paced %v", name, got)
		}
	}
}

func TestPagingKnowsItsBrands(t *testing.T) {
	pager := pagersOf(&config.Config{Space: &brand.Space{}}, nil)
	_, err := pager.Send(t.Context(), outbox.Effect{Brand: "x"}, outbox.Attempt{})
	if outbox.FaultOf(err) != outbox.Rejected {
		t.Error(err)
	}
}

const rss = `<rss version="2.0"><channel><title>t</title>` +
	`<item><guid>1</guid><title>un colibri</title><link>https://example.org/1</link></item>` +
	`<item><guid>2</guid><title>deux colibris</title><link>https://example.org/2</link></item></channel></rss>`

// broken is a store that fails from the n-th Accept on.
type broken struct {
	*statetest.Mem
	left int
}

func (b *broken) Accept(ctx context.Context, keys []string, item work.Item) (bool, error) {
	if b.left--; b.left < 0 {
		return false, errors.New("redis is away")
	}
	return b.Mem.Accept(ctx, keys, item)
}

func effectOf(t *testing.T, p poll.Poll) outbox.Effect {
	t.Helper()
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return outbox.Effect{ID: "e", Kind: poll.Kind, Data: data}
}

func TestPolling(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, rss)
	}))
	defer server.Close()
	c := &config.Config{Feeds: []config.Feed{{Brand: "b", Name: "google", URL: secret.Secret(server.URL)}}}
	store := &broken{Mem: statetest.NewMem(), left: 1}
	reader := &polling{inbox: door{store}, feeds: feedsOf(c), allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, now: time.Now}
	own := poll.Poll{ID: "feed-b-google", Brand: "b", What: heardFrom}

	_, err := reader.Send(t.Context(), effectOf(t, own), outbox.Attempt{})
	if outbox.FaultOf(err) != outbox.Temporary {
		t.Fatalf("with one of two items stored the cursor must not move on: %v", err)
	}
	store.left = 100
	receipt, err := reader.Send(t.Context(), effectOf(t, own), outbox.Attempt{})
	if err != nil || receipt.Ref == "" || receipt.Args["delay"] == "" {
		t.Fatalf("%+v, %v", receipt, err)
	}
	if left := 100 - store.left; left != 2 {
		t.Errorf("%d items entered, want 2", left)
	}
	rival := poll.Poll{ID: "r", Brand: "b", What: rivals.What, Subject: "bellerive", Address: server.URL}
	if receipt, err := reader.Send(t.Context(), effectOf(t, rival), outbox.Attempt{}); err != nil || receipt.Ref == "" {
		t.Errorf("a competitor: %+v, %v", receipt, err)
	}
	status = http.StatusInternalServerError
	receipt, err = reader.Send(t.Context(), effectOf(t, own), outbox.Attempt{})
	if err != nil || receipt.Status != outbox.Failed || receipt.Reason != "source.down" {
		t.Errorf("a feed that is down: %+v, %v", receipt, err)
	}
	gone := poll.Poll{ID: "feed-b-gone", Brand: "b", What: heardFrom, Cursor: "c"}
	if receipt, err := reader.Send(t.Context(), effectOf(t, gone), outbox.Attempt{}); err != nil || receipt.Ref != "c" {
		t.Errorf("a feed that is no longer named: %+v, %v", receipt, err)
	}
	if _, err := reader.Send(t.Context(), outbox.Effect{Data: []byte("{")}, outbox.Attempt{}); outbox.FaultOf(err) != outbox.Rejected {
		t.Errorf("an order that cannot be read: %v", err)
	}
}

// TestFollow names, changes and takes out feeds; what people follow stays.
func TestFollow(t *testing.T) {
	store := statetest.NewMem()
	b := &brand.Brand{ID: "b", Name: "B", Rivals: []brand.Rival{{ID: "x", Name: "X", Feeds: []string{"https://x.example/rss"}}}}
	c := &config.Config{Space: &brand.Space{ID: "s", Brands: []*brand.Brand{b}},
		Feeds: []config.Feed{{Brand: "b", Name: "one", URL: "https://one.example/key"}, {Brand: "b", Name: "two", URL: "https://two.example/key"}}}
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	read := func() string {
		names := ""
		polls, err := poll.All(t.Context(), state.Begin(store, "look", now), "b")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range polls {
			names += p.Name + " "
			if strings.Contains(p.Address, "key") {
				t.Errorf("the address of %s is kept: %s", p.Name, p.Address)
			}
		}
		return names
	}
	for i, want := range []string{"one two X", "one two X", "two X"} {
		if i == 2 {
			c.Feeds = c.Feeds[1:]
		}
		if err := follow(t.Context(), store, c, now.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
		got := read()
		for _, name := range strings.Fields(want) {
			if !strings.Contains(got, name) {
				t.Errorf("start %d reads %s, want %s", i, got, want)
			}
		}
		if len(strings.Fields(got)) != len(strings.Fields(want)) {
			t.Errorf("start %d reads %s, want %s", i, got, want)
		}
	}
}

// TestDiscordCommands would be taken by Discord as they are.
func TestDiscordCommands(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	mux, err := registered(&brand.Space{ID: "s"}, catalog)
	if err != nil {
		t.Fatal(err)
	}
	made, err := discord.Commands(discord.CommandsOf(mux, catalog))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"draft", "review", "plan", "mentions", "rivals", "crieur"} {
		if !strings.Contains(string(made), `"name":"`+name+`"`) {
			t.Errorf("no command %s in %s", name, made)
		}
	}
}

func TestStackUnwindsBackwardsAndOnce(t *testing.T) {
	var order string
	var s stack
	for _, name := range []string{"a", "b", "c"} {
		s.push(func() { order += name })
	}
	s.unwind()
	s.unwind()
	if order != "cba" {
		t.Errorf("undone %s", order)
	}
}

func TestWriteFindings(t *testing.T) {
	var out strings.Builder
	n := WriteFindings(&out, []Finding{{About: "a", What: "fine."}, {About: "b", What: "odd.", Fix: "Look.", Advice: true}, {About: "c", What: "bad.", Fix: "Mend."}})
	if want := "ok       a: fine.\nadvice   b: odd. Look.\nPROBLEM  c: bad. Mend.\n"; n != 1 || out.String() != want {
		t.Errorf("%d\n%s", n, &out)
	}
}

func TestRegisterNeedsDiscord(t *testing.T) {
	if _, err := RegisterDiscord(t.Context(), &config.Config{}, slog.New(slog.DiscardHandler)); !errors.Is(err, ErrNoChat) {
		t.Error(err)
	}
	if _, err := DiscordInvite(&config.Config{}); !errors.Is(err, ErrNoChat) {
		t.Error(err)
	}
}
