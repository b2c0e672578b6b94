package console

import (
	"context"

	"crieur/bot"
)

// search finds what is typed above a menu, or a field of a form, that lists but
// some of its choices.
func (c *Console) search(ctx context.Context, me Person, ask op) reply {
	e, field, ok := c.sought(me, ask)
	searcher, can := c.front.(bot.Searcher)
	if !ok || !can {
		return reply{ID: ask.ID, State: "failed"}
	}
	within, cancel := context.WithTimeout(ctx, bot.FormDeadline)
	defer cancel()
	found, err := searcher.Search(within, e, field, ask.Text)
	if err != nil {
		c.log.Debug("search console menu", "event", e.ID, "error", err)
		return reply{ID: ask.ID, State: "failed"} // what is listed stays
	}
	answer := reply{ID: ask.ID, State: "choices"}
	for _, ch := range found.Choices {
		answer.Choices = append(answer.Choices, choice{Value: ch.Value, Label: ch.Label})
	}
	return answer
}

// sought is a search as an event of the menu that is searched, or of the form that
// this person has open, and the field of it.
func (c *Console) sought(me Person, ask op) (e bot.Event, field string, ok bool) {
	if ask.Form != "" {
		c.room.mu.Lock()
		open, found := c.room.forms.get(ask.Form)
		c.room.mu.Unlock()
		e = c.event(bot.Submit, me, open.place, ask.ID)
		e.Action, e.Arg, e.Token = open.form.Action, open.form.Arg, open.form.Token
		return e, ask.Field, found && open.person == me.ID
	}
	place, seen := c.place(me, ask)
	called, err := bot.ParseCallback(ask.Callback)
	e = c.event(bot.Action, me, place, ask.ID)
	e.Action, e.Arg, e.Token = called.Action, called.Arg, called.Token
	return e, bot.MenuField, seen && err == nil && ask.Message != ""
}
