package mentions

import (
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// What a person brings is a conversation whatever the watch rules say; what
// only passes by is not.
func TestBroughtNeedsNoRule(t *testing.T) {
	b := &brand.Brand{ID: "colibri", Langs: []string{"fr"}, Zone: time.UTC, Promise: time.Hour,
		Watch: []brand.Watch{{Name: "nous", Query: "colibri"}}}
	space := &brand.Space{ID: "s", Brands: []*brand.Brand{b}}
	judge, err := NewJudge(space)
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{Space: space, Judge: judge, NewToken: func(*state.Tx) string { return "t" }}
	store, now := statetest.NewMem(), time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	hear := func(id, text string, brought bool) {
		t.Helper()
		heard := Heard{Brand: b.ID, Brought: brought,
			Mention: listen.Mention{ID: id, Network: "Slack", Author: id, Text: text, At: now}}
		tx := state.Begin(store, id, now)
		if err := e.Hear(t.Context(), tx, heard); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Commit(t.Context(), nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	hear("passing", "vous livrez en Suisse ?", false)
	hear("brought", "vous livrez en Suisse ?", true)
	hear("watched", "Colibri livre en Suisse ?", false)
	hear("both", "Colibri livre en Belgique ?", true)
	waiting, err := e.Waiting(t.Context(), state.Begin(store, "look", now), b.ID, 10)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Kind{}
	for _, c := range waiting {
		got[c.Author] = c.Kind
	}
	if len(got) != 3 || got["brought"] != Question || got["passing"] != "" || got["both"] != Question {
		t.Errorf("waiting: %v", got)
	}
}
