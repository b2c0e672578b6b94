package console

import (
	"context"
	"strings"

	"crieur/bot"
	"crieur/bot/text/typo"
)

const maxChoices = 25 // as on the other platforms

// complete lists what a command's text may become.
func (c *Console) complete(ctx context.Context, me Person, ask op) reply {
	place, ok := c.place(me, ask)
	name, rest, spaced := strings.Cut(strings.TrimPrefix(ask.Text, "/"), " ")
	cmd, found := c.commandNamed(name)
	if !ok || !spaced || !found {
		return reply{ID: ask.ID, State: "choices"}
	}
	e := c.event(bot.Command, me, place, ask.ID)
	e.Command, e.Text = cmd.Name, rest
	within, cancel := context.WithTimeout(ctx, bot.FormDeadline)
	defer cancel()
	choices, err := c.front.Choices(within, e, rest)
	if err != nil {
		c.log.Debug("complete console command", "event", e.ID, "error", err)
		choices = nil // completion is a convenience: without it one types
	}
	answer := reply{ID: ask.ID, State: "choices"}
	for i, ch := range choices {
		if i < maxChoices {
			answer.Choices = append(answer.Choices, choice{Value: "/" + name + " " + ch.Value, Label: ch.Label})
		}
	}
	return answer
}

// commandNamed finds a command by any of its names.
func (c *Console) commandNamed(name string) (Command, bool) {
	for _, cmd := range c.opts.Commands {
		if strings.EqualFold(name, cmd.Name) {
			return cmd, true
		}
		for _, other := range cmd.Names {
			if strings.EqualFold(name, other) {
				return cmd, true
			}
		}
	}
	return Command{}, false
}

// nearest suggests a command for a mistyped name: at most a third of it wrong.
func nearest(name string, commands []Command, lang string) (string, bool) {
	best, at := len([]rune(name))/3+1, ""
	for _, cmd := range commands {
		for _, candidate := range []string{cmd.called(lang), cmd.called("fr"), cmd.called("en"), cmd.Name} {
			if d := typo.Distance(strings.ToLower(name), strings.ToLower(candidate)); d < best {
				best, at = d, candidate
			}
		}
	}
	return at, at != ""
}
