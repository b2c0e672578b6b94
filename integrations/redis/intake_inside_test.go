package redis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/work"
)

// gate is between a store and its server: while it is shut nothing gets through,
// and it counts the scripts that were run.
type gate struct {
	open    chan struct{}
	waiting atomic.Int64
	fail    atomic.Pointer[error]
	runs    atomic.Int64
}

func (g *gate) DialHook(next goredis.DialHook) goredis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (g *gate) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return next
}

func (g *gate) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		if cmd.Name() != "evalsha" {
			return next(ctx, cmd)
		}
		g.waiting.Add(1)
		<-g.open
		g.runs.Add(1)
		if fail := g.fail.Load(); fail != nil {
			cmd.SetErr(*fail)
			return *fail
		}
		return next(ctx, cmd)
	}
}

// crowd is many who bring something at one time.
type crowd struct {
	*testing.T
	store *Store
	gate  *gate
	wait  sync.WaitGroup
	mu    sync.Mutex
	fresh map[string]bool
	errs  map[string]error
}

func newCrowd(t *testing.T) *crowd {
	client := goredis.NewClient(&goredis.Options{Addr: miniredis.RunT(t).Addr()})
	t.Cleanup(func() { client.Close() })
	store, err := NewStore(t.Context(), client, "s")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Accept(t.Context(), nil, work.Item{ID: "first", Conversation: "other"}); err != nil { // loads the script
		t.Fatal(err)
	}
	c := &crowd{T: t, store: store, gate: &gate{open: make(chan struct{})}, fresh: map[string]bool{}, errs: map[string]error{}}
	client.AddHook(c.gate)
	return c
}

// bring returns once it waits behind those who came before.
func (c *crowd) bring(ctx context.Context, id, key string) {
	c.Helper()
	before := c.waiting()
	c.wait.Go(func() {
		fresh, err := c.store.Accept(ctx, []string{key}, work.Item{ID: id, Conversation: "c"})
		c.mu.Lock()
		defer c.mu.Unlock()
		c.fresh[id], c.errs[id] = fresh, err
	})
	c.until(id+" waits", func() bool { return c.waiting() > before })
}

// occupy has the intake carry something that does not get through.
func (c *crowd) occupy(id string) {
	c.Helper()
	c.wait.Go(func() {
		if _, err := c.store.Accept(c.Context(), nil, work.Item{ID: id, Conversation: "c"}); err != nil && c.gate.fail.Load() == nil {
			c.Error(err)
		}
	})
	c.until("redis is busy", func() bool { return c.gate.waiting.Load() == 1 })
}

func (c *crowd) until(what string, condition func() bool) {
	c.Helper()
	for begun := time.Now(); !condition(); time.Sleep(10 * time.Microsecond) {
		if time.Since(begun) > 30*time.Second {
			c.Fatalf("not so: %s", what)
		}
	}
}

func (c *crowd) waiting() int {
	in := c.store.intake
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.waiting)
}

func (c *crowd) lane() (ids []string) {
	c.Helper()
	entries, err := c.store.Read(c.Context(), []work.Lane{work.LaneOf(work.In, "c")}, 1000, -1)
	if err != nil {
		c.Fatal(err)
	}
	for _, entry := range entries {
		ids = append(ids, entry.ID)
	}
	return ids
}

// What comes while Redis is busy goes together, each once, in order; who gives up
// meanwhile is answered at once, and nothing of theirs is stored later.
func TestManyAtOnce(t *testing.T) {
	c := newCrowd(t)
	c.occupy("busy")
	want := []string{"busy"}
	for n := range 150 {
		id := fmt.Sprint("e", n)
		want = append(want, id)
		c.bring(t.Context(), id, id)
		if n%10 == 5 {
			c.bring(t.Context(), id+" again", id)
		}
	}
	leaving, leave := context.WithCancel(t.Context())
	c.bring(leaving, "left", "left")
	leave()
	c.until("who gives up is answered", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return errors.Is(c.errs["left"], context.Canceled)
	})
	close(c.gate.open)
	c.wait.Wait()
	for id, fresh := range c.fresh {
		if again := strings.HasSuffix(id, " again"); id != "left" && (c.errs[id] != nil || fresh == again) {
			t.Errorf("%s: fresh %v, %v", id, fresh, c.errs[id])
		}
	}
	if stored := c.lane(); !slices.Equal(stored, want) {
		t.Errorf("stored %v, want %v", stored, want)
	}
	if runs := c.gate.runs.Load(); runs != 1+3 {
		t.Errorf("%d runs of the script for 166 items", runs)
	}
}

