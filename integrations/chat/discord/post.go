package discord

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/outbox"
	"crieur/bot/work"

	"github.com/bwmarrin/discordgo"
)

// Flags of messages.
const (
	flagPrivate = int(discordgo.MessageFlagsEphemeral)
	flagSilent  = int(discordgo.MessageFlagsSuppressNotifications)
	flagV2      = int(discordgo.MessageFlagsIsComponentsV2)
)

// young is how long after an interaction its acknowledgement may still be on
// its way.
const young = 5 * time.Second

// outgoing is a message as it is sent.
type outgoing struct {
	Flags      int             `json:"flags,omitempty"`
	Components []component     `json:"components"`
	Mentions   allowedMentions `json:"allowed_mentions"`
	// Nonce with Enforce makes Discord return the earlier message when the same
	// is sent again within a few minutes.
	Nonce       string       `json:"nonce,omitempty"`
	Enforce     bool         `json:"enforce_nonce,omitempty"`
	Reference   *reference   `json:"message_reference,omitempty"`
	Attachments []attachment `json:"attachments,omitzero"`
}

// allowedMentions lets nobody be notified but the users named.
type allowedMentions struct {
	Parse   []string `json:"parse"`
	Users   []string `json:"users,omitempty"`
	Replied bool     `json:"replied_user"`
}

type reference struct {
	Message string `json:"message_id"`
	Strict  bool   `json:"fail_if_not_exists"`
}

// posted is a message as Discord returns it, as far as it matters here.
type posted struct {
	ID         string     `json:"id"`
	Channel    string     `json:"channel_id"`
	Thread     *posted    `json:"thread"`
	Reference  *reference `json:"message_reference"`
	Components []element  `json:"components"`
}

func (m message) outgoing(flags int) outgoing {
	out := outgoing{Flags: flagV2 | flags, Components: m.components, Mentions: allowedMentions{Parse: []string{}}}
	if len(m.files) > 0 {
		out.keep(m.files, nil)
	}
	return out
}

// Post implements bot.Chat. It may be repeated with the same nonce after an
// ambiguous error: Discord then returns the message that is already there.
func (c *Chat) Post(ctx context.Context, place board.Place, card bot.Card, how bot.PostOptions) (board.Place, error) {
	at, err := c.post(ctx, place, card, how)
	c.unreached(place, err)
	return at, err
}

func (c *Chat) post(ctx context.Context, place board.Place, card bot.Card, how bot.PostOptions) (board.Place, error) {
	channel, err := c.channelOf(ctx, place)
	if err != nil {
		return place, err
	}
	var made posted
	var into string
	sheet, err := c.present(ctx, place.Team, card, func(s sheet) (err error) {
		into, err = c.put(ctx, place, channel, s, how, &made)
		return err
	})
	if err != nil {
		return place, fmt.Errorf("post card to %s: %w", place.Destination(), err)
	}
	c.remember(made)
	place.Message = made.ID
	if how.Repeated { // it may be the one of then, as the card was then
		if err := c.change(ctx, place, into, sheet.message, &made); err != nil {
			return place, fmt.Errorf("renew card %s: %w", made.ID, err)
		}
	}
	if into == place.Channel {
		place.Thread = ""
	}
	c.spread.put(made.ID, false)
	if len(sheet.parts) > 0 {
		if err := c.goOn(ctx, place, into, sheet, how.Nonce, nil); err != nil {
			return place, fmt.Errorf("continue card %s: %w", made.ID, err)
		}
	}
	return place, nil
}

// put posts the message of a card and returns the channel that took it: in a
// thread that is not there yet, the message opens it.
func (c *Chat) put(ctx context.Context, place board.Place, channel string, s sheet, how bot.PostOptions, made *posted) (string, error) {
	out := s.outgoing(0)
	if how.Silent {
		out.Flags |= flagSilent
	}
	out.Mentions.Users = s.users[:min(len(s.users), 100)]
	out.Nonce = nonceOf(how.Nonce, "0")
	out.Enforce = out.Nonce != ""
	err := c.rest.do(ctx, sendCall(channel, place, out, s.files), made)
	if errors.Is(err, outbox.ErrGone) && place.Thread != "" { // nothing hangs under that message yet
		if channel, err = c.thread(ctx, place.Channel, place.Thread, s.name); err == nil {
			err = c.rest.do(ctx, sendCall(channel, place, out, s.files), made)
		}
	}
	return channel, err
}

