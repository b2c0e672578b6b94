package app

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"crieur/bot"
	"crieur/bot/outbox"
	"crieur/commands/digest"
)

// quieter is a chat application that says when it lets nothing ring for a
// person. One that cannot say is believed to ring.
type quieter interface {
	Quiet(ctx context.Context, user string) (from, until time.Time, err error)
}

// asking carries out "quiet" effects.
type asking struct{ chats map[bot.Platform]bot.Chat }

// Send implements outbox.Sender.
func (a *asking) Send(ctx context.Context, effect outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	var order digest.Quiet
	if err := json.Unmarshal(effect.Data, &order); err != nil {
		return outbox.Receipt{}, &outbox.Error{Fault: outbox.Rejected, Reason: "outbox.broken", Err: err}
	}
	chat, ok := a.chats[bot.Platform(order.Place.Platform)].(quieter)
	if !ok {
		return outbox.Receipt{}, nil
	}
	from, until, err := chat.Quiet(ctx, order.Place.Channel)
	if errors.Is(err, outbox.ErrCannotTell) {
		return outbox.Receipt{}, nil
	}
	return digest.Told(digest.Stretch{From: from, Until: until}), err
}
