package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"crieur/bot"

	"github.com/bwmarrin/discordgo"
)

// acceptBudget is how long the ingress may take to store an event. With the
// form checks before it, an acknowledgement leaves within a second.
const acceptBudget = 500 * time.Millisecond

// response is what an interaction is answered with at once.
type response struct {
	Type discordgo.InteractionResponseType `json:"type"`
	Data any                               `json:"data,omitempty"`
	// after runs once the response was sent. It says more of the same if says is
	// set; else it may be done twice.
	after func(context.Context) error
	says  bool
	// sent is called once the response has surely arrived, or never will.
	sent func()
}

type choices struct {
	Choices []commandChoice `json:"choices"`
}

type commandChoice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// respond decides on one interaction. It always returns well under a second.
func (c *Chat) respond(ctx context.Context, in interaction) response {
	switch discordgo.InteractionType(in.Type) {
	case discordgo.InteractionPing:
		return response{Type: discordgo.InteractionResponsePong}
	case discordgo.InteractionApplicationCommandAutocomplete:
		return c.complete(ctx, in)
	case discordgo.InteractionApplicationCommand:
		e, err := c.commandEvent(in)
		if err != nil {
			return c.unreadable(in, err)
		}
		return c.take(ctx, in, e)
	case discordgo.InteractionMessageComponent:
		return c.click(ctx, in)
	case discordgo.InteractionModalSubmit:
		return c.submit(ctx, in)
	}
	return c.unreadable(in, fmt.Errorf("interaction type %d", in.Type))
}

// unreadable answers what could not be decoded.
func (c *Chat) unreadable(in interaction, err error) response {
	c.log.Error("discord: interaction not understood", "interaction", in.ID, "type", in.Type, "error", err)
	return c.line(c.event(in), "chat.gone")
}

// line is a private answer of one line from the catalog.
func (c *Chat) line(e bot.Event, key string) response {
	return c.private(e, bot.Card{Lang: e.User.Locale, Blocks: []bot.Block{bot.P(c.front.Say(e, key))}})
}

// private is a private answer with a card; what does not fit follows. It is
// given at once, so pictures are shown by their words.
func (c *Chat) private(e bot.Event, card bot.Card) response {
	return c.privately(e, c.draw(e.Team, card, nil))
}

func (c *Chat) privately(e bot.Event, s sheet) response {
	r := response{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: s.outgoing(flagPrivate)}
	if len(s.parts) > 0 {
		r.says = true
		r.after = func(ctx context.Context) error { return c.followUps(ctx, e.Reply.Secret, e.ID, s.parts) }
	}
	return r
}

// take stores an event and acknowledges it, or opens the form that it asks for.
func (c *Chat) take(ctx context.Context, in interaction, e bot.Event) response {
	ack := c.front.Ack(e)
	if ack == bot.Open {
		return c.open(ctx, e)
	}
	return c.accept(ctx, in, e, ack)
}

func (c *Chat) accept(ctx context.Context, in interaction, e bot.Event, ack bot.Ack) response {
	r, deferred := c.acknowledge(in, e, ack)
	e.Reply.Deferred = deferred
	if r.Type == discordgo.InteractionResponseUpdateMessage && !in.Message.private() {
		if c.known(ctx, e) {
			r.sent = c.marks.Take(e.Place.Message)
		} else {
			r = response{Type: discordgo.InteractionResponseDeferredMessageUpdate}
		}
	}
	fresh, err := c.store(ctx, e)
	if err != nil {
		c.log.Warn("discord: interaction not stored", "event", e.ID, "error", err)
		r.done()
		return c.line(e, bot.Unconfirmed(err))
	}
	if !fresh {
		c.log.Info("discord: interaction repeated", "event", e.ID)
	}
	return r
}

// store keeps an event within its budget.
func (c *Chat) store(ctx context.Context, e bot.Event) (fresh bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, acceptBudget)
	defer cancel()
	return c.ingress.Accept(ctx, []string{e.ID}, e)
}

