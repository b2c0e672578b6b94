package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

// TestCrashPointsOnRedis is the table on a real server, in real time: a few
// instants of it, or all with CRIEUR_LONG.
func TestCrashPointsOnRedis(t *testing.T) {
	addr := redistest.Server(t)
	for _, p := range paths() {
		for _, b := range []blow{kill, mute} {
			t.Run(p.name+"/"+string(b), func(t *testing.T) {
				t.Parallel()
				instants := []int{23}
				if long() {
					instants = nil
					for at := range 200 {
						instants = append(instants, at)
					}
				}
				for _, at := range instants {
					if crashOnRedis(t, addr, p, b, at) == "" {
						break
					}
				}
			})
		}
	}
}

func crashOnRedis(t *testing.T, addr string, p path, b blow, at int) string {
	client := goredis.NewClient(&goredis.Options{Addr: addr})
	defer client.Close()
	store, err := redis.NewStore(context.Background(), client, fmt.Sprintf("%s-%s-%d", p.name, b, at))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, store, b, at)
	w.patience = time.Minute
	w.pass = func(d time.Duration) { w.clock.Move(w.clock.Now().Add(d)) }
	defer w.end()
	p.walk(w)
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.struck
}
