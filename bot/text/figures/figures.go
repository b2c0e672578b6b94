// Package figures measures classifiers against labels: a confusion table,
// precision, recall and F1 by class, their means, and precision against recall
// as a threshold moves. It knows nothing of texts.
package figures

import (
	"fmt"
	"io"
	"math"
	"sort"
)

// Table counts how often each true class (row) was taken for each (column).
type Table struct {
	Names  []string
	counts [][]int
}

// NewTable makes an empty table of classes.
func NewTable(names ...string) *Table {
	t := &Table{Names: names, counts: make([][]int, len(names))}
	for i := range t.counts {
		t.counts[i] = make([]int, len(names))
	}
	return t
}

// Add counts one answer.
func (t *Table) Add(truth, said int) { t.counts[truth][said]++ }

// Total is how many answers were counted.
func (t *Table) Total() int {
	n := 0
	for _, row := range t.counts {
		for _, c := range row {
			n += c
		}
	}
	return n
}

// Class gives a class's precision, recall and F1, between 0 and 1, and how many
// answers truly are of it. What has no denominator is 0.
func (t *Table) Class(c int) (precision, recall, f1 float64, truly int) {
	said := 0
	for i := range t.counts {
		said += t.counts[i][c]
		truly += t.counts[c][i]
	}
	hits := float64(t.counts[c][c])
	if said > 0 {
		precision = hits / float64(said)
	}
	if truly > 0 {
		recall = hits / float64(truly)
	}
	if hits > 0 {
		f1 = 2 * precision * recall / (precision + recall)
	}
	return precision, recall, f1, truly
}

// MacroF1 is the mean F1 of the classes that occur.
func (t *Table) MacroF1() float64 {
	sum, n := 0.0, 0
	for c := range t.Names {
		if _, _, f1, truly := t.Class(c); truly > 0 {
			sum += f1
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// Accuracy is the share of right answers.
func (t *Table) Accuracy() float64 {
	right := 0
	for c := range t.counts {
		right += t.counts[c][c]
	}
	if t.Total() == 0 {
		return 0
	}
	return float64(right) / float64(t.Total())
}

// Write prints the table in percent.
func (t *Table) Write(w io.Writer) {
	fmt.Fprintf(w, "%-28s %9s %9s %9s %9s\n", "", "precision", "recall", "F1", "texts")
	for c, name := range t.Names {
		p, r, f, n := t.Class(c)
		fmt.Fprintf(w, "%-28s %9.1f %9.1f %9.1f %9d\n", name, 100*p, 100*r, 100*f, n)
	}
	fmt.Fprintf(w, "macro-F1 %.1f, accuracy %.1f, %d texts\n", 100*t.MacroF1(), 100*t.Accuracy(), t.Total())
}

// Scored is one text's probability of a class, and whether it is of it.
type Scored struct {
	P    float64
	True bool
}

// Point is precision and recall at a threshold: what reaches it is said to be
// of the class.
type Point struct {
	Threshold, Precision, Recall float64
	Said                         int
}

// Curve gives precision and recall at every distinct probability, the highest
// first.
func Curve(scored []Scored) []Point {
	sorted := append([]Scored(nil), scored...)
	sort.Slice(sorted, func(a, b int) bool { return sorted[a].P > sorted[b].P })
	truly := 0
	for _, s := range sorted {
		if s.True {
			truly++
		}
	}
	var points []Point
	hits := 0
	for i, s := range sorted {
		if s.True {
			hits++
		}
		if i+1 < len(sorted) && sorted[i+1].P == s.P || truly == 0 {
			continue
		}
		points = append(points, Point{s.P, float64(hits) / float64(i+1), float64(hits) / float64(truly), i + 1})
	}
	return points
}

// AtPrecision gives the point of highest recall whose precision is at least the
// one asked, among those that say enough texts to be believed.
func AtPrecision(points []Point, precision float64, enough int) (Point, bool) {
	var best Point
	found := false
	for _, p := range points {
		if p.Said >= enough && p.Precision >= precision && p.Recall > best.Recall {
			best, found = p, true
		}
	}
	return best, found
}

// SurelyAt is AtPrecision for choosing a threshold to live with: the precision
// must hold even if the labels were luckier than most, by one standard error
// (Wilson's lower bound). The best of many points is a lucky one.
func SurelyAt(points []Point, precision float64, enough int) (Point, bool) {
	var best Point
	found := false
	for _, p := range points {
		if p.Said >= enough && lower(p.Precision, p.Said) >= precision && p.Recall > best.Recall {
			best, found = p, true
		}
	}
	return best, found
}

// lower is the least share that n answers with a share p speak for.
func lower(p float64, n int) float64 {
	size := float64(n)
	return (p + 1/(2*size) - math.Sqrt(p*(1-p)/size+1/(4*size*size))) / (1 + 1/size)
}

// WriteCurve prints the best recall at each precision from 95 % down to 50 %.
func WriteCurve(w io.Writer, scored []Scored) {
	points := Curve(scored)
	fmt.Fprintf(w, "%9s %9s %9s %9s\n", "precision", "recall", "threshold", "said")
	for asked := 95; asked >= 50; asked -= 5 {
		p, ok := AtPrecision(points, float64(asked)/100, 10)
		if !ok {
			fmt.Fprintf(w, "%8d%% %9s\n", asked, "never")
			continue
		}
		fmt.Fprintf(w, "%8.1f%% %8.1f%% %9.3f %9d\n", 100*p.Precision, 100*p.Recall, p.Threshold, p.Said)
	}
}
