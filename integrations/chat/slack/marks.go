package slack

import (
	"context"
	"sync"

	"crieur/bot/board"
)

// marks keeps "Working…" and the card's new state in order: an edit waits for
// the mark that was started before it. It holds within one process; between
// processes the mark leaves so much earlier that it arrives first in practice.
type marks struct {
	mu      sync.Mutex
	pending map[string]chan struct{}
}

// take notes that a message is about to be marked; release ends it.
func (m *marks) take(place board.Place) (release func()) {
	key := place.Channel + "|" + place.Message
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

// wait returns once no mark is under way on the message.
func (m *marks) wait(ctx context.Context, place board.Place) {
	m.mu.Lock()
	done := m.pending[place.Channel+"|"+place.Message]
	m.mu.Unlock()
	if done == nil {
		return
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
}
