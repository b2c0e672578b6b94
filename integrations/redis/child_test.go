//go:build unix

package redis_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

// TestMain lets this test program play the process that has a private store.
func TestMain(m *testing.M) {
	if dir := os.Getenv("CRIEUR_TEST_PARENT"); dir != "" {
		child, err := redis.StartChild(context.Background(), dir)
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println("ready", child.Address().Reveal())
		select {}
	}
	os.Exit(m.Run())
}

func child(t *testing.T, dir string) (*redis.Child, goredis.UniversalClient) {
	t.Helper()
	c, err := redis.StartChild(t.Context(), dir)
	if errors.Is(err, redis.ErrNoServer) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	client, err := redis.Connect(c.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return c, client
}

func TestChildKeepsWhatItTook(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c, client := child(t, dir)
	if err := client.Set(t.Context(), "a", "1", 0).Err(); err != nil {
		t.Fatal(err)
	}
	doctor := redis.Doctor{Client: client}
	if !doctor.WritesAtOnce(t.Context()) {
		t.Error("it does not write at once")
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "redis.sock"): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v, want %v", path, info.Mode(), err, want)
		}
	}
	if _, err := redis.StartChild(t.Context(), dir); !errors.Is(err, redis.ErrLocked) {
		t.Errorf("a second one in the same folder: %v", err)
	}
	c.Stop()
	c.Stop()
	select {
	case <-c.Done():
	default:
		t.Error("not ended after Stop")
	}
	_, again := child(t, dir)
	if got := again.Get(t.Context(), "a").Val(); got != "1" {
		t.Errorf("after a restart it holds %q", got)
	}
}

func TestChildWithALongPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long-", 30))
	c, client := child(t, dir)
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	socket := strings.TrimPrefix(c.Address().Reveal(), "unix://")
	c.Stop()
	if _, err := os.Stat(filepath.Dir(socket)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket's folder is left: %v", err)
	}
}

// TestChildEndsWithItsParent kills the parent as a power cut would, and starts
// anew on what it left.
func TestChildEndsWithItsParent(t *testing.T) {
	if _, err := redis.FindServer(); err != nil {
		t.Skip(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), "CRIEUR_TEST_PARENT="+dir)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(said, "ready unix://") {
		t.Fatalf("the parent said %q, %v", said, err)
	}
	client := goredis.NewClient(&goredis.Options{Network: "unix", Addr: filepath.Join(dir, "redis.sock"), MaxRetries: -1})
	defer client.Close()
	if err := client.Set(t.Context(), "a", "1", 0).Err(); err != nil {
		t.Fatal(err)
	}
	pid := processOf(t, client)
	if err := parent.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	parent.Wait()
	redistest.Wait(t, "the store to end with its parent", func() bool { return syscall.Kill(pid, 0) != nil })
	_, again := child(t, dir)
	if got := again.Get(t.Context(), "a").Val(); got != "1" {
		t.Errorf("after the parent was killed it holds %q", got)
	}
}

func processOf(t *testing.T, client *goredis.Client) int {
	t.Helper()
	info, err := client.Info(t.Context(), "server").Result()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(info) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "process_id:"); ok {
			pid, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			return pid
		}
	}
	t.Fatal("no process_id")
	return 0
}

// TestChildSaysWhyItFailed gives it a folder whose files it cannot read.
func TestChildSaysWhyItFailed(t *testing.T) {
	if _, err := redis.FindServer(); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	files := filepath.Join(dir, "appendonlydir")
	if err := os.Mkdir(files, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(files, "appendonly.aof.manifest"), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := redis.StartChild(t.Context(), dir)
	if err == nil || !strings.Contains(err.Error(), "it ended at once") {
		t.Fatalf("started on nonsense: %v", err)
	}
	if err := os.RemoveAll(files); err != nil {
		t.Fatal(err)
	}
	child(t, dir) // the lock was given back
}

func TestNoServer(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := redis.StartChild(t.Context(), t.TempDir())
	if !errors.Is(err, redis.ErrNoServer) || !strings.Contains(err.Error(), "redis.url") {
		t.Error(err)
	}
	for system, want := range map[string]string{"linux": "apt-get install redis-server", "darwin": "brew install redis", "windows": "set redis.url"} {
		if got := redis.Install(system); !strings.Contains(got, want) {
			t.Errorf("on %s: %s", system, got)
		}
	}
}

// TestIngressGivesUp connects to a server that takes connections and never
// answers.
func TestIngressGivesUp(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err := redis.ConnectIngress("redis://" + redisSecret(listener.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	began := time.Now()
	if err := client.Ping(ctx).Err(); err == nil {
		t.Error("it answered")
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("gave up after %s", took)
	}
}
