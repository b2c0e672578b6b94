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
	"crieur/bot/secret"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

// wall is a chat application with one card, that may be asked what hangs there.
type wall struct {
	there map[string]bot.Card // by message
	nonce map[string]string   // message by nonce
	wrong error               // of Find
	loud  []bool              // of each Post
}

func (w *wall) Platform() bot.Platform { return bot.Slack }

func (w *wall) Post(_ context.Context, at board.Place, card bot.Card, how bot.PostOptions) (board.Place, error) {
	if _, above := w.there[at.Thread]; at.Thread != "" && !above {
		return at, &outbox.Error{Fault: outbox.Gone}
	}
	at.Message = fmt.Sprint("m", len(w.there)+1)
	w.loud = append(w.loud, !how.Silent)
	w.there[at.Message], w.nonce[how.Nonce] = card, at.Message
	return at, nil
}

func (w *wall) Edit(_ context.Context, at board.Place, card bot.Card) error {
	if _, ok := w.there[at.Message]; !ok {
		return &outbox.Error{Fault: outbox.Gone}
	}
	w.there[at.Message] = card
	return nil
}

func (w *wall) Answer(context.Context, bot.Handle, bot.Card) error { return nil }

func (w *wall) Find(_ context.Context, at board.Place, nonce string) (board.Place, bool, error) {
	var found bool
	at.Message, found = w.nonce[nonce]
	return at, found && w.wrong == nil, w.wrong
}

// posting is a card "thing/1" to hang in "com", and a poster that hangs it.
func posting(t *testing.T, w *wall) (*bot.Poster, outbox.Effect, *statetest.Mem) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	store, mux := statetest.NewMem(), bot.NewMux(catalog)
	mux.View("thing", func(context.Context, bot.ViewRequest) (bot.Card, error) {
		return bot.Card{Title: bot.Say("A thing"), Buttons: []bot.Button{{Action: "do", Label: "Do it"}}}, nil
	})
	var effect outbox.Effect
	_, err = state.Do(t.Context(), store, "c", time.Unix(1, 0), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		_, err := board.Show(ctx, tx, board.Card{View: "thing", Subject: "1"}, func(*state.Tx) string { return "token" },
			board.Hang{Place: board.Place{Platform: string(bot.Slack), Channel: "com"}, Lang: "en"})
		effect = tx.Effects()[0]
		return nil, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return &bot.Poster{Mux: mux, Store: store, Space: &brand.Space{}, Catalog: catalog,
		Chats: map[bot.Platform]bot.Chat{bot.Slack: w}, Now: func() time.Time { return time.Unix(2, 0) }}, effect, store
}

func newWall() *wall { return &wall{there: map[string]bot.Card{}, nonce: map[string]string{}} }

// After a send without an answer the card is looked for: it is posted again only
// if it is not there, and marked only if nobody can tell.
func TestPosterLooksBeforeItRepeats(t *testing.T) {
	cut := &outbox.Error{Fault: outbox.Temporary, Err: errors.New("503")}
	for _, test := range []struct {
		name     string
		arrived  bool
		wrong    error
		messages int
		marked   bool
		err      error
	}{
		{name: "it is there", arrived: true, messages: 1},
		{name: "it is not there", messages: 1},
		{name: "nobody can tell", arrived: true, wrong: outbox.ErrCannotTell, messages: 2, marked: true},
		{name: "no answer yet", arrived: true, wrong: cut, messages: 1, err: cut},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWall()
			p, effect, _ := posting(t, w)
			if test.arrived {
				if _, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 1}); err != nil {
					t.Fatal(err)
				}
			}
			w.wrong = test.wrong
			receipt, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 2, Repeated: true})
			if !errors.Is(err, test.err) || len(w.there) != test.messages {
				t.Fatalf("%d messages, %v", len(w.there), err)
			}
			if test.err != nil {
				return
			}
			last := w.there[fmt.Sprint("m", len(w.there))]
			if marked := len(last.Blocks) > 0; marked != test.marked || receipt.Repeated != test.marked || receipt.Keep == nil {
				t.Errorf("marked %v, receipt %+v", marked, receipt)
			}
		})
	}
}

