package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
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
