package discord

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/secret"
	"crieur/integrations/internal/marks"
	"crieur/integrations/internal/tasks"
)

// DefaultAPIURL is where Discord's REST interface is.
const DefaultAPIURL = "https://discord.com/api/v10"

// Options says which application this is and how it reaches Discord. Token and
// AppID are needed; everything else has a usable zero value.
type Options struct {
	Token secret.Secret // of the bot
	AppID string
	// PublicKey, in hex, checks interactions sent over HTTP; without it the
	// HTTP handler refuses all of them.
	PublicKey string
	// Guild is the guild that direct messages count for: Discord does not say.
	Guild string
	// APIURL is the REST interface (DefaultAPIURL); GatewayURL is the gateway,
	// asked from the REST interface when empty.
	APIURL, GatewayURL string
	// Commands are what is registered; shortcuts are recognised by them.
	Commands []Command
	// Channels has what is said to Crieur in channels heard, for which Discord tells
	// of every message there. Without it direct messages and commands are heard.
	Channels bool
	// Mention gives the user ID of a member in a guild; nil knows nobody.
	Mention func(team, member string) (user string, ok bool)
	// Files are the pictures that cards show; nil shows their words.
	Files content.Files
	// Sessions keeps the gateway's session for the process that follows; nil: what
	// is said while none is connected is lost.
	Sessions Sessions
	// IdentifyEvery is the least time between two identifications; Discord asks
	// for 5 s, which is the default.
	IdentifyEvery time.Duration
	HTTPClient    *http.Client
	Logger        *slog.Logger
	Now           func() time.Time
}

// Chat is the adapter: a bot.Chat, an http.Handler for interactions, and a
// gateway connection between Start and Stop.
type Chat struct {
	opts    Options
	ingress bot.Ingress
	front   bot.Front
	key     ed25519.PublicKey
	rest    *rest
	render  renderer
	log     *slog.Logger
	now     func() time.Time

	forms  *kept[openForm]
	cards  *kept[bot.Card]
	direct *kept[string] // user to direct message channel
	spread *kept[bool]   // whether a message has further messages
	// answered is how many messages of an answer are up, while it is not whole.
	// Discord lists nobody's private messages.
	answered *kept[int]
	// attached are the pictures that messages have: attachment IDs by file name.
	attached *kept[map[string]string]
	slow     *kept[int] // how often a picture took too long, by digest
	// threads are the channels known, with their parent when they are threads.
	threads *kept[string]
	// locales are the languages that people had in their last interaction.
	locales *kept[string]
	// reached are the last interactions of people.
	reached *kept[bot.Event]
	self    atomic.Pointer[string] // the bot's user ID, once asked for

	marks   marks.Marks
	gate    *gateway
	running tasks.Group // what goes on after an acknowledgement
	lanes   *lanes
}

var (
	_ bot.Chat       = (*Chat)(nil)
	_ bot.Fetcher    = (*Chat)(nil)
	_ bot.Recogniser = (*Chat)(nil)
)

// New checks the options and returns an adapter that is not connected yet.
func New(o Options, ingress bot.Ingress, front bot.Front) (*Chat, error) {
	if o.Token == "" || o.AppID == "" {
		return nil, errors.New("discord: the bot token and the application ID are needed")
	}
	var key ed25519.PublicKey
	if o.PublicKey != "" {
		raw, err := hex.DecodeString(o.PublicKey)
		if err != nil || len(raw) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("discord: the public key is not %d bytes in hex", ed25519.PublicKeySize)
		}
		key = raw
	}
	o = o.filled()
	client := *o.HTTPClient
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c := &Chat{
		opts: o, ingress: ingress, front: front, key: key, log: o.Logger, now: o.Now,
		rest:  &rest{http: &client, base: trimBase(o.APIURL), token: o.Token, limits: newLimits(), now: o.Now, log: o.Logger},
		forms: newKept[openForm](2000), cards: newKept[bot.Card](2000),
		direct: newKept[string](10000), spread: newKept[bool](2000), threads: newKept[string](10000),
		locales: newKept[string](10000), reached: newKept[bot.Event](10000), attached: newKept[map[string]string](2000), slow: newKept[int](2000), answered: newKept[int](2000),
	}
	c.render = renderer{mention: o.Mention, say: func(lang, key string) string {
		return front.Say(bot.Event{Platform: bot.Discord, User: bot.User{Locale: lang}}, key)
	}}
	c.lanes = newLanes(c.heard)
	c.gate = newGateway(gateOptions{
		url: o.GatewayURL, token: o.Token, identifyEvery: o.IdentifyEvery, intents: intents(o.Channels),
		dialer: dialerOf(o.HTTPClient), find: c.gatewayURL, handle: c.dispatch, log: o.Logger,
	})
	if o.Sessions != nil {
		c.gate.keeper = newKeeper(o.Sessions, o.AppID, c.gate)
	}
	return c, nil
}

