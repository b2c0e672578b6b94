package spikestest

import (
	"math"
	"time"
)

// Limit is what can be found at all: it runs a detector that knows everything
// but when a burst begins. It is told each hour's mean, the spread and the
// factor, and sums up the log likelihood ratio of a burst (CUSUM), with the lowest
// threshold that keeps false alarms of quiet brands to so many a month.
func Limit(brand Brand, brands, weeks int, monthly float64, seed uint64) Figures {
	low, high := 2.0, 20.0
	quiet := brand
	quiet.Factor = 0
	for range 12 {
		threshold := (low + high) / 2
		f := run(quiet, brands, weeks, seed+1, knowing(brand, threshold))
		if float64(f.False) > monthly*f.Months {
			low = threshold
		} else {
			high = threshold
		}
	}
	return run(brand, brands, weeks, seed, knowing(brand, high))
}

// knowing opens eyes that know the brand.
func knowing(brand Brand, threshold float64) func() eye {
	return func() eye {
		sum, alarmed := 0.0, time.Time{}
		return func(at time.Time, mean, count float64) bool {
			sum = max(0, sum) + ratio(brand, mean, count)
			if sum < threshold || at.Sub(alarmed) < 24*time.Hour {
				return false
			}
			sum, alarmed = 0, at
			return true
		}
	}
}

// ratio is the log likelihood of a count in a burst over that without.
func ratio(b Brand, mean, count float64) float64 {
	if b.Spread <= 0 {
		return count*math.Log(b.Factor) - (b.Factor-1)*mean
	}
	k := 1 / b.Spread
	both := (k + mean) / (k + b.Factor*mean)
	return count*math.Log(b.Factor*both) + k*math.Log(both)
}
