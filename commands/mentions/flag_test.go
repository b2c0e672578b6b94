package mentions

import (
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
)

// What goes to moderation: what something was found in, else the last words; what
// somebody called no insult is none.
func TestFlagged(t *testing.T) {
	b := &brand.Brand{ID: "colibri", Zone: time.UTC}
	space := &brand.Space{Brands: []*brand.Brand{b}}
	judge, err := NewJudge(space)
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{Space: space, Judge: judge}
	const insult, data, calm = "bande de voleurs allez crever", "rappelez-moi au 06 39 98 12 34", "vous livrez en Belgique ?"
	for name, test := range map[string]struct {
		heard  []string
		folded bool
		want   []listen.Flagged
	}{
		"nothing found": {[]string{calm, calm}, false, []listen.Flagged{{Mention: listen.Mention{Text: calm}}}},
		"an insult, then calm": {[]string{insult, calm}, true,
			[]listen.Flagged{{Mention: listen.Mention{Text: insult}, Insulting: true}}},
		"each that holds something": {[]string{calm, insult, data}, true,
			[]listen.Flagged{{Mention: listen.Mention{Text: insult}, Insulting: true}, {Mention: listen.Mention{Text: data}, Personal: true}}},
		"not insulting, somebody said": {[]string{insult}, false, []listen.Flagged{{Mention: listen.Mention{Text: insult}}}},
	} {
		t.Run(name, func(t *testing.T) {
			c := Case{Folded: test.folded}
			for _, text := range test.heard {
				c.Heard = append(c.Heard, listen.Mention{Text: text})
			}
			got, err := e.flagged(t.Context(), state.Begin(statetest.NewMem(), "look", time.Now()), b, c)
			if err != nil || len(got) != len(test.want) {
				t.Fatalf("%+v, %v", got, err)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("%d: %+v, want %+v", i, got[i], test.want[i])
				}
			}
		})
	}
}
