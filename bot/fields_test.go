package bot_test

import (
	"fmt"
	"slices"
	"testing"

	"crieur/bot"
	"crieur/bot/i18n"
)

// A menu never holds more than every platform takes, loses nothing that is chosen
// and says that there is more.
func TestBounded(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := catalog.For("en", nil)
	of := func(count int, chosen ...int) bot.Field {
		f := bot.Field{ID: "f", Kind: bot.PickMany, Label: "L"}
		for n := range count {
			f.Choices = append(f.Choices, bot.Choice{Value: fmt.Sprint("v", n), Label: fmt.Sprint("l", n)})
			if slices.Contains(chosen, n) {
				f.Value = append(f.Value, fmt.Sprint("v", n))
			}
		}
		return f
	}
	everything := make([]int, 40)
	for n := range everything {
		everything[n] = n
	}
	for _, test := range []struct {
		name        string
		field       bot.Field
		shown, kept int
		first, hint string
	}{
		{"few", of(3, 1), 3, 1, "v0", ""},
		{"as many as it holds", of(25), 25, 0, "v0", ""},
		{"one too many", of(26), 25, 0, "v0", "Showing 25 choices of 26."},
		{"the last is chosen", of(40, 39), 25, 1, "v39", "Showing 25 choices of 40."},
		{"all are chosen", of(40, everything...), 25, 25, "v0", "Showing 25 choices of 40."},
	} {
		got := test.field.Bounded(p)
		if len(got.Choices) != test.shown || len(got.Value) != test.kept || got.Choices[0].Value != test.first || got.Hint != test.hint {
			t.Errorf("%s: %d choices, the first %s; %d chosen; %q", test.name, len(got.Choices), got.Choices[0].Value, len(got.Value), got.Hint)
		}
		for _, value := range got.Value {
			if !slices.ContainsFunc(got.Choices, func(c bot.Choice) bool { return c.Value == value }) {
				t.Errorf("%s: %s is chosen and not shown", test.name, value)
			}
		}
	}
	hinted := of(26)
	hinted.Hint = "Why."
	if got := hinted.Bounded(p).Hint; got != "Why. Showing 25 choices of 26." {
		t.Errorf("a hint before: %q", got)
	}
}
