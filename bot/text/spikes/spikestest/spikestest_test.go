package spikestest

import (
	"math"
	"math/rand/v2"
	"testing"

	"crieur/bot/text/spikes"
)

// moments returns mean and variance of what draw draws.
func moments(draw func() float64) (mean, variance float64) {
	const n = 50_000
	var sum, square float64
	for range n {
		x := draw()
		sum += x
		square += x * x
	}
	mean = sum / n
	return mean, square/n - mean*mean
}

func TestDraws(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, test := range []struct{ mean, spread float64 }{{0.2, 0}, {2, 0.2}, {20, 0.05}, {80, 0.2}, {3, 2}} {
		mean, variance := moments(func() float64 { return poisson(random, test.mean*gamma(random, test.spread)) })
		want := test.mean + test.spread*test.mean*test.mean
		if math.Abs(mean-test.mean) > 0.05*test.mean || math.Abs(variance-want) > 0.1*want {
			t.Errorf("mean %v spread %v: drew mean %.3f and variance %.3f, want %.3f", test.mean, test.spread, mean, variance, want)
		}
	}
}

func TestHabits(t *testing.T) {
	sum, habit := 0.0, habits()
	for _, h := range habit {
		sum += h
	}
	if math.Abs(sum-hoursOfWeek) > 1e-6 || habit[24+15] < 4*habit[24+3] || habit[15] > 0.7*habit[24+15] {
		t.Errorf("sum %v, Monday 15:00 %v and 3:00 %v, Sunday 15:00 %v", sum, habit[24+15], habit[24+3], habit[15])
	}
}

func TestRunCounts(t *testing.T) {
	quiet := Run(spikes.Config{}, Brand{Rate: 5}, 3, 10, 1)
	if want := 3 * 6 * 168 / 720.0; math.Abs(quiet.Months-want) > 0.01 || quiet.Bursts != 0 {
		t.Errorf("quiet: %+v, want %.2f months", quiet, want)
	}
	loud := Run(spikes.Config{}, Brand{Rate: 20, Factor: 10}, 3, 20, 1)
	if loud.Bursts < 9 || loud.In4 != loud.Bursts || loud.In12 != loud.Bursts || loud.Steady == 0 || loud.SteadyIn != loud.Steady {
		t.Errorf("loud: %+v", loud)
	}
	if again := Run(spikes.Config{}, Brand{Rate: 20, Factor: 10}, 3, 20, 1); again != loud {
		t.Errorf("the same seed gives %+v and %+v", loud, again)
	}
}

// What is found stays under what can be found, and that is near: the rest is
// noise of the counts, not of the detector.
func TestLimit(t *testing.T) {
	brands, weeks := 12, 20
	if testing.Verbose() {
		brands, weeks = 150, 52
	}
	for _, spread := range []float64{0, 0.05, 0.2} {
		brand := Brand{Rate: 2, Spread: spread, Factor: 4}
		best, found := Limit(brand, brands, weeks, 0.1, 1), Run(spikes.Config{}, brand, brands, weeks, 1)
		share := func(f Figures) float64 { return float64(f.SteadyIn) / float64(f.Steady) }
		t.Logf("spread %.2f: of %d fourfold bursts where 2 an hour are expected %.1f %% can be found in 4 h, %.1f %% are; "+
			"false alarms a month %.2f and %.2f", spread, best.Steady, 100*share(best), 100*share(found),
			float64(best.False)/best.Months, float64(found.False)/found.Months)
		if best.Steady != found.Steady || share(found) > share(best)+0.05 {
			t.Errorf("spread %v: found %v, at best %v", spread, found, best)
		}
	}
}
