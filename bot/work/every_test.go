package work_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot/work"
)

// It is done once a tick, not at the start, and no more once its time is over.
func TestEvery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Second)
		defer cancel()
		var done []time.Duration
		work.Every(ctx, time.Minute, func() { done = append(done, time.Since(begun)) })
		if !slices.Equal(done, []time.Duration{time.Minute, 2 * time.Minute}) || time.Since(begun) != 150*time.Second {
			t.Errorf("done at %v, ended at %v", done, time.Since(begun))
		}
	})
}

// A slow turn misses ticks, which are not made up for, and is the last one if its
// time is over by then.
func TestEverySlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+time.Second)
		defer cancel()
		done := 0
		work.Every(ctx, time.Minute, func() { done++; time.Sleep(150 * time.Second) })
		if done != 4 {
			t.Errorf("done %d times", done)
		}
	})
}

func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		passed := work.Pause(t.Context(), time.Minute)
		if waited := time.Since(begun); !passed || waited != time.Minute {
			t.Errorf("waited %v: %v", waited, passed)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		passed = work.Pause(ctx, time.Hour)
		if waited := time.Since(begun); passed || waited != time.Minute+time.Second {
			t.Errorf("waited %v in all: %v", waited, passed)
		}
	})
}
