package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/cmd/internal/config"
	"crieur/integrations/network/assisted"
	"crieur/integrations/redis"
	"crieur/integrations/source/replay"
)

// Where a replay keeps things. It never touches the store of the configuration.
const (
	// OnServer is a private redis-server in a folder that is deleted afterwards.
	OnServer = "redis-server"
	// Embedded is inside the process.
	Embedded = "embedded"
)

// ReplayOptions say what is replayed and where.
type ReplayOptions struct {
	Config *config.Config
	// First is when the recording begins and Lines the whole of it: FirstTime
	// gives both.
	First time.Time
	Lines io.Reader
	Store string // OnServer or Embedded
	Log   *slog.Logger
	// Bad hears of lines that were skipped.
	Bad func(error)
}

const (
	// afterwards is how long the day goes on after the last mention, so that what
	// rests overnight and the next brief are counted.
	afterwards = 24 * time.Hour
	// stuckAfter is how long nothing may move, by the machine's clock.
	stuckAfter = 60 * time.Second
	dueAtOnce  = 256
)

// rehearsal is a replay under way.
type rehearsal struct {
	options ReplayOptions
	clock   *heldClock
	store   *redis.Store
	tally   *tally
	app     *App
	pages   *pages
	summary *Summary
}

// Replay feeds recorded mentions through the whole pipeline on the brand's
// clock: before each one, everything happens that would have happened by then.
// Nothing leaves: chat applications are recorders, nothing is read or published.
func Replay(ctx context.Context, o ReplayOptions) (*Summary, error) {
	var undo stack
	defer undo.unwind()
	client, err := replayStore(ctx, o.Store, &undo)
	if err != nil {
		return nil, err
	}
	r := &rehearsal{options: o, clock: &heldClock{now: o.First}, pages: &pages{}, summary: newSummary(o.Config.Space)}
	if r.store, err = redis.NewStore(ctx, client, "replay-"+o.Config.Space.ID); err != nil {
		return nil, err
	}
	if err := r.build(); err != nil {
		return nil, err
	}
	if err := r.app.Start(ctx); err != nil {
		return nil, err
	}
	undo.push(r.app.Stop)
	if err := r.run(ctx); err != nil {
		return nil, err
	}
	return r.summary, r.sum(ctx)
}

// FirstTime reads the time of the first line that can be read, and gives the
// whole input back.
func FirstTime(input io.Reader) (time.Time, io.Reader, error) {
	var read bytes.Buffer
	for line, err := range replay.Read(io.TeeReader(input, &read)) {
		if err == nil {
			return line.Mention.At, io.MultiReader(&read, input), nil
		}
		var bad *replay.LineError
		if !errors.As(err, &bad) {
			return time.Time{}, nil, err
		}
	}
	return time.Time{}, nil, errors.New("no line of this file is a mention: each one is a JSON object with time, brand and text")
}

func replayStore(ctx context.Context, kind string, undo *stack) (redis.Client, error) {
	if kind == Embedded {
		memory, err := redis.NewMemory()
		if err != nil {
			return nil, err
		}
		running, cancel := context.WithCancel(ctx)
		var ticking sync.WaitGroup
		ticking.Go(func() { memory.Run(running) })
		undo.push(func() { cancel(); ticking.Wait(); memory.Close() })
		return memory.Client, nil
	}
	dir, err := os.MkdirTemp("", "crieur-replay")
	if err != nil {
		return nil, fmt.Errorf("make folder of the replay: %w", err)
	}
	undo.push(func() { os.RemoveAll(dir) })
	child, err := redis.StartChild(ctx, dir)
	if err != nil {
		return nil, err
	}
	undo.push(child.Stop)
	client, err := redis.Connect(child.Address())
	if err != nil {
		return nil, err
	}
	undo.push(func() { client.Close() })
	return client, nil
}

func (r *rehearsal) build() error {
	catalog, err := i18n.Load()
	if err != nil {
		return err
	}
	space := r.options.Config.Space
	r.tally = newTally(r.store, &rest{space: space})
	r.app, err = New(Options{
		Space: space, Backend: r.tally, Gate: r.tally, Pace: func(outbox.Effect) time.Duration { return 0 },
		Hand: assisted.Hand{}, Catalog: catalog, Key: []byte("nothing of a replay is clicked"), Now: r.clock.Now, Log: r.options.Log,
		Senders: map[string]outbox.Sender{oncall.PageKind: r.pages},
	})
	if err != nil {
		return err
	}
	for _, platform := range []bot.Platform{bot.Slack, bot.Discord} {
		r.app.AddChat(&recorder{platform: platform})
	}
	return nil
}

// run lives through the recording.
func (r *rehearsal) run(ctx context.Context) error {
	for line, err := range replay.Read(r.options.Lines) {
		var bad *replay.LineError
		switch {
		case errors.As(err, &bad):
			r.summary.Skipped++
			r.options.Bad(err)
			continue
		case err != nil:
			return err
		}
		b := r.brand(line.Brand)
		if b == nil {
			r.summary.Strange[line.Brand]++
			continue
		}
		if err := r.until(ctx, line.Mention.At); err != nil {
			return err
		}
		r.summary.read(r.clock.Now())
		if err := r.app.Hear(ctx, b.ID, line.Mention); err != nil {
			return err
		}
		if err := r.settle(ctx); err != nil {
			return err
		}
	}
	return r.until(ctx, r.clock.Now().Add(afterwards))
}

// brand is the one that a line names, by ID or name.
func (r *rehearsal) brand(named string) *brand.Brand {
	for _, b := range r.options.Config.Space.Brands {
		if strings.EqualFold(b.ID, named) || strings.EqualFold(b.Name, named) {
			return b
		}
	}
	return nil
}

// until lets everything happen that comes before a time, and then moves there.
func (r *rehearsal) until(ctx context.Context, target time.Time) error {
	for {
		moved, next, err := r.tally.MoveDue(ctx, r.clock.Now(), dueAtOnce)
		if err != nil {
			return err
		}
		if err := r.settle(ctx); err != nil {
			return err
		}
		if moved > 0 {
			continue
		}
		if _, _, wakes := r.tally.standing(r.clock.Now()); !wakes.IsZero() && (next.IsZero() || wakes.Before(next)) {
			next = wakes
		}
		if next.IsZero() || next.After(target) {
			r.clock.move(target)
			return nil
		}
		r.clock.move(next)
	}
}

// settle returns once nothing is under way but what rests.
func (r *rehearsal) settle(ctx context.Context) error {
	last := time.Now()
	for {
		in, out, _ := r.tally.standing(r.clock.Now())
		if in == 0 && out == 0 {
			waiting, err := r.store.Waiting(ctx)
			if err != nil {
				return err
			}
			if _, again, _ := r.tally.standing(r.clock.Now()); waiting.In == 0 && again == 0 {
				return nil
			}
		}
		select {
		case <-r.tally.moved:
			last = time.Now()
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond): // a wake-up of the relay moves nothing by itself
			if time.Since(last) > stuckAfter {
				return fmt.Errorf("nothing moved for %s: %d to handle, %d to send", stuckAfter, in, out)
			}
		}
	}
}
