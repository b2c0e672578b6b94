package redis_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/integrations/redis"
	"crieur/integrations/redis/redistest"
)

// An intent that no replica has must not lead to a call: a failover would forget
// it. One that a replica has survives the loss of its master.
func TestIntentIsReplicated(t *testing.T) {
	ctx := context.Background()
	masterAt, replicaAt := redistest.FreePort(t), redistest.FreePort(t)
	master := redistest.Start(t, t.TempDir(), masterAt)
	client := goredis.NewClient(&goredis.Options{Addr: master.Addr})
	defer client.Close()
	store, err := redis.NewStore(ctx, client, "s")
	if err != nil {
		t.Fatal(err)
	}
	store.Replicas = 1
	post := outbox.Effect{ID: "1#0", Kind: "publish", Destination: "d", Public: true}
	card := outbox.Effect{ID: "1#1", Kind: "card", Destination: "d"}
	if _, err := store.Commit(ctx, state.Commit{Cause: "1", Now: time.Unix(1, 0), Effects: []outbox.Effect{post, card}}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Lease(ctx, post.Lane(), "a"); err != nil {
		t.Fatal(err)
	}
	if status, err := store.Arm(ctx, post, "a", time.Unix(1, 0)); !errors.Is(err, redis.ErrUnreplicated) {
		t.Errorf("armed without a replica: %s, %v", status, err)
	}
	if kept, err := store.Effects(ctx, post.ID); err != nil || kept[0].Status != outbox.Waiting {
		t.Errorf("what was not replicated stands as %+v, %v", kept, err)
	}
	if status, err := store.Arm(ctx, card, "a", time.Unix(1, 0)); err != nil || status != outbox.Waiting {
		t.Errorf("a card does not wait for replicas: %s, %v", status, err)
	}

	replica := redistest.Start(t, t.TempDir(), replicaAt, "--replicaof", "127.0.0.1 "+strconv.Itoa(masterAt))
	second := goredis.NewClient(&goredis.Options{Addr: replica.Addr})
	defer second.Close()
	redistest.Wait(t, "replica to follow", func() bool {
		info, err := second.Info(ctx, "replication").Result()
		return err == nil && strings.Contains(info, "master_link_status:up")
	})
	if _, err := store.Lease(ctx, post.Lane(), "a"); err != nil {
		t.Fatal(err)
	}
	if status, err := store.Arm(ctx, post, "a", time.Unix(1, 0)); err != nil || status != outbox.Waiting {
		t.Fatalf("armed with a replica: %s, %v", status, err)
	}
	master.Kill()
	if err := second.SlaveOf(ctx, "NO", "ONE").Err(); err != nil {
		t.Fatal(err)
	}
	after, err := redis.NewStore(ctx, second, "s")
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := after.Effects(ctx, post.ID); err != nil || kept[0].Status != outbox.Armed {
		t.Errorf("after the failover: %+v, %v", kept, err)
	}
}
