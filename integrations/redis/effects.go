package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

// Effects returns effects with where they stand; it serves outbox.Store.
func (s *Store) Effects(ctx context.Context, ids ...string) ([]outbox.Record, error) {
	commands := make([]*goredis.SliceCmd, len(ids))
	_, err := s.client.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for i, id := range ids {
			commands[i] = pipe.HMGet(ctx, s.keys.effect(id), "s", "d", "a")
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("get %d effects: %w", len(ids), err)
	}
	records := make([]outbox.Record, len(ids))
	for i, command := range commands {
		if records[i], err = recordOf(ids[i], command.Val()); err != nil {
			return nil, err
		}
	}
	return records, nil
}

func recordOf(id string, values []any) (outbox.Record, error) {
	status, _ := values[0].(string)
	data, ok := values[1].(string)
	if !ok {
		return outbox.Record{Effect: outbox.Effect{ID: id}, Status: outbox.Cancelled}, nil
	}
	effect, err := decodeEffect(data)
	if err != nil {
		return outbox.Record{}, fmt.Errorf("decode effect %s: %w", id, err)
	}
	record := outbox.Record{Effect: effect, Status: outbox.Status(status)}
	if armed, ok := values[2].(string); ok {
		at, err := strconv.ParseInt(armed, 10, 64)
		if err != nil {
			return outbox.Record{}, fmt.Errorf("decode effect %s: %w", id, err)
		}
		record.ArmedAt = time.UnixMilli(at)
	}
	return record, nil
}

// ErrUnreplicated says that fewer replicas than needed have an intent: what it
// is for must not be done.
var ErrUnreplicated = errors.New("intent not replicated")

// replicateWithin bounds the wait for replicas.
const replicateWithin = 2 * time.Second

// Arm serves outbox.Store. The intent is as durable as Redis is configured;
// where that is less than every write, the caller waits (DESIGN.md section 5).
// With Replicas, an intent that they do not confirm is taken back: a failover
// could forget it. What Redis lost is mended first.
func (s *Store) Arm(ctx context.Context, effect outbox.Effect, owner string, now time.Time) (outbox.Status, error) {
	status, err := s.armOnce(ctx, effect, owner, now)
	if errors.Is(err, errBehind) {
		if err = s.mend(ctx, now); err == nil {
			status, err = s.armOnce(ctx, effect, owner, now)
		}
	}
	if err != nil {
		return "", fmt.Errorf("arm effect %s: %w", effect.ID, err)
	}
	return status, nil
}

func (s *Store) armOnce(ctx context.Context, effect outbox.Effect, owner string, now time.Time) (outbox.Status, error) {
	keys, args := s.turning(effect, owner, now, outbox.Waiting, outbox.Armed)
	if s.Replicas == 0 || !effect.Public {
		return statusFound(s.arm.Run(ctx, s.client, keys, args...).Text())
	}
	found, copies, err := s.armReplicated(ctx, keys, args)
	status, err := statusFound(found, err)
	if err != nil || status != outbox.Waiting || copies >= s.Replicas {
		return status, err
	}
	if err := s.Disarm(ctx, effect, owner); err != nil {
		return "", err
	}
	return "", fmt.Errorf("%d of %d replicas: %w", copies, s.Replicas, ErrUnreplicated)
}

// armReplicated arms and waits for the replicas on the same connection: WAIT is
// about the writes of its own connection.
func (s *Store) armReplicated(ctx context.Context, keys []string, args []any) (string, int, error) {
	var node goredis.Cmdable = s.client
	if cluster, ok := s.client.(*goredis.ClusterClient); ok {
		master, err := cluster.MasterForKey(ctx, keys[0])
		if err != nil {
			return "", 0, err
		}
		node = master
	}
	var found, copies *goredis.Cmd
	_, err := node.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		found = s.arm.Eval(ctx, pipe, keys, args...)
		copies = pipe.Do(ctx, "WAIT", s.Replicas, replicateWithin.Milliseconds())
		return nil
	})
	if err != nil {
		return "", 0, err
	}
	status, err := found.Text()
	if err != nil {
		return "", 0, err
	}
	have, err := copies.Int()
	return status, have, err
}

// Disarm serves outbox.Store.
func (s *Store) Disarm(ctx context.Context, effect outbox.Effect, owner string) error {
	keys, args := s.turning(effect, owner, time.Time{}, outbox.Armed, outbox.Waiting)
	if _, err := statusFound(s.arm.Run(ctx, s.client, keys, args...).Text()); err != nil {
		return fmt.Errorf("disarm effect %s: %w", effect.ID, err)
	}
	return nil
}

// turning is what script/arm.lua takes.
func (s *Store) turning(effect outbox.Effect, owner string, now time.Time, from, to outbox.Status) ([]string, []any) {
	due := ""
	if effect.Public {
		due = strconv.FormatInt(max(effect.Due.UnixMilli(), 0), 10)
	}
	return []string{s.keys.effect(effect.ID), s.keys.lease(effect.Lane()), s.keys.seq(), s.keys.gap()},
		[]any{owner, now.UnixMilli(), string(from), string(to), s.witness.high(), due, rand.Text()}
}

func statusFound(found string, err error) (outbox.Status, error) {
	switch {
	case err != nil:
		return "", err
	case found == "lost":
		return "", outbox.ErrLost
	case found == "behind":
		return "", errBehind
	}
	return outbox.Status(found), nil
}

// Finish serves outbox.Store.
func (s *Store) Finish(ctx context.Context, ticket work.Ticket, effect outbox.Effect, receipt outbox.Receipt) error {
	_, err := s.Commit(ctx, state.Finishing(ticket, effect, receipt))
	return err
}
