package slackfake

import (
	"slices"
	"sync"
	"time"
)

// Clock is a time that a test moves.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	timers []timer
}

type timer struct {
	at time.Time
	do func()
}

// NewClock starts a clock.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock and does, in order, everything due until then.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	end := c.now.Add(d)
	for {
		i := slices.IndexFunc(c.timers, func(t timer) bool { return !t.at.After(end) })
		if i < 0 {
			break
		}
		for j, t := range c.timers {
			if t.at.Before(c.timers[i].at) {
				i = j
			}
		}
		due := c.timers[i]
		c.timers = slices.Delete(c.timers, i, i+1)
		if due.at.After(c.now) {
			c.now = due.at
		}
		c.mu.Unlock()
		due.do()
		c.mu.Lock()
	}
	c.now = end
	c.mu.Unlock()
}

// later does something after a time on the workspace's clock.
func (s *Server) later(d time.Duration, do func()) {
	if c := s.options.Clock; c != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.timers = append(c.timers, timer{at: c.now.Add(d), do: do})
		return
	}
	time.AfterFunc(d, do)
}