// acknowledge is the response of an ack mode, and whether the person then sees
// something that waits for its answer.
func (c *Chat) acknowledge(in interaction, e bot.Event, ack bot.Ack) (r response, deferred bool) {
	wait := response{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource, Data: map[string]int{"flags": flagPrivate}}
	asked := in.Message.private() && in.Message.Metadata != nil && isAnswer(in)
	switch {
	case in.Message == nil && ack == bot.Quiet:
		wait.after = func(ctx context.Context) error { return c.forget(ctx, in.Token) }
		return wait, false
	case in.Message == nil:
		return wait, true
	case ack == bot.Quiet && asked: // the question goes away
		return response{Type: discordgo.InteractionResponseDeferredMessageUpdate,
			after: func(ctx context.Context) error { return c.forget(ctx, in.Token) }}, false
	case ack == bot.Quiet:
		return response{Type: discordgo.InteractionResponseDeferredMessageUpdate}, false
	case ack == bot.Wait && !asked:
		return wait, true
	}
	update, ok := working(in.Message, c.front.Say(e, "chat.working"))
	if !ok {
		return response{Type: discordgo.InteractionResponseDeferredMessageUpdate}, in.Message.private()
	}
	// A private message is replaced by its answer: nothing else ever updates it.
	return response{Type: discordgo.InteractionResponseUpdateMessage, Data: update}, in.Message.private()
}

// done says that nothing of the response is on its way any more.
func (r response) done() {
	if r.sent != nil {
		r.sent()
	}
}

// isAnswer says whether the click answers the question before a button.
func isAnswer(in interaction) bool {
	var data componentData
	if json.Unmarshal(in.Data, &data) != nil {
		return false
	}
	c, err := parseCustom(data.CustomID)
	return err == nil && c.kind == yes
}

// open answers with a form: it has to be the first response.
func (c *Chat) open(ctx context.Context, e bot.Event) response {
	form, err := within(ctx, bot.FormDeadline, func(ctx context.Context) (bot.Form, error) { return c.front.Form(ctx, e) })
	if err != nil {
		return c.refuse(e, "chat.slow", err)
	}
	return c.show(e, form)
}

// show opens a form and keeps it, to open it again if it is refused.
func (c *Chat) show(e bot.Event, form bot.Form) response {
	m, err := modalOf(c.asking(e, form))
	if err != nil {
		c.log.Error("discord: form cannot be shown", "form", form.Action, "error", err)
		return c.line(e, "discord.form")
	}
	c.forms.put(formKey(e.User.ID, m.CustomID), openForm{user: e.User.ID, form: form})
	return response{Type: discordgo.InteractionResponseModal, Data: m}
}

// refuse shows a refusal, or the line for anything else that went wrong.
func (c *Chat) refuse(e bot.Event, key string, err error) response {
	if refusal, ok := asRefusal(err); ok {
		return c.private(e, refusal.Card)
	}
	c.log.Warn("discord: not answered in time", "event", e.ID, "error", err)
	return c.line(e, key)
}

// complete lists completions; without an answer in time there are none.
func (c *Chat) complete(ctx context.Context, in interaction) response {
	none := response{Type: discordgo.InteractionApplicationCommandAutocompleteResult, Data: choices{[]commandChoice{}}}
	e, err := c.commandEvent(in)
	if err != nil {
		c.log.Error("discord: completion not understood", "interaction", in.ID, "error", err)
		return none
	}
	found, err := within(ctx, bot.FormDeadline, func(ctx context.Context) ([]bot.Choice, error) {
		return c.front.Choices(ctx, e, e.Text)
	})
	if err != nil {
		c.log.Warn("discord: no completions", "event", e.ID, "error", err)
		return none
	}
	list := choices{[]commandChoice{}}
	for _, choice := range found[:min(len(found), maxOptions)] {
		if choice.Value == "" || sizeOf(choice.Value).chars > maxChoice {
			continue
		}
		list.Choices = append(list.Choices, commandChoice{shorten(choice.Label, maxChoice), choice.Value})
	}
	return response{Type: none.Type, Data: list}
}

// within bounds a call by time, whether or not it obeys its context. A panic is
// an error.
func within[T any](ctx context.Context, limit time.Duration, do func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if thrown := recover(); thrown != nil {
				r.err = fmt.Errorf("panic: %v", thrown)
			}
			done <- r
		}()
		r.value, r.err = do(ctx)
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
