// Package demo is "crieur demo": the whole bot on an embedded store, with the
// browser workspace as its chat application, a stage that plays the networks,
// and a guide through one working day.
//
// Everything between the click and the stage is what "crieur serve" runs; only
// the clock, the people and the outside are the sample's.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/console"
	"crieur/integrations/redis"
)

// Options are what the demo is started with.
type Options struct {
	Addr string
	// Data is the folder that keeps the day, with a redis-server; empty keeps
	// nothing after the end.
	Data string
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
	Address string

	log     *slog.Logger
	space   *brand.Space
	catalog *i18n.Catalog
	sample  []sampled
	door    *door
	stage   *stage
	guide   *guide
	storage *storage
	key     []byte // signs what buttons carry
	server  *http.Server
	feeds   *http.Server    // of the competitors
	ctx     context.Context // ends with Stop
	cancel  context.CancelFunc
	links   *links
	running sync.WaitGroup

	mu   sync.Mutex // guards the day that is being lived
	bot  *app.App
	kept *redis.Store
}

// Start builds the demo and serves it.
func Start(ctx context.Context, o Options) (*Demo, error) {
	d := &Demo{log: o.Log, door: &door{}}
	d.ctx, d.cancel = context.WithCancel(ctx)
	if err := d.build(o.Data); err != nil {
		d.Stop()
		return nil, err
	}
	if err := d.serve(o); err != nil {
		d.Stop()
		return nil, err
	}
	return d, nil
}

// build makes everything that lasts longer than a day, then the first day.
func (d *Demo) build(data string) (err error) {
	if d.space, err = Space(); err != nil {
		return err
	}
	if d.catalog, err = i18n.Load(); err != nil {
		return err
	}
	if d.sample, err = loadSample(); err != nil {
		return err
	}
	if data == "" {
		d.storage, err = inMemory()
	} else {
		d.storage, err = inFolder(d.ctx, data)
	}
	if err != nil {
		return err
	}
	if err := d.serveFeeds(); err != nil {
		return err
	}
	d.links = newLinks(d.feeds.Addr)
	start := dayStart(d.space.Brands[0].Zone).Add(-early)
	d.key = newKey()
	if left := d.storage.left; left != nil {
		start, d.key, d.space.Brands[0].Langs = left.Now.In(start.Location()), left.Key, left.Langs
	}
	d.Clock = NewClock(start, time.Now)
	d.stage = &stage{brand: d.space.Brands[0], now: d.Clock.Now}
	if err := d.wake(); err != nil {
		return err
	}
	if d.Console, err = d.workspace(); err != nil {
		return err
	}
	d.stage.console = d.Console
	d.app().AddChat(d.Console)
	d.guide = newGuide(d, d.catalog)
	d.Console.Guide(d.guide)
	return nil
}

