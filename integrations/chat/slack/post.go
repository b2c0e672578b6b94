package slack

import (
	"context"
	"fmt"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
)

// homePrefix marks the home page of a person as a place.
const homePrefix = "home:"

// HomeOf is the home page of a person: a card posted or edited there is the
// whole page, and nobody is notified.
func HomeOf(team, user string) board.Place {
	return board.Place{Platform: string(bot.Slack), Team: team, Channel: homePrefix + user}
}

// metadataType names our messages, so that one whose send got no answer can be
// recognised where the history may be read.
const metadataType = "crieur"

// Post puts a card up. "@U…" as a channel is the direct message to that person.
// A card too long for one message continues in its thread; if only the
// continuation fails, the message stands and says so.
func (a *Adapter) Post(ctx context.Context, place board.Place, card bot.Card, how bot.PostOptions) (board.Place, error) {
	if user, ok := strings.CutPrefix(place.Channel, homePrefix); ok {
		return a.publish(ctx, place, user, card)
	}
	shown, err := a.draw(ctx, a.render, card)
	if err != nil {
		return place, failure(err, nil, true)
	}
	place.Channel, err = a.channel(ctx, place.Channel)
	if err != nil {
		return place, err
	}
	var options []api.MsgOption
	if how.Nonce != "" {
		options = append(options, api.MsgOptionMetadata(api.SlackMetadata{
			EventType: metadataType, EventPayload: map[string]any{"effect": how.Nonce}}))
	}
	if place.Thread != "" {
		options = append(options, api.MsgOptionTS(place.Thread))
	}
	err = a.show(shown.pages[0], func(p page) error {
		var trace sent
		channel, ts, err := a.client.PostMessageContext(trace.trace(ctx), place.Channel, append(message(p), options...)...)
		if err != nil {
			return failure(fmt.Errorf("post message to %s: %w", place.Channel, err), &trace, true)
		}
		place.Channel, place.Message = channel, ts
		return nil
	})
	if err != nil {
		return place, err
	}
	a.continueThread(ctx, place, card, shown, Tail{})
	return place, nil
}

// message is one message without unfurled links: what hostile words link to
// is not fetched and shown.
func message(p page) []api.MsgOption {
	return []api.MsgOption{api.MsgOptionText(p.text, false), api.MsgOptionBlocks(p.blocks...),
		api.MsgOptionDisableLinkUnfurl(), api.MsgOptionDisableMediaUnfurl()}
}

// Edit brings a message to a new state. It waits for a "Working…" under way on
// the same message, so that the state comes last.
func (a *Adapter) Edit(ctx context.Context, place board.Place, card bot.Card) error {
	if user, ok := strings.CutPrefix(place.Channel, homePrefix); ok {
		_, err := a.publish(ctx, place, user, card)
		return err
	}
	if place.Message == "" {
		return &outbox.Error{Fault: outbox.Gone, Reason: "slack.gone"}
	}
	if place.Link != "" {
		return a.unfurl(ctx, place, card)
	}
	shown, err := a.draw(ctx, a.render, card)
	if err != nil {
		return failure(err, nil, false)
	}
	if place.Channel, err = a.channel(ctx, place.Channel); err != nil {
		return err
	}
	before, err := a.options.Tails.Tail(ctx, place)
	if err != nil {
		return &outbox.Error{Fault: outbox.Temporary, Reason: "outbox.broken", Err: err}
	}
	a.marks.Wait(ctx, messageKey(place))
	if err := a.edits.turn(messageKey(place), time.Now()); err != nil {
		return err
	}
	err = a.show(shown.pages[0], func(p page) error {
		var trace sent
		_, _, _, err := a.client.UpdateMessageContext(trace.trace(ctx), place.Channel, place.Message, message(p)...)
		if err != nil {
			err = fmt.Errorf("edit message %s in %s: %w", place.Message, place.Channel, err)
		}
		return a.edits.obey(failure(err, &trace, false), time.Now())
	})
	if err != nil {
		return err
	}
	a.continueThread(ctx, place, card, shown, before)
	return nil
}

// publish brings a home page to a new state.
func (a *Adapter) publish(ctx context.Context, place board.Place, user string, card bot.Card) (board.Place, error) {
	render := a.render
	render.home = true
	shown, err := a.draw(ctx, render, card)
	if err == nil && (len(shown.pages) > 1 || len(shown.files) > 0) {
		err = fmt.Errorf("render home of %s: more than a page: %w", user, ErrCard)
	}
	if err != nil {
		return place, failure(err, nil, false)
	}
	place.Message = "home"
	return place, a.show(shown.pages[0], func(p page) error {
		var trace sent
		_, err := a.client.PublishViewContext(trace.trace(ctx), api.PublishViewContextRequest{UserID: user,
			View: api.HomeTabViewRequest{Type: api.VTHomeTab, Blocks: api.Blocks{BlockSet: p.blocks}}})
		if err != nil {
			err = fmt.Errorf("publish home of %s: %w", user, err)
		}
		return failure(err, &trace, false)
	})
}

// channel turns "@U…" into the channel of the conversation with that person.
func (a *Adapter) channel(ctx context.Context, channel string) (string, error) {
	user, ok := strings.CutPrefix(channel, "@")
	if !ok {
		return channel, nil
	}
	if id, ok := a.ims.Load(user); ok {
		return id.(string), nil
	}
	var trace sent
	opened, _, _, err := a.client.OpenConversationContext(trace.trace(ctx),
		&api.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
	if err != nil { // opening is harmless to repeat
		return "", failure(fmt.Errorf("open conversation with %s: %w", user, err), &trace, false)
	}
	a.ims.Store(user, opened.ID)
	return opened.ID, nil
}

// Locate implements bot.Locator, in the form of Slack's own permalinks.
func (a *Adapter) Locate(at board.Place) string {
	workspace := a.self().URL // "https://colibri.slack.com/"
	if workspace == "" || at.Message == "" {
		return ""
	}
	address := strings.TrimSuffix(workspace, "/") + "/archives/" + at.Channel + "/p" + strings.ReplaceAll(at.Message, ".", "")
	if at.Thread != "" {
		address += "?thread_ts=" + at.Thread + "&cid=" + at.Channel
	}
	return address
}

// messageKey names a message for marks.
func messageKey(place board.Place) string { return place.Channel + "|" + place.Message }
