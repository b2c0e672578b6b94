package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/oncall"
	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/team"
	"crieur/bot/work"
	"crieur/cmd/internal/config"
	"crieur/integrations/network/assisted"
	"crieur/integrations/source/link"
)

// Role is what a process does of the whole.
type Role string

// The roles. Several processes may have the same: lanes are shared out.
const (
	// All does everything.
	All Role = "all"
	// Chat talks to Slack and Discord and stores what people do.
	Chat Role = "chat"
	// Worker handles what was stored, sends, publishes and reads feeds.
	Worker Role = "worker"
	// Collector takes in what other programs heard, at /hooks/mentions/.
	Collector Role = "collector"
)

func (r Role) has(one Role) bool { return r == All || r == one }

var (
	errConnecting = errors.New("still connecting")
	errPrivate    = errors.New("a private store serves one process: use --role all, or set redis.url")
)

// ServeOptions are what a server is made of.
type ServeOptions struct {
	Config *config.Config
	Role   Role
	Data   string // folder of the private store; empty: that of the configuration
	// Held starts with everything paused: after Redis was put back to a backup,
	// what is late must be decided by people.
	Held bool
	Log  *slog.Logger
}

const (
	measureEvery = 10 * time.Second
	closeWithin  = 5 * time.Second
)

// Server is a running "crieur serve".
type Server struct {
	// Address is where it listens.
	Address string

	options ServeOptions
	kept    *kept
	app     *App
	chats   []connection
	meter   *meter
	bell    bell
	catalog *i18n.Catalog
	undo    stack
	failed  chan error
}

