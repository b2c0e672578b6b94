package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"crieur/bot"

	"github.com/bwmarrin/discordgo"
)

// reopenAction is the adapter's own button that opens a refused form again; its
// Arg is the key of the form.
const reopenAction = "discord.reopen"

// openForm is a form that somebody has before them, with what they sent.
type openForm struct {
	user string
	form bot.Form
}

// formKey is the key of a form that a person has open: 16 of [0-9a-f], so that
// it fits a button's Arg.
func formKey(user, customID string) string {
	sum := sha256.Sum256([]byte(user + "|" + customID))
	return hex.EncodeToString(sum[:8])
}

func asRefusal(err error) (*bot.Refusal, bool) {
	var refusal *bot.Refusal
	return refusal, errors.As(err, &refusal)
}

// click is a button or a menu.
func (c *Chat) click(ctx context.Context, in interaction) response {
	var data componentData
	if err := json.Unmarshal(in.Data, &data); err != nil {
		return c.unreadable(in, err)
	}
	id, err := parseCustom(data.CustomID)
	values := data.Values
	if err == nil && id.kind == more && len(values) == 1 {
		id, err = parseCustom(values[0])
		values = nil
	}
	if err != nil {
		return c.unreadable(in, err)
	}
	e := c.event(in)
	e.Kind, e.Action, e.Arg, e.Token = bot.Action, id.call.Action, id.call.Arg, id.call.Token
	if data.Type != int(discordgo.ButtonComponent) && values != nil {
		e.Values = map[string][]string{"choice": values}
	}
	switch {
	case id.kind == ask:
		return c.question(ctx, in, e)
	case id.kind == no:
		return c.calledOff(e)
	case id.kind == unfold:
		e.Token = id.key
		return c.unfolded(ctx, e, id.n)
	case id.kind == more:
		return c.unreadable(in, errCustom)
	case e.Action == reopenAction:
		return c.reopen(e)
	}
	return c.take(ctx, in, e)
}

// cardOf is the card that an event belongs to: drawn again if the front can,
// else as it was last shown from here.
func (c *Chat) cardOf(ctx context.Context, e bot.Event) (bot.Card, bool) {
	if redrawer, ok := c.front.(bot.Redrawer); ok && !strings.HasPrefix(e.Token, "~") {
		card, err := within(ctx, bot.FormDeadline, func(ctx context.Context) (bot.Card, error) { return redrawer.Redraw(ctx, e) })
		if err == nil {
			return card, true
		}
		c.log.Info("discord: card not drawn again", "event", e.ID, "error", err)
	}
	return c.cards.get(e.Token)
}

// question asks privately before a button acts.
func (c *Chat) question(ctx context.Context, in interaction, e bot.Event) response {
	q := bot.Confirm{Title: c.front.Say(e, "discord.sure"), Yes: c.front.Say(e, "discord.yes"), No: c.front.Say(e, "chat.cancel")}
	style := discordgo.PrimaryButton
	if card, ok := c.cardOf(ctx, e); ok {
		for _, b := range buttonsOf(card) {
			if b.Action == e.Action && b.Arg == e.Arg && b.Confirm != nil {
				q = *b.Confirm
				if b.Style == bot.Danger {
					style = discordgo.DangerButton
				}
				break
			}
		}
	}
	d := &drawing{renderer: c.render, team: e.Team, card: bot.Card{Lang: e.User.Locale}}
	p := &packer{d: d}
	yesID := custom{kind: yes, call: bot.Callback{Action: e.Action, Arg: e.Arg, Token: e.Token}}
	p.open([]piece{row(
		discordgo.Button{Label: shorten(q.Yes, maxLabel), Style: style, CustomID: yesID.String()},
		discordgo.Button{Label: shorten(q.No, maxLabel), Style: discordgo.SecondaryButton, CustomID: string(no)})})
	p.put(words("", bot.Text{{Text: q.Title, Strong: true}}))
	p.put(words("", bot.Say(q.Text)))
	p.close()
	return c.privately(e, sheet{message: p.done[0], parts: p.done[1:]})
}

// calledOff ends a question that was answered by no.
func (c *Chat) calledOff(e bot.Event) response {
	s := c.draw(e.Team, bot.Card{Lang: e.User.Locale, Blocks: []bot.Block{bot.P(c.front.Say(e, "discord.kept"))}}, nil)
	return response{Type: discordgo.InteractionResponseUpdateMessage, Data: s.outgoing(0)}
}

