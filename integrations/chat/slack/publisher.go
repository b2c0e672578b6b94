package slack

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/text/measure"
	"crieur/integrations/internal/attach"
)

// Network is the name of a channel as an account in the configuration.
const Network = "slack"

// archives leads to a message of whichever workspace the reader is in.
const archives = "https://slack.com/archives/"

// Account is a channel in which the brand publishes.
type Account struct {
	Channel string
	Name    string // as people say it; "Slack" when empty
}

// Publisher publishes in one channel. Nobody is notified by name, whatever the
// text says; a link in it is clickable and shown with its preview.
type Publisher struct {
	adapter *Adapter
	account Account
}

// Publisher returns a publisher for a channel.
func (a *Adapter) Publisher(account Account) *Publisher {
	if account.Name == "" {
		account.Name = "Slack"
	}
	return &Publisher{adapter: a, account: account}
}

// maxMedia is how many pictures a post takes.
const maxMedia = 4

// Publish posts the order: one message, or several in a row, the pictures with
// the first. Everything that Slack would refuse is looked for before. Once the
// first message is there, the order cannot be said to have failed.
func (p *Publisher) Publish(ctx context.Context, order content.Order) (content.Live, error) {
	if err := p.check(order); err != nil {
		return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, err)
	}
	ids, err := p.upload(ctx, order.Part.Media)
	if err != nil {
		return content.Live{}, fmt.Errorf("publish %s: %w", order.Key, err)
	}
	var live content.Live
	for i, text := range order.Part.Posts {
		options := []api.MsgOption{api.MsgOptionText(escape(clean(text)), false), api.MsgOptionDisableMarkdown(),
			api.MsgOptionMetadata(api.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{"effect": nonce(order, i)}})}
		if order.Part.ReplyTo != "" {
			options = append(options, api.MsgOptionTS(order.Part.ReplyTo))
		}
		var blocks []api.Block
		if i == 0 && len(ids) > 0 {
			blocks = p.blocks(order.Part, ids)
			options = append(options, api.MsgOptionBlocks(blocks...))
		}
		var trace sent
		_, ts, err := p.adapter.client.PostMessageContext(trace.trace(ctx), p.account.Channel, options...)
		switch {
		case len(refusedFiles(err, blocks)) > 0:
			return live, p.preparing(order.Part.Media[0], refusedFiles(err, blocks), err)
		case err != nil && i > 0:
			return live, &outbox.Error{Fault: outbox.Ambiguous, Reason: "outbox.unknown", Err: scrub(err)}
		case err != nil:
			return live, failure(fmt.Errorf("publish %s in %s: %w", order.Key, p.account.Channel, err), &trace, true)
		}
		p.adapter.kept.showed(ids)
		p.add(&live, ts)
	}
	return live, nil
}

// upload gives Slack the pictures of a post, and returns their IDs.
func (p *Publisher) upload(ctx context.Context, media []content.Media) (ids []string, err error) {
	for _, m := range media {
		id, err := p.adapter.upload(ctx, p.account.Name, m, nil)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// blocks are the first message of a part with its pictures: its text as it is,
// the links clickable, then the pictures with their descriptions.
func (p *Publisher) blocks(part content.Part, ids []string) []api.Block {
	var text bot.Text
	rules, _ := measure.For(measure.Slack, measure.Body)
	rest, done := clean(part.Posts[0]), 0
	for _, e := range measure.Entities(rest, rules) {
		if e.Kind == measure.Link {
			link := rest[e.Start:e.End]
			text = append(text, bot.Span{Text: rest[done:e.Start]}, bot.Span{Text: link, URL: link})
			done = e.End
		}
	}
	var blocks []api.Block
	for _, a := range p.adapter.render.paragraph(append(text, bot.Span{Text: rest[done:]})) {
		blocks = append(blocks, a.blocks...)
	}
	for i, m := range part.Media {
		alt := first(escape(clean(m.Alt)), escape(clean(m.Name)), ellipsis)
		blocks = append(blocks, api.NewImageBlockSlackFile(&api.SlackFileObject{ID: ids[i]}, alt, "", nil))
	}
	return blocks
}

// preparing says that Slack refused pictures that it still works on: nothing is
// public, and the approved post does not leave without them.
func (p *Publisher) preparing(m content.Media, refused []string, err error) error {
	p.adapter.kept.hopeful(refused, p.adapter.now())
	return &outbox.Error{Fault: outbox.Temporary, Reason: "network.media_processing",
		Args: map[string]string{"Name": p.account.Name, "File": m.Name}, Err: err}
}

// nonce marks the n-th message of an order, so that Find knows it again.
func nonce(order content.Order, n int) string { return order.Key + "-" + strconv.Itoa(n) }

func (p *Publisher) add(live *content.Live, ts string) {
	if live.Ref == "" {
		live.Ref, live.URL = ts, archives+p.account.Channel+"/p"+strings.ReplaceAll(ts, ".", "")
	}
	live.Refs = append(live.Refs, ts)
}

// check refuses what is not what was approved, and what Slack would not show
// whole.
func (p *Publisher) check(order content.Order) error {
	name := p.account.Name
	if err := order.Check(); err != nil {
		return attach.Refuse("changed", name, err)
	}
	if len(order.Part.Posts) == 0 {
		return attach.Refuse("empty", name, errors.New("no text"))
	}
	for i, text := range order.Part.Posts {
		if strings.TrimSpace(clean(text)) == "" {
			return attach.Refuse("empty", name, fmt.Errorf("text %d is empty", i+1))
		}
		if n := units(text); n > maxPost {
			return attach.Refuse("too_long", name, fmt.Errorf("text %d has %d characters", i+1, n),
				"Over", strconv.Itoa(n-maxPost), "Max", strconv.Itoa(maxPost))
		}
	}
	return p.checkMedia(order.Part)
}

func (p *Publisher) checkMedia(part content.Part) error {
	name := p.account.Name
	if err := attach.Check(part.Media, attach.Limits{Name: name, Count: maxMedia, Bytes: content.MaxFile}); err != nil {
		return err
	}
	for _, m := range part.Media {
		if n := units(escape(clean(m.Alt))); n > maxAlt {
			return attach.Refuse("alt_too_long", name, fmt.Errorf("alt text of %d", n), "File", m.Name, "Max", strconv.Itoa(maxAlt))
		}
	}
	if len(part.Media) == 0 {
		return nil
	}
	if n := weight(p.blocks(part, make([]string, len(part.Media)))...); n > maxMessage {
		return attach.Refuse("too_long", name, fmt.Errorf("%d characters with the alt texts", n),
			"Over", strconv.Itoa(n-maxMessage), "Max", strconv.Itoa(maxMessage))
	}
	return nil
}

// Find looks for the order's messages. outbox.ErrCannotTell: the history may not
// be read, as in most installations, or only some of the messages are there.
func (p *Publisher) Find(ctx context.Context, order content.Order) (live content.Live, found bool, err error) {
	for i := range order.Part.Posts {
		at, found, err := p.adapter.Find(ctx, board.Place{Channel: p.account.Channel}, nonce(order, i))
		switch {
		case err != nil:
			return content.Live{}, false, fmt.Errorf("find %s: %w", order.Key, err)
		case !found && i > 0:
			return content.Live{}, false, fmt.Errorf("find %s: %d of %d messages: %w", order.Key, i, len(order.Part.Posts), outbox.ErrCannotTell)
		case !found:
			return content.Live{}, false, nil
		}
		p.add(&live, at.Message)
	}
	return live, len(live.Refs) > 0, nil
}
