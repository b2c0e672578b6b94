package mentions

import (
	"strings"
	"testing"
	"time"

	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

func TestHowTheDayWent(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	thursday := time.Date(2026, 11, 26, 18, 30, 0, 0, paris)
	friday, monday := time.Date(2026, 11, 27, 8, 45, 0, 0, paris), time.Date(2026, 11, 30, 8, 45, 0, 0, paris)
	for _, test := range []struct {
		name   string
		day    Day
		broken int
		now    time.Time
		fr, en string
	}{
		{"nothing was due", Day{}, 0, friday, "", ""},
		{"all went well", Day{Done: 33, Within: 31, Waits: []int{90, 70, 10}}, 0, friday,
			"Hier : 31 réponses à temps sur 33, la moitié en moins de 1 h 10", "Yesterday: 31 of 33 answered in time, half of them within 1 h 10"},
		{"one", Day{Done: 1, Within: 1, Waits: []int{5}}, 0, friday,
			"Hier : 1 réponse à temps sur 1, la moitié en moins de 5 min", "Yesterday: 1 of 1 answered in time, half of them within 5 min"},
		{"the answered are not all", Day{Done: 3, Within: 3, Waits: []int{5, 20, 25}}, 43, friday,
			"Hier : 3 réponses à temps sur 46 ; 43 attendent encore", "Yesterday: 3 of 46 answered in time; 43 still wait"},
		{"few wait", Day{Done: 3, Within: 2, Waits: []int{5, 20, 25}}, 1, friday,
			"Hier : 2 réponses à temps sur 4, la moitié en moins de 25 min ; 1 attend encore",
			"Yesterday: 2 of 4 answered in time, half of them within 25 min; 1 still waits"},
		{"nobody answered", Day{}, 2, friday, "Hier : 0 réponse à temps sur 2 ; 2 attendent encore", "Yesterday: 0 of 2 answered in time; 2 still wait"},
		{"after a weekend", Day{Done: 2, Within: 2, Waits: []int{5, 5}}, 0, monday,
			"Jeudi 26 novembre : 2 réponses à temps sur 2, la moitié en moins de 5 min",
			"Thursday 26 November: 2 of 2 answered in time, half of them within 5 min"},
	} {
		for lang, want := range map[string]string{"fr": test.fr, "en": test.en} {
			if got := strings.ReplaceAll(went(catalog.For(lang, paris), test.day, test.broken, thursday, test.now), "\u00a0", " "); got != want {
				t.Errorf("%s: %q, want %q", test.name, got, want)
			}
		}
	}
}

// Promises that ended that day and since then are broken while their conversation
// waits; older ones were counted on their own day.
func TestBrokenPromises(t *testing.T) {
	at := func(day, hour int) Case { return Case{Due: time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC)} }
	since, now := time.Date(2026, 11, 26, 18, 30, 0, 0, time.UTC), time.Date(2026, 11, 27, 8, 45, 0, 0, time.UTC)
	for hour, test := range []struct {
		due  Case
		want int
	}{{at(25, 23), 0}, {at(26, 0), 1}, {at(26, 17), 1}, {at(27, 8), 1}, {at(27, 9), 0}} {
		if got := brokenSince([]Case{test.due}, since, now); got != test.want {
			t.Errorf("%d: due %v counts %d", hour, test.due.Due, got)
		}
	}
	if got := brokenSince([]Case{at(26, 10), at(26, 11), at(28, 9)}, since, now); got != 2 {
		t.Errorf("%d are broken", got)
	}
}

// A promise that ends soon, or has ended, is what nobody may miss of what waits.
func TestEnding(t *testing.T) {
	now := time.Date(2026, 11, 26, 8, 45, 0, 0, time.UTC)
	for _, test := range []struct {
		name  string
		after []time.Duration
		near  int
		by    time.Duration
	}{
		{"nothing waits", nil, 0, 0},
		{"later in the day", []time.Duration{2 * time.Hour, soon}, 0, 0},
		{"soon", []time.Duration{time.Hour, 30 * time.Minute, 3 * time.Hour}, 2, time.Hour},
		{"ended", []time.Duration{-time.Hour, 3 * time.Hour}, 1, -time.Hour},
	} {
		var waiting []Case
		for _, after := range test.after {
			waiting = append(waiting, Case{Due: now.Add(after)})
		}
		near, by := ending(waiting, now)
		if near != test.near || near > 0 && !by.Equal(now.Add(test.by)) {
			t.Errorf("%s: %d, the last %s", test.name, near, by)
		}
	}
}

// Who left out what is to answer hears of it once a promise is about to end.
func TestPromisesPress(t *testing.T) {
	e := newHearing(t)
	e.space.Brands[0].Promise = 4 * time.Hour
	for day := range e.space.Brands[0].Hours {
		e.space.Brands[0].Hours[day] = []hours.Span{{Open: 9 * 60, Close: 18 * 60}}
	}
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	e.hear("Mastodon", "@tom", "Vous livrez en Belgique ? colibri")
	for after, want := range map[time.Duration][2]string{
		0:             {"To answer: 1 conversation", ""},
		3 * time.Hour: {"To answer: 1 conversation, 1 of them by 14:01", "To answer: 1 conversation, 1 of them by 14:01"},
		6 * time.Hour: {"To answer: 1 conversation", "To answer: 1 conversation"},
	} {
		tx := state.Begin(e.store, "look", e.now.Add(after))
		all, err := e.Engine.ToAnswer(t.Context(), tx, e.space.Brands[0], e.now, catalog.For("en", time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		pressing, err := e.Engine.Pressing(t.Context(), tx, e.space.Brands[0], e.now, catalog.For("en", time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]string{strings.Join(all, "|"), strings.Join(pressing, "|")}; got != want {
			t.Errorf("after %s: %q, want %q", after, got, want)
		}
	}
}
