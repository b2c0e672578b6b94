package app_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/commands/mentions"
)

// person is a member of the crowd.
func person(n int) *brand.Member {
	id := fmt.Sprint("p", n)
	return &brand.Member{ID: id, Name: id, Roles: []brand.Role{brand.Responder},
		Handles: map[string]string{string(bot.Console): id}}
}

// A thousand conversations are taken by two people each, all at one time: each
// has one owner, and everybody who came second is told.
func TestThousandDoubleClicks(t *testing.T) {
	const count = 1000
	synctest.Test(t, func(t *testing.T) {
		store := statetest.NewMem()
		w := newWorldFrom(t, nil, none, 0, "fr")
		w.kept, w.pass, w.patience = store, time.Sleep, 3*time.Minute
		for n := range 2 * count {
			w.crowd = append(w.crowd, person(n))
		}
		w.live()
		defer w.end()
		for n := range count {
			w.hear(fmt.Sprint("m", n), "Mastodon", fmt.Sprint("@client", n), fmt.Sprintf("Vous livrez la commande numéro %d ? @colibri", n))
		}
		time.Sleep(time.Minute)
		events := doubleClicks(t, w, store)
		if len(events) != 2*count {
			t.Fatalf("%d clicks", len(events))
		}
		var clicks sync.WaitGroup
		for _, e := range events {
			clicks.Go(func() {
				if fresh, err := w.Accept(t.Context(), []string{e.ID}, e); err != nil || !fresh {
					t.Error(fresh, err)
				}
			})
		}
		clicks.Wait()
		time.Sleep(time.Minute)
		taken := map[string]int{}
		for _, entry := range store.Trail() {
			if entry.What == "case.taken" {
				taken[entry.Subject]++
			}
		}
		twice, told := 0, 0
		for _, times := range taken {
			if times > 1 {
				twice++
			}
		}
		for n := range 2 * count {
			told += len(w.told(person(n).ID, "s’en occupe depuis"))
		}
		t.Logf("%d clicks, %d taken, %d twice, %d told that they came second", len(events), len(taken), twice, told)
		if len(taken) != count || twice != 0 || told != count {
			t.Errorf("%d taken, %d twice, %d told", len(taken), twice, told)
		}
	})
}

// doubleClicks are two clicks for each conversation, by two people, on the
// button that takes it.
func doubleClicks(t *testing.T, w *world, store *statetest.Mem) (events []bot.Event) {
	tokens := bot.Tokens{Key: []byte("key"), Space: "demo"}
	n := 0
	for id := range store.Dump("case") {
		var token string
		_, err := state.Do(t.Context(), store, "name:"+id, w.clock.Now(), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			token = tokens.New(tx)
			return nil, board.Name(ctx, tx, token, board.About{View: mentions.CaseView, Subject: id, Brand: "colibri"})
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			user := person(n).ID
			n++
			events = append(events, bot.Event{
				ID: "click:" + id + ":" + user, Kind: bot.Action, Platform: bot.Console, Team: "colibri",
				Place: board.Place{Platform: string(bot.Console), Team: "colibri", Channel: "com-alertes"},
				User:  bot.User{ID: user, Name: user, Locale: "fr"}, At: w.clock.Now(),
				Action: "case.take", Token: token,
				Reply: bot.Handle{Platform: bot.Console, Secret: user, Expires: w.clock.Now().Add(30 * time.Minute)},
			})
		}
	}
	return events
}
