package redis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot"
	"crieur/bot/archive"
	"crieur/bot/content"
	"crieur/bot/work"
)

// ErrMoving says that something changed while a space was read: what was read
// is of no one moment.
var ErrMoving = errors.New("something changed meanwhile")

// dumpPage is how many keys are read at once.
const dumpPage = 256

// What is not dumped: what could not be handled, which may hold what a chat
// application gave us for one answer, and what goes within the hour, as codes
// that link accounts do.
const (
	buried   = "dead/"
	fleeting = time.Hour
)

// Dump gives every line of the space to emit, in an order that depends only on
// what is kept, and returns the number of the last commit. Nothing is locked:
// when a commit comes in between, the error is ErrMoving and what was given is
// worth nothing.
func (s *Store) Dump(ctx context.Context, emit func(archive.Line) error) (seq int64, err error) {
	if seq, err = s.lastSeq(ctx); err != nil {
		return 0, err
	}
	keys, err := s.allKeys(ctx)
	if err != nil {
		return 0, err
	}
	d := &dump{s, ctx, emit}
	for _, step := range []func() error{
		func() error { return d.paged(d.under(keys, "r:"), d.records) },
		func() error { return d.each(d.under(keys, "x:"), d.marks) },
		d.dues,
		func() error { return d.each(laneKeys(s, keys), d.items) },
		func() error { return d.paged(d.under(keys, "c:"), d.causes) },
		d.chain,
		d.salts,
	} {
		if err := step(); err != nil {
			return 0, err
		}
	}
	after, err := s.lastSeq(ctx)
	if err == nil && after != seq {
		err = ErrMoving
	}
	return seq, err
}

func (s *Store) lastSeq(ctx context.Context) (int64, error) {
	seq, err := s.client.Get(ctx, s.keys.seq()).Int64()
	if isNil(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read number of the last commit: %w", err)
	}
	return seq, nil
}

// allKeys lists the keys of the space in their order. They are in one slot, so
// one node of a Cluster has them all.
func (s *Store) allKeys(ctx context.Context) ([]string, error) {
	var node goredis.Cmdable = s.client
	if cluster, ok := s.client.(*goredis.ClusterClient); ok {
		master, err := cluster.MasterForKey(ctx, s.keys.seq())
		if err != nil {
			return nil, fmt.Errorf("find the node of the space: %w", err)
		}
		node = master
	}
	var keys []string
	scan := node.Scan(ctx, 0, globbed(s.keys.prefix)+"*", dumpPage).Iterator()
	for scan.Next(ctx) {
		keys = append(keys, scan.Val())
	}
	if err := scan.Err(); err != nil {
		return nil, fmt.Errorf("list the keys of the space: %w", err)
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil // a scan may give a key twice
}

// globbed is a text that a pattern finds as it is.
func globbed(text string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "]", `\]`).Replace(text)
}

func laneKeys(s *Store, keys []string) []string {
	return slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
		return !strings.HasPrefix(key, s.keys.prefix+string(work.In)+":")
	})
}

// dump is a Dump under way.
type dump struct {
	*Store
	ctx  context.Context
	emit func(archive.Line) error
}

func (d *dump) under(keys []string, part string) []string {
	return slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return !strings.HasPrefix(key, d.keys.prefix+part) })
}

func (d *dump) each(keys []string, do func(key string) error) error {
	for _, key := range keys {
		if err := do(key); err != nil {
			return err
		}
	}
	return nil
}

func (d *dump) paged(keys []string, do func(page []string) error) error {
	for page := range slices.Chunk(keys, dumpPage) {
		if err := do(page); err != nil {
			return err
		}
	}
	return nil
}

