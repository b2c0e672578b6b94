package slack

import "crieur/bot"

// ShortcutsOf describes the registered shortcuts for the manifest. People have no
// menu in Slack: what a shortcut on them names instead does the same.
func ShortcutsOf(mux *bot.Mux) []Shortcut {
	var set []Shortcut
	for _, route := range mux.Shortcuts() {
		if !route.OnPerson {
			set = append(set, Shortcut{Action: route.Name, Key: route.Key, Message: route.OnMessage})
		}
	}
	return set
}

// CommandNames are the registered commands, for ManifestOptions.On.
func CommandNames(mux *bot.Mux) []string {
	names := []string{}
	for _, route := range mux.Commands() {
		names = append(names, route.Name)
	}
	return names
}
