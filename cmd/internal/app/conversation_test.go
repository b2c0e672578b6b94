package app_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
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
	"crieur/bot/poll"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/demo"
	"crieur/commands/drafting"
)

// network is a network that takes everything, once for each key.
type network struct {
	mu    sync.Mutex
	posts []content.Order
	fails error // of every call from here on
}

func (n *network) fail(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fails = err
}

func (n *network) all() []content.Order {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.posts)
}

func (n *network) Publish(_ context.Context, order content.Order) (content.Live, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.fails != nil {
		return content.Live{}, n.fails
	}
	n.posts = append(n.posts, order)
	return content.Live{Ref: order.Key, URL: "https://example.org/" + order.Key}, nil
}

// model proposes the same text for every account, but for one that gets none and
// one that gets too long a text.
type model struct {
	mu    sync.Mutex
	text  string // "": a usual one
	fails error  // of every call from here on
	calls int
}

func (m *model) Write(_ context.Context, b drafting.Brief) (map[string]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	if m.fails != nil {
		return nil, m.fails
	}
	texts := map[string]string{}
	for _, o := range b.Originals {
		switch o.Account {
		case "instagram":
		case "x":
			texts[o.Account] = strings.Repeat("Thé de Noël. ", 40)
		default:
			texts[o.Account] = cmp.Or(m.text, map[string]string{"fr": "Le thé de Noël revient, avec 20 % de plus.", "en": "The Christmas tea returns, with 20% more."}[b.Lang])
		}
	}
	return texts, nil
}

// set is how it fails from here on, and what it says else.
func (m *model) set(text string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.text, m.fails = text, err
}

func (m *model) asked() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls
}

type hand struct{}

func (hand) Steps(string) []string { return nil }
func (hand) CheckLink(_, address string) error {
	if len(address) < 8 || address[:8] != "https://" {
		return fmt.Errorf("not https")
	}
	return nil
}

// stand is a chat application with the app behind it.
type stand struct {
	screen bottest.Surface
	app    *app.App
	chat   bot.Chat
	// expire ends the handles of all interactions so far; nil where the clock of
	// the day does that.
	expire func()
}

// surface brings a chat application up, with the app behind it.
type surface = func(t *testing.T, space *brand.Space, build func() *app.App) stand

// surfaces are the chat applications on which every conversation must pass.
var surfaces = map[string]surface{
	"fake": onFake, "console": onConsole, "slack": onSlack, "discord": onDiscord,
}

// TestConversations plays every script on every surface, through the same
// handlers.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	feeds := badFeeds(t)
	for name, surface := range surfaces {
		for _, file := range files {
			t.Run(name+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				t.Parallel()
				archive, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				archive = bytes.ReplaceAll(archive, []byte("{feeds}"), []byte(feeds.URL))
				bottest.Run(t, func(t *testing.T) bottest.Scene { return stage(t, surface) }, archive)
			})
		}
	}
}

func onFake(t *testing.T, _ *brand.Space, build func() *app.App) stand {
	a := build()
	fake := bottest.NewFake(a.Desk, a.Desk, a.Desk.Now)
	fake.Menu = menuIn(t, a.Mux, "fr")
	a.AddChat(fake)
	return stand{screen: fake, app: a, chat: fake}
}

// menuIn is the menu of a message: the action of every entry, by its label.
func menuIn(t *testing.T, mux *bot.Mux, lang string) map[string]string {
	entries := map[string]string{}
	for _, route := range mux.Shortcuts() {
		if route.OnMessage {
			entries[catalog(t).For(lang, nil).T(route.Key)] = route.Name
		}
	}
	return entries
}

