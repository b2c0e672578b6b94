package slack_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// ledger is slack.Tails that outlives processes. At its nth writing the process
// is killed, before or after it.
type ledger struct {
	mu    sync.Mutex
	kept  map[string]slack.Tail
	calls int
	nth   int
	after bool
	kill  func()
}

var errKilled = errors.New("killed")

func (l *ledger) Tail(_ context.Context, place board.Place) (slack.Tail, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept[place.Message], nil
}

func (l *ledger) KeepTail(_ context.Context, place board.Place, tail slack.Tail) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	dies := l.calls == l.nth
	if dies {
		l.kill()
	}
	if dies && !l.after || l.nth > 0 && l.calls > l.nth {
		return errKilled
	}
	l.kept[place.Message] = tail
	return nil
}

// long is a card of several messages.
func long(lines int) bot.Card {
	card := bot.Card{Title: bot.Say("Longue fiche"), Lang: "fr", Token: "t"}
	for i := range lines {
		card.Blocks = append(card.Blocks, bot.P(fmt.Sprintf("ligne-%d %s", i, strings.Repeat("mot ", 200))))
	}
	return card
}

// next is a process that follows, with what was kept.
func (w *world) next(t *testing.T, tails slack.Tails) *slack.Adapter {
	adapter := slack.New(slack.Options{Token: slackfake.BotToken, SigningSecret: slackfake.SigningSecret, Words: words(t),
		APIURL: w.fake.APIURL(), Now: w.fake.Now, Tails: tails}, w.inbox, w.front)
	t.Cleanup(func() { adapter.Stop(context.Background()) })
	return adapter
}

// inThread counts, for each line of the card, the messages of the thread that
// have it and do not say that they were sent again.
func (w *world) inThread(at board.Place, lines int) (unmarked map[int]int, marked int) {
	unmarked = map[int]int{}
	for _, m := range w.fake.Thread(com, at.Message) {
		again := strings.Contains(m.Words(), "Message renvoyé")
		if again {
			marked++
		}
		for i := range lines {
			if strings.Contains(m.Words(), fmt.Sprintf("ligne-%d ", i)) && !again {
				unmarked[i]++
			}
		}
	}
	return unmarked, marked
}

// TestRestOfACardAfterARestart: the process that follows changes the rest of a
// long card, and does not say it again.
func TestRestOfACardAfterARestart(t *testing.T) {
	t.Parallel()
	kept := &ledger{kept: map[string]slack.Tail{}}
	w := newWorld(t, func(f *slackfake.Options, o *slack.Options) { f.Clock, o.Tails = nil, kept })
	card := long(25)
	at, _ := w.post(com, card)
	before := len(w.fake.Thread(com, at.Message))
	next := w.next(t, kept)
	for _, change := range []func(){
		func() {},
		func() { card.Blocks[20] = bot.P("changé " + strings.Repeat("mot ", 200)) },
	} {
		change()
		if err := next.Edit(t.Context(), at, card); err != nil {
			t.Fatal(err)
		}
		if after := len(w.fake.Thread(com, at.Message)); after != before {
			t.Errorf("%d messages in the thread, %d before", after, before)
		}
	}
	if _, marked := w.inThread(at, 25); marked > 0 {
		t.Errorf("%d are marked as sent again", marked)
	}
	card.Blocks = card.Blocks[:2]
	if err := w.next(t, kept).Edit(t.Context(), at, card); err != nil {
		t.Fatal(err)
	}
	if left := w.fake.Thread(com, at.Message); len(left) > 0 || len(kept.kept[at.Message].Messages) > 0 {
		t.Errorf("%d messages are left", len(left))
	}
}

// TestRestOfACardKilled kills the process at each point of saying the rest. The
// one that follows says all of it, and what may be there twice says so.
func TestRestOfACardKilled(t *testing.T) {
	t.Parallel()
	const lines, writes = 25, 5 // two pages: before and after each, and the end
	for nth := 1; nth <= writes; nth++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("write %d, after %v", nth, after), func(t *testing.T) {
				t.Parallel()
				ctx, kill := context.WithCancel(t.Context())
				kept := &ledger{kept: map[string]slack.Tail{}, nth: nth, after: after, kill: kill}
				w := newWorld(t, func(f *slackfake.Options, o *slack.Options) { f.Clock, o.Tails = nil, kept })
				at, err := w.adapter.Post(ctx, place(com), long(lines), bot.PostOptions{})
				if err != nil || ctx.Err() == nil {
					t.Fatalf("%d writes, %v", kept.calls, err)
				}
				kept.nth = 0
				time.Sleep(1200 * time.Millisecond) // a restart takes longer than Slack's pace
				if err := w.next(t, kept).Edit(t.Context(), at, long(lines)); err != nil {
					t.Fatal(err)
				}
				unmarked, marked := w.inThread(at, lines)
				whole := w.now(at).Words()
				for _, m := range w.fake.Thread(com, at.Message) {
					whole += m.Words()
				}
				for i := range lines {
					if unmarked[i] > 1 || !strings.Contains(whole, fmt.Sprintf("ligne-%d ", i)) {
						t.Errorf("line %d: %d times unmarked", i, unmarked[i])
					}
				}
				if marked > 1 || strings.Contains(w.now(at).Words(), "n’a pas pu") {
					t.Errorf("%d marked; the card reads %q", marked, w.now(at).Words())
				}
			})
		}
	}
}

// TestRestOfACardIsLimited: Slack's 429 is obeyed, and nothing is missing.
func TestRestOfACardIsLimited(t *testing.T) {
	t.Parallel()
	kept := &ledger{kept: map[string]slack.Tail{}}
	w := newWorld(t, func(f *slackfake.Options, o *slack.Options) { f.Clock, o.Tails = nil, kept })
	at, _ := w.post(com, long(2))
	w.fake.Fail("chat.postMessage", slackfake.Fault{Status: 429, RetryAfter: time.Second})
	if err := w.adapter.Edit(t.Context(), at, long(25)); err != nil {
		t.Fatal(err)
	}
	if unmarked, marked := w.inThread(at, 25); marked > 0 || unmarked[24] != 1 || strings.Contains(w.now(at).Words(), "n’a pas pu") {
		t.Errorf("%v, %d marked, %q", unmarked, marked, w.now(at).Words())
	}
	// One that it refuses for longer than an attempt takes was not said: it is no
	// repetition when it is said at last.
	w.fake.Fail("chat.postMessage", slackfake.Fault{Status: 429, RetryAfter: time.Hour})
	short, cancel := context.WithTimeout(t.Context(), 8*time.Second)
	defer cancel()
	if err := w.adapter.Edit(short, at, long(50)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(w.now(at).Words(), "n’a pas pu") {
		t.Errorf("reads %q", w.now(at).Words())
	}
	if err := w.adapter.Edit(t.Context(), at, long(50)); err != nil {
		t.Fatal(err)
	}
	if unmarked, marked := w.inThread(at, 25); marked > 0 || unmarked[24] != 1 {
		t.Errorf("%v, %d marked", unmarked, marked)
	}
}
