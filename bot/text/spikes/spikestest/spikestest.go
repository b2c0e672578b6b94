// Package spikestest simulates brands, to measure what package spikes finds and
// what it imagines. Everything follows from a seed.
//
// A simulated brand has a mean of mentions an hour, a day that is busy at 15:00
// and quiet at 3:00 (1.7 and 0.3 times the mean), week-ends at 0.6 of other
// days, and a spread: each hour's mean is multiplied by a draw from a gamma
// distribution of mean 1 and that variance. Bursts last 12 hours.
package spikestest

import (
	"math"
	"math/rand/v2"
	"time"

	"crieur/bot/text/spikes"
)

// Brand is what to simulate.
type Brand struct {
	Rate   float64 // mentions an hour, on average
	Spread float64 // variance beyond that of a Poisson, over the mean squared
	Factor float64 // of the bursts; 0 for none
}

// Figures are what a detector did on many brands.
type Figures struct {
	Months   float64 // of 720 hours, watched outside bursts
	False    int     // alarms outside bursts
	Bursts   int
	In4      int // bursts found within 4 hours
	In12     int // within 12
	Steady   int // bursts whose first four hours expect at least 2 mentions each without them
	SteadyIn int // of these, found within 4 hours
}

// A brand is watched from the fifth week on; bursts come every three to four
// weeks, and alarms within 36 hours of their beginning are theirs.
const (
	hoursOfWeek = 168
	untaught    = 4 * hoursOfWeek
	burstLength = 12
	aftermath   = 36
)

// Run simulates that many brands for that many weeks.
func Run(config spikes.Config, brand Brand, brands, weeks int, seed uint64) (f Figures) {
	return run(brand, brands, weeks, seed, func() eye {
		series, err := spikes.New(time.Hour)
		if err != nil {
			panic(err) // an hour is a step
		}
		return func(at time.Time, _, count float64) bool {
			reading, err := series.Add(config, at, count)
			if err != nil {
				panic(err) // the counts are in order
			}
			return reading.Alarm
		}
	})
}

// eye sees one hour after the other: when it begins, the mean that it would have
// without a burst, and its count. It says whether it alarms.
type eye func(at time.Time, mean, count float64) bool

func run(brand Brand, brands, weeks int, seed uint64, open func() eye) (f Figures) {
	random := rand.New(rand.NewPCG(seed, 1))
	habit := habits()
	for range brands {
		brand.watch(open(), random, habit, weeks, &f)
	}
	return f
}

func (b Brand) watch(sees eye, random *rand.Rand, habit [hoursOfWeek]float64, weeks int, f *Figures) {
	at := time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC) // a Sunday
	next, found := 6*hoursOfWeek+random.IntN(hoursOfWeek), -1
	for i := range weeks * hoursOfWeek {
		usual := b.Rate * habit[i%hoursOfWeek]
		mean, since := usual, i-next
		inBurst := b.Factor > 0 && since >= 0 && since < burstLength
		if inBurst {
			mean *= b.Factor
		}
		alarm := sees(at, usual, poisson(random, mean*gamma(random, b.Spread)))
		switch {
		case inBurst && alarm && found < 0:
			found = since
		case !inBurst && i >= untaught && (b.Factor == 0 || since < 0):
			f.Months += 1.0 / 720
			if alarm {
				f.False++
			}
		}
		if b.Factor > 0 && since == aftermath {
			f.count(found, b.steady(habit, next))
			next, found = next+3*hoursOfWeek+random.IntN(hoursOfWeek), -1
		}
		at = at.Add(time.Hour)
	}
}

func (b Brand) steady(habit [hoursOfWeek]float64, from int) bool {
	for i := range 4 {
		if b.Rate*habit[(from+i)%hoursOfWeek] < 2 {
			return false
		}
	}
	return true
}

func (f *Figures) count(found int, steady bool) {
	f.Bursts++
	if found >= 0 {
		f.In12++
	}
	if found >= 0 && found < 4 {
		f.In4++
	}
	if steady {
		f.Steady++
		if found >= 0 && found < 4 {
			f.SteadyIn++
		}
	}
}

func habits() (habit [hoursOfWeek]float64) {
	sum := 0.0
	for h := range habit {
		habit[h] = 1 + 0.7*math.Sin(float64(h%24-9)*math.Pi/12)
		if day := h / 24; day == 0 || day == 6 {
			habit[h] *= 0.6
		}
		sum += habit[h]
	}
	for h := range habit {
		habit[h] *= hoursOfWeek / sum
	}
	return habit
}

// gamma draws from a gamma distribution of mean 1 and that variance, by the
// method of Marsaglia and Tsang (2000).
func gamma(random *rand.Rand, variance float64) float64 {
	if variance <= 0 {
		return 1
	}
	shape, scale := 1/variance, variance
	if shape < 1 {
		scale *= math.Pow(random.Float64(), 1/shape)
		shape++
	}
	d := shape - 1.0/3
	for {
		x := random.NormFloat64()
		v := 1 + x/math.Sqrt(9*d)
		if v = v * v * v; v > 0 && math.Log(random.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v * scale
		}
	}
}

// poisson draws a count; from 50 on, from the normal distribution near it.
func poisson(random *rand.Rand, mean float64) float64 {
	if mean > 50 {
		return math.Max(0, math.Round(mean+math.Sqrt(mean)*random.NormFloat64()))
	}
	limit, count := math.Exp(-mean), 0.0
	for p := random.Float64(); p > limit; p *= random.Float64() {
		count++
	}
	return count
}
