// Package app wires everything: the one place that knows every feature and every
// integration. New builds, Start starts, Stop ends in the reverse order. It
// decides nothing.
package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"crieur/bot"
	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/noise"
	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/bot/team"
	"crieur/bot/work"
	"crieur/commands/answers"
	"crieur/commands/calendar"
	"crieur/commands/crisis"
	"crieur/commands/digest"
	"crieur/commands/drafting"
	"crieur/commands/drill"
	"crieur/commands/learning"
	"crieur/commands/mentions"
	"crieur/commands/moderation"
	"crieur/commands/people"
	"crieur/commands/review"
	"crieur/commands/rivals"
	"crieur/commands/settings"
	"crieur/commands/setup"
)

// Backend is what everything is kept in.
type Backend interface {
	state.Store
	work.Queue
	outbox.Store
	bot.Accepter
	audit.Trail
}

// Options are what an App is made of.
type Options struct {
	Space   *brand.Space
	Backend Backend
	// Inbox stores what people do; nil is Backend. A server has its own client
	// for it, since an acknowledgement cannot wait.
	Inbox      bot.Accepter
	Publishers map[string]Publisher // by "<brand>/<account>"
	Prober     Prober
	// Writer proposes other words for drafts; nil: nobody does.
	Writer drafting.Writer
	// Files keeps the pictures of posts; nil: posts have none.
	Files content.Files
	Hand  calendar.Hand
	// URL is the public address under which calendar files and cards are; empty:
	// none.
	URL     string
	Catalog *i18n.Catalog
	// Key signs callback tokens.
	Key []byte
	// Now is the clock of the brand's day; nil is the machine's.
	Now func() time.Time
	// Random is the source of what names this process; nil is the system's.
	Random io.Reader
	// Senders are further kinds of effects: reading sources, paging.
	Senders map[string]outbox.Sender
	// Settle is how long a durable intent takes, see outbox.Options.
	Settle time.Duration
	// Gate says when people rest; nil is their hours. Pace is the least time
	// between two sends to one place; nil is what chat applications ask for.
	Gate outbox.Gate
	Pace func(outbox.Effect) time.Duration
	// AuditKey signs the chain of the trail; nil leaves it unsigned.
	AuditKey *audit.Key
	// Machine looks at what runs, for the status; nil says nothing of it.
	Machine settings.Machine
	Log     *slog.Logger
}

// App is the bot, whole. The engines are there for whoever looks from outside:
// the demo's guide, the replay's summary.
type App struct {
	Desk     *bot.Desk
	Mux      *bot.Mux
	Drafts   *drafting.Engine
	Requests *review.Engine
	Posts    *calendar.Engine
	Heard    *mentions.Engine
	Watched  *rivals.Engine
	Team     *team.Directory

	options   Options
	chats     map[bot.Platform]bot.Chat
	briefs    *digest.Engine
	setting   *setup.Engine
	library   *learning.Library
	moderated *moderation.Engine
	crises    *crisis.Engine
	learnt    *learning.Engine
	drills    *drill.Engine
	runner    *work.Runner
	relay     *outbox.Relay
	sealer    *audit.Sealer

	mu     sync.Mutex
	cancel context.CancelFunc
	loops  sync.WaitGroup
}

// New builds everything. Chats are added before Start, since they need the desk.
func New(o Options) (*App, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	directory := team.New(o.Space, o.Backend)
	o.Backend = current{o.Backend, directory}
	if o.Pace == nil {
		o.Pace = pace
	}
	if o.Inbox == nil {
		o.Inbox = o.Backend
	}
	a := &App{options: o, Team: directory, Mux: bot.NewMux(o.Catalog), chats: map[bot.Platform]bot.Chat{}}
	tokens := bot.Tokens{Key: o.Key, Space: o.Space.ID}
	a.Desk = &bot.Desk{
		Mux: a.Mux, Space: directory, Catalog: o.Catalog, Store: o.Backend, Inbox: o.Inbox,
		Tokens: tokens, Now: o.Now, Log: o.Log, Topics: map[string]state.Handler{}, Rates: rates(),
		Noise: &noise.Budget{Space: directory, NewToken: tokens.New, Kept: daily}, URL: o.URL,
	}
	if err := a.features(tokens); err != nil {
		return nil, err
	}
	if o.Gate == nil {
		o.Gate = &rest{space: directory, onDuty: a.onDuty}
	}
	owner := ownerID(o.Random)
	a.runner = &work.Runner{Queue: o.Backend, Owner: owner, Handle: a.Desk.Handle, Now: o.Now, Log: o.Log}
	a.relay = outbox.NewRelay(outbox.Options{
		Store: o.Backend, Queue: o.Backend, Owner: owner, Now: o.Now, Log: o.Log, Settle: o.Settle,
		Senders: a.senders(), Gate: o.Gate, Pace: o.Pace, Brake: &brake{o.Backend, a.Posts, a.Heard, o.Now},
	})
	a.Desk.Self, a.Desk.Alone = owner, func() bool { return a.runner.Alone() && a.relay.Alone() }
	a.sealer = sealerOf(directory, o.Backend, o.AuditKey, owner, o.Log)
	return a, nil
}

