package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/work"
	"crieur/integrations/internal/marks"

	"github.com/bwmarrin/discordgo"
)

// A click that makes its card busy is stored before it is acknowledged, so its
// handler may be done, and the card in its new state, while "Working…" is still
// on its way: it would come last and stay. In one process an edit therefore
// waits for the acknowledgements under way on its message. When another process
// does the edits, the card is looked at a little later and drawn again.
const (
	// arrives is how long a response over HTTP may take to reach Discord after it
	// was written.
	arrives = 250 * time.Millisecond
	// busyWait is how long an edit waits for acknowledgements.
	busyWait = 1500 * time.Millisecond
	// healAfter is when a card that still says "Working…" is drawn again.
	healAfter = 5 * time.Second
)

// busy are the acknowledgements under way by message, and the edits so far.
type busy struct {
	marks  marks.Marks
	edited *kept[time.Time]
}

func newBusy() *busy { return &busy{edited: newKept[time.Time](2000)} }

// wait returns when no acknowledgement is under way on the message.
func (b *busy) wait(ctx context.Context, message string) {
	ctx, cancel := context.WithTimeout(ctx, busyWait)
	defer cancel()
	b.marks.Wait(ctx, message)
}

// heal draws a card again that says "Working…" although the work may be done: it
// was edited by another process before that line came. A process that ends leaves
// it to the others, or to its next life.
func (c *Chat) heal(ctx context.Context, e bot.Event, line string, clicked time.Time) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.lanes.ctx, cancel)() // Stop does not wait for it
	waited := work.Pause(ctx, healAfter)
	if at, ok := c.busy.edited.get(e.Place.Message); ok && at.After(clicked) {
		return nil
	}
	if !waited {
		e.ID, e.Kind, e.Reply = "mend:"+e.ID, bot.Mend, bot.Handle{}
		_, err := c.store(context.WithoutCancel(ctx), e)
		return err
	}
	redrawer, ok := c.front.(bot.Redrawer)
	if !ok || e.Token == "" {
		return nil
	}
	channel, err := c.channelOf(ctx, e.Place)
	if err != nil {
		return err
	}
	var now struct {
		Components json.RawMessage `json:"components"`
	}
	err = c.rest.do(ctx, call{method: http.MethodGet, path: "/channels/" + channel + "/messages/" + e.Place.Message,
		route: "GET /channels/messages/one", major: channel, again: true, needs: discordgo.PermissionReadMessageHistory}, &now)
	if err != nil || !says(now.Components, workingLine(line)) {
		return err
	}
	card, err := within(ctx, bot.FormDeadline, func(ctx context.Context) (bot.Card, error) { return redrawer.Redraw(ctx, shared(e)) })
	if _, forgotten := asRefusal(err); forgotten { // no new state will ever come
		return c.leave(ctx, channel, e.Place.Message, now.Components, line)
	}
	if err != nil {
		return err
	}
	return c.Edit(ctx, e.Place, card)
}

// leave leaves a message its words alone, without the line.
func (c *Chat) leave(ctx context.Context, channel, message string, components json.RawMessage, line string) error {
	var comps []map[string]any
	if err := json.Unmarshal(components, &comps); err != nil {
		return err
	}
	body := map[string]any{"components": without(still(comps), workingLine(line)), "allowed_mentions": allowedMentions{Parse: []string{}}}
	return c.rest.do(ctx, call{method: http.MethodPatch, path: "/channels/" + channel + "/messages/" + message,
		route: "PATCH /channels/messages", major: channel, body: body, again: true}, nil)
}

// shared is the event as everybody sees its card: in the language of nobody in
// particular, unless it is in direct messages.
func shared(e bot.Event) bot.Event {
	if !e.Direct {
		e.User.Locale = ""
	}
	return e
}

// says looks for a text in components, however they are encoded.
func says(components json.RawMessage, text string) bool {
	var value any
	if json.Unmarshal(components, &value) != nil {
		return false
	}
	data, err := json.Marshal(value)
	note, noteErr := json.Marshal(text)
	return err == nil && noteErr == nil && strings.Contains(string(data), string(note))
}
