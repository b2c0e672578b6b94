package review

import (
	"strings"
	"testing"
	"time"

	"crieur/approvals"
	"crieur/approvals/policy"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// What a day still needs an approval for: the earliest deadline first, then what
// leaves as soon as it is agreed.
func TestBefore(t *testing.T) {
	midnight := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	request := func(id, brand string, deadline time.Time) approvals.Request {
		return approvals.Request{ID: id, Submission: approvals.Submission{Brand: brand}, Deadline: deadline}
	}
	open := []approvals.Request{
		request("whenever", "b", time.Time{}),
		request("evening", "b", midnight.Add(-5*time.Hour)),
		request("morning", "b", midnight.Add(-14*time.Hour)),
		request("yesterday", "b", midnight.Add(-30*time.Hour)),
		request("midnight", "b", midnight),
		request("theirs", "c", midnight.Add(-time.Hour)),
	}
	var got []string
	for _, r := range before(open, "b", midnight) {
		got = append(got, r.ID)
	}
	if want := "yesterday morning evening whenever"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	if open[0].ID != "whenever" || len(open) != 6 {
		t.Error("what was given has changed")
	}
}

func TestDeadlines(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := newWeek(t)
	evening := time.Date(2026, 11, 26, 20, 30, 0, 0, time.UTC)
	lines := func(lang string) string {
		t.Helper()
		all, err := d.e.Deadlines(t.Context(), state.Begin(d.store, "look", d.now), d.b,
			time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), catalog.For(lang, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(strings.Join(all, "|"), "\u00a0", " ")
	}
	if got := lines("fr"); got != "" {
		t.Errorf("of nothing: %q", got)
	}
	d.submit("a", 1, time.Time{}, "Bonjour")
	d.submit("b", 1, evening, "Bonjour")
	d.submit("c", 1, evening.AddDate(0, 0, 4), "Bonjour") // another day's
	for lang, want := range map[string]string{
		"fr": "À valider avant 15 h 00 : « Thé b » (Noa)|À valider, sans heure prévue : « Thé a » (Noa)",
		"en": "To approve by 15:00: “Thé b” (Noa)|To approve, no time set: “Thé a” (Noa)",
	} {
		if got := lines(lang); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	for _, id := range []string{"d", "e", "f", "g"} {
		d.submit(id, 1, evening, "Bonjour")
	}
	if got := lines("fr"); strings.Count(got, "|") != mostNamed || !strings.HasSuffix(got, "|Et 2 autres.") {
		t.Errorf("six: %q", got)
	}
}

// Where nobody is left to ask, the line names nobody.
func TestDeadlineOfNobody(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	p := catalog.For("en", time.UTC)
	for want, r := range map[string]approvals.Request{
		"To approve, no time set: “Tea”": {Submission: approvals.Submission{Title: "Tea"}},
		"To approve by 15:00: “Tea”":     {Submission: approvals.Submission{Title: "Tea"}, Deadline: now.Add(6 * time.Hour)},
	} {
		if got := deadlineLine(p, r, nil, time.UTC, now); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The brief says how many wait, by when the first of them and of whom; a moment that
// has passed is no time to do it by.
func TestToApprove(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 8, 45, 0, 0, time.UTC)
	at := func(hour int) time.Time { return time.Date(2026, 11, 26, hour, 30, 0, 0, time.UTC) }
	none := time.Time{}
	for _, test := range []struct {
		name  string
		times [][2]time.Time // deadline, and when it leaves
		asked []string
		fr    string
		en    string
	}{
		{"one", [][2]time.Time{{at(16), at(18)}}, []string{"Morgan"}, "À valider : 1 post avant 16 h 30 (Morgan)", "To approve: 1 post by 16:30 (Morgan)"},
		{"several, not in order", [][2]time.Time{{at(16), at(18)}, {none, none}, {at(10), at(12)}}, []string{"Morgan", "Noa"},
			"À valider : 3 posts, le premier avant 10 h 30 (Morgan et Noa)", "To approve: 3 posts, the first by 10:30 (Morgan and Noa)"},
		{"its deadline has passed: before it leaves", [][2]time.Time{{at(7), at(9)}, {at(16), at(18)}}, []string{"Noa"},
			"À valider : 2 posts, le premier avant 9 h 30 (Noa)", "To approve: 2 posts, the first by 09:30 (Noa)"},
		{"it should have left", [][2]time.Time{{at(6), at(8)}}, []string{"Noa"}, "À valider : 1 post (Noa)", "To approve: 1 post (Noa)"},
		{"a minute before is not by then", [][2]time.Time{{now, now}}, nil, "À valider : 1 post", "To approve: 1 post"},
		{"no time to miss", [][2]time.Time{{none, none}, {none, none}}, []string{"Noa"}, "À valider : 2 posts (Noa)", "To approve: 2 posts (Noa)"},
		{"another day", [][2]time.Time{{at(34), at(36)}}, nil,
			"À valider : 1 post avant vendredi 27 novembre à 10 h 30", "To approve: 1 post by Friday 27 November, 10:30"},
	} {
		var open []approvals.Request
		for _, times := range test.times {
			open = append(open, approvals.Request{Deadline: times[0], Submission: approvals.Submission{At: times[1]}})
		}
		for lang, want := range map[string]string{"fr": test.fr, "en": test.en} {
			got := toApprove(catalog.For(lang, time.UTC), inOrder(open, now), test.asked, time.UTC, now)
			if got = strings.ReplaceAll(got, "\u00a0", " "); got != want {
				t.Errorf("%s: %q, want %q", test.name, got, want)
			}
		}
	}
}

// Whoever is asked for several posts is named once, in the order of the posts: the
// one that leaves first lacks Morgan alone.
func TestSectionNamesWhoIsAsked(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := newWeek(t)
	d.b.Policy.Needed = 2
	for i, id := range []string{"a", "b", "c"} {
		d.submit(id, 1, time.Date(2026, 11, 26, 20-i, 30, 0, 0, time.UTC), "Bonjour")
	}
	if err := d.say("c", "noa", policy.Approve, "n1"); err != nil { // morgan is next
		t.Fatal(err)
	}
	lines, err := d.e.Section(t.Context(), state.Begin(d.store, "look", d.now), d.b, d.now, catalog.For("en", time.UTC))
	if err != nil || strings.Join(lines, "|") != "To approve: 3 posts, the first by 15:00 (Morgan and Noa)" {
		t.Errorf("%q, %v", lines, err)
	}
}
