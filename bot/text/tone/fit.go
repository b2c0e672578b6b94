package tone

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"crieur/bot/text/internal/linear"
)

//go:generate go test -run TestWeights -update .

var (
	//go:embed weights.bin
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
	model, err := (&Model{words: words}).Decode(shipped)
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

// fit learns the shipped weights from the written examples.
func fit(words *lexicon) (*Model, error) {
	m := &Model{words: words, threshold: 0.5, slope: 1, readings: sync.Pool{}}
	for in, files := range [...][2]string{french: {toneFrench, toxicExamplesFrench}, english: {toneEnglish, toxicExamplesEnglish}} {
		tone, err := readExamples(files[0], "-=+")
		if err != nil {
			return nil, err
		}
		toxic, err := readExamples(files[1], "=!")
		if err != nil {
			return nil, err
		}
		m.sentiment[in] = linear.Fit(m.denseExamples(tone, tongue(in)), linear.Options{Classes: int(sentiments), Dense: features, Epochs: 15, Rate: 0.05, Pull: 0.01}).Pack()
		m.toxicity[in] = linear.Fit(m.toxicExamples(toxic, tongue(in)), linear.Options{Classes: 2, Dense: toxicFeatures, Epochs: 15, Rate: 0.05, Pull: 0.01, Start: toxicPrior()}).Pack()
	}
	m.sentiment[foreign], m.toxicity[foreign] = m.sentiment[english], m.toxicity[english]
	return m, nil
}

func (m *Model) denseExamples(examples []example, in tongue) []linear.Example {
	var w work
	var out []linear.Example
	for _, e := range examples {
		w.read(m.words, e.text, in)
		w.dense(in, &w.f)
		for _, f := range outward() {
			w.f[f] = 0
		}
		out = append(out, linear.Example{Dense: append([]float32(nil), w.f[:]...), Class: e.class})
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
