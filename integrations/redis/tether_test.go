//go:build unix

package redis

import (
	"bytes"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestTetherByPipe is how systems without a signal for it end the store: here
// the pipe is closed, as the system does when the process ends.
func TestTetherByPipe(t *testing.T) {
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip(err)
	}
	var said lastWords
	held, err := tetherByPipe(sleep, &said, "600")
	if err != nil {
		t.Fatal(err)
	}
	defer held.kill()
	child := waitFor(t, func() string {
		out, _ := exec.Command("ps", "-o", "pid=,args=", "--ppid", strconv.Itoa(held.cmd.Process.Pid)).Output()
		for line := range strings.Lines(string(out)) {
			if strings.Contains(line, "600") && !strings.Contains(line, "crieur-store") {
				return strings.Fields(line)[0]
			}
		}
		return ""
	})
	if child == "" {
		t.Skip("no ps to look with")
	}
	held.end()
	select {
	case <-held.done:
	case <-time.After(10 * time.Second):
		t.Fatal("still running 10 s after the pipe was closed")
	}
	if gone := waitFor(t, func() string {
		if exec.Command("kill", "-0", child).Run() != nil {
			return "gone"
		}
		return ""
	}); gone == "" {
		t.Errorf("what it held (%s) goes on", child)
	}
}

func TestTetherByPipeEndsByItself(t *testing.T) {
	var said lastWords
	held, err := tetherByPipe("/bin/sh", &said, "-c", "echo one; echo two; exit 3")
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-held.done:
	case <-time.After(30 * time.Second):
		held.kill()
		t.Fatal("does not end with what it holds")
	}
	if said.String() != "two" {
		t.Errorf("its last words are %q", said.String())
	}
}

func TestLastWords(t *testing.T) {
	var said lastWords
	said.Write(bytes.Repeat([]byte("x\n"), 5000))
	said.Write([]byte("the end\n"))
	if said.String() != "the end" || len(said.text) > 2000 {
		t.Errorf("%q of %d bytes", said.String(), len(said.text))
	}
}

func waitFor(t *testing.T, look func() string) string {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if got := look(); got != "" {
			return got
		}
	}
	return ""
}
