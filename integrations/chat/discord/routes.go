package discord

import (
	"strings"

	"crieur/bot"
	"crieur/bot/i18n"
)

// askName is the subcommand that takes any words: its name says nothing.
const askName = "ask"

// CommandsOf describes what is registered, in the words of the catalog: each
// command with one optional text ("command.<name>" is its name on screen, with
// ".help" what it does), the words of /crieur as its subcommands, and the shortcuts
// on messages and on people. Discord has no menu for the others: what they name
// instead does the same.
func CommandsOf(mux *bot.Mux, catalog *i18n.Catalog) []Command {
	words := func(key string) Words {
		made := Words{}
		for _, lang := range i18n.Langs() {
			made[lang] = catalog.For(lang, nil).T(key)
		}
		return made
	}
	text := func(complete bool) *TextOption {
		return &TextOption{Names: words("discord.text"), About: words("discord.text.help"), Complete: complete}
	}
	var set []Command
	for _, route := range mux.Commands() {
		c := Command{Name: route.Name, Names: words("command." + route.Name), About: words("command." + route.Name + ".help")}
		if route.Words {
			c.Subs = append(subsOf(mux, words, text), Command{Name: askName, Names: words("discord.ask"),
				About: words("discord.ask.help"), Text: text(route.Complete != nil)})
		} else {
			c.Text = text(route.Complete != nil)
		}
		set = append(set, c)
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

// subsOf are the words that are no commands of their own.
func subsOf(mux *bot.Mux, words func(string) Words, text func(bool) *TextOption) (subs []Command) {
	for _, route := range mux.WordRoutes() {
		if _, is := mux.CommandOf(route); is {
			continue
		}
		names := Words{}
		for lang, aliases := range words(route.Key) {
			names[lang], _, _ = strings.Cut(aliases, ",")
		}
		sub := Command{Name: names["en"], Names: names, About: words(route.Key + ".help")}
		if route.Takes {
			sub.Text = text(false)
		}
		subs = append(subs, sub)
	}
	return subs
}
