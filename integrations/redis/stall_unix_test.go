//go:build unix

package redis_test

import (
	"context"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/work"
	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

// What was brought to a stalled Redis is not stored once it goes on: people were
// told so, and whoever brings it again is heard.
func TestStalledRedisStoresNothingLate(t *testing.T) {
	server := redistest.Start(t, t.TempDir(), redistest.FreePort(t))
	client := goredis.NewClient(&goredis.Options{Addr: server.Addr, ContextTimeoutEnabled: true, MaxRetries: -1})
	defer client.Close()
	store, err := redis.NewStore(t.Context(), client, "s")
	if err != nil {
		t.Fatal(err)
	}
	store.Clock = redis.NewClock(client, time.Now)
	if err := store.Clock.Measure(t.Context()); err != nil {
		t.Fatal(err)
	}
	item := work.Item{ID: "i", Conversation: "c"}
	bring := func(limit time.Duration, key string) (bool, error) {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		return store.Accept(ctx, []string{key}, item)
	}
	if fresh, err := bring(time.Minute, "before"); err != nil || !fresh { // the script is known from here on
		t.Fatal(fresh, err)
	}
	resume := server.Stall(t)
	_, err = bring(500*time.Millisecond, "k")
	time.Sleep(store.Clock.Doubt() + 500*time.Millisecond) // Redis must be late, not just on time
	resume()
	if err == nil {
		t.Fatal("a stalled Redis stored it")
	}
	if err := client.Ping(t.Context()).Err(); err != nil { // what was sent before was read by now
		t.Fatal(err)
	}
	if fresh, err := bring(time.Minute, "k"); err != nil || !fresh {
		t.Errorf("brought again: fresh %v, %v", fresh, err)
	}
}
