// Package discordfake is a strict Discord for tests: REST interface, gateway,
// and interactions over either, with the deadlines, limits and error codes that
// Discord documents. It refuses what Discord refuses and remembers what people
// would see; helpers act as a person (Command, Click, SubmitModal, Say).
//
// It knows nothing of Crieur but what is sent to it. Where Discord is silent or
// known to differ from its documentation the stricter reading is taken. Faults
// can be injected; each one is named in Fault. Rate limits, and the 3 s for a
// first response, follow the real (or synctest) clock; ages of messages and
// tokens follow Options.Now.
package discordfake

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/integrations/internal/tasks"
)

// Options shape a fake; the zero value is usable.
type Options struct {
	AppID, Token string // of the one application that exists
	// Heartbeat is what HELLO says; 41.25 s by default.
	Heartbeat time.Duration
	// IdentifyEvery is the least time between two identifications: 5 s by
	// default, a negative value for none.
	IdentifyEvery time.Duration
	// Now is the clock of ages; time.Now by default.
	Now func() time.Time
	// Listener replaces a loopback port, see Pipe.
	Listener net.Listener
	// Privileged allows the privileged intents.
	Privileged bool
	// Unlimited switches off the rate limits.
	Unlimited bool
}

// Server is one fake Discord.
type Server struct {
	opts    Options
	server  *http.Server
	address string
	private ed25519.PrivateKey
	public  ed25519.PublicKey

	mu           sync.Mutex
	last         int64 // the last snowflake
	guilds       map[string]*guild
	channels     map[string]*channel
	users        map[string]*User
	ephemerals   map[string][]*message
	modals       map[string]*Modal
	interactions map[string]*interaction // by token
	files        map[string]*stored      // by path
	owned        map[string][]byte       // files of people, by name
	commands     []map[string]any
	created      []time.Time // of commands
	faults       []*Fault
	rates        rates
	violations   []string
	handler      http.Handler // where interactions go over HTTP
	endpoint     string       // and their address, as the settings say it
	gate         gate
	delivery     tasks.Group
}

type guild struct {
	id, name string
	channels []string
}

type channel struct {
	id, guild, name, parent string
	kind                    int
	recipient               string // of direct messages
	archived                bool
	denied                  int64
	messages                []*message
	nonces                  map[string]nonce
}

type nonce struct {
	message *message
	at      time.Time
}

// User is a person on the fake.
type User struct {
	ID, Name, Locale string
	Roles            []string
	// ClosedDMs refuses direct messages.
	ClosedDMs bool
}

// Start runs a fake until the test ends, with one guild ("G"), one channel
// ("#com") and no people. It fails the test if something was sent that Discord
// would take but nobody should send (see Violations).
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	s, err := New(o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		s.Close()
		for _, v := range s.Violations() {
			tb.Errorf("discord fake: %s", v)
		}
	})
	return s
}

// New runs a fake until Close.
func New(o Options) (*Server, error) {
	if o.AppID == "" {
		o.AppID = "900000000000000001"
	}
	if o.Token == "" {
		o.Token = "fake.bot.token"
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 41250 * time.Millisecond
	}
	if o.IdentifyEvery == 0 {
		o.IdentifyEvery = 5 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	if o.Listener == nil {
		if o.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, fmt.Errorf("listen: %w", err)
		}
	}
	s := &Server{opts: o, private: private, public: public, address: o.Listener.Addr().String(), last: 1_000_000_000_000_000_000,
		guilds: map[string]*guild{}, channels: map[string]*channel{}, users: map[string]*User{},
		ephemerals: map[string][]*message{}, modals: map[string]*Modal{}, interactions: map[string]*interaction{},
		files: map[string]*stored{}, owned: map[string][]byte{}}
	s.rates.init()
	s.gate.init()
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second}
	go s.server.Serve(o.Listener) //nolint:errcheck // ends with Close
	s.AddGuild("G")
	s.AddChannel("G", "C", "com")
	return s, nil
}

// Close ends the fake.
func (s *Server) Close() {
	s.gate.closeAll()
	s.server.Close()
	s.delivery.Close()
}

// APIURL, GatewayURL, AppID, Token and PublicKey configure a bot.
func (s *Server) APIURL() string { return "http://" + s.address + "/api/v10" }

