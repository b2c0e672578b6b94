package main

import (
	"io"
	"os"

	"crieur/cmd/internal/filter"
)

type lintCommand struct {
	Network string `required:"" help:"Network: x, bluesky, mastodon, linkedin…"`
}

// Run checks one post.
func (c *lintCommand) Run() error { return filter.Lint(os.Stdin, os.Stdout, os.Stderr, c.Network) }

type proofCommand struct {
	Lang string `default:"fr" enum:"fr,en" help:"Language of the texts."`
}

// Run proofreads.
func (c *proofCommand) Run() error { return filter.Proof(os.Stdin, os.Stdout, os.Stderr, c.Lang) }

type scoreCommand struct {
	Model string `help:"A brand's model, from crieur train." type:"existingfile"`
}

// Run scores.
func (c *scoreCommand) Run() error { return filter.Score(os.Stdin, os.Stdout, os.Stderr, c.Model) }

type matchCommand struct {
	Rules string `required:"" type:"existingfile" help:"Lines of name<TAB>query."`
}

// Run matches.
func (c *matchCommand) Run() error { return filter.Match(os.Stdin, os.Stdout, os.Stderr, c.Rules) }

type similarCommand struct {
	Corpus string `required:"" type:"existingfile" help:"JSON lines of {\"id\",\"text\"}."`
}

// Run looks for near copies.
func (c *similarCommand) Run() error { return filter.Similar(os.Stdin, os.Stdout, os.Stderr, c.Corpus) }

type spikesCommand struct{}

// Run detects spikes.
func (c *spikesCommand) Run() error { return filter.Spikes(os.Stdin, os.Stdout, os.Stderr) }

type themesCommand struct{}

// Run says what has no theme.
func (c *themesCommand) Run() error { return filter.Themes(os.Stdin, os.Stdout, os.Stderr) }

type trainCommand struct {
	Labels    string  `required:"" type:"existingfile" help:"JSON lines of {\"id\",\"text\",\"label\"}, with an optional \"theme\"."`
	Out       string  `required:"" help:"Where the model is written."`
	Precision float64 `default:"0.85" help:"How often an alert must be right."`
}

// Run trains.
func (c *trainCommand) Run() error { return filter.Train(os.Stdout, c.Labels, c.Out, c.Precision) }

type evalCommand struct {
	What string `arg:"" enum:"tone,toxic,theme,proof,similar,spikes" help:"tone, toxic, theme, proof, similar or spikes."`
	File string `arg:"" help:"A labelled file; for spikes also the word simulated."`
}

// Run prints the figures.
func (c *evalCommand) Run() error {
	return map[string]func(io.Writer, string) error{
		"tone": filter.EvalTone, "toxic": filter.EvalToxic, "theme": filter.EvalTheme,
		"proof": filter.EvalProof, "similar": filter.EvalSimilar, "spikes": filter.EvalSpikes,
	}[c.What](os.Stdout, c.File)
}
