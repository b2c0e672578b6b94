package redis

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// MostDoubt is how unsure a process may be of the time that it shares with the
// others before it stops counting as ready.
const MostDoubt = 250 * time.Millisecond

// Clock is the process's clock set by that of Redis, so that all processes of a
// space agree on what is due. It is safe for concurrent use.
type Clock struct {
	client  goredis.UniversalClient
	machine func() time.Time
	reading atomic.Pointer[reading]
}

type reading struct{ offset, doubt time.Duration }

// NewClock returns a clock that is not set yet: until Measure it shows the
// machine's time.
func NewClock(client goredis.UniversalClient, machine func() time.Time) *Clock {
	return &Clock{client: client, machine: machine}
}

// Now is the shared time.
func (c *Clock) Now() time.Time {
	if r := c.reading.Load(); r != nil {
		return c.machine().Add(r.offset)
	}
	return c.machine()
}

// Doubt is how far Now may be off; it is MostDoubt before the first Measure.
func (c *Clock) Doubt() time.Duration {
	if r := c.reading.Load(); r != nil {
		return r.doubt
	}
	return MostDoubt
}

// Offset is how far the machine's clock is behind that of Redis.
func (c *Clock) Offset() time.Duration {
	if r := c.reading.Load(); r != nil {
		return r.offset
	}
	return 0
}

// Measure asks Redis for the time, a few times, and keeps the answer that took
// the least. An offset within its own doubt counts as none.
func (c *Clock) Measure(ctx context.Context) error {
	best := reading{doubt: time.Hour}
	for range 3 {
		before := c.machine()
		theirs, err := c.client.Time(ctx).Result()
		if err != nil {
			return fmt.Errorf("ask Redis for the time: %w", err)
		}
		took := c.machine().Sub(before)
		if doubt := took / 2; doubt < best.doubt {
			best = reading{offset: theirs.Sub(before.Add(took / 2)), doubt: doubt}
		}
	}
	if best.offset.Abs() <= best.doubt {
		best.offset = 0
	}
	c.reading.Store(&best)
	return nil
}
