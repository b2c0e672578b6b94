package marks_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"crieur/integrations/internal/marks"
)

// What follows a mark waits for it, and only for the mark of its own message.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m marks.Marks
		release := m.Take("a")
		time.AfterFunc(time.Second, release)
		start := time.Now()
		m.Wait(t.Context(), "b")
		if waited := time.Since(start); waited != 0 {
			t.Errorf("another message waited %v", waited)
		}
		m.Wait(t.Context(), "a")
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("waited %v, want 1s", waited)
		}
		m.Wait(t.Context(), "a") // ended: nothing to wait for
		release()                // twice is harmless
	})
}

// Nobody waits longer than they have time for.
func TestGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m marks.Marks
		defer m.Take("a")()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		m.Wait(ctx, "a")
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("waited %v, want 1s", waited)
		}
	})
}

// Two people who click at one time start two marks: what follows waits for both,
// in whatever order they end.
func TestTwoAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m marks.Marks
		first, second := m.Take("a"), m.Take("a")
		time.AfterFunc(time.Second, second)
		time.AfterFunc(2*time.Second, first)
		start := time.Now()
		m.Wait(t.Context(), "a")
		if waited := time.Since(start); waited != 2*time.Second {
			t.Errorf("waited %v, want 2s", waited)
		}
	})
}
