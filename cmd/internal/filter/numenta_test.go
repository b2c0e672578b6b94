package filter

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

// rows returns times 5 minutes apart.
func rows(n int) (times []time.Time) {
	for i := range n {
		times = append(times, time.Date(2015, 3, 1, 0, 5*i, 0, 0, time.UTC))
	}
	return times
}

// The scores that the published method gives by hand: the sigmoid is
// 2/(1+e^5x) - 1, at -1 0.98661, at -0.5 0.84828.
func TestScoreAlarms(t *testing.T) {
	times := rows(10_000)
	one := []window{{times[2000], times[2099]}}
	two := append(one, window{times[5000], times[5199]})
	for _, test := range []struct {
		name    string
		windows []window
		alarms  []int
		score   float64
		found   int
		wrong   int
	}{
		{"silence", one, nil, 0, 0, 0},
		{"at once", one, []int{2000}, 100, 1, 0},
		{"in the middle", one, []int{2050}, 100 * (1 + 0.84828/0.98661) / 2, 1, 0},
		{"the earliest counts", one, []int{2080, 2000, 2050}, 100, 1, 0},
		{"before any window", one, []int{2000, 1000}, 100 - 50*0.11, 1, 1},
		{"long after", one, []int{2000, 4000}, 100 - 50*0.11, 1, 1},
		{"soon after costs less", one, []int{2000, 2109}, 100 - 50*0.11*0.24792, 1, 1},
		{"only false", one, []int{1000, 4000}, -2 * 50 * 0.11, 0, 2},
		{"not while it learns", one, []int{10, 749}, 0, 0, 0},
		{"one of two", two, []int{5000}, 50, 1, 0},
		{"both", two, []int{2000, 5000}, 100, 2, 0},
	} {
		got := scoreAlarms(times, test.alarms, test.windows)
		if math.Abs(got.score()-test.score) > 0.05 || got.found != test.found || got.wrong != test.wrong {
			t.Errorf("%s: %.3f %+v, want %.3f", test.name, got.score(), got, test.score)
		}
	}
	if got := scoreAlarms(nil, nil, one); got.windows != 1 || got.found != 0 {
		t.Errorf("of no rows: %+v", got)
	}
}

// Of a short series 15 % do not count, not 750 rows.
func TestScoreShortSeries(t *testing.T) {
	times := rows(1000)
	windows := []window{{times[400], times[450]}}
	if got := scoreAlarms(times, []int{149, 150}, windows); got.wrong != 1 {
		t.Errorf("%+v", got)
	}
}

func TestReadSpikesRow(t *testing.T) {
	for _, test := range []struct {
		line, at string
		count    float64
	}{
		{"2026-11-22T18:00:00+01:00,7", "2026-11-22T17:00:00Z", 7},
		{"2026-11-22 18:00:00,7.5", "2026-11-22T18:00:00Z", 7.5},
		{"2026-11-22T18:00, 7 ", "2026-11-22T18:00:00Z", 7},
		{"2026-11-22,0", "2026-11-22T00:00:00Z", 0},
		{"\"2026-11-22\",\"3\"", "2026-11-22T00:00:00Z", 3},
		{"\ufeff2026-11-22,3,more", "2026-11-22T00:00:00Z", 3},
		{"0,1e3\r", "1970-01-01T00:00:00Z", 1000},
		{"2015-03-03 04:37:53.000000,1", "2015-03-03T04:37:53Z", 1},
	} {
		row, err := readSpikesRow(3, test.line)
		if err != nil || row.at.UTC().Format(time.RFC3339) != test.at || row.count != test.count || row.number != 3 {
			t.Errorf("%q: %+v %v", test.line, row, err)
		}
	}
	for _, line := range []string{"x", "x,1", "2026-11-22,", "2026-11-22,x", ",1", "22/11/2026,1"} {
		if _, err := readSpikesRow(1, line); err == nil || errors.Is(err, errNoRow) {
			t.Errorf("%q: %v", line, err)
		}
	}
	if _, err := readSpikesRow(1, " \r"); !errors.Is(err, errNoRow) {
		t.Error("a blank line is a row")
	}
}

func FuzzReadSpikesRow(f *testing.F) {
	f.Add("2026-11-22T18:00:00+01:00,7")
	f.Add("1767578400,\"3\"")
	f.Fuzz(func(t *testing.T, line string) {
		row, err := readSpikesRow(1, line)
		if err == nil && !strings.Contains(line, row.text) {
			t.Fatalf("%q gives %+v", line, row)
		}
	})
}

func TestPercent(t *testing.T) {
	for _, test := range []struct {
		part, whole int
		want        string
	}{{0, 0, "-"}, {1, 3, "33.33 %"}, {2, 2, "100.00 %"}} {
		if got := percent(test.part, test.whole); got != test.want {
			t.Errorf("%d of %d: %s", test.part, test.whole, got)
		}
	}
}
