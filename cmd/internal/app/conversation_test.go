package app_test

import (
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

	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state/statetest"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/demo"
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

type hand struct{}

func (hand) Steps(string) []string { return nil }
func (hand) CheckLink(_, address string) error {
	if len(address) < 8 || address[:8] != "https://" {
		return fmt.Errorf("not https")
	}
	return nil
}

// surfaces are the chat applications on which every conversation must pass.
var surfaces = map[string]func(*testing.T, *brand.Space, func() *app.App) (bottest.Surface, *app.App){
	"fake": onFake, "slack": onSlack, "discord": onDiscord,
}

// TestConversations plays every script on every surface, through the same
// handlers.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for name, surface := range surfaces {
		for _, file := range files {
			t.Run(name+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				t.Parallel()
				archive, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				bottest.Run(t, func(t *testing.T) bottest.Scene { return stage(t, surface) }, archive)
			})
		}
	}
}

func onFake(_ *testing.T, _ *brand.Space, build func() *app.App) (bottest.Surface, *app.App) {
	a := build()
	fake := bottest.NewFake(a.Desk, a.Desk, a.Desk.Now)
	a.AddChat(fake)
	return fake, a
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
	heard    int
}

func stage(t *testing.T, surface func(*testing.T, *brand.Space, func() *app.App) (bottest.Surface, *app.App)) bottest.Scene {
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	w := &play{
		store: statetest.NewMem(), mastodon: &network{},
		clock: demo.NewClock(time.Date(2026, 11, 26, 10, 15, 0, 0, space.Brands[0].Zone), time.Now),
	}
	screen, built := surface(t, space, func() *app.App {
		a, err := app.New(app.Options{
			Space: space, Backend: w.store, Catalog: catalog(t), Key: []byte("key"), Now: w.clock.Now,
			Publishers: map[string]app.Publisher{"colibri/mastodon": w.mastodon, "colibri/bluesky": &network{}},
			Hand:       hand{}, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		})
		if err != nil {
			t.Fatal(err)
		}
		return a
	})
	w.app = built
	if err := built.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(built.Stop)
	return bottest.Scene{
		Surface: screen, Patience: 20 * time.Second,
		Advance: func(d time.Duration) { w.clock.Move(w.clock.Now().Add(d)) },
		Extra: map[string]func(*testing.T, string){
			"hear": w.hear, "published": w.published,
			"settle": func(*testing.T, string) { time.Sleep(500 * time.Millisecond); settle(w.store) },
		},
	}
}

// hear is a mention: its author, then its words.
func (w *play) hear(t *testing.T, args string) {
	author, text, _ := strings.Cut(args, " ")
	w.heard++
	if err := w.app.Hear(t.Context(), "colibri", listen.Mention{
		ID: fmt.Sprint("m", w.heard), Source: "test", Network: "Mastodon", Author: author, Text: text,
		Ref: fmt.Sprint("ref", w.heard), At: w.clock.Now(),
	}); err != nil {
		t.Fatal(err)
	}
	settle(w.store)
}

// published says that the words are on the network: "text > what it answers".
func (w *play) published(t *testing.T, args string) {
	var all []string
	for _, order := range w.mastodon.all() {
		all = append(all, strings.Join(order.Part.Posts, " ")+" > "+order.Part.ReplyTo)
	}
	if !strings.Contains(strings.Join(all, "\n"), args) {
		t.Fatalf("not published: %s\n%s", args, strings.Join(all, "\n"))
	}
}

// settle waits until everything that happened was handled.
func settle(store *statetest.Mem) {
	for deadline := time.Now().Add(5 * time.Second); !store.Idle() && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
}
