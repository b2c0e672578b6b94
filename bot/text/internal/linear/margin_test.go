package linear

import (
	"slices"
	"testing"
)

func TestFitMargins(t *testing.T) {
	o := Options{Classes: 3, Dense: 2, Buckets: 1 << 12}
	examples := lessons(400)
	w := FitMargins(examples, o, 0.15)
	if got := right(t, w.Pack(), lessons(100)); got < 0.99 {
		t.Errorf("%.2f right", got)
	}
	if again := FitMargins(examples, o, 0.15); !slices.Equal(again.Grams, w.Grams) || !slices.Equal(again.Dense, w.Dense) {
		t.Error("the same examples gave other weights")
	}
}

// What is learnt is what the primal problem asks for: no small step makes it
// better.
func TestFitMarginsIsBest(t *testing.T) {
	examples := lessons(60)
	for i := range examples {
		examples[i].Weight = float32(i % 4) // 0 is 1
	}
	const buckets, cost = 1 << 11, 0.5
	w := FitMargins(examples, Options{Classes: 3, Dense: 2, Buckets: buckets}, cost)
	m := margins{weights: make([]float32, buckets+2)}
	for i := range buckets {
		m.weights[i] = w.Grams[i*3] / marginScale
	}
	for j := range 2 {
		m.weights[buckets+j] = w.Dense[j*3] / (marginScale * denseGain)
	}
	loss := func() (sum float64) {
		for _, x := range m.weights {
			sum += float64(x) * float64(x) / 2
		}
		for i := range examples {
			p, side, weight := place(&examples[i], buckets), -1.0, 1.0
			if examples[i].Class == 0 {
				side, weight = 1, max(1, float64(examples[i].Weight))
			}
			miss := max(0, 1-side*m.score(&p))
			sum += cost * weight * miss * miss
		}
		return sum
	}
	best := loss()
	for _, at := range []int{77, 1001, 1020, buckets, buckets + 1} {
		for _, step := range []float32{-0.05, 0.05} {
			m.weights[at] += step
			if got := loss(); got < best-1e-3 {
				t.Errorf("weight %d by %v: %v is better than %v", at, step, got, best)
			}
			m.weights[at] -= step
		}
	}
}
