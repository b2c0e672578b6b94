package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/cmd/internal/app"
	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

// keeper is the Redis of one run.
type keeper struct {
	addr     func() string
	replicas int
	lose     func(w *world) // its last second; nil if it never does
}

// keepers are the ways to keep things, by name, with the blows that each may get.
func keepers() map[string]struct {
	start func(t *testing.T) keeper
	blows []blow
} {
	type kind = struct {
		start func(t *testing.T) keeper
		blows []blow
	}
	return map[string]kind{
		"always":   {always, []blow{kill, mute, deaf}},
		"everysec": {everysec, []blow{forget, powercut}},
		"replica":  {replica, []blow{forget, powercut}},
	}
}

// always has every change on disk before it answers.
func always(t *testing.T) keeper {
	addr := redistest.Server(t)
	return keeper{addr: func() string { return addr }}
}

// everysec writes to disk once a second: killed, it comes back with what it had
// a second before.
func everysec(t *testing.T) keeper {
	server := redistest.StartForgetful(t, "everysec")
	var mu sync.Mutex
	sizes := []int64{server.Size()}
	const every = 50 * time.Millisecond
	ctx, end := context.WithCancel(context.Background())
	var sampling sync.WaitGroup
	sampling.Go(func() {
		for ctx.Err() == nil {
			time.Sleep(every)
			mu.Lock()
			sizes = append(sizes, server.Size())
			mu.Unlock()
		}
	})
	t.Cleanup(func() { end(); sampling.Wait() })
	return keeper{addr: func() string { return server.Addr }, lose: func(*world) {
		mu.Lock()
		defer mu.Unlock()
		sizes = sizes[:max(1, len(sizes)-int(time.Second/every))]
		server.Cut(sizes[len(sizes)-1])
	}}
}

// replica is a master whose replica is a second behind, and takes over when the
// master dies. For two seconds after that it has no replica itself.
func replica(t *testing.T) keeper {
	pair := redistest.StartPair(t, time.Second)
	return keeper{addr: pair.Addr, replicas: 1, lose: func(w *world) {
		pair.Promote()
		w.ending.Go(func() {
			time.Sleep(2 * time.Second)
			pair.Follow()
		})
	}}
}

// sideBySide is how many runs on real servers go on at once: they mostly wait.
const sideBySide = 12

// TestCrashPointsOnRedis is the table on real servers, in real time: one instant
// of each, or all with CRIEUR_LONG.
func TestCrashPointsOnRedis(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	room := make(chan struct{}, sideBySide)
	for name, kind := range keepers() {
		for _, p := range paths() {
			for _, b := range kind.blows {
				all.Go(func() {
					room <- struct{}{}
					defer func() { <-room }()
					t.Run(strings.Join([]string{p.name, name, string(b)}, "/"), func(t *testing.T) {
						instants := 1
						if !long() {
							crashOnRedis(t, kind.start, p, b, 7)
							return
						}
						for crashOnRedis(t, kind.start, p, b, instants-1) != "" && !t.Failed() {
							instants++
						}
						t.Logf("%d instants", instants-1)
					})
				})
			}
		}
	}
	all.Wait()
}

func crashOnRedis(t *testing.T, start func(*testing.T) keeper, p path, b blow, at int) (struck string) {
	t.Run(fmt.Sprint("instant", at), func(t *testing.T) {
		k := start(t)
		w := newWorldFrom(t, nil, b, at, "fr")
		w.open = func(ctx context.Context) app.Backend { return k.connect(ctx, w) }
		w.forget = func() { k.lose(w) }
		w.patience = 2 * time.Minute
		w.pass = func(d time.Duration) { w.clock.Move(w.clock.Now().Add(d)) }
		w.live()
		defer w.end()
		p.walk(w)
		w.mu.Lock()
		defer w.mu.Unlock()
		struck = w.struck
	})
	return struck
}

// connect gives a process its own connection.
func (k keeper) connect(ctx context.Context, w *world) app.Backend {
	client := goredis.NewClient(&goredis.Options{ContextTimeoutEnabled: true,
		Dialer: func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, "tcp", k.addr())
			return &line{Conn: conn, w: w}, err
		}})
	w.t.Cleanup(func() { client.Close() })
	store, err := redis.NewStore(ctx, client, "crash")
	if err != nil {
		w.t.Error(err)
	}
	store.Settle, store.Replicas = 3*time.Second, k.replicas
	w.ending.Go(func() { store.Watch(ctx, w.clock.Now) })
	return store
}

// line is a connection to Redis on which one reply may be lost: Redis did what
// it was asked, and nobody hears of it.
type line struct {
	net.Conn
	w       *world
	matters bool
}

func (l *line) Write(data []byte) (int, error) {
	l.matters = false
	for _, what := range []string{":c:", ":e:", ":seen:", "xreadgroup"} { // commits, effects, what comes in, lanes
		l.matters = l.matters || bytes.Contains(data, []byte(what))
	}
	return l.Conn.Write(data)
}

func (l *line) Read(data []byte) (int, error) {
	n, err := l.Conn.Read(data)
	if err == nil && l.matters && n > len("$-1\r\n") && l.w.losesReply() {
		l.Conn.Close()
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

func (w *world) losesReply() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.blow != deaf || !w.armed || w.struck != "" {
		return false
	}
	if w.count++; w.count <= w.at {
		return false
	}
	w.struck = "a reply of Redis"
	return true
}

// A master whose replicas are gone could die with all that it knows: nothing
// public leaves until one follows again.
func TestNothingLeavesWithoutReplica(t *testing.T) {
	t.Parallel()
	pair := redistest.StartPair(t, 0)
	k := keeper{addr: pair.Addr, replicas: 1}
	w := newWorldFrom(t, nil, none, 0, "fr")
	w.open = func(ctx context.Context) app.Backend { return k.connect(ctx, w) }
	w.patience = 2 * time.Minute
	w.live()
	defer w.end()
	asked(w)
	w.press("morgan", "com", "Valider les 5", "com", "Validé · Notre thé")
	pair.Promote()
	w.clock.Move(w.clock.Now().Add(61 * time.Second))
	w.until("order", func() error { return some(w.shown("morgan", "com", "Mastodon : envoi en cours")) })
	time.Sleep(5 * time.Second)
	if n := len(w.mastodon.all()) + len(w.bluesky.all()); n != 0 {
		t.Errorf("published %d times, with nothing but one server knowing of it", n)
	}
	pair.Follow()
	w.until("published", func() error {
		if len(w.mastodon.all()) != 1 {
			return fmt.Errorf("published %d times", len(w.mastodon.all()))
		}
		return nil
	})
	w.atMostOnce()
}
