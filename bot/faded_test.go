package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/state"
)

// newFaded is a desk that draws alerts, and opens a form of one.
func newFaded(t *testing.T) *counter {
	c := newCounter(t, nil, time.Now)
	c.desk.Mux.View("alert", func(_ context.Context, v bot.ViewRequest) (bot.Card, error) {
		if v.Subject == "gone" {
			return bot.Card{}, errors.New("no such alert")
		}
		return bot.Card{Title: bot.Say("Alerte " + v.Subject)}, nil
	})
	c.desk.Mux.Action(bot.ActionRoute{Name: "form", Shape: bot.Shape{Ack: bot.Open, Form: func(context.Context, *bot.Request) (bot.Form, error) {
		return bot.Form{Title: "?"}, nil
	}}})
	return c
}

// hang puts a card up, or only names it, and makes it a month old where it should be.
func (c *counter) hang(t *testing.T, view, subject string, put, old bool) (token string) {
	t.Helper()
	step := func(what string, do func(context.Context, *state.Tx) error) {
		_, err := state.Do(t.Context(), c.store, what+view+subject, time.Now(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, do(ctx, tx) })
		if err != nil {
			t.Fatal(err)
		}
	}
	step("hang", func(ctx context.Context, tx *state.Tx) error {
		if !put {
			token = c.desk.Tokens.New(tx)
			return board.Name(ctx, tx, token, board.About{View: view, Subject: subject, Brand: "b"})
		}
		card, err := board.Show(ctx, tx, board.Card{View: view, Subject: subject, Brand: "b"}, c.desk.Tokens.New,
			board.Hang{Place: board.Place{Platform: "discord", Team: "G", Channel: "C1"}})
		token = card.Token
		return err
	})
	if old {
		step("age", func(_ context.Context, tx *state.Tx) error {
			tx.Write(state.Write{Key: state.Key{Kind: "token", ID: token}, Delete: true, Blind: true})
			return nil
		})
	}
	return token
}

// aside are the cards that hang with a person since a number of effects.
func (c *counter) aside(t *testing.T, since int, person string) (cards []string) {
	t.Helper()
	for _, record := range c.store.Sent()[since:] {
		var order board.Order
		if record.Effect.Kind != board.EffectKind || record.Effect.Class != outbox.Answer {
			continue
		}
		if err := json.Unmarshal(record.Effect.Data, &order); err != nil {
			t.Fatal(err)
		}
		if order.Copy.Place.Channel == "@"+person && !order.Edit {
			cards = append(cards, order.Card)
		}
	}
	return cards
}

// A click on a card of more than a month does nothing, and brings the card of today;
// what cannot be drawn any more is only said to be old.
func TestFaded(t *testing.T) {
	for name, test := range map[string]struct {
		view, subject string
		put, old      bool
		who           string
		said          string
		ran           int
		today         string
	}{
		"of today":               {"alert", "livraison", true, false, "1", "fait", 1, ""},
		"a month old":            {"alert", "livraison", true, true, "1", "Cette carte date de plus d’un mois. Voici l’état du jour, dans notre conversation.", 0, "alert/livraison"},
		"what it showed is gone": {"alert", "gone", true, true, "1", "Cette carte date de plus d’un mois. L’état du jour est dans /valider, /planning et /mentions.", 0, ""},
		"a private answer":       {"home", "ada", false, true, "1", "Cette carte date de plus d’un mois. L’état du jour est dans /valider, /planning et /mentions.", 0, ""},
		"no view any more":       {"elsewhere", "x", true, true, "1", "Cette carte date de plus d’un mois. L’état du jour est dans /valider, /planning et /mentions.", 0, ""},
		"a stranger":             {"alert", "livraison", true, true, "9", "Cette carte date de plus d’un mois. L’état du jour est dans /valider, /planning et /mentions.", 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := newFaded(t)
			token := c.hang(t, test.view, test.subject, test.put, test.old)
			before := len(c.store.Sent())
			said, _ := c.handle(t, bot.Event{Kind: bot.Action, Action: "count", Token: token, User: bot.User{ID: test.who}})
			if said = strings.ReplaceAll(said, "\u00a0", " "); said != test.said || c.ran != test.ran {
				t.Errorf("%q, ran %d times", said, c.ran)
			}
			if got := strings.Join(c.aside(t, before, test.who), " "); got != test.today {
				t.Errorf("brought %q, want %q", got, test.today)
			}
		})
	}
}

// The card of today can be clicked on, and so can its older copies: they show the same.
func TestFadedComesBack(t *testing.T) {
	c := newFaded(t)
	token := c.hang(t, "alert", "livraison", true, true)
	for i, want := range []int{0, 1} {
		c.handle(t, bot.Event{Kind: bot.Action, Action: "count", Token: token, User: bot.User{ID: "1"}})
		if c.ran != want {
			t.Errorf("click %d: ran %d times", i+1, c.ran)
		}
	}
}

// A button that would open a form brings the card of today as well.
func TestFadedForm(t *testing.T) {
	c := newFaded(t)
	token := c.hang(t, "alert", "livraison", true, true)
	before := len(c.store.Sent())
	var refusal *bot.Refusal
	_, err := c.desk.Form(t.Context(), bot.Event{ID: "f", Kind: bot.Action, Action: "form", Platform: bot.Discord, Token: token, User: bot.User{ID: "1", Locale: "fr"}})
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Card.Text(), "Voici l’état du jour") {
		t.Fatalf("%v", err)
	}
	if got := c.aside(t, before, "1"); len(got) != 1 {
		t.Errorf("brought %v", got)
	}
}
