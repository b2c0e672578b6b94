package discord

import (
	"crieur/bot"
	"crieur/bot/i18n"
)

// CommandsOf describes what is registered, in the words of the catalog: each
// command with one optional text ("command.<name>" is its name on screen, with
// ".help" what it does), and the shortcuts on messages and on people. Discord has
// no menu for the others: what they name instead does the same.
func CommandsOf(mux *bot.Mux, catalog *i18n.Catalog) []Command {
	words := func(key string) Words {
		made := Words{}
		for _, lang := range i18n.Langs() {
			made[lang] = catalog.For(lang, nil).T(key)
		}
		return made
	}
	var set []Command
	for _, route := range mux.Commands() {
		set = append(set, Command{Name: route.Name, Names: words("command." + route.Name), About: words("command." + route.Name + ".help"),
			Text: &TextOption{Names: words("discord.text"), About: words("discord.text.help"), Complete: route.Complete != nil}})
	}
	for _, route := range mux.Shortcuts() {
		switch {
		case route.OnMessage:
			set = append(set, Command{Name: route.Name, Kind: OnMessage, Names: words(route.Key)})
		case route.OnPerson:
			set = append(set, Command{Name: route.Name, Kind: OnUser, Names: words(route.Key)})
		}
	}
	return set
}
