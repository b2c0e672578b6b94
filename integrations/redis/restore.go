package redis

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/archive"
	"crieur/bot/work"
)

var (
	// ErrNotEmpty says that a space holds something already.
	ErrNotEmpty = errors.New("this space holds something already: give space: another name, or another Redis")
	// ErrRestoring says that a restoration of the space has not ended.
	ErrRestoring = errors.New("an import into this space was cut off: run it again")
)

// Restore fills an empty space with an archive. Until Restored nobody may work
// with the space (Ready says so); a restoration that was cut off is begun anew.
// An error leaves the space empty.
func (s *Store) Restore(ctx context.Context, lines iter.Seq2[archive.Line, error]) (err error) {
	if err := s.claim(ctx); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.wipe(context.WithoutCancel(ctx)))
		}
	}()
	page := make([]archive.Line, 0, dumpPage)
	for line, err := range lines {
		if err != nil {
			return err
		}
		if page = append(page, line); len(page) == dumpPage || line.File != nil { // some megabytes go alone
			if err := s.put(ctx, page); err != nil {
				return err
			}
			page = page[:0]
		}
	}
	return s.put(ctx, page)
}

// Restored opens the space for work.
func (s *Store) Restored(ctx context.Context) error {
	if err := s.client.Del(ctx, s.keys.restoring()).Err(); err != nil {
		return fmt.Errorf("open the restored space: %w", err)
	}
	return nil
}

// Ready says whether the space may be worked with; the error is ErrRestoring
// when a restoration has not ended.
func (s *Store) Ready(ctx context.Context) error {
	n, err := s.client.Exists(ctx, s.keys.restoring()).Result()
	if err != nil {
		return fmt.Errorf("look for a restoration: %w", err)
	}
	if n > 0 {
		return ErrRestoring
	}
	return nil
}

// claim marks an empty space as being restored, and empties one whose
// restoration was cut off.
func (s *Store) claim(ctx context.Context) error {
	err := s.Ready(ctx)
	if errors.Is(err, ErrRestoring) {
		if err := s.wipe(ctx); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	seq, err := s.lastSeq(ctx)
	if err != nil {
		return err
	}
	if seq > 0 {
		return ErrNotEmpty
	}
	if err := s.client.Set(ctx, s.keys.restoring(), "1", 0).Err(); err != nil {
		return fmt.Errorf("mark the restoration: %w", err)
	}
	return nil
}

// wipe empties the space but for its lanes, and the mark last, so that a wipe
// that is cut off is seen.
func (s *Store) wipe(ctx context.Context) error {
	keys, err := s.allKeys(ctx)
	if err != nil {
		return err
	}
	for page := range slices.Chunk(keys, dumpPage) {
		_, err := s.client.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
			for _, key := range page {
				if key == s.keys.restoring() {
					continue
				}
				pipe.Del(ctx, key)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("empty the space: %w", err)
		}
	}
	if err := s.makeLanes(ctx); err != nil {
		return err
	}
	return s.Restored(ctx)
}

func (s *Store) put(ctx context.Context, lines []archive.Line) error {
	_, err := s.client.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, line := range lines {
			s.putLine(ctx, pipe, line)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("restore %d lines: %w", len(lines), err)
	}
	return nil
}

func (s *Store) putLine(ctx context.Context, pipe goredis.Pipeliner, line archive.Line) {
	switch {
	case line.Record != nil:
		r := line.Record
		key := s.keys.prefix + "r:" + r.Kind + "/" + r.ID
		pipe.HSet(ctx, key, "v", r.Rev, "d", string(r.Data))
		if r.Keep > 0 {
			pipe.PExpire(ctx, key, r.Keep)
		}
	case line.Mark != nil:
		pipe.ZAdd(ctx, s.keys.index(line.Mark.Index), goredis.Z{Score: float64(line.Mark.Score), Member: line.Mark.Member})
	case line.Due != nil:
		due := line.Due
		pipe.ZAdd(ctx, s.keys.due(), goredis.Z{Score: float64(due.At.UnixMilli()), Member: due.Key})
		lane := work.LaneOf(work.In, due.Item.Conversation)
		pipe.HSet(ctx, s.keys.dueItems(), due.Key, strconv.Itoa(lane.Number)+"|"+encode(due.Item))
	case line.Item != nil:
		lane := work.LaneOf(work.In, line.Item.Conversation)
		pipe.XAdd(ctx, &goredis.XAddArgs{Stream: s.keys.lane(lane), Values: []string{"i", encode(line.Item)}})
	case line.Cause != nil:
		pipe.Set(ctx, s.keys.cause(line.Cause.ID), line.Cause.Done, line.Cause.Keep)
	case line.Link != nil:
		l := line.Link
		pipe.XAdd(ctx, &goredis.XAddArgs{Stream: s.keys.chain(), ID: strconv.FormatInt(l.N, 10) + "-0",
			Values: []string{"l", encode(l), "h", l.Hash}})
	case line.Salt != nil:
		pipe.HSet(ctx, s.keys.salts(), line.Salt.Person, line.Salt.Salt)
	case line.File != nil:
		pipe.Set(ctx, s.keys.file(line.File.Digest), line.File.Data, line.File.Keep)
	case line.End != nil:
		pipe.Set(ctx, s.keys.seq(), line.End.Seq, 0)
	}
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Doubt has every public effect that was due until a time looked for before it
// is sent: after Redis was put back to an earlier moment, it may have left.
func (s *Store) Doubt(ctx context.Context, until time.Time) error {
	err := s.raise.Run(ctx, s.client, []string{s.keys.seq(), s.keys.gap()}, 0, until.UnixMilli()).Err()
	if err != nil {
		return fmt.Errorf("doubt what was due: %w", err)
	}
	return nil
}
