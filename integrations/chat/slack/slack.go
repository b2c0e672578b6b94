// Package slack brings Slack to Crieur and Crieur's cards to Slack.
//
// It verifies and decodes what Slack sends (over HTTP or Socket Mode), stores
// it through bot.Ingress and only then acknowledges it, answers at once what
// cannot wait (forms, field checks, choices) through bot.Front, and carries out
// the calls of bot.Chat. It knows no command, no card's meaning and no store;
// types of slack-go do not leave it. Limits, deadlines and traps come from
// Slack's documentation and from public threads of other bots (the project's
// page on chat platforms); limits.go has every figure.
//
// Which pictures Slack keeps already is remembered in memory only: after a restart
// they are sent once more. Which messages continue a card is kept by Tails.
//
// # How fast it is
//
// A signed slash command, verified, stored once in redis-server and acknowledged by
// "crieur serve --role chat", beside Bolt for JavaScript 5.1, which verifies and
// acknowledges it and stores nothing. Medians of turns of 1 s each, in turn, on two
// virtual cores of an Intel Xeon server, Go 1.26, Node 20, Redis 7.0:
//
//	appendfsync       turns, lines            commands/s   p50      p99       processor   resident
//	everysec          10, 16        Crieur    9,493        1.5 ms    5.1 ms   133 µs      38.5 MB
//	                                Bolt      4,049        3.4 ms   11.8 ms   246 µs      139 MB
//	everysec          30, 16        Crieur    6,958        2.0 ms    7.1 ms   167 µs      45.6 MB
//	                                Bolt      3,289        4.1 ms   15.1 ms   300 µs      138 MB
//	always            10, 24        Crieur    7,556        3.0 ms    8.2 ms   158 µs      38.3 MB
//	                                Bolt      3,607        6.7 ms   17.3 ms   317 µs      140 MB
//	always            30, 24        Crieur    7,183        3.1 ms    8.5 ms   163 µs      38.8 MB
//	                                Bolt      3,655        5.9 ms   17.4 ms   276 µs      144 MB
//
//	go test ./cmd/internal/app -run TestBolt -bolt -v
//
// The processor's time is for one command, that of redis-server included. The aim is
// twice Bolt's rate, 10 ms and 40 MB: 2.1 to 2.3 times with everysec, 2.0 to 2.1 with
// always, where every run of the script waits for the disk. About 17 MB are
// Crieur's own; the rest are pages of the program's file, of which the kernel maps
// now 21 and now 28 MB with the same program. How busy the host's other machines are
// decides more than any code that is left.
package slack

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/i18n"
	"crieur/bot/secret"
	"crieur/integrations/internal/marks"
)

// Budgets of the way in. Slack gives 3 s; Crieur answers well within 1 s.
const (
	ackBudget   = 700 * time.Millisecond  // all that comes before an ack, storing it at the end
	lookBudget  = 150 * time.Millisecond  // a person seen for the first time
	afterBudget = 2500 * time.Millisecond // what follows an ack: a form, "Working…"
	callTimeout = 5 * time.Second         // one call of Slack, shorter than a send lease
)

// Options is what an adapter is made from.
type Options struct {
	// Token is the bot token (xoxb-…), AppToken the app-level one (xapp-…) that
	// Socket Mode needs, SigningSecret what HTTP delivery needs.
	Token, AppToken, SigningSecret secret.Secret
	// APIURL is "https://slack.com/api/" if empty.
	APIURL     string
	HTTPClient *http.Client
	Logger     *slog.Logger
	Now        func() time.Time
	// Commands maps the installed name of a slash command ("/brouillon") to the
	// registered one ("draft").
	Commands map[string]string
	// Team is the workspace, if it is known before Slack is asked.
	Team string
	// Member finds a member's account on this workspace, for mentions.
	Member func(member string) (user string, ok bool)
	// Files has the pictures of cards and posts; nil shows them by their words.
	Files content.Files
	// Convert makes, for cards, a picture that Slack shows of one that it does not
	// (WebP); nil shows that by its words. What is published is never converted.
	Convert func(data []byte) ([]byte, error)
	// Tails keeps what continues long cards; nil: it is forgotten with the process,
	// and said once more.
	Tails Tails
	// URL is the public address under which cards have theirs; empty: they have
	// none.
	URL string
	// Words are the few words of the renderer's own. Required.
	Words *i18n.Catalog
	// Edits is how many messages are changed a minute at most: 50, Slack's own limit,
	// if zero; any number if negative.
	Edits int
	// Sockets is how many Socket Mode connections are kept; 2 if zero.
	Sockets int
	// Silence is how long a connection may say nothing before it counts as
	// dead; 30 s if zero. Slack pings every few seconds.
	Silence time.Duration
	// Pause is the first wait after a failed connection; 500 ms if zero.
	Pause time.Duration
	// Refusal is how long Slack is not asked again once it said that we may not; 5 min
	// if zero: somebody may allow it again.
	Refusal time.Duration
}

