package app

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crieur/bot/hours"
	"crieur/bot/outbox"
)

// TestAnswerAfterClosingTime asks for something before closing time; Slack takes it
// when the handle of the question has died, and people rest: the answer comes in the
// morning on which they work, as whatever else would ring.
func TestAnswerAfterClosingTime(t *testing.T) {
	s := simulate(t)
	off := s.options.Config.Space.Member("sacha")
	off.Away = append(off.Away, hours.Day{Year: 2026, Month: time.November, Day: 27})
	var down atomic.Bool
	var calls atomic.Int32
	s.chat.Fail = func(string) error {
		if !down.Load() {
			return nil
		}
		calls.Add(1)
		return &outbox.Error{Fault: outbox.Limited, After: 50 * time.Millisecond}
	}
	s.at(18, 20) // after the handover
	down.Store(true)
	for _, act := range []error{
		s.chat.Command(sacha, "@"+sacha, "plan", ""),
		s.chat.Command(camille, "@"+camille, "draft", "Notre thé de Noël est de retour."),
	} {
		if act != nil {
			t.Fatal(act)
		}
	}
	for deadline := time.Now().Add(10 * time.Second); calls.Load() < 3 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	s.clock.move(s.clock.Now().Add(35 * time.Minute)) // 18:55
	down.Store(false)
	s.done(nil)
	shows := func(who, words string) bool {
		return strings.Contains(strings.Join(s.chat.Screen(who, "@"+who), "\n"), words)
	}
	for _, look := range []struct {
		hour, minute int
		draft, plan  bool
	}{{24 + 8, 44, false, false}, {24 + 8, 46, true, false}, {4*24 + 8, 44, true, false}, {4*24 + 8, 46, true, true}} {
		s.at(look.hour, look.minute)
		if draft, plan := shows(camille, "Brouillon"), shows(sacha, "Planning"); draft != look.draft || plan != look.plan {
			t.Errorf("at %d:%d: Camille's draft %v, Sacha's plan %v", look.hour, look.minute, draft, plan)
		}
	}
}
