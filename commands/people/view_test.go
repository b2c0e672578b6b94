package people

import (
	"fmt"
	"testing"
	"time"

	"crieur/bot/hours"
)

func TestAhead(t *testing.T) {
	on := func(month time.Month, days ...int) (all hours.Days) {
		for _, day := range days {
			all = append(all, hours.Day{Year: 2026, Month: month, Day: day})
		}
		return all
	}
	for name, c := range map[string]struct {
		away hours.Days
		want string
	}{
		"none":                   {nil, ""},
		"past":                   {on(11, 20, 21), ""},
		"under way":              {on(11, 25, 26, 27), "2026-11-26 2026-11-27; "},
		"two, the later first":   {append(on(12, 10, 11), on(12, 3, 4)...), "2026-12-03 2026-12-04; 2026-12-10 2026-12-11; "},
		"noted twice":            {append(on(12, 3, 4), on(12, 4, 5)...), "2026-12-03 2026-12-05; "},
		"over the end of a year": {append(on(12, 31), hours.Day{Year: 2027, Month: 1, Day: 1}), "2026-12-31 2027-01-01; "},
	} {
		got := ""
		for _, leave := range ahead(c.away, hours.Day{Year: 2026, Month: 11, Day: 26}) {
			got += fmt.Sprintf("%s %s; ", said2(leave.From), said2(leave.To))
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
