package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"

	"crieur/bot/archive"
	"crieur/bot/audit"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/config"
)

// spaceFlags name what is worked on.
type spaceFlags struct {
	Config string `required:"" help:"Path of crieur.yaml."`
	Data   string `help:"Folder of the private store, when redis.url is not set." type:"path"`
}

func (f spaceFlags) options(log *slog.Logger) (app.SpaceOptions, error) {
	read, err := config.Load(f.Config, config.Options{})
	return app.SpaceOptions{Config: read, Data: f.Data, Log: log}, err
}

// personFlags name one person.
type personFlags struct {
	Person string `xor:"who" help:"Somebody outside the team: the name under which they wrote, as @marie.d."`
	Member string `xor:"who" help:"Somebody of the team: their id in crieur.yaml."`
}

func (f personFlags) dossier() archive.Dossier {
	return archive.Dossier{Author: f.Person, Member: f.Member}
}

func (f personFlags) named() bool { return f.Person != "" || f.Member != "" }

type exportCommand struct {
	spaceFlags
	personFlags
	Brand string `xor:"who" help:"Only what belongs to this brand."`
}

// Run exports.
func (c *exportCommand) Run(ctx context.Context, log *slog.Logger) error {
	o, err := c.options(log)
	if err != nil {
		return err
	}
	if c.named() {
		return app.ExportPerson(ctx, o, c.dossier(), os.Stdout)
	}
	return app.Export(ctx, o, c.Brand, os.Stdout)
}

type importCommand struct {
	spaceFlags
	Brand string `and:"model" help:"With --model: whose model it is."`
	Model string `and:"model" type:"existingfile" help:"A brand's model, from crieur train: propose it to the brand's admins."`
}

// Run imports.
func (c *importCommand) Run(ctx context.Context, log *slog.Logger) error {
	o, err := c.options(log)
	if err != nil {
		return err
	}
	if c.Model != "" {
		return c.model(ctx, o)
	}
	got, err := app.Import(ctx, o, os.Stdin)
	if err != nil {
		return err
	}
	fmt.Printf("%d records, %d pictures and %d entries of who did what, as of %s.\n", got.Records, got.Pictures, got.Links, got.Header.At.Format("2006-01-02 15:04 MST"))
	fmt.Printf("Everything is paused: %d post(s) wait for /crieur resume, %d repl(ies) were taken back.\n", got.Posts, got.Replies)
	if got.Broken != nil {
		fmt.Fprintln(os.Stderr, "crieur: it was imported as it is, but", got.Broken)
	}
	return nil
}

func (c *importCommand) model(ctx context.Context, o app.SpaceOptions) error {
	brought, err := app.BringModel(ctx, o, c.Brand, c.Model)
	if err != nil {
		return err
	}
	fmt.Printf("Model %d of %s: its admins are asked whether to use it, as soon as Crieur serves.\n", brought.Number, c.Brand)
	if brought.After.Empty() {
		fmt.Println("The team has judged no control message yet: nothing says whether it reads better than what is in use.")
		return nil
	}
	after, before := brought.After, brought.Before
	fmt.Printf("Of the team's control messages, tone read right: %d of %d, %d with what is in use; topic: %d of %d, %d with what is in use.\n",
		after.Right, after.Judged, before.Right, after.Found, after.Themed, before.Found)
	if after.Worse(before) {
		fmt.Println("WORSE than what is in use: the admins are advised against it.")
	}
	return nil
}

type forgetCommand struct {
	spaceFlags
	personFlags
}

// Run forgets.
func (c *forgetCommand) Run(ctx context.Context, log *slog.Logger) error {
	if !c.named() {
		return errors.New("say who: --person for somebody outside the team, --member for one of it")
	}
	o, err := c.options(log)
	if err != nil {
		return err
	}
	done, err := app.Forget(ctx, o, c.dossier())
	if err != nil {
		return err
	}
	fmt.Printf("%d record(s) name this person no more. Messages in Slack and Discord follow while Crieur serves.\n", done.Records)
	if done.Kept > 0 {
		fmt.Printf("%d message(s) stay as evidence: they were hidden or handed over, or are still to be decided. They go 13 months after the last thing done about them.\n", done.Kept)
	}
	if done.Busy > 0 {
		return fmt.Errorf("%d repl(ies) to this person are on their way: run it again in half an hour", done.Busy)
	}
	return nil
}

type verifyCommand struct {
	Audit verifyAudit `cmd:"" help:"Recompute the chain of who did what, of an export or of what is kept now."`
}

type verifyAudit struct {
	File   string   `arg:"" optional:"" type:"existingfile" help:"An export."`
	Config string   `help:"Path of crieur.yaml, to verify what is kept now."`
	Data   string   `help:"Folder of the private store, when redis.url is not set." type:"path"`
	Key    []string `help:"The public key that may sign, as crieur check prints it."`
	Last   string   `help:"What an earlier run printed as Last: the chain must pass through it."`
}

// Run verifies.
func (c *verifyAudit) Run(ctx context.Context, log *slog.Logger) error {
	want, err := c.expected()
	switch {
	case err != nil:
		return err
	case (c.File == "") == (c.Config == ""):
		return errors.New("name an export, or a configuration with --config")
	case c.File != "":
		report, err := app.VerifyFile(c.File, want)
		return app.WriteReport(os.Stdout, report, err)
	}
	o, err := spaceFlags{c.Config, c.Data}.options(log)
	if err != nil {
		return err
	}
	report, err := app.VerifyLive(ctx, o, want)
	return app.WriteReport(os.Stdout, report, err)
}

func (c *verifyAudit) expected() (audit.Expect, error) {
	want := audit.Expect{Keys: c.Key}
	if c.Last == "" {
		return want, nil
	}
	number, hash, _ := strings.Cut(c.Last, ":")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || len(hash) != 64 {
		return want, fmt.Errorf("--last %q: write it as verify printed it, 42:9f86d0…", c.Last)
	}
	want.N, want.Hash = n, hash
	return want, nil
}
