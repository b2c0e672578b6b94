package linear

import (
	"math/rand/v2"
	"slices"
)

const (
	marginEpochs = 10
	// denseGain sets named features beside n-grams, which together weigh about 1.
	denseGain = 0.3
	// marginScale brings margins to where Softmax tells classes apart.
	marginScale = 2
)

// FitMargins learns each class against all others with wide margins: a linear
// support vector machine with squared hinge, by dual coordinate descent (Hsieh
// and others, 2008). It finds rare classes better than Fit; what its scores give
// after Softmax are no probabilities. An example weighs as much as its Weight says
// for its own class, and 1 against the others; cost is what a wrong side costs. Of
// the options only Classes, Dense and Buckets are read.
func FitMargins(examples []Example, o Options, cost float64) *Weights {
	o = o.defaults()
	w := &Weights{Classes: o.Classes, Dense: make([]float32, o.Dense*o.Classes), Grams: make([]float32, o.Buckets*o.Classes)}
	m := margins{examples: examples, dual: make([]float64, len(examples)), weights: make([]float32, o.Buckets+o.Dense)}
	for i := range examples {
		m.points = append(m.points, place(&examples[i], o.Buckets))
	}
	for class := range o.Classes {
		m.learn(class, cost)
		for i, x := range m.weights[:o.Buckets] {
			w.Grams[i*o.Classes+class] = marginScale * x
		}
		for i, x := range m.weights[o.Buckets:] {
			w.Dense[i*o.Classes+class] = marginScale * denseGain * x
		}
	}
	return w
}

// point is where an example lies: its features that are not 0, n-grams before
// named ones.
type point struct {
	features []feature
	square   float64 // of its length
}

type feature struct {
	at    uint32
	value float32
}

func place(e *Example, buckets int) (p point) {
	gain := Gain(len(e.Grams))
	for _, bucket := range slices.Sorted(slices.Values(e.Grams)) {
		if last := len(p.features) - 1; last >= 0 && p.features[last].at == bucket {
			p.features[last].value += gain
			continue
		}
		p.features = append(p.features, feature{bucket, gain})
	}
	for j, x := range e.Dense {
		if x != 0 {
			p.features = append(p.features, feature{uint32(buckets + j), x * denseGain})
		}
	}
	for _, f := range p.features {
		p.square += float64(f.value) * float64(f.value)
	}
	return p
}

// margins learns one class after the other.
type margins struct {
	examples []Example
	points   []point
	dual     []float64
	weights  []float32 // of the class being learnt
}

func (m *margins) learn(class int, cost float64) {
	clear(m.dual)
	clear(m.weights)
	order := rand.New(rand.NewPCG(7, uint64(class)))
	for range marginEpochs {
		for _, i := range order.Perm(len(m.points)) {
			p, side, c := &m.points[i], -1.0, cost
			if m.examples[i].Class == class {
				side = 1
				if weight := m.examples[i].Weight; weight != 0 {
					c *= float64(weight)
				}
			}
			give := 1 / (2 * c) // how far the margin gives way
			slope := side*m.score(p) - 1 + give*m.dual[i]
			if next := max(0, m.dual[i]-slope/(p.square+give)); next != m.dual[i] {
				m.move(p, float32(side*(next-m.dual[i])))
				m.dual[i] = next
			}
		}
	}
}

func (m *margins) score(p *point) float64 {
	var sum float32
	for _, f := range p.features {
		sum += m.weights[f.at] * f.value
	}
	return float64(sum)
}

func (m *margins) move(p *point, by float32) {
	for _, f := range p.features {
		m.weights[f.at] += by * f.value
	}
}
