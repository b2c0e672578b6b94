package tone

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strings"

	"crieur/bot/text/figures"
	"crieur/bot/text/internal/linear"
)

//go:generate go test -run TestWeights -update .

var (
	//go:embed weights.bin.gz
	shipped []byte
	//go:embed examples/tone-fr.txt
	toneFrench string
	//go:embed examples/tone-en.txt
	toneEnglish string
	//go:embed examples/toxic-fr.txt
	toxicExamplesFrench string
	//go:embed examples/toxic-en.txt
	toxicExamplesEnglish string
)

// Default gives the model that ships. It reads the lexicons, which takes tens
// of milliseconds: call it once and hand it on.
func Default() (*Model, error) {
	words, err := readLexicon()
	if err != nil {
		return nil, err
	}
	packed, err := gzip.NewReader(bytes.NewReader(shipped))
	if err != nil {
		return nil, fmt.Errorf("unpack shipped weights: %w", err)
	}
	data, err := io.ReadAll(packed)
	if err != nil {
		return nil, fmt.Errorf("unpack shipped weights: %w", err)
	}
	model, err := decodeShipped(words, data)
	if err != nil {
		return nil, fmt.Errorf("read shipped weights: %w", err)
	}
	return model, nil
}

// example is one line of a file of examples.
type example struct {
	class int
	text  string
}

// readExamples reads lines "sign text"; the signs give the classes in order.
func readExamples(file, signs string) ([]example, error) {
	var examples []example
	for number, line := range strings.Split(file, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		class := strings.IndexByte(signs, line[0])
		if class < 0 || len(line) < 3 || line[1] != ' ' {
			return nil, fmt.Errorf("examples line %d: want one of %q, a space and a text", number+1, signs)
		}
		examples = append(examples, example{class, line[2:]})
	}
	return examples, nil
}

// sureAt is the shipped model's threshold of Result.Sure. A brand's own is
// chosen by Train.
const sureAt = 0.7

// fit learns the shipped weights from the written examples.
func fit(words *lexicon) (*Model, error) {
	m := &Model{words: words, base: new(weights), threshold: sureAt}
	for in, files := range [...][2]string{french: {toneFrench, toxicExamplesFrench}, english: {toneEnglish, toxicExamplesEnglish}} {
		tone, err := readExamples(files[0], "-=+")
		if err != nil {
			return nil, err
		}
		toxic, err := readExamples(files[1], "=!")
		if err != nil {
			return nil, err
		}
		learnt := m.toneExamples(tone, tongue(in))
		m.base.sentiment[in] = fitTone(learnt).Pack()
		m.curve[in] = calibrate(learnt)
		m.base.toxicity[in] = linear.Fit(m.toxicExamples(toxic, tongue(in)), linear.Options{
			Classes: 2, Dense: toxicFeatures, Epochs: 15, Rate: 0.05, Pull: 0.01, Start: toxicPrior(),
		}).Pack()
	}
	m.curve[foreign] = m.curve[english]
	return m, nil
}

// fitTone learns shipped sentiment weights: few passes and much shrinking, since
// a thousand written examples say little about each n-gram.
func fitTone(examples []linear.Example) *linear.Weights {
	return linear.Fit(examples, linear.Options{
		Classes: int(sentiments), Dense: features, Grams: true, Epochs: 8, Rate: 0.05, Pull: 0.01, Shrink: 1e-2,
	})
}

// calibrate finds the curve of negative on examples held out in turn.
func calibrate(examples []linear.Example) curve {
	var scored []figures.Scored
	scores := make([]float64, sentiments)
	for fold := range folds {
		var learn []linear.Example
		for i, e := range examples {
			if i%folds != fold {
				learn = append(learn, e)
			}
		}
		held := fitTone(learn)
		for i, e := range examples {
			if i%folds == fold {
				held.Score(e.Dense, e.Grams, scores)
				linear.Softmax(scores)
				scored = append(scored, figures.Scored{P: scores[Negative], True: e.Class == int(Negative)})
			}
		}
	}
	return platt(scored)
}

func (m *Model) toneExamples(examples []example, in tongue) []linear.Example {
	var w work
	var out []linear.Example
	for _, e := range examples {
		w.read(m.words, e.text, in)
		w.dense(in, &w.f)
		for _, f := range outward() {
			w.f[f] = 0
		}
		out = append(out, linear.Example{Dense: append([]float32(nil), w.f[:]...), Class: e.class, Grams: w.reading.grams(nil)})
	}
	return out
}

// outward are the features that tell where a text was written rather than what
// it feels. Written examples can't say how often they go with each sentiment, so
// the shipped weights leave them at nothing; a brand's labels teach them.
func outward() []int {
	return []int{fQuotes, fTags, fHandles, fReply, fLinks, fLinkEnd, fNumbers, fColon, fShort, fLong}
}

func (m *Model) toxicExamples(examples []example, in tongue) []linear.Example {
	var w work
	var out []linear.Example
	for _, e := range examples {
		w.read(m.words, e.text, in)
		w.dense(in, &w.f)
		w.toxicDense(in, &w.f, &w.x)
		out = append(out, linear.Example{Dense: append([]float32(nil), w.x[:]...), Class: e.class})
	}
	return out
}