// Edit implements bot.Chat. An edit without an answer is Temporary: doing it
// twice shows the same.
func (c *Chat) Edit(ctx context.Context, place board.Place, card bot.Card) error {
	channel, err := c.channelOf(ctx, place)
	if err != nil {
		return err
	}
	c.afterMark(ctx, place.Message)
	var made posted
	sheet, err := c.present(ctx, place.Team, card, func(s sheet) error { return c.change(ctx, place, channel, s.message, &made) })
	if err != nil {
		return fmt.Errorf("edit card %s: %w", place.Message, err)
	}
	before, known := c.spread.get(place.Message)
	if !known { // another process put it up; a thread would have shown itself
		before = !threaded(place)
	}
	if len(sheet.parts) == 0 && made.Thread == nil && !before {
		return nil
	}
	there, err := c.partsOf(ctx, place, channel, made.Thread != nil)
	if err != nil {
		return fmt.Errorf("edit rest of card %s: %w", place.Message, err)
	}
	return c.goOn(ctx, place, channel, sheet, "", there)
}

// change edits one message. The pictures that it is known to have stay; when
// Discord knows better, all are sent again.
func (c *Chat) change(ctx context.Context, place board.Place, channel string, m message, made *posted) error {
	there, _ := c.attached.get(place.Message)
	old := c.old(place.Message)
	patch := func() error {
		out := m.outgoing(0)
		fresh := out.keep(m.files, there)
		return c.rest.do(ctx, call{method: http.MethodPatch, path: "/channels/" + channel + "/messages/" + place.Message,
			route: "PATCH /channels/messages", major: channel, body: out, files: fresh, again: true, old: old, needs: sendNeeds(place)}, made)
	}
	err := c.awake(ctx, channel, patch)
	if statusOf(err) == http.StatusBadRequest && len(there) > 0 {
		there = nil
		err = patch()
	}
	if err == nil {
		c.remember(*made)
	}
	return err
}

// Answer implements bot.Chat. An empty card takes "thinking…" away.
func (c *Chat) Answer(ctx context.Context, h bot.Handle, card bot.Card) error {
	if h.Secret == "" || (!h.Expires.IsZero() && !c.now().Before(h.Expires)) {
		return &outbox.Error{Fault: outbox.Gone, Reason: "discord.expired"}
	}
	if empty(card) {
		if !h.Deferred {
			return nil
		}
		return c.settled(ctx, h, func(ctx context.Context) error { return c.forget(ctx, h.Secret) })
	}
	var at string
	sheet, err := c.present(ctx, c.opts.Guild, card, func(s sheet) error {
		at = answerKey(h, card, len(s.parts))
		if up, _ := c.answered.get(at); up > 0 {
			return nil
		}
		return c.settled(ctx, h, func(ctx context.Context) error {
			if h.Deferred {
				return c.original(ctx, h.Secret, s.message)
			}
			return c.followUp(ctx, h.Secret, s.message)
		})
	})
	if err != nil {
		return fmt.Errorf("answer interaction %s: %w", h.ID, err)
	}
	return c.followUps(ctx, h.Secret, at, sheet.parts)
}

