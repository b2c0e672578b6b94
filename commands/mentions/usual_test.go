package mentions

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"
)

var monday = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)

// lives lets a pulse beat so many times in each hour, and gives the hours in
// which it was said to be unusual.
func lives(t *testing.T, p Pulse, from time.Time, hours int, count func(hour int) int) (Pulse, []int) {
	t.Helper()
	var said []int
	for hour := range hours {
		for i := range count(hour) {
			at := from.Add(time.Duration(hour)*time.Hour + time.Duration(i)*time.Second)
			next, unusual, err := p.beat(at)
			if err != nil {
				t.Fatal(err)
			}
			if p = next; unusual {
				said = append(said, hour)
			}
		}
	}
	return p, said
}

// day is what a working day brings: two an hour from 9 to 18.
func day(hour int) int {
	if hour%24 >= 9 && hour%24 < 18 {
		return 2
	}
	return 0
}

func TestPulse(t *testing.T) {
	const weeks = 4 * 7 * 24
	usual, said := lives(t, Pulse{}, monday, weeks, day)
	if len(said) > 0 {
		t.Fatalf("unusual in hours %v of the very same days", said)
	}
	later := monday.Add(weeks * time.Hour)
	for _, c := range []struct {
		name  string
		count func(hour int) int
		hour  int // in which it is said; -1: never
	}{
		{"the same again", day, -1},
		{"one more in an hour", func(h int) int { return day(h) + map[bool]int{true: 1}[h == 10] }, -1},
		{"eight times as many in an hour", func(h int) int { return day(h) + map[bool]int{true: 14}[h == 10] }, 10},
		{"fourfold from ten on", func(h int) int { return day(h) * map[bool]int{true: 4, false: 1}[h >= 10] }, 10},
		{"at night", func(h int) int { return day(h) + map[bool]int{true: 6}[h == 3] }, 3},
		{"fewer than few", func(h int) int { return day(h) + map[bool]int{true: fewest - 1}[h == 3] }, -1},
	} {
		_, said := lives(t, usual, later, 24, c.count)
		if c.hour < 0 && len(said) > 0 || c.hour >= 0 && (len(said) != 1 || said[0] > c.hour+1 || said[0] < c.hour) {
			t.Errorf("%s: unusual in hours %v, want %d", c.name, said, c.hour)
		}
	}
}

// A brand that hardly anybody speaks of is left alone until several do.
func TestPulseOfASmallBrand(t *testing.T) {
	seldom, _ := lives(t, Pulse{}, monday, 28*24, func(hour int) int { return map[bool]int{true: 1}[hour%100 == 0] })
	for count, want := range map[int]bool{fewest - 2: false, fewest: true} {
		_, said := lives(t, seldom, monday.AddDate(0, 0, 28), 1, func(int) int { return count })
		if (len(said) > 0) != want {
			t.Errorf("%d in an hour: unusual %v", count, !want)
		}
	}
}

// It is said before the hour ends, once a day, and again when a day later it
// still goes on rising.
func TestPulseIsSaidOnce(t *testing.T) {
	usual, _ := lives(t, Pulse{}, monday, 28*24, day)
	later := monday.Add(28 * 24 * time.Hour)
	burst := func(hour int) int { return day(hour) + 60 }
	p, said := lives(t, usual, later, 23, burst)
	if len(said) != 1 || said[0] != 0 || p.Told.Sub(later) > 20*time.Second {
		t.Errorf("said in hours %v, first at %v", said, p.Told)
	}
}

func TestPulseAfterSilence(t *testing.T) {
	usual, _ := lives(t, Pulse{}, monday, 28*24, day)
	p, _, err := usual.beat(monday.Add(28*24*time.Hour + 13*24*time.Hour))
	if err != nil || p.Series.Baseline.Hours < 40*24 {
		t.Errorf("after thirteen days: %v hours known, %v", p.Series.Baseline.Hours, err)
	}
	p, _, err = usual.beat(monday.Add(60 * 24 * time.Hour))
	if err != nil || p.Series.Baseline.Hours > 0 {
		t.Errorf("after thirty-two days: %v hours known, %v", p.Series.Baseline.Hours, err)
	}
}

// The brand's clock turns back an hour in October: nothing is out of order.
func TestPulseOverTheChangeOfClocks(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	lives(t, Pulse{}, time.Date(2026, 10, 24, 0, 0, 0, 0, paris), 72, func(int) int { return 1 })
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	lives(t, Pulse{}, time.Date(2026, 10, 24, 0, 0, 0, 0, kolkata), 72, func(int) int { return 1 })
}

// What is kept stays of one size.
func TestPulseIsSmall(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	p, _ := lives(t, Pulse{}, monday, 60*24, func(int) int { return r.IntN(9) })
	data, err := json.Marshal(p)
	if err != nil || len(data) > 8<<10 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	var back Pulse
	if err := json.Unmarshal(data, &back); err != nil || back.Series != p.Series {
		t.Errorf("read back otherwise: %v", err)
	}
}

// The reason says nothing of what is usual where no day is known, nor three times
// where it is less.
func TestManyOf(t *testing.T) {
	people := func(n int) []string { return make([]string, n) }
	for want, all := range map[string][]Theme{
		"":                     {{People: people(4)}, {People: people(5), Usual: []int{2, 2}}},
		"mentions.why.many":    {{People: people(5)}, {People: people(9)}, {People: people(2), Unusual: true}},
		"mentions.why.tripled": {{People: people(6), Usual: []int{2, 2}}, {People: people(6), Usual: []int{2, 2}, Unusual: true}},
		"mentions.why.more":    {{People: people(5), Usual: []int{2, 2}, Unusual: true}},
	} {
		for _, theme := range all {
			if got := manyOf(theme); got != want {
				t.Errorf("%d people, usually %v, unusual %v: %q, want %q", len(theme.People), theme.Usual, theme.Unusual, got, want)
			}
		}
	}
}

func TestThreefold(t *testing.T) {
	people := func(n int) []string { return make([]string, n) }
	for _, c := range []struct {
		people int
		usual  []int
		want   bool
	}{{4, nil, false}, {5, nil, true}, {5, []int{2, 2}, false}, {6, []int{2, 2}, true}, {5, []int{1, 0, 1}, true}} {
		if got := threefold(Theme{People: people(c.people), Usual: c.usual}); got != c.want {
			t.Errorf("%d people, usually %v: %v", c.people, c.usual, got)
		}
	}
}
