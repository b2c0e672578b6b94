package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

// counter is a desk whose one command counts how often it ran.
type counter struct {
	desk  *bot.Desk
	store *statetest.Mem
	ran   int
	said  int
}

func newCounter(t *testing.T, rates *bot.Rates, now func() time.Time) *counter {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{store: statetest.NewMem()}
	count := func(context.Context, *bot.Request) (bot.Reply, error) { c.ran++; return bot.Private("fait"), nil }
	mux := bot.NewMux(catalog)
	mux.Command(bot.CommandRoute{Name: "crieur", Bare: bot.Shape{Ack: bot.Wait, Handle: count}, With: bot.Shape{Ack: bot.Wait, Handle: mux.Words}})
	mux.Shortcut(bot.ShortcutRoute{Name: "draft.from", Key: "drafting.from", Role: brand.Author, OnMessage: true, Shape: bot.Shape{Ack: bot.Wait, Handle: count}})
	mux.Action(bot.ActionRoute{Name: "count", Role: brand.Anyone, Shape: bot.Shape{Ack: bot.Busy, Handle: count}})
	mux.Home(count)
	c.desk = &bot.Desk{Mux: mux, Catalog: catalog, Store: c.store, Now: now, Rates: rates,
		Space: &brand.Space{ID: "s", Brands: []*brand.Brand{{ID: "b", Name: "B"}}, Members: []*brand.Member{
			{ID: "ada", Name: "Ada", Roles: []brand.Role{brand.Author}, Handles: map[string]string{"discord": "1"}},
			{ID: "bob", Name: "Bob", Handles: map[string]string{"discord": "2"}}}},
		Tokens: bot.Tokens{Key: []byte("k"), Space: "s"}, Log: slog.New(slog.DiscardHandler)}
	return c
}

// handle lets the desk handle an event and returns what the person is answered,
// and where.
func (c *counter) handle(t *testing.T, e bot.Event) (said string, at board.Place) {
	t.Helper()
	c.said++
	e.ID, e.Platform, e.User.Locale = fmt.Sprint("e", c.said), bot.Discord, "fr"
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.desk.Handle(t.Context(), c.store.Enter(work.Item{ID: e.ID, Topic: bot.ChatTopic, Data: data})); err != nil {
		t.Fatal(err)
	}
	var last outbox.Effect
	for _, record := range c.store.Sent() {
		if strings.HasPrefix(record.Effect.ID, e.ID+"#") {
			last = record.Effect
		}
	}
	var answer bot.Answer
	if err := json.Unmarshal(last.Data, &answer); err != nil {
		t.Fatalf("no answer: %v", err)
	}
	return answer.Card.Text(), answer.To
}

