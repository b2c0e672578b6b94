package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
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

func TestRedraw(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	mux := bot.NewMux(catalog)
	mux.View("alert", func(_ context.Context, v bot.ViewRequest) (bot.Card, error) {
		return bot.Card{Title: bot.Say(v.Subject + " " + v.Print.Lang)}, nil
	})
	store, now := statetest.NewMem(), time.Now()
	space := &brand.Space{ID: "s", Brands: []*brand.Brand{{ID: "b", Name: "B"}},
		Members: []*brand.Member{{ID: "ada", Handles: map[string]string{"discord": "1"}}}}
	desk := &bot.Desk{Mux: mux, Space: space, Catalog: catalog, Store: store, Now: func() time.Time { return now },
		Tokens: bot.Tokens{Key: []byte("k"), Space: "s"}, Log: slog.New(slog.DiscardHandler)}
	name := func(view string) (token string) {
		_, err := state.Do(t.Context(), store, "name "+view, now, nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			token = desk.Tokens.New(tx)
			return nil, board.Name(ctx, tx, token, board.About{View: view, Subject: "livraison", Brand: "b"})
		})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	token, old := name("alert"), desk.Tokens.New(state.Begin(store, "forgotten", now))
	event := func(token, user string) bot.Event {
		return bot.Event{ID: "e", Kind: bot.Action, Platform: bot.Discord, Token: token, User: bot.User{ID: user, Locale: "fr"}}
	}
	for token, want := range map[string]bool{token: true, "forged": false, old: false} {
		if got := desk.Known(t.Context(), event(token, "1")); got != want {
			t.Errorf("%s is known: %v", token, got)
		}
	}
	card, err := desk.Redraw(t.Context(), event(token, "1"))
	if err != nil || card.Title.String() != "livraison fr" || card.Token != token || card.Lang != "fr" {
		t.Errorf("drew %+v, %v", card, err)
	}
	for what, e := range map[string]bot.Event{
		"a stranger": event(token, "9"), "no view": event(name("nothing"), "1"), "a forged token": event("forged", "1"), "an old token": event(old, "1"),
	} {
		var refusal *bot.Refusal
		if _, err := desk.Redraw(t.Context(), e); !errors.As(err, &refusal) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestDrawnAgain: a card is drawn once more, 5 s after a click, where another
// process's "Working…" may hide what the click made of it; and only there. Who
// answers is told of it too.
func TestDrawnAgain(t *testing.T) {
	for name, test := range map[string]struct {
		taken string
		alone bool
		again int
	}{
		"in one process":            {"this", true, 0},
		"taken in by another":       {"other", true, 1},
		"beside others":             {"this", false, 1},
		"taken by one that is gone": {"", true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounter(t, nil, fixed)
			c.desk.Self, c.desk.Alone = "this", func() bool { return test.alone }
			var token string
			_, err := state.Do(t.Context(), c.store, "hang", fixed(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
				card, err := board.Show(ctx, tx, board.Card{View: "alert", Subject: "livraison", Brand: "b"}, c.desk.Tokens.New,
					board.Hang{Place: board.Place{Platform: "slack", Team: "T", Channel: "C1"}})
				token = card.Token
				return nil, err
			})
			if err != nil {
				t.Fatal(err)
			}
			taking := *c.desk
			taking.Self, taking.Inbox = test.taken, c.store
			for n := range 2 { // a second click asks for no second time
				click := bot.Event{ID: fmt.Sprint("e", n), Kind: bot.Action, Action: "count", Platform: bot.Slack, Token: token, User: bot.User{ID: "1"}}
				if _, err := taking.Accept(t.Context(), []string{click.ID}, click); err != nil {
					t.Fatal(err)
				}
				c.handleAll(t, click.Conversation())
			}
			drawn := 0
			for _, record := range c.store.Sent() {
				var said bot.Answer
				if record.Effect.Kind != bot.AnswerKind {
					if drawn++; drawn > 1 && record.Effect.Class != outbox.Answer {
						t.Errorf("somebody reads Working… until a class %d", record.Effect.Class)
					}
					continue
				}
				if err := json.Unmarshal(record.Effect.Data, &said); err != nil || said.Reply.Elsewhere != (test.again > 0) {
					t.Errorf("answered as %+v, %v", said.Reply, err)
				}
			}
			if drawn != 3 { // hung, and brought to its state by each click: its buttons come back
				t.Errorf("drawn %d times", drawn)
			}
			for _, step := range []struct {
				at   time.Duration
				want int
			}{{4999 * time.Millisecond, 0}, {5 * time.Second, test.again}, {time.Minute, 0}} {
				moved, _, err := c.store.MoveDue(t.Context(), fixed().Add(step.at), 10)
				if err != nil || moved != step.want {
					t.Errorf("%d due after %v, %v", moved, step.at, err)
				}
			}
			before := len(c.store.Sent())
			c.desk.Topics = map[string]state.Handler{"due:" + board.AgainTopic: board.DrawnAgain}
			c.handleAll(t, "card:alert/livraison")
			if sent := c.store.Sent()[before:]; len(sent) != test.again || test.again > 0 && sent[0].Effect.Kind != board.EffectKind {
				t.Errorf("%+v", sent)
			}
		})
	}
}

// TestJoiningAnswersNothing: whoever adds Crieur to a channel asked nothing, whatever
// follows from it, and whether anybody listens.
func TestJoiningAnswersNothing(t *testing.T) {
	for name, listens := range map[string]bool{"heard": true, "not heard": false} {
		t.Run(name, func(t *testing.T) {
			c := newCounter(t, nil, fixed)
			heard := 0
			if listens {
				c.desk.Mux.Joined(func(context.Context, *bot.Request) (bot.Reply, error) {
					heard++
					return bot.Private("Bonjour"), nil
				})
			}
			for n, user := range []string{"1", "9"} {
				id := fmt.Sprint("j", n)
				data, err := json.Marshal(bot.Event{ID: id, Kind: bot.Joined, Platform: bot.Slack, User: bot.User{ID: user}})
				if err != nil {
					t.Fatal(err)
				}
				if err := c.desk.Handle(t.Context(), c.store.Enter(work.Item{ID: id, Topic: bot.ChatTopic, Data: data})); err != nil {
					t.Fatal(err)
				}
			}
			if sent := c.store.Sent(); len(sent) > 0 || heard > 0 != listens {
				t.Errorf("heard %d times, %d answers: %+v", heard, len(sent), sent)
			}
		})
	}
}

// TestLinksAnswerNothing: a link is no question, however many are pasted, and
// whoever pastes them.
func TestLinksAnswerNothing(t *testing.T) {
	c := newCounter(t, &bot.Rates{Burst: 1, Every: time.Hour}, fixed)
	c.desk.URL = "https://crieur.example"
	for n, user := range []string{"1", "1", "1", "9", "9"} {
		id := fmt.Sprint("l", n)
		data, err := json.Marshal(bot.Event{ID: id, Kind: bot.Link, Platform: bot.Discord, User: bot.User{ID: user},
			Values: map[string][]string{bot.LinkField: {"https://crieur.example/card/x"}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.desk.Handle(t.Context(), c.store.Enter(work.Item{ID: id, Topic: bot.ChatTopic, Data: data})); err != nil {
			t.Fatal(err)
		}
	}
	if sent := c.store.Sent(); len(sent) > 0 {
		t.Errorf("%d answers to links: %+v", len(sent), sent)
	}
}
