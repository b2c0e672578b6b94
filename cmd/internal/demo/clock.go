package demo

import (
	"sync"
	"time"
)

// Clock is the time of the demo's day. It runs as fast as any clock, from where
// the viewer put it.
type Clock struct {
	mu      sync.Mutex
	base    time.Time // of the day, when it was last put
	started time.Time // of the machine, then
	machine func() time.Time
}

// NewClock returns a clock that shows start now.
func NewClock(start time.Time, machine func() time.Time) *Clock {
	return &Clock{base: start, started: machine(), machine: machine}
}

// Now is the time of the day.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base.Add(c.machine().Sub(c.started))
}

// Move puts the clock forward to t; it never goes back.
func (c *Clock) Move(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.base.Add(c.machine().Sub(c.started)); t.After(now) {
		c.base, c.started = t, c.machine()
	}
}

// Reset puts the clock to t, back too: the day starts again.
func (c *Clock) Reset(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.started = t, c.machine()
}
