// Package marks keeps "Working…" and what comes after it in order: the outbox
// may have a card's new state before the acknowledgement that takes its buttons
// away is on its way, and would then be overwritten by it.
//
// It knows no platform: a mark is named by whatever names a message there.
package marks

import (
	"context"
	"sync"
	"time"
)

// Settle is how much earlier an ack leaves than what may follow it, so that
// Slack has it first.
const Settle = 50 * time.Millisecond

// Marks are the marks under way: an edit or an answer waits for the mark that was
// started before it. The zero value is ready. It holds within one process;
// between processes the desk has the card drawn once more, see bot.Handle. A mark is named by the message, or by the
// response_url of what is answered privately.
type Marks struct {
	mu      sync.Mutex
	pending map[string]*group
}

// group is the marks of one name that are under way side by side: two people
// who click at one time start two.
type group struct {
	count int
	done  chan struct{} // closed when none is left
}

// Take notes that a mark is about to be shown; release ends it.
func (m *Marks) Take(key string) (release func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pending == nil {
		m.pending = map[string]*group{}
	}
	g := m.pending[key]
	if g == nil {
		g = &group{done: make(chan struct{})}
		m.pending[key] = g
	}
	g.count++
	return sync.OnceFunc(func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if g.count--; g.count == 0 {
			delete(m.pending, key)
			close(g.done)
		}
	})
}

// Wait returns once no mark of this name is under way.
func (m *Marks) Wait(ctx context.Context, key string) {
	m.mu.Lock()
	g := m.pending[key]
	m.mu.Unlock()
	if g == nil {
		return
	}
	select {
	case <-g.done:
	case <-ctx.Done():
	}
}
