package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot/board"
	"crieur/bot/outbox"
)

// findBack is how far back a message is looked for, and findPages how many
// pages of 100 at most.
const (
	findBack  = time.Hour
	findPages = 3
)

// Find looks for the message that a Post with this nonce put up, after one
// whose answer was lost. Found false without an error means that it is not
// there. Most installations may not read a channel's history; then the error is
// outbox.ErrCannotTell.
func (a *Adapter) Find(ctx context.Context, place board.Place, nonce string) (board.Place, bool, error) {
	channel, err := a.channel(ctx, place.Channel)
	if err != nil {
		return place, false, err
	}
	place.Channel = channel
	cursor := ""
	for range findPages {
		page, err := a.client.GetConversationHistoryContext(ctx, &api.GetConversationHistoryParameters{
			ChannelID: channel, Cursor: cursor, Limit: 100, IncludeAllMetadata: true,
			Oldest: fmt.Sprintf("%d.000000", a.now().Add(-findBack).Unix())})
		var refused api.SlackErrorResponse
		switch {
		case errors.As(err, &refused) && refused.Err == "missing_scope":
			return place, false, fmt.Errorf("find message in %s: %w", channel, outbox.ErrCannotTell)
		case err != nil:
			return place, false, failure(fmt.Errorf("find message in %s: %w", channel, err), nil, false)
		}
		for _, m := range page.Messages {
			if m.Metadata.EventType == metadataType && m.Metadata.EventPayload["effect"] == nonce {
				place.Message = m.Timestamp
				return place, true, nil
			}
		}
		if cursor = page.ResponseMetaData.NextCursor; cursor == "" || !page.HasMore {
			return place, false, nil
		}
	}
	return place, false, fmt.Errorf("find message in %s: too many messages: %w", channel, outbox.ErrCannotTell)
}