// unfolded shows folded words to the person who asked.
func (c *Chat) unfolded(ctx context.Context, e bot.Event, n int) response {
	card, ok := c.cardOf(ctx, e)
	if ok {
		for _, block := range card.Blocks {
			if !block.Folded || block.Kind != bot.Quote {
				continue
			}
			if n == 0 {
				return c.private(e, bot.Card{Lang: card.Lang, Blocks: []bot.Block{{Kind: bot.Quote, Quoted: block.Quoted}}})
			}
			n--
		}
	}
	return c.line(e, "chat.gone")
}

// submit is a sent form: its fields are checked, then it is stored.
func (c *Chat) submit(ctx context.Context, in interaction) response {
	var data formData
	if err := json.Unmarshal(in.Data, &data); err != nil {
		return c.unreadable(in, err)
	}
	id, err := parseCustom(data.CustomID)
	if err != nil || id.kind != act {
		return c.unreadable(in, errCustom)
	}
	e := c.event(in)
	e.Kind, e.Action, e.Arg, e.Token = bot.Submit, id.call.Action, id.call.Arg, id.call.Token
	var named []string
	e.Values, e.Files, named = data.values()
	written := e // with names as they were written
	wrong, err := within(ctx, bot.FormDeadline, func(ctx context.Context) (wrong map[string]string, err error) {
		if e.Values, wrong, err = c.named(ctx, e, c.formOf(e, data.CustomID), named); err != nil || len(wrong) > 0 {
			return wrong, err
		}
		return c.front.Check(ctx, e)
	})
	if err != nil || len(wrong) > 0 {
		return c.again(written, data.CustomID, wrong, err)
	}
	ack := c.front.Ack(e)
	if ack == bot.Open { // Discord opens no form from a form
		ack = bot.Wait
	}
	return c.accept(ctx, in, e, ack)
}

// again answers a form that cannot be taken: what is wrong, what was written,
// and a button that opens the form as it was sent.
func (c *Chat) again(e bot.Event, customID string, wrong map[string]string, cause error) response {
	key := formKey(e.User.ID, customID)
	kept, known := c.forms.get(key)
	card := bot.Card{Lang: e.User.Locale}
	if refusal, ok := asRefusal(cause); ok {
		card.Blocks = refusal.Card.Blocks
	} else if cause != nil {
		c.log.Warn("discord: form not checked in time", "event", e.ID, "error", cause)
		card.Blocks = []bot.Block{bot.P(c.front.Say(e, "chat.unconfirmed"))}
	} else {
		card.Blocks = []bot.Block{bot.P(c.front.Say(e, "discord.fix"))}
	}
	names := map[string]string{}
	order := slices.Sorted(maps.Keys(wrong))
	if known {
		kept.form.Fields = slices.Clone(kept.form.Fields)
		order = order[:0]
		for i, field := range kept.form.Fields {
			names[field.ID] = field.Label
			kept.form.Fields[i].Value = e.Values[field.ID]
			if wrong[field.ID] != "" {
				order = append(order, field.ID)
			}
		}
		c.forms.put(key, kept)
		card.Buttons = []bot.Button{{Action: reopenAction, Arg: key, Label: c.front.Say(e, "discord.reopen"), Style: bot.Primary}}
	}
	for _, id := range order {
		line := bot.Text{{Text: wrong[id]}}
		if names[id] != "" {
			line = bot.Text{{Text: names[id], Strong: true}, {Text: " · " + wrong[id]}}
		}
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Paragraph, Text: line})
	}
	if len(e.Files) > 0 {
		card.Blocks = append(card.Blocks, bot.P(c.front.Say(e, "discord.upload.again")))
	}
	card.Blocks = append(card.Blocks, typed(e)...)
	return c.private(e, card)
}

// typed quotes the longer texts that somebody wrote, so that nothing is lost
// even when the form is.
func typed(e bot.Event) []bot.Block {
	var blocks []bot.Block
	for _, id := range slices.Sorted(maps.Keys(e.Values)) {
		text := strings.Join(e.Values[id], ", ")
		uploaded := slices.ContainsFunc(e.Files, func(f bot.Upload) bool { return f.Ref == text })
		if len(text) > 20 && !uploaded {
			blocks = append(blocks, bot.Block{Kind: bot.Quote, Quoted: text})
		}
	}
	return blocks
}

// reopen opens a refused form again, as it was sent.
func (c *Chat) reopen(e bot.Event) response {
	kept, ok := c.forms.get(e.Arg)
	if !ok || kept.user != e.User.ID {
		return c.line(e, "discord.lost")
	}
	return c.show(e, kept.form)
}
