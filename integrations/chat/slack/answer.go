package slack

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"crieur/bot"
)

// answer is how one delivery is acknowledged.
type answer struct {
	// refused says that an event was not stored: 503, or no ack on a socket, so
	// that Slack brings it again.
	refused bool
	// body is what the ack carries; nil for an empty one.
	body any
	// settle ends the mark that the ack itself shows: a moment after it has left.
	settle func()
	// then runs after the ack has left.
	then func(context.Context)
}

// accept stores the event within what is left until the ack is due.
func (a *Adapter) accept(ctx context.Context, keys []string, e bot.Event) (fresh bool, err error) {
	fresh, err = a.ingress.Accept(ctx, keys, e)
	if err != nil {
		a.log.Error("event not stored", "event", e.ID, "kind", string(e.Kind), "error", err)
	}
	return fresh, err
}

// takeEvent handles one delivery of the Events API.
func (a *Adapter) takeEvent(ctx context.Context, raw []byte) (answer, error) {
	var outer envelope
	if err := a.tolerate(json.Unmarshal(raw, &outer)); err != nil {
		return answer{}, err
	}
	switch outer.Type {
	case "url_verification":
		return answer{body: map[string]string{"challenge": outer.Challenge}}, nil
	case "app_rate_limited":
		a.log.Error("Slack holds events back: more than 30,000 an hour")
		a.state.withhold(a.now())
		return answer{}, nil
	}
	var in inner
	if err := a.tolerate(json.Unmarshal(outer.Event, &in)); err != nil {
		a.log.Error("event not understood", "event", outer.EventID, "error", err)
		return answer{}, nil // bringing it again would not help
	}
	switch in.Type {
	case "app_uninstalled", "tokens_revoked":
		if !in.ours() {
			return answer{}, nil
		}
		a.log.Error("Slack took our access away", "event", in.Type)
		a.state.access(errors.New(in.Type))
		select {
		case a.lost <- struct{}{}:
		default:
		}
		return answer{}, nil
	}
	e, keys, ok := a.messageEvent(outer, in)
	if !ok {
		return answer{}, nil
	}
	e.User, e.Direct = a.known(ctx, e.User), a.alone(ctx, e.Kind, e.User.ID, e.Place.Channel)
	_, err := a.accept(ctx, keys, e)
	return answer{refused: err != nil}, nil
}

// takeCommand handles a slash command.
func (a *Adapter) takeCommand(ctx context.Context, c command) answer {
	e, keys := a.commandEvent(c)
	e.User, e.Direct = a.known(ctx, e.User), a.alone(ctx, e.Kind, e.User.ID, e.Place.Channel)
	mode := a.front.Ack(e)
	if mode == bot.Open {
		return answer{then: a.opening(e, c.TriggerID)}
	}
	waits := mode == bot.Wait || mode == bot.Busy // there is no card to make busy
	e.Reply.Deferred = waits
	release := func() {}
	if waits {
		release = a.marks.Take(e.Reply.Secret)
	}
	fresh, err := a.accept(ctx, keys, e)
	switch {
	case err != nil:
		release()
		return answer{body: ephemeral(a.front.Say(e, bot.Unconfirmed(err)))}
	case fresh && waits:
		return answer{body: ephemeral(a.front.Say(e, "chat.working")), settle: release}
	}
	release()
	return answer{}
}

// private is a line for one person as the answer of a command.
type private struct {
	ResponseType string `json:"response_type"`
	Text         string `json:"text"`
}

func ephemeral(text string) private { return private{"ephemeral", escape(text)} }