// Serve builds everything and starts it. What the configuration names and does
// not answer yet (Slack, a network) is no error: it is tried again, and
// /readyz says so.
func Serve(ctx context.Context, o ServeOptions) (*Server, error) {
	s := &Server{options: o, failed: make(chan error, 4)}
	if err := s.begin(ctx); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

func (s *Server) begin(ctx context.Context) error {
	c, data := s.options.Config, s.options.Data
	if data == "" {
		data = c.Data
	}
	if c.RedisURL == "" && s.options.Role != All {
		return errPrivate
	}
	var err error
	if s.kept, err = open(ctx, c, data, s.options.Log, &s.undo); err != nil {
		return err
	}
	if err := s.kept.store.Ready(ctx); err != nil {
		return err
	}
	if s.options.Held {
		space := team.New(c.Space, s.kept.store)
		if err := errors.Join(space.Refresh(ctx), holdNow(ctx, s.kept, space)); err != nil {
			return err
		}
	}
	s.meter = newMeter(s.kept)
	if s.catalog, err = i18n.Load(); err != nil {
		return err
	}
	s.catalog = installed(c, s.catalog)
	if err := s.build(s.catalog); err != nil {
		return err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var loops sync.WaitGroup
	s.undo.push(func() { cancel(); loops.Wait() })
	loops.Go(func() { s.keepTime(running) })
	loops.Go(func() { s.kept.store.Watch(running, s.kept.clock.Now) })
	if s.kept.ended != nil {
		loops.Go(func() { s.watchChild(running) })
	}
	if err := s.app.Team.Refresh(ctx); err != nil {
		return err
	}
	loops.Go(func() {
		s.app.Team.Follow(running, func(err error) { s.options.Log.Warn("team not refreshed", "err", err) })
	})
	if s.options.Role.has(Worker) {
		loops.Go(func() { s.keepTidy(running) })
		if err := follow(ctx, s.kept.store, c, s.kept.clock.Now()); err != nil {
			return err
		}
		if err := s.app.Start(running); err != nil {
			return err
		}
		s.undo.push(s.app.Stop)
	}
	if err := s.startChats(running, &loops); err != nil {
		return err
	}
	loops.Go(func() { s.shed(running) })
	return s.listen(ctx)
}

// build wires the application to the outside.
func (s *Server) build(catalog *i18n.Catalog) error {
	c, log := s.options.Config, s.options.Log
	publishers := map[string]Publisher{}
	for id, account := range accounts(c, s.kept.store.Files()) {
		s.undo.push(account.Close)
		publishers[id] = account
	}
	prober := link.New(c.Allow)
	s.undo.push(prober.Close)
	writer := writerOf(c, &s.undo)
	pager := pagersOf(c, c.Allow)
	s.bell = pager.bell
	backend := s.meter.watch(s.kept.store)
	var err error
	s.app, err = New(Options{
		Space: c.Space, Backend: backend, Inbox: s.meter.watch(s.kept.ingress), Publishers: publishers, Prober: prober, Writer: writer, Files: s.kept.store.Files(),
		Hand: assisted.Hand{}, URL: c.URL, Catalog: catalog, Key: []byte(c.Key.Reveal()), Now: s.kept.clock.Now,
		Settle: s.kept.settle, AuditKey: c.AuditKey, Log: log,
		Machine: &Sight{Store: s.kept.store, Doubt: s.kept.clock.Doubt, Links: s.links},
		Senders: map[string]outbox.Sender{
			oncall.PageKind: pager,
			oncall.MailKind: mailOf(c, catalog),
			poll.Kind:       &polling{inbox: door{backend}, feeds: feedsOf(c), repos: reposOf(c), allow: c.Allow, now: s.kept.clock.Now},
		},
	})
	if err != nil {
		return err
	}
	remembered := memory{sessions: s.kept.store, tails: tails{backend, s.kept.clock.Now}}
	if s.chats, err = connections(c, s.app.Team, s.app.Files(), s.app.Desk, s.app.Desk, s.app.Mux, catalog, remembered, log); err != nil {
		return err
	}
	chats := map[bot.Platform]bot.Chat{}
	for _, one := range s.chats {
		s.app.AddChat(one.chat)
		chats[one.chat.Platform()] = one.chat
	}
	for id, publisher := range channelsOf(c, chats) {
		publishers[id] = publisher
	}
	return nil
}

// startChats connects, if this process talks to chat applications; a process
// that only sends needs no connection.
func (s *Server) startChats(ctx context.Context, loops *sync.WaitGroup) error {
	if !s.options.Role.has(Chat) {
		return nil
	}
	for _, one := range s.chats {
		s.undo.push(one.stop)
		if err := one.start(ctx); err != nil {
			return fmt.Errorf("start %s: %w", one.chat.Platform(), err)
		}
		if one.fatal == nil {
			continue
		}
		loops.Go(func() {
			select {
			case <-ctx.Done():
			case err := <-one.fatal:
				s.refused(fmt.Errorf("%s refuses the connection for good: %w", one.chat.Platform(), err))
			}
		})
	}
	return nil
}

// listen serves HTTP. It stops taking requests before anything else ends.
func (s *Server) listen(ctx context.Context) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", s.options.Config.Addr)
	if err != nil {
		return fmt.Errorf("http.addr: %w", err)
	}
	s.Address = "http://" + listener.Addr().String()
	server := &http.Server{Handler: s.routes(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.options.Log.Handler(), slog.LevelWarn)}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.fail(fmt.Errorf("serve HTTP: %w", err))
		}
	})
	s.undo.push(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
		defer cancel()
		server.Shutdown(ctx) //nolint:errcheck // what is left is cut off
		serving.Wait()
	})
	return nil
}

// keepTime keeps the shared clock set.
func (s *Server) keepTime(ctx context.Context) {
	work.Every(ctx, measureEvery, func() {
		if err := s.kept.clock.Measure(ctx); err != nil && ctx.Err() == nil {
			s.options.Log.Warn("clock not set", "err", err)
		}
	})
}

// watchChild ends the server when its private store ended by itself.
func (s *Server) watchChild(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-s.kept.ended:
		s.fail(errors.New("the private store ended; what was accepted is on disk: start Crieur again"))
	}
}

// refused ends the server whose only chat application will never work. Beside
// others it is no reason to stop them, nor what is due on the networks: /readyz and
// the status say it until somebody mends it.
func (s *Server) refused(err error) {
	if len(s.chats) > 1 {
		s.options.Log.Error("a chat application is out, the others go on", "err", err)
		return
	}
	s.fail(err)
}

func (s *Server) fail(err error) {
	select {
	case s.failed <- err:
	default: // one reason is enough
	}
}

// Failed gives the reason when the server cannot go on.
func (s *Server) Failed() <-chan error { return s.failed }

// Stop ends everything, the last thing first. It may be called twice.
func (s *Server) Stop() { s.undo.unwind() }
