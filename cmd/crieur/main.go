// Command crieur is the community team's bot: "crieur demo" to see it, "crieur
// serve" to run it, and the text engines as filters. It only reads its arguments
// and calls what they name.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	_ "time/tzdata" // zones must not depend on the machine

	"github.com/alecthomas/kong"

	"crieur/cmd/internal/demo"
)

type cli struct {
	Demo     demoCommand     `cmd:"" help:"See it: a sample team in your browser, nothing to install."`
	Serve    serveCommand    `cmd:"" help:"Run it for your team, on Slack and Discord."`
	Check    checkCommand    `cmd:"" help:"Read a configuration over; with --online, ask everybody that it names."`
	Manifest manifestCommand `cmd:"" help:"What Slack and Discord need to know of Crieur."`
	Register registerCommand `cmd:"" help:"Tell Discord the commands, when they changed."`
	Export   exportCommand   `cmd:"" help:"Everything kept, of a brand or of a person, as JSON lines on standard output."`
	Import   importCommand   `cmd:"" help:"Begin again from an export on standard input, with everything paused; or bring in a brand's model."`
	Forget   forgetCommand   `cmd:"" help:"Take a person out of everything kept, at their request."`
	Verify   verifyCommand   `cmd:"" help:"Say whether the record of who did what is whole."`
	Replay   replayCommand   `cmd:"" help:"Live through recorded mentions and count what would have been sent."`
	Lint     lintCommand     `cmd:"" help:"Check a post on standard input as a network would."`
	Proof    proofCommand    `cmd:"" help:"Proofread JSON lines of {\"id\",\"text\"}."`
	Score    scoreCommand    `cmd:"" help:"Tone, toxicity and themes of JSON lines of {\"id\",\"text\"}."`
	Match    matchCommand    `cmd:"" help:"Which watch rules JSON lines of {\"id\",\"text\"} meet."`
	Similar  similarCommand  `cmd:"" help:"Which text of a corpus JSON lines of {\"id\",\"text\"} are near."`
	Spikes   spikesCommand   `cmd:"" help:"Unusual spikes in lines of time,count."`
	Themes   themesCommand   `cmd:"" help:"What recurs in JSON lines of {\"id\",\"text\"} and has no theme."`
	Train    trainCommand    `cmd:"" help:"Learn a brand's tone and themes from its labels."`
	Eval     evalCommand     `cmd:"" help:"How good an engine is on a labelled file."`
}

type demoCommand struct {
	Addr string `default:"127.0.0.1:8080" help:"Address to serve; the next free port if it is taken."`
	Data string `type:"path" help:"Folder that keeps the day for the next time; needs a redis-server or valkey-server."`
}

// Run serves the demo until it is interrupted.
func (c *demoCommand) Run(ctx context.Context, log *slog.Logger) error {
	d, err := demo.Start(ctx, demo.Options{Addr: c.Addr, Data: c.Data, Out: os.Stdout, Log: log, Open: openBrowser})
	if err != nil {
		return err
	}
	<-ctx.Done()
	d.Stop()
	return nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	parser := kong.Parse(&cli{}, kong.Name("crieur"), kong.Description("The community team's bot, for Slack and Discord."),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(log))
	if err := parser.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "crieur:", err)
		os.Exit(1)
	}
}

// openBrowser opens the address where there is a screen; where there is none,
// the address printed is enough.
func openBrowser(address string) {
	command := map[string][]string{
		"darwin":  {"open", address},
		"windows": {"rundll32", "url.dll,FileProtocolHandler", address},
	}[runtime.GOOS]
	if command == nil {
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return
		}
		command = []string{"xdg-open", address}
	}
	if started := exec.Command(command[0], command[1:]...); started.Start() == nil {
		go started.Wait() // so that it leaves no zombie
	}
}
