package redis

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

//go:embed script/*.lua
var sources embed.FS

// group is the consumer group of every lane, consumer the one name in it: the
// pending entries belong to the lane, whoever holds its lease.
const (
	group    = "g"
	consumer = "lane"
)

// keepEffects is how long an effect stays after its end.
const keepEffects = 30 * 24 * time.Hour

// Store keeps one space in Redis. It is safe for concurrent use; its fields are
// set before use.
type Store struct {
	// Replicas is how many replicas must have the intent of a public effect
	// before it counts; 0 where none are configured.
	Replicas int
	// Settle is how long an intent needs to be on disk, as the relay waits for it:
	// a loss of less forgot no intent of a call that was made.
	Settle time.Duration
	// Log hears of what Redis lost.
	Log *slog.Logger

	client                                                          goredis.UniversalClient
	keys                                                            keys
	commit, accept, moveDue, lease, release, arm, raise, seal, tidy *goredis.Script
	witness                                                         *witness
	intake                                                          *intake
}

// NewStore returns the store of a space and makes its lanes.
func NewStore(ctx context.Context, client goredis.UniversalClient, space string) (*Store, error) {
	s := &Store{client: client, keys: keysOf(space), Log: slog.New(slog.DiscardHandler), witness: &witness{}, intake: &intake{}}
	for name, script := range map[string]**goredis.Script{
		"commit": &s.commit, "accept": &s.accept, "movedue": &s.moveDue,
		"lease": &s.lease, "release": &s.release, "arm": &s.arm, "raise": &s.raise, "seal": &s.seal, "tidy": &s.tidy,
	} {
		source, err := sources.ReadFile("script/" + name + ".lua")
		if err != nil {
			return nil, fmt.Errorf("read script %s: %w", name, err)
		}
		*script = goredis.NewScript(string(source))
	}
	return s, s.makeLanes(ctx)
}

// Through returns the same store on another connection: what one of the two saw
// the other knows.
func (s *Store) Through(client goredis.UniversalClient) *Store {
	other := *s
	other.client, other.intake = client, &intake{}
	return &other
}

func (s *Store) makeLanes(ctx context.Context) error {
	for _, direction := range []work.Direction{work.In, work.Out} {
		for _, lane := range lanes(direction) {
			err := s.client.XGroupCreateMkStream(ctx, s.keys.lane(lane), group, "0").Err()
			if err != nil && !goredis.HasErrorPrefix(err, "BUSYGROUP") {
				return fmt.Errorf("make lane %s: %w", lane, err)
			}
		}
	}
	return nil
}

// Get implements state.Store.
func (s *Store) Get(ctx context.Context, keys ...state.Key) ([]state.Record, error) {
	commands := make([]*goredis.SliceCmd, len(keys))
	_, err := s.client.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for i, key := range keys {
			commands[i] = pipe.HMGet(ctx, s.keys.record(key), "v", "d")
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("get %d records: %w", len(keys), err)
	}
	records := make([]state.Record, len(keys))
	for i, command := range commands {
		records[i].Key = keys[i]
		rev, ok := command.Val()[0].(string)
		if !ok {
			continue
		}
		data, _ := command.Val()[1].(string)
		records[i].Data = []byte(data)
		if records[i].Rev, err = strconv.ParseInt(rev, 10, 64); err != nil {
			return nil, fmt.Errorf("get record %s: %w", keys[i], err)
		}
	}
	return records, nil
}

// List implements state.Store.
func (s *Store) List(ctx context.Context, r state.Range) ([]state.Member, error) {
	args := goredis.ZRangeArgs{
		Key: s.keys.index(r.Index), ByScore: true, Rev: r.Reverse,
		Start: strconv.FormatInt(r.From, 10), Stop: strconv.FormatInt(r.To, 10),
		Count: int64(r.Limit),
	}
	if r.Reverse { // ZRANGE … REV wants the greater end first
		args.Start, args.Stop = args.Stop, args.Start
	}
	found, err := s.client.ZRangeArgsWithScores(ctx, args).Result()
	if err != nil {
		return nil, fmt.Errorf("list index %s: %w", r.Index, err)
	}
	members := make([]state.Member, len(found))
	for i, z := range found {
		id, _ := z.Member.(string)
		members[i] = state.Member{ID: id, Score: int64(z.Score)}
	}
	return members, nil
}

// Commit implements state.Store. What Redis lost is mended first.
func (s *Store) Commit(ctx context.Context, c state.Commit) (state.Outcome, error) {
	if err := c.Check(); err != nil {
		return state.Outcome{}, err
	}
	outcome, err := s.step(ctx, c)
	if errors.Is(err, errBehind) {
		if err = s.mend(ctx, c.Now); err == nil {
			outcome, err = s.step(ctx, c)
		}
	}
	return outcome, err
}

func (s *Store) step(ctx context.Context, c state.Commit) (state.Outcome, error) {
	step := stepOf(s.keys, c, s.witness.high())
	encoded, err := json.Marshal(step)
	if err != nil {
		return state.Outcome{}, fmt.Errorf("encode commit: %w", err)
	}
	asked := time.Now()
	reply, err := s.commit.Run(ctx, s.client, step.keys, encoded).Slice()
	if err != nil {
		return state.Outcome{}, fmt.Errorf("run commit: %w", err)
	}
	code, number := integer(reply, 0), integer(reply, 1)
	switch code {
	case 0:
		s.witness.saw(number, asked)
		return state.Outcome{Seq: number}, nil
	case 1:
		result, _ := reply[2].(string)
		return state.Outcome{Repeated: true, Seq: number, Result: []byte(result)}, nil
	case 2:
		return state.Outcome{}, state.Conflict{Key: step.records[int(number)]}
	case 3:
		return state.Outcome{}, fmt.Errorf("effect %s: %w", c.Receipt.Effect, outbox.ErrForgotten)
	case 4:
		return state.Outcome{}, fmt.Errorf("run commit %s: %w", c.Cause, errBehind)
	case 5:
		return state.Outcome{}, fmt.Errorf("run commit %s: entry %s: %w", c.Cause, c.Ack.Entry, work.ErrGone)
	}
	return state.Outcome{}, fmt.Errorf("run commit: unexpected reply %v", reply)
}

func integer(reply []any, at int) int64 {
	if at >= len(reply) {
		return -1
	}
	n, _ := reply[at].(int64)
	return n
}

// Ping says whether Redis answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("ping redis: %w", err)
	}
	return nil
}

// isNil says that Redis had nothing to give.
func isNil(err error) bool { return errors.Is(err, goredis.Nil) }
