package redis

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/secret"
)

// Why there is no private server.
var (
	ErrNoServer = errors.New("no redis-server or valkey-server on this machine")
	ErrLocked   = errors.New("the folder is in use by another Crieur")
)

const (
	childReady = 20 * time.Second // an append-only file of some size takes time to read
	childEnds  = 10 * time.Second
	// longestSocket is what every system takes as the path of a socket.
	longestSocket = 100
)

// Child is a private server of this process: its files are in a folder that is
// locked, it listens on a socket that only this user can open, writes every
// change to disk before it answers, and ends with this process, however that
// ends.
type Child struct {
	address secret.Secret
	lock    *os.File
	socket  string
	temp    string // folder of the socket, if it is not the data folder
	process *tethered
	stop    sync.Once
}

// StartChild starts one in a folder, which is made if it is not there. The
// error is ErrNoServer, with what to install, or ErrLocked, or what the server
// itself said.
func StartChild(ctx context.Context, dir string) (*Child, error) {
	binary, err := FindServer()
	if err != nil {
		return nil, err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find folder %s: %w", dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of the private store: %w", err)
	}
	c := &Child{}
	if c.lock, err = lockFile(filepath.Join(dir, "crieur.lock")); err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	if err := c.placeSocket(dir); err != nil {
		c.release()
		return nil, err
	}
	c.address = secret.Secret("unix://" + c.socket)
	said := &lastWords{}
	c.process, err = tether(binary, said, "--port", "0", "--unixsocket", c.socket, "--unixsocketperm", "600",
		"--dir", dir, "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--maxmemory-policy", "noeviction",
		"--daemonize", "no", "--logfile", "", "--loglevel", "warning")
	if err != nil {
		c.release()
		return nil, fmt.Errorf("start %s: %w", filepath.Base(binary), err)
	}
	if err := c.wait(ctx); err != nil {
		c.Stop()
		return nil, fmt.Errorf("start %s in %s: %w: %s", filepath.Base(binary), dir, err, said)
	}
	return c, nil
}

// FindServer looks for one on PATH; the error is ErrNoServer, with what to install.
func FindServer() (string, error) {
	names := []string{"redis-server", "valkey-server"}
	if runtime.GOOS == "windows" { // nothing there ends it with us
		names = nil
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: %s", ErrNoServer, Install(runtime.GOOS))
}

// Install says how to get a server on a system.
func Install(system string) string {
	switch system {
	case "linux":
		return "install one (Debian, Ubuntu: sudo apt-get install redis-server; Fedora: sudo dnf install valkey; Alpine: apk add redis), " +
			"or set redis.url to one that runs elsewhere"
	case "darwin":
		return "install one (brew install redis), or set redis.url to one that runs elsewhere"
	}
	return "set redis.url to one that runs elsewhere: a private one needs Linux or macOS"
}

// placeSocket chooses the socket's path; where the folder's is too long for the
// system, a short one that only this user can enter.
func (c *Child) placeSocket(dir string) error {
	c.socket = filepath.Join(dir, "redis.sock")
	if len(c.socket) > longestSocket {
		temp, err := os.MkdirTemp("", "crieur") // made with 0700
		if err != nil {
			return fmt.Errorf("make folder of the socket: %w", err)
		}
		c.temp, c.socket = temp, filepath.Join(temp, "redis.sock")
	}
	// What a killed server left behind would look like a server that is slow.
	if err := os.Remove(c.socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("take old socket away: %w", err)
	}
	return nil
}

// wait returns once the server has read its files and answers.
func (c *Child) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, childReady)
	defer cancel()
	client := goredis.NewClient(&goredis.Options{Network: "unix", Addr: c.socket, MaxRetries: -1})
	defer client.Close()
	for {
		if _, err := os.Stat(c.socket); err == nil && client.Ping(ctx).Err() == nil {
			return nil
		}
		select {
		case <-c.process.done:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return errors.New("it does not answer")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Address is where it listens, for Connect.
func (c *Child) Address() secret.Secret { return c.address }

// Done is closed when the server has ended, asked or not.
func (c *Child) Done() <-chan struct{} { return c.process.done }

// Stop ends the server after it wrote what it has, and unlocks the folder. It
// may be called twice.
func (c *Child) Stop() {
	c.stop.Do(func() {
		c.process.end()
		select {
		case <-c.process.done:
		case <-time.After(childEnds):
			c.process.kill()
			<-c.process.done
		}
		c.release()
	})
}

func (c *Child) release() {
	if c.temp != "" {
		os.RemoveAll(c.temp)
	}
	c.lock.Close() // ends the lock
}

// lastWords keeps the end of what the server says, for the error when it ends.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

// Write implements io.Writer.
func (l *lastWords) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if over := len(l.text) - 2000; over > 0 {
		l.text = l.text[over:]
	}
	return len(p), nil
}

// String returns its last line.
func (l *lastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(string(bytes.TrimSpace(l.text)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
