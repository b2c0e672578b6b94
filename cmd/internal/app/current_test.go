package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/team"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/demo"
)

// What a handler changes of the team holds for whatever the process does next;
// a process that starts later knows it from its start.
func TestTeamIsCurrent(t *testing.T) {
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	store := statetest.NewMem()
	build := func() *app.App {
		built, err := app.New(app.Options{Space: space, Backend: store, Catalog: catalog(t), Key: []byte("key"),
			Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		return built
	}
	first := build()
	_, err = state.Do(t.Context(), first.Desk.Store, "change", time.Now(), nil,
		func(ctx context.Context, tx *state.Tx) ([]byte, error) {
			overlay, err := team.Get(ctx, tx)
			if err != nil {
				return nil, err
			}
			return nil, team.Put(ctx, tx, overlay.With(team.Person{ID: "camille", Lang: "en"}))
		})
	if err != nil {
		t.Fatal(err)
	}
	second := build()
	if err := second.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer second.Stop()
	for name, a := range map[string]*app.App{"the process itself": first, "one that starts later": second} {
		if got := a.Team.Now().Member("camille").Lang; got != "en" {
			t.Errorf("%s: Camille reads %q", name, got)
		}
	}
}

// A stranger from a group that gives roles may do at once what those roles may;
// where the platform says nothing of groups, what it said before holds.
func TestGroupsMakeMembers(t *testing.T) {
	space, err := demo.Space()
	if err != nil {
		t.Fatal(err)
	}
	space.Groups = []brand.Group{{Platform: "slack", Team: "T", ID: "S1", Roles: []brand.Role{brand.Author}}}
	a, err := app.New(app.Options{Space: space, Backend: statetest.NewMem(), Catalog: catalog(t), Key: []byte("key"),
		Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range []struct {
		user    bot.User
		welcome bool
	}{
		{bot.User{ID: "U9"}, false},
		{bot.User{ID: "U9", Grouped: true}, false},
		{bot.User{ID: "U9", Grouped: true, Groups: []string{"S1"}}, true},
		{bot.User{ID: "U9"}, true},
		{bot.User{ID: "U9", Grouped: true, Groups: []string{"S2"}}, false},
	} {
		e := bot.Event{ID: fmt.Sprint("e", i), Kind: bot.Command, Command: "draft", Platform: bot.Slack, Team: "T", User: step.user}
		if _, err := a.Desk.Form(t.Context(), e); (err == nil) != step.welcome {
			t.Errorf("step %d: %v", i, err)
		}
	}
}
