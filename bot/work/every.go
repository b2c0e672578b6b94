package work

import (
	"context"
	"time"
)

// Every does something at every tick until ctx ends, the first time after one
// tick. What takes longer than a tick misses some.
func Every(ctx context.Context, tick time.Duration, do func()) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if ctx.Err() == nil { // of two that are ready, either may be chosen
				do()
			}
		}
	}
}

// Pause waits for d or for the end of ctx, and says whether d passed.
func Pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
