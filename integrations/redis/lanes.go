package redis

import (
	"context"
	"fmt"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/work"
)

// Lease implements work.Queue.
func (s *Store) Lease(ctx context.Context, lane work.Lane, owner string) (bool, error) {
	code, err := s.lease.Run(ctx, s.client, []string{s.keys.lease(lane)}, owner, work.LeaseFor.Milliseconds()).Int()
	if err != nil {
		return false, fmt.Errorf("lease lane %s: %w", lane, err)
	}
	return code == 1, nil
}

// Release implements work.Queue.
func (s *Store) Release(ctx context.Context, lane work.Lane, owner string) error {
	if err := s.release.Run(ctx, s.client, []string{s.keys.lease(lane)}, owner).Err(); err != nil {
		return fmt.Errorf("release lane %s: %w", lane, err)
	}
	return nil
}

// Read implements work.Queue.
func (s *Store) Read(ctx context.Context, lanes []work.Lane, most int, wait time.Duration) ([]work.Entry, error) {
	streams := make([]string, 0, 2*len(lanes))
	byKey := make(map[string]work.Lane, len(lanes))
	for _, lane := range lanes {
		key := s.keys.lane(lane)
		streams = append(streams, key)
		byKey[key] = lane
	}
	for range lanes {
		streams = append(streams, ">")
	}
	found, err := s.client.XReadGroup(ctx, &goredis.XReadGroupArgs{
		Group: group, Consumer: consumer, Streams: streams, Count: int64(most), Block: wait,
	}).Result()
	if isNil(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read lanes: %w", err)
	}
	var entries []work.Entry
	for _, stream := range found {
		some, err := entriesOf(byKey[stream.Stream], stream.Messages)
		if err != nil {
			return entries, err
		}
		entries = append(entries, some...)
	}
	return entries, nil
}

// Pending implements work.Queue.
func (s *Store) Pending(ctx context.Context, lane work.Lane) ([]work.Entry, error) {
	key := s.keys.lane(lane)
	summary, err := s.client.XPending(ctx, key, group).Result()
	if err != nil {
		return nil, fmt.Errorf("count pending of lane %s: %w", lane, err)
	}
	if summary.Count == 0 {
		return nil, nil
	}
	found, err := s.client.XReadGroup(ctx, &goredis.XReadGroupArgs{
		Group: group, Consumer: consumer, Streams: []string{key, "0"}, Block: -1,
	}).Result()
	if isNil(err) || err == nil && len(found) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read pending of lane %s: %w", lane, err)
	}
	return entriesOf(lane, found[0].Messages)
}

func entriesOf(lane work.Lane, messages []goredis.XMessage) ([]work.Entry, error) {
	entries := make([]work.Entry, 0, len(messages))
	for _, message := range messages {
		text, ok := message.Values["i"].(string)
		if !ok {
			continue // taken off the lane since; its place in the pending list goes with its ack
		}
		item, err := decodeItem(text)
		if err != nil {
			return entries, fmt.Errorf("decode entry %s of lane %s: %w", message.ID, lane, err)
		}
		entries = append(entries, work.Entry{Ticket: work.Ticket{Lane: lane, Entry: message.ID}, Item: item})
	}
	return entries, nil
}

// Handled says whether all that happened was handled: no In lane holds anything.
// What is still to leave is another matter: it may rest until the morning.
func (s *Store) Handled(ctx context.Context) (bool, error) {
	var held int64
	for _, lane := range lanes(work.In) {
		n, err := s.client.XLen(ctx, s.keys.lane(lane)).Result()
		if err != nil {
			return false, fmt.Errorf("measure lane %s: %w", lane, err)
		}
		held += n
	}
	return held == 0, nil
}

// MoveDue implements work.Queue.
func (s *Store) MoveDue(ctx context.Context, now time.Time, most int) (int, time.Time, error) {
	keys := []string{s.keys.due(), s.keys.dueItems()}
	for _, lane := range lanes(work.In) {
		keys = append(keys, s.keys.lane(lane))
	}
	reply, err := s.moveDue.Run(ctx, s.client, keys, now.UnixMilli(), most).Int64Slice()
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("move due items: %w", err)
	}
	if len(reply) != 2 {
		return 0, time.Time{}, fmt.Errorf("move due items: unexpected reply %v", reply)
	}
	var next time.Time
	if reply[1] >= 0 {
		next = time.UnixMilli(reply[1])
	}
	return int(reply[0]), next, nil
}