func catalog(t *testing.T) *i18n.Catalog {
	loaded, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// play is what a script acts upon beside the chat.
type play struct {
	app      *app.App
	store    *statetest.Mem
	clock    *demo.Clock
	mastodon *network
	model    *model
	files    contenttest.Files
	heard    int
}

func stage(t *testing.T, on surface, lived ...func(brand.Space) *brand.Space) bottest.Scene {
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	space.Brands[0].CriticalPosts = true
	w := &play{
		store: statetest.NewMem(), mastodon: &network{}, model: &model{},
		clock: demo.NewClock(time.Date(2026, 11, 26, 10, 15, 0, 0, space.Brands[0].Zone), time.Now),
	}
	kept := &away{Mem: w.store}
	at := on(t, space, func() *app.App {
		for _, change := range lived { // what is outside is as for the whole space
			space = change(*space)
		}
		a, err := app.New(app.Options{
			Space: space, Backend: kept, Catalog: catalog(t), Key: []byte("key"), Now: w.clock.Now,
			Publishers: map[string]app.Publisher{"colibri/mastodon": w.mastodon, "colibri/bluesky": &network{}},
			Senders:    map[string]outbox.Sender{poll.Kind: app.Watching(kept, w.clock.Now, nil)},
			Files:      &w.files, Writer: w.model, Hand: hand{}, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		})
		if err != nil {
			t.Fatal(err)
		}
		return a
	})
	w.app = at.app
	if err := at.app.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(at.app.Stop)
	return bottest.Scene{
		Surface: at.screen, Patience: 90 * time.Second,
		// What is under way ends first: a card drawn after the leap would show
		// the state of then, and the script the button of before.
		Advance: func(d time.Duration) { w.settle(); w.clock.Move(w.clock.Now().Add(d)) },
		Extra: map[string]func(*testing.T, string){
			"hear": w.hear, "hearon": w.hearOn, "published": w.published, "unpublished": w.unpublished, "illustrated": w.illustrated,
			"foreign": func(t *testing.T, label string) { at.offer(t, space.Brands[0].Approvals[0], "elsewhere", label) },
			"ancient": func(t *testing.T, label string) { at.offer(t, space.Brands[0].Approvals[0], space.ID, label) },
			"settle":  func(*testing.T, string) { w.settle() },
			"model":   w.answers,
			"away":    kept.leave, "back": kept.back, "mastodon": w.mastodon.mend,
			"expire": func(*testing.T, string) {
				w.clock.Move(w.clock.Now().Add(31 * time.Minute))
				if at.expire != nil {
					at.expire()
				}
			},
		},
	}
}

// answers is how the model answers from here on: "away", or with a text.
func (w *play) answers(_ *testing.T, how string) {
	if how == "away" {
		w.model.set("", &outbox.Error{Fault: outbox.Denied})
		return
	}
	w.model.set(how, nil)
}

// hear is a mention: its author, then its words.
func (w *play) hear(t *testing.T, args string) { w.hearOn(t, "Mastodon "+args) }

// hearOn is a mention on another network, which comes first.
func (w *play) hearOn(t *testing.T, args string) {
	network, said, _ := strings.Cut(args, " ")
	author, text, _ := strings.Cut(said, " ")
	w.heard++
	if err := w.app.Hear(t.Context(), "colibri", listen.Mention{
		ID: fmt.Sprint("m", w.heard), Source: "test", Network: network, Author: author, Text: text,
		Ref: fmt.Sprint("ref", w.heard), At: w.clock.Now(),
	}); err != nil {
		t.Fatal(err)
	}
	w.settle()
}

// published says that the words are on the network, now or soon: "text > what
// it answers".
func (w *play) published(t *testing.T, args string) {
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var all []string
		for _, order := range w.mastodon.all() {
			all = append(all, strings.Join(order.Part.Posts, " ")+" > "+order.Part.ReplyTo)
		}
		if strings.Contains(strings.Join(all, "\n"), args) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not published: %s\n%s", args, strings.Join(all, "\n"))
		}
	}
}

// illustrated says that the last post on the network has these pictures, each
// with its description: "a cup, a red tin".
func (w *play) illustrated(t *testing.T, descriptions string) {
	all := w.mastodon.all()
	if len(all) == 0 {
		t.Fatal("nothing is published")
	}
	var said []string
	for _, m := range all[len(all)-1].Part.Media {
		file, err := w.files.Open(t.Context(), m.Digest)
		if err != nil {
			t.Fatal(err)
		}
		file.Close()
		said = append(said, m.Alt)
	}
	if got := strings.Join(said, ", "); got != descriptions {
		t.Fatalf("published with %q", got)
	}
}

// unpublished says that no post on the network has the words.
func (w *play) unpublished(t *testing.T, words string) {
	for _, order := range w.mastodon.all() {
		if text := strings.Join(order.Part.Posts, " "); strings.Contains(text, words) {
			t.Fatalf("published: %s", text)
		}
	}
}

// offer hangs a card whose buttons have nothing behind them: its token was made
// for a space, but nothing there knows it.
func (s stand) offer(t *testing.T, at board.Place, space, label string) {
	tokens := bot.Tokens{Key: []byte("key"), Space: space}
	card := bot.Card{Token: tokens.New(state.Begin(statetest.NewMem(), "offer-"+label, time.Now())), Title: bot.Say("Une vieille carte"),
		Buttons: []bot.Button{{Action: "review.approve", Arg: "n1", Label: label}, {Action: "review.changes", Label: label + "…"}}}
	if _, err := s.chat.Post(t.Context(), at, card, bot.PostOptions{Nonce: "offer-" + label}); err != nil {
		t.Fatal(err)
	}
}

// settle waits until everything that happened was handled, but for what rests
// until morning.
func (w *play) settle() {
	for deadline := time.Now().Add(30 * time.Second); !w.store.Settled(w.clock.Now()) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
}
