// Package lang says which language a message is in: French, English, Spanish,
// German, Italian, Portuguese, Dutch, Arabic, or another. It looks at the script
// first, then at sequences of letters and whole words with a linear model. It
// knows no dictionary and no dialects, and it does not split texts that mix
// languages. Catalan and Afrikaans, close to languages that it names, are often
// taken for them.
//
// The weights were learnt from the test data of lingua-go (Apache-2.0, licence
// in licences) and from this project's own messages; langgen says how. Measured
// on the fifth of the data that was held out, with
//
//	go run ./langgen -measure -data lingua-go/cmd/language-testdata
//
// on two cores of an Intel Xeon at about 4 GHz, Go 1.26, November 2026. Right
// answers in percent:
//
//	texts            of the eight languages        of other languages
//	sentences        99.8 (fr 99.5, en 99.5)       98.9
//	pairs of words   92.3 (fr 97.0, en 91.0)       94.8
//	single words     74.6 (fr 77.0, en 67.5)       87.8
//
// On tweets (UMSAB, 2,146 French and 2,163 English, not learnt from) 99.5 of
// each. Speed (go test -bench .): 130,000 messages a second of one core, without
// allocation.
package lang

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"sync"

	"crieur/bot/text/internal/linear"
)

//go:embed weights.bin.gz
var packed []byte

// Other is the code of every language that has none of its own here.
const Other = "other"

// Codes are the languages told apart, by ISO 639-1 code, Other last.
func Codes() []string { return []string{"fr", "en", "es", "de", "it", "pt", "nl", "ar", Other} }

// codes are the classes of the linear model, which sees Latin letters only.
var codes = [...]string{"fr", "en", "es", "de", "it", "pt", "nl", Other}

const other = len(codes) - 1

// reserve is held against Other among texts in Latin letters: it was learnt
// from thirty-odd languages, of which a brand hears few.
const reserve = 2

// Model identifies languages. Its methods may be called at the same time.
type Model struct {
	weights *linear.Model
	scratch sync.Pool
}

// Default gives the model that ships. It unpacks its weights: call it once and
// hand it on.
func Default() (*Model, error) {
	file, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack language model: %w", err)
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("unpack language model: %w", err)
	}
	return decode(data)
}

// decode gives the model whose bytes Learn made.
func decode(data []byte) (*Model, error) {
	weights, rest, err := linear.Read(data, len(codes), features)
	if err != nil {
		return nil, fmt.Errorf("read language model: %w", err)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("read language model: %w", linear.ErrMalformed)
	}
	return &Model{weights: weights}, nil
}

// Doubtful is the confidence under which a language is a guess: better ask where
// the text came from, or leave it open.
const Doubtful = 0.7

// Identify gives the code of a text's language and how sure that is, from 0 to
// 1. A text without a letter is Other with 0.
func (m *Model) Identify(text string) (code string, confidence float64) {
	s, ok := m.scratch.Get().(*scanner)
	if !ok {
		s = new(scanner)
	}
	defer m.scratch.Put(s)
	s.scan(text)
	if code, sure, decided := s.byScript(); decided {
		return code, sure
	}
	var scores [len(codes)]float64
	m.weights.Score(s.dense[:], s.grams(), scores[:])
	scores[other] -= reserve
	linear.Softmax(scores[:])
	best := 0
	for c := range scores {
		if scores[c] > scores[best] {
			best = c
		}
	}
	return codes[best], scores[best]
}

func classOf(code string) int {
	for i, c := range codes {
		if c == code {
			return i
		}
	}
	return other
}