// What the process put up before the store forgot it is brought to the newest
// state where it hangs, and its place is kept again.
func TestPosterKeepsWhatItMade(t *testing.T) {
	w := newWall()
	p, effect, _ := posting(t, w)
	first, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 1})
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 1, Made: first.Keep})
	if err != nil || len(w.there) != 1 || again.Keep != first.Keep || again.Repeated {
		t.Errorf("%d messages, receipt %+v, %v", len(w.there), again, err)
	}
	delete(w.there, "m1") // somebody deleted it meanwhile
	again, err = p.Send(t.Context(), effect, outbox.Attempt{Number: 1, Made: first.Keep})
	var kept map[string]any
	if err != nil || len(w.there) != 1 || json.Unmarshal(again.Keep.Data, &kept) != nil {
		t.Errorf("%d messages, receipt %+v, %v", len(w.there), again, err)
	}
}

// knower is a wall that recognises what was posted, for a while.
type knower struct{ *wall }

func (knower) Recognises() time.Duration { return time.Minute }

func (k knower) Post(ctx context.Context, at board.Place, card bot.Card, how bot.PostOptions) (board.Place, error) {
	if how.Repeated != (k.nonce[how.Nonce] != "") {
		return at, errors.New("not told that it is a repetition")
	}
	return k.wall.Post(ctx, at, card, how)
}

// What the chat application recognises is there once, and says nothing else.
func TestPosterLeavesToTheChatWhatItKnows(t *testing.T) {
	for name, row := range map[string]struct {
		ago    time.Duration
		marked bool
	}{
		"a moment ago": {ago: time.Second},
		"too long ago": {ago: 2 * time.Minute, marked: true},
		"who knows":    {marked: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWall()
			w.wrong = outbox.ErrCannotTell
			p, effect, _ := posting(t, w)
			p.Chats[bot.Slack] = knower{w}
			if _, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 1}); err != nil {
				t.Fatal(err)
			}
			receipt, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 2, Repeated: true, Ago: row.ago})
			if marked := len(w.there["m2"].Blocks) > 0; err != nil || marked != row.marked || receipt.Repeated != row.marked {
				t.Errorf("marked %v, receipt %+v, %v", marked, receipt, err)
			}
		})
	}
}

// What may be there twice says so for as long as it hangs, in every later state.
func TestPosterKeepsTheMark(t *testing.T) {
	w := newWall()
	p, effect, _ := posting(t, w)
	w.wrong = outbox.ErrCannotTell
	twice, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 2, Repeated: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 1, Made: twice.Keep}); err != nil {
		t.Fatal(err)
	}
	if m := w.there["m1"]; len(w.there) != 1 || len(m.Blocks) != 1 || m.Blocks[0].Kind != bot.Small {
		t.Errorf("%d messages, the first one is %+v", len(w.there), m)
	}
}

// A card whose message was deleted is put up again by its next state, as
// something that rings: where a message cannot come without a sound, not before
// the relay lets it.
func TestPosterRingsNobodyUnasked(t *testing.T) {
	w := newWall()
	p, effect, store := posting(t, w)
	first, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 1})
	if err != nil {
		t.Fatal(err)
	}
	clear(w.there)
	_, err = state.Do(t.Context(), store, "edit", time.Unix(2, 0), nil, func(ctx context.Context, tx *state.Tx) ([]byte, error) {
		_, err := board.Show(ctx, tx, board.Card{View: "thing", Subject: "1"}, nil)
		effect = tx.Effects()[0]
		return nil, err
	})
	if err != nil {
		t.Fatal(err)
	}
	made := outbox.Attempt{Number: 1, Made: first.Keep}
	if _, err := p.Send(t.Context(), effect, made); outbox.FaultOf(err) != outbox.Rings || len(w.there) != 0 {
		t.Errorf("%d messages, %v", len(w.there), err)
	}
	effect.Notifies = true
	if _, err := p.Send(t.Context(), effect, made); err != nil || len(w.there) != 1 {
		t.Errorf("%d messages, %v", len(w.there), err)
	}
	for platform, silent := range map[bot.Platform]bool{bot.Slack: false, bot.Discord: true, bot.Console: true} {
		if (board.Place{Platform: string(platform)}).Silent() != silent {
			t.Errorf("a message on %s comes without a sound: %v", platform, !silent)
		}
	}
}

