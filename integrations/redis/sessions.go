package redis

import (
	"context"
	"fmt"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// keepSessions is how long a session may be taken up after its last word. Discord
// does not say how long it keeps one; it is minutes, and asking in vain costs a
// few seconds.
const keepSessions = 10 * time.Minute

// KeepSession keeps what a session with a chat application is resumed with, and
// the owner's lease on it; held is false once another owner has it.
func (s *Store) KeepSession(ctx context.Context, owner, id string, data []byte, lease time.Duration) (held bool, err error) {
	keys := []string{s.keys.sessionLease(id), s.keys.session(id), s.keys.sessions()}
	code, err := s.lease.Run(ctx, s.client, keys, owner, lease.Milliseconds(), data, keepSessions.Milliseconds(), id).Int()
	if err != nil {
		return false, fmt.Errorf("keep session %s: %w", id, err)
	}
	return code == 1, nil
}

// TakeSession leases a session that nobody holds to the owner, and to no other;
// id is empty if there is none. Others says how many are held now.
func (s *Store) TakeSession(ctx context.Context, owner string, lease time.Duration) (id string, data []byte, others int, err error) {
	ids, err := s.client.SMembers(ctx, s.keys.sessions()).Result()
	if err != nil {
		return "", nil, 0, fmt.Errorf("list sessions: %w", err)
	}
	for _, id := range ids {
		held, err := s.leaseSession(ctx, owner, id, lease)
		if err != nil {
			return "", nil, others, err
		}
		if !held {
			others++
			continue
		}
		data, err := s.client.Get(ctx, s.keys.session(id)).Bytes()
		if err == nil {
			return id, data, others, nil
		}
		if !isNil(err) {
			return "", nil, others, fmt.Errorf("get session %s: %w", id, err)
		}
		if err := s.DropSession(ctx, owner, id); err != nil {
			return "", nil, others, err
		}
	}
	return "", nil, others, nil
}

// LeaveSession gives the session back: whoever comes may take it.
func (s *Store) LeaveSession(ctx context.Context, owner, id string) error {
	if err := s.release.Run(ctx, s.client, []string{s.keys.sessionLease(id)}, owner).Err(); err != nil {
		return fmt.Errorf("leave session %s: %w", id, err)
	}
	return nil
}

// DropSession forgets a session of the owner's that has ended.
func (s *Store) DropSession(ctx context.Context, owner, id string) error {
	held, err := s.leaseSession(ctx, owner, id, time.Second)
	if err != nil || !held {
		return err
	}
	_, err = s.client.TxPipelined(ctx, func(pipe goredis.Pipeliner) error {
		pipe.Del(ctx, s.keys.session(id))
		pipe.SRem(ctx, s.keys.sessions(), id)
		return nil
	})
	if err != nil {
		return fmt.Errorf("drop session %s: %w", id, err)
	}
	return s.LeaveSession(ctx, owner, id)
}

func (s *Store) leaseSession(ctx context.Context, owner, id string, lease time.Duration) (bool, error) {
	code, err := s.lease.Run(ctx, s.client, []string{s.keys.sessionLease(id)}, owner, lease.Milliseconds()).Int()
	if err != nil {
		return false, fmt.Errorf("lease session %s: %w", id, err)
	}
	return code == 1, nil
}