func (o Options) filled() Options {
	if o.APIURL == "" {
		o.APIURL = DefaultAPIURL
	}
	if o.Mention == nil {
		o.Mention = func(string, string) (string, bool) { return "", false }
	}
	if o.IdentifyEvery == 0 {
		o.IdentifyEvery = 5 * time.Second
	}
	if o.HTTPClient == nil {
		o.HTTPClient = &http.Client{Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute,
			ResponseHeaderTimeout: callTimeout, ForceAttemptHTTP2: true,
		}}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// String names the adapter and hides its token.
func (o Options) String() string { return "discord app " + o.AppID + " token [redacted]" }

// LogValue hides the token in logs.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// GoString hides the token.
func (o Options) GoString() string { return o.String() }

// String names the adapter and hides its token.
func (c *Chat) String() string { return c.opts.String() }

// GoString hides the token.
func (c *Chat) GoString() string { return c.opts.String() }

// Recognises implements bot.Recogniser: Discord keeps a nonce for "a few minutes".
func (c *Chat) Recognises() time.Duration { return 2 * time.Minute }

// Platform implements bot.Chat.
func (c *Chat) Platform() bot.Platform { return bot.Discord }

// Start connects to the gateway and stays connected until Stop or the end of
// ctx. It returns at once; Fatal says when Discord refuses for good.
func (c *Chat) Start(ctx context.Context) {
	c.lanes.start(ctx)
	c.gate.start(ctx)
}

// Stop disconnects and waits for what is under way. It may be called twice, or
// without Start.
func (c *Chat) Stop() {
	c.lanes.cancel() // so that a full lane does not hold up the gateway
	c.gate.stop()
	c.lanes.stop()
	c.running.Close()
	if c.gate.keeper != nil {
		c.gate.keeper.leave()
	}
}

// Fatal returns a channel that gets the reason, once, when Discord refuses the
// connection in a way that only an operator can mend.
func (c *Chat) Fatal() <-chan error { return c.gate.fatal }

// Connected says whether the gateway session is up.
func (c *Chat) Connected() bool { return c.gate.connected() }

// Refused is the reason that Fatal told, nil while there is none.
func (c *Chat) Refused() error { return c.gate.refusal() }

// errStarts says that Discord would take the token away for one more session.
var errStarts = errors.New("no new session is left today")

// gatewayURL is where a new session begins, if one may.
func (c *Chat) gatewayURL(ctx context.Context) (string, error) {
	var answer struct {
		URL   string `json:"url"`
		Limit struct {
			Total     int `json:"total"`
			Remaining int `json:"remaining"`
		} `json:"session_start_limit"`
	}
	err := c.rest.do(ctx, call{method: http.MethodGet, path: "/gateway/bot", route: "GET /gateway/bot", again: true}, &answer)
	if err != nil {
		return "", fmt.Errorf("find gateway: %w", err)
	}
	if answer.Limit.Total > 0 && answer.Limit.Remaining == 0 {
		return "", fmt.Errorf("find gateway: %w", errStarts)
	}
	return answer.URL, nil
}

// later runs what follows an acknowledgement, for at most 15 s; not after Stop.
func (c *Chat) later(name string, do func(context.Context) error) (runs bool) {
	return c.running.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		defer cancel()
		if err := do(ctx); err != nil {
			c.log.Warn("discord: "+name, "error", err)
		}
	})
}

// nonceOf is an effect's ID as Discord's nonce, at most 25 characters.
func nonceOf(id, part string) string {
	if id == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(id + "|" + part))
	return strings.TrimRight(base64.RawURLEncoding.EncodeToString(sum[:18]), "=")
}

// kept is a bounded memory of things that may be forgotten: when it is full the
// older half goes.
type kept[T any] struct {
	mu         sync.Mutex
	limit      int
	young, old map[string]T
}

func newKept[T any](limit int) *kept[T] {
	return &kept[T]{limit: limit, young: map[string]T{}, old: map[string]T{}}
}

func (k *kept[T]) put(key string, value T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.young) >= k.limit/2 {
		k.old, k.young = k.young, map[string]T{}
	}
	k.young[key] = value
}

func (k *kept[T]) get(key string) (T, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	value, ok := k.young[key]
	if !ok {
		value, ok = k.old[key]
	}
	return value, ok
}
