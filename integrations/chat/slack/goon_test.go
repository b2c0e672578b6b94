package slack_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"crieur/bot/outbox"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// told counts, for each line of the card, the private messages that have it.
func (w *world) told(lines int) map[int]int {
	counted := map[int]int{}
	for _, m := range w.fake.Ephemerals(lea) {
		for i := range lines {
			if strings.Contains(m.Words(), fmt.Sprintf("ligne-%d ", i)) {
				counted[i]++
			}
		}
	}
	return counted
}

// TestALongAnswerGoesOn: an answer of several messages that fails half-way goes on
// where it stopped, in this process and in the one that follows.
func TestALongAnswerGoesOn(t *testing.T) {
	const lines = 25
	for _, restarts := range []bool{false, true} {
		for well := range 3 { // messages that go well first
			w := newWorld(t, nil)
			tails := &ledger{kept: map[string]slack.Tail{}}
			adapter := w.next(t, tails)
			w.fake.Command(lea, com, "/crieur", "bilan")
			reply := w.inbox.one(t).Reply
			w.fake.Fail("response_url", slackfake.Fault{Status: http.StatusServiceUnavailable, Skip: well})
			if err := adapter.Answer(context.Background(), reply, long(lines)); outbox.FaultOf(err) != outbox.Temporary && outbox.FaultOf(err) != outbox.Ambiguous {
				t.Fatalf("after %d: it did not fail", well)
			}
			if restarts {
				adapter = w.next(t, tails)
			}
			if err := adapter.Answer(context.Background(), reply, long(lines)); err != nil {
				t.Fatalf("after %d: %v", well, err)
			}
			for line, n := range w.told(lines) {
				if n != 1 {
					t.Errorf("after %d, restarted %v: line %d stands %d times", well, restarts, line, n)
				}
			}
			if n := len(w.told(lines)); n != lines {
				t.Errorf("after %d, restarted %v: %d lines of %d", well, restarts, n, lines)
			}
			for at, tail := range tails.kept {
				if len(tail.Messages) > 0 || strings.Contains(at, "hooks") {
					t.Errorf("kept at %s: %+v", at, tail)
				}
			}
		}
	}
}