func (d *dump) records(keys []string) error {
	values := make([]*goredis.SliceCmd, len(keys))
	keeps := make([]*goredis.DurationCmd, len(keys))
	_, err := d.client.Pipelined(d.ctx, func(pipe goredis.Pipeliner) error {
		for i, key := range keys {
			values[i], keeps[i] = pipe.HMGet(d.ctx, key, "v", "d"), pipe.PTTL(d.ctx, key)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read %d records: %w", len(keys), err)
	}
	for i, key := range keys {
		name := strings.TrimPrefix(key, d.keys.prefix+"r:")
		rev, ok := values[i].Val()[0].(string)
		r := &archive.Record{Keep: max(keeps[i].Val(), 0)}
		if !ok || strings.HasPrefix(name, buried) || r.Keep > 0 && r.Keep < fleeting {
			continue
		}
		r.Kind, r.ID, _ = strings.Cut(name, "/")
		if r.Rev, err = strconv.ParseInt(rev, 10, 64); err != nil {
			return fmt.Errorf("read record %s: %w", name, err)
		}
		data, _ := values[i].Val()[1].(string)
		if r.Data = json.RawMessage(data); !json.Valid(r.Data) {
			return fmt.Errorf("read record %s: it is not JSON", name)
		}
		if err := d.emit(archive.Line{Record: r}); err != nil {
			return err
		}
	}
	return nil
}

func (d *dump) marks(key string) error {
	members, err := d.client.ZRangeWithScores(d.ctx, key, 0, -1).Result()
	if err != nil {
		return fmt.Errorf("read index %s: %w", key, err)
	}
	index := strings.TrimPrefix(key, d.keys.prefix+"x:")
	for _, z := range members {
		member, _ := z.Member.(string)
		if index+"/" == buried {
			continue
		}
		if err := d.emit(archive.Line{Mark: &archive.Mark{Index: index, Member: member, Score: int64(z.Score)}}); err != nil {
			return err
		}
	}
	return nil
}

func (d *dump) dues() error {
	times, err := d.client.ZRangeWithScores(d.ctx, d.keys.due(), 0, -1).Result()
	if err != nil {
		return fmt.Errorf("read due times: %w", err)
	}
	items, err := d.client.HGetAll(d.ctx, d.keys.dueItems()).Result()
	if err != nil {
		return fmt.Errorf("read due items: %w", err)
	}
	for _, z := range times {
		key, _ := z.Member.(string)
		_, text, _ := strings.Cut(items[key], "|")
		item, err := decodeItem(text)
		if err != nil {
			return fmt.Errorf("decode due item %s: %w", key, err)
		}
		if err := d.emit(archive.Line{Due: &archive.Due{Key: key, At: time.UnixMilli(int64(z.Score)).UTC(), Item: item}}); err != nil {
			return err
		}
	}
	return nil
}

// items are what happened and was not handled yet; people's acts are left out.
func (d *dump) items(key string) error {
	messages, err := d.client.XRange(d.ctx, key, "-", "+").Result()
	if err != nil {
		return fmt.Errorf("read lane %s: %w", key, err)
	}
	entries, err := entriesOf(work.Lane{}, messages)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Topic == bot.ChatTopic {
			continue
		}
		if err := d.emit(archive.Line{Item: &entry.Item}); err != nil {
			return err
		}
	}
	return nil
}

func (d *dump) causes(keys []string) error {
	done := make([]*goredis.StringCmd, len(keys))
	keeps := make([]*goredis.DurationCmd, len(keys))
	_, err := d.client.Pipelined(d.ctx, func(pipe goredis.Pipeliner) error {
		for i, key := range keys {
			done[i], keeps[i] = pipe.Get(d.ctx, key), pipe.PTTL(d.ctx, key)
		}
		return nil
	})
	if err != nil && !isNil(err) {
		return fmt.Errorf("read %d causes: %w", len(keys), err)
	}
	for i, key := range keys {
		if done[i].Err() != nil || keeps[i].Val() <= 0 {
			continue // it went meanwhile
		}
		cause := &archive.Cause{ID: strings.TrimPrefix(key, d.keys.prefix+"c:"), Done: done[i].Val(), Keep: keeps[i].Val()}
		if err := d.emit(archive.Line{Cause: cause}); err != nil {
			return err
		}
	}
	return nil
}

func (d *dump) chain() error {
	for link, err := range d.Chain(d.ctx) {
		if err != nil {
			return err
		}
		if err := d.emit(archive.Line{Link: &link}); err != nil {
			return err
		}
	}
	return nil
}

// DumpFiles gives every picture of the space to emit, one after the other. What
// was dumped before names no picture that is not there.
func (s *Store) DumpFiles(ctx context.Context, emit func(archive.Line) error) error {
	keys, err := s.allKeys(ctx)
	if err != nil {
		return err
	}
	d := &dump{s, ctx, emit}
	return d.each(d.under(keys, "f:"), d.file)
}

func (d *dump) file(key string) error {
	data, err := d.client.Get(d.ctx, key).Bytes()
	if isNil(err) {
		return nil // it went meanwhile
	}
	f := &archive.File{Digest: strings.TrimPrefix(key, d.keys.file("")), Data: data}
	if err == nil {
		f.Keep, err = d.client.PTTL(d.ctx, key).Result()
	}
	if err != nil {
		return fmt.Errorf("read picture %s: %w", f.Digest, err)
	}
	if f.Keep = max(f.Keep, 0); content.Digest(data) != f.Digest {
		return fmt.Errorf("read picture %s: it is not as it was", f.Digest)
	}
	return d.emit(archive.Line{File: f})
}

func (d *dump) salts() error {
	salts, err := d.AllSalts(d.ctx)
	if err != nil {
		return err
	}
	for _, person := range sortedNames(salts) {
		if err := d.emit(archive.Line{Salt: &archive.Salt{Person: person, Salt: salts[person]}}); err != nil {
			return err
		}
	}
	return nil
}
