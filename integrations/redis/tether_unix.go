//go:build unix

package redis

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// tethered is a process that ends with this one.
type tethered struct {
	cmd  *exec.Cmd
	pipe io.Closer // nil where the system itself ends it
	done chan struct{}
}

// holdScript runs its arguments until standard input ends, which it does when
// this process ends, however it does. It is for systems without a signal for
// that. The trap comes after the watcher, which would else inherit it for an
// instant and could lose the signal that ends it.
const holdScript = `"$@" </dev/null & child=$!
{ cat; kill "$child"; } >/dev/null 2>&1 <&3 &
trap 'kill "$child" 2>/dev/null' TERM INT
wait "$child"; code=$?
while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
kill $! 2>/dev/null; exit "$code"`

// tetherByPipe starts a process that ends when a pipe from this one does.
func tetherByPipe(binary string, said io.Writer, args ...string) (*tethered, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	defer read.Close()
	cmd := exec.Command("/bin/sh", append([]string{"-c", holdScript, "crieur-store", binary}, args...)...)
	cmd.ExtraFiles = []*os.File{read}
	cmd.Stdout, cmd.Stderr = said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us to pass on
	if err := cmd.Start(); err != nil {
		write.Close()
		return nil, err
	}
	t := &tethered{cmd: cmd, pipe: write, done: make(chan struct{})}
	go func() {
		defer close(t.done)
		cmd.Wait() //nolint:errcheck // how it ended is in what it said
		write.Close()
	}()
	return t, nil
}

// end asks the process to end.
func (t *tethered) end() {
	if t.pipe != nil {
		t.pipe.Close()
		return
	}
	t.cmd.Process.Signal(syscall.SIGTERM) //nolint:errcheck // it may have ended
}

// kill ends it at once, and what it started.
func (t *tethered) kill() {
	syscall.Kill(-t.cmd.Process.Pid, syscall.SIGKILL) //nolint:errcheck // it may have ended
}

// lockFile takes a lock that ends with this process.
func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrLocked
		}
		return nil, err
	}
	return file, nil
}
