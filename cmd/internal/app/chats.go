package app

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/i18n"
	"crieur/cmd/internal/config"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/slack"
	"crieur/integrations/picture"
)

// stopChat is how long a chat application may take to end.
const stopChat = 5 * time.Second

// connection is a chat application as the server sees it.
type connection struct {
	chat bot.Chat
	// handler takes its requests at pattern; nil when it does not call us.
	pattern string
	handler http.Handler
	start   func(context.Context) error
	stop    func()
	// ready says what keeps it from working, nil if nothing does.
	ready func() error
	// fatal gets why it will never work; nil if it cannot tell.
	fatal <-chan error
	// withheld says that some of what is said there may not have come; nil if it
	// cannot tell.
	withheld func() bool
	// deaf says that @Crieur is not heard in channels.
	deaf bool
}

// memory is what chat applications keep beyond a process.
type memory struct {
	sessions discord.Sessions
	tails    slack.Tails
}

// connections are the chat applications of the configuration.
func connections(c *config.Config, space brand.Source, files content.Files, ingress bot.Ingress, front bot.Front, mux *bot.Mux, catalog *i18n.Catalog, memory memory, log *slog.Logger,
) ([]connection, error) {
	var all []connection
	if c.Slack != nil {
		options := slackOptions(c, space, files, catalog, log)
		options.Tails = memory.tails
		all = append(all, slackConnection(slack.New(options, ingress, front), c))
	}
	if c.Discord != nil {
		options := discordOptions(c, space, files, mux, catalog, log)
		options.Sessions = memory.sessions
		chat, err := discord.New(options, ingress, front)
		if err != nil {
			return nil, err
		}
		all = append(all, discordConnection(chat, c))
	}
	return all, nil
}

// installed is the catalog that names commands as they can be typed.
func installed(c *config.Config, catalog *i18n.Catalog) *i18n.Catalog {
	catalog = catalog.Installed(string(bot.Discord), i18n.Grouped)
	if c.Slack == nil {
		return catalog
	}
	return catalog.Installed(string(bot.Slack), i18n.Naming(c.Slack.Commands))
}

func slackOptions(c *config.Config, space brand.Source, files content.Files, catalog *i18n.Catalog, log *slog.Logger) slack.Options {
	return slack.Options{
		Token: c.Slack.BotToken, AppToken: c.Slack.AppToken, SigningSecret: c.Slack.SigningSecret,
		APIURL: c.Slack.APIURL, Team: c.Slack.Team, Logger: log, Commands: slack.Commands(), Words: catalog, Files: files, Convert: picture.Lighter, URL: c.URL,
		Member: func(id string) (string, bool) { return handleOf(space.Now(), id, "slack:"+c.Slack.Team) },
	}
}

func slackConnection(adapter *slack.Adapter, c *config.Config) connection {
	one := connection{
		chat: adapter, start: adapter.Start,
		stop: func() {
			ctx, cancel := context.WithTimeout(context.Background(), stopChat)
			defer cancel()
			adapter.Stop(ctx) //nolint:errcheck // what is under way comes again
		},
		ready: func() error {
			health := adapter.Health()
			if c.Slack.AppToken != "" && health.Sockets == 0 && health.Refused == nil {
				return errConnecting
			}
			return health.Refused
		},
		withheld: func() bool { return adapter.Health().Withheld },
	}
	if c.Slack.SigningSecret != "" {
		one.pattern, one.handler = "/slack/", adapter.Handler()
	}
	return one
}

func discordOptions(c *config.Config, space brand.Source, files content.Files, mux *bot.Mux, catalog *i18n.Catalog, log *slog.Logger) discord.Options {
	return discord.Options{
		Token: c.Discord.Token, AppID: c.Discord.AppID, PublicKey: c.Discord.PublicKey, Guild: c.Discord.Guild,
		APIURL: c.Discord.APIURL, GatewayURL: c.Discord.GatewayURL, Commands: discord.CommandsOf(mux, catalog), Files: files, Logger: log,
		Channels: c.Discord.HearChannels,
		Mention:  func(team, id string) (string, bool) { return handleOf(space.Now(), id, "discord:"+team) },
	}
}

func discordConnection(chat *discord.Chat, c *config.Config) connection {
	one := connection{
		chat: chat, stop: chat.Stop, fatal: chat.Fatal(), deaf: !c.Discord.HearChannels,
		start: func(ctx context.Context) error { chat.Start(ctx); return nil },
		ready: func() error {
			if err := chat.Refused(); err != nil || chat.Connected() {
				return err
			}
			return errConnecting
		},
	}
	if c.Discord.PublicKey != "" {
		one.pattern, one.handler = "/discord/interactions", chat
	}
	return one
}

// handleOf is who a member is on a platform.
func handleOf(space *brand.Space, id, platform string) (string, bool) {
	member := space.Member(id)
	if member == nil {
		return "", false
	}
	handle, ok := member.Handles[platform]
	return handle, ok && !strings.HasPrefix(handle, "@")
}
