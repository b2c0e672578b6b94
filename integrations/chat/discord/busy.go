package discord

import (
	"context"
	"time"

	"crieur/bot"
)

// A click that makes its card busy is stored before it is acknowledged, so its
// handler may be done, and the card in its new state, while "Working…" is still
// on its way: it would come last and stay. An edit therefore waits for the
// acknowledgements under way on its message. Where another process does the
// edits, the desk has the card drawn once more.
const (
	// arrives is how long a response over HTTP may take to reach Discord after it
	// was written.
	arrives = 250 * time.Millisecond
	// busyWait is how long an edit waits for acknowledgements.
	busyWait = 1500 * time.Millisecond
)

// afterMark returns when no acknowledgement is under way on the message.
func (c *Chat) afterMark(ctx context.Context, message string) {
	ctx, cancel := context.WithTimeout(ctx, busyWait)
	defer cancel()
	c.marks.Wait(ctx, message)
}

// known says whether anything stands behind the card of a click: where nothing
// does, nobody would end its "Working…".
func (c *Chat) known(ctx context.Context, e bot.Event) bool {
	knower, ok := c.front.(bot.Knower)
	if !ok {
		return true
	}
	found, err := within(ctx, bot.FormDeadline, func(ctx context.Context) (bool, error) { return knower.Known(ctx, e), nil })
	return err == nil && found
}
