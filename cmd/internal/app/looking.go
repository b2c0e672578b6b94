package app

import (
	"context"
	"log/slog"
	"maps"
	"slices"

	"crieur/bot"
	"crieur/bot/outbox"
	"crieur/commands/setup"
)

// looking carries out "channels" effects: it asks every chat application in
// which channels cards may hang. One that does not answer is named, and does not
// hide the others.
type looking struct {
	chats map[bot.Platform]bot.Chat
	log   *slog.Logger
}

// Send implements outbox.Sender.
func (l *looking) Send(ctx context.Context, _ outbox.Effect, _ outbox.Attempt) (outbox.Receipt, error) {
	var seen setup.Seen
	for _, platform := range slices.Sorted(maps.Keys(l.chats)) {
		lister, ok := l.chats[platform].(bot.Lister)
		if !ok {
			continue
		}
		channels, err := lister.Channels(ctx)
		if err != nil {
			l.log.Warn("channels not listed", "platform", string(platform), "err", err)
			seen.Silent = append(seen.Silent, string(platform))
		}
		for _, channel := range channels {
			seen.Channels = append(seen.Channels, setup.Channel(channel))
		}
	}
	keep, err := setup.Found(seen)
	return outbox.Receipt{Keep: keep}, err
}
