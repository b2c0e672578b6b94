package redis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/outbox"
)

// ForgetText deletes what would only go by itself after a while and holds the
// text: effects that have ended, and what was buried. An effect that is deleted
// is not done again.
func (s *Store) ForgetText(ctx context.Context, text string) error {
	keys, err := s.allKeys(ctx)
	if err != nil {
		return err
	}
	keys = slices.DeleteFunc(keys, func(key string) bool {
		name := strings.TrimPrefix(key, s.keys.prefix)
		return !strings.HasPrefix(name, "e:") && !strings.HasPrefix(name, "r:"+buried)
	})
	for page := range slices.Chunk(keys, dumpPage) {
		if err := s.forgetText(ctx, page, text); err != nil {
			return fmt.Errorf("forget a text: %w", err)
		}
	}
	return nil
}

func (s *Store) forgetText(ctx context.Context, keys []string, text string) error {
	values := make([]*goredis.SliceCmd, len(keys))
	_, err := s.client.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for i, key := range keys {
			values[i] = pipe.HMGet(ctx, key, "s", "d", "r")
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, key := range keys {
		status, effect := values[i].Val()[0].(string)
		data, _ := values[i].Val()[1].(string)
		receipt, _ := values[i].Val()[2].(string)
		if effect && !outbox.Status(status).Final() || !strings.Contains(strings.ToLower(data+receipt), strings.ToLower(text)) {
			continue
		}
		if err := s.client.Del(ctx, key).Err(); err != nil {
			return err
		}
	}
	return nil
}
