package app_test

import (
	"testing"

	"crieur/bot/brand"
	"crieur/cmd/internal/app"
	"crieur/integrations/chat/console"
	"crieur/integrations/chat/console/consoletest"
)

// onConsole is the browser workspace with the app behind it, and people at its
// pages. Eve is there too, who is in no team.
func onConsole(t *testing.T, space *brand.Space, build func() *app.App) stand {
	a, lang := build(), space.Brands[0].Langs[0]
	people := []console.Person{{ID: "eve", Name: "Eve", Lang: lang}}
	for _, m := range space.Members {
		people = append(people, console.Person{ID: m.ID, Name: m.Name, Lang: lang})
	}
	words := catalog(t)
	workspace, err := console.New(console.Options{
		Team: "colibri", People: people, Commands: console.CommandsOf(a.Mux, words), Shortcuts: console.ShortcutsOf(a.Mux, words),
		Catalog: words, Zone: space.Brands[0].Zone, Now: a.Desk.Now, Files: a.Files(),
		Channels: []console.Channel{{ID: "com", Name: "com"}, {ID: "com-alertes", Name: "com-alertes"}},
	}, a.Desk, a.Desk)
	if err != nil {
		t.Fatal(err)
	}
	if err := workspace.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(workspace.Stop)
	a.AddChat(workspace)
	return stand{screen: consoletest.Serve(t, workspace), app: a, chat: workspace}
}
