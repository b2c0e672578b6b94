package brand

import (
	"strings"
	"testing"
	"time"

	"crieur/bot/hours"
)

// The last day of an answer is a whole day where the brand is, also the ones on
// which clocks change.
func TestEnds(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for last, want := range map[hours.Day]string{
		{Year: 2026, Month: 11, Day: 26}: "2026-11-26T23:00:00Z",
		{Year: 2026, Month: 10, Day: 25}: "2026-10-25T23:00:00Z", // 25 hours long
		{Year: 2026, Month: 12, Day: 31}: "2026-12-31T23:00:00Z",
	} {
		if ends, bounded := (Answer{Until: last}).Ends(paris); !bounded || ends.UTC().Format(time.RFC3339) != want {
			t.Errorf("%v ends %v, %v", last, ends.UTC(), bounded)
		}
	}
	if _, bounded := (Answer{}).Ends(paris); bounded {
		t.Error("an answer without a last day ends")
	}
}

// Those about the themes come first, in the order of the themes; what is over, or
// has no words in the language, does not come.
func TestReady(t *testing.T) {
	noon := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	answer := func(id, theme string, until hours.Day, langs ...string) Answer {
		a := Answer{ID: id, Theme: theme, Text: map[string]string{}, Until: until}
		for _, lang := range langs {
			a.Text[lang] = id
		}
		return a
	}
	b := &Brand{Zone: time.UTC, Answers: []Answer{
		answer("price", "price", hours.Day{}, "fr", "en"), answer("any", "", hours.Day{}, "fr"),
		answer("over", "late", hours.Day{Year: 2026, Month: 11, Day: 25}, "fr"),
		answer("today", "late", hours.DayOf(noon), "fr"), answer("english", "late", hours.Day{}, "en"),
	}}
	for _, test := range []struct{ lang, themes, want string }{
		{"fr", "", "price any today"}, {"fr", "late", "today price any"}, {"fr", "price late", "price today any"},
		{"en", "late", "english price"}, {"de", "late", ""},
	} {
		var got []string
		for _, a := range b.Ready(test.lang, strings.Fields(test.themes), noon) {
			got = append(got, a.ID)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s %q: %q, want %q", test.lang, test.themes, got, test.want)
		}
	}
	if b.Answers[0].ID != "price" {
		t.Error("the brand was put into another order")
	}
}
