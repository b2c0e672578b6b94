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

func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			archive, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			bottest.Run(t, stage, archive)
		})
	}
}

func stage(t *testing.T) bottest.Scene {
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	clock := demo.NewClock(time.Date(2026, 11, 26, 10, 15, 0, 0, space.Brands[0].Zone), time.Now)
	store := statetest.NewMem()
	mastodon, bluesky := &network{}, &network{}
	a, err := app.New(app.Options{
		Space: space, Backend: store, Catalog: catalog, Key: []byte("key"), Now: clock.Now,
		Publishers: map[string]app.Publisher{"colibri/mastodon": mastodon, "colibri/bluesky": bluesky},
		Hand:       hand{}, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		t.Fatal(err)
	}
	fake := bottest.NewFake(a.Desk, a.Desk, clock.Now)
	a.AddChat(fake)
	if err := a.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	heard := 0
	hear := func(t *testing.T, args string) {
		author, text, _ := strings.Cut(args, " ")
		heard++
		if err := a.Hear(t.Context(), "colibri", listen.Mention{
			ID: fmt.Sprint("m", heard), Source: "test", Network: "Mastodon", Author: author, Text: text, Ref: fmt.Sprint("ref", heard),
			At: clock.Now(),
		}); err != nil {
			t.Fatal(err)
		}
		settle(store)
	}
	published := func(t *testing.T, args string) {
		var all []string
		for _, order := range mastodon.all() {
			all = append(all, strings.Join(order.Part.Posts, " ")+" > "+order.Part.ReplyTo)
		}
		if !strings.Contains(strings.Join(all, "\n"), args) {
			t.Fatalf("not published: %s\n%s", args, strings.Join(all, "\n"))
		}
	}
	return bottest.Scene{
		Surface: fake, Advance: func(d time.Duration) { clock.Move(clock.Now().Add(d)) },
		Extra: map[string]func(*testing.T, string){"hear": hear, "published": published,
			"settle": func(*testing.T, string) { time.Sleep(500 * time.Millisecond); settle(store) }},
	}
}

// settle waits until everything that happened was handled.
func settle(store *statetest.Mem) {
	for deadline := time.Now().Add(5 * time.Second); !store.Idle() && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
}
