package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"crieur/cmd/internal/app"
	"crieur/cmd/internal/config"
)

type serveCommand struct {
	Config string `required:"" help:"Path of crieur.yaml."`
	Role   string `default:"all" enum:"all,chat,worker,collector" help:"What this process does: all, chat, worker or collector."`
	Data   string `help:"Folder of the private store, when redis.url is not set." type:"path"`
}

// Run serves until it is interrupted or cannot go on.
func (c *serveCommand) Run(ctx context.Context, log *slog.Logger) error {
	read, err := config.Load(c.Config, config.Options{})
	if err != nil {
		return err
	}
	server, err := app.Serve(ctx, app.ServeOptions{Config: read, Role: app.Role(c.Role), Data: c.Data, Log: log})
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
	File   string `arg:"" type:"existingfile" help:"Recorded mentions: JSON lines of {\"time\",\"text\",\"brand\"…}."`
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
	read, err := config.Load(c.Config, config.Options{Lenient: true, Now: first})
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
