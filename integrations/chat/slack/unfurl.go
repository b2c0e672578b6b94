package slack

import (
	"context"
	"fmt"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/board"
)

// unfurl shows a card as the preview of a link in somebody's message, or brings
// that to a new state. It waits for a "Working…" under way there. The preview has
// no thread of its own: of a long card it shows the beginning, and where the rest
// is. Pictures are shown by their words.
func (a *Adapter) unfurl(ctx context.Context, place board.Place, card bot.Card) error {
	render := a.render
	render.preview = true
	shown, err := render.card(card)
	if err != nil {
		return failure(err, nil, false)
	}
	a.marks.Wait(ctx, messageKey(place))
	return a.preview(ctx, place, shown.pages[0].text, shown.pages[0].blocks)
}

// preview puts blocks under a link. Slack replaces what it showed there before.
func (a *Adapter) preview(ctx context.Context, place board.Place, text string, blocks []api.Block) error {
	var trace sent
	_, _, _, err := a.client.UnfurlMessageContext(trace.trace(ctx), place.Channel, place.Message,
		map[string]api.Attachment{place.Link: {Fallback: text, Blocks: api.Blocks{BlockSet: blocks}}})
	if err != nil {
		err = fmt.Errorf("show a card under %s in %s: %w", place.Message, place.Channel, err)
	}
	return failure(err, &trace, false)
}
