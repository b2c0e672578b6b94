package tone

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"crieur/bot/text/figures"
	"crieur/bot/text/internal/linear"
)

// ErrTooFew says that there are not enough labels to learn from and to hold
// some out.
var ErrTooFew = errors.New("too few labels")

// MinLabels is how many labels Train asks for, of at least two sentiments with
// MinEach each.
const (
	MinLabels = 50
	MinEach   = 10
)

// folds is how many parts the labels are cut in; each part in turn is held out
// from the learning of a model that is then measured on it.
const folds = 5

// Label is one text that a person judged.
type Label struct {
	Text, Lang string // Lang as lang.Identify gives it
	Sentiment  Sentiment
}

// Report is what Train found on the labels that it held out.
type Report struct {
	Labels        int
	Before, After *figures.Table // of the model that was there, and of the new one
	Scored        []figures.Scored
	Asked         float64       // precision asked
	At            figures.Point // the threshold chosen, and its precision and recall
	Reached       bool          // false: no threshold gave the precision; Sure is never set
	Worse         bool          // the new model's macro-F1 is below the old one's
}

// Train learns a brand's own model from its labels and chooses the threshold of
// Result.Sure for the precision asked (0 to 1), a little on the safe side. The
// figures of the Report are of held-out labels: five models are learnt, each
// without a fifth of the labels, and measured on that fifth; the model returned
// is learnt from all of them. The receiver is what it replaces: if it had seen
// some of the labels already, its figures flatter it.
func (m *Model) Train(labels []Label, precision float64) (*Model, *Report, error) {
	if err := enough(labels); err != nil {
		return nil, nil, err
	}
	examples := m.examples(labels)
	report := &Report{Labels: len(labels), Asked: precision, Before: newTable(), After: newTable()}
	start, part := m.start(labels), parts(labels)
	scores := make([][sentiments]float64, len(labels))
	for fold := range folds {
		var learn []linear.Example
		for i, e := range examples {
			if part[i] != fold {
				learn = append(learn, e)
			}
		}
		held := m.learn(learn, start).Pack()
		for i, e := range examples {
			if part[i] == fold {
				held.Score(e.Dense, e.Grams, scores[i][:])
			}
		}
	}
	trained := &Model{words: m.words, base: m.base, own: m.learn(examples, start).Pack()}
	trained.settle(m, labels, scores, report)
	return trained, report, nil
}

func enough(labels []Label) error {
	var each [sentiments]int
	for _, l := range labels {
		each[l.Sentiment]++
	}
	kinds := 0
	for _, n := range each {
		if n >= MinEach {
			kinds++
		}
	}
	if len(labels) < MinLabels || kinds < 2 {
		return fmt.Errorf("%w: want %d, with two sentiments of %d each; have %d negative, %d neutral, %d positive",
			ErrTooFew, MinLabels, MinEach, each[Negative], each[Neutral], each[Positive])
	}
	return nil
}

func newTable() *figures.Table { return figures.NewTable("negative", "neutral", "positive") }

// examples turns labels into features; n-grams are always taken.
func (m *Model) examples(labels []Label) []linear.Example {
	w := m.borrow()
	defer m.readings.Put(w)
	examples := make([]linear.Example, len(labels))
	for i, l := range labels {
		in := m.tongueOf(w, l.Text, l.Lang)
		w.read(m.words, l.Text, in)
		w.dense(in, &w.f)
		examples[i] = linear.Example{
			Dense: append([]float32(nil), w.f[:]...),
			Grams: w.reading.grams(nil),
			Class: int(l.Sentiment),
		}
	}
	return examples
}

// start gives the shipped weights of the language that most labels are in.
func (m *Model) start(labels []Label) *linear.Weights {
	w := m.borrow()
	defer m.readings.Put(w)
	var count [tongues]int
	for _, l := range labels {
		count[m.tongueOf(w, l.Text, l.Lang)]++
	}
	if count[french] > count[english] {
		return m.base.sentiment[french].Weights()
	}
	return m.base.sentiment[english].Weights()
}

// learn fits a brand's model, starting from the shipped one.
func (m *Model) learn(examples []linear.Example, start *linear.Weights) *linear.Weights {
	return linear.Fit(examples, linear.Options{
		Classes: int(sentiments), Dense: features, Grams: true, Start: start,
		Epochs: 10, Rate: 0.04, Pull: 1e-3, Shrink: 1e-3,
	})
}

// parts deals labels out to folds, each sentiment evenly.
func parts(labels []Label) []int {
	part := make([]int, len(labels))
	var dealt [sentiments]int
	for _, i := range rand.New(rand.NewPCG(3, 4)).Perm(len(labels)) {
		s := labels[i].Sentiment
		part[i] = dealt[s] % folds
		dealt[s]++
	}
	return part
}

// settle calibrates the trained model on the held-out scores, chooses its
// threshold and fills the report.
func (m *Model) settle(old *Model, labels []Label, scores [][sentiments]float64, report *Report) {
	raw := make([]figures.Scored, len(labels))
	for i, l := range labels {
		linear.Softmax(scores[i][:])
		best := Negative
		for s := range sentiments {
			if scores[i][s] > scores[i][best] {
				best = s
			}
		}
		report.After.Add(int(l.Sentiment), int(best))
		report.Before.Add(int(l.Sentiment), int(old.Score(l.Text, l.Lang).Sentiment))
		raw[i] = figures.Scored{P: scores[i][Negative], True: l.Sentiment == Negative}
	}
	c := platt(raw)
	m.curve = [tongues]curve{c, c, c}
	for _, s := range raw {
		report.Scored = append(report.Scored, figures.Scored{P: c.apply(s.P), True: s.True})
	}
	report.At, report.Reached = figures.SurelyAt(figures.Curve(report.Scored), report.Asked, 10)
	m.threshold = report.At.Threshold
	if !report.Reached {
		m.threshold = 2
	}
	report.Worse = report.After.MacroF1() < report.Before.MacroF1()
}

// platt finds the slope and offset of the log odds that make probabilities come
// true most often, by Newton's method.
func platt(scored []figures.Scored) curve {
	c := curve{slope: 1}
	for range 30 {
		var ga, gb, haa, hab, hbb float64
		for _, s := range scored {
			p := min(1-1e-9, max(1e-9, s.P))
			x := math.Log(p / (1 - p))
			d := c.apply(s.P)
			v := d * (1 - d)
			if s.True {
				d--
			}
			ga, gb = ga+d*x, gb+d
			haa, hab, hbb = haa+v*x*x, hab+v*x, hbb+v
		}
		det := (haa+1e-6)*(hbb+1e-6) - hab*hab
		if det < 1e-12 {
			break
		}
		c.slope -= ((hbb+1e-6)*ga - hab*gb) / det
		c.offset -= ((haa+1e-6)*gb - hab*ga) / det
	}
	if math.IsNaN(c.slope) || math.IsNaN(c.offset) || c.slope < 0.05 || c.slope > 20 || math.Abs(c.offset) > 20 {
		return curve{slope: 1} // too few labels of one kind: leave probabilities as they are
	}
	return c
}
