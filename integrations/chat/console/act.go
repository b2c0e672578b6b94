package console

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/board"
)

const maxText = 12_000 // bytes that a person may say at once

// acceptBudget is how long storing an event may take: people wait for it.
const acceptBudget = 500 * time.Millisecond

// act does what a page asked and says how it went. What was done once is not
// done again: a page repeats what it got no answer to.
func (c *Console) act(ctx context.Context, me Person, ask op) reply {
	if ask.ID == "" || len(ask.ID) > 64 || len(ask.Text) > maxText {
		return reply{ID: ask.ID, State: "failed", Text: c.printer(c.room.language(me.ID)).T("console.too_long")}
	}
	switch ask.Kind { // these do nothing
	case "complete":
		return c.complete(ctx, me, ask)
	case "search":
		return c.search(ctx, me, ask)
	}
	key := me.ID + ":" + ask.ID
	c.room.mu.Lock()
	under, again := c.room.ops.get(key)
	if !again {
		under = &done{over: make(chan struct{})}
		c.room.ops.put(key, under)
	}
	c.room.mu.Unlock()
	if again {
		select {
		case <-under.over:
			return under.answer
		case <-ctx.Done():
			return reply{ID: ask.ID, State: "failed"}
		}
	}
	under.answer = c.perform(ctx, me, ask)
	under.answer.ID = ask.ID
	if under.answer.State == "failed" || under.answer.State == "errors" {
		c.room.mu.Lock()
		c.room.ops.drop(key) // nothing happened: the same may be asked again
		c.room.mu.Unlock()
	}
	close(under.over)
	return under.answer
}

// done is an op under way, and what came of it once over is closed.
type done struct {
	over   chan struct{}
	answer reply
}

func (c *Console) perform(ctx context.Context, me Person, ask op) reply {
	switch ask.Kind {
	case "say":
		return c.say(ctx, me, ask)
	case "click":
		return c.click(ctx, me, ask)
	case "shortcut":
		return c.shortcut(ctx, me, ask)
	case "submit":
		return c.submit(ctx, me, ask)
	case "tour":
		return c.tourAct(ctx, me, ask)
	case "lang":
		return c.changeLang(me, ask)
	}
	return reply{State: "failed"}
}

// place is where the page acts; ok is false if it is not the person's to see.
func (c *Console) place(me Person, ask op) (place board.Place, ok bool) {
	channel := channelOf(me.ID, ask.Channel)
	place = board.Place{Platform: string(bot.Console), Team: c.opts.Team, Channel: channel, Thread: ask.Thread, Message: ask.Message}
	if !c.room.exists(channel) || !c.room.member(me.ID, channel) {
		return place, false
	}
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range []string{ask.Message, ask.Thread} {
		if m, found := r.byID[id]; id != "" && (!found || m.Pane != channel || !r.sees(me.ID, m)) {
			return place, false
		}
	}
	if m := r.byID[ask.Message]; m != nil {
		place.Thread = m.Thread
	}
	return place, true
}

// event is what happened, in the neutral words of package bot.
func (c *Console) event(kind bot.Kind, me Person, place board.Place, id string) bot.Event {
	return bot.Event{
		ID: "co:" + c.room.epochNow() + ":" + me.ID + ":" + id, Kind: kind, Platform: bot.Console, Team: c.opts.Team,
		Place: place, Direct: strings.HasPrefix(place.Channel, "@"),
		User: bot.User{ID: me.ID, Name: me.Name, Locale: c.room.language(me.ID), Groups: me.Groups, Grouped: me.Groups != nil},
		At:   c.opts.Now(),
	}
}

func (r *room) epochNow() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.epoch
}

// say is a line that was typed: a command, words to Crieur, or words to others.
func (c *Console) say(ctx context.Context, me Person, ask op) reply {
	place, ok := c.place(me, ask)
	text := strings.TrimSpace(ask.Text)
	if !ok || place.Channel == Outside || text == "" || !utf8.ValidString(text) {
		return reply{State: "failed"}
	}
	if strings.HasPrefix(text, "/") {
		return c.command(ctx, me, place, ask.ID, text)
	}
	said, called := mention(text)
	direct := strings.HasPrefix(place.Channel, "@")
	c.room.mu.Lock()
	m := c.room.add(&message{Pane: place.Channel, Thread: place.Thread, From: me.ID, Text: text, At: c.opts.Now()})
	c.room.mu.Unlock()
	if !direct && !called {
		return reply{State: "ok"}
	}
	e := c.event(bot.Message, me, place, ask.ID)
	e.Place.Message, e.Text = m.ID, said
	answer := c.dispatch(ctx, e, "")
	if answer.State == "failed" { // it is not said, then: it stays in the input
		c.room.mu.Lock()
		m.Gone = true
		c.room.touch(m)
		c.room.mu.Unlock()
	}
	return answer
}

