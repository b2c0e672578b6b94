package theme

import (
	"errors"
	"fmt"
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
	l.holdOut(examples, report.Table)
	return &Model{lists: l, names: names, weights: l.fit(examples, len(names)).Pack(), letters: true}, report, nil
}

// holdOut fills the table: what each example is said to be about by a model that
// did not learn from it.
func (l *Lists) holdOut(examples []linear.Example, table *figures.Table) {
	part, scores := parts(examples), make([]float64, len(table.Names))
	for fold := range folds {
		var learn []linear.Example
		for i, e := range examples {
			if part[i] != fold {
				learn = append(learn, e)
			}
		}
		model := l.fit(learn, len(scores)).Pack()
		for i, e := range examples {
			if part[i] == fold {
				model.Score(e.Dense, e.Grams, scores)
				table.Add(e.Class, rank(scores)[0])
			}
		}
	}
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

// examples turns labels into features. All the labels of one theme weigh as much
// as all those of another, so that rare themes are found at all.
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
		examples[i].Weight = float32(mean / float64(count[examples[i].Class]))
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
