package slack

import "sync"

// Health is how the connection to Slack stands.
type Health struct {
	// Sockets is how many Socket Mode connections are up.
	Sockets int
	// Refused is why Slack does not accept us; nil while it does.
	Refused error
}

type health struct {
	mu  sync.Mutex
	now Health
}

// Health says how the connection stands, for the status page.
func (a *Adapter) Health() Health {
	a.state.mu.Lock()
	defer a.state.mu.Unlock()
	return a.state.now
}

func (h *health) fail(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now.Refused = scrub(err)
}

func (h *health) up(change int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now.Sockets += change
	if change > 0 {
		h.now.Refused = nil
	}
}