// mention takes "@Crieur" off the words said to it.
func mention(text string) (said string, called bool) {
	const name = "@crieur"
	if len(text) >= len(name) && strings.EqualFold(text[:len(name)], name) {
		return strings.TrimLeft(text[len(name):], " ,:\u00a0"), true
	}
	return text, strings.Contains(strings.ToLower(text), name)
}

// command runs a slash command, by any of its names.
func (c *Console) command(ctx context.Context, me Person, place board.Place, id, text string) reply {
	name, rest, _ := strings.Cut(strings.TrimPrefix(text, "/"), " ")
	cmd, found := c.commandNamed(name)
	if !found {
		p := c.printer(c.room.language(me.ID))
		words := p.T("console.no_command", "Name", name)
		if near, ok := nearest(name, c.opts.Commands, p.Lang); ok {
			words = p.T("console.no_command_near", "Name", name, "Near", near)
		}
		return reply{State: "failed", Text: words}
	}
	e := c.event(bot.Command, me, place, id)
	e.Command, e.Text = cmd.Name, strings.TrimSpace(rest)
	return c.dispatch(ctx, e, text)
}

// click is a button or a menu of a card.
func (c *Console) click(ctx context.Context, me Person, ask op) reply {
	place, ok := c.place(me, ask)
	called, err := bot.ParseCallback(ask.Callback)
	if !ok || err != nil || ask.Message == "" {
		return reply{State: "failed"}
	}
	e := c.event(bot.Action, me, place, ask.ID)
	e.Action, e.Arg, e.Token = called.Action, called.Arg, called.Token
	if chosen := ask.Values["choice"]; len(chosen) > 0 { // a menu
		e.Values = map[string][]string{"choice": chosen}
	}
	return c.dispatch(ctx, e, "")
}

// shortcut is an action on somebody's message.
func (c *Console) shortcut(ctx context.Context, me Person, ask op) reply {
	place, ok := c.place(me, ask)
	c.room.mu.Lock()
	m, found := c.room.byID[ask.Message]
	c.room.mu.Unlock()
	if !ok || !found || m.From == "" || len(ask.Text) > 32 {
		return reply{State: "failed"}
	}
	e := c.event(bot.Shortcut, me, place, ask.ID)
	e.Action, e.Quote, e.From, e.FromID, e.SaidAt = ask.Text, m.Text, m.From, m.From, m.At
	return c.dispatch(ctx, e, "")
}

// dispatch acknowledges an event the way its route wants and hands it on. Echo
// is the command as it was typed.
func (c *Console) dispatch(ctx context.Context, e bot.Event, echo string) reply {
	ack := c.front.Ack(e)
	if ack == bot.Open {
		return c.openForm(ctx, e)
	}
	e.Reply = c.handle(e, ack, echo)
	within, cancel := context.WithTimeout(ctx, acceptBudget)
	defer cancel()
	if _, err := c.ingress.Accept(within, []string{e.ID}, e); err != nil {
		c.log.Warn("accept console event", "event", e.ID, "error", err)
		c.release(e.Reply.Secret)
		return reply{State: "failed", Text: c.front.Say(e, bot.Unconfirmed(err))}
	}
	if ack == bot.Busy {
		return reply{State: "busy", Text: c.front.Say(e, "chat.working")}
	}
	return reply{State: "ok"}
}

// handle makes the way back to the person, and says "an answer is coming" where
// the route wants that.
func (c *Console) handle(e bot.Event, ack bot.Ack, echo string) bot.Handle {
	h := bot.Handle{Platform: bot.Console, Secret: c.secret(), ID: e.ID, Expires: e.At.Add(handleLife), Deferred: ack == bot.Wait}
	back := handle{person: e.User.ID, place: e.Place}
	if e.Kind == bot.Message {
		back.place.Message = ""
	}
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if ack == bot.Wait {
		back.waiting = r.add(&message{
			Pane: e.Place.Channel, Thread: e.Place.Thread, Only: e.User.ID, Wait: true, Echo: echo, At: e.At,
		}).ID
	}
	r.handles.put(h.Secret, back)
	return h
}