// takeInteraction handles a click, a form, a shortcut or a search in a menu.
func (a *Adapter) takeInteraction(ctx context.Context, raw []byte) (answer, error) {
	var in interaction
	err := json.Unmarshal(raw, &in)
	if in.Type == "message_action" || in.Type == "shortcut" { // what was chosen or typed must be whole
		err = a.tolerate(err)
	}
	if err != nil {
		return answer{}, err
	}
	if in.Type == "block_suggestion" {
		return a.suggest(ctx, in), nil
	}
	e, keys, ok := a.interactionEvent(in)
	if !ok {
		a.log.Warn("interaction not of ours", "type", in.Type)
		return answer{then: a.strange(e, in)}, nil
	}
	switch e.Action {
	case linkAction:
		return answer{}, nil
	case showAction:
		return answer{then: a.showing(e, in)}, nil
	case moreAction:
		if e, ok = unfoldMore(e); !ok || e.Action == linkAction {
			return answer{}, nil
		}
	}
	e.User, e.Direct = a.known(ctx, e.User), a.alone(ctx, e.Kind, e.User.ID, e.Place.Channel)
	if e.Kind == bot.Shortcut && e.From != "" && in.Message.Username == "" {
		e.From = a.known(ctx, bot.User{ID: e.From, Name: e.From}).Name
	}
	if e.Kind == bot.Submit {
		return a.submit(ctx, in, e, keys), nil
	}
	return a.act(ctx, in, e, keys), nil
}

// act handles a click or a shortcut.
func (a *Adapter) act(ctx context.Context, in interaction, e bot.Event, keys []string) answer {
	mode := a.front.Ack(e)
	if mode == bot.Open {
		return answer{then: a.opening(e, in.TriggerID)}
	}
	busy := mode == bot.Busy && e.Kind == bot.Action && (e.Reply.Secret != "" || in.Container.UnfurlURL != "")
	e.Reply.Deferred = busy && in.Container.IsEphemeral
	release := func() {}
	switch {
	case e.Reply.Deferred:
		release = a.marks.Take(e.Reply.Secret)
	case busy:
		release = a.marks.Take(messageKey(e.Place))
	}
	fresh, err := a.accept(ctx, keys, e)
	switch {
	case err != nil:
		release()
		return answer{then: a.unconfirmed(e, in.TriggerID, err)}
	case fresh && busy:
		return answer{then: func(ctx context.Context) {
			defer release()
			a.markBusy(ctx, in, e)
		}}
	}
	release()
	return answer{}
}

// submit handles a form: what is wrong with it goes back into it.
func (a *Adapter) submit(ctx context.Context, in interaction, e bot.Event, keys []string) answer {
	problems, err := within(ctx, bot.FormDeadline, func(ctx context.Context) (map[string]string, error) {
		return a.front.Check(ctx, e)
	})
	var refusal *bot.Refusal
	switch {
	case errors.As(err, &refusal):
		return a.wrong(in, e, map[string]string{"": refusal.Error()})
	case err != nil:
		a.log.Warn("form not checked", "event", e.ID, "error", err)
		return a.wrong(in, e, map[string]string{"": a.front.Say(e, "chat.unconfirmed")})
	case len(problems) > 0:
		return a.wrong(in, e, problems)
	}
	if _, err := a.accept(ctx, keys, e); err != nil {
		return a.wrong(in, e, map[string]string{"": a.front.Say(e, bot.Unconfirmed(err))})
	}
	return answer{}
}

// wrong says what is wrong in the form itself. Slack takes errors at input
// blocks only; what belongs to no input is said at the first one.
func (a *Adapter) wrong(in interaction, e bot.Event, problems map[string]string) answer {
	inputs := in.inputs()
	if len(inputs) == 0 {
		said := cutBy(strings.Join(slices.Sorted(maps.Values(problems)), " "), maxSocketAnswer/2, onWire)
		return answer{body: map[string]any{"response_action": "update", "view": a.render.notice(e.User.Locale, lineCard(said))}}
	}
	said := map[string]string{}
	for _, field := range slices.Sorted(maps.Keys(problems)) {
		at := field
		if !slices.Contains(inputs, field) {
			at = inputs[0]
		}
		if said[at] != "" {
			said[at] += " "
		}
		said[at] += problems[field]
	}
	room := (maxSocketAnswer - 1_000) / len(said) // without the errors Slack would close the form
	for field := range said {
		said[field] = cutBy(cut(said[field], maxError), room-len(field)-len(`"":"",`), onWire)
	}
	return answer{body: map[string]any{"response_action": "errors", "errors": said}}
}

// onWire is how many bytes a text has in an answer, at most: escaped, then encoded.
func onWire(text string) int {
	raw, err := json.Marshal(escape(text))
	if err != nil { // words always encode
		panic("encode text: " + err.Error())
	}
	return len(raw) - len(`""`)
}