// features makes every engine, gives each the others that it asks for, and
// registers what people can do.
func (a *App) features(tokens bot.Tokens) error {
	checks, err := drafting.NewChecks()
	if err != nil {
		return fmt.Errorf("build app: %w", err)
	}
	posts := &calendar.Engine{Space: a.Team, Hand: a.options.Hand, NewToken: tokens.New}
	requests := &review.Engine{Space: a.Team, Calendar: posts, Hands: posts, NewToken: tokens.New, URL: a.options.URL}
	posts.Card = requests
	drafts := &drafting.Engine{Approvals: requests, Links: drafting.Probes{}, Checks: checks, Space: a.Team, Words: a.options.Writer != nil}
	requests.Drafts = drafts
	posts.Drafts = planning{drafts}

	judge, err := mentions.NewJudge(a.options.Space)
	if err != nil {
		return fmt.Errorf("build app: %w", err)
	}
	a.library = &learning.Library{Shipped: judge.Shipped()}
	learnt := &learning.Engine{Space: a.Team, Library: a.library, NewToken: tokens.New}
	heard := &mentions.Engine{Space: a.Team, Judge: judge, Models: a.library, Teacher: learnt, NewToken: tokens.New, Hold: posts, Duty: posts}
	posts.Calls = answering{}
	learnt.Heard, learnt.Themes, a.learnt = heard, judge, learnt

	ready := &answers.Engine{Space: a.Team, Themes: judge}
	watched := &rivals.Engine{Space: a.Team, Ideas: ideas{drafts}, Ours: posts}
	a.briefs = &digest.Engine{
		Space: a.Team, NewToken: tokens.New, Sections: sections(heard, requests, posts, watched, learnt, ready)}

	drafts.Earlier = earlier{posts, watched}
	a.Drafts, a.Requests, a.Posts, a.Heard, a.Watched = drafts, requests, posts, heard, watched

	a.moderated = &moderation.Engine{Space: a.Team, NewToken: tokens.New}
	moderate := &moderation.Chat{Engine: a.moderated, Judge: heard}
	calm, sheets := a.calm(tokens, judge), &answers.Chat{Engine: ready, Usage: heard, Proof: checks}
	plan := &calendar.Chat{Engine: posts, Agenda: a.options.URL, Decisions: requests}
	answer := &mentions.Chat{Engine: heard, Moderation: moderate, Alarm: calm, Sheets: sheets}
	write, decide := &drafting.Chat{Engine: drafts}, &review.Chat{Engine: requests, Outcomes: outcomes{posts}, Presence: plan, Calls: plan}
	write.Register(a.Mux)
	decide.Register(a.Mux)
	plan.Register(a.Mux)
	answer.Register(a.Mux)
	moderate.Register(a.Mux)
	calm.Register(a.Mux)
	sheets.Register(a.Mux)
	(&rivals.Chat{Engine: watched}).Register(a.Mux)
	(&digest.Chat{Engine: a.briefs}).Register(a.Mux)
	(&learning.Chat{Engine: learnt}).Register(a.Mux)
	persons := &people.Chat{Engine: &people.Engine{Space: a.Team, Briefs: a.briefs, Duties: posts}, Outsiders: answer,
		Waits: []people.Waits{decide.Waits, answer.Waits}}
	persons.Register(a.Mux)
	a.setting = &setup.Engine{Space: a.Team, Past: heard, Opener: opening{a.briefs, learnt, posts, requests}, NewToken: tokens.New}
	(&setup.Chat{Engine: a.setting}).Register(a.Mux)
	(&settings.Chat{
		Home:   []bot.Glancer{calm.Home, answer.Home, sheets.Home, moderate.Home, decide.Home, write.Home, plan.Home, persons.Home, health},
		Status: []bot.Glancer{plan.Status, write.Status, a.drilling(tokens).Status}, Machine: a.options.Machine,
	}).Register(a.Mux)
	noise.Register(a.Mux)
	a.subscribe()
	return nil
}

