// Package settings is what Crieur says of itself: the menu that a role may use
// and who one is here. What it is configured with is the application's business.
package settings

import (
	"context"
	"strings"

	"crieur/bot"
	"crieur/bot/brand"
)

// Chat is the feature's conversation.
type Chat struct{}

// Register registers /crieur and its own words.
func (c *Chat) Register(mux *bot.Mux) {
	mux.Command(bot.CommandRoute{
		Name: "crieur", Role: brand.Anyone,
		Bare: bot.Shape{Ack: bot.Wait, Handle: c.menu(mux)},
		With: bot.Shape{Ack: bot.Wait, Handle: mux.Words},
	})
	mux.Word(bot.WordRoute{Key: "settings.help", Role: brand.Anyone, Handle: c.menu(mux)})
	mux.Word(bot.WordRoute{Key: "settings.me", Role: brand.Anyone, Handle: c.me})
}

// menu lists what the person may ask for, made from what is registered.
func (c *Chat) menu(mux *bot.Mux) bot.Handler {
	return func(_ context.Context, r *bot.Request) (bot.Reply, error) { return mux.Menu(r), nil }
}

// me says who the person is here: roles, language, zone.
func (c *Chat) me(_ context.Context, r *bot.Request) (bot.Reply, error) {
	p := r.Print
	var roles []string
	for _, role := range r.Member.Roles {
		roles = append(roles, p.T("settings.role."+string(role)))
	}
	return bot.Reply{Card: &bot.Card{
		Title: bot.Say(r.Member.Name),
		Blocks: []bot.Block{
			bot.P(p.T("settings.roles", "Roles", strings.ToLower(p.List(roles...)))),
			bot.P(p.T("settings.zone", "Zone", p.Zone.String(), "Clock", p.Clock(r.Now))),
		},
	}}, nil
}
