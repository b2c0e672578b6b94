// Package slackfake is a strict Slack for tests: a Web API that refuses what
// Slack refuses, deliveries that are signed, timed and repeated as Slack does
// it, Socket Mode, and people who type, click and read.
//
// It imports nothing of Crieur, so that the adapter is held against Slack's
// rules and not against itself. Limits and behaviour come from Slack's
// documentation and public threads (the project's page on chat platforms); where
// nothing is documented the fake is the stricter one.
package slackfake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the fake workspace is called and answers to.
const (
	Team          = "T0COLIBRI"
	Bot           = "U0CRIEUR"
	BotID         = "B0CRIEUR"
	App           = "A0CRIEUR"
	BotToken      = "xoxb-fake-0000"
	AppToken      = "xapp-fake-0000"
	SigningSecret = "fake-signing-secret"
)

// Options bend the workspace.
type Options struct {
	// Clock makes time stand still until a test moves it; nil is real time.
	Clock *Clock
	// Scopes are what the bot was granted; nil is everything it could ask for.
	Scopes []string
	// Deadline is how long a delivery may take, in real time; 3 s if zero.
	Deadline time.Duration
	// Burst is how many messages above one a second a channel takes before it
	// answers 429; 3 if zero.
	Burst int
	// NoTiers switches off the limits per method and minute.
	NoTiers bool
	// Ping is how often a socket is pinged; 2 s if zero.
	Ping time.Duration
	// Seed chooses which socket gets what.
	Seed uint64
	// Unready is how many messages a new file is refused in before it can be shown
	// in one; 1 if zero, none if negative. Slack works on a file for a moment.
	Unready int
	// Enterprise, if set, makes payloads those of a large organisation.
	Enterprise string
	// Domain is registered with the app: it hears of links there.
	Domain string
}

// Server is the workspace.
type Server struct {
	options Options
	tb      testing.TB
	web     *httptest.Server
	caller  *http.Client

	mu       sync.Mutex
	target   string // where requests are delivered
	seq      int64
	random   *rand.Rand
	people   map[string]Person
	groups   []Group
	channels map[string]*Channel
	dms      map[string]string // user to channel
	messages []*Message
	private  []*Message
	views    map[string]*Modal // open modal by user
	homes    map[string]string
	triggers map[string]*trigger
	urls     map[string]*responseURL
	uploads  map[string]*File
	files    []*File
	faults   map[string][]*Fault
	calls    []Call
	buckets  map[string]*bucket
	stats    Stats
	copies   int
	broken   []string
	sockets  sockets
}

// Person is somebody in the workspace.
type Person struct {
	ID, Name, Locale, Zone string
	// Team is another company's workspace, for a shared channel.
	Team string
	// QuietFrom and QuietUntil are the next Do Not Disturb; Snoozed until is one
	// that was set by hand and has begun.
	QuietFrom, QuietUntil, Snoozed time.Time
}

// Group is a user group.
type Group struct {
	ID, Handle string
	Users      []string
}

// Channel is a channel. A bot that is not in it may not post.
type Channel struct {
	ID, Name         string
	Outside, Private bool
	Archived, Shared bool
}

// Stats counts what nobody sees on screen.
type Stats struct {
	// Suppressed counts messages that came within a second of the last one in
	// their channel: Slack may show "high volume" instead, without an error.
	Suppressed int
	Limited    int // 429 answered
	Timeouts   int // deliveries not acknowledged in time
	Retries    int // deliveries brought again
	Delivered  int // deliveries acknowledged in time
	Slowest    time.Duration
}

// New starts a workspace; it ends with the test.
func New(tb testing.TB, options Options) *Server {
	tb.Helper()
	if options.Deadline == 0 {
		options.Deadline = 3 * time.Second
	}
	if options.Burst == 0 {
		options.Burst = 3
	}
	if options.Ping == 0 {
		options.Ping = 2 * time.Second
	}
	if options.Unready == 0 {
		options.Unready = 1
	}
	if options.Scopes == nil {
		options.Scopes = AllScopes()
	}
	s := &Server{
		options: options, tb: tb, caller: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		random: rand.New(rand.NewPCG(options.Seed, 1)),
		people: map[string]Person{}, channels: map[string]*Channel{}, dms: map[string]string{},
		views: map[string]*Modal{}, homes: map[string]string{}, triggers: map[string]*trigger{},
		urls: map[string]*responseURL{}, uploads: map[string]*File{}, faults: map[string][]*Fault{},
		buckets: map[string]*bucket{},
	}
	s.sockets.open = map[int]*socket{}
	s.sockets.pending = map[string]chan []byte{}
	s.web = httptest.NewServer(s.routes())
	tb.Cleanup(s.Close)
	return s
}

// AllScopes are the scopes of Crieur's manifest and those that it can use.
func AllScopes() []string {
	return []string{"commands", "chat:write", "app_mentions:read", "im:history", "im:write", "users:read",
		"usergroups:read", "channels:read", "groups:read", "reactions:write", "links:read", "links:write",
		"files:read", "files:write", "team:read", "dnd:read"}
}

// Close ends the workspace. It is called by itself when the test ends.
func (s *Server) Close() {
	s.closeSockets()
	s.web.CloseClientConnections()
	s.web.Close()
	s.caller.CloseIdleConnections()
}

// APIURL is where the Web API is.
func (s *Server) APIURL() string { return s.web.URL + "/api/" }

// DeliverTo sets the address of the app's own server, for HTTP delivery.
func (s *Server) DeliverTo(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.target = strings.TrimRight(address, "/")
}

// AddPerson adds somebody.
func (s *Server) AddPerson(p Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[p.ID] = p
}

// AddGroup adds a user group.
func (s *Server) AddGroup(g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups = append(s.groups, g)
}

// AddChannel adds a channel that Crieur is in, unless it says otherwise.
func (s *Server) AddChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[c.ID] = &c
}

// DM is the channel of a person's conversation with Crieur.
func (s *Server) DM(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(user)
}

func (s *Server) dm(user string) string {
	if id, ok := s.dms[user]; ok {
		return id
	}
	id := "D" + strings.TrimPrefix(user, "U")
	s.dms[user] = id
	s.channels[id] = &Channel{ID: id, Name: "directmessage", Private: true}
	return id
}

// Stats returns the counts so far.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// Broken lists what a person would have seen go wrong: a modal that says "We
// had some trouble connecting", a command that did not answer.
func (s *Server) Broken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.broken)
}

// Now is the workspace's time.
func (s *Server) Now() time.Time {
	if s.options.Clock != nil {
		return s.options.Clock.Now()
	}
	return time.Now()
}

// next is a number that was never given before. s.mu is held.
func (s *Server) next() int64 {
	s.seq++
	return s.seq
}

// stamp is a new message's ts. s.mu is held.
func (s *Server) stamp() string { return fmt.Sprintf("%d.%06d", s.Now().Unix(), s.next()) }

// Sign adds Slack's signature to a request with this body.
func (s *Server) Sign(header http.Header, body []byte) { sign(header, body, s.Now(), SigningSecret) }

func sign(header http.Header, body []byte, now time.Time, secret string) {
	stamp := fmt.Sprint(now.Unix())
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	header.Set("X-Slack-Request-Timestamp", stamp)
	header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}
