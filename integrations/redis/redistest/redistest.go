// Package redistest starts real Redis servers for tests: one, three as a
// Cluster, one with its replica under Sentinel. A machine without redis-server
// skips those tests and says what to install.
package redistest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// Server starts a server that writes every change to disk and returns its
// address. It ends with the test.
func Server(t testing.TB) string {
	t.Helper()
	return Start(t, t.TempDir(), FreePort(t), "--appendonly", "yes", "--appendfsync", "always").Addr
}

// Process is a running server that a test may kill.
type Process struct {
	Addr string
	cmd  *exec.Cmd
}

// Kill ends the server at once, as a power cut would.
func (p *Process) Kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// Start starts a server in dir on port with further arguments.
func Start(t testing.TB, dir string, port int, args ...string) *Process {
	t.Helper()
	return start(t, dir, port, append([]string{
		"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--dir", dir, "--save", "",
		"--maxmemory-policy", "noeviction", "--logfile", filepath.Join(dir, "redis.log"),
	}, args...)...)
}

func start(t testing.TB, dir string, port int, args ...string) *Process {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not on PATH: apt-get install redis-server")
	}
	p := &Process{Addr: "127.0.0.1:" + strconv.Itoa(port), cmd: exec.Command(binary, args...)}
	p.cmd.Dir = dir
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start redis-server: %v", err)
	}
	t.Cleanup(p.Kill)
	client := goredis.NewClient(&goredis.Options{Addr: p.Addr})
	defer client.Close()
	Wait(t, "redis-server to answer", func() bool { return client.Ping(context.Background()).Err() == nil })
	return p
}

// Cluster starts n masters that share the slots and returns their addresses.
func Cluster(t testing.TB, n int) []string {
	t.Helper()
	addrs := make([]string, n)
	ports := make([]int, n)
	for i := range n {
		ports[i] = FreePort(t)
		addrs[i] = Start(t, t.TempDir(), ports[i], "--cluster-enabled", "yes", "--cluster-node-timeout", "5000").Addr
	}
	ctx := context.Background()
	for i, addr := range addrs {
		client := goredis.NewClient(&goredis.Options{Addr: addr})
		defer client.Close()
		if err := client.ClusterAddSlotsRange(ctx, i*16384/n, (i+1)*16384/n-1).Err(); err != nil {
			t.Fatalf("share slots: %v", err)
		}
		if i > 0 {
			if err := client.ClusterMeet(ctx, "127.0.0.1", strconv.Itoa(ports[0])).Err(); err != nil {
				t.Fatalf("join cluster: %v", err)
			}
		}
	}
	for _, addr := range addrs {
		client := goredis.NewClient(&goredis.Options{Addr: addr})
		defer client.Close()
		Wait(t, "cluster to form", func() bool {
			info, err := client.ClusterInfo(ctx).Result()
			return err == nil && strings.Contains(info, "cluster_state:ok") && strings.Contains(info, fmt.Sprintf("cluster_known_nodes:%d", n))
		})
	}
	return addrs
}

// Sentinel starts a master, its replica and a sentinel, and returns the
// sentinel's address and the master's name.
func Sentinel(t testing.TB) (addrs []string, master string) {
	t.Helper()
	first, second, watch := FreePort(t), FreePort(t), FreePort(t)
	Start(t, t.TempDir(), first, "--appendonly", "yes")
	Start(t, t.TempDir(), second, "--replicaof", "127.0.0.1 "+strconv.Itoa(first))
	dir := t.TempDir()
	file := filepath.Join(dir, "sentinel.conf")
	text := fmt.Sprintf("port %d\nbind 127.0.0.1\ndir %s\nsentinel monitor crieur 127.0.0.1 %d 1\n"+
		"sentinel down-after-milliseconds crieur 1000\nsentinel failover-timeout crieur 5000\n", watch, dir, first)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{start(t, dir, watch, file, "--sentinel").Addr}, "crieur"
}

// patience is how long a busy machine may take.
const patience = 90 * time.Second

// Wait polls until the condition holds, as long as patience lasts.
func Wait(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %s for %s", patience, what)
		}
	}
}

const (
	// lowest and the ports after it are below those that systems give to connections (from
	// 32768 on Linux), or another test might take one before the server does. What
	// holds a port is heldAbove it, the bus of a cluster node busAbove.
	lowest    = 10_240
	among     = 5_000
	heldAbove = 5_000
	busAbove  = 10_000
)

// FreePort returns a loopback port that nothing listens on, nor on its bus. It is
// the test's until it ends, even while its server is down: no other test of this
// or another process gets it.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 200 {
		port := lowest + rand.N(among)
		holder, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port+heldAbove))
		if err != nil {
			continue
		}
		if free(port) && free(port+busAbove) {
			t.Cleanup(func() { holder.Close() })
			return port
		}
		holder.Close()
	}
	t.Fatal("no free port")
	return 0
}

func free(port int) bool {
	listener, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		return false
	}
	listener.Close()
	return true
}
