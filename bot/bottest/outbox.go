package bottest

import (
	"context"
	"encoding/json"
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
)

// Outbox is a relay over one chat application, in real time: how what the
// application answers is obeyed.
type Outbox struct {
	t     testing.TB
	store *statetest.Mem
	count int
}

// NewOutbox starts one; it ends with the test.
func NewOutbox(t testing.TB, chat bot.Chat, catalog *i18n.Catalog) *Outbox {
	o := &Outbox{t: t, store: statetest.NewMem()}
	mux := bot.NewMux(catalog)
	mux.View("words", func(_ context.Context, v bot.ViewRequest) (bot.Card, error) {
		return bot.Card{Title: bot.Say(v.Subject)}, nil
	})
	chats := map[bot.Platform]bot.Chat{chat.Platform(): chat}
	relay := outbox.NewRelay(outbox.Options{
		Store: o.store, Queue: o.store, Owner: "test", Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Senders: map[string]outbox.Sender{
			board.EffectKind: &bot.Poster{Mux: mux, Store: o.store, Space: &brand.Space{}, Catalog: catalog, Chats: chats, Now: time.Now},
			bot.AnswerKind:   &bot.Answerer{Chats: chats, Now: time.Now},
		},
	})
	ctx, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); relay.Run(ctx) }()
	t.Cleanup(func() { end(); <-done })
	return o
}

// Hang puts up a card that says the words, or brings it to its state again.
func (o *Outbox) Hang(at board.Place, words string) {
	o.t.Helper()
	o.do(func(ctx context.Context, tx *state.Tx) error {
		var hangs []board.Hang
		if _, found, err := board.Get(ctx, tx, board.ID("words", words)); err != nil || !found {
			hangs = []board.Hang{{Place: at, Lang: "fr"}}
		}
		_, err := board.Show(ctx, tx, board.Card{View: "words", Subject: words}, func(*state.Tx) string { return words }, hangs...)
		return err
	})
}

// Answer answers somebody privately.
func (o *Outbox) Answer(handle bot.Handle, to board.Place, words string) {
	o.t.Helper()
	data, err := json.Marshal(bot.Answer{Reply: handle, To: to, Card: bot.Card{Title: bot.Say(words)}})
	if err != nil {
		o.t.Fatal(err)
	}
	o.do(func(_ context.Context, tx *state.Tx) error {
		tx.Emit(outbox.Effect{Kind: bot.AnswerKind, Destination: to.Destination(), Class: outbox.Answer, Data: data})
		return nil
	})
}

func (o *Outbox) do(decide func(context.Context, *state.Tx) error) {
	o.t.Helper()
	o.count++
	_, err := state.Do(context.Background(), o.store, fmt.Sprint("c", o.count), time.Now(), nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, decide(ctx, tx) })
	if err != nil {
		o.t.Fatal(err)
	}
}

// Wait waits until as many effects as said stand so, 30 s at most.
func (o *Outbox) Wait(status outbox.Status, count int) {
	o.t.Helper()
	for deadline := time.Now().Add(90 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		stand := map[outbox.Status]int{}
		for _, record := range o.store.Sent() {
			stand[record.Status]++
		}
		if stand[status] == count {
			return
		}
		if time.Now().After(deadline) {
			o.t.Fatalf("want %d %s, have %v", count, status, stand)
		}
	}
}
