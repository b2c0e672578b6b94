package redis_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/content/contenttest"
	"crieur/bot/state/statetest"
	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

func suite(t *testing.T, client goredis.UniversalClient) {
	t.Cleanup(func() { client.Close() })
	store, err := redis.NewStore(t.Context(), client, t.Name()+"/files")
	if err != nil {
		t.Fatal(err)
	}
	contenttest.Run(t, store.Files())
	statetest.Run(t, func(t *testing.T) statetest.Backend {
		store, err := redis.NewStore(context.Background(), client, t.Name())
		if err != nil {
			t.Fatal(err)
		}
		return store
	})
}

func TestMiniredis(t *testing.T) {
	server := miniredis.RunT(t)
	suite(t, goredis.NewUniversalClient(&goredis.UniversalOptions{Addrs: []string{server.Addr()}}))
}

func TestServer(t *testing.T) {
	addr := redistest.Server(t)
	suite(t, goredis.NewUniversalClient(&goredis.UniversalOptions{Addrs: []string{addr}}))
}

// A single server hides commands that cross slots; three nodes do not.
func TestCluster(t *testing.T) {
	addrs := redistest.Cluster(t, 3)
	suite(t, goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: addrs}))
}

func TestSentinel(t *testing.T) {
	addrs, master := redistest.Sentinel(t)
	suite(t, goredis.NewUniversalClient(&goredis.UniversalOptions{Addrs: addrs, MasterName: master}))
}

func BenchmarkCommit(b *testing.B) {
	client := goredis.NewClient(&goredis.Options{Addr: redistest.Server(b)})
	defer client.Close()
	store, err := redis.NewStore(context.Background(), client, "bench")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := store.Commit(b.Context(), benchCommit(fmt.Sprint("cause", i))); err != nil {
			b.Fatal(err)
		}
	}
}
