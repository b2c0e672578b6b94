package linear

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// lessons are examples of three classes: the class shows in a dense feature, in
// an n-gram, or in nothing for class 2.
func lessons(n int) []Example {
	random := rand.New(rand.NewPCG(7, 8))
	var examples []Example
	for range n {
		class := random.IntN(3)
		e := Example{Dense: []float32{1, 0}, Grams: []uint32{uint32(1000 + random.IntN(50)), uint32(1000 + random.IntN(50))}, Class: class}
		switch class {
		case 0:
			e.Dense[1] = 1
		case 1:
			e.Grams = append(e.Grams, 77)
		}
		examples = append(examples, e)
	}
	return examples
}

func right(t *testing.T, m *Model, examples []Example) float64 {
	t.Helper()
	hits := 0
	scores := make([]float64, m.Classes)
	for _, e := range examples {
		m.Score(e.Dense, e.Grams, scores)
		best := 0
		for c := range scores {
			if scores[c] > scores[best] {
				best = c
			}
		}
		if best == e.Class {
			hits++
		}
	}
	return float64(hits) / float64(len(examples))
}

func TestFit(t *testing.T) {
	examples := lessons(400)
	for _, o := range []Options{{Classes: 3, Dense: 2, Grams: true}, {Classes: 3, Dense: 2, Grams: true, Buckets: 1 << 12}} {
		w := Fit(examples, o)
		if got := right(t, w.Pack(), lessons(100)); got < 0.99 {
			t.Errorf("%+v: %.2f right", o, got)
		}
		if again := Fit(examples, o); !slices.Equal(again.Grams, w.Grams) || !slices.Equal(again.Dense, w.Dense) {
			t.Error("the same examples gave other weights")
		}
	}
	if got := right(t, Fit(examples, Options{Classes: 3, Dense: 2}).Pack(), examples); got > 0.8 {
		t.Errorf("without n-grams %.2f right: they should be needed", got)
	}
}

func TestFitStart(t *testing.T) {
	first := Fit(lessons(400), Options{Classes: 3, Dense: 2, Grams: true})
	w := Fit(nil, Options{Classes: 3, Dense: 2, Grams: true, Start: first})
	if !slices.Equal(w.Dense, first.Dense) || !slices.Equal(w.Grams, first.Grams) {
		t.Error("with nothing to learn, the start changed")
	}
}

func TestPackKeepsScores(t *testing.T) {
	examples := lessons(200)
	w := Fit(examples, Options{Classes: 3, Dense: 2, Grams: true})
	m := w.Pack()
	exact, packed := make([]float64, 3), make([]float64, 3)
	for _, e := range examples[:20] {
		w.Score(e.Dense, e.Grams, exact)
		m.Score(e.Dense, e.Grams, packed)
		for c := range exact {
			if math.Abs(exact[c]-packed[c]) > 0.05 {
				t.Fatalf("score %.3f became %.3f", exact[c], packed[c])
			}
		}
	}
	if m.Weight(77, 1) <= 0 || math.Abs(m.Weight(77, 1)-float64(w.Grams[77*3+1])) > 0.05 {
		t.Errorf("weight %.3f, learnt %.3f", m.Weight(77, 1), w.Grams[77*3+1])
	}
	back := m.Weights()
	if math.Abs(float64(back.Grams[77*3+1]-w.Grams[77*3+1])) > 0.05 {
		t.Error("Weights does not give the n-grams back")
	}
}

func TestSoftmax(t *testing.T) {
	scores := []float64{1000, 1000, -1000}
	Softmax(scores)
	if scores[0] != 0.5 || scores[1] != 0.5 || scores[2] != 0 {
		t.Errorf("%v", scores)
	}
}

func TestAppendRead(t *testing.T) {
	for _, o := range []Options{{Classes: 3, Dense: 2, Grams: true}, {Classes: 2, Dense: 2}, {Classes: 9, Dense: 2, Grams: true, Buckets: 1 << 10}} {
		examples := lessons(60)
		for i := range examples {
			examples[i].Class %= o.Classes
		}
		if o.Buckets > 0 {
			for i := range examples {
				for j := range examples[i].Grams {
					examples[i].Grams[j] %= uint32(o.Buckets)
				}
			}
		}
		m := Fit(examples, o).Pack()
		data := m.Append([]byte("x"))
		got, rest, err := Read(append(data[1:], 'y'), o.Classes, 2)
		if err != nil || string(rest) != "y" {
			t.Fatalf("%+v: rest %q, %v", o, rest, err)
		}
		if !slices.Equal(got.Append(nil), data[1:]) {
			t.Errorf("%+v: not the same again", o)
		}
		for _, bad := range [][]byte{nil, data[1:10], data[1 : len(data)-1]} {
			if _, _, err := Read(bad, o.Classes, 2); !errors.Is(err, ErrMalformed) {
				t.Errorf("%d bytes: %v", len(bad), err)
			}
		}
		if _, _, err := Read(data[1:], o.Classes, 3); !errors.Is(err, ErrMalformed) {
			t.Errorf("other features: %v", err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(Fit(lessons(20), Options{Classes: 3, Dense: 2}).Pack().Append(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, _, err := Read(data, 3, 2)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatal(err)
			}
			return
		}
		m.Score([]float32{1, 2}, []uint32{0, Size - 1}, make([]float64, 3))
	})
}
