package slack

import (
	"context"
	"sync"
	"time"

	"crieur/bot/board"
)

// settle is how much earlier an ack leaves than what may follow it, so that
// Slack has it first.
const settle = 50 * time.Millisecond

// marks keeps "Working…" and what comes after it in order: an edit or an answer
// waits for the mark that was started before it. It holds within one process;
// between processes the mark leaves so much earlier that it arrives first in
// practice. A mark is named by the message, or by the response_url of what is
// answered privately.
type marks struct {
	mu      sync.Mutex
	pending map[string]chan struct{}
}

func messageKey(place board.Place) string { return place.Channel + "|" + place.Message }

// take notes that a mark is about to be shown; release ends it.
func (m *marks) take(key string) (release func()) {
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

// wait returns once no mark of this name is under way.
func (m *marks) wait(ctx context.Context, key string) {
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
