// Package linear learns and applies linear classifiers of texts over a few named
// features and many hashed n-grams: softmax regression fitted with AdaGrad, where
// probabilities are asked for, or wide margins; kept in eight bits a weight. It
// knows nothing of what the features or the classes mean.
package linear

import (
	"math"
	"math/rand/v2"
)

// Size is how many buckets n-grams are hashed to, unless Options say otherwise.
// Larger tables were not better on sets of a few thousand texts.
const Size = 1 << 16

// Example is one text to learn from.
type Example struct {
	Dense  []float32 // named features
	Grams  []uint32  // buckets; repeated ones count again
	Class  int
	Weight float32 // how much it counts for its own class in FitMargins; 0 is 1
}

// Options steer Fit. The zero value of a field means its default.
type Options struct {
	Classes int
	Dense   int      // length of Example.Dense
	Grams   bool     // learn n-grams too
	Buckets int      // how many buckets n-grams fall in; Size
	Epochs  int      // passes over the examples; 20
	Rate    float64  // AdaGrad's step; 0.1
	Pull    float64  // pull of dense weights towards their start, per example; 1e-4
	Shrink  float64  // pull of n-gram weights towards zero, per example; 1e-5
	Start   *Weights // weights to start from; nil is nothing
}

// Weights are a classifier while it is learnt. Dense is [feature][class], Grams
// is [bucket][class].
type Weights struct {
	Classes int
	Dense   []float32
	Grams   []float32
}

// Gain is the value of one n-gram in a text that has count of them: their sum
// grows with the square root, so that long texts don't drown the dense features.
func Gain(count int) float32 {
	if count == 0 {
		return 0
	}
	return float32(1 / math.Sqrt(float64(count)))
}

// Fit learns from examples; the same examples and options give the same
// weights.
func Fit(examples []Example, o Options) *Weights {
	o = o.defaults()
	w := &Weights{Classes: o.Classes, Dense: make([]float32, o.Dense*o.Classes)}
	if o.Start != nil {
		copy(w.Dense, o.Start.Dense)
	}
	if o.Grams {
		w.Grams = make([]float32, o.Buckets*o.Classes)
		if o.Start != nil {
			copy(w.Grams, o.Start.Grams)
		}
	}
	f := fit{Options: o, w: w, start: append([]float32(nil), w.Dense...),
		denseSum: make([]float32, len(w.Dense)), gramSum: make([]float32, len(w.Grams)), p: make([]float64, o.Classes)}
	order := rand.New(rand.NewPCG(1, 2))
	for range o.Epochs {
		for _, i := range order.Perm(len(examples)) {
			f.step(&examples[i])
		}
	}
	return w
}

func (o Options) defaults() Options {
	if o.Buckets == 0 {
		o.Buckets = Size
	}
	if o.Epochs == 0 {
		o.Epochs = 20
	}
	if o.Rate == 0 {
		o.Rate = 0.1
	}
	if o.Pull == 0 {
		o.Pull = 1e-4
	}
	if o.Shrink == 0 {
		o.Shrink = 1e-5
	}
	return o
}

type fit struct {
	Options
	w                        *Weights
	start, denseSum, gramSum []float32
	p                        []float64
}

// step moves the weights along one example's gradient.
func (f *fit) step(e *Example) {
	k := f.Classes
	f.w.Score(e.Dense, e.Grams, f.p)
	Softmax(f.p)
	gain := Gain(len(e.Grams))
	for c := range k {
		miss := float32(f.p[c])
		if c == e.Class {
			miss--
		}
		for j, x := range e.Dense {
			if x == 0 {
				continue
			}
			i := j*k + c
			g := miss*x + float32(f.Pull)*(f.w.Dense[i]-f.start[i])
			move(&f.w.Dense[i], &f.denseSum[i], g, float32(f.Rate))
		}
		if !f.Grams || miss < 0.01 && miss > -0.01 {
			continue
		}
		for _, bucket := range e.Grams {
			i := int(bucket)*k + c
			g := miss*gain + float32(f.Shrink)*f.w.Grams[i]
			move(&f.w.Grams[i], &f.gramSum[i], g, float32(f.Rate))
		}
	}
}

func move(weight, sum *float32, gradient, rate float32) {
	*sum += gradient * gradient
	*weight -= rate * gradient / float32(math.Sqrt(float64(*sum))+1e-6)
}

// Score puts the classes' scores, before Softmax, into out.
func (w *Weights) Score(dense []float32, grams []uint32, out []float64) {
	k := w.Classes
	clear(out)
	for j, x := range dense {
		if x == 0 {
			continue
		}
		for c := range k {
			out[c] += float64(x * w.Dense[j*k+c])
		}
	}
	if w.Grams == nil {
		return
	}
	gain := float64(Gain(len(grams)))
	for _, bucket := range grams {
		for c := range k {
			out[c] += gain * float64(w.Grams[int(bucket)*k+c])
		}
	}
}

// Softmax turns scores into probabilities in place.
func Softmax(scores []float64) {
	top := math.Inf(-1)
	for _, s := range scores {
		top = max(top, s)
	}
	sum := 0.0
	for i, s := range scores {
		scores[i] = math.Exp(s - top)
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
}
