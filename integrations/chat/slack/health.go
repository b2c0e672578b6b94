package slack

import (
	"sync"
	"time"
)

// Health is how the connection to Slack stands.
type Health struct {
	// Sockets is how many Socket Mode connections are up.
	Sockets int
	// Refused is why Slack does not accept us; nil while it does.
	Refused error
	// Withheld says that Slack held events back within the last hour, since there were
	// more than it brings (30,000 an hour, facts page section 1): some never come.
	Withheld bool
}

// health holds apart what two keys are for: Socket Mode may be open while nothing
// can be posted, and the other way round.
type health struct {
	mu      sync.Mutex
	sockets int
	denied  error // our access to the workspace
	cut     error // Socket Mode
	// withheld is until when what Slack held back is told.
	withheld time.Time
}

// Health says how the connection stands, for the status page.
func (a *Adapter) Health() Health {
	h := &a.state
	h.mu.Lock()
	defer h.mu.Unlock()
	now := Health{Sockets: h.sockets, Refused: h.denied, Withheld: a.now().Before(h.withheld)}
	if now.Refused == nil {
		now.Refused = h.cut
	}
	return now
}

// withhold notes that Slack holds events back.
func (h *health) withhold(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.withheld = now.Add(time.Hour)
}

// access notes whether Slack accepts our bot.
func (h *health) access(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.denied = scrub(err)
}

// unlink notes why Socket Mode is refused, until a connection is up.
func (h *health) unlink(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cut = scrub(err)
}

func (h *health) up(change int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sockets += change
	if change > 0 {
		h.cut = nil
	}
}
