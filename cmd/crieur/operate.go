package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"

	"crieur/cmd/internal/app"
	"crieur/cmd/internal/config"
	"crieur/integrations/chat/slack"
)

type serveCommand struct {
	Config string `required:"" help:"Path of crieur.yaml."`
	Role   string `default:"all" enum:"all,chat,worker,collector" help:"What this process does: all, chat, worker or collector."`
	Data   string `help:"Folder of the private store, when redis.url is not set." type:"path"`
	Held   bool   `help:"Start with everything paused, after Redis was put back to a backup: people decide what is late."`
}

// Run serves until it is interrupted or cannot go on.
func (c *serveCommand) Run(ctx context.Context, log *slog.Logger) error {
	read, err := config.Load(c.Config, config.Options{})
	if err != nil {
		return err
	}
	server, err := app.Serve(ctx, app.ServeOptions{Config: read, Role: app.Role(c.Role), Data: c.Data, Held: c.Held, Log: log})
	if err != nil {
		return err
	}
	defer server.Stop()
	fmt.Fprintf(os.Stdout, "Crieur serves %s at %s\n", brandNames(read), server.Address)
	select {
	case <-ctx.Done():
		return nil
	case err := <-server.Failed():
		return err
	}
}

func brandNames(c *config.Config) string {
	var names []string
	for _, b := range c.Space.Brands {
		names = append(names, b.Name)
	}
	return strings.Join(names, ", ")
}

type replayCommand struct {
	File   string `arg:"" type:"existingfile" help:"Recorded mentions: JSON lines of {\"time\",\"brand\",\"text\"…}."`
	Config string `required:"" help:"Path of crieur.yaml; its secrets are not needed."`
	Store  string `default:"redis-server" enum:"redis-server,embedded" help:"Where to keep things meanwhile: redis-server or embedded."`
}

// Run replays.
func (c *replayCommand) Run(ctx context.Context, log *slog.Logger) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	first, lines, err := app.FirstTime(file)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	read, err := config.Load(c.Config, config.Options{Lenient: true})
	if err != nil {
		return err
	}
	skipped := false
	summary, err := app.Replay(ctx, app.ReplayOptions{
		Config: read, First: first, Lines: lines, Store: c.Store, Log: log,
		Bad: func(err error) { skipped = true; fmt.Fprintln(os.Stderr, "crieur:", err) },
	})
	if err != nil {
		return err
	}
	if err := summary.Write(os.Stdout); err != nil {
		return err
	}
	if skipped {
		return fmt.Errorf("%d lines were skipped", summary.Skipped)
	}
	return nil
}

type checkCommand struct {
	Config string `required:"" help:"Path of crieur.yaml."`
	Data   string `help:"Folder of the private store, when redis.url is not set." type:"path"`
	Online bool   `help:"Also ask Redis, Slack, Discord, the networks and the feeds."`
}

// Run examines a configuration; anything to mend is an error.
func (c *checkCommand) Run(ctx context.Context) error {
	read, err := config.Load(c.Config, config.Options{})
	if err != nil {
		return err
	}
	found := app.Examination(ctx, read, c.Data, c.Online, slog.New(slog.DiscardHandler))
	if problems := app.WriteFindings(os.Stdout, found); problems > 0 {
		return fmt.Errorf("%d problem(s) to mend", problems)
	}
	return nil
}

type manifestCommand struct {
	Slack   slackManifest   `cmd:"" help:"The manifest of the Slack app, as JSON."`
	Discord discordManifest `cmd:"" help:"The address that lets the bot into a Discord server."`
}

type slackManifest struct {
	Commands string `default:"fr" enum:"fr,en,both,single" help:"Names of commands: fr, en, both or single."`
	Address  string `help:"Public https address, if Slack is to call over HTTP; otherwise Socket Mode."`
	Links    string `help:"Public https address of Crieur, http.url in crieur.yaml: cards then show under their links in the team's channels."`
	History  bool   `help:"Let Crieur read the channels that it is in: a card whose sending got no answer is looked for before it is posted again. Without it, such a card is posted again and says so."`
	Explain  bool   `help:"Instead, a message to send to whoever may install apps: every permission with its reason, and what to do."`
}

// Run prints the manifest, or what it asks for and why.
func (c *slackManifest) Run() error {
	options := slack.ManifestOptions{Naming: slack.Naming(c.Commands), Address: c.Address, History: c.History}
	if c.Links != "" {
		at, err := url.Parse(c.Links)
		if err != nil || at.Scheme != "https" || at.Host == "" {
			return fmt.Errorf("--links %s: give a whole address, as https://crieur.example.org", c.Links)
		}
		options.UnfurlDomains = []string{at.Hostname()}
	}
	manifest, err := app.SlackManifest(options)
	if err != nil {
		return err
	}
	if c.Explain { // only of a manifest that could be made
		message, err := app.SlackExplained(options, c.typed())
		if err != nil {
			return err
		}
		manifest = []byte(message)
	}
	_, err = os.Stdout.Write(manifest)
	return err
}

// typed is the command that prints this manifest.
func (c *slackManifest) typed() string {
	words := []string{"crieur manifest slack --commands", c.Commands}
	if c.Address != "" {
		words = append(words, "--address", c.Address)
	}
	if c.Links != "" {
		words = append(words, "--links", c.Links)
	}
	if c.History {
		words = append(words, "--history")
	}
	return strings.Join(words, " ")
}

type discordManifest struct {
	Config string `required:"" help:"Path of crieur.yaml."`
}

// Run prints the address.
func (c *discordManifest) Run() error {
	read, err := config.Load(c.Config, config.Options{Lenient: true})
	if err != nil {
		return err
	}
	address, err := app.DiscordInvite(read)
	if err != nil {
		return err
	}
	fmt.Println(address)
	if !read.Discord.HearChannels { // the address alone is the output
		fmt.Fprintln(os.Stderr, app.Deafness)
	}
	return nil
}

type registerCommand struct {
	Discord registerDiscord `cmd:"" help:"Bring Discord's list of commands up to date."`
}

type registerDiscord struct {
	Config string `required:"" help:"Path of crieur.yaml."`
}

// Run registers what changed.
func (c *registerDiscord) Run(ctx context.Context, log *slog.Logger) error {
	read, err := config.Load(c.Config, config.Options{})
	if err != nil {
		return err
	}
	changed, err := app.RegisterDiscord(ctx, read, log)
	if err != nil {
		return err
	}
	if changed {
		fmt.Println("Discord’s commands are up to date now; people see them within a minute.")
	} else {
		fmt.Println("Discord’s commands were up to date already; nothing was sent.")
	}
	return nil
}
