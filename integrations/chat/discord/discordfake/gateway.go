package discordfake

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Intents that matter here.
const (
	intentGuildMembers  = 1 << 1
	intentPresences     = 1 << 8
	intentGuildMessages = 1 << 9
	intentDirect        = 1 << 12
	intentContent       = 1 << 15
	// hiddenContent marks an event whose content only intentContent shows.
	hiddenContent = 1 << 40
)

const (
	maxFrame      = 4096
	maxSends      = 120
	sendWindow    = time.Minute
	maxIdentifies = 1000
)

// gate is the gateway's side of the fake.
type gate struct {
	mu         sync.Mutex
	sessions   map[string]*session
	conns      map[*conn]bool
	withhold   bool
	closed     bool // connections are refused
	noResume   bool // those at the address of sessions are
	stats      GatewayStats
	identified time.Time
	spent      int // identifications of the day that others used
	next       int
}

// GatewayStats counts what happened on the gateway.
type GatewayStats struct {
	Connections, Refused, Identifies, Resumes, Resumed, Heartbeats int
	// Closes are the codes with which clients closed; 0 for none at all.
	Closes []int
}

// SpendIdentifies says how many of the day's identifications others have used.
func (s *Server) SpendIdentifies(n int) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	s.gate.spent = n
}

func (s *Server) identifiesLeft() int {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	return max(0, maxIdentifies-s.gate.stats.Identifies-s.gate.spent)
}

type session struct {
	id      string
	intents int
	seq     int64
	events  []frame // all of them, for replay
	conn    *conn
}

type frame struct {
	Op   int    `json:"op"`
	Data any    `json:"d"`
	Seq  int64  `json:"s,omitempty"`
	Name string `json:"t,omitempty"`
}

type conn struct {
	socket *websocket.Conn
	write  sync.Mutex
	sends  []time.Time
}

func (g *gate) init() {
	g.sessions, g.conns = map[string]*session{}, map[*conn]bool{}
}

// Gateway returns the counts so far.
func (s *Server) Gateway() GatewayStats {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	stats := s.gate.stats
	stats.Closes = append([]int{}, stats.Closes...)
	return stats
}

// Connected says whether a session is up.
func (s *Server) Connected() bool {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	for _, session := range s.gate.sessions {
		if session.conn != nil {
			return true
		}
	}
	return false
}

// WithholdACKs leaves heartbeats without answer, or answers them again.
func (s *Server) WithholdACKs(on bool) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	s.gate.withhold = on
}

// RefuseGateway refuses every new connection, or takes them again.
func (s *Server) RefuseGateway(on bool) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	s.gate.closed = on
}

// Reconnect asks every client to reconnect (op 7).
func (s *Server) Reconnect() { s.gate.all(func(c *conn) { c.send(frame{Op: 7}) }) }

// Invalidate says that the session is not valid (op 9), and forgets it unless
// it can be resumed.
func (s *Server) Invalidate(resumable bool) {
	if !resumable {
		s.gate.mu.Lock()
		s.gate.sessions = map[string]*session{}
		s.gate.mu.Unlock()
	}
	s.gate.all(func(c *conn) { c.send(frame{Op: 9, Data: resumable}) })
}

// Disconnect closes every connection with a code; 0 just cuts them.
func (s *Server) Disconnect(code int) {
	s.gate.all(func(c *conn) { c.close(code) })
}

// Beat asks every client for a heartbeat (op 1).
func (s *Server) Beat() { s.gate.all(func(c *conn) { c.send(frame{Op: 1}) }) }

func (g *gate) all(do func(*conn)) {
	g.mu.Lock()
	var conns []*conn
	for c := range g.conns {
		conns = append(conns, c)
	}
	g.mu.Unlock()
	for _, c := range conns {
		do(c)
	}
}

func (g *gate) closeAll() { g.all(func(c *conn) { c.socket.Close() }) }

func (c *conn) send(f frame) {
	c.write.Lock()
	defer c.write.Unlock()
	_ = c.socket.SetWriteDeadline(time.Now().Add(5 * time.Second)) // the read side notices
	_ = c.socket.WriteJSON(f)
}

func (c *conn) close(code int) {
	if code != 0 {
		_ = c.socket.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	}
	c.socket.Close()
}

// event sends an event to every session that wants it, now or when it resumes.
func (s *Server) event(name string, data map[string]any, need int) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	wanted := need &^ hiddenContent
	for _, session := range s.gate.sessions {
		if wanted != 0 && session.intents&wanted == 0 {
			continue
		}
		if need&hiddenContent != 0 && session.intents&intentContent == 0 {
			data["content"] = ""
		}
		session.push(name, data)
	}
}

// Repeat sends the last event of every session once more, as it sometimes
// comes after a resume.
func (s *Server) Repeat() {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	for _, session := range s.gate.sessions {
		if n := len(session.events); n > 0 && session.conn != nil {
			session.conn.send(session.events[n-1])
		}
	}
}

