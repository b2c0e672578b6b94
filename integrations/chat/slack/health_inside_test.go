package slack

import (
	"errors"
	"testing"
)

// Each key is missed by itself: a connection that comes up says nothing of whether
// anything can be posted.
func TestHealth(t *testing.T) {
	revoked, off := errors.New("revoked"), errors.New("off")
	a := New(Options{}, nil, nil)
	for i, step := range []struct {
		do      func(*health)
		refused error
		sockets int
	}{
		{func(h *health) { h.up(1) }, nil, 1},
		{func(h *health) { h.access(revoked) }, revoked, 1},
		{func(h *health) { h.up(1) }, revoked, 2},
		{func(h *health) { h.unlink(off); h.up(-2) }, revoked, 0},
		{func(h *health) { h.access(nil) }, off, 0},
		{func(h *health) { h.up(1) }, nil, 1},
	} {
		step.do(&a.state)
		if got := a.Health(); got.Refused != step.refused || got.Sockets != step.sockets {
			t.Errorf("after step %d: %+v, want %v and %d", i+1, got, step.refused, step.sockets)
		}
	}
}
