package console

import (
	"crieur/bot"
	"crieur/bot/i18n"
)

// CommandsOf describes the registered commands in the words of the catalog:
// "command.<name>" is the name on screen, with ".help" what it does.
func CommandsOf(mux *bot.Mux, catalog *i18n.Catalog) []Command {
	var set []Command
	for _, route := range mux.Commands() {
		key := "command." + route.Name
		set = append(set, Command{Name: route.Name, Names: inAll(catalog, key), About: inAll(catalog, key+".help")})
	}
	return set
}

// ShortcutsOf describes the shortcuts on messages. The workspace has no menu for
// the others: what they name instead does the same.
func ShortcutsOf(mux *bot.Mux, catalog *i18n.Catalog) []Shortcut {
	var set []Shortcut
	for _, route := range mux.Shortcuts() {
		if route.OnMessage {
			set = append(set, Shortcut{Action: route.Name, Label: inAll(catalog, route.Key)})
		}
	}
	return set
}

func inAll(catalog *i18n.Catalog, key string) map[string]string {
	words := map[string]string{}
	for _, lang := range i18n.Langs() {
		words[lang] = catalog.For(lang, nil).T(key)
	}
	return words
}
