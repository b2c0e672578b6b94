// Package demo is "crieur demo": the whole bot on an embedded store, with the
// browser workspace as its chat application and a stage that plays the networks.
//
// Everything between the click and the stage is what "crieur serve" runs; only
// the clock, the people and the outside are the sample's.
package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"crieur/bot/i18n"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/console"
	"crieur/integrations/redis"
)

// Options are what the demo is started with.
type Options struct {
	Addr string
	// Out is where the address is printed.
	Out io.Writer
	Log *slog.Logger
	// Open opens a browser at an address, where there is a screen; nil does not.
	Open func(address string)
}

// Demo is a running demo.
type Demo struct {
	Clock   *Clock
	Console *console.Console
	App     *app.App
	Address string

	memory  *redis.Memory
	server  *http.Server
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// Start builds the demo and serves it.
func Start(ctx context.Context, o Options) (*Demo, error) {
	space, err := Space()
	if err != nil {
		return nil, err
	}
	catalog, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	memory, err := redis.NewMemory()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	d := &Demo{memory: memory, cancel: cancel}
	brand := space.Brands[0]
	d.Clock = NewClock(dayStart(brand.Zone), time.Now)
	store, err := redis.NewStore(ctx, memory.Client, space.ID)
	if err != nil {
		d.Stop()
		return nil, err
	}
	key := make([]byte, 32)
	if _, err := io.ReadFull(rand.Reader, key); err != nil {
		d.Stop()
		return nil, fmt.Errorf("make a key: %w", err)
	}
	stage := &stage{brand: brand, now: d.Clock.Now}
	d.App, err = app.New(app.Options{
		Space: space, Backend: store, Publishers: stage.publishers(), Hand: hand{},
		Catalog: catalog, Key: key, Now: d.Clock.Now, Log: o.Log,
	})
	if err != nil {
		d.Stop()
		return nil, err
	}
	if d.Console, err = workspace(space, catalog, d.Clock, o.Log, d.App); err != nil {
		d.Stop()
		return nil, err
	}
	stage.console = d.Console
	d.App.AddChat(d.Console)
	return d, d.serve(ctx, o)
}

// dayStart is when the sample day begins.
func dayStart(zone *time.Location) time.Time {
	return time.Date(2026, time.November, 26, 8, 45, 0, 0, zone)
}

func (d *Demo) serve(ctx context.Context, o Options) error {
	listener, err := listen(ctx, o.Addr)
	if err != nil {
		d.Stop()
		return err
	}
	d.Address = "http://" + listener.Addr().String() + "/"
	d.server = &http.Server{Handler: d.Console.Handler(), ReadHeaderTimeout: 5 * time.Second}
	if err := d.Console.Start(ctx); err != nil {
		d.Stop()
		return err
	}
	if err := d.App.Start(ctx); err != nil {
		d.Stop()
		return err
	}
	d.running.Go(func() { d.memory.Run(ctx) })
	d.running.Go(func() {
		if err := d.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			o.Log.Error("workspace ended", "err", err)
		}
	})
	fmt.Fprintf(o.Out, "Crieur · Maison Colibri\n%s\n", d.Address)
	if o.Open != nil {
		o.Open(d.Address)
	}
	return nil
}

// Stop ends everything, in the reverse order. It may be called twice.
func (d *Demo) Stop() {
	if d.server != nil {
		d.server.Close()
	}
	if d.Console != nil {
		d.Console.Stop()
	}
	if d.App != nil {
		d.App.Stop()
	}
	d.cancel()
	d.running.Wait()
	d.memory.Close()
}

// listen takes the address, or the next free port of the same host.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("address %q: write it as 127.0.0.1:8080", addr)
	}
	var config net.ListenConfig
	first, err := config.Listen(ctx, "tcp", addr)
	if err == nil || port == "0" {
		return first, err
	}
	var number int
	if _, scanErr := fmt.Sscan(port, &number); scanErr != nil {
		return nil, fmt.Errorf("address %q: %w", addr, err)
	}
	for next := number + 1; next <= number+50; next++ {
		if listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, fmt.Sprint(next))); err == nil {
			return listener, nil
		}
	}
	return nil, fmt.Errorf("address %q and the 50 ports after it are taken: %w", addr, err)
}