// answerKey names an answer without telling the handle or the words.
func answerKey(h bot.Handle, card bot.Card, parts int) string {
	raw, err := json.Marshal([]any{h.Secret, card, parts})
	if err != nil { // words, numbers and times always encode
		panic("encode answer: " + err.Error())
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// settled makes a call about an interaction that may not be acknowledged yet:
// the handler can be faster than the acknowledgement on its way to Discord,
// which then knows nothing of the interaction. While the handle is young that
// is not the end of it.
func (c *Chat) settled(ctx context.Context, h bot.Handle, do func(context.Context) error) error {
	for _, wait := range []time.Duration{100 * time.Millisecond, 400 * time.Millisecond, time.Second} {
		err := do(ctx)
		if !errors.Is(err, outbox.ErrGone) || h.Expires.Sub(c.now()) < handleLife-young || !work.Pause(ctx, wait) {
			return err
		}
	}
	return do(ctx)
}

// followUps says the rest of an answer whose first message is up. One that failed
// half-way goes on, when it is tried again, after what was said.
func (c *Chat) followUps(ctx context.Context, token, at string, parts []message) error {
	if len(parts) == 0 {
		return nil
	}
	up, _ := c.answered.get(at)
	for up = max(up, 1); up <= len(parts); up++ {
		c.answered.put(at, up)
		if err := c.followUp(ctx, token, parts[up-1]); err != nil {
			return fmt.Errorf("continue answer %d: %w", up, err)
		}
	}
	c.answered.put(at, 0)
	return nil
}

func (c *Chat) followUp(ctx context.Context, token string, m message) error {
	return c.rest.do(ctx, call{method: http.MethodPost, path: "/webhooks/" + c.opts.AppID + "/" + token,
		route: "POST /webhooks", body: m.outgoing(flagPrivate), files: m.files, exempt: true}, nil)
}

// original fills the message that showed "thinking…".
func (c *Chat) original(ctx context.Context, token string, m message) error {
	out := m.outgoing(0)
	fresh := out.keep(m.files, nil)
	edit := c.originalCall(http.MethodPatch, token, out)
	edit.files = fresh
	return c.rest.do(ctx, edit, nil)
}

func (c *Chat) originalCall(method, token string, body any) call {
	return call{method: method, path: "/webhooks/" + c.opts.AppID + "/" + token + "/messages/@original",
		route: method + " /webhooks/messages/@original", body: body, exempt: true, again: true}
}

// forget deletes the answer that is still "thinking…".
func (c *Chat) forget(ctx context.Context, token string) error {
	return c.rest.do(ctx, c.originalCall(http.MethodDelete, token, nil), nil)
}

// draw renders a card and remembers what its buttons may ask for later.
func (c *Chat) draw(team string, card bot.Card, pictures map[string]file) sheet {
	r := c.render
	r.pictures = pictures
	sheet := r.card(team, card)
	if len(sheet.dropped) > 0 {
		c.log.Error("discord: parts of a card cannot be shown", "dropped", strings.Join(sheet.dropped, " "))
	}
	if asks(card) {
		c.cards.put(foldKey(card), card)
	}
	return sheet
}

// asks says whether a card holds more than its message can: questions before
// buttons, folded words.
func asks(card bot.Card) bool {
	if slices.ContainsFunc(card.Blocks, func(b bot.Block) bool { return b.Folded }) {
		return true
	}
	return slices.ContainsFunc(buttonsOf(card), func(b bot.Button) bool { return b.Confirm != nil })
}

// buttonsOf lists every button of a card.
func buttonsOf(card bot.Card) []bot.Button {
	all := slices.Concat(card.Buttons, card.More)
	for _, block := range card.Blocks {
		all = append(all, block.Buttons...)
	}
	return all
}

func empty(card bot.Card) bool {
	return len(card.Blocks) == 0 && len(card.Title) == 0 && len(card.Buttons) == 0 && len(card.More) == 0 && card.Summary == ""
}

func sendNeeds(place board.Place) int64 {
	if place.Thread != "" {
		return discordgo.PermissionSendMessagesInThreads
	}
	return discordgo.PermissionSendMessages
}

func sendCall(channel string, place board.Place, out outgoing, files []file) call {
	return call{method: http.MethodPost, path: "/channels/" + channel + "/messages", route: "POST /channels/messages",
		major: channel, body: out, files: files, needs: sendNeeds(place)}
}

// channelOf is the channel to post in: the thread, which has the ID of the
// message that it hangs under, the channel, or the direct message channel of a
// person, which has no threads and is opened when it was not yet.
func (c *Chat) channelOf(ctx context.Context, place board.Place) (string, error) {
	user, person := strings.CutPrefix(place.Channel, "@")
	switch {
	case !person && place.Thread != "":
		return place.Thread, nil
	case !person:
		return place.Channel, nil
	}
	if channel, ok := c.direct.get(user); ok {
		return channel, nil
	}
	var made posted
	err := c.rest.do(ctx, call{method: http.MethodPost, path: "/users/@me/channels", route: "POST /users/@me/channels",
		body: map[string]string{"recipient_id": user}, again: true}, &made)
	if err != nil {
		return "", fmt.Errorf("open direct messages with %s: %w", user, err)
	}
	c.direct.put(user, made.ID)
	return made.ID, nil
}

// awake makes a call that an archived thread refuses, once more when that is open
// again.
func (c *Chat) awake(ctx context.Context, channel string, do func() error) error {
	err := do()
	if codeOf(err) != codeArchived {
		return err
	}
	if err := c.wake(ctx, channel); err != nil {
		return err
	}
	return do()
}

func (c *Chat) wake(ctx context.Context, thread string) error {
	return c.rest.do(ctx, call{method: http.MethodPatch, path: "/channels/" + thread, route: "PATCH /channels",
		major: thread, body: map[string]bool{"archived": false}, again: true, needs: discordgo.PermissionSendMessagesInThreads}, nil)
}

// partNumber finds a further message by the number of its container.
func (p posted) partNumber() int {
	for _, box := range p.Components {
		if box.Type == int(discordgo.ContainerComponent) && box.ID > partID && box.ID < partID+1000 {
			return box.ID - partID
		}
	}
	return 0
}

func partName(n int) string { return "part" + strconv.Itoa(n) }

// Locate implements bot.Locator, in the form of Discord's own links to messages.
func (c *Chat) Locate(at board.Place) string {
	if at.Team == "" || at.Channel == "" || at.Message == "" {
		return ""
	}
	return "https://discord.com/channels/" + at.Team + "/" + cmp.Or(at.Thread, at.Channel) + "/" + at.Message
}
