package team_test

import (
	"reflect"
	"testing"

	"crieur/bot/brand"
	"crieur/bot/state/statetest"
	"crieur/bot/team"
)

// A charter that was changed in conversation stands for that of the file, in
// every process, and another brand keeps its own.
func TestCharters(t *testing.T) {
	article := func(text string) []brand.Article {
		return []brand.Article{{ID: "respect", Title: map[string]string{"fr": "Respect"}, Text: map[string]string{"fr": text}}}
	}
	space := configured()
	space.Brand("colibri").Charter = article("du fichier")
	store := statetest.NewMem()
	there := team.New(space, store)
	for _, c := range []team.Charter{
		{Brand: "colibri", Version: 1, Articles: article("un")},
		{Brand: "gone", Version: 1, Articles: article("ailleurs")},
		{Brand: "colibri", Version: 2, Articles: article("deux")},
	} {
		learn(t, store, c.Brand+c.Articles[0].Text["fr"], func(o team.Overlay) team.Overlay { return o.WithCharter(c) })
		if err := there.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	b := there.Now().Brand("colibri")
	if b.CharterVersion != 2 || !reflect.DeepEqual(b.Charter, article("deux")) {
		t.Errorf("the charter is %d: %v", b.CharterVersion, b.Charter)
	}
	if file := space.Brand("colibri"); file.CharterVersion != 0 || file.Charter[0].Text["fr"] != "du fichier" {
		t.Errorf("the brand of the file was changed: %v", file.Charter)
	}
}

// An overlay stays as it is when a charter joins another one.
func TestChartersAreCopies(t *testing.T) {
	first := team.Overlay{}.WithCharter(team.Charter{Brand: "a", Version: 1})
	first.WithCharter(team.Charter{Brand: "a", Version: 2})
	if c, found := first.CharterOf("a"); !found || c.Version != 1 {
		t.Errorf("the overlay has %+v now", c)
	}
	if _, found := first.CharterOf("b"); found {
		t.Error("a brand has another one's charter")
	}
}
