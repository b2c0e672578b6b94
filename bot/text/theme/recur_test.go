package theme

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// times gives so many texts that differ by a word, which is never the same.
func times(n int, text string) (texts []string) {
	for i := range n {
		texts = append(texts, strings.ReplaceAll(text, "%", string(rune('a'+i))+"mot"))
	}
	return texts
}

// recurring says what recurs, with how many texts have it.
func recurring(l *Lists, open, covered []string) (said []string) {
	for _, r := range l.Recurring(open, covered) {
		said = append(said, fmt.Sprint(r.Words, " ", len(r.Texts), " ", r.Other))
	}
	return said
}

func TestRecurring(t *testing.T) {
	l := lists(t)
	say := func(parts ...[]string) []string { return slices.Concat(parts...) }
	for name, c := range map[string]struct {
		open, covered []string
		want          string
	}{
		"nothing":             {nil, nil, "[]"},
		"too few":             {times(MinRecurring-1, "la bouilloire % siffle"), nil, "[]"},
		"a thing":             {times(6, "encore la bouilloire, %"), nil, "[bouilloire 6 0]"},
		"its plural too":      {say(times(4, "la bouilloire, %"), times(3, "mes bouilloires, %")), nil, "[bouilloire 7 0]"},
		"a pair":              {times(6, "your companion pass. %"), nil, "[companion pass 6 0]"},
		"a pair and its word": {say(times(6, "votre carte cadeau, %"), times(6, "la carte, %")), nil, "[carte 12 0]"},
		"once a text":         {times(4, "la bouilloire, la bouilloire, % la bouilloire"), nil, "[]"},
		"no name of a thing":  {times(6, "vous cherchez % toujours"), nil, "[]"},
		"a name now and then": {say(times(8, "bouilloire %"), times(2, "la bouilloire, %")), nil, "[bouilloire 10 0]"},
		"once a name":         {say(times(8, "bouilloire %"), times(1, "la bouilloire, %")), nil, "[]"},
		"what has a list":     {times(6, "le colis, %"), nil, "[]"},
		"its singular has":    {times(6, "mes cartons, des tickets, %"), nil, "[cartons 6 0]"},
		"what all speak of":   {say(times(6, "la maison, %"), times(6, "rien %")), times(12, "le colis de la maison, %"), "[]"},
		"somebody":            {times(6, "@Bouilloire la bouilloire, %"), nil, "[]"},
		"somebody, elsewhere": {times(6, "la bouilloire, %"), times(6, "mon colis @bouilloire %"), "[]"},
		"a number, a link":    {times(6, "le 0612345678, le https://example.org/bouilloire %"), nil, "[]"},
		"more often, first": {say(times(5, "la bouilloire, %"), times(9, "une théière, %")), times(20, "mon colis %"),
			"[théière 9 0 bouilloire 5 0]"},
	} {
		if got := fmt.Sprint(recurring(l, c.open, c.covered)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// What is proposed can be a list as it is: it then finds the texts, whatever the
// accents and the number.
func TestRecurringForms(t *testing.T) {
	l := lists(t)
	open := slices.Concat(times(4, "la Théière, %"), times(1, "la theiere, %"), times(3, "les théières, %"), times(2, "rien %"))
	found := l.Recurring(open, nil)
	if len(found) != 1 || found[0].Key != "theiere" || fmt.Sprint(found[0].Forms) != "[théière théières]" || fmt.Sprint(found[0].Texts) != "[0 1 2 3 4 5 6 7]" {
		t.Fatalf("found %+v", found)
	}
	own, err := New([]List{{Name: "own", Entries: found[0].Forms}})
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range open {
		if got := len(own.Themes(text)) == 1; got != slices.Contains(found[0].Texts, i) {
			t.Errorf("%s: %v", text, got)
		}
	}
	if again := l.Recurring(open, nil); fmt.Sprint(again) != fmt.Sprint(found) {
		t.Errorf("then %+v", again)
	}
}

func FuzzRecurring(f *testing.F) {
	l := lists(f)
	f.Add("la bouilloire, #théières @marie", "mon colis")
	f.Add("l’\u00adeau\x00 d’or, my my MY", "\xff\xfe")
	f.Fuzz(func(t *testing.T, open, covered string) {
		for _, r := range l.Recurring(slices.Repeat([]string{open}, MinRecurring), []string{covered}) {
			if len(r.Texts) != MinRecurring || len(r.Forms) == 0 || r.Words != r.Forms[0] || strings.TrimSpace(r.Words) == "" || r.Other > 1 {
				t.Fatalf("%q beside %q: %+v", open, covered, r)
			}
		}
	})
}

func BenchmarkRecurring(b *testing.B) {
	l := lists(b)
	open, covered := times(26, "encore la bouilloire rouge qui siffle toute la nuit, %, et la théière"), times(26, "le colis de la maison, %")
	for range 5 {
		open, covered = append(open, open...), append(covered, covered...)
	}
	for b.Loop() {
		l.Recurring(open, covered)
	}
	b.ReportMetric(float64(len(open)+len(covered))*float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}
