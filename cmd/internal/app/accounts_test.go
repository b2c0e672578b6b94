package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/secret"
	"crieur/bot/state/statetest"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/config"
	"crieur/cmd/internal/demo"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/discord/discordfake"
	"crieur/integrations/chat/slack/slackfake"
)

const newsChannel = "C0NEWS"

// TestChannelAccounts publishes in a channel of Slack and in one of Discord, as
// a server with both does. People work on Slack.
func TestChannelAccounts(t *testing.T) {
	archive, err := os.ReadFile("testdata/accounts/channels.txtar")
	if err != nil {
		t.Fatal(err)
	}
	bottest.Run(t, channelStage, archive)
}

func channelStage(t *testing.T) bottest.Scene {
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	space.Brands[0].Accounts = []brand.Account{
		{ID: "annonces", Network: "slack", Name: "Slack #annonces"}, {ID: "salon", Network: "discord", Name: "Discord #salon"}}
	clock := demo.NewClock(time.Date(2026, 11, 26, 10, 15, 0, 0, space.Brands[0].Zone), time.Now)
	channels := discordfake.Start(t, discordfake.Options{Unlimited: true, Now: clock.Now})
	channels.AddChannel("G", "salon", "salon")
	publishers := map[string]app.Publisher{}
	at := onSlack(t, space, func() *app.App {
		a, err := app.New(app.Options{
			Space: space, Backend: statetest.NewMem(), Catalog: catalog(t), Key: []byte("key"), Now: clock.Now,
			Publishers: publishers, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		return a
	})
	salon, err := discord.New(discord.Options{Token: secret.Secret(channels.Token()), AppID: channels.AppID(),
		APIURL: channels.APIURL(), Guild: "G", Now: clock.Now}, at.app.Desk, at.app.Desk)
	if err != nil {
		t.Fatal(err)
	}
	made := app.ChannelsOf(&config.Config{Discord: &config.Discord{Guild: "G"}, Accounts: map[string]config.Account{
		"colibri/annonces": {Account: space.Brands[0].Accounts[0], Channel: newsChannel},
		"colibri/salon":    {Account: space.Brands[0].Accounts[1], Channel: "salon"},
		"colibri/autre":    {Account: brand.Account{Network: "mastodon"}},
	}}, map[bot.Platform]bot.Chat{bot.Slack: at.chat, bot.Discord: salon})
	if len(made) != 2 {
		t.Fatalf("made %v", made)
	}
	for id, publisher := range made {
		publishers[id] = publisher
	}
	if err := at.app.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(at.app.Stop)
	screen := at.screen.(*slackfake.Surface)
	screen.Server.AddChannel(slackfake.Channel{ID: newsChannel, Name: "annonces"})
	return bottest.Scene{
		Surface: screen, Patience: 90 * time.Second,
		Advance: func(d time.Duration) { clock.Move(clock.Now().Add(d)) },
		Extra:   channelVerbs(screen, channels),
	}
}

// channelVerbs are what a script says of the two channels: "slack words" and
// "discord words" that exactly one message there has these words, "linked
// address" that the card leads there; "lose", "cut" and "revoke" spoil the next
// post.
func channelVerbs(screen *slackfake.Surface, channels *discordfake.Server) map[string]func(*testing.T, string) {
	once := func(all func() []string) func(*testing.T, string) {
		return func(t *testing.T, words string) {
			if got := all(); len(got) != 1 || got[0] != words {
				t.Fatalf("there is %q, want %q once", got, words)
			}
		}
	}
	spoil := func(slack slackfake.Fault, discord discordfake.Fault) func(*testing.T, string) {
		slack.Channel, discord.Method, discord.Path = newsChannel, "POST", "/channels/salon/messages"
		return func(_ *testing.T, platform string) {
			if platform == "slack" {
				screen.Server.Fail("chat.postMessage", slack)
				return
			}
			channels.Inject(discord)
		}
	}
	return map[string]func(*testing.T, string){
		"slack": once(func() (texts []string) {
			for _, m := range screen.Server.Messages(newsChannel) {
				texts = append(texts, m.Words())
			}
			return texts
		}),
		"discord": once(func() (texts []string) {
			for _, m := range channels.Messages("salon") {
				texts = append(texts, m.Text)
				if len(m.Notified) > 0 {
					texts = append(texts, fmt.Sprint("somebody was notified: ", m.Notified))
				}
			}
			return texts
		}),
		"linked": func(t *testing.T, address string) {
			wait(t, address, func() bool {
				for _, m := range screen.Server.Messages(screen.Channels["com"]) {
					if strings.Contains(string(m.Blocks), address) {
						return true
					}
				}
				return false
			})
		},
		"lose":   spoil(slackfake.Fault{Drop: true}, discordfake.Fault{DropAfter: true}),
		"cut":    spoil(slackfake.Fault{Cut: true}, discordfake.Fault{DropBefore: true}),
		"revoke": spoil(slackfake.Fault{Error: "token_revoked"}, discordfake.Fault{Status: 401}),
	}
}
