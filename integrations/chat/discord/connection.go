package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"crieur/bot/work"
)

// Gateway operations.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatACK   = 11
)

const (
	// zombieClose closes a connection that does not answer. It is neither 1000
	// nor 1001: those end the session, and what was missed would be lost.
	zombieClose = 4000
	// zombieGrace is how long a heartbeat may wait for its answer. A connection
	// that dies is so given up within one interval and this.
	zombieGrace = 4500 * time.Millisecond
	// helloWait is how long the first word may take.
	helloWait = 10 * time.Second
	// maxFrame is the largest message that is read, in bytes.
	maxFrame = 16 << 20

	// The intents: guilds and direct messages and, for who wants it, what is said in
	// the channels of the guild. None of them is privileged, and none shows what
	// others say to each other; but with the last one Discord tells of every message
	// that Crieur could see, to be thrown away.
	fewIntents = discordgo.IntentGuilds | discordgo.IntentDirectMessages
	allIntents = fewIntents | discordgo.IntentGuildMessages
)

// intents are those of a bot that hears what is said to it in channels, or not.
func intents(channels bool) discordgo.Intent {
	if channels {
		return allIntents
	}
	return fewIntents
}

// errZombie says that the other side does not answer heartbeats any more.
var errZombie = errors.New("gateway does not answer heartbeats")

// frame is one message of the gateway.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d,omitempty"`
	Seq  int64           `json:"s,omitempty"`
	Name string          `json:"t,omitempty"`
}

// connection is one socket of the gateway.
type connection struct {
	g        *gateway
	socket   *websocket.Conn
	resuming bool
	greeted  bool

	writing sync.Mutex
	seq     atomic.Int64
	acks    chan struct{} // answers to heartbeats
	dead    atomic.Bool
}

// run stays until the connection ends.
func (c *connection) run(ctx context.Context) ending {
	defer c.socket.Close()
	ctx, cancel := context.WithCancel(ctx)
	var beats sync.WaitGroup
	defer beats.Wait()
	defer cancel()
	leave := context.AfterFunc(ctx, func() {
		c.close(c.g.closeCode())
		c.socket.Close()
	})
	defer leave()
	c.seq.Store(c.g.getSession().seq)
	c.socket.SetReadLimit(maxFrame)
	c.socket.SetCloseHandler(func(int, string) error {
		c.close(zombieClose) // echoing 1000 or 1001 would end the session
		return nil
	})
	if err := c.socket.SetReadDeadline(time.Now().Add(helloWait)); err != nil {
		return ending{err: err, resume: c.resuming}
	}
	hello, err := c.read()
	if err != nil {
		return endOf(fmt.Errorf("read hello: %w", err), false)
	}
	var greeting struct {
		Interval int64 `json:"heartbeat_interval"`
	}
	if err := json.Unmarshal(hello.Data, &greeting); err != nil || hello.Op != opHello || greeting.Interval <= 0 {
		return ending{err: errors.New("gateway did not say hello"), resume: c.resuming}
	}
	if err := c.socket.SetReadDeadline(time.Time{}); err != nil {
		return ending{err: err, resume: c.resuming}
	}
	beats.Add(1)
	go func() {
		defer beats.Done()
		c.beat(ctx, time.Duration(greeting.Interval)*time.Millisecond)
	}()
	if err := c.introduce(); err != nil {
		return ending{err: err, resume: c.resuming}
	}
	end := c.listen()
	if c.dead.Load() {
		end.err = errZombie
	}
	return end
}

func (c *connection) read() (frame, error) {
	var f frame
	_, data, err := c.socket.ReadMessage()
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return f, fmt.Errorf("decode gateway message: %w", err)
	}
	return f, nil
}

