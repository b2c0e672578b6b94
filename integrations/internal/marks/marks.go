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
// between processes the mark leaves so much earlier that it arrives first in
// practice. A mark is named by the message, or by the response_url of what is
// answered privately.
type Marks struct {
	mu      sync.Mutex
	pending map[string]chan struct{}
}

// Take notes that a mark is about to be shown; release ends it.
func (m *Marks) Take(key string) (release func()) {
	done := make(chan struct{})
	m.mu.Lock()
	if m.pending == nil {
		m.pending = map[string]chan struct{}{}
	}
	m.pending[key] = done
	m.mu.Unlock()
	return sync.OnceFunc(func() {
		m.mu.Lock()
		if m.pending[key] == done {
			delete(m.pending, key)
		}
		m.mu.Unlock()
		close(done)
	})
}

// Wait returns once no mark of this name is under way.
func (m *Marks) Wait(ctx context.Context, key string) {
	m.mu.Lock()
	done := m.pending[key]
	m.mu.Unlock()
	if done == nil {
		return
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
}
