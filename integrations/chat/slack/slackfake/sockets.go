package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// sockets are the Socket Mode connections; at most 10 deliver.
type sockets struct {
	open     map[int]*socket
	last     int
	pending  map[string]chan []byte
	disabled bool
	tickets  map[string]bool
	seen     int // connections so far
	greeting int // those being greeted
}

type socket struct {
	id      int
	ws      *websocket.Conn
	leaving bool // announced to end: gets nothing new
	gone    context.CancelFunc
	ctx     context.Context
}

const mostSockets = 10

// ErrSocket says that a socket ended before it acknowledged.
var ErrSocket = errors.New("socket closed before the ack")

func (s *Server) openConnection(url.Values) (object, string) {
	if s.sockets.disabled {
		return nil, "link_disabled"
	}
	ticket := fmt.Sprintf("ticket-%d", s.next())
	if s.sockets.tickets == nil {
		s.sockets.tickets = map[string]bool{}
	}
	s.sockets.tickets[ticket] = true
	return object{"url": "ws" + strings.TrimPrefix(s.web.URL, "http") + "/link?ticket=" + ticket}, ""
}

// link is one connection, until it ends.
func (s *Server) link(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	valid := s.sockets.tickets[ticket]
	delete(s.sockets.tickets, ticket)
	s.mu.Unlock()
	if !valid {
		http.Error(w, "ticket used or unknown", http.StatusForbidden)
		return
	}
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ws.SetReadLimit(1 << 20)
	s.mu.Lock()
	s.sockets.last++
	c := &socket{id: s.sockets.last, ws: ws, ctx: ctx, gone: cancel}
	tooMany := len(s.sockets.open)+s.sockets.greeting >= mostSockets
	if !tooMany {
		s.sockets.greeting++
	}
	s.mu.Unlock()
	if tooMany {
		s.mu.Lock()
		s.sockets.seen++
		s.mu.Unlock()
		_ = c.send(object{"type": "disconnect", "reason": "too_many_websockets", "debug_info": object{"host": "fake"}})
		_ = ws.Close(websocket.StatusNormalClosure, "")
		return
	}
	err = c.send(object{"type": "hello", "num_connections": 1, "connection_info": object{"app_id": App},
		"debug_info": object{"host": "fake", "approximate_connection_time": 18060}})
	s.mu.Lock()
	s.sockets.greeting--
	if err == nil {
		s.sockets.seen++
		s.sockets.open[c.id] = c
	}
	s.mu.Unlock()
	if err != nil {
		return
	}
	go s.ping(c)
	s.read(c)
	s.mu.Lock()
	delete(s.sockets.open, c.id)
	s.mu.Unlock()
}

func (c *socket) send(o object) error {
	encoded, err := json.Marshal(o)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.ctx, 2*time.Second)
	defer cancel()
	return c.ws.Write(ctx, websocket.MessageText, encoded)
}

func (s *Server) ping(c *socket) {
	tick := time.NewTicker(s.options.Ping)
	defer tick.Stop()
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-tick.C:
			ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
			if err := c.ws.Ping(ctx); err != nil {
				_ = c.ws.CloseNow()
			}
			cancel()
		}
	}
}

func (s *Server) read(c *socket) {
	for {
		_, encoded, err := c.ws.Read(c.ctx)
		if err != nil {
			return
		}
		if len(encoded) > 20_000 {
			continue // Slack drops it without a word
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(encoded, &ack) != nil {
			continue
		}
		s.mu.Lock()
		waiting := s.sockets.pending[ack.EnvelopeID]
		delete(s.sockets.pending, ack.EnvelopeID)
		s.mu.Unlock()
		if waiting != nil {
			waiting <- ack.Payload
		}
	}
}

// choose takes one of the sockets at random, as Slack does.
func (s *Server) choose() *socket {
	var ids []int
	for id, c := range s.sockets.open {
		if !c.leaving {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	return s.sockets.open[ids[s.random.IntN(len(ids))]]
}

// overSocket brings it over a socket, if there is one.
func (s *Server) overSocket(d delivery) (Ack, bool) {
	s.mu.Lock()
	c := s.choose()
	if c == nil {
		s.mu.Unlock()
		return Ack{}, false
	}
	id := fmt.Sprintf("env-%d", s.next())
	waiting := make(chan []byte, 1)
	s.sockets.pending[id] = waiting
	s.mu.Unlock()
	frame := object{"type": d.kind, "envelope_id": id, "payload": d.payload, "accepts_response_payload": d.kind != "events_api"}
	if d.kind == "events_api" {
		frame["retry_attempt"], frame["retry_reason"] = d.retry, ""
		if d.retry > 0 {
			frame["retry_reason"] = "timeout"
		}
	}
	if err := c.send(frame); err != nil {
		return Ack{Err: ErrSocket, Socket: true}, true
	}
	timer := time.NewTimer(s.options.Deadline)
	defer timer.Stop()
	select {
	case body := <-waiting:
		return Ack{Status: http.StatusOK, Body: body, Socket: true}, true
	case <-c.ctx.Done():
		return Ack{Err: ErrSocket, Socket: true}, true
	case <-timer.C:
		return Ack{Err: context.DeadlineExceeded, Socket: true}, true
	}
}

// Sockets is how many connections are open.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets.open)
}

// Connections is how many there were in all.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sockets.seen
}

// WaitForSockets waits until at least so many are open.
func (s *Server) WaitForSockets(n int) {
	s.tb.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if s.Sockets() >= n {
			return
		}
	}
	s.tb.Fatalf("%d of %d sockets", s.Sockets(), n)
}

// Refresh announces the end of one socket ("refresh_requested" or "warning"),
// gives it nothing more, and closes it after the grace. It returns once it is
// announced; without a socket it does nothing.
func (s *Server) Refresh(reason string, grace time.Duration) {
	s.mu.Lock()
	c := s.choose()
	if c != nil {
		c.leaving = true
	}
	s.mu.Unlock()
	if c == nil {
		return
	}
	_ = c.send(object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "fake"}})
	time.AfterFunc(grace, func() { _ = c.ws.Close(websocket.StatusNormalClosure, "") })
}

// Cut ends one socket without a word.
func (s *Server) Cut() {
	s.mu.Lock()
	c := s.choose()
	s.mu.Unlock()
	if c != nil {
		c.gone()
		_ = c.ws.CloseNow()
	}
}

// Disable switches Socket Mode off in the app's settings, or on again.
func (s *Server) Disable(off bool) {
	s.mu.Lock()
	s.sockets.disabled = off
	var all []*socket
	for _, c := range s.sockets.open {
		all = append(all, c)
	}
	s.mu.Unlock()
	if !off {
		return
	}
	for _, c := range all {
		_ = c.send(object{"type": "disconnect", "reason": "link_disabled", "debug_info": object{"host": "fake"}})
		_ = c.ws.Close(websocket.StatusNormalClosure, "")
	}
}

func (s *Server) closeSockets() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sockets.open {
		c.gone()
	}
}