// A message makes a sound where the card asks for one, and never where it hangs under
// another.
func TestPosterIsAsLoudAsAsked(t *testing.T) {
	for _, row := range []struct {
		notifies, under, loud bool
	}{{false, false, false}, {true, false, true}, {true, true, false}} {
		w := newWall()
		p, effect, store := posting(t, w)
		effect.Notifies = row.notifies
		if row.under {
			first, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 1})
			if err != nil {
				t.Fatal(err)
			}
			above := state.Write{Key: state.Key{Kind: first.Keep.Kind, ID: first.Keep.ID}, Data: first.Keep.Data, Blind: true}
			if _, err := store.Commit(t.Context(), state.Commit{Cause: "above", Now: time.Unix(2, 0), Writes: []state.Write{above}}); err != nil {
				t.Fatal(err)
			}
			var order board.Order
			if err := json.Unmarshal(effect.Data, &order); err != nil {
				t.Fatal(err)
			}
			order.Copy.Under, order.Copy.Turn = order.Copy.Key(order.Card), 1
			if effect.Data, err = json.Marshal(order); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 1}); err != nil || w.loud[len(w.loud)-1] != row.loud {
			t.Errorf("%+v: loud %v, %v", row, w.loud, err)
		}
		if !row.under {
			continue
		}
		clear(w.there) // somebody deletes the one above: its next state brings it back
		var failure *outbox.Error
		if _, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 1}); !errors.As(err, &failure) || failure.Fault != outbox.Temporary || !failure.Alone {
			t.Errorf("under what was deleted: %v", err)
		}
	}
}

