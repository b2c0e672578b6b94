package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/cmd/internal/config"
	"crieur/integrations/chat/discord"
	"crieur/integrations/chat/slack"
)

// ErrNoChat says that the configuration does not set that application up.
var ErrNoChat = errors.New("not set up in the configuration")

// SlackManifest is the manifest from which a team makes its app, with the options
// that the team chose; what is registered is filled in.
func SlackManifest(o slack.ManifestOptions) ([]byte, error) {
	catalog, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	mux, err := registered(&brand.Space{}, catalog)
	if err != nil {
		return nil, err
	}
	o.Words, o.On, o.Shortcuts = catalog, slack.CommandNames(mux), slack.ShortcutsOf(mux)
	return slack.Manifest(o)
}

// SlackExplained is the message that goes with that manifest to whoever may install
// apps; command is what prints the manifest.
func SlackExplained(o slack.ManifestOptions, command string) (string, error) {
	catalog, err := i18n.Load()
	if err != nil {
		return "", err
	}
	o.Words = catalog
	return slack.Explain(o, command), nil
}

// DiscordInvite is the address at which an administrator lets the bot in.
func DiscordInvite(c *config.Config) (string, error) {
	if c.Discord == nil || c.Discord.AppID == "" {
		return "", fmt.Errorf("discord: %w: give discord.app_id", ErrNoChat)
	}
	return discord.Invite(c.Discord.AppID), nil
}

// RegisterDiscord brings Discord's list of commands up to date; changed is false
// when it already was.
func RegisterDiscord(ctx context.Context, c *config.Config, log *slog.Logger) (changed bool, err error) {
	if c.Discord == nil {
		return false, fmt.Errorf("discord: %w", ErrNoChat)
	}
	catalog, err := i18n.Load()
	if err != nil {
		return false, err
	}
	commands, err := registered(c.Space, catalog)
	if err != nil {
		return false, err
	}
	chat, err := discord.New(discordOptions(c, c.Space, nil, bot.NewMux(catalog), catalog, log), nil, speechless{catalog})
	if err != nil {
		return false, err
	}
	return chat.Register(ctx, discord.CommandsOf(commands, catalog))
}

// registered are the routes of the application, without anything behind them.
func registered(space *brand.Space, catalog *i18n.Catalog) (*bot.Mux, error) {
	a, err := New(Options{Space: space, Catalog: catalog})
	if err != nil {
		return nil, err
	}
	return a.Mux, nil
}
