package discord

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"crieur/bot/work"
)

// Sessions keeps what the gateway's session is resumed with, so that a process
// hears what was said while none was there. Lease is how long an owner that says
// nothing keeps its session.
type Sessions interface {
	// KeepSession keeps the owner's session; held is false once another has it.
	KeepSession(ctx context.Context, owner, id string, data []byte, lease time.Duration) (held bool, err error)
	// TakeSession gives the owner a session that nobody holds, id empty if there
	// is none; others is how many are held.
	TakeSession(ctx context.Context, owner string, lease time.Duration) (id string, data []byte, others int, err error)
	// LeaveSession lets whoever comes take the session.
	LeaveSession(ctx context.Context, owner, id string) error
	// DropSession forgets a session that has ended.
	DropSession(ctx context.Context, owner, id string) error
}

const (
	// sessionLease is how long a process that was killed keeps its session from
	// the one that follows, which waits for it: until then nobody is heard.
	sessionLease = 3 * time.Second
	// keepEvery is how often a session is kept. What came since is sent again
	// after a kill, and counts once.
	keepEvery = time.Second
	// sessionTimeout bounds one call.
	sessionTimeout = time.Second
)

// session is what a lost connection is resumed with.
type session struct {
	id, url string
	self    string // the bot's user ID: only READY says it
	seq     int64  // the last event that was handed on
	// unstored are the events that were handed on and are not stored yet.
	unstored *unstored
	// lost says that another process took it up.
	lost bool
}

// record is a session as it is kept.
type record struct {
	App  string `json:"app"`
	URL  string `json:"url"`
	Self string `json:"self"`
	Seq  int64  `json:"seq"` // all events up to it are stored
	// Intents are what it was begun with; a session keeps them to its end. 0 is of a
	// time when all were asked for.
	Intents discordgo.Intent `json:"intents,omitempty"`
}

// unstored are the numbers of events under way.
type unstored struct {
	mu   sync.Mutex
	seqs map[int64]bool
}

// begin notes an event; done says that it is stored, or never will be.
func (u *unstored) begin(seq int64) (done func()) {
	if u == nil { // an event before READY
		return func() {}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.seqs == nil {
		u.seqs = map[int64]bool{}
	}
	u.seqs[seq] = true
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.seqs, seq)
	}
}

// before is the last number up to which all events are stored.
func (u *unstored) before(last int64) int64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	for seq := range u.seqs {
		last = min(last, seq-1)
	}
	return last
}

// keeper keeps the gateway's session beyond the process.
type keeper struct {
	sessions Sessions
	owner    string
	app      string
	g        *gateway
	fresh    chan struct{} // a session has begun
}

func newKeeper(sessions Sessions, app string, g *gateway) *keeper {
	return &keeper{sessions: sessions, owner: rand.Text(), app: app, g: g, fresh: make(chan struct{}, 1)}
}

// take takes up the session of a process that has ended. A process that was
// killed a moment ago still holds its own, so that is waited for.
func (k *keeper) take(ctx context.Context) {
	for deadline := time.Now().Add(sessionLease + keepEvery); ; {
		found, others := k.once(ctx)
		if found || others == 0 || time.Now().After(deadline) || !work.Pause(ctx, keepEvery/4) {
			return
		}
	}
}

func (k *keeper) once(ctx context.Context) (found bool, others int) {
	ctx, cancel := context.WithTimeout(ctx, sessionTimeout)
	defer cancel()
	id, data, others, err := k.sessions.TakeSession(ctx, k.owner, sessionLease)
	if err != nil {
		k.g.log.Warn("discord: no session taken up", "error", err)
		return false, 0
	}
	if id == "" {
		return false, others
	}
	var r record
	if err := json.Unmarshal(data, &r); err != nil || r.App != k.app || cmp.Or(r.Intents, allIntents) != k.g.intents {
		k.drop(ctx, id)
		return false, others
	}
	k.g.begin(session{id: id, url: r.URL, self: r.Self, seq: r.Seq, unstored: &unstored{}})
	k.g.log.Info("discord: session taken up", "seq", r.Seq)
	return true, others
}

// run keeps the session, a new one at once, until ctx ends.
func (k *keeper) run(ctx context.Context) {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for last := k.g.getSession().id; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-k.fresh:
		}
		current := k.g.getSession()
		if last != "" && last != current.id {
			k.drop(ctx, last)
		}
		last = current.id
		k.keep(ctx, current)
	}
}

// begun says that a session has begun.
func (k *keeper) begun() {
	select {
	case k.fresh <- struct{}{}:
	default:
	}
}

// keep keeps a session. One that another process has is not resumed again: the
// two would cut each other off for ever.
func (k *keeper) keep(ctx context.Context, s session) {
	if s.id == "" || s.lost {
		return
	}
	data, err := json.Marshal(record{App: k.app, URL: s.url, Self: s.self, Seq: s.unstored.before(s.seq), Intents: k.g.intents})
	if err != nil { // strings and numbers always encode
		panic("encode session: " + err.Error())
	}
	ctx, cancel := context.WithTimeout(ctx, sessionTimeout)
	defer cancel()
	held, err := k.sessions.KeepSession(ctx, k.owner, s.id, data, sessionLease)
	if err != nil {
		k.g.log.Debug("discord: session not kept", "error", err) // the status says that Redis is away
		return
	}
	if !held {
		k.g.log.Warn("discord: another process took the session up")
		k.g.change(func(now *session) { now.lost = now.id == s.id })
	}
}

// leave keeps the session a last time and lets the next process take it up.
func (k *keeper) leave() {
	s := k.g.getSession()
	if s.id == "" {
		return
	}
	k.g.begin(session{})
	ctx, cancel := context.WithTimeout(context.Background(), sessionTimeout)
	defer cancel()
	k.keep(ctx, s)
	if err := k.sessions.LeaveSession(ctx, k.owner, s.id); err != nil {
		k.g.log.Warn("discord: session not left", "error", err)
	}
}

func (k *keeper) drop(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(ctx, sessionTimeout)
	defer cancel()
	if err := k.sessions.DropSession(ctx, k.owner, id); err != nil {
		k.g.log.Debug("discord: session not dropped", "error", err) // it is forgotten by itself
	}
}
