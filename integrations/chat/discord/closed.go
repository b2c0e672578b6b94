package discord

import (
	"context"
	"errors"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
)

// Many people on Discord take no direct messages from a server, and then wait for a
// card that never comes. Whoever used a command or a button a moment ago is told so
// through that interaction: nobody else sees it, and nothing rings.

// reach remembers how somebody can be told something, for as long as that holds.
func (c *Chat) reach(e bot.Event) {
	if e.User.ID != "" {
		c.reached.put(e.User.ID, e)
	}
}

// unreached tells a person whose direct messages are closed that something was to
// come there: once for each of their interactions.
func (c *Chat) unreached(place board.Place, err error) {
	var failure *outbox.Error
	user, direct := strings.CutPrefix(place.Channel, "@")
	if !direct || !errors.As(err, &failure) || failure.Reason != reasonClosed {
		return
	}
	e, ok := c.reached.get(user)
	if !ok || e.Reply.Secret == "" {
		return
	}
	c.reached.put(user, bot.Event{})
	e.Reply.Deferred = false // it says more than the answer
	c.later("tell "+user+" of closed messages", func(ctx context.Context) error {
		return c.Answer(ctx, e.Reply, bot.Card{Lang: e.User.Locale, Blocks: []bot.Block{bot.P(c.front.Say(e, "discord.shut"))}})
	})
}
