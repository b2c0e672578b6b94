package learning

import (
	"fmt"
	"strings"
	"testing"

	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/text/match"
	"crieur/bot/text/theme"
)

// garden are messages about the bird, and some about the teas.
func garden() (lessons []listen.Lesson) {
	for i := range 6 {
		lessons = append(lessons,
			listen.Lesson{Text: fmt.Sprintf("un colibri est venu boire dans mon jardin, photo %d", i), Lang: "fr", Stray: true},
			listen.Lesson{Text: fmt.Sprintf("le thé colibri numéro %d est arrivé", i), Lang: "fr", Sentiment: "positive"})
	}
	return lessons
}

// What is about something else teaches neither tone nor theme: the card says what
// it has in common, as the end of a rule that match can read.
func TestStray(t *testing.T) {
	h := newHouse(t, nil)
	h.brand.Watch = []brand.Watch{{Name: "marque", Query: "Colibri"}}
	h.teach(garden()...)
	_, text := h.card("fr")
	const rule = `NOT ("venu boire" OR jardin OR photo)`
	if !strings.Contains(text, "6 messages, souvent avec") || !strings.Contains(text, rule) {
		t.Errorf("card:\n%s", text)
	}
	if err := match.NewSet().Add("marque", h.brand.Watch[0].Query+" "+rule); err != nil {
		t.Errorf("nobody can write that rule: %v", err)
	}
	h.teach(garden()[0])
	if learn, held := deal([]Label{{Lesson: garden()[0]}}); len(learn)+len(held) != 0 {
		t.Errorf("learnt from %v, measured on %v", learn, held)
	}
}

func TestStrayOf(t *testing.T) {
	lists, err := theme.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{Watch: []brand.Watch{{Query: "Éclair OR thé"}}}
	say := func(stray bool, n int, text string) (all []Label) {
		for range n {
			all = append(all, Label{Lesson: listen.Lesson{Text: text, Stray: stray}})
		}
		return all
	}
	for name, c := range map[string]struct {
		all  []Label
		want string
	}{
		"nothing":                    {nil, "{0 []}"},
		"too few":                    {say(true, theme.MinTexts-1, "la météo annonce un éclair"), "{3 []}"},
		"a pair of words":            {say(true, 5, "éclair au chocolat noir"), "{5 [chocolat noir]}"},
		"what the brand listens for": {say(true, 5, "un éclair"), "{5 []}"},
		"what is said of us too":     {append(say(true, 5, "éclair chocolat"), say(false, 5, "thé chocolat")...), "{5 []}"},
	} {
		if got := fmt.Sprint(strayOf(lists, b, c.all)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	for _, c := range []struct {
		words []string
		want  string
	}{{[]string{"jardin"}, "NOT jardin"}, {[]string{"jardin", "chocolat noir"}, `NOT (jardin OR "chocolat noir")`}} {
		if got := except(c.words); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
