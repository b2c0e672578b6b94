package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"crieur/bot/bottest"
	"crieur/bot/content"
	"crieur/bot/i18n"
	"crieur/bot/state/statetest"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/demo"
)

// network is a network that takes everything, once for each key.
type network struct {
	mu    sync.Mutex
	posts []content.Order
}

func (n *network) Publish(_ context.Context, order content.Order) (content.Live, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
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
			scene := stage(t)
			bottest.Run(t, scene, archive)
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
	mastodon, bluesky := &network{}, &network{}
	a, err := app.New(app.Options{
		Space: space, Backend: statetest.NewMem(), Catalog: catalog, Key: []byte("key"), Now: clock.Now,
		Publishers: map[string]app.Publisher{"colibri/mastodon": mastodon, "colibri/bluesky": bluesky},
		Hand:       hand{}, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		t.Fatal(err)
	}
	fake := bottest.NewFake(a.Desk, a.Desk, clock.Now)
	a.AddChat(fake)
	a.Start(context.Background())
	t.Cleanup(a.Stop)
	return bottest.Scene{Surface: fake, Advance: func(d time.Duration) { clock.Move(clock.Now().Add(d)) }}
}
