package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	api "github.com/slack-go/slack"

	"crieur/bot/work"
	"crieur/integrations/internal/tasks"
)

// Socket Mode. Each seat keeps one connection; Slack sends each payload to any
// of them. When Slack announces that it will close one, the seat opens the next
// before it lets go of the old, so there is no gap.
const (
	helloTimeout = 10 * time.Second
	drainTime    = 30 * time.Second // how long an announced end is waited for
	youngSocket  = 5 * time.Second  // a connection that ends younger is a failure
	longestPause = 30 * time.Second
	socketLimit  = 4 << 20
	writeTimeout = 2 * time.Second
)

// The reasons of Slack's disconnect message.
const (
	reasonWarning  = "warning"
	reasonRefresh  = "refresh_requested"
	reasonTooMany  = "too_many_websockets"
	reasonDisabled = "link_disabled"
)

// frame is what comes over a socket.
type frame struct {
	Type       string          `json:"type"`
	EnvelopeID string          `json:"envelope_id"`
	Reason     string          `json:"reason"`
	Payload    json.RawMessage `json:"payload"`
}

// socket is one connection that said hello.
type socket struct {
	ws     *websocket.Conn
	born   time.Time
	heard  atomic.Int64  // when it last said anything, in Unix nanoseconds
	ends   atomic.Int64  // when its end was announced
	leave  chan string   // why another is needed; one entry at most
	done   chan struct{} // closed when it is dead
	flying tasks.Group   // deliveries being handled
}

func (a *Adapter) startSockets() {
	for seat := range a.options.Sockets {
		a.spawn(func(run context.Context) { a.keepSeat(run, seat) })
	}
}

// keepSeat keeps one connection until Stop.
func (a *Adapter) keepSeat(ctx context.Context, seat int) {
	wait := a.options.Pause
	for ctx.Err() == nil {
		s, err := a.connect(ctx)
		if err != nil {
			a.log.Warn("socket not opened", "seat", seat, "error", scrub(err))
			if !work.Pause(ctx, a.afterFailure(err, &wait)) {
				return
			}
			continue
		}
		a.tasks.Go(func() { a.listen(ctx, s) })
		reason := s.until(ctx)
		a.log.Info("socket needs another", "seat", seat, "reason", reason)
		if next := a.afterEnd(reason, time.Since(s.born), &wait); next > 0 && !work.Pause(ctx, next) {
			return
		}
	}
}

// until waits for the reason to open another connection.
func (s *socket) until(ctx context.Context) string {
	select {
	case reason := <-s.leave:
		return reason
	case <-s.done:
		select {
		case reason := <-s.leave:
			return reason
		default:
			return "closed"
		}
	case <-ctx.Done():
		return "stop"
	}
}

// dismissed is a connection that was ended instead of greeted, and why.
type dismissed string

func (d dismissed) Error() string { return "connection dismissed: " + string(d) }

// afterFailure is how long to wait before opening again.
func (a *Adapter) afterFailure(err error, wait *time.Duration) time.Duration {
	if denied(err) {
		a.state.unlink(err)
		a.log.Error("Slack refuses Socket Mode", "error", scrub(err))
		return a.options.Refusal
	}
	var limited *api.RateLimitedError
	if errors.As(err, &limited) {
		return max(limited.RetryAfter, time.Second)
	}
	var why dismissed
	if errors.As(err, &why) && (why == reasonTooMany || why == reasonDisabled) {
		return a.afterEnd(string(why), 0, wait)
	}
	return a.backOff(wait)
}

// afterEnd is how long to wait before the next connection; none when Slack
// announced the end, or when one that lived was cut.
func (a *Adapter) afterEnd(reason string, age time.Duration, wait *time.Duration) time.Duration {
	switch reason {
	case reasonDisabled:
		a.state.unlink(errors.New(reasonDisabled))
		a.log.Error("Socket Mode is switched off in the app's settings")
		return a.options.Refusal
	case reasonTooMany:
		a.log.Error("more than 10 connections share this app-level token: is Crieur running elsewhere?")
		return longestPause/2 + rand.N(longestPause/2)
	case reasonWarning, reasonRefresh:
		*wait = a.options.Pause
		return 0
	}
	if age >= youngSocket {
		*wait = a.options.Pause
		return 0
	}
	return a.backOff(wait)
}

// backOff doubles the wait, with jitter.
func (a *Adapter) backOff(wait *time.Duration) time.Duration {
	now := *wait/2 + rand.N(*wait/2+1)
	*wait = min(2**wait, longestPause)
	return now
}

