package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"

	"crieur/bot/secret"
	"crieur/bot/work"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// Back-off between two connections, doubled each time up to the longest, with
// half of it at random.
const (
	firstDelay  = time.Second
	longestWait = time.Minute
	invalidWait = time.Second // Discord asks for 1 to 5 s after an invalid session
	// resumeTries is how often the address of a session is tried, for about half a
	// minute, before the one that everybody uses: it may be gone for good.
	resumeTries = 6
)

// gateOptions is what the gateway needs.
type gateOptions struct {
	url           string
	token         secret.Secret
	identifyEvery time.Duration
	intents       discordgo.Intent
	dialer        *websocket.Dialer
	find          func(context.Context) (string, error)
	// handle takes an event; it must not block.
	handle func(dispatched)
	log    *slog.Logger
}

// dispatched is an event of the gateway.
type dispatched struct {
	name string
	data json.RawMessage
	// missed says that it happened while nothing was connected.
	missed bool
	// done is called once the event need not be sent again.
	done func()
}

// gateway keeps one session with Discord up: it connects, identifies or
// resumes, watches the heartbeat, and comes back after every loss.
type gateway struct {
	gateOptions
	fatal  chan error
	keeper *keeper // nil: the session ends with the process

	mu      sync.Mutex
	cancel  context.CancelFunc
	done    chan struct{}
	up      bool
	refused error // for good
	session session

	identified time.Time
	missed     int // connections in a row that came to nothing
}

// dialerOf dials the gateway the way the HTTP client dials.
func dialerOf(client *http.Client) *websocket.Dialer {
	dialer := &websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: 10 * time.Second}
	if t, ok := client.Transport.(*http.Transport); ok {
		dialer.Proxy, dialer.NetDialContext, dialer.TLSClientConfig = t.Proxy, t.DialContext, t.TLSClientConfig
	}
	return dialer
}

func newGateway(o gateOptions) *gateway {
	return &gateway{gateOptions: o, fatal: make(chan error, 1)}
}

func (g *gateway) start(ctx context.Context) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cancel != nil {
		return
	}
	ctx, g.cancel = context.WithCancel(ctx)
	g.done = make(chan struct{})
	go func() {
		defer close(g.done)
		if g.keeper == nil {
			g.keep(ctx)
			return
		}
		g.keeper.take(ctx)
		var keeping sync.WaitGroup
		keeping.Go(func() { g.keeper.run(ctx) })
		g.keep(ctx)
		keeping.Wait()
	}()
}

func (g *gateway) stop() {
	g.mu.Lock()
	cancel, done := g.cancel, g.done
	g.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
}

func (g *gateway) connected() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.up
}

func (g *gateway) refusal() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.refused
}

func (g *gateway) getSession() session {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.session
}

// change changes the session.
func (g *gateway) change(how func(*session)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	how(&g.session)
}

// begin puts a session in the place of the one before.
func (g *gateway) begin(s session) { g.change(func(now *session) { *now = s }) }

// closeCode is what to close with when the process ends: 1000 ends the session.
func (g *gateway) closeCode() int {
	if g.keeper == nil {
		return websocket.CloseNormalClosure
	}
	return zombieClose
}

func (g *gateway) setUp(up bool) {
	g.mu.Lock()
	g.up = up
	g.mu.Unlock()
}

