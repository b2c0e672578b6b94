package redis_test

import (
	"context"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

// calls counts what is asked of Redis, a pipeline as one.
type calls struct{ n int }

func (c *calls) DialHook(next goredis.DialHook) goredis.DialHook { return next }

func (c *calls) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error { c.n++; return next(ctx, cmd) }
}

func (c *calls) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error { c.n++; return next(ctx, cmds) }
}

// A session is kept every second: that is one call.
func TestASessionIsKeptInOneCall(t *testing.T) {
	server := miniredis.RunT(t)
	client := goredis.NewUniversalClient(&goredis.UniversalOptions{Addrs: []string{server.Addr()}})
	t.Cleanup(func() { client.Close() })
	store, err := redis.NewStore(t.Context(), client, "calls")
	if err != nil {
		t.Fatal(err)
	}
	keep := func() {
		t.Helper()
		if held, err := store.KeepSession(t.Context(), "a", "s", []byte("one"), long); err != nil || !held {
			t.Fatal(held, err)
		}
	}
	keep() // the server learns the script
	counted := &calls{}
	client.AddHook(counted)
	if keep(); counted.n != 1 {
		t.Errorf("%d calls", counted.n)
	}
}

// long outlasts every test.
const long = time.Hour

func sessions(t *testing.T, client goredis.UniversalClient) {
	t.Cleanup(func() { client.Close() })
	store, err := redis.NewStore(t.Context(), client, t.Name())
	if err != nil {
		t.Fatal(err)
	}
	take := func(owner string) (string, string, int) {
		t.Helper()
		id, data, others, err := store.TakeSession(t.Context(), owner, long)
		if err != nil {
			t.Fatal(err)
		}
		return id, string(data), others
	}
	keep := func(owner, id, data string, lease time.Duration) bool {
		t.Helper()
		held, err := store.KeepSession(t.Context(), owner, id, []byte(data), lease)
		if err != nil {
			t.Fatal(err)
		}
		return held
	}
	expect := func(what string, id, data string, others int, wantID, wantData string, wantOthers int) {
		t.Helper()
		if id != wantID || data != wantData || others != wantOthers {
			t.Errorf("%s: %q %q and %d others", what, id, data, others)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}

	id, data, others := take("b")
	expect("nothing kept", id, data, others, "", "", 0)
	if !keep("a", "s1", "one", long) || !keep("a", "s1", "two", long) {
		t.Error("the owner does not hold its session")
	}
	id, data, others = take("b")
	expect("held by another", id, data, others, "", "", 1)
	if keep("b", "s1", "stolen", long) {
		t.Error("a held session was stolen")
	}
	do(store.DropSession(t.Context(), "b", "s1")) // not its own
	do(store.LeaveSession(t.Context(), "b", "s1"))
	id, data, others = take("b")
	expect("still held", id, data, others, "", "", 1)

	do(store.LeaveSession(t.Context(), "a", "s1"))
	id, data, others = take("b")
	expect("left", id, data, others, "s1", "two", 0)
	if keep("a", "s1", "three", long) {
		t.Error("who left goes on with it")
	}
	id, data, others = take("a")
	expect("taken", id, data, others, "", "", 1)

	do(store.DropSession(t.Context(), "b", "s1"))
	id, data, others = take("a")
	expect("dropped", id, data, others, "", "", 0)
}

func TestSessionsMiniredis(t *testing.T) {
	server := miniredis.RunT(t)
	client := goredis.NewUniversalClient(&goredis.UniversalOptions{Addrs: []string{server.Addr()}})
	sessions(t, client)

	store, err := redis.NewStore(t.Context(), client, "time")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.KeepSession(t.Context(), "a", "s", []byte("one"), 3*time.Second); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		passes time.Duration
		want   string
	}{{2 * time.Second, ""}, {2 * time.Second, "s"}, {11 * time.Minute, ""}} {
		server.FastForward(step.passes)
		if id, _, _, err := store.TakeSession(t.Context(), "b", time.Second); err != nil || id != step.want {
			t.Errorf("after %v more: %q, %v", step.passes, id, err)
		}
	}
	if members, err := client.SCard(t.Context(), "cr:{time}:sessions").Result(); err != nil || members != 0 {
		t.Errorf("%d sessions for ever, %v", members, err)
	}
}

func TestSessionsServer(t *testing.T) {
	sessions(t, goredis.NewUniversalClient(&goredis.UniversalOptions{Addrs: []string{redistest.Server(t)}}))
}

func TestSessionsCluster(t *testing.T) {
	sessions(t, goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: redistest.Cluster(t, 3)}))
}
