package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"crieur/bot/board"
	"crieur/bot/outbox"

	"github.com/bwmarrin/discordgo"
)

// goOn puts up the rest of a card whose message hangs already. What Discord
// refuses for good is not the failure of the card, which would be put up a second
// time: it says that its rest is missing, and its next state tries again.
func (c *Chat) goOn(ctx context.Context, place board.Place, channel string, s sheet, nonce string, there map[int]posted) error {
	err := c.follow(ctx, place, channel, s, nonce, there)
	if err == nil {
		return nil
	}
	switch outbox.FaultOf(err) {
	case outbox.Rejected, outbox.Denied, outbox.Gone:
		c.log.Error("discord: rest of a card not shown", "channel", channel, "message", place.Message, "error", err)
		return c.change(ctx, place, channel, s.alone(), new(posted))
	}
	return err
}

// follow puts up the further messages of a card: in a thread under its message,
// or right behind it where there can be no thread (direct messages, threads, a
// missing permission). there are those that are up already, by number: they are
// edited, and what is no longer needed is deleted. Nothing of it notifies.
func (c *Chat) follow(ctx context.Context, place board.Place, channel string, s sheet, nonce string, there map[int]posted) error {
	c.spread.put(place.Message, true) // until the last of them is gone
	target := channel
	if threaded(place) && len(s.parts) > 0 {
		thread, err := c.thread(ctx, channel, place.Message, s.name)
		if err != nil {
			return err
		}
		target = thread
	}
	for i, part := range s.parts {
		n := i + 1
		if err := c.part(ctx, place, target, n, part, nonce, there[n]); err != nil {
			return fmt.Errorf("message %d: %w", n+1, err)
		}
		delete(there, n)
	}
	for n, old := range there {
		err := c.awake(ctx, old.Channel, func() error {
			return c.rest.do(ctx, call{method: http.MethodDelete, path: "/channels/" + old.Channel + "/messages/" + old.ID,
				route: "DELETE /channels/messages", major: old.Channel, again: true}, nil)
		})
		if err != nil && !errors.Is(err, outbox.ErrGone) {
			return fmt.Errorf("delete message %d: %w", n+1, err)
		}
	}
	c.spread.put(place.Message, len(s.parts) > 0)
	return nil
}

// part sends or edits one further message.
func (c *Chat) part(ctx context.Context, place board.Place, target string, n int, m message, nonce string, old posted) error {
	needs := int64(discordgo.PermissionSendMessagesInThreads)
	if len(m.files) > 0 {
		needs = discordgo.PermissionAttachFiles
	}
	if old.ID != "" {
		c.afterMark(ctx, old.ID)
		return c.awake(ctx, old.Channel, func() error {
			return c.rest.do(ctx, call{method: http.MethodPatch, path: "/channels/" + old.Channel + "/messages/" + old.ID,
				route: "PATCH /channels/messages", major: old.Channel, body: m.outgoing(0), files: m.files, again: true, old: c.old(old.ID), needs: needs}, nil)
		})
	}
	out := m.outgoing(flagSilent)
	out.Nonce = nonceOf(nonce, partName(n))
	out.Enforce = out.Nonce != ""
	if target != place.Message {
		out.Reference = &reference{Message: place.Message}
	}
	return c.rest.do(ctx, call{method: http.MethodPost, path: "/channels/" + target + "/messages", route: "POST /channels/messages",
		major: target, body: out, files: m.files, needs: needs}, nil)
}

// threaded says whether a thread can hang under a message there.
func threaded(place board.Place) bool {
	return place.Thread == "" && !strings.HasPrefix(place.Channel, "@")
}

// thread opens the thread under a message, or finds the one that is there.
// Without the permission the channel itself takes the further messages.
func (c *Chat) thread(ctx context.Context, channel, message, name string) (string, error) {
	var made posted
	err := c.rest.do(ctx, call{method: http.MethodPost, path: "/channels/" + channel + "/messages/" + message + "/threads",
		route: "POST /channels/messages/threads", major: channel, again: true,
		body: map[string]string{"name": name}, needs: discordgo.PermissionCreatePublicThreads}, &made)
	switch {
	case err == nil:
		return made.ID, nil
	case codeOf(err) == codeThreadExists:
		return message, nil
	case outbox.FaultOf(err) == outbox.Denied && codeOf(err) != 0:
		c.log.Warn("discord: no thread may be opened, going on in the channel", "channel", channel, "error", err)
		return channel, nil
	}
	return "", fmt.Errorf("open thread: %w", err)
}

// partsOf finds the further messages of a card, by number.
func (c *Chat) partsOf(ctx context.Context, place board.Place, channel string, inThread bool) (map[int]posted, error) {
	target := channel
	if inThread {
		target = place.Message
	}
	var found []posted
	err := c.rest.do(ctx, call{method: http.MethodGet, path: "/channels/" + target + "/messages?limit=50&after=" + place.Message,
		route: "GET /channels/messages", major: target, again: true, needs: discordgo.PermissionReadMessageHistory}, &found)
	if errors.Is(err, outbox.ErrGone) {
		return map[int]posted{}, nil
	}
	if err != nil {
		return nil, err
	}
	parts := map[int]posted{}
	for _, m := range found {
		ours := inThread || (m.Reference != nil && m.Reference.Message == place.Message)
		if n := m.partNumber(); n > 0 && ours {
			parts[n] = m
		}
	}
	return parts, nil
}
