package app

import (
	"slices"
	"testing"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/commands/answers"
	"crieur/commands/calendar"
	"crieur/commands/learning"
	"crieur/commands/mentions"
	"crieur/commands/review"
	"crieur/commands/rivals"
)

// TestNobodyMissesTheBrief: what is not seen, what went wrong and a promise that ends
// are said whatever is left out; what can be left out is called by a name of its own,
// short enough for every menu.
func TestNobodyMissesTheBrief(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	all := sections(&mentions.Engine{}, &review.Engine{}, &calendar.Engine{}, &rivals.Engine{}, &learning.Engine{}, &answers.Engine{})
	names, labels := map[string]bool{}, map[string]bool{}
	for _, s := range all {
		if s.Name == "" || names[s.Name] || s.Lines == nil {
			t.Errorf("%q stands for nothing, or for two parts", s.Name)
		}
		names[s.Name] = true
		if slices.Contains([]string{"blind", "dead", "missed"}, s.Name) && s.Label != "" {
			t.Errorf("%s can be left out", s.Name)
		}
		if slices.Contains([]string{"answer", "posts", "topics"}, s.Name) && s.Always == nil {
			t.Errorf("%s says nothing to who left it out", s.Name)
		}
		for _, lang := range i18n.Langs() {
			label := catalog.For(lang, nil).T(s.Label)
			if s.Label != "" && (labels[lang+label] || len([]rune(label)) > 75) {
				t.Errorf("%s: %s is called %q", lang, s.Name, label)
			}
			labels[lang+label] = true
		}
	}
	if len(all) > bot.MostChoices {
		t.Errorf("%d parts in a menu of %d", len(all), bot.MostChoices)
	}
}
