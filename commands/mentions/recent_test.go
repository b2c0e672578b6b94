package mentions

import (
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// What is handed on for learning: near-copies once, personal data covered, who
// said it by the conversation's name, and what is private marked.
func TestSaid(t *testing.T) {
	colibri := &brand.Brand{ID: "colibri", Langs: []string{"fr"}, Zone: time.UTC, Promise: time.Hour, Watch: []brand.Watch{{Query: "colibri", Name: "us"}}}
	other := &brand.Brand{ID: "other", Zone: time.UTC, Promise: time.Hour, Watch: []brand.Watch{{Query: "bellerive", Name: "us"}}}
	space := &brand.Space{ID: "s", Brands: []*brand.Brand{colibri, other}}
	judge, err := NewJudge(space)
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{Space: space, Judge: judge, NewToken: func(*state.Tx) string { return "t" }}
	store, now := statetest.NewMem(), time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	hear := func(brand, id, author, text string, private bool) {
		t.Helper()
		now = now.Add(time.Minute)
		heard := Heard{Brand: brand, Mention: listen.Mention{ID: id, Network: "Mastodon", Author: author, Text: text, Private: private, At: now}}
		tx := state.Begin(store, id, now)
		if err := e.Hear(t.Context(), tx, heard); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Commit(t.Context(), nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	hear("colibri", "old", "@old", "Une vieille bouilloire Colibri", false)
	since := now.Add(time.Second)
	hear("colibri", "1", "@marie.d", "La bouilloire Colibri siffle, appelez-moi au 06 12 34 56 78", false)
	hear("colibri", "2", "@tom", "RT @marie.d : La bouilloire Colibri siffle, appelez-moi au 06 12 34 56 78", false)
	hear("colibri", "3", "@Marie.D", "Le couvercle de Colibri ne ferme pas bien chez moi", false)
	hear("colibri", "4", "@lea", "Rien que pour vous, Colibri", true)
	hear("colibri", "5", "@troll", "Colibri bande de voleurs allez crever", false)
	hear("other", "6", "@zoe", "Bellerive ouvre demain", false)

	tx := state.Begin(store, "look", now)
	all, err := e.Said(t.Context(), tx, "colibri", since, 10)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		text    string
		private bool
	}{
		{"Colibri bande de voleurs allez crever", true}, {"Rien que pour vous, Colibri", true},
		{"Le couvercle de Colibri ne ferme pas bien chez moi", false}, {"La bouilloire Colibri siffle, appelez-moi au ▮▮▮", false},
	} {
		if i >= len(all) || all[i].Text != want.text || all[i].Private != want.private {
			t.Fatalf("%d: want %+v of %+v", i, want, all)
		}
	}
	if len(all) != 4 || all[2].Who == "" || all[2].Who != all[3].Who || all[2].Who == all[1].Who {
		t.Errorf("who said it: %+v", all)
	}
	if few, err := e.Said(t.Context(), tx, "colibri", since, 2); err != nil || len(few) != 2 || few[0] != all[0] {
		t.Errorf("the newest two: %+v, %v", few, err)
	}
	if err := e.EraseStory(t.Context(), tx, all[2].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Commit(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}
	again, err := e.Again(t.Context(), state.Begin(store, "look", now), all[2].ID, all[3].ID)
	if err != nil || len(again) != 1 || again[0] != all[3] {
		t.Errorf("again %+v, %v", again, err)
	}
	if texts, err := e.Recent(t.Context(), state.Begin(store, "look", now), since, 10); err != nil || len(texts) != 4 {
		t.Errorf("of any brand: %q, %v", texts, err)
	}
}