// GatewayURL is where sessions begin.
func (s *Server) GatewayURL() string { return "ws://" + s.address + "/gateway" }

// AppID is the application, and its bot's user.
func (s *Server) AppID() string { return s.opts.AppID }

// Token is the bot's token.
func (s *Server) Token() string { return s.opts.Token }

// PublicKey is the key of signatures, in hex.
func (s *Server) PublicKey() string { return hex.EncodeToString(s.public) }

// Deliver sends interactions to a handler, as Discord does over HTTP, instead
// of through the gateway; nil ends that.
func (s *Server) Deliver(h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handler = h
}

// Violations lists what Discord would have let pass but should not have been
// sent, in order.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.violations...)
}

// Forgive empties the list of violations and returns it.
func (s *Server) Forgive() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.violations
	s.violations = nil
	return old
}

func (s *Server) violate(format string, args ...any) {
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
}

// AddGuild adds a guild in which the bot is.
func (s *Server) AddGuild(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guilds[id] = &guild{id: id, name: "guild " + id}
}

// AddChannel adds a text channel.
func (s *Server) AddChannel(guild, id, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[id] = &channel{id: id, guild: guild, name: name, nonces: map[string]nonce{}}
	s.guilds[guild].channels = append(s.guilds[guild].channels, id)
}

// AddThread adds a thread to a channel.
func (s *Server) AddThread(channelID, id, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	parent := s.channels[channelID]
	s.channels[id] = &channel{id: id, guild: parent.guild, name: name, kind: 11, parent: channelID, nonces: map[string]nonce{}}
}

// AddUser adds a person to every guild.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[u.ID] = &u
}

// Deny takes permissions away from the bot in a channel; 0 gives all back.
func (s *Server) Deny(channel string, permissions int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channel].denied = permissions
}

// SetEndpoint sets the address to which the application's interactions go,
// as its settings say it.
func (s *Server) SetEndpoint(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoint = address
}

// Archive archives a thread.
func (s *Server) Archive(thread string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[thread].archived = true
}

// RemoveChannel deletes a channel.
func (s *Server) RemoveChannel(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.channels, id)
}

// snowflake is a new identifier; as Discord's do, it says when it was made.
func (s *Server) snowflake() string {
	const discordEpoch, counterBits = 1_420_070_400_000, 22
	s.last = max(s.last+1, (s.opts.Now().UnixMilli()-discordEpoch)<<counterBits)
	return strconv.FormatInt(s.last, 10)
}

// dm is the direct message channel of a person, made when needed.
func (s *Server) dm(user string) *channel {
	for _, c := range s.channels {
		if c.recipient == user {
			return c
		}
	}
	c := &channel{id: s.snowflake(), kind: 1, recipient: user, nonces: map[string]nonce{}}
	s.channels[c.id] = c
	return c
}

// refusal is an error that a client gets.
type refusal struct {
	status, code int
	message      string
	retry        float64
	global       bool
}

func (r *refusal) Error() string {
	return fmt.Sprintf("HTTP %d, code %d: %s", r.status, r.code, r.message)
}

func refuse(status, code int, format string, args ...any) *refusal {
	return &refusal{status: status, code: code, message: fmt.Sprintf(format, args...)}
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if value != nil {
		_ = json.NewEncoder(w).Encode(value) // the client went away
	}
}

// Fault makes calls go wrong. Method and Path (a part of it) choose the calls;
// empty means all.
type Fault struct {
	Method, Path string
	Skip, Times  int // skip so many, then spoil so many; Times 0 is 1
	// Status answers with that status and Code instead of doing anything;
	// RetryAfter, Global and Scope ("shared") are for 429.
	Status, Code int
	RetryAfter   float64
	Global       bool
	Scope        string
	// DropBefore cuts the connection before, DropAfter after the call was done.
	DropBefore, DropAfter bool
	// Delay comes before anything else.
	Delay time.Duration
}

// RefuseResume refuses every new connection at the address of sessions, or takes them
// again.
func (s *Server) RefuseResume(on bool) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	s.gate.noResume = on
}

// Inject adds a fault.
func (s *Server) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &f)
}

func (s *Server) fault(method, path string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Times == 0 || (f.Method != "" && f.Method != method) || !strings.Contains(path, f.Path) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		f.Times--
		return *f
	}
	return Fault{}
}