// release forgets a handle whose event was not taken.
func (c *Console) release(secret string) {
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	known, _ := r.handles.get(secret)
	r.handles.drop(secret)
	if m, found := r.byID[known.waiting]; found {
		m.Gone = true
		r.touch(m)
	}
}

// whisper shows a card to one person where they acted.
func (c *Console) whisper(e bot.Event, card bot.Card) {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	c.room.add(&message{Pane: e.Place.Channel, Thread: e.Place.Thread, Only: e.User.ID, Card: card, At: c.opts.Now()})
}

func (c *Console) openForm(ctx context.Context, e bot.Event) reply {
	within, cancel := context.WithTimeout(ctx, bot.FormDeadline)
	defer cancel()
	form, err := c.front.Form(within, e)
	var refusal *bot.Refusal
	switch {
	case errors.As(err, &refusal):
		c.whisper(e, refusal.Card)
		return reply{State: "ok"}
	case err != nil:
		c.log.Warn("build console form", "event", e.ID, "error", err)
		return reply{State: "failed", Text: c.front.Say(e, "chat.slow")}
	}
	id := c.secret()
	c.room.mu.Lock()
	c.room.forms.put(id, opened{person: e.User.ID, place: e.Place, form: form})
	c.room.mu.Unlock()
	return reply{State: "form", HTML: c.draw("form", map[string]any{"P": c.printer(e.User.Locale), "Form": form, "ID": id})}
}

// submit sends a form that was opened here.
func (c *Console) submit(ctx context.Context, me Person, ask op) reply {
	p := c.printer(c.room.language(me.ID))
	c.room.mu.Lock()
	open, found := c.room.forms.get(ask.Form)
	c.room.mu.Unlock()
	if !found || open.person != me.ID {
		return reply{State: "failed", Text: p.T("console.form_gone")}
	}
	values := taken(open.form, ask.Values)
	files := c.brought(open.form, values)
	problems := wrong(p, open.form, values, files)
	e := c.event(bot.Submit, me, open.place, ask.ID)
	e.Action, e.Arg, e.Token, e.Values, e.Files = open.form.Action, open.form.Arg, open.form.Token, values, files
	if len(problems) == 0 {
		within, cancel := context.WithTimeout(ctx, bot.FormDeadline)
		defer cancel()
		checked, err := c.front.Check(within, e)
		if err != nil {
			c.log.Warn("check console form", "event", e.ID, "error", err)
			return reply{State: "failed", Text: c.front.Say(e, "chat.slow")}
		}
		problems = maps.Clone(checked)
	}
	if len(problems) > 0 {
		return reply{State: "errors", Errors: problems}
	}
	answer := c.dispatch(ctx, e, "")
	if answer.State != "failed" {
		c.room.mu.Lock()
		c.room.forms.drop(ask.Form)
		c.room.mu.Unlock()
	}
	return answer
}

// tourAct presses a button of the tour.
func (c *Console) tourAct(ctx context.Context, me Person, ask op) reply {
	c.mu.Lock()
	tour := c.tour
	c.mu.Unlock()
	if tour == nil {
		return reply{State: "failed"}
	}
	lang := c.room.language(me.ID)
	button := tour.State(lang, me.ID).button(ask.Text, c.opts.People[0].ID)
	if err := tour.Act(ctx, me.ID, ask.Text); err != nil {
		var refusal *bot.Refusal
		if errors.As(err, &refusal) {
			return reply{State: "failed", Text: refusal.Card.Text()}
		}
		c.log.Warn("act in tour", "event", ask.Text, "error", err)
		return reply{State: "failed", Text: c.printer(lang).T("console.tour_failed")}
	}
	c.room.wakeAll()
	if button.Person == "" && button.Pane == "" {
		return reply{State: "ok"}
	}
	who, where := button.Person, button.Pane
	if who == "" {
		who = me.ID
	}
	if where == "" {
		where = Direct
	}
	return reply{State: "go", To: address(who, where)}
}

// changeLang changes the language that a person reads.
func (c *Console) changeLang(me Person, ask op) reply {
	if ask.Text != "fr" && ask.Text != "en" {
		return reply{State: "failed"}
	}
	c.room.speak(me.ID, ask.Text)
	if c.opts.OnLanguage != nil {
		c.opts.OnLanguage(me.ID, ask.Text)
	}
	return reply{State: "go", To: address(me.ID, ask.Channel)}
}