// subscribe gives the engines what comes without a person: due times, receipts,
// what was heard.
func (a *App) subscribe() {
	topics := a.Desk.Topics
	topics[outbox.ReceiptTopic(drafting.Topic)] = a.Drafts.Tried
	topics[outbox.ReceiptTopic(drafting.FileTopic)] = a.Drafts.Arrived
	topics[outbox.ReceiptTopic(drafting.WordsTopic)] = a.Drafts.Worded
	topics["due:"+review.Topic], topics["due:"+review.EveTopic] = a.Requests.Due, a.Requests.EveDue
	topics["due:"+calendar.Topic] = a.Posts.Due
	topics[outbox.ReceiptTopic(calendar.Topic)] = a.Posts.Receipt
	topics["due:"+calendar.StatementTopic] = a.Posts.Stated
	topics["due:"+calendar.CallTopic] = a.Posts.Unseen
	topics[mentions.HearTopic] = a.hear
	topics["due:"+board.GrowTopic] = board.Grown
	topics["due:"+board.AgainTopic] = board.DrawnAgain
	topics["due:"+mentions.PageTopic] = a.Heard.Unseen
	topics["due:"+mentions.RemindTopic] = a.Heard.Remind
	topics["due:"+mentions.ReplyTopic] = a.Heard.ReplyDue
	topics[outbox.ReceiptTopic(mentions.ReplyTopic)] = a.Heard.ReplyReceipt
	topics["due:"+crisis.Topic] = a.crises.Due
	topics["due:"+moderation.Topic] = a.moderated.Due
	topics[outbox.ReceiptTopic(moderation.FileTopic)] = a.moderated.Arrived
	topics[rivals.Topic] = a.Watched.Observe
	topics["due:"+rivals.Topic] = a.Watched.Observed
	topics["due:"+poll.Topic] = poll.Due
	topics[outbox.ReceiptTopic(poll.Topic)] = poll.Receipt(a.Watched.Polled)
	topics[outbox.ReceiptTopic(setup.LookTopic)] = a.setting.Looked
	topics["due:"+learning.Topic] = a.learnt.Due
	topics["due:"+learning.FindTopic] = a.learnt.Find
	topics[outbox.ReceiptTopic(learning.Topic)] = a.learnt.Learnt
	topics["due:"+digest.Topic] = a.briefs.Due
	topics["due:"+digest.OwnTopic] = a.briefs.OwnDue
	topics["due:"+digest.HandoverTopic] = a.briefs.Handover
	topics[outbox.ReceiptTopic(digest.QuietTopic)] = a.briefs.Answered
}

// senders are the outside, by kind of effect.
func (a *App) senders() map[string]outbox.Sender {
	o := a.options
	senders := map[string]outbox.Sender{
		"card": &bot.Poster{
			Mux: a.Mux, Store: o.Backend, Space: a.Team, Catalog: o.Catalog, Chats: a.chats, Now: o.Now},
		bot.AnswerKind:       &bot.Answerer{Chats: a.chats, Box: a.Desk.Tokens.Box(), Now: o.Now},
		calendar.PublishKind: &publishing{publishers: o.Publishers},
		drafting.ProbeKind:   &probing{prober: o.Prober},
		drafting.FileKind:    &receiving{chats: a.chats, files: o.Files},
		setup.LookKind:       &looking{chats: a.chats, log: o.Log},
		learning.Kind:        &learning.Trainer{Store: o.Backend, Space: a.Team, Library: a.library, Now: o.Now},
		digest.QuietKind:     &asking{chats: a.chats},
	}
	if o.Writer != nil {
		senders[drafting.WordsKind] = &drafting.Scribe{Writer: o.Writer, Store: o.Backend, Space: a.Team, Now: o.Now}
	}
	maps.Copy(senders, o.Senders)
	return senders
}

