package redistest

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// Forgetful is a server that can be taken back to what its disk held before. Its
// address stays the same.
type Forgetful struct {
	Addr    string
	process *Process
	t       testing.TB
	dir     string
	port    int
	args    []string
}

// StartForgetful starts one; appendfsync is as in redis.conf.
func StartForgetful(t testing.TB, appendfsync string) *Forgetful {
	t.Helper()
	f := &Forgetful{t: t, dir: t.TempDir(), port: FreePort(t),
		args: []string{"--appendonly", "yes", "--appendfsync", appendfsync, "--auto-aof-rewrite-percentage", "0"}}
	f.process = Start(t, f.dir, f.port, f.args...)
	f.Addr = f.process.Addr
	return f
}

// Size is how much of its append-only file the server has written.
func (f *Forgetful) Size() int64 {
	info, err := os.Stat(f.file())
	if err != nil {
		return 0
	}
	return info.Size()
}

// Cut kills the server, takes its file back to a size that it had, and starts it
// again at the same address: what a power cut leaves of what was not yet on disk.
func (f *Forgetful) Cut(size int64) {
	f.process.Kill()
	if err := os.Truncate(f.file(), size); err != nil {
		f.t.Errorf("take the append-only file back: %v", err)
	}
	f.process = Start(f.t, f.dir, f.port, f.args...)
}

func (f *Forgetful) file() string {
	found, err := filepath.Glob(filepath.Join(f.dir, "appendonlydir", "*.incr.aof"))
	if err != nil || len(found) != 1 {
		f.t.Errorf("append-only files: %v, %v", found, err)
		return ""
	}
	return found[0]
}

// Pair is a master with a replica that is behind it by a constant time.
type Pair struct {
	t       testing.TB
	mu      sync.Mutex
	master  *Process
	replica *Process
	line    net.Listener
}

// StartPair starts both; what the master writes reaches the replica after lag.
func StartPair(t testing.TB, lag time.Duration) *Pair {
	t.Helper()
	p := &Pair{t: t, master: Start(t, t.TempDir(), FreePort(t))}
	line, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { line.Close() })
	p.line = line
	go delayed(line, p.master.Addr, lag)
	p.replica = follower(t, line.Addr().String())
	return p
}

// Addr is the address of the master.
func (p *Pair) Addr() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.master.Addr
}

// Promote kills the master and makes the replica, which lacks what was on its
// way, the master; it has no replica.
func (p *Pair) Promote() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.master.Kill()
	p.line.Close()
	client := goredis.NewClient(&goredis.Options{Addr: p.replica.Addr})
	defer client.Close()
	if err := client.ReplicaOf(context.Background(), "NO", "ONE").Err(); err != nil {
		p.t.Errorf("promote the replica: %v", err)
	}
	p.master, p.replica = p.replica, nil
}

// Follow gives the master a replica that is not behind.
func (p *Pair) Follow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.replica = follower(p.t, p.master.Addr)
}

// follower starts a replica of addr and waits until it follows.
func follower(t testing.TB, addr string) *Process {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	replica := Start(t, t.TempDir(), FreePort(t), "--replicaof", "127.0.0.1 "+port, "--repl-diskless-sync-delay", "0")
	client := goredis.NewClient(&goredis.Options{Addr: replica.Addr})
	defer client.Close()
	Wait(t, "replica to follow "+port, func() bool {
		info, err := client.Info(context.Background(), "replication").Result()
		return err == nil && strings.Contains(info, "master_link_status:up")
	})
	return replica
}

// delayed passes connections on to addr; what comes back arrives lag later, and
// never once the line is closed.
func delayed(line net.Listener, addr string, lag time.Duration) {
	type chunk struct {
		at   time.Time
		data []byte
	}
	var open sync.WaitGroup
	defer open.Wait()
	ended := make(chan struct{})
	defer close(ended)
	for {
		near, err := line.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", addr)
		if err != nil {
			near.Close()
			continue
		}
		way := make(chan chunk, 1<<16)
		open.Go(func() { io.Copy(far, near); far.Close() })
		open.Go(func() {
			defer close(way)
			for {
				data := make([]byte, 64<<10)
				n, err := far.Read(data)
				if err != nil {
					return
				}
				way <- chunk{time.Now(), data[:n]}
			}
		})
		open.Go(func() {
			defer near.Close()
			for c := range way {
				select {
				case <-time.After(time.Until(c.at.Add(lag))):
				case <-ended:
					return
				}
				if _, err := near.Write(c.data); err != nil {
					return
				}
			}
		})
	}
}

// Dial returns a dialer that always goes to the address of the moment.
func Dial(addr func() string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addr())
	}
}