// keep connects again and again until ctx ends or Discord refuses for good.
func (g *gateway) keep(ctx context.Context) {
	delay := firstDelay
	for ctx.Err() == nil {
		began := time.Now()
		end := g.once(ctx)
		g.setUp(false)
		if g.missed++; end.greeted {
			g.missed = 0
		}
		if ctx.Err() != nil {
			return
		}
		if end.fatal {
			g.log.Error("discord: gateway refused", "error", end.err)
			g.mu.Lock()
			g.refused = end.err
			g.mu.Unlock()
			g.fatal <- end.err
			return
		}
		if g.keeper != nil && end.resume {
			g.keeper.keep(ctx, g.getSession())
		}
		if !end.resume || g.getSession().lost {
			g.forget(ctx, end)
		}
		if time.Since(began) > longestWait || end.greeted {
			delay = firstDelay
		}
		wait := delay/2 + rand.N(delay/2+1)
		if end.wait > 0 {
			wait = end.wait + rand.N(4*end.wait)
		}
		if end.greeted && end.resume {
			wait = rand.N(firstDelay / 4) // it was fine a moment ago
		}
		g.log.Info("discord: gateway connection ended", "error", end.err, "resume", end.resume, "again_in", wait)
		if !work.Pause(ctx, wait) {
			return
		}
		delay = min(2*delay, longestWait)
	}
}

// forget ends the session. One that was never resumed leaves its place to the
// next that waits: Discord may have kept that one.
func (g *gateway) forget(ctx context.Context, end ending) {
	old := g.getSession()
	g.begin(session{})
	if g.keeper == nil || old.id == "" {
		return
	}
	g.keeper.drop(ctx, old.id)
	if !end.greeted {
		g.keeper.once(ctx)
	}
}

// ending says how a connection ended.
type ending struct {
	err     error
	resume  bool          // the session may go on
	fatal   bool          // an operator has to act
	greeted bool          // READY or RESUMED had come
	wait    time.Duration // at least this before the next try
}

// once makes one connection and stays until it ends.
func (g *gateway) once(ctx context.Context) ending {
	resuming := g.getSession().id != ""
	if wait := time.Until(g.identified.Add(g.identifyEvery)); !resuming && wait > 0 && !work.Pause(ctx, wait) {
		return ending{err: ctx.Err()}
	}
	address, err := g.address(ctx)
	if err != nil {
		if statusOf(err) == http.StatusUnauthorized {
			return ending{err: fmt.Errorf("%w: %w", fatalCodes[4004], err), fatal: true}
		}
		return ending{err: err, resume: resuming}
	}
	dialCtx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	socket, _, err := g.dialer.DialContext(dialCtx, address, nil)
	if err != nil {
		return ending{err: fmt.Errorf("dial gateway: %w", err), resume: resuming}
	}
	conn := &connection{g: g, socket: socket, resuming: resuming, acks: make(chan struct{}, 1)}
	return conn.run(ctx)
}

// address is where to connect: where the session said, else where Discord says.
func (g *gateway) address(ctx context.Context) (string, error) {
	raw := g.url
	if s := g.getSession(); s.id != "" && s.url != "" && g.missed < resumeTries {
		raw = s.url
	}
	if raw == "" {
		found, err := g.find(ctx)
		if err != nil {
			return "", err
		}
		raw = found
	}
	address, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("gateway address: %w", err)
	}
	if address.Path == "" {
		address.Path = "/"
	}
	query := address.Query()
	query.Set("v", "10")
	query.Set("encoding", "json")
	address.RawQuery = query.Encode()
	return address.String(), nil
}

// fatalCodes are the close codes after which trying again is useless, and what
// they mean.
var fatalCodes = map[int]error{
	4004: errors.New("the bot token is not accepted: copy it again from the Bot page of the application"),
	4010: errors.New("the shard is not valid"),
	4011: errors.New("the bot is in too many guilds for one connection: sharding is needed"),
	4012: errors.New("the gateway version is not supported any more: a newer Crieur is needed"),
	4013: errors.New("the intents are not valid: a newer Crieur is needed"),
	4014: errors.New("an intent is not allowed: switch it on in the Bot page of the application"),
}

// endOf reads how the other side closed.
func endOf(err error, greeted bool) ending {
	end := ending{err: err, resume: true, greeted: greeted}
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return end
	}
	if reason, ok := fatalCodes[closed.Code]; ok {
		return ending{err: fmt.Errorf("discord gateway closed with %d: %w", closed.Code, reason), fatal: true}
	}
	switch closed.Code {
	case 4007, 4009: // wrong sequence, session timed out
		end.resume = false
	}
	return end
}
