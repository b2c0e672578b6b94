package discord

import (
	"crieur/bot"
	"crieur/bot/i18n"
)

// everything is the command that takes any words.
const everything = "crieur"

// CommandsOf describes the registered commands and /crieur, each with one
// optional text, in the words of the catalog: "command.<name>" is the name on
// screen, with ".help" what it does.
func CommandsOf(routes []bot.CommandRoute, catalog *i18n.Catalog) []Command {
	words := func(key string) Words {
		made := Words{}
		for _, lang := range i18n.Langs() {
			made[lang] = catalog.For(lang, nil).T(key)
		}
		return made
	}
	var set []Command
	seen := map[string]bool{}
	for _, route := range append(append([]bot.CommandRoute{}, routes...), bot.CommandRoute{Name: everything}) {
		if seen[route.Name] {
			continue
		}
		seen[route.Name] = true
		set = append(set, Command{Name: route.Name, Names: words("command." + route.Name), About: words("command." + route.Name + ".help"),
			Text: &TextOption{Names: words("discord.text"), About: words("discord.text.help"), Complete: route.Complete != nil}})
	}
	return set
}
