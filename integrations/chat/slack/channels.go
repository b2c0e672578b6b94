package slack

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/board"
)

// mostChannels is how many are read: one page. Who is in more has chosen theirs
// in the configuration.
const mostChannels = 200

// Channels implements bot.Lister: the channels that Crieur was invited to. It
// needs the scope channels:read.
func (a *Adapter) Channels(ctx context.Context) ([]bot.Channel, error) {
	found, _, err := a.client.GetConversationsForUserContext(ctx, &api.GetConversationsForUserParameters{
		Types: []string{"public_channel", "private_channel"}, ExcludeArchived: true, Limit: mostChannels})
	if err != nil {
		return nil, fmt.Errorf("list channels of Slack: %w", scrub(err))
	}
	all := make([]bot.Channel, 0, len(found))
	for _, c := range found {
		all = append(all, bot.Channel{Place: board.Place{Platform: string(bot.Slack), Team: a.home(""), Channel: c.ID}, Name: c.Name})
	}
	slices.SortFunc(all, func(a, b bot.Channel) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}
