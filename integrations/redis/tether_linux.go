package redis

import (
	"io"
	"os/exec"
	"runtime"
	"syscall"
)

// tether starts a process that the kernel ends when this one does. The signal
// comes when the thread that started it ends, so that thread is kept.
func tether(binary string, said io.Writer, args ...string) (*tethered, error) {
	cmd := exec.Command(binary, args...)
	cmd.Stdout, cmd.Stderr = said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true} // Ctrl-C is for us to pass on
	t := &tethered{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		defer close(t.done)
		cmd.Wait() //nolint:errcheck // how it ended is in what it said
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return t, nil
}