// Adapter is Crieur in one Slack workspace. It implements bot.Chat.
type Adapter struct {
	options Options
	ingress bot.Ingress
	front   bot.Front
	client  *api.Client
	http    *http.Client
	log     *slog.Logger
	now     func() time.Time
	render  renderer

	own    atomic.Pointer[api.AuthTestResponse]
	people people
	ims    sync.Map // user ID -> channel ID of the conversation with Crieur
	marks  marks.Marks
	edits  *edits
	kept   pictures

	state  health
	lost   chan struct{} // Slack said that it took our access away; one entry at most
	base   context.Context
	cancel context.CancelFunc
	tasks  sync.WaitGroup
	gate   sync.Mutex // orders spawn and Stop
	closed bool
}

// New makes an adapter. Nothing runs and nothing is asked before Start or the
// first request.
func New(options Options, ingress bot.Ingress, front bot.Front) *Adapter {
	if options.APIURL == "" {
		options.APIURL = api.APIURL
	}
	if !strings.HasSuffix(options.APIURL, "/") {
		options.APIURL += "/"
	}
	if options.HTTPClient == nil {
		options.HTTPClient = &http.Client{Timeout: callTimeout}
	}
	options.HTTPClient = legible(options.HTTPClient)
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Tails == nil {
		options.Tails = &shortTails{}
	}
	options.Edits = or(options.Edits, maxEdits)
	options.Sockets = or(options.Sockets, 2)
	options.Silence = or(options.Silence, 30*time.Second)
	options.Pause = or(options.Pause, 500*time.Millisecond)
	options.Refusal = or(options.Refusal, 5*time.Minute)
	a := &Adapter{
		options: options, ingress: ingress, front: front, edits: newEdits(options.Edits), lost: make(chan struct{}, 1),
		http: options.HTTPClient, log: options.Logger.With("platform", "slack"), now: options.Now,
		render: renderer{words: options.Words, member: options.Member,
			searches: func(action, field string) bool { return bot.Searchable(front, action, field) }},
		client: api.New(options.Token.Reveal(), api.OptionAPIURL(options.APIURL),
			api.OptionHTTPClient(options.HTTPClient), api.OptionAppLevelToken(options.AppToken.Reveal())),
	}
	a.base, a.cancel = context.WithCancel(context.Background())
	return a
}

func or[T int | time.Duration](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return value
}

// Platform is bot.Slack.
func (a *Adapter) Platform() bot.Platform { return bot.Slack }

// Start asks Slack who we are, keeps groups fresh and, with an AppToken, keeps
// the Socket Mode connections. It returns at once; Health says how it goes.
func (a *Adapter) Start(ctx context.Context) error {
	a.spawn(func(run context.Context) { a.introduce(run) })
	a.spawn(func(run context.Context) { a.keepGroups(run) })
	if a.options.AppToken != "" {
		a.startSockets()
	}
	return ctx.Err()
}

// Stop ends every connection and waits for what is under way, at most until the
// context ends. It may be called twice, and without Start.
func (a *Adapter) Stop(ctx context.Context) error {
	a.gate.Lock()
	a.closed = true
	a.gate.Unlock()
	a.cancel()
	done := make(chan struct{})
	go func() {
		a.tasks.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// spawn runs f beside the caller until Stop; after it, nothing runs any more.
func (a *Adapter) spawn(f func(context.Context)) (runs bool) {
	a.gate.Lock()
	defer a.gate.Unlock()
	if !a.closed {
		a.tasks.Go(func() { f(a.base) })
	}
	return !a.closed
}

// after runs what follows an ack, within its budget.
func (a *Adapter) after(out answer) {
	if out.settle != nil {
		time.AfterFunc(marks.Settle, out.settle)
	}
	if out.then == nil {
		return
	}
	a.spawn(func(run context.Context) {
		ctx, cancel := context.WithTimeout(run, afterBudget)
		defer cancel()
		out.then(ctx)
	})
}

// within runs f and waits for it no longer than the budget, even if f does not
// listen to its context.
func within[T any](ctx context.Context, budget time.Duration, f func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, budget)
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		defer cancel()
		value, err := f(ctx)
		done <- outcome{value, err}
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		select { // both may be ready: the answer counts
		case o := <-done:
			return o.value, o.err
		default:
			var none T
			return none, ctx.Err()
		}
	}
}
