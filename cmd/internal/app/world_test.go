package app_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/content/contenttest"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/demo"
	"crieur/commands/drafting"
)

var (
	errDead = errors.New("this process is dead")
	errLost = errors.New("the answer was lost")
)

// blow is what happens at one instant of a run.
type blow string

const (
	none     blow = ""
	kill     blow = "kill"     // the process dies; another one takes over
	mute     blow = "mute"     // the call happened, its answer is lost
	forget   blow = "forget"   // the store loses its last second
	powercut blow = "powercut" // both at once
	deaf     blow = "deaf"     // a reply of Redis is lost on its way
)

// world is one run: what is outside and what is kept outlive every process.
type world struct {
	t        *testing.T
	kept     app.Backend                           // nil when each process has its own connection
	open     func(ctx context.Context) app.Backend // connects a process; nil gives it kept
	crowd    []*brand.Member                       // beside the team of the demo
	clock    *demo.Clock
	chat     *bottest.Fake
	files    contenttest.Files
	mastodon *network // can be asked whether an order arrived
	bluesky  *network // cannot
	model    *model
	pass     func(time.Duration)
	patience time.Duration
	forget   func() // loses the store's last second

	mu      sync.Mutex
	armed   bool // blows fall from here on
	count   int  // of instants so far
	at      int  // the instant of the blow
	blow    blow
	struck  string // the call that it fell on
	pages   int
	unpaged error // how the pager fails; nil: it does not
	lang    string
	forms   map[string]bot.Form // opened so far, by what opens them
	past    past
	process *process
	reborn  sync.WaitGroup // lives that follow a death
	ending  sync.WaitGroup
}

// process is one life of the bot.
type process struct {
	*world
	app    *app.App
	cancel context.CancelFunc
	dead   bool
}

func newWorld(t *testing.T, kept app.Backend, b blow, at int) *world {
	t.Helper()
	return newWorldIn(t, kept, b, at, "fr")
}

func newWorldIn(t *testing.T, kept app.Backend, b blow, at int, lang string) *world {
	t.Helper()
	w := newWorldFrom(t, nil, b, at, lang)
	w.kept = kept
	w.live()
	return w
}

// newWorldFrom is a world without a process.
func newWorldFrom(t *testing.T, open func(context.Context) app.Backend, b blow, at int, lang string) *world {
	t.Helper()
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, open: open, blow: b, at: at, lang: lang, armed: true, forms: map[string]bot.Form{}, mastodon: &network{}, bluesky: &network{}, model: &model{},
		clock: demo.NewClock(time.Date(2026, 11, 26, 10, 15, 0, 0, space.Brands[0].Zone), time.Now)}
	w.chat = bottest.NewFake(w, w, w.clock.Now)
	w.chat.Locale = lang
	return w
}