// wake makes a bot over what the store keeps: nothing yet on a new day.
func (d *Demo) wake() error {
	store, err := redis.NewStore(d.ctx, d.storage.client, d.space.ID)
	if err != nil {
		return err
	}
	built, err := app.New(app.Options{
		Space: d.space, Backend: store, Publishers: d.stage.publishers(), Prober: d.links, Files: store.Files(), Hand: hand{},
		Catalog: d.catalog, Key: d.key, Now: d.Clock.Now, Log: d.log,
		Machine: &app.Sight{Store: store},
		Senders: map[string]outbox.Sender{poll.Kind: app.Watching(store, d.Clock.Now, d.served)},
	})
	if err != nil {
		return err
	}
	if d.Console != nil {
		built.AddChat(d.Console)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bot, d.kept = built, store
	d.door.desk.Store(built.Desk)
	return nil
}

// toShow is the moment that the outbox gets to show what was handled.
const toShow = 30 * time.Millisecond

// early is how long before the day the bot is started, so that the brief is
// still to come.
const early = time.Minute

// live starts the day: what came in before it, then the bot.
func (d *Demo) live() error {
	if err := d.relive(d.ctx); err != nil {
		return err
	}
	if err := d.watch(d.ctx); err != nil {
		return err
	}
	if err := d.app().Start(d.ctx); err != nil {
		return err
	}
	if err := d.until(d.ctx, func(ctx context.Context, tx *state.Tx) (bool, error) { return caughtUp(ctx, d, tx) }); err != nil {
		return err
	}
	if err := d.settled(d.ctx, toShow); err != nil {
		return err
	}
	d.Clock.Move(dayStart(d.space.Brands[0].Zone))
	return nil
}

// speak gives everybody the viewer's language, who will be several of them, and
// the brand too, since its channels are in its first one: the day begins again
// in it, before anything was done.
func (d *Demo) speak(ctx context.Context, lang string) error {
	for _, m := range d.space.Members {
		d.Console.Speak(m.ID, lang)
	}
	b := d.space.Brands[0]
	at := slices.Index(b.Langs, lang)
	if at <= 0 {
		return nil
	}
	d.app().Stop() // nobody reads the brand while it stands still
	b.Langs[0], b.Langs[at] = b.Langs[at], b.Langs[0]
	return d.restart(ctx)
}

// restart puts the day back to its beginning.
func (d *Demo) restart(ctx context.Context) error {
	d.app().Stop()
	if err := d.storage.client.FlushAll(ctx).Err(); err != nil {
		return fmt.Errorf("empty the demo's store: %w", err)
	}
	d.Clock.Reset(dayStart(d.space.Brands[0].Zone).Add(-early))
	d.stage.reset()
	if err := d.wake(); err != nil {
		return err
	}
	d.guide.reset()
	d.Console.Reset()
	return d.live()
}

func (d *Demo) app() *app.App {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.bot
}

func (d *Demo) store() state.Store { return d.keptStore() }

func (d *Demo) keptStore() *redis.Store {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.kept
}

// settled waits until everything that happened was handled, ten seconds at most,
// and leaves the outbox a moment to show it. What rests until the morning is
// settled too.
func (d *Demo) settled(ctx context.Context, shown time.Duration) error {
	store := d.keptStore()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for handled := false; !handled; {
		var err error
		if handled, err = store.Handled(ctx); err != nil {
			return err
		}
		if err := rest(ctx, 2*time.Millisecond); err != nil {
			return err
		}
	}
	return rest(ctx, shown)
}

func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// dayStart is when the sample day begins: with the brief.
func dayStart(zone *time.Location) time.Time {
	return time.Date(2026, time.November, 26, 8, 45, 0, 0, zone)
}

func (d *Demo) serve(o Options) error {
	listener, err := listenOn(d.ctx, o.Addr)
	if err != nil {
		return err
	}
	d.Address = "http://" + listener.Addr().String() + "/"
	d.server = &http.Server{Handler: d.Console.Handler(), ReadHeaderTimeout: 5 * time.Second}
	if err := d.Console.Start(d.ctx); err != nil {
		return err
	}
	begin := d.live
	if d.storage.left != nil {
		begin = func() error { return d.resume(d.ctx) }
	}
	if err := begin(); err != nil {
		return err
	}
	d.running.Go(func() { d.storage.run(d.ctx) })
	if d.storage.dir != "" {
		d.running.Go(func() { d.keep(d.ctx) })
	}
	d.running.Go(func() { d.guide.watch(d.ctx) })
	d.running.Go(func() {
		if err := d.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			o.Log.Error("workspace ended", "err", err)
		}
	})
	p := d.catalog.For("fr", nil)
	said := p.T("demo.serving")
	if o.Data != "" {
		said = p.T("demo.keeping", "Folder", o.Data)
	}
	fmt.Fprintf(o.Out, "%s\n%s\n", d.Address, said)
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
	if bot := d.app(); bot != nil {
		bot.Stop()
	}
	if d.links != nil {
		d.links.prober.Close()
	}
	if d.feeds != nil {
		d.feeds.Close()
	}
	d.lastMark()
	d.cancel()
	d.running.Wait()
	if d.storage != nil {
		d.storage.close()
		d.storage = nil
	}
}

// listenOn takes the address, or the next free port of the same host.
func listenOn(ctx context.Context, addr string) (net.Listener, error) {
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
