package slack

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/board"
)

// opening opens the form of an event while its trigger lives (3 s).
func (a *Adapter) opening(e bot.Event, trigger string) func(context.Context) {
	return func(ctx context.Context) {
		form, err := within(ctx, bot.FormDeadline, func(ctx context.Context) (bot.Form, error) {
			return a.front.Form(ctx, e)
		})
		var view api.ModalViewRequest
		if err == nil {
			view, err = a.render.form(form, originOf(e))
		}
		if err == nil {
			_, err = a.client.OpenViewContext(ctx, trigger, view)
		}
		if err == nil {
			return
		}
		var refusal *bot.Refusal
		var refused api.SlackErrorResponse
		if errors.As(err, &refusal) {
			a.tell(ctx, e, trigger, refusal.Card)
			return
		}
		if errors.As(err, &refused) && refused.Needed != "" { // a file input needs a permission of its own
			a.tell(ctx, e, trigger, lineCard(a.render.words.For(e.User.Locale, nil).T("slack.scope", "Needed", refused.Needed)))
			return
		}
		a.log.Warn("form not opened", "event", e.ID, "error", scrub(err))
		if errors.Is(err, ErrCard) {
			a.tell(ctx, e, trigger, lineCard(a.front.Say(e, "slack.form")))
			return
		}
		a.tell(ctx, e, trigger, lineCard(a.front.Say(e, "chat.slow")))
	}
}

func lineCard(text string) bot.Card { return bot.Card{Blocks: []bot.Block{bot.P(text)}} }

// unconfirmed says that nothing was stored, or that nobody knows.
func (a *Adapter) unconfirmed(e bot.Event, trigger string, cause error) func(context.Context) {
	return func(ctx context.Context) {
		a.tell(ctx, e, trigger, lineCard(a.front.Say(e, bot.Unconfirmed(cause))))
	}
}

// strange says that what was clicked means nothing any more: it was put up by
// another version.
func (a *Adapter) strange(e bot.Event, in interaction) func(context.Context) {
	if in.ResponseURL == "" && in.TriggerID == "" {
		return nil
	}
	e.Reply = handle(in.ResponseURL, e.Place, in.User.ID, a.now())
	return func(ctx context.Context) {
		a.tell(ctx, e, in.TriggerID, lineCard(a.front.Say(e, "chat.gone")))
	}
}

// tell says something privately, at once: beside what was clicked or, for what
// has no channel (a global shortcut), in a modal.
func (a *Adapter) tell(ctx context.Context, e bot.Event, trigger string, card bot.Card) {
	if card.Lang == "" {
		card.Lang = e.User.Locale
	}
	reply := e.Reply
	reply.Deferred = false
	var err error
	if reply.Secret != "" || e.Place.Channel != "" {
		err = a.Answer(ctx, reply, card)
	} else {
		_, err = a.client.OpenViewContext(ctx, trigger, a.render.notice(card.Lang, card))
	}
	if err != nil {
		a.log.Warn("answer not shown", "event", e.ID, "error", scrub(err))
	}
}

// showing unfolds what was folded, for the one who asked.
func (a *Adapter) showing(e bot.Event, in interaction) func(context.Context) {
	return func(ctx context.Context) {
		text, ok := unfold(in.Actions[0].Value)
		if !ok {
			a.log.Warn("folded text not understood", "event", e.ID)
			return
		}
		a.tell(ctx, e, in.TriggerID, bot.Card{Blocks: []bot.Block{{Kind: bot.Quote, Quoted: text}}})
	}
}

// markBusy takes the buttons off the card, so that nobody clicks twice. The
// new state of the card comes through the outbox; a card that is not known any
// more has none to come, and stays as it is.
func (a *Adapter) markBusy(ctx context.Context, in interaction, e bot.Event) {
	if knower, ok := a.front.(bot.Knower); ok && !knower.Known(ctx, e) {
		return
	}
	shown, text := in.Unfurl.Blocks, ""
	if in.Message != nil && in.Container.UnfurlURL == "" { // Slack does not say what a private message holds
		shown, text = in.Message.Blocks, in.Message.Text
	}
	blocks, err := withoutButtons(shown, a.front.Say(e, "chat.working"))
	if err != nil {
		a.log.Warn("card not understood", "event", e.ID, "error", err)
		return
	}
	mark := func(blocks []any) error {
		if in.Container.UnfurlURL != "" {
			return a.markPreview(ctx, in, e.Place, blocks)
		}
		return a.respond(ctx, e.Reply.Secret, map[string]any{
			"replace_original": true, "text": first(text, "Crieur"), "blocks": blocks})
	}
	var refused api.SlackErrorResponse
	err = mark(blocks)
	if errors.As(err, &refused) && refused.Err == "invalid_blocks" { // pictures that Slack does not take back
		err = mark(slices.DeleteFunc(blocks, isImage))
	}
	if err != nil {
		a.log.Warn("card not marked busy", "event", e.ID, "error", err)
	}
}

// markPreview shows a card without buttons under the link where it was clicked.
func (a *Adapter) markPreview(ctx context.Context, in interaction, place board.Place, blocks []any) error {
	raw, err := json.Marshal(blocks)
	if err != nil {
		return err
	}
	var set api.Blocks
	if err := json.Unmarshal(raw, &set); err != nil {
		return err
	}
	place.Link = in.Container.UnfurlURL
	return a.preview(ctx, place, "Crieur", set.BlockSet)
}

// sendable are the properties that Slack takes back: it adds others to the
// blocks that it delivers and refuses them when they return.
var sendable = map[string][]string{
	"header":    {"type", "block_id", "text"},
	"section":   {"type", "block_id", "text", "fields"},
	"rich_text": {"type", "block_id", "elements"},
	"context":   {"type", "block_id", "elements"},
	"divider":   {"type", "block_id"},
	"image":     {"type", "block_id", "image_url", "slack_file", "alt_text", "title"},
	"table":     {"type", "block_id", "rows", "column_settings"},
}

// withoutButtons is a card's blocks without anything to click, and the line
// that says why. What Slack delivered is escaped already.
func withoutButtons(raw json.RawMessage, working string) ([]any, error) {
	var blocks []map[string]json.RawMessage
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &blocks); err != nil {
			return nil, err
		}
	}
	var kept []any
	for _, block := range blocks {
		var kind string
		if err := json.Unmarshal(block["type"], &kind); err != nil {
			return nil, err
		}
		out := map[string]json.RawMessage{}
		for _, name := range sendable[kind] {
			if value, ok := block[name]; ok {
				out[name] = value
			}
		}
		if file, ok := out["slack_file"]; ok {
			delete(out, "image_url")
			out["slack_file"] = sendableFile(file)
		}
		if len(out) > 0 {
			kept = append(kept, out)
		}
	}
	return append(kept, small(working)), nil
}

// sendableFile is how a picture names its file: by its ID alone, where it has one.
func sendableFile(raw json.RawMessage) json.RawMessage {
	var file struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &file) != nil || file.ID == "" {
		return raw
	}
	named, err := json.Marshal(file)
	if err != nil {
		return raw
	}
	return named
}

func isImage(block any) bool {
	properties, ok := block.(map[string]json.RawMessage)
	return ok && string(properties["type"]) == `"image"`
}
