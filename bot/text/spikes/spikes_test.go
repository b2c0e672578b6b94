package spikes_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"crieur/bot/text/spikes"
	"crieur/bot/text/spikes/spikestest"
)

var monday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

func newSeries(t testing.TB, step time.Duration) *spikes.Series {
	t.Helper()
	series, err := spikes.New(step)
	if err != nil {
		t.Fatal(err)
	}
	return series
}

// feed adds counts one after the other and returns the readings.
func feed(t testing.TB, series *spikes.Series, from time.Time, counts ...float64) (readings []spikes.Reading) {
	t.Helper()
	for i, count := range counts {
		reading, err := series.Add(spikes.Config{}, from.Add(time.Duration(i)*series.Step), count)
		if err != nil {
			t.Fatal(err)
		}
		readings = append(readings, reading)
	}
	return readings
}

// days returns hourly counts of whole days: busy at 14:00, quiet at night.
func days(n int) (counts []float64) {
	for i := range n * 24 {
		counts = append(counts, math.Round(6+5*math.Sin(float64(i%24-8)*math.Pi/12)))
	}
	return counts
}

func firstAlarm(readings []spikes.Reading) int {
	for i, reading := range readings {
		if reading.Alarm {
			return i
		}
	}
	return -1
}

func TestBurst(t *testing.T) {
	series := newSeries(t, time.Hour)
	usual := days(28)
	if at := firstAlarm(feed(t, series, monday, usual...)); at >= 0 {
		t.Fatalf("alarm at hour %d of an even life", at)
	}
	now := monday.Add(28 * 24 * time.Hour)
	burst := days(1)
	for i := range burst {
		burst[i] *= 4
	}
	readings := feed(t, series, now, burst...)
	at := firstAlarm(readings)
	if at < 0 || at > 4 { // the day begins with its quietest hours
		t.Fatalf("a fourfold day is found at hour %d", at)
	}
	alarm := readings[at]
	if alarm.Statistic <= alarm.Threshold || alarm.Count != burst[at] || math.Abs(alarm.Expected-burst[at]/4) > 1.5 {
		t.Errorf("alarm = %+v", alarm)
	}
	if again := firstAlarm(readings[at+1:]); again >= 0 {
		t.Errorf("a second alarm %d hours after the first", again+1)
	}
	if again := firstAlarm(feed(t, series, now.Add(24*time.Hour), days(7)...)); again >= 0 {
		t.Errorf("an alarm %d hours after the end", again)
	}
}

// The habits of the week are learnt: what is usual at 14:00 is not at 3:00.
func TestHabits(t *testing.T) {
	series := newSeries(t, time.Hour)
	feed(t, series, monday, days(42)...)
	now := monday.Add(42 * 24 * time.Hour)
	for i, reading := range feed(t, series, now, days(1)...) {
		if want := days(1)[i]; math.Abs(reading.Expected-want) > 1.2 {
			t.Errorf("at %d:00 expects %.1f, want about %.0f", i, reading.Expected, want)
		}
	}
}

// Level and habits stay what they are over years: nothing drifts.
func TestNoDrift(t *testing.T) {
	series := newSeries(t, time.Hour)
	feed(t, series, monday, days(3*365)...)
	mean := 0.0
	for _, count := range days(1) {
		mean += count / 24
	}
	if level := series.Baseline.Level; math.Abs(level-mean) > mean/5 {
		t.Errorf("level %.2f after three years, want about %.2f", level, mean)
	}
}

// A brand that is hardly mentioned can ask for a minimum.
func TestLeast(t *testing.T) {
	for _, test := range []struct {
		least float64
		want  int
	}{{0, 0}, {10, 2}, {100, -1}} {
		series := newSeries(t, time.Hour)
		feed(t, series, monday, make([]float64, 21*24)...)
		at := -1
		for i := range 5 {
			now := monday.Add(time.Duration(21*24+i) * time.Hour)
			if reading, err := series.Add(spikes.Config{Least: test.least}, now, 4); err != nil || reading.Alarm {
				at = i
				break
			}
		}
		if at != test.want {
			t.Errorf("least %v: alarm at hour %d, want %d", test.least, at, test.want)
		}
	}
}

func TestNothingBeforeTwoDays(t *testing.T) {
	series := newSeries(t, time.Hour)
	if at := firstAlarm(feed(t, series, monday, append(days(1), 500, 500, 500)...)); at >= 0 {
		t.Errorf("alarm at hour %d", at)
	}
}

// A new, higher level is an alarm and then becomes usual.
func TestNewLevel(t *testing.T) {
	series := newSeries(t, time.Hour)
	feed(t, series, monday, days(28)...)
	doubled := days(60)
	for i := range doubled {
		doubled[i] *= 3
	}
	readings := feed(t, series, monday.Add(28*24*time.Hour), doubled...)
	if firstAlarm(readings) < 0 {
		t.Error("a threefold level is no alarm")
	}
	if at := firstAlarm(readings[40*24:]); at >= 0 {
		t.Errorf("still an alarm %d days later", 40+at/24)
	}
}

