package answers

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"crieur/bot/hours"
)

func TestWrong(t *testing.T) {
	fine := Words{Lang: "fr", Name: "Prix", Theme: "price", Text: "Bonjour.", Source: "https://example.org", Until: hours.DayOf(noon)}
	for name, test := range map[string]struct {
		change func(*Words)
		want   Wrong
	}{
		"nothing":         {func(*Words) {}, Wrong{}},
		"no theme, ever":  {func(w *Words) { w.Theme, w.Source, w.Until = "", "", hours.Day{} }, Wrong{}},
		"blank":           {func(w *Words) { w.Name, w.Text = "", "" }, Wrong{"name": "answers.noname", "text": "answers.notext"}},
		"a name taken":    {func(w *Words) { w.Name = "RETARD" }, Wrong{"name": "answers.named"}},
		"a theme gone":    {func(w *Words) { w.Theme = "gone" }, Wrong{"theme": "answers.notheme"}},
		"yesterday":       {func(w *Words) { w.Until = hours.DayOf(noon.AddDate(0, 0, -1)) }, Wrong{"until": "answers.dayover"}},
		"a phone number":  {func(w *Words) { w.Text = "Au 06 39 98 12 34" }, Wrong{"text": "answers.personal"}},
		"who said so":     {func(w *Words) { w.Source = "marie@example.org" }, Wrong{"source": "answers.personal"}},
		"as long as may":  {func(w *Words) { w.Text = strings.Repeat("é", longestText) }, Wrong{}},
		"too long a text": {func(w *Words) { w.Text = strings.Repeat("mot ", 2500) }, Wrong{"text": "answers.long"}},
		"too long a name": {func(w *Words) { w.Name = strings.Repeat("n", longestName+1) }, Wrong{"name": "answers.long"}},
		"too long else":   {func(w *Words) { w.Source = strings.Repeat("s", longestSource+1) }, Wrong{"source": "answers.long"}},
	} {
		w := fine
		test.change(&w)
		if got := w.wrong([]string{"Retard"}, []string{"late", "price"}, noon); !maps.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// An answer remembers its last acts, and the one given stays as it was.
func TestDecideIsPure(t *testing.T) {
	s, err := decide(Sheet{}, Choice{What: Write, By: "noa", Words: Words{Lang: "fr", Name: "Prix", Text: "un"}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	first := s
	for i := range mostActs + 3 {
		if s, err = decide(s, Choice{What: Change, By: "noa", Seen: i + 1, Words: Words{Lang: "fr", Name: "Prix", Text: fmt.Sprint(i)}}, noon); err != nil {
			t.Fatal(err)
		}
	}
	if len(first.Acts) != 1 || first.Text["fr"] != "un" || first.Acts[0].Text["fr"] != "un" {
		t.Errorf("the first is now %+v", first)
	}
	if len(s.Acts) != mostActs || s.Version != mostActs+4 || s.last().Text["fr"] != fmt.Sprint(mostActs+2) || s.Acts[0].Text["fr"] != "3" {
		t.Errorf("%d acts of version %d, the last %+v", len(s.Acts), s.Version, s.last())
	}
}

func TestArguments(t *testing.T) {
	if version, lang := readArg(argOf(12, "fr")); version != 12 || lang != "fr" {
		t.Errorf("%d %s", version, lang)
	}
	for _, arg := range []string{"", "x", "-fr", "-1-fr", "x-fr"} {
		if version, _ := readArg(arg); version != 0 {
			t.Errorf("%q is version %d", arg, version)
		}
	}
}
