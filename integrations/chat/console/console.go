package console

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"sync"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/content"
	"crieur/bot/i18n"
	"crieur/bot/work"
)

// Options are what a workspace is made of. People and Catalog are required.
type Options struct {
	// Team is the Team of events and places.
	Team string
	// Brand is whose workspace it is, as shown at the top.
	Brand  string
	People []Person
	// Channels are in the order of the sidebar. Everybody also has a
	// conversation with Crieur, whose channel is "@" and their ID.
	Channels []Channel
	// Commands are offered by completion, in this order.
	Commands []Command
	// Shortcuts are offered on messages that people wrote.
	Shortcuts []Shortcut
	Catalog   *i18n.Catalog
	// Zone is where the workspace's clock is; nil is UTC.
	Zone *time.Location
	// Now is the clock of the demo; nil is the real one.
	Now    func() time.Time
	Logger *slog.Logger
	// Random makes the secrets of handles; nil is the system's.
	Random io.Reader
	// Hosts are further values of the Host header to answer to ("demo.lan:8080").
	// Loopback names are always served.
	Hosts []string
	// Pictures are origins ("http://127.0.0.1:9000") that cards may show
	// pictures from, besides this workspace's own.
	Pictures []string
	// Files keeps the pictures of cards and posts; nil shows none of them.
	Files content.Files
	// OnLook, if set, hears of a page that turned to a pane: a channel's ID,
	// Direct or Outside. It is called without any lock of the console.
	OnLook func(person, pane string)
	// Fleeting says that nothing outlives the process; people are told.
	Fleeting bool
	// OnLanguage, if set, hears of a person who changed language.
	OnLanguage func(person, lang string)
}

// Person is somebody of the workspace, whom the viewer can be.
type Person struct {
	ID   string
	Name string
	// Title is what they do, by language: "community manager".
	Title map[string]string
	Lang  string // "fr" or "en"
	// Member is their ID in mentions of cards; empty is ID.
	Member string
	// Groups go into events.
	Groups []string
}

// Channel is a conversation of several people.
type Channel struct {
	ID    string
	Name  string // without "#"
	About map[string]string
	// Members are the IDs of those who see it; empty is everybody.
	Members []string
	// Hidden keeps it out of sight until Reveal.
	Hidden bool
}

// Command is a slash command as people see it.
type Command struct {
	Name  string            // registered name: "draft"
	Names map[string]string // by language, without the slash
	About map[string]string // what it does, by language
	// Hint shows the argument: "texte ?", by language.
	Hint map[string]string
}

// Shortcut is an action on a message.
type Shortcut struct {
	Action string
	Label  map[string]string
}

// Outside is the ID of the pane that shows what left; Direct is the ID, in
// addresses and for Reveal, of everybody's conversation with Crieur.
const (
	Outside = "outside"
	Direct  = "crieur"
)

// Console is the workspace. It is safe for concurrent use.
type Console struct {
	opts    Options
	ingress bot.Ingress
	front   bot.Front
	room    *room
	pages   *template.Template
	log     *slog.Logger

	mu      sync.Mutex
	tour    Tour
	stop    context.CancelFunc
	running context.Context
	done    sync.WaitGroup
}

// Channels implements bot.Lister.
func (c *Console) Channels(context.Context) ([]bot.Channel, error) {
	var all []bot.Channel
	for _, channel := range c.opts.Channels {
		place := board.Place{Platform: string(bot.Console), Team: c.opts.Team, Channel: channel.ID}
		all = append(all, bot.Channel{Place: place, Name: channel.Name})
	}
	return all, nil
}

// New makes a workspace. Nothing runs before Start.
func New(opts Options, ingress bot.Ingress, front bot.Front) (*Console, error) {
	if len(opts.People) == 0 || opts.Catalog == nil {
		return nil, errors.New("make console: people and catalog are needed")
	}
	if opts.Zone == nil {
		opts.Zone = time.UTC
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Random == nil {
		opts.Random = rand.Reader
	}
	c := &Console{opts: opts, ingress: ingress, front: front, log: opts.Logger}
	pages, err := parsePages(front)
	if err != nil {
		return nil, err
	}
	c.pages = pages
	c.room = newRoom(opts, c.secret())
	return c, nil
}

// Guide puts a tour on the stage; nil takes it off.
func (c *Console) Guide(tour Tour) {
	c.mu.Lock()
	c.tour = tour
	c.mu.Unlock()
	c.room.wakeAll()
}

// Start lets pages connect, until Stop or the end of ctx.
func (c *Console) Start(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop != nil {
		return errors.New("start console: it runs already")
	}
	c.running, c.stop = context.WithCancel(ctx)
	running := c.running
	c.done.Go(func() { c.tick(running) })
	return nil
}

// Stop closes every connection and waits for them to end. It may be called
// twice.
func (c *Console) Stop() {
	c.mu.Lock()
	stop := c.stop
	c.stop = nil
	c.mu.Unlock()
	if stop != nil {
		stop()
	}
	c.done.Wait()
}

// tick redraws the clock of every page when its minute changes.
func (c *Console) tick(ctx context.Context) {
	shown := c.opts.Now().Truncate(time.Minute)
	work.Every(ctx, time.Second, func() {
		if now := c.opts.Now().Truncate(time.Minute); !now.Equal(shown) {
			shown = now
			c.room.wakeAll()
		}
	})
}

// enter counts a connection in; ok is false when the console does not run.
func (c *Console) enter() (ctx context.Context, leave func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop == nil {
		return nil, nil, false
	}
	c.done.Add(1)
	return c.running, c.done.Done, true
}

// Platform is bot.Console.
func (c *Console) Platform() bot.Platform { return bot.Console }

// Reveal brings a pane into the sidebar: a channel's ID, Direct or Outside.
func (c *Console) Reveal(panes ...string) { c.room.reveal(panes...) }

// RevealAll brings every pane into the sidebar.
func (c *Console) RevealAll() { c.room.reveal(c.room.allPanes()...) }

// Changed redraws what the tour says, and the clock.
func (c *Console) Changed() { c.room.wakeAll() }

// Reset forgets every message, and who has read what, and hides what was
// hidden at first. Open pages load anew. Languages stay.
func (c *Console) Reset() { c.room.reset(c.secret()) }

// Language returns the language that a person reads.
func (c *Console) Language(person string) string { return c.room.language(person) }

// Speak makes a person read a language from now on, as choosing it does.
func (c *Console) Speak(person, lang string) { c.room.speak(person, lang) }

// Rings returns every message that rang, oldest first, one entry for each
// person whom it would have reached.
func (c *Console) Rings() []Ring { return c.room.allRings() }

// Ring is one notification that a message would have been.
type Ring struct {
	At      time.Time
	Person  string
	Channel string
	Message string
}

func (c *Console) secret() string {
	raw := make([]byte, 12)
	if _, err := io.ReadFull(c.opts.Random, raw); err != nil {
		panic("random source: " + err.Error()) // a source that fails is a mistake of the program
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func (c *Console) person(id string) (Person, bool) {
	for _, p := range c.opts.People {
		if p.ID == id {
			return p, true
		}
	}
	return Person{}, false
}

func (c *Console) printer(lang string) *i18n.Printer {
	return c.opts.Catalog.For(lang, c.opts.Zone)
}