func (s *session) push(name string, data any) {
	s.seq++
	f := frame{Op: 0, Data: data, Seq: s.seq, Name: name}
	s.events = append(s.events, f)
	if s.conn != nil {
		s.conn.send(f)
	}
}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	if v := r.URL.Query().Get("v"); v != "10" {
		http.Error(w, "gateway version "+v, http.StatusBadRequest)
		return
	}
	s.gate.mu.Lock()
	closed := s.gate.closed || s.gate.noResume && strings.HasPrefix(r.URL.Path, "/resume")
	if closed {
		s.gate.stats.Refused++
	}
	s.gate.mu.Unlock()
	if closed {
		http.Error(w, "gateway closed", http.StatusServiceUnavailable)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	socket, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{socket: socket}
	g := &s.gate
	g.mu.Lock()
	g.conns[c] = true
	g.stats.Connections++
	g.mu.Unlock()
	c.send(frame{Op: 10, Data: map[string]any{"heartbeat_interval": s.opts.Heartbeat.Milliseconds()}})
	code := s.read(c, strings.HasPrefix(r.URL.Path, "/resume"))
	socket.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, c)
	g.stats.Closes = append(g.stats.Closes, code)
	for id, session := range g.sessions {
		if session.conn != c {
			continue
		}
		session.conn = nil
		if code == 1000 || code == 1001 {
			delete(g.sessions, id) // a client that says goodbye has no session any more
		}
	}
}

// read takes what a client sends, and returns the code with which it closed.
func (s *Server) read(c *conn, resumeAddress bool) int {
	for {
		_, data, err := c.socket.ReadMessage()
		if err != nil {
			if closed, ok := err.(*websocket.CloseError); ok && closed.Code != 1006 {
				return closed.Code
			}
			return 0
		}
		if code := c.tooMuch(data); code != 0 {
			c.close(code)
			return 0
		}
		var f struct {
			Op   int             `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		if json.Unmarshal(data, &f) != nil {
			c.close(4002)
			return 0
		}
		switch f.Op {
		case 1:
			s.beaten(c)
		case 2:
			s.identify(c, f.Data)
		case 6:
			s.resume(c, f.Data, resumeAddress)
		default:
			c.close(4001)
		}
	}
}

func (c *conn) tooMuch(data []byte) int {
	if len(data) > maxFrame {
		return 4002
	}
	now := time.Now()
	recent := c.sends[:0]
	for _, t := range c.sends {
		if now.Sub(t) < sendWindow {
			recent = append(recent, t)
		}
	}
	if c.sends = append(recent, now); len(c.sends) > maxSends {
		return 4008
	}
	return 0
}

func (s *Server) beaten(c *conn) {
	s.gate.mu.Lock()
	s.gate.stats.Heartbeats++
	withhold := s.gate.withhold
	s.gate.mu.Unlock()
	if !withhold {
		c.send(frame{Op: 11})
	}
}

func (s *Server) identify(c *conn, data json.RawMessage) {
	var body struct {
		Token   string `json:"token"`
		Intents *int   `json:"intents"`
	}
	if json.Unmarshal(data, &body) != nil || body.Intents == nil {
		c.close(4013)
		return
	}
	g := &s.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stats.Identifies++
	privileged := *body.Intents & (intentGuildMembers | intentPresences | intentContent)
	switch {
	case body.Token != s.opts.Token || g.stats.Identifies+g.spent > maxIdentifies:
		c.close(4004)
		return
	case privileged != 0 && !s.opts.Privileged:
		c.close(4014)
		return
	case s.opts.IdentifyEvery > 0 && time.Since(g.identified) < s.opts.IdentifyEvery:
		c.send(frame{Op: 9, Data: false})
		return
	}
	g.identified = time.Now()
	g.next++
	session := &session{id: "session-" + time.Now().Format("150405") + "-" + string(rune('a'+g.next%26)) + s.sessionMark(), intents: *body.Intents, conn: c}
	g.sessions[session.id] = session
	session.push("READY", map[string]any{"v": 10, "session_id": session.id, "resume_gateway_url": "ws://" + s.address + "/resume",
		"user": map[string]any{"id": s.opts.AppID, "username": "Crieur", "bot": true}, "guilds": []any{},
		"application": map[string]any{"id": s.opts.AppID, "flags": 0}})
}

func (s *Server) sessionMark() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.snowflake()
}

func (s *Server) resume(c *conn, data json.RawMessage, resumeAddress bool) {
	var body struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	if json.Unmarshal(data, &body) != nil {
		c.close(4002)
		return
	}
	g := &s.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stats.Resumes++
	session := g.sessions[body.Session]
	switch {
	case body.Token != s.opts.Token:
		c.close(4004)
		return
	case session != nil && body.Seq > session.seq:
		c.close(4007)
		return
	case session == nil || !resumeAddress:
		c.send(frame{Op: 9, Data: false})
		return
	}
	if session.conn != nil {
		session.conn.socket.Close()
	}
	session.conn = c
	g.stats.Resumed++
	for _, missed := range session.events {
		if missed.Seq > body.Seq {
			c.send(missed)
		}
	}
	session.push("RESUMED", map[string]any{})
}
