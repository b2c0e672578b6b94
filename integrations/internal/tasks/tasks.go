// Package tasks waits for what an adapter still has under way when it stops,
// while more may be asked of it: sync.WaitGroup alone must not begin its first
// task while somebody waits.
//
// It knows nothing of what the tasks do, nor how long they may take.
package tasks

import "sync"

// Group is the tasks under way. The zero value is ready.
type Group struct {
	mu     sync.Mutex
	closed bool
	tasks  sync.WaitGroup
}

// Go runs f beside the caller. After Close it does nothing and returns false.
func (g *Group) Go(f func()) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.tasks.Go(f)
	return true
}

// Close lets no more tasks begin, and waits for those under way. It may be
// called twice.
func (g *Group) Close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.tasks.Wait()
}
