// Package settings is what Crieur says of itself: the menu that a role may use.
// What it is configured with is the application's business.
package settings

import (
	"context"

	"crieur/bot"
	"crieur/bot/brand"
)

// Chat is the feature's conversation.
type Chat struct{}

// Register registers /crieur and its own words.
func (c *Chat) Register(mux *bot.Mux) {
	mux.Command(bot.CommandRoute{
		Name: "crieur", Role: brand.Passerby, // each word says who may
		Bare: bot.Shape{Ack: bot.Wait, Handle: mux.Words, Early: true},
		With: bot.Shape{Ack: bot.Wait, Handle: mux.Words, Early: true},
	})
	mux.Word(bot.WordRoute{Key: "settings.help", Role: brand.Anyone, Early: true, Handle: c.menu(mux)})
}

// menu lists what the person may ask for, made from what is registered.
func (c *Chat) menu(mux *bot.Mux) bot.Handler {
	return func(_ context.Context, r *bot.Request) (bot.Reply, error) { return mux.Menu(r), nil }
}
