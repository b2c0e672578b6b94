package team_test

import (
	"fmt"
	"testing"

	"crieur/bot/brand"
	"crieur/bot/state/statetest"
	"crieur/bot/team"
)

// The names that one process follows are at hand in another one after a look,
// for as long as they are followed.
func TestNames(t *testing.T) {
	bellerive := team.Name{Brand: "colibri", ID: "v1", Name: "Bellerive"}
	store := statetest.NewMem()
	space := configured()
	there := team.New(space, store)
	step := 0
	for _, test := range []struct {
		change func(team.Overlay) team.Overlay
		want   string
	}{
		{func(o team.Overlay) team.Overlay { return o.WithName(bellerive) }, "[{v1 Bellerive []}]"},
		{func(o team.Overlay) team.Overlay { return o.WithName(team.Name{Brand: "gone", ID: "v1", Name: "X"}) }, "[{v1 Bellerive []}]"},
		{func(o team.Overlay) team.Overlay {
			return o.WithName(team.Name{Brand: "colibri", ID: "v2", Name: "Vapeur"})
		},
			"[{v1 Bellerive []} {v2 Vapeur []}]"},
		{func(o team.Overlay) team.Overlay { return o.With(team.Person{ID: "camille", Lang: "en"}) }, "[{v1 Bellerive []} {v2 Vapeur []}]"},
		{func(o team.Overlay) team.Overlay { return o.WithoutName("gone", "v1").WithoutName("colibri", "v2") }, "[{v1 Bellerive []}]"},
		{func(o team.Overlay) team.Overlay {
			return o.WithName(team.Name{Brand: "colibri", ID: "v1", Name: "Thés Bellerive"})
		}, "[{v1 Thés Bellerive []}]"},
		{func(o team.Overlay) team.Overlay { return o.WithoutName("colibri", "v1") }, "[]"},
	} {
		step++
		learn(t, store, fmt.Sprint("step", step), test.change)
		if err := there.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(there.Now().Brand("colibri").Named); got != test.want {
			t.Errorf("step %d: %s, want %s", step, got, test.want)
		}
	}
	if space.Brand("colibri").Named != nil {
		t.Error("the brand of the file was changed")
	}
}

// An overlay stays as it is when a name joins or leaves another one.
func TestNamesAreCopies(t *testing.T) {
	first := team.Overlay{}.WithName(team.Name{Brand: "b", ID: "1", Name: "A"}).WithName(team.Name{Brand: "b", ID: "2", Name: "B"})
	first.WithoutName("b", "1")
	first.WithName(team.Name{Brand: "b", ID: "1", Name: "C"})
	if got := fmt.Sprint(first.Names); got != "[{b 1 A} {b 2 B}]" {
		t.Errorf("the overlay is now %s", got)
	}
	over := team.Over(&brand.Space{Brands: []*brand.Brand{{ID: "b"}}}, first)
	if len(over.Brand("b").Named) != 2 {
		t.Errorf("%+v", over.Brand("b").Named)
	}
}
