package theme

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"crieur/bot/text/figures"
	"crieur/bot/text/internal/linear"
)

// ErrTooFew says that there are not enough labels to learn from.
var ErrTooFew = errors.New("too few theme labels")

// MinEach is how many labels a theme needs to be learnt; rarer ones are left
// out and named in the Report. MinLabels is how many are needed in all.
const (
	MinEach   = 8
	MinLabels = 40
)

const folds = 5

// cost is what a label on the wrong side of a margin costs.
const cost = 0.15

// Label is one text and the theme that a person gave it; None says that it is
// about nothing listed.
type Label struct{ Text, Theme string }

// Report is what Train found on the labels that it held out.
type Report struct {
	Labels  int
	Table   *figures.Table // the first theme found against the label
	LeftOut []string       // themes with too few labels
}

// Train learns a brand's themes from its labels. The Report's figures are of
// held-out labels: five models are learnt, each without a fifth of them.
func (l *Lists) Train(labels []Label) (*Model, *Report, error) {
	names, leftOut, kept := l.choose(labels)
	if len(kept) < MinLabels || len(names) < 3 {
		return nil, nil, fmt.Errorf("%w: want %d, with two themes of %d each; have %d", ErrTooFew, MinLabels, MinEach, len(kept))
	}
	if len(names) > MaxThemes+1 {
		return nil, nil, fmt.Errorf("%w: %d themes, at most %d", ErrTooFew, len(names)-1, MaxThemes)
	}
	examples := l.examples(kept, names)
	report := &Report{Labels: len(kept), LeftOut: leftOut, Table: figures.NewTable(shown(names)...)}
	scores, part := l.holdOut(examples, len(names))
	weights := l.fit(examples, len(names))
	for c, lift := range lifts(examples, scores) {
		weights.Dense[c] += float32(lift) // the bias is the first feature
	}
	report.measure(examples, scores, part)
	return &Model{lists: l, names: names, weights: weights.Pack(), letters: true}, report, nil
}

// holdOut gives each example's scores by a model that did not learn from it, and
// the part it was held out with.
func (l *Lists) holdOut(examples []linear.Example, classes int) (scores [][]float64, part []int) {
	part = parts(examples)
	scores = make([][]float64, len(examples))
	for fold := range folds {
		var learn []linear.Example
		for i, e := range examples {
			if part[i] != fold {
				learn = append(learn, e)
			}
		}
		held := l.fit(learn, classes).Pack()
		for i, e := range examples {
			if part[i] == fold {
				scores[i] = make([]float64, classes)
				held.Score(e.Dense, e.Grams, scores[i])
			}
		}
	}
	return scores, part
}

// measure fills the table with held-out answers; the lifts of a part are those
// of the other parts.
func (r *Report) measure(examples []linear.Example, scores [][]float64, part []int) {
	for fold := range folds {
		var others []linear.Example
		var otherScores [][]float64
		for i := range examples {
			if part[i] != fold {
				others, otherScores = append(others, examples[i]), append(otherScores, scores[i])
			}
		}
		lift := lifts(others, otherScores)
		for i, e := range examples {
			if part[i] == fold {
				r.Table.Add(e.Class, best(scores[i], lift))
			}
		}
	}
}

func best(scores, lift []float64) int {
	top := 0
	for c := range scores {
		if scores[c]+lift[c] > scores[top]+lift[top] {
			top = c
		}
	}
	return top
}

// lifts finds what to add to each theme's score so that the mean F1 of held-out
// labels is best: without it rare themes are hardly ever found.
func lifts(examples []linear.Example, scores [][]float64) []float64 {
	lift := make([]float64, len(scores[0]))
	macro := func() float64 {
		t := figures.NewTable(make([]string, len(lift))...)
		for i, e := range examples {
			t.Add(e.Class, best(scores[i], lift))
		}
		return t.MacroF1()
	}
	top := macro()
	for range 3 {
		for c := range lift {
			kept := lift[c]
			for _, try := range []float64{-0.9, -0.6, -0.3, 0.3, 0.6, 0.9, 1.2} {
				before := lift[c]
				lift[c] = kept + try
				if got := macro(); got > top+0.0005 {
					top = got
				} else {
					lift[c] = before
				}
			}
		}
	}
	return lift
}

// choose gives the themes with enough labels, None first, and their labels.
func (l *Lists) choose(labels []Label) (names, leftOut []string, kept []Label) {
	count := map[string]int{}
	for _, label := range labels {
		count[label.Theme]++
	}
	for name, n := range count {
		switch {
		case name == None:
		case n < MinEach:
			leftOut = append(leftOut, name)
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	slices.Sort(leftOut)
	names = append([]string{None}, names...)
	for _, label := range labels {
		if slices.Contains(names, label.Theme) {
			kept = append(kept, label)
		}
	}
	return names, leftOut, kept
}

func shown(names []string) []string {
	out := append([]string(nil), names...)
	out[0] = "(none)"
	return out
}

// examples turns labels into features. Rare themes weigh more, so that they are
// found at all.
func (l *Lists) examples(labels []Label, names []string) []linear.Example {
	var w work
	examples := make([]linear.Example, len(labels))
	count := make([]int, len(names))
	for i, label := range labels {
		w.open(l, label.Text, true)
		class := slices.Index(names, label.Theme)
		count[class]++
		examples[i] = linear.Example{
			Dense: append([]float32(nil), w.dense...),
			Grams: append([]uint32(nil), w.grams...),
			Class: class,
		}
	}
	mean := float64(len(labels)) / float64(len(names))
	for i := range examples {
		examples[i].Weight = float32(math.Sqrt(mean / float64(count[examples[i].Class])))
	}
	return examples
}

func (l *Lists) fit(examples []linear.Example, classes int) *linear.Weights {
	return linear.FitMargins(examples, linear.Options{Classes: classes, Dense: l.features(), Buckets: buckets}, cost)
}

// parts deals examples out to folds, each theme evenly.
func parts(examples []linear.Example) []int {
	part := make([]int, len(examples))
	dealt := map[int]int{}
	for _, i := range rand.New(rand.NewPCG(5, 6)).Perm(len(examples)) {
		class := examples[i].Class
		part[i] = dealt[class] % folds
		dealt[class]++
	}
	return part
}