// introduce resumes the session, or identifies.
func (c *connection) introduce() error {
	if c.resuming {
		s := c.g.getSession()
		return c.send(opResume, map[string]any{"token": c.g.token.Reveal(), "session_id": s.id, "seq": s.seq})
	}
	c.g.identified = time.Now()
	return c.send(opIdentify, map[string]any{"token": c.g.token.Reveal(), "intents": c.g.intents,
		"properties": map[string]string{"os": runtime.GOOS, "browser": "crieur", "device": "crieur"}})
}

// listen reads until the connection ends.
func (c *connection) listen() ending {
	for {
		f, err := c.read()
		if err != nil {
			return endOf(err, c.greeted)
		}
		switch f.Op {
		case opDispatch:
			c.dispatch(f)
		case opHeartbeat:
			if err := c.heartbeat(); err != nil {
				return ending{err: err, resume: true, greeted: c.greeted}
			}
		case opHeartbeatACK:
			select {
			case c.acks <- struct{}{}:
			default:
			}
		case opReconnect:
			c.close(zombieClose)
			return ending{err: errors.New("gateway asked to reconnect"), resume: true, greeted: true}
		case opInvalidSession:
			var resumable bool
			_ = json.Unmarshal(f.Data, &resumable) // anything else means no
			code := websocket.CloseNormalClosure
			if resumable {
				code = zombieClose
			}
			c.close(code)
			return ending{err: errors.New("gateway session not valid"), resume: resumable, wait: invalidWait}
		}
	}
}

// dispatch takes an event. Its number is kept only after it was handed on.
func (c *connection) dispatch(f frame) {
	switch f.Name {
	case "READY":
		var ready struct {
			Session string `json:"session_id"`
			URL     string `json:"resume_gateway_url"`
			User    person `json:"user"`
		}
		if err := json.Unmarshal(f.Data, &ready); err != nil {
			c.g.log.Error("discord: READY not readable", "error", err)
		}
		c.g.begin(session{id: ready.Session, url: ready.URL, self: ready.User.ID, unstored: &unstored{}})
		c.greet()
	case "RESUMED":
		c.greet()
	}
	c.g.handle(dispatched{f.Name, f.Data, !c.greeted, c.g.getSession().unstored.begin(f.Seq)})
	if f.Seq > 0 {
		c.g.change(func(s *session) { s.seq = f.Seq })
		c.seq.Store(f.Seq)
	}
	if f.Name == "READY" && c.g.keeper != nil {
		c.g.keeper.begun()
	}
}

func (c *connection) greet() {
	c.greeted = true
	c.g.setUp(true)
}

// beat sends heartbeats. One that is not answered soon ends the connection.
func (c *connection) beat(ctx context.Context, interval time.Duration) {
	wait := time.Duration(float64(interval) * rand.Float64())
	for work.Pause(ctx, wait) {
		select {
		case <-c.acks: // of a heartbeat that the other side asked for
		default:
		}
		began := time.Now()
		if err := c.heartbeat(); err != nil {
			c.socket.Close()
			return
		}
		if !c.answered(ctx) {
			if ctx.Err() == nil {
				c.dead.Store(true)
				c.close(zombieClose)
				c.socket.Close()
			}
			return
		}
		wait = max(0, interval-time.Since(began))
	}
}

// answered waits for the answer to a heartbeat.
func (c *connection) answered(ctx context.Context) bool {
	timer := time.NewTimer(zombieGrace)
	defer timer.Stop()
	select {
	case <-c.acks:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

func (c *connection) heartbeat() error {
	var seq any
	if n := c.seq.Load(); n > 0 {
		seq = n
	}
	return c.send(opHeartbeat, seq)
}

func (c *connection) send(op int, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode gateway message %d: %w", op, err)
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.socket.SetWriteDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	if err := c.socket.WriteJSON(frame{Op: op, Data: raw}); err != nil {
		return fmt.Errorf("send gateway message %d: %w", op, err)
	}
	return nil
}

// close says goodbye with a code; the socket is closed by the caller.
func (c *connection) close(code int) {
	err := c.socket.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	if err != nil {
		c.g.log.Debug("discord: gateway close", "error", err)
	}
}
