package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state/statetest"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/demo"
	"crieur/integrations/chat/slack"
	"crieur/integrations/chat/slack/slackfake"
)

// TestConversationsOnSlack plays the same scripts through the adapter and the
// strict workspace; the publishing one is delivered both ways.
func TestConversationsOnSlack(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, sockets := range []bool{false, true} {
		for _, file := range files {
			if sockets && filepath.Base(file) != "publish.txtar" {
				continue
			}
			t.Run(fmt.Sprintf("%s/sockets=%v", filepath.Base(file), sockets), func(t *testing.T) {
				archive, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				bottest.Run(t, func(t *testing.T) bottest.Scene { return slackStage(t, sockets) }, archive)
			})
		}
	}
}

// onSlack moves the people and channels of the sample space to Slack, and
// returns the channels by name.
func onSlack(space *brand.Space, fake *slackfake.Server) map[string]string {
	for _, m := range space.Members {
		m.Handles = map[string]string{"slack:" + slackfake.Team: slackfake.UserID(m.ID)}
		fake.AddPerson(slackfake.Person{ID: slackfake.UserID(m.ID), Name: m.Name, Locale: "fr-FR"})
	}
	fake.AddPerson(slackfake.Person{ID: slackfake.UserID("eve"), Name: "eve", Locale: "fr-FR"}) // a stranger
	channels := map[string]string{}
	for _, b := range space.Brands {
		for _, places := range [][]board.Place{b.Approvals, b.Alerts} {
			for i, place := range places {
				id := "C0" + strings.ToUpper(place.Channel)
				channels[place.Channel] = id
				fake.AddChannel(slackfake.Channel{ID: id, Name: place.Channel})
				places[i] = board.Place{Platform: "slack", Team: slackfake.Team, Channel: id}
			}
		}
	}
	return channels
}

func slackStage(t *testing.T, sockets bool) bottest.Scene {
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	fake := slackfake.New(t, slackfake.Options{})
	channels := onSlack(space, fake)
	clock := demo.NewClock(time.Date(2026, 11, 26, 10, 15, 0, 0, space.Brands[0].Zone), time.Now)
	store := statetest.NewMem()
	mastodon, bluesky := &network{}, &network{}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, err := app.New(app.Options{
		Space: space, Backend: store, Catalog: catalog, Key: []byte("key"), Now: clock.Now, Hand: hand{}, Log: log,
		Publishers: map[string]app.Publisher{"colibri/mastodon": mastodon, "colibri/bluesky": bluesky},
	})
	if err != nil {
		t.Fatal(err)
	}
	options := slack.Options{
		Token: slackfake.BotToken, SigningSecret: slackfake.SigningSecret, APIURL: fake.APIURL(), Team: slackfake.Team,
		Words: catalog, Commands: slack.Commands(), Logger: log,
		Member: func(id string) (string, bool) { return slackfake.UserID(id), true },
	}
	if sockets {
		options.AppToken = slackfake.AppToken
	}
	adapter := slack.New(options, a.Desk, a.Desk)
	a.AddChat(adapter)
	server := httptest.NewServer(adapter.Handler())
	t.Cleanup(server.Close)
	fake.DeliverTo(server.URL)
	if err := adapter.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if sockets {
		fake.WaitForSockets(2)
	}
	if err := a.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nothingBroke(t, fake) })
	t.Cleanup(func() { _ = adapter.Stop(context.Background()) })
	t.Cleanup(a.Stop)
	return bottest.Scene{
		Surface:  &slackfake.Surface{Server: fake, Channels: channels, Commands: map[string]string{"draft": "/brouillon"}},
		Advance:  func(d time.Duration) { clock.Move(clock.Now().Add(d)) },
		Patience: 15 * time.Second, // Slack takes one message a second
		Extra: map[string]func(*testing.T, string){
			"hear":      hears(a, clock.Now, store),
			"published": published(mastodon),
			"settle":    func(*testing.T, string) { time.Sleep(1500 * time.Millisecond); settle(store) },
		},
	}
}

// nothingBroke fails if Slack refused a call or somebody saw a broken window.
func nothingBroke(t *testing.T, fake *slackfake.Server) {
	if broken := fake.Broken(); len(broken) > 0 {
		t.Errorf("people saw %q", broken)
	}
	for _, call := range fake.Calls("") {
		if call.Error != "" {
			t.Errorf("%s was refused: %s %v", call.Method, call.Error, call.Values)
		}
	}
}

func hears(a *app.App, now func() time.Time, store *statetest.Mem) func(*testing.T, string) {
	heard := 0
	return func(t *testing.T, args string) {
		author, text, _ := strings.Cut(args, " ")
		heard++
		if err := a.Hear(t.Context(), "colibri", listen.Mention{
			ID: fmt.Sprint("m", heard), Source: "test", Network: "Mastodon", Author: author, Text: text,
			Ref: fmt.Sprint("ref", heard), At: now(),
		}); err != nil {
			t.Fatal(err)
		}
		settle(store)
	}
}

func published(n *network) func(*testing.T, string) {
	return func(t *testing.T, args string) {
		var all []string
		for _, order := range n.all() {
			all = append(all, strings.Join(order.Part.Posts, " ")+" > "+order.Part.ReplyTo)
		}
		if !strings.Contains(strings.Join(all, "\n"), args) {
			t.Fatalf("not published: %s\n%s", args, strings.Join(all, "\n"))
		}
	}
}