// handleAll handles what is in the lane of a conversation.
func (c *counter) handleAll(t *testing.T, conversation string) {
	t.Helper()
	entries, err := c.store.Read(t.Context(), []work.Lane{work.LaneOf(work.In, conversation)}, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if err := c.desk.Handle(t.Context(), entry); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTooMuchIsToldAndChangesNothing(t *testing.T) {
	now := time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	c := newCounter(t, &bot.Rates{Burst: 2, Every: 30 * time.Second}, func() time.Time { return now })
	act := bot.Event{Kind: bot.Command, Command: "crieur", User: bot.User{ID: "1"}}
	for i, want := range []string{"fait", "fait", "Beaucoup de demandes d’un coup : celle-ci n’a rien fait. Reprenez dans 30 s."} {
		said, _ := c.handle(t, act)
		if said = strings.ReplaceAll(said, "\u00a0", " "); said != want {
			t.Errorf("act %d: %q, want %q", i, said, want)
		}
	}
	if c.ran != 2 {
		t.Errorf("ran %d times", c.ran)
	}
	other := act
	other.User.ID = "2"
	if said, _ := c.handle(t, other); said != "fait" {
		t.Errorf("somebody else: %q", said)
	}
	now = now.Add(30 * time.Second)
	if said, _ := c.handle(t, act); said != "fait" {
		t.Errorf("half a minute later: %q", said)
	}
}

// What the store lost while it was handled changes nothing, is no dead item, and
// nobody is told that it was done.
func TestLostWhileItIsHandled(t *testing.T) {
	c := newCounter(t, nil, time.Now)
	data, err := json.Marshal(bot.Event{ID: "e", Kind: bot.Command, Command: "crieur", Platform: bot.Discord, User: bot.User{ID: "1"}})
	if err != nil {
		t.Fatal(err)
	}
	before := c.store.Snapshot()
	for _, item := range []work.Item{{ID: "e", Topic: bot.ChatTopic, Data: data}, {ID: "n", Topic: "news"}, {ID: "x", Topic: "nobody"}} {
		c.desk.Topics = map[string]state.Handler{"news": func(_ context.Context, tx *state.Tx, _ work.Item) error {
			tx.Emit(outbox.Effect{Kind: "card", Destination: "d"})
			return nil
		}}
		entry := c.store.Enter(item)
		c.store.Restore(before)
		if err := c.desk.Handle(t.Context(), entry); !errors.Is(err, work.ErrGone) {
			t.Errorf("%s: %v", item.ID, err)
		}
	}
	if sent, dead := c.store.Sent(), c.store.Dump("dead"); len(sent) != 0 || len(dead) != 0 {
		t.Errorf("sent %+v, dead %v", sent, dead)
	}
}

func TestShortcutsAndHome(t *testing.T) {
	c := newCounter(t, nil, time.Now)
	menu := bot.Event{Kind: bot.Shortcut, Action: "draft.from", User: bot.User{ID: "1"}}
	if said, at := c.handle(t, menu); said != "fait" || at.Channel != "@1" {
		t.Errorf("%q at %v", said, at)
	}
	menu.User.ID = "2"
	if said, _ := c.handle(t, menu); !strings.Contains(said, "Ada") || c.ran != 1 {
		t.Errorf("without the role: %q", said)
	}
	menu.Action = "gone"
	if said, _ := c.handle(t, menu); !strings.Contains(said, "n’existe plus") {
		t.Errorf("one that is gone: %q", said)
	}
	page := bot.Event{Kind: bot.Home, User: bot.User{ID: "1"}, Place: board.Place{Platform: "discord", Channel: "home:1"}}
	if said, at := c.handle(t, page); said != "fait" || at != page.Place {
		t.Errorf("the page: %q at %v", said, at)
	}
	page.User.ID = "9"
	if said, at := c.handle(t, page); !strings.Contains(said, "pas encore dans l’équipe") || at != page.Place {
		t.Errorf("a stranger's page: %q at %v", said, at)
	}
}

func TestListeners(t *testing.T) {
	c := newCounter(t, nil, time.Now)
	asked := ""
	listen := func(name string, takes bool) {
		c.desk.Mux.Listen(func(context.Context, *bot.Request) (bot.Reply, bool, error) {
			asked += name
			return bot.Private("à " + name), takes, nil
		})
	}
	listen("un", false)
	listen("deux", true)
	listen("trois", true)
	if said, _ := c.handle(t, bot.Event{Kind: bot.Message, Direct: true, Text: "des mots", User: bot.User{ID: "1"}}); said != "à deux" || asked != "undeux" {
		t.Errorf("%q after %q", said, asked)
	}
	if said, _ := c.handle(t, bot.Event{Kind: bot.Command, Command: "crieur", Text: "des mots", User: bot.User{ID: "1"}}); strings.HasPrefix(said, "à ") {
		t.Errorf("a command is not said in passing: %q", said)
	}
}

func TestNamesTwice(t *testing.T) {
	c := newCounter(t, nil, time.Now)
	defer func() {
		if recover() == nil {
			t.Error("a shortcut registered twice is a mistake of the program")
		}
	}()
	c.desk.Mux.Shortcut(bot.ShortcutRoute{Name: "draft.from"})
}

func TestChoicesAreForTheRole(t *testing.T) {
	c := newCounter(t, nil, time.Now)
	c.desk.Mux.Command(bot.CommandRoute{Name: "draft", Role: brand.Author, Complete: func(context.Context, *bot.Request, string) ([]bot.Choice, error) {
		return make([]bot.Choice, 40), nil
	}})
	for user, want := range map[string]int{"1": 25, "2": 0, "9": 0} {
		e := bot.Event{ID: "e" + user, Kind: bot.Command, Command: "draft", Platform: bot.Discord, User: bot.User{ID: user}}
		choices, err := c.desk.Choices(t.Context(), e, "")
		if err != nil || len(choices) != want {
			t.Errorf("%s is offered %d, %v; want %d", user, len(choices), err, want)
		}
	}
}
