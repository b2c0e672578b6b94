package learning

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/text/learnt"
	"crieur/bot/text/theme"
)

// say is something said by so many people, one each, in words that differ.
func say(text string, people int) (said []listen.Said) {
	for i := range people {
		id := text + strconv.Itoa(i)
		said = append(said, listen.Said{ID: id, Who: id, Text: strings.ReplaceAll(text, "%", string(rune('a'+i))+"mot")})
	}
	return said
}

// by is the same said by one person.
func by(who string, all []listen.Said) []listen.Said {
	for i := range all {
		all[i].Who = who
	}
	return all
}

// private is the same said to the brand alone.
func private(all []listen.Said) []listen.Said {
	for i := range all {
		all[i].Private = true
	}
	return all
}

func join(all ...[]listen.Said) (said []listen.Said) {
	for _, some := range all {
		said = append(said, some...)
	}
	return said
}

func TestMissing(t *testing.T) {
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{ID: "colibri", Name: "Maison Colibri", Own: []string{"@tisanerie"}, Rivals: []brand.Rival{{Name: "Thés Bellerive"}},
		Watch: []brand.Watch{{Query: "colibri OR infusette"}}, Themes: map[string][]string{"livraison": {"colis"}}, Added: map[string][]string{"gout": {"saveur"}}}
	lists, err := listsOf(b)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		said []listen.Said
		want string
	}{
		"nothing":            {nil, "[]"},
		"a thing":            {say("la bouilloire, %", 6), "[bouilloire 6 2]"},
		"too few people":     {say("la bouilloire, %", 4), "[]"},
		"one person":         {by("marie", say("la bouilloire, %", 9)), "[]"},
		"one of them twice":  {join(say("la bouilloire, %", 4), by("marie", say("la bouilloire, encore %", 3))), "[bouilloire 5 2]"},
		"in private":         {private(say("la bouilloire, %", 9)), "[]"},
		"nobody knows who":   {join(say("la bouilloire, %", 4), by("", say("la bouilloire, encore %", 3))), "[]"},
		"a theme":            {say("mon colis, %", 9), "[]"},
		"one that was added": {say("la saveur, %", 9), "[]"},
		"a theme too":        {say("mon colis et la bouilloire, %", 9), "[]"},
		"the brand's name":   {say("la Maison, %", 9), "[]"},
		"its own account":    {say("la tisanerie, %", 9), "[]"},
		"a competitor":       {say("les bellerive, %", 9), "[]"},
		"what is watched":    {say("une infusette, %", 9), "[]"},
		"an insult":          {say("un connard, %", 9), "[]"},
		"somebody":           {say("@bouilloire la bouilloire, %", 9), "[]"},
		"no name":            {say("la "+strings.Repeat("théière", 6)+", %", 9), "[]"},
		"two things":         {join(say("la bouilloire, %", 6), say("une tasse rouge, %", 7)), "[tasse rouge 7 2 bouilloire 6 2]"},
	} {
		var got []string
		for _, f := range missing(shipped.Reader(lists, learnt.Models{}), lists, b, c.said, nil) {
			got = append(got, fmt.Sprint(f.Words, " ", f.People, " ", len(f.Quoted)))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

// A click says more than the words: what is no message about the brand counts
// nowhere, and what somebody gave a theme has one.
func TestMissingAfterClicks(t *testing.T) {
	shipped, err := learnt.Open()
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{ID: "colibri", Name: "Colibri", Themes: map[string][]string{"livraison": {"colis"}}}
	lists, err := listsOf(b)
	if err != nil {
		t.Fatal(err)
	}
	given, none := "livraison", theme.None
	for name, c := range map[string]struct {
		text  string
		click listen.Lesson
		want  int
	}{
		"not us":       {"la bouilloire, %", listen.Lesson{Stray: true}, 0},
		"about a list": {"la bouilloire, %", listen.Lesson{Theme: &given}, 0},
		"about none":   {"la bouilloire et mon colis, %", listen.Lesson{Theme: &none}, 1},
		"how it feels": {"la bouilloire, %", listen.Lesson{Sentiment: "negative"}, 1},
	} {
		said := say(c.text, 6)
		var clicks []Label
		for _, s := range said {
			c.click.Text = s.Text
			clicks = append(clicks, Label{Lesson: c.click})
		}
		if got := missing(shipped.Reader(lists, learnt.Models{}), lists, b, said, clicks); len(got) != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Two different people are quoted, the newest first.
func TestWhoSaid(t *testing.T) {
	all := []listen.Said{{ID: "0", Who: "x"}, {ID: "1", Who: "a"}, {ID: "2", Who: "a"}, {ID: "3", Who: "b"}, {ID: "4", Who: "c"}}
	if people, quoted := whoSaid(all, []int{1, 2, 3, 4}); people != 3 || fmt.Sprint(quoted) != "[1 3]" {
		t.Errorf("%d people, quoted %v", people, quoted)
	}
}

func TestNext(t *testing.T) {
	lists, err := theme.New([]theme.List{{Name: "parcels", Entries: []string{"colis"}}})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)
	found := func(words ...string) (all []Finding) {
		for i, w := range words {
			all = append(all, Finding{Matter: Matter{w, w}, People: 10 - i})
		}
		return all
	}
	waits := func(seen time.Time, words ...string) (all []Finding) {
		for _, w := range words {
			all = append(all, Finding{Matter: Matter{w, w}, People: 5, Since: now.Add(-90 * 24 * time.Hour), Seen: seen})
		}
		return all
	}
	night := now.Add(-24 * time.Hour)
	matters := func(words ...string) (all []Matter) {
		for _, w := range words {
			all = append(all, Matter{w, w})
		}
		return all
	}
	for name, c := range map[string]struct {
		kept  Findings
		found []Finding
		want  string
	}{
		"nothing":                  {Findings{}, nil, "[]"},
		"the first three":          {Findings{}, found("a", "b", "c", "d"), "[a 10 b 9 c 8]"},
		"those that wait stay":     {Findings{Waiting: waits(night, "x", "y")}, found("a", "b"), "[x 5 y 5 a 10]"},
		"in their place":           {Findings{Waiting: waits(night, "x", "a")}, found("a", "x"), "[x 9 a 10]"},
		"full":                     {Findings{Waiting: waits(night, "x", "y", "z")}, found("a"), "[x 5 y 5 z 5]"},
		"long gone":                {Findings{Waiting: waits(now.Add(-lookBack), "x", "y")}, found("y"), "[y 10]"},
		"covered by now":           {Findings{Waiting: waits(night, "colis", "x")}, found("a"), "[x 5 a 10]"},
		"declined":                 {Findings{Declined: matters("a")}, found("a", "b"), "[b 9]"},
		"a word of what waits":     {Findings{Waiting: waits(night, "tasse rouge")}, found("tasse", "tasse bleue"), "[tasse rouge 5 tasse bleue 9]"},
		"a word of what was no":    {Findings{Declined: matters("tasse rouge")}, found("rouge", "vert"), "[vert 9]"},
		"more than what was no":    {Findings{Declined: matters("tasse")}, found("tasse rouge"), "[]"},
		"words of the same prefix": {Findings{Declined: matters("tasse")}, found("tasses"), "[tasses 10]"},
	} {
		var got []string
		next := c.kept.next(c.found, lists, now)
		for _, w := range next.Waiting {
			got = append(got, fmt.Sprint(w.Words, " ", w.People))
			since := now
			for _, before := range c.kept.Waiting {
				if before.Key == w.Key {
					since = before.Since
				}
			}
			if !w.Since.Equal(since) {
				t.Errorf("%s: %s since %v, want %v", name, w.Words, w.Since, since)
			}
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
		if again := next.next(c.found, lists, now); fmt.Sprint(again) != fmt.Sprint(next) {
			t.Errorf("%s: not the same when asked again: %+v", name, again)
		}
	}
}