// connect opens a connection and waits for its hello.
func (a *Adapter) connect(ctx context.Context) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, helloTimeout)
	defer cancel()
	_, address, err := a.client.StartSocketModeContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("open socket: %w", err)
	}
	s := &socket{born: time.Now(), leave: make(chan string, 1), done: make(chan struct{})}
	s.hear()
	client := &http.Client{Transport: a.http.Transport}
	s.ws, _, err = websocket.Dial(ctx, address, &websocket.DialOptions{HTTPClient: client,
		OnPingReceived: func(context.Context, []byte) bool { s.hear(); return true }})
	if err != nil {
		return nil, errors.New("dial socket: " + withoutAddress(err.Error()))
	}
	s.ws.SetReadLimit(socketLimit)
	f, err := s.read(ctx)
	if err == nil && f.Type == "hello" {
		a.state.up(1)
		return s, nil
	}
	_ = s.ws.CloseNow()
	if err != nil {
		return nil, fmt.Errorf("read hello: %w", err)
	}
	return nil, dismissed(first(f.Reason, f.Type))
}

func (s *socket) hear() { s.heard.Store(time.Now().UnixNano()) }

func (s *socket) read(ctx context.Context) (frame, error) {
	var f frame
	_, raw, err := s.ws.Read(ctx)
	if err != nil {
		return f, err
	}
	s.hear()
	return f, json.Unmarshal(raw, &f)
}

// listen reads in a tight loop, so that pings are answered whatever handling
// takes, until the connection dies.
func (a *Adapter) listen(ctx context.Context, s *socket) {
	defer a.state.up(-1)
	reading, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	a.tasks.Go(func() { a.watch(ctx, s, reading) })
	defer close(s.done)
	for {
		f, err := s.read(reading)
		var bad *json.SyntaxError
		switch {
		case errors.As(err, &bad):
			a.log.Warn("frame not understood", "error", err)
			continue
		case err != nil:
			_ = s.ws.CloseNow()
			return
		}
		switch f.Type {
		case "disconnect":
			s.announce(f.Reason)
			if f.Reason == reasonWarning || f.Reason == reasonRefresh {
				continue
			}
		case "events_api", "slash_commands", "interactive":
			s.flying.Go(func() { a.takeFrame(context.WithoutCancel(ctx), s, f) })
		}
	}
}

// announce passes on why another connection is needed, once.
func (s *socket) announce(reason string) {
	s.ends.CompareAndSwap(0, time.Now().UnixNano())
	select {
	case s.leave <- reason:
	default:
	}
}

// watch ends a connection that fell silent, one whose announced end does not
// come, and at Stop each one once its deliveries are acknowledged.
func (a *Adapter) watch(ctx context.Context, s *socket, reading context.Context) {
	tick := time.NewTicker(a.options.Silence / 4)
	defer tick.Stop()
	defer s.flying.Close()
	for {
		select {
		case <-reading.Done():
			return
		case <-ctx.Done():
			s.flying.Close() // each has its own budget; what comes now, Slack brings again
			_ = s.ws.Close(websocket.StatusNormalClosure, "")
			return
		case <-tick.C:
			ends := s.ends.Load()
			overdue := ends != 0 && time.Since(time.Unix(0, ends)) > drainTime
			if overdue || time.Since(time.Unix(0, s.heard.Load())) > a.options.Silence {
				a.log.Warn("socket fell silent", "announced", ends != 0)
				_ = s.ws.CloseNow()
				return
			}
		}
	}
}

// takeFrame handles one delivery and acknowledges it.
func (a *Adapter) takeFrame(ctx context.Context, s *socket, f frame) {
	out, err := a.takePayload(ctx, f)
	if err != nil {
		a.log.Warn("delivery not understood", "type", f.Type, "error", err)
	}
	if out.refused {
		return // Slack brings it again
	}
	a.acknowledgeFrame(ctx, s, f, out)
	a.after(out)
}

func (a *Adapter) takePayload(ctx context.Context, f frame) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, ackBudget)
	defer cancel()
	switch f.Type {
	case "events_api":
		return a.takeEvent(ctx, f.Payload)
	case "interactive":
		return a.takeInteraction(ctx, f.Payload)
	}
	var c command
	if err := json.Unmarshal(f.Payload, &c); err != nil {
		return answer{}, err
	}
	return a.takeCommand(ctx, c), nil
}

func (a *Adapter) acknowledgeFrame(ctx context.Context, s *socket, f frame, out answer) {
	ack := map[string]any{"envelope_id": f.EnvelopeID}
	if out.body != nil {
		ack["payload"] = out.body
	}
	raw, err := json.Marshal(ack)
	if err == nil && len(raw) > maxSocketAnswer {
		a.log.Error("answer too large for a socket", "bytes", len(raw))
		raw, err = json.Marshal(map[string]any{"envelope_id": f.EnvelopeID})
	}
	if err == nil {
		writing, cancel := context.WithTimeout(ctx, writeTimeout)
		defer cancel()
		err = s.ws.Write(writing, websocket.MessageText, raw)
	}
	if err != nil { // it comes again, and is known by then
		a.log.Warn("delivery not acknowledged", "type", f.Type, "error", err)
	}
}