// rates lets a person in a hurry do as they like, and slows a stuck key down.
func rates() *bot.Rates { return &bot.Rates{Burst: 120, Every: 500 * time.Millisecond} }

// pace keeps messages to a channel under one a second on Slack, which hides
// faster ones without an error. It counts from Slack's answer, so that Slack sees
// no less between two of them. What changes a card, or takes the place of
// "Working…", is no message.
func pace(e outbox.Effect) time.Duration {
	if strings.HasPrefix(e.Destination, "slack:") && (board.Hangs(e) || bot.AnswersByMessage(e)) {
		return 1020 * time.Millisecond
	}
	return 0
}

// AddChat adds a chat application. It must be called before Start.
func (a *App) AddChat(chat bot.Chat) { a.chats[chat.Platform()] = chat }

// Files are the pictures of posts, for the chat applications that show them.
func (a *App) Files() content.Files { return a.options.Files }

// Start starts handling and sending, once what comes by itself is on the clock.
func (a *App) Start(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cancel != nil {
		return nil
	}
	if err := a.Team.Refresh(ctx); err != nil {
		return fmt.Errorf("start app: %w", err)
	}
	now := a.options.Now()
	_, err := state.Do(ctx, a.options.Backend, "arm:"+strconv.FormatInt(now.UnixNano(), 10), now, nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) { return nil, a.arm(ctx, tx) })
	if err != nil {
		return fmt.Errorf("start app: %w", err)
	}
	ctx, a.cancel = context.WithCancel(ctx)
	a.loops.Go(func() { a.relay.Run(ctx) })
	a.loops.Go(func() { a.runner.Run(ctx) })
	a.loops.Go(func() { a.sealer.Run(ctx) })
	return nil
}

// Hear accepts a mention that a source brought; it returns once it is stored. A
// mention that was heard before changes nothing.
func (a *App) Hear(ctx context.Context, brand string, mention listen.Mention) error {
	item, err := mentions.Item(mentions.Heard{Brand: brand, Mention: mention})
	if err != nil {
		return err
	}
	_, err = a.options.Backend.Accept(ctx, []string{item.ID}, item)
	return err
}

// hear handles a mention: it is the brand's if its rules say so, and a
// competitor's if it speaks of one.
func (a *App) hear(ctx context.Context, tx *state.Tx, item work.Item) error {
	heard, err := mentions.Said(item)
	if err != nil {
		return err
	}
	if err := a.Heard.Hear(ctx, tx, heard); err != nil {
		return err
	}
	return a.Watched.Overhear(ctx, tx, a.Team.Now().Brand(heard.Brand), heard.Mention)
}

// Stop ends what runs and gives its lanes back. It may be called twice.
func (a *App) Stop() {
	a.mu.Lock()
	cancel := a.cancel
	a.cancel = nil
	a.mu.Unlock()
	if cancel != nil {
		cancel()
		a.loops.Wait()
	}
}

func ownerID(random io.Reader) string {
	raw := make([]byte, 16)
	if _, err := io.ReadFull(random, raw); err != nil {
		panic("random source: " + err.Error())
	}
	return hex.EncodeToString(raw)
}

// outcomes shows the calendar's publications on the review's card.
type outcomes struct{ posts *calendar.Engine }

// Of implements review.Outcomes.
func (o outcomes) Of(ctx context.Context, tx *state.Tx, request string) ([]review.Outcome, error) {
	publications, err := o.posts.Of(ctx, tx, request)
	if err != nil {
		return nil, err
	}
	shown := make([]review.Outcome, 0, len(publications))
	for _, p := range publications {
		if p.Void() { // what replaced it is shown
			continue
		}
		at := p.At
		if !p.SentAt.IsZero() {
			at = p.SentAt
		}
		shown = append(shown, review.Outcome{
			ID: p.ID, Account: p.Part.Account, Status: string(p.Status), At: at,
			URL: p.Live.URL, Reason: p.Reason, Args: p.Args,
		})
	}
	return shown, nil
}
