package redis

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strconv"

	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/audit"
	"crieur/bot/work"
)

// chainPage is how many links are read at once.
const chainPage = 512

// LeaseSeal implements audit.Trail.
func (s *Store) LeaseSeal(ctx context.Context, owner string) (bool, error) {
	code, err := s.lease.Run(ctx, s.client, []string{s.keys.sealLease()}, owner, work.LeaseFor.Milliseconds()).Int()
	if err != nil {
		return false, fmt.Errorf("lease the chain: %w", err)
	}
	return code == 1, nil
}

// Unsealed implements audit.Trail.
func (s *Store) Unsealed(ctx context.Context, most int) ([]audit.Appended, error) {
	messages, err := s.client.XRangeN(ctx, s.keys.audit(), "-", "+", int64(most)).Result()
	if err != nil {
		return nil, fmt.Errorf("read unsealed trail: %w", err)
	}
	waiting := make([]audit.Appended, len(messages))
	for i, message := range messages {
		seq, _ := message.Values["s"].(string)
		entry, _ := message.Values["e"].(string)
		waiting[i].Place = message.ID
		if waiting[i].Seq, err = strconv.ParseInt(seq, 10, 64); err != nil {
			return nil, fmt.Errorf("decode entry %s of the trail: %w", message.ID, err)
		}
		if err := json.Unmarshal([]byte(entry), &waiting[i].Entry); err != nil {
			return nil, fmt.Errorf("decode entry %s of the trail: %w", message.ID, err)
		}
	}
	return waiting, nil
}

// Head implements audit.Trail.
func (s *Store) Head(ctx context.Context) (audit.Link, error) {
	last, err := s.client.XRevRangeN(ctx, s.keys.chain(), "+", "-", 1).Result()
	if err != nil {
		return audit.Link{}, fmt.Errorf("read head of the chain: %w", err)
	}
	if len(last) == 0 {
		return audit.Link{}, nil
	}
	return linkOf(last[0])
}

// Chain yields every link, the oldest first, for audit.Verify. After an error it
// ends.
func (s *Store) Chain(ctx context.Context) iter.Seq2[audit.Link, error] {
	return func(yield func(audit.Link, error) bool) {
		for from := "-"; ; {
			page, err := s.client.XRangeN(ctx, s.keys.chain(), from, "+", chainPage).Result()
			if err != nil {
				yield(audit.Link{}, fmt.Errorf("read chain from %s: %w", from, err))
				return
			}
			for _, message := range page {
				link, err := linkOf(message)
				if !yield(link, err) || err != nil {
					return
				}
				from = "(" + message.ID
			}
			if len(page) < chainPage {
				return
			}
		}
	}
}

func linkOf(message goredis.XMessage) (link audit.Link, err error) {
	text, _ := message.Values["l"].(string)
	if err := json.Unmarshal([]byte(text), &link); err != nil {
		return link, fmt.Errorf("decode link %s: %w", message.ID, err)
	}
	return link, nil
}

// Salts implements audit.Trail.
func (s *Store) Salts(ctx context.Context, people []string, fresh func() string) (audit.Salts, error) {
	if len(people) == 0 {
		return audit.Salts{}, nil
	}
	_, err := s.client.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, person := range people {
			pipe.HSetNX(ctx, s.keys.salts(), person, fresh())
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("make salts: %w", err)
	}
	values, err := s.client.HMGet(ctx, s.keys.salts(), people...).Result()
	if err != nil {
		return nil, fmt.Errorf("read salts: %w", err)
	}
	salts := audit.Salts{}
	for i, value := range values {
		salt, kept := value.(string)
		if !kept { // forgotten since: nobody is to know this one
			salt = fresh()
		}
		salts[people[i]] = salt
	}
	return salts, nil
}

// AllSalts returns everybody that the chain can still name.
func (s *Store) AllSalts(ctx context.Context) (audit.Salts, error) {
	salts, err := s.client.HGetAll(ctx, s.keys.salts()).Result()
	if err != nil {
		return nil, fmt.Errorf("read salts: %w", err)
	}
	return salts, nil
}

// ForgetSalts makes people unknown to the chain, for good.
func (s *Store) ForgetSalts(ctx context.Context, people ...string) error {
	if len(people) == 0 {
		return nil
	}
	if err := s.client.HDel(ctx, s.keys.salts(), people...).Err(); err != nil {
		return fmt.Errorf("delete salts: %w", err)
	}
	return nil
}

// Seal implements audit.Trail.
func (s *Store) Seal(ctx context.Context, head audit.Link, links []audit.Link, taken []audit.Appended) error {
	rows := make([][]string, len(links))
	for i, link := range links {
		rows[i] = []string{strconv.FormatInt(link.N, 10) + "-0", encode(link), link.Hash}
	}
	args := []any{head.Hash, encode(rows)}
	for _, entry := range taken {
		args = append(args, entry.Place)
	}
	code, err := s.seal.Run(ctx, s.client, []string{s.keys.audit(), s.keys.chain()}, args...).Int()
	if err != nil {
		return fmt.Errorf("seal %d links: %w", len(links), err)
	}
	if code == 0 {
		return audit.ErrMoved
	}
	return nil
}
