package slack

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"crieur/bot/outbox"
)

// Every message that wants to change at one time does, in the order of asking, and
// in no minute more of them than Slack allows.
func TestEditsStayUnderTheLimit(t *testing.T) {
	const messages = 200
	e := newEdits(maxEdits)
	now := time.Date(2026, 11, 26, 14, 20, 0, 0, time.UTC)
	due := map[int]time.Time{}
	for n := range messages {
		due[n] = now
	}
	var changed []time.Time
	var order []int
	for end := now.Add(time.Hour); len(due) > 0 && now.Before(end); now = now.Add(50 * time.Millisecond) {
		for n := range messages {
			at, waits := due[n]
			if !waits || now.Before(at) {
				continue
			}
			err := e.turn(fmt.Sprint("m", n), now)
			if err == nil {
				delete(due, n)
				changed, order = append(changed, now), append(order, n)
				continue
			}
			var limited *outbox.Error
			if !errors.As(err, &limited) || limited.Fault != outbox.Limited || !limited.Alone || limited.After <= 0 {
				t.Fatalf("message %d: %v", n, err)
			}
			due[n] = now.Add(limited.After)
		}
	}
	if len(due) > 0 {
		t.Fatalf("%d changes never came", len(due))
	}
	for i := range changed {
		if j := i + maxEdits; j < len(changed) && changed[j].Sub(changed[i]) < time.Minute {
			t.Fatalf("%d changes within %v", maxEdits+1, changed[j].Sub(changed[i]))
		}
		if order[i] != i {
			t.Fatalf("message %d came as number %d", order[i], i)
		}
	}
	if took := changed[messages-1].Sub(changed[0]); took > messages*2*time.Second+time.Second {
		t.Errorf("%d changes took %v", messages, took)
	}
}

func TestEditsWithoutALimit(t *testing.T) {
	e := newEdits(-1)
	for n := range 1000 {
		if err := e.turn(fmt.Sprint(n), time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
	}
}

// Who was told to come back and never did keeps no turn for ever.
func TestTurnsAreForgotten(t *testing.T) {
	e := newEdits(5)
	now := time.Unix(1_800_000_000, 0)
	for n := range 3 * maxTurns {
		_ = e.turn(fmt.Sprint(n), now)
		now = now.Add(time.Hour)
		e.pace.ReserveN(now, 2) // others
	}
	if len(e.turns) > maxTurns {
		t.Errorf("%d turns kept", len(e.turns))
	}
}
