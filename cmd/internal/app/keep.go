package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"crieur/bot/secret"
	"crieur/cmd/internal/config"
	"crieur/integrations/redis"
)

// ErrNowhere says that there is nothing to keep things in.
var ErrNowhere = errors.New("nothing says where to keep things: set redis.url in the configuration, or name a folder with data: or --data")

// settleEverysec is how long an intent takes to be on disk when Redis writes
// once a second: it may be a second late, and a second more in doubt.
const settleEverysec = 3 * time.Second

// kept is where a process keeps things.
type kept struct {
	store   *redis.Store
	ingress *redis.Store
	clock   *redis.Clock
	doctor  *redis.Doctor
	settle  time.Duration
	// ended is closed when a private server ended by itself; nil if there is none.
	ended <-chan struct{}
}

// open connects to the configured Redis, or starts a private one in the folder.
// What it opens is closed by undo.
func open(ctx context.Context, c *config.Config, data string, log *slog.Logger, undo *stack) (*kept, error) {
	k := &kept{}
	address := c.RedisURL
	if address == "" {
		if data == "" {
			return nil, ErrNowhere
		}
		child, err := redis.StartChild(ctx, data)
		if err != nil {
			return nil, err
		}
		undo.push(child.Stop)
		address, k.ended = child.Address(), child.Done()
	}
	return k, k.connect(ctx, address, c.Space.ID, log, undo)
}

func (k *kept) connect(ctx context.Context, address secret.Secret, space string, log *slog.Logger, undo *stack) error {
	client, err := redis.Connect(address)
	if err != nil {
		return fmt.Errorf("redis.url: %w", err)
	}
	undo.push(func() { client.Close() })
	quick, err := redis.ConnectIngress(address)
	if err != nil {
		return fmt.Errorf("redis.url: %w", err)
	}
	undo.push(func() { quick.Close() })
	k.clock = redis.NewClock(client, utc)
	k.doctor = &redis.Doctor{Client: client}
	if err := k.clock.Measure(ctx); err != nil {
		return fmt.Errorf("store: Redis does not answer: %w", err)
	}
	if k.store, err = redis.NewStore(ctx, client, space); err != nil {
		return err
	}
	if redis.FailsOver(address) || k.doctor.Replicated(ctx) {
		k.store.Replicas = 1
	}
	if !k.doctor.WritesAtOnce(ctx) {
		k.settle = settleEverysec
	}
	k.store.Settle, k.store.Clock, k.store.Log = k.settle, k.clock, log
	k.ingress = k.store.Through(quick)
	return nil
}

// stack is what to undo, the last thing first.
type stack struct{ steps []func() }

func (s *stack) push(step func()) { s.steps = append(s.steps, step) }

// unwind undoes everything, once.
func (s *stack) unwind() {
	for len(s.steps) > 0 {
		last := len(s.steps) - 1
		step := s.steps[last]
		s.steps = s.steps[:last]
		step()
	}
}

// utc is the machine's clock. Every time kept is of UTC, which is also written
// quicker than a local one.
func utc() time.Time { return time.Now().UTC() }
