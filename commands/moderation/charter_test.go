package moderation

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"crieur/bot/brand"
	"crieur/bot/state"
	"crieur/bot/team"
)

func (r *room) amend(by string, a Amendment) error {
	return r.step(func(ctx context.Context, tx *state.Tx) error { return r.Amend(ctx, tx, r.brand(), by, a) })
}

// charter is the brand's charter of today, in French.
func (r *room) charter() string {
	var all []string
	for _, a := range r.brand().Charter {
		all = append(all, a.Title["fr"]+": "+a.Text["fr"])
	}
	return fmt.Sprint(r.brand().CharterVersion, " ", strings.Join(all, "; "))
}

func inFrench(text string) map[string]string { return map[string]string{"fr": text} }

// Each change is a new version; those before stay as they were, with who made
// them, and that of the file is the first.
func TestAmend(t *testing.T) {
	r := newRoom(t)
	for _, test := range []struct {
		a    Amendment
		want string
		err  error
	}{
		{Amendment{Title: inFrench("Propos"), Words: inFrench("Restons sur le thé.")}, "1 Respect: Les thés, pas les gens.; Propos: Restons sur le thé.", nil},
		{Amendment{Version: 1, Number: 1, Title: inFrench("Respect"), Words: inFrench("Les thés seuls.")}, "2 Respect: Les thés seuls.; Propos: Restons sur le thé.", nil},
		{Amendment{Version: 1, Number: 1, Words: inFrench("Trop tard.")}, "", ErrChanged},
		{Amendment{Version: 2, Number: 3, Words: inFrench("Le troisième.")}, "", ErrChanged},
		{Amendment{Version: 2, Words: inFrench("  ")}, "", ErrBlank},
		{Amendment{Version: 2, Number: 2, Words: inFrench("")}, "3 Respect: Les thés seuls.", nil},
	} {
		before := r.charter()
		err := r.amend("morgan", test.a)
		if test.err != nil {
			test.want = before
		}
		if got := r.charter(); !errors.Is(err, test.err) || got != test.want {
			t.Errorf("%+v: %v, %s, want %s", test.a, err, got, test.want)
		}
	}
	tx := state.Begin(r.store, "look", r.now)
	now, err := charter(t.Context(), tx, r.brand())
	if err != nil || now.Version != 3 {
		t.Fatalf("%+v, %v", now, err)
	}
	all, err := before(t.Context(), tx, now, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, text := range all {
		got = append(got, fmt.Sprintf("%d %s %d", text.Version, text.By, len(text.Articles)))
	}
	if want := []string{"3 morgan 1", "2 morgan 2", "1 morgan 2", "0  1"}; !reflect.DeepEqual(got, want) {
		t.Errorf("the texts are %q, want %q", got, want)
	}
	if oldest := all[3].Articles[0]; oldest.Text["fr"] != "Les thés, pas les gens." || oldest.ID != "respect" {
		t.Errorf("the file's text is now %+v", oldest)
	}
	if few, err := before(t.Context(), tx, now, 2); err != nil || len(few) != 2 || few[0].Version != 3 {
		t.Errorf("%+v, %v", few, err)
	}
	if trail := r.trail(); len(trail) != 3 || trail[0] != "morgan charter.changed" {
		t.Errorf("the trail says %q", trail)
	}
}

// A message keeps the article by which it was hidden, whatever becomes of it.
func TestArticleOfThatDay(t *testing.T) {
	r := newRoom(t)
	c := r.keep("noa", criticism())
	rule, err := ruleOf(charterIn(team.Overlay{}, r.brand()), "charter:respect")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.decide(c.ID, Choice{What: Hide, By: "noa", Rule: rule}); err != nil {
		t.Fatal(err)
	}
	if err := r.amend("morgan", Amendment{Number: 1, Words: inFrench("Tout est permis.")}); err != nil {
		t.Fatal(err)
	}
	got, err := r.decide(c.ID, Choice{What: Agree, By: "lou"})
	if err != nil || got.Rule.Article.Text["fr"] != "Les thés, pas les gens." || got.Rule.Number != 1 || got.Rule.Version != 0 {
		t.Errorf("hidden by %+v, %v", got.Rule, err)
	}
	now, err := charter(t.Context(), state.Begin(r.store, "look", r.now), r.brand())
	if err != nil {
		t.Fatal(err)
	}
	if rule, err := ruleOf(now, "charter:respect"); err != nil || rule.Version != 1 || rule.Article.Text["fr"] != "Tout est permis." {
		t.Errorf("of today: %+v, %v", rule, err)
	}
	for _, choice := range []string{"", "charter", "charter:gone", "boredom", "insult:respect:x"} {
		if rule, err := ruleOf(now, choice); err == nil && rule.Reason != Insult {
			t.Errorf("%q is %+v", choice, rule)
		}
	}
}

// An amendment leaves what it does not speak of, and the charter that it starts from.
func TestApply(t *testing.T) {
	two := []brand.Article{{ID: "a", Text: map[string]string{"fr": "un", "de": "eins"}}, {ID: "b", Text: inFrench("deux")}}
	changed, err := Amendment{Number: 1, Title: inFrench("Titre"), Words: inFrench("autre")}.apply(two, "x")
	if err != nil || changed[0].Text["de"] != "eins" || changed[0].Text["fr"] != "autre" || changed[0].ID != "a" || len(changed) != 2 {
		t.Errorf("%+v, %v", changed, err)
	}
	if _, err := (Amendment{Number: 1}).apply(two, "x"); err != nil {
		t.Error(err)
	}
	if two[0].Text["fr"] != "un" || two[0].Title != nil || two[1].ID != "b" {
		t.Errorf("the charter before is now %+v", two)
	}
	many := make([]brand.Article, mostArticles)
	if _, err := (Amendment{Words: inFrench("encore")}).apply(many, "x"); !errors.Is(err, ErrFull) {
		t.Errorf("one more: %v", err)
	}
}

func TestAmendArg(t *testing.T) {
	for arg, want := range map[string][2]int{"": {}, "3-2": {3, 2}, "0-1": {0, 1}, "-": {}, "3": {}, "3--1": {}, "x-1": {}, amendArg(12, 20): {12, 20}} {
		if version, number := readAmendArg(arg); version != want[0] || number != want[1] {
			t.Errorf("%q is %d, %d", arg, version, number)
		}
	}
}

// What is published has every article, numbered, in one language.
func TestPrinted(t *testing.T) {
	articles := []brand.Article{{Title: map[string]string{"fr": "Respect", "en": "Respect"}, Text: map[string]string{"fr": "Les thés.", "en": "Teas."}},
		{Text: map[string]string{"de": "Nur Tee."}}}
	for lang, want := range map[string]string{"fr": "1. Respect\nLes thés.\n\n2.\nNur Tee.", "en": "1. Respect\nTeas.\n\n2.\nNur Tee."} {
		if got := printed(articles, lang); got != want {
			t.Errorf("in %s: %q", lang, got)
		}
	}
}