// live starts a process.
func (w *world) live() {
	space, err := demo.Space()
	if err != nil {
		w.t.Error(err)
		return
	}
	space.Members = append(space.Members, w.crowd...)
	space.Brands[0].Pager, space.Brands[0].Langs, space.Brands[0].CriticalPosts = "https://pager.example", []string{w.lang}, true
	catalog, err := i18n.Load()
	if err != nil {
		w.t.Error(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &process{world: w, cancel: cancel}
	kept := w.kept
	if w.open != nil {
		kept = w.open(ctx)
	}
	p.app, err = app.New(app.Options{
		Space: space, Backend: &gated{kept, p}, Catalog: catalog, Key: []byte("key"), Now: w.clock.Now, Hand: hand{}, Files: &w.files, URL: "https://crieur.example",
		Publishers: map[string]app.Publisher{
			"colibri/mastodon": askable{publisher{p, w.mastodon}}, "colibri/bluesky": publisher{p, w.bluesky}},
		Senders: map[string]outbox.Sender{"page": pager{p}}, Writer: asker{p},
		Settle: 3 * time.Second, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		w.t.Error(err)
		return
	}
	p.app.AddChat(&gatedChat{w.chat, p})
	w.mu.Lock()
	w.process = p
	w.mu.Unlock()
	switch err := p.app.Start(ctx); {
	case errors.Is(err, errLost): // whoever keeps it running starts it again
		cancel()
		w.live()
	case err != nil && !errors.Is(err, errDead):
		w.t.Error(err)
	}
}

// end stops everything, dead or alive. A blow that fell meanwhile would begin a
// life that nobody ends.
func (w *world) end() {
	w.arm(false)
	w.reborn.Wait()
	w.now().app.Stop()
	w.now().cancel()
	w.ending.Wait()
}

func (w *world) now() *process {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.process
}

// call makes a call of a process to the outside or to what is kept, with an
// instant before and one after it at which a blow may fall.
func (p *process) call(name string, do func() error) error {
	if err := p.instant(name+", before", false); err != nil {
		return err
	}
	err := do()
	if blown := p.instant(name+", after", true); blown != nil {
		return blown
	}
	return err
}

func (p *process) instant(name string, made bool) error {
	w := p.world
	w.mu.Lock()
	defer w.mu.Unlock()
	if p.dead {
		return errDead
	}
	if !w.armed || w.blow == none || w.blow == deaf || w.struck != "" || w.blow == mute && !made {
		return nil
	}
	if w.count++; w.count <= w.at {
		return nil
	}
	w.struck = name
	if w.blow == forget || w.blow == powercut {
		w.forget()
	}
	if w.blow == mute || w.blow == forget {
		return errLost
	}
	p.dead = true
	w.reborn.Go(func() {
		p.cancel()
		w.live()
		p.app.Stop()
	})
	return errDead
}

func (p *process) gone() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return errDead
	}
	return nil
}

// gated is what is kept, as one process reaches it.
type gated struct {
	app.Backend
	p *process
}

func (g *gated) Commit(ctx context.Context, c state.Commit) (outcome state.Outcome, err error) {
	g.p.past.committed(c)
	err = g.p.call("commit "+c.Cause, func() (err error) { outcome, err = g.Backend.Commit(ctx, c); return err })
	return outcome, err
}

func (g *gated) Arm(ctx context.Context, e outbox.Effect, owner string, now time.Time) (status outbox.Status, err error) {
	err = g.p.call("arm "+e.Kind, func() (err error) { status, err = g.Backend.Arm(ctx, e, owner, now); return err })
	return status, err
}

func (g *gated) Disarm(ctx context.Context, e outbox.Effect, owner string) error {
	return g.p.call("disarm "+e.Kind, func() error { return g.Backend.Disarm(ctx, e, owner) })
}

func (g *gated) Finish(ctx context.Context, ticket work.Ticket, e outbox.Effect, r outbox.Receipt) error {
	return g.p.call("finish "+e.Kind, func() error { return g.Backend.Finish(ctx, ticket, e, r) })
}

func (g *gated) Get(ctx context.Context, keys ...state.Key) ([]state.Record, error) {
	if err := g.p.gone(); err != nil {
		return nil, err
	}
	return g.Backend.Get(ctx, keys...)
}

func (g *gated) List(ctx context.Context, r state.Range) ([]state.Member, error) {
	if err := g.p.gone(); err != nil {
		return nil, err
	}
	return g.Backend.List(ctx, r)
}

func (g *gated) Lease(ctx context.Context, lane work.Lane, owner string) (bool, error) {
	if err := g.p.gone(); err != nil {
		return false, err
	}
	return g.Backend.Lease(ctx, lane, owner)
}

func (g *gated) Release(ctx context.Context, lane work.Lane, owner string) error {
	if err := g.p.gone(); err != nil {
		return err
	}
	return g.Backend.Release(ctx, lane, owner)
}

func (g *gated) Read(ctx context.Context, lanes []work.Lane, most int, wait time.Duration) ([]work.Entry, error) {
	if err := g.p.gone(); err != nil {
		return nil, err
	}
	return g.Backend.Read(ctx, lanes, most, wait)
}

func (g *gated) Pending(ctx context.Context, lane work.Lane) ([]work.Entry, error) {
	if err := g.p.gone(); err != nil {
		return nil, err
	}
	return g.Backend.Pending(ctx, lane)
}

func (g *gated) MoveDue(ctx context.Context, now time.Time, most int) (int, time.Time, error) {
	if err := g.p.gone(); err != nil {
		return 0, time.Time{}, err
	}
	return g.Backend.MoveDue(ctx, now, most)
}

func (g *gated) Effects(ctx context.Context, ids ...string) ([]outbox.Record, error) {
	if err := g.p.gone(); err != nil {
		return nil, err
	}
	return g.Backend.Effects(ctx, ids...)
}

// gatedChat is the chat application, as one process reaches it.
type gatedChat struct {
	*bottest.Fake
	p *process
}

func (g *gatedChat) Post(ctx context.Context, place board.Place, card bot.Card, how bot.PostOptions) (at board.Place, err error) {
	g.p.past.drew(card)
	err = g.p.call("post", func() (err error) { at, err = g.Fake.Post(ctx, place, card, how); return err })
	return at, err
}

func (g *gatedChat) Edit(ctx context.Context, place board.Place, card bot.Card) error {
	g.p.past.drew(card)
	return g.p.call("edit", func() error { return g.Fake.Edit(ctx, place, card) })
}

func (g *gatedChat) Answer(ctx context.Context, handle bot.Handle, card bot.Card) error {
	g.p.past.drew(card)
	return g.p.call("answer", func() error { return g.Fake.Answer(ctx, handle, card) })
}

func (g *gatedChat) Fetch(ctx context.Context, team string, file bot.Upload, most int64) (data []byte, err error) {
	err = g.p.call("fetch", func() (err error) { data, err = g.Fake.Fetch(ctx, team, file, most); return err })
	return data, err
}

// publisher is a network, as one process reaches it; askable can say whether an
// order arrived.
type publisher struct {
	p  *process
	at *network
}

func (n publisher) Publish(ctx context.Context, order content.Order) (live content.Live, err error) {
	err = n.p.call("publish", func() (err error) { live, err = n.at.Publish(ctx, order); return err })
	return live, err
}

type askable struct{ publisher }

func (n askable) Find(_ context.Context, order content.Order) (content.Live, bool, error) {
	if err := n.p.gone(); err != nil {
		return content.Live{}, false, err
	}
	for _, there := range n.at.all() {
		if there.Key == order.Key {
			return content.Live{Ref: order.Key, URL: "https://example.org/" + order.Key}, true, nil
		}
	}
	return content.Live{}, false, nil
}

// asker is the model, as one process reaches it.
type asker struct{ p *process }

func (a asker) Write(ctx context.Context, b drafting.Brief) (texts map[string]string, err error) {
	err = a.p.call("write", func() (err error) { texts, err = a.p.model.Write(ctx, b); return err })
	return texts, err
}

type pager struct{ p *process }

func (n pager) Send(context.Context, outbox.Effect, outbox.Attempt) (outbox.Receipt, error) {
	return outbox.Receipt{}, n.p.call("page", func() error {
		n.p.mu.Lock()
		defer n.p.mu.Unlock()
		if n.p.unpaged == nil {
			n.p.pages++
		}
		return n.p.unpaged
	})
}

// The chat application talks to whichever process lives.

func (w *world) Accept(ctx context.Context, keys []string, e bot.Event) (bool, error) {
	w.past.did(e)
	return w.now().app.Desk.Accept(ctx, keys, e)
}
func (w *world) Ack(e bot.Event) bot.Ack { return w.now().app.Desk.Ack(e) }
func (w *world) Form(ctx context.Context, e bot.Event) (bot.Form, error) {
	form, err := w.now().app.Desk.Form(ctx, e)
	if err == nil {
		name := e.Action
		if e.Kind == bot.Command {
			name = "/" + e.Command
		}
		w.past.opened(e, form)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.forms[name] = form
	}
	return form, err
}
func (w *world) Check(ctx context.Context, e bot.Event) (map[string]string, error) {
	return w.now().app.Desk.Check(ctx, e)
}
func (w *world) Choices(ctx context.Context, e bot.Event, text string) ([]bot.Choice, error) {
	return w.now().app.Desk.Choices(ctx, e, text)
}
func (w *world) Searches(action, field string) bool { return w.now().app.Desk.Searches(action, field) }
func (w *world) Search(ctx context.Context, e bot.Event, field, text string) (bot.Found, error) {
	return w.now().app.Desk.Search(ctx, e, field, text)
}
func (w *world) Say(e bot.Event, key string) string { return w.now().app.Desk.Say(e, key) }

// until tries until it holds.
func (w *world) until(what string, try func() error) {
	w.t.Helper()
	deadline := time.Now().Add(w.patience)
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			if m, ok := w.kept.(*statetest.Mem); ok {
				for _, e := range m.Sent() {
					if !e.Status.Final() {
						w.t.Logf("effect %s %s %s", e.Effect.ID, e.Effect.Kind, e.Status)
					}
				}
			}
			w.t.Fatalf("%s (blow %q on %q): %v\ncom:\n%s\ncom-alertes:\n%s", what, w.blow, w.struck, err,
				strings.Join(w.chat.Screen("morgan", "com"), "\n--\n"), strings.Join(w.chat.Screen("noa", "com-alertes"), "\n--\n"))
		}
		time.Sleep(200 * time.Millisecond)
	}
}

