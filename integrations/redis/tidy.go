package redis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"crieur/bot/state"
)

// Tidy takes out of every index what has no record any more: records go by
// themselves when their time has passed, index entries do not. kindOf says of
// which kind an index holds records; "" leaves it as it is. It returns how many
// entries went.
func (s *Store) Tidy(ctx context.Context, kindOf func(index string) string) (gone int, err error) {
	keys, err := s.allKeys(ctx)
	if err != nil {
		return 0, err
	}
	for _, key := range keys {
		index, is := strings.CutPrefix(key, s.keys.index(""))
		kind := kindOf(index)
		if !is || kind == "" {
			continue
		}
		members, err := s.client.ZRange(ctx, key, 0, -1).Result()
		if err != nil {
			return gone, fmt.Errorf("read index %s: %w", index, err)
		}
		for page := range slices.Chunk(members, dumpPage) {
			n, err := s.tidyPage(ctx, key, kind, page)
			if err != nil {
				return gone, fmt.Errorf("tidy index %s: %w", index, err)
			}
			gone += n
		}
	}
	return gone, nil
}

// tidyPage looks and takes out in one step, so that what comes back meanwhile
// stays.
func (s *Store) tidyPage(ctx context.Context, key, kind string, members []string) (int, error) {
	keys, args := []string{key}, make([]any, len(members))
	for i, member := range members {
		keys = append(keys, s.keys.record(state.Key{Kind: kind, ID: member}))
		args[i] = member
	}
	return s.tidy.Run(ctx, s.client, keys, args...).Int()
}
