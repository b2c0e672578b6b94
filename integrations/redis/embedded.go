package redis

import (
	"context"
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"crieur/bot/work"
)

// Memory is a Redis inside the process, for the demo and for tests: nothing in
// it outlives the process.
type Memory struct {
	server *miniredis.Miniredis
	Client goredis.UniversalClient
}

// NewMemory starts one on a free loopback port.
func NewMemory() (*Memory, error) {
	server, err := miniredis.Run()
	if err != nil {
		return nil, fmt.Errorf("start embedded store: %w", err)
	}
	client := goredis.NewClient(&goredis.Options{Addr: server.Addr(), Protocol: 2})
	return &Memory{server, client}, nil
}

// Run lets its time pass until ctx ends: the embedded server's own clock stands
// still, and leases must end.
func (m *Memory) Run(ctx context.Context) {
	work.Every(ctx, time.Second, func() { m.server.FastForward(time.Second) })
}

// Close ends it and everything in it.
func (m *Memory) Close() {
	m.Client.Close()
	m.server.Close()
}