// Short steps are gathered into quarters of an hour.
func TestShortSteps(t *testing.T) {
	series := newSeries(t, 5*time.Minute)
	random := rand.New(rand.NewPCG(1, 1))
	counts := make([]float64, 14*288)
	for i := range counts {
		counts[i] = float64(8 + random.IntN(5))
	}
	readings := feed(t, series, monday, counts...)
	for i, reading := range readings[:6] {
		if reading.Decided != (i%3 == 2) {
			t.Errorf("step %d: %+v", i, reading)
		}
	}
	if at := firstAlarm(readings); at >= 0 {
		t.Errorf("alarm at step %d", at)
	}
	now := monday.Add(14 * 24 * time.Hour)
	if at := firstAlarm(feed(t, series, now, 90, 120, 100, 80, 90, 85)); at < 0 {
		t.Error("ten times the usual is no alarm")
	}
	// After a gap a new block begins.
	feed(t, series, now.Add(time.Hour), 10)
	readings = feed(t, series, now.Add(5*time.Hour), 10, 10, 10)
	if readings[0].Decided || !readings[2].Decided || readings[2].Count != 30 {
		t.Errorf("after a gap: %+v", readings)
	}
}

func TestRefusals(t *testing.T) {
	for _, step := range []time.Duration{0, -time.Hour, time.Second, 25 * time.Hour} {
		if _, err := spikes.New(step); !errors.Is(err, spikes.ErrStep) {
			t.Errorf("New(%v) = %v", step, err)
		}
	}
	series := newSeries(t, time.Hour)
	feed(t, series, monday, 1)
	before := *series
	for _, count := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := series.Add(spikes.Config{}, monday.Add(time.Hour), count); !errors.Is(err, spikes.ErrCount) {
			t.Errorf("Add(%v) = %v", count, err)
		}
	}
	for _, at := range []time.Time{monday, monday.Add(-time.Hour)} {
		if _, err := series.Add(spikes.Config{}, at, 1); !errors.Is(err, spikes.ErrOrder) {
			t.Errorf("Add at %v = %v", at, err)
		}
	}
	if !reflect.DeepEqual(*series, before) {
		t.Error("a refused count changed the series")
	}
}

// A series that was kept as JSON goes on as if it had not been.
func TestKept(t *testing.T) {
	series := newSeries(t, time.Hour)
	feed(t, series, monday, days(20)...)
	raw, err := json.Marshal(series)
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > 8<<10 {
		t.Errorf("a series takes %d bytes", len(raw))
	}
	var kept spikes.Series
	if err := json.Unmarshal(raw, &kept); err != nil {
		t.Fatal(err)
	}
	now := monday.Add(20 * 24 * time.Hour)
	for i, count := range append(days(2), 60, 70, 80) {
		at := now.Add(time.Duration(i) * time.Hour)
		want, _ := series.Add(spikes.Config{}, at, count)
		if got, err := kept.Add(spikes.Config{}, at, count); err != nil || got != want {
			t.Fatalf("hour %d: %+v, want %+v (%v)", i, got, want, err)
		}
	}
}

// TestFigures holds the room to what its documentation says, on fewer brands.
func TestFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates years")
	}
	for _, brand := range []spikestest.Brand{{Rate: 0.2, Spread: 0.05}, {Rate: 2, Spread: 0.05}, {Rate: 20, Spread: 0.2}} {
		quiet := spikestest.Run(spikes.Config{}, brand, 30, 30, 1)
		if rate := float64(quiet.False) / quiet.Months; rate > 0.1 {
			t.Errorf("%+v: %.3f false alarms a brand-month", brand, rate)
		}
		if brand.Rate < 2 {
			continue
		}
		brand.Factor = 4
		loud := spikestest.Run(spikes.Config{}, brand, 8, 30, 2)
		if loud.Bursts < 40 || float64(loud.In12) < 0.97*float64(loud.Bursts) {
			t.Errorf("%+v: %+v", brand, loud)
		}
	}
}

func FuzzAdd(f *testing.F) {
	f.Add([]byte{1, 2, 3, 200, 255, 0, 0, 9}, uint8(1))
	f.Add([]byte{0, 0, 0, 0, 255, 255}, uint8(12))
	f.Fuzz(func(t *testing.T, counts []byte, fives uint8) {
		series, err := spikes.New(time.Duration(fives) * 5 * time.Minute)
		if err != nil {
			return
		}
		at := monday
		for i, c := range counts {
			at = at.Add(series.Step * time.Duration(1+int(c)%3/2))
			count := float64(c)
			if c > 250 {
				count = math.Pow(10, float64(c-245))
			}
			reading, err := series.Add(spikes.Config{}, at, count)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range []float64{reading.Statistic, reading.Threshold, reading.Expected, series.Baseline.Level} {
				if math.IsNaN(x) || math.IsInf(x, 0) || x < 0 {
					t.Fatalf("step %d: %+v, level %v", i, reading, series.Baseline.Level)
				}
			}
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	series, at := newSeries(b, time.Hour), monday
	for b.Loop() {
		at = at.Add(time.Hour)
		if _, err := series.Add(spikes.Config{}, at, 5); err != nil {
			b.Fatal(err)
		}
	}
}
