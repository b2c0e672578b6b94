package team_test

import (
	"fmt"
	"reflect"
	"testing"

	"crieur/bot/brand"
	"crieur/bot/state/statetest"
	"crieur/bot/team"
)

var (
	kettles = team.Theme{Brand: "colibri", ID: "bouilloires", Names: map[string]string{"fr": "Bouilloires"}, Words: []string{"bouilloire"}}
	parcels = team.Theme{Brand: "colibri", ID: "livraison", Words: []string{"relais"}}
)

// What is added is laid over the brand of the file, which stays as it is.
func TestOverThemes(t *testing.T) {
	space := configured()
	own := space.Brand("colibri")
	own.Themes = map[string][]string{"livraison": {"colis"}}
	own.ThemeNames = map[string]map[string]string{"livraison": {"fr": "Livraison"}}
	named := parcels
	named.Names = map[string]string{"fr": "Another name"}
	b := team.Over(space, team.Overlay{Themes: []team.Theme{kettles, named, {Brand: "gone", ID: "x", Words: []string{"x"}}}}).Brand("colibri")
	if got, want := fmt.Sprint(b.Added), "map[bouilloires:[bouilloire] livraison:[relais]]"; got != want {
		t.Errorf("added %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(b.ThemeNames), "map[bouilloires:map[fr:Bouilloires] livraison:map[fr:Livraison]]"; got != want {
		t.Errorf("names %s, want %s", got, want)
	}
	if own.Added != nil || len(own.ThemeNames) != 1 || len(b.Themes) != 1 {
		t.Errorf("the brand of the file was changed: %+v", own)
	}
	set := team.Over(&brand.Space{ID: "s"}, team.Overlay{Brands: []team.Brand{{ID: "colibri"}}, Themes: []team.Theme{kettles}})
	if b := set.Brand("colibri"); len(b.Added["bouilloires"]) != 1 || b.ThemeNames["bouilloires"]["fr"] == "" {
		t.Errorf("a brand that was set up: %+v", b)
	}
}

func TestOverlayThemes(t *testing.T) {
	first := team.Overlay{}.WithTheme(kettles).WithTheme(parcels)
	more := kettles
	more.Words = []string{"bouilloire", "théière"}
	second := first.WithTheme(more)
	if got := fmt.Sprint(second.Themes[0].Words, len(second.Themes)); got != "[bouilloire théière] 2" {
		t.Errorf("words joined: %s", got)
	}
	other := kettles
	other.Brand = "bellerive"
	third := second.WithTheme(other).WithoutTheme("colibri", "bouilloires")
	if got := fmt.Sprint(len(third.ThemesOf("colibri")), len(third.ThemesOf("bellerive")), len(third.ThemesOf("none"))); got != "1 1 0" {
		t.Errorf("left: %s", got)
	}
	if !reflect.DeepEqual(first.Themes, []team.Theme{kettles, parcels}) || len(second.Themes) != 2 {
		t.Errorf("an overlay was changed: %+v, %+v", first, second)
	}
}

// What one process adds, another one reads back, with or without people.
func TestThemesAreKept(t *testing.T) {
	store := statetest.NewMem()
	there := team.New(configured(), store)
	added := func() int {
		if err := there.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		return len(there.Now().Brand("colibri").Added)
	}
	learn(t, store, "theme", func(o team.Overlay) team.Overlay { return o.WithTheme(kettles) })
	if n := added(); n != 1 {
		t.Errorf("%d themes", n)
	}
	learn(t, store, "person", func(o team.Overlay) team.Overlay { return o.With(team.Person{ID: "camille", Lang: "en"}) })
	learn(t, store, "brand", func(o team.Overlay) team.Overlay { return o.WithBrand(team.Brand{ID: "bellerive"}).WithTheme(parcels) })
	if n := added(); n != 2 || there.Now().Member("camille").Lang != "en" {
		t.Errorf("%d themes", n)
	}
	learn(t, store, "back", func(o team.Overlay) team.Overlay { return o.WithoutTheme("colibri", "livraison") })
	if n := added(); n != 1 {
		t.Errorf("%d themes", n)
	}
}
