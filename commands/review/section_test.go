package review

import (
	"strings"
	"testing"
	"time"

	"crieur/approvals"
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