func (w *world) click(user, channel, label string) {
	w.t.Helper()
	w.until("click "+label, func() error { return w.chat.Click(user, channel, label) })
}

// press clicks as people do: again, until the channel shows what comes of it.
func (w *world) press(user, channel, label, where, words string) {
	w.t.Helper()
	w.until("press "+label, func() error {
		clicked := w.chat.Click(user, channel, label)
		time.Sleep(2 * time.Second)
		if len(w.shown(user, where, words)) > 0 {
			return nil
		}
		return fmt.Errorf("not shown in %s; click: %w", where, clicked)
	})
}

func (w *world) hear(id, network, author, text string) {
	w.t.Helper()
	w.until("hear "+id, func() error {
		return w.now().app.Hear(context.Background(), "colibri", listen.Mention{
			ID: id, Source: "test", Network: network, Author: author, Text: text, Ref: "ref-" + id, At: w.clock.Now()})
	})
}

func (w *world) arm(yes bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed = yes
}

func plain(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

// shown are the messages of a channel that hold the words.
func (w *world) shown(user, channel, words string) (found []string) {
	for _, text := range w.chat.Screen(user, channel) {
		if text = plain(text); strings.Contains(text, words) {
			found = append(found, text)
		}
	}
	return found
}

// onlyMarked says that at most one of several messages does not say that it is a
// repetition.
func (w *world) onlyMarked(messages []string) error {
	unmarked := 0
	for _, text := range messages {
		if !strings.Contains(text, "Message renvoyé") {
			unmarked++
		}
	}
	if unmarked > 1 && w.blow != powercut { // nobody is left who could know
		return fmt.Errorf("%d messages without a mark:\n%s", unmarked, strings.Join(messages, "\n--\n"))
	}
	return nil
}

// atMostOnce says that no order reached a network twice.
func (w *world) atMostOnce() {
	w.t.Helper()
	for name, n := range map[string]*network{"mastodon": w.mastodon, "bluesky": w.bluesky} {
		times := map[string]int{}
		for _, order := range n.all() {
			if times[order.Key]++; times[order.Key] > 1 {
				w.t.Errorf("%s: %s public %d times (blow %q on %q)", name, order.Key, times[order.Key], w.blow, w.struck)
			}
		}
	}
}
