//go:build unix

package redistest

import (
	"syscall"
	"testing"
)

// Stall has the server stand still, with its connections open, until resume.
func (p *Process) Stall(t testing.TB) (resume func()) {
	t.Helper()
	signal := func(s syscall.Signal) {
		if err := p.cmd.Process.Signal(s); err != nil {
			t.Errorf("stall redis-server: %v", err)
		}
	}
	signal(syscall.SIGSTOP)
	return func() { signal(syscall.SIGCONT) }
}
