package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/secret"
	"crieur/bot/state/statetest"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/demo"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/discord/discordfake"
)

// The same scripts, with every act as an interaction of a strict Discord.
func TestConversationsOnDiscord(t *testing.T) {
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
			bottest.Run(t, discordStage, archive)
		})
	}
}

func discordStage(t *testing.T) bottest.Scene {
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	clock := demo.NewClock(time.Date(2026, 11, 26, 10, 15, 0, 0, space.Brands[0].Zone), time.Now)
	fake := discordfake.Start(t, discordfake.Options{IdentifyEvery: -1, Now: clock.Now, Unlimited: true})
	move := func(places []board.Place) {
		for i := range places {
			fake.AddChannel("G", places[i].Channel, places[i].Channel)
			places[i].Platform, places[i].Team = "discord", "G"
		}
	}
	move(space.Brands[0].Approvals)
	move(space.Brands[0].Alerts)
	for _, m := range space.Members {
		m.Handles = map[string]string{"discord:G": m.ID}
		fake.AddUser(discordfake.User{ID: m.ID, Name: m.Name, Locale: "fr"})
	}
	fake.AddUser(discordfake.User{ID: "eve", Name: "Eve", Locale: "fr"})
	store := statetest.NewMem()
	mastodon, bluesky := &network{}, &network{}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, err := app.New(app.Options{
		Space: space, Backend: store, Catalog: catalog, Key: []byte("key"), Now: clock.Now,
		Publishers: map[string]app.Publisher{"colibri/mastodon": mastodon, "colibri/bluesky": bluesky},
		Hand:       hand{}, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	commands := discord.CommandsOf(a.Mux.Commands(), catalog)
	chat, err := discord.New(discord.Options{Token: secret.Secret(fake.Token()), AppID: fake.AppID(), APIURL: fake.APIURL(), Guild: "G", Now: clock.Now, Logger: log,
		IdentifyEvery: time.Millisecond, Commands: commands}, a.Desk, a.Desk)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chat.Register(t.Context(), commands); err != nil {
		t.Fatal(err)
	}
	a.AddChat(chat)
	if err := a.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	chat.Start(context.Background())
	t.Cleanup(chat.Stop)
	for !fake.Connected() || !chat.Connected() {
		time.Sleep(time.Millisecond)
	}
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
		Surface: discordfake.Surface{Server: fake}, Advance: func(d time.Duration) { clock.Move(clock.Now().Add(d)) },
		Extra: map[string]func(*testing.T, string){"hear": hear, "published": published,
			"settle": func(*testing.T, string) { time.Sleep(500 * time.Millisecond); settle(store) }},
	}
}
