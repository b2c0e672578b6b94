package redis_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/state/statetest"
	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

func trailSuite(t *testing.T, client goredis.UniversalClient) {
	t.Cleanup(func() { client.Close() })
	var spaces atomic.Int64
	statetest.RunTrail(t, func(t *testing.T) statetest.TrailBackend {
		store, err := redis.NewStore(context.Background(), client, fmt.Sprint("trail", spaces.Add(1)))
		if err != nil {
			t.Fatal(err)
		}
		return store
	})
}

func TestTrailMiniredis(t *testing.T) {
	trailSuite(t, goredis.NewUniversalClient(&goredis.UniversalOptions{Addrs: []string{miniredis.RunT(t).Addr()}}))
}

func TestTrailServer(t *testing.T) {
	trailSuite(t, goredis.NewUniversalClient(&goredis.UniversalOptions{Addrs: []string{redistest.Server(t)}}))
}

func TestTrailCluster(t *testing.T) {
	trailSuite(t, goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: redistest.Cluster(t, 3)}))
}
