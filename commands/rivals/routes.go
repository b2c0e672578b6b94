package rivals

import (
	"crieur/bot"
	"crieur/bot/brand"
)

// Register registers the command, actions and view of rivals.
func (c *Chat) Register(mux *bot.Mux) {
	mux.Command(bot.CommandRoute{
		Name: "rivals", Role: brand.Anyone,
		Bare:     bot.Shape{Ack: bot.Wait, Handle: c.news},
		With:     bot.Shape{Ack: bot.Wait, Handle: c.with},
		Complete: c.names,
	})
	for _, route := range []bot.ActionRoute{
		{Name: "rival.follow", Shape: bot.Shape{Ack: bot.Open, Form: c.followForm}},
		{Name: "rival.add", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.add}, Check: c.checkFollow},
		{Name: "rival.name", Shape: bot.Shape{Ack: bot.Wait, Handle: c.name}},
		{Name: "rival.address", Shape: bot.Shape{Ack: bot.Open, Form: c.addressForm}},
		{Name: "rival.addressed", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.addressed}, Check: c.checkAddress},
		{Name: "rival.stop", Shape: bot.Shape{Ack: bot.Busy, Handle: c.stop}},
		{Name: "rival.relay", Shape: bot.Shape{Ack: bot.Busy, Handle: c.mark(true)}},
		{Name: "rival.rival", Shape: bot.Shape{Ack: bot.Busy, Handle: c.mark(false)}},
		{Name: "rival.compare", Shape: bot.Shape{Ack: bot.Wait, Handle: c.compare}},
		{Name: "news.relay", Shape: bot.Shape{Ack: bot.Wait, Handle: c.relay}},
		{Name: "news.pass", Shape: bot.Shape{Ack: bot.Wait, Handle: c.pass}},
		{Name: "news.open", Shape: bot.Shape{Ack: bot.Wait, Handle: c.open}, Lists: map[string]bot.Listing{bot.MenuField: c.today}},
		{Name: "news.idea", Shape: bot.Shape{Ack: bot.Wait, Handle: c.idea}},
		{Name: "news.drop", Shape: bot.Shape{Ack: bot.Wait, Handle: c.drop}},
		{Name: "news.tell", Shape: bot.Shape{Ack: bot.Open, Form: c.tellForm}},
		{Name: "news.told", Shape: bot.Shape{Ack: bot.Wait, Handle: c.told}, Lists: map[string]bot.Listing{"members": colleagues}},
	} {
		route.Role = brand.Author
		mux.Action(route)
	}
	mux.Word(bot.WordRoute{Key: "rivals.word", Role: brand.Anyone, Handle: c.news})
	mux.View(View, c.view)
	mux.View(NewsView, c.newsView)
}
