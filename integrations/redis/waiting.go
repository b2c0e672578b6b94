package redis

import (
	"context"
	"fmt"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/work"
)

// Waiting counts what has not been done yet.
type Waiting struct {
	In  int // happened, not handled
	Out int // to be done outside, not ended; what rests is in it
	Due int // comes later
}

// Waiting reads the counts. They are taken one after another, so they are exact
// only while nothing moves.
func (s *Store) Waiting(ctx context.Context) (Waiting, error) {
	lengths := map[work.Direction][]*goredis.IntCmd{}
	var due *goredis.IntCmd
	_, err := s.client.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, direction := range []work.Direction{work.In, work.Out} {
			for _, lane := range lanes(direction) {
				lengths[direction] = append(lengths[direction], pipe.XLen(ctx, s.keys.lane(lane)))
			}
		}
		due = pipe.ZCard(ctx, s.keys.due())
		return nil
	})
	if err != nil {
		return Waiting{}, fmt.Errorf("count what waits: %w", err)
	}
	sum := func(commands []*goredis.IntCmd) (n int) {
		for _, command := range commands {
			n += int(command.Val())
		}
		return n
	}
	return Waiting{In: sum(lengths[work.In]), Out: sum(lengths[work.Out]), Due: int(due.Val())}, nil
}