// What a card left behind when it moved down says so, without buttons; where nobody
// left it, nothing is put up.
func TestPosterLeavesMovedCards(t *testing.T) {
	w := newWall()
	p, effect, store := posting(t, w)
	moved := effect
	moved.Data = []byte(strings.Replace(string(effect.Data), `{`, `{"edit":true,"moved":true,`, 1))
	if _, err := p.Send(t.Context(), moved, outbox.Attempt{Number: 1}); err != nil || len(w.there) != 0 {
		t.Fatalf("what never hung: %v, %d messages", err, len(w.there))
	}
	receipt, err := p.Send(t.Context(), effect, outbox.Attempt{Number: 1})
	if err != nil {
		t.Fatal(err)
	}
	keep := receipt.Keep
	if _, err := state.Do(t.Context(), store, "placed", time.Unix(1, 0), nil, func(_ context.Context, tx *state.Tx) ([]byte, error) {
		tx.Write(state.Write{Key: state.Key{Kind: keep.Kind, ID: keep.ID}, Data: keep.Data, Blind: true})
		return nil, nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Send(t.Context(), moved, outbox.Attempt{Number: 1}); err != nil {
		t.Fatal(err)
	}
	if left := w.there["m1"]; len(w.there) != 1 || left.Title.String() != "A thing" || len(left.Buttons) != 0 ||
		!strings.Contains(left.Text(), "further down") {
		t.Errorf("left: %q in %d messages", left.Text(), len(w.there))
	}
	delete(w.there, "m1")
	if _, err := p.Send(t.Context(), moved, outbox.Attempt{Number: 1}); err != nil || len(w.there) != 0 {
		t.Errorf("what was taken away: %v, %d messages", err, len(w.there))
	}
}

// What comes long after it was asked for may not ring where every message does: it
// waits like what notifies.
func TestWhatComesLateRests(t *testing.T) {
	asked := time.Unix(1, 0)
	for _, test := range []struct {
		name     string
		after    time.Duration
		platform bot.Platform
		to       string
		notifies bool
		lives    bool // the handle of the answer
		waits    bool
	}{
		{name: "at once", after: time.Second, platform: bot.Slack, to: "@U1"},
		{name: "after an outage", after: 6 * time.Minute, platform: bot.Slack, to: "@U1", waits: true},
		{name: "it has waited", after: 9 * time.Hour, platform: bot.Slack, to: "@U1", notifies: true},
		{name: "without a sound", after: 6 * time.Minute, platform: bot.Discord, to: "@U1"},
		{name: "where it was asked", after: 6 * time.Minute, platform: bot.Slack, to: "@U1", lives: true},
		{name: "a page, which never rings", after: 6 * time.Minute, platform: bot.Slack, to: "home:U1"},
	} {
		w := &late{wall: newWall(), lives: test.lives}
		place := board.Place{Platform: string(test.platform), Channel: test.to}
		answer := bot.Answer{To: place, Asked: asked, Reply: bot.Handle{ID: "i", Secret: "s"}}
		data, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		answerer := bot.Answerer{Chats: map[bot.Platform]bot.Chat{test.platform: w}, Now: func() time.Time { return asked.Add(test.after) }}
		_, err = answerer.Send(t.Context(), outbox.Effect{ID: "e", Notifies: test.notifies, Data: data}, outbox.Attempt{})
		if waits := outbox.FaultOf(err) == outbox.Rings; waits != test.waits || !waits && err != nil {
			t.Errorf("answer %s: %v", test.name, err)
		}
		if said := len(w.there) > 0; said == (test.waits || test.lives) {
			t.Errorf("answer %s: said %v", test.name, said)
		}
		if test.lives || test.to != "@U1" {
			continue
		}
		p, effect, _ := posting(t, w.wall)
		p.Chats, p.Now = map[bot.Platform]bot.Chat{test.platform: w}, answerer.Now
		effect.Notifies = test.notifies
		effect.Data = []byte(strings.Replace(string(effect.Data), `"slack"`, `"`+string(test.platform)+`"`, 1))
		_, err = p.Send(t.Context(), effect, outbox.Attempt{Number: 1})
		if waits := outbox.FaultOf(err) == outbox.Rings; waits != test.waits || !waits && err != nil {
			t.Errorf("card %s: %v", test.name, err)
		}
	}
}

// late is a chat application whose handles are too old, or still live.
type late struct {
	*wall
	lives bool
}

func (l *late) Answer(context.Context, bot.Handle, bot.Card) error {
	if l.lives {
		return nil
	}
	return &outbox.Error{Fault: outbox.Gone}
}

// reader is a chat application that shows answers.
type reader struct {
	wall
	read []bot.Card
}

func (r *reader) Answer(_ context.Context, _ bot.Handle, card bot.Card) error {
	r.read = append(r.read, card)
	return nil
}

// What an answer tells in secret is read by whoever it is for, and not where it
// is kept until then.
func TestSealedAnswer(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	const told = "https://crieur.example/calendar/abc.ics"
	store, mux := statetest.NewMem(), bot.NewMux(catalog)
	for name, sealed := range map[string]bool{"open": false, "sealed": true} {
		mux.Command(bot.CommandRoute{Name: name, Role: brand.Passerby, Bare: bot.Shape{Ack: bot.Wait, Early: true,
			Handle: func(context.Context, *bot.Request) (bot.Reply, error) {
				return bot.Reply{Sealed: sealed, Card: &bot.Card{Title: bot.Say(told)}}, nil
			}}})
	}
	desk := &bot.Desk{Mux: mux, Space: &brand.Space{}, Catalog: catalog, Store: store,
		Tokens: bot.Tokens{Key: []byte("key"), Space: "s"}, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	for name, sealed := range map[string]bool{"open": false, "sealed": true} {
		e := bot.Event{ID: name, Kind: bot.Command, Platform: bot.Console, Command: name, User: bot.User{ID: "u"},
			Reply: bot.Handle{Platform: bot.Console, Secret: "r"}}
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if err := desk.Handle(t.Context(), store.Enter(work.Item{ID: e.ID, Topic: bot.ChatTopic, Data: data})); err != nil {
			t.Fatal(err)
		}
		sent, err := store.Effects(t.Context(), name+"#0")
		if err != nil {
			t.Fatal(err)
		}
		effect := sent[0].Effect
		if kept := strings.Contains(string(effect.Data), told); kept == sealed {
			t.Errorf("%s: kept as %s", name, effect.Data)
		}
		screen := &reader{}
		answerer := bot.Answerer{Chats: map[bot.Platform]bot.Chat{bot.Console: screen}, Box: desk.Tokens.Box(), Now: time.Now}
		if _, err := answerer.Send(t.Context(), effect, outbox.Attempt{}); err != nil || len(screen.read) != 1 || screen.read[0].Title.String() != told {
			t.Errorf("%s: read %+v, %v", name, screen.read, err)
		}
		answerer.Box = bot.Tokens{Key: []byte("another"), Space: "s"}.Box()
		if _, err := answerer.Send(t.Context(), effect, outbox.Attempt{}); sealed && !errors.Is(err, secret.ErrSealed) {
			t.Errorf("opened with another key: %v", err)
		}
	}
}
