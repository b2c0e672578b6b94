package mentions

import (
	"slices"
	"sync"
	"testing"

	"crieur/bot/brand"
	"crieur/bot/text/match"
)

// A brand that is set up, or whose rules change, is listened to at once; rules
// that stay the same are compiled once.
func TestEarsFollowTheBrand(t *testing.T) {
	var r ears
	about := func(b *brand.Brand, text string) []string { return r.of(b).rules.Names(match.Post{Text: text}) }
	b := &brand.Brand{ID: "b", Watch: []brand.Watch{{Name: "us", Query: "colibri"}}}
	if got := about(b, "Vive Colibri"); !slices.Equal(got, []string{"us"}) {
		t.Errorf("selected by %v", got)
	}
	first := r.of(b)
	if r.of(&brand.Brand{ID: "b", Watch: slices.Clone(b.Watch)}) != first {
		t.Error("the same rules were compiled again")
	}
	themed := &brand.Brand{ID: "b", Watch: b.Watch, Themes: map[string][]string{"gout": {"fade"}, "bad": {" "}}}
	if got := r.of(themed); got == first || !slices.Equal(got.themes.Names(), []string{"gout"}) {
		t.Errorf("themes %v", got.themes.Names())
	}
	added := &brand.Brand{ID: "b", Watch: b.Watch, Themes: themed.Themes, Added: map[string][]string{"kettles": {"bouilloire"}}}
	if got := r.of(added); !slices.Equal(got.themes.Names(), []string{"gout", "kettles"}) {
		t.Errorf("themes %v after one was added", got.themes.Names())
	}
	changed := &brand.Brand{ID: "b", Watch: []brand.Watch{{Name: "bad", Query: "("}, {Name: "shop", Query: "bellerive"}}}
	if got := about(changed, "Vive Bellerive"); !slices.Equal(got, []string{"shop"}) {
		t.Errorf("selected by %v", got)
	}
	if got := about(changed, "Vive Colibri"); len(got) != 0 {
		t.Errorf("selected by %v", got)
	}
}

func TestEarsAtOnce(t *testing.T) {
	var r ears
	var all sync.WaitGroup
	for _, query := range []string{"tea", "coffee", "milk"} {
		all.Go(func() {
			for range 50 {
				b := &brand.Brand{ID: "b", Watch: []brand.Watch{{Name: query, Query: query}}}
				if got := r.of(b).rules.Names(match.Post{Text: query}); !slices.Equal(got, []string{query}) {
					t.Errorf("%s was selected by %v", query, got)
				}
			}
		})
	}
	all.Wait()
}

func TestNewJudgeRefusesBadRules(t *testing.T) {
	space := &brand.Space{Brands: []*brand.Brand{{ID: "b", Watch: []brand.Watch{{Name: "bad", Query: "(tea"}}}}}
	if _, err := NewJudge(space); err == nil {
		t.Error("a rule that cannot be read was let in")
	}
}
