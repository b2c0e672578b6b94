package brand

import (
	"testing"
	"time"

	"crieur/bot/hours"
)

// Leave is of a member's own days: at 00:30 in Paris it is still the day before
// in Montréal.
func TestAwayAndFirst(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	montreal, err := time.LoadLocation("America/Montreal")
	if err != nil {
		t.Fatal(err)
	}
	leave := hours.Days{{Year: 2026, Month: time.November, Day: 26}}
	b := &Brand{Zone: paris, OnCall: []string{"noa", "gone", "far", "here"}}
	s := &Space{Members: []*Member{{ID: "noa", Away: leave}, {ID: "far", Away: leave, Zone: montreal}, {ID: "here"}}}
	for _, c := range []struct {
		at    time.Time
		ids   []string
		first string
		rota  string
	}{
		{time.Date(2026, 11, 26, 0, 30, 0, 0, paris), []string{"gone", "noa", "far", "here"}, "far", "far here "},
		{time.Date(2026, 11, 26, 12, 0, 0, 0, paris), []string{"noa", "far", "here"}, "here", "here "},
		{time.Date(2026, 11, 26, 12, 0, 0, 0, paris), []string{"far", "noa"}, "far", "here "}, // everybody is away: somebody must
		{time.Date(2026, 11, 27, 0, 30, 0, 0, paris), []string{"far", "noa"}, "noa", "noa here "},
		{time.Date(2026, 11, 27, 12, 0, 0, 0, paris), []string{"gone"}, "", "noa far here "},
		{time.Date(2026, 11, 27, 12, 0, 0, 0, paris), nil, "", "noa far here "},
	} {
		first, rota := "", ""
		if m := s.First(b, c.at, c.ids); m != nil {
			first = m.ID
		}
		for _, m := range s.Rota(b, c.at) {
			rota += m.ID + " "
		}
		if first != c.first || rota != c.rota {
			t.Errorf("at %s of %v: first %q, rota %q; want %q, %q", c.at, c.ids, first, rota, c.first, c.rota)
		}
	}
	if !b.Away(nil, time.Now()) {
		t.Error("nobody is here")
	}
}