// When Redis refuses, everybody on the way is told, and nothing is stored.
func TestRefusedTogether(t *testing.T) {
	c := newCrowd(t)
	full := errors.New("OOM command not allowed")
	c.gate.fail.Store(&full)
	c.occupy("busy")
	for n := range 20 {
		c.bring(t.Context(), fmt.Sprint(n), fmt.Sprint(n))
	}
	close(c.gate.open)
	c.wait.Wait()
	for id, err := range c.errs {
		if !errors.Is(err, full) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if ids := c.lane(); len(ids) > 0 {
		t.Errorf("stored: %v", ids)
	}
	c.gate.fail.Store(nil)
	if fresh, err := c.store.Accept(t.Context(), []string{"1"}, work.Item{ID: "1", Conversation: "c"}); !fresh || err != nil {
		t.Errorf("later: %v, %v", fresh, err)
	}
}

// What was accepted is remembered for a day, by each of its keys, and then
// forgotten.
func TestEachKeyIsRememberedForADay(t *testing.T) {
	server := miniredis.RunT(t)
	client := goredis.NewClient(&goredis.Options{Addr: server.Addr()})
	defer client.Close()
	store, err := NewStore(t.Context(), client, "s")
	if err != nil {
		t.Fatal(err)
	}
	if fresh, err := store.Accept(t.Context(), []string{"ev:1", "msg:1", "msg:2"}, work.Item{ID: "1", Conversation: "c"}); !fresh || err != nil {
		t.Fatal(fresh, err)
	}
	for _, key := range []string{"ev:1", "msg:1", "msg:2"} {
		if left := server.TTL(store.keys.seen(key)); left != keepSeen {
			t.Errorf("%s is remembered for %v", key, left)
		}
	}
}

// A load is bounded by bytes too: what is over waits for the next.
func TestHeavyGoesAlone(t *testing.T) {
	in := &intake{}
	heavy := letter{text: make([]byte, mostBytesTogether/2+1)}
	for range 3 {
		in.join(&arrival{letter: heavy})
	}
	in.join(&arrival{letter: letter{text: make([]byte, mostBytesTogether+1)}})
	for n := range 4 {
		if some := in.next(); len(some) != 1 {
			t.Errorf("load %d: %d items", n, len(some))
		}
	}
	if some := in.next(); len(some) != 0 {
		t.Errorf("%d items left", len(some))
	}
}

// Who gives up while their item is on its way learns that nobody knows; who still
// waited here, that nothing was stored.
func TestGivingUpOnTheWay(t *testing.T) {
	c := newCrowd(t)
	ctx, giveUp := context.WithCancel(t.Context())
	onTheWay := make(chan error, 1)
	go func() {
		_, err := c.store.Accept(ctx, []string{"a"}, work.Item{ID: "a", Conversation: "c"})
		onTheWay <- err
	}()
	c.until("redis is busy", func() bool { return c.gate.waiting.Load() == 1 })
	c.bring(ctx, "b", "b")
	giveUp()
	if err := <-onTheWay; !errors.Is(err, work.ErrUnsure) || !errors.Is(err, context.Canceled) {
		t.Errorf("on the way: %v", err)
	}
	c.wait.Wait()
	if err := c.errs["b"]; err == nil || errors.Is(err, work.ErrUnsure) {
		t.Errorf("still here: %v", err)
	}
	close(c.gate.open)
	c.until("it was stored all the same", func() bool { return slices.Equal(c.lane(), []string{"a"}) })
}

func TestDoubtOf(t *testing.T) {
	for name, row := range map[string]struct {
		err    error
		unsure bool
	}{
		"cut":           {io.EOF, true},
		"late":          {context.DeadlineExceeded, true},
		"late, inside":  {&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, true},
		"not reached":   {&net.OpError{Op: "dial", Err: errors.New("connection refused")}, false},
		"no connection": {goredis.ErrPoolTimeout, false},
		"refused":       {goredis.Nil, false},
	} {
		if got := errors.Is(doubtOf(row.err), work.ErrUnsure); got != row.unsure {
			t.Errorf("%s: unsure %v", name, got)
		}
	}
}
