package theme

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
	"sync"

	"crieur/bot/text/internal/linear"
	"crieur/bot/text/internal/split"
)

// ErrModel says that bytes are no theme model, or one of another version or made
// with other lists.
var ErrModel = errors.New("not a theme model")

// None is the theme of labels that say that a text is about nothing listed.
const None = ""

// MaxThemes is how many themes a brand can teach; it keeps a model under
// 700 kB.
const MaxThemes = 20

// buckets is how many places n-grams are hashed to.
const buckets = 1 << 15

// Model finds the themes that a brand taught. Its methods may be called at the
// same time.
type Model struct {
	lists   *Lists
	names   []string // None first
	weights *linear.Model
	letters bool // it knows sequences of letters, as since version 2
	scratch sync.Pool
}

// Names gives the themes that were taught.
func (m *Model) Names() []string { return append([]string(nil), m.names[1:]...) }

// work is the memory of one call.
type work struct {
	cutter split.Splitter
	tokens []split.Token
	dense  []float32
	grams  []uint32
	scores []float64
	words  [][]Span
}

// open takes a text apart: a bias, what each list says, and n-grams of words, and
// of letters if asked.
func (w *work) open(l *Lists, text string, letters bool) {
	w.tokens = w.cutter.Split(text)
	scores, words := l.weigh(&w.cutter, w.tokens)
	w.words = words
	w.dense = append(w.dense[:0], 1)
	for _, score := range scores {
		w.dense = append(w.dense, float32(min(score, 4)))
	}
	if letters {
		w.grams = w.cutter.Grams(w.tokens, w.grams[:0])
	} else {
		w.grams = w.cutter.WordGrams(w.tokens, w.grams[:0])
	}
	w.stems()
	w.conceive(l)
	for i := range w.grams {
		w.grams[i] %= buckets
	}
}

// stems adds the first letters of long words to the n-grams, whatever the ending.
func (w *work) stems() {
	for _, t := range w.tokens {
		if folded := w.cutter.Folded(t); t.Kind == split.Word && len(folded) > stem {
			w.grams = append(w.grams, uint32(split.Hash(string(folded[:stem]))>>40))
		}
	}
}

// conceive adds the concepts of a text to its features, and their pairs to its
// n-grams: luggage and damaged say more together than apart.
func (w *work) conceive(l *Lists) {
	start := len(w.dense)
	w.dense = append(w.dense, make([]float32, l.seen)...)
	found := w.dense[start:]
	for _, m := range l.concepts.Find(&w.cutter, w.tokens, nil) {
		found[m.ID] = min(found[m.ID]+0.5+float32(m.Span)/2, 3)
	}
	for a := range found {
		for b := a + 1; b < len(found); b++ {
			if found[a] > 0 && found[b] > 0 {
				pair := uint32(a*1009+b*31) * 0x9E3779B1 >> 16
				w.grams = append(w.grams, pair, pair, pair)
			}
		}
	}
}

// stem is how many bytes of a word tell its family.
const stem = 5

// second is how sure the second theme must be.
const second = 0.25

// Themes gives up to two themes of a text, the surest first.
func (m *Model) Themes(text string) []Theme {
	w, ok := m.scratch.Get().(*work)
	if !ok {
		w = new(work)
	}
	defer m.scratch.Put(w)
	w.open(m.lists, text, m.letters)
	w.scores = append(w.scores[:0], make([]float64, len(m.names))...)
	m.weights.Score(w.dense, w.grams, w.scores)
	linear.Softmax(w.scores)
	order := rank(w.scores)
	var themes []Theme
	for place, class := range order[:min(len(order), Most+1)] {
		sure := w.scores[class]
		if len(themes) == Most || place > 0 && sure < second || class == 0 && place == 0 {
			break
		}
		if class == 0 {
			continue
		}
		themes = append(themes, Theme{m.names[class], sure, m.why(w, class)})
	}
	return themes
}

func rank(scores []float64) []int {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return scores[order[a]] > scores[order[b]] })
	return order
}

// why gives the three words that spoke most for a class.
func (m *Model) why(w *work, class int) []Span {
	type spoken struct {
		Span
		weight float64
	}
	var words []spoken
	for _, t := range w.tokens {
		if t.Kind != split.Word {
			continue
		}
		if weight := m.weights.Weight(split.Bucket(t)%buckets, class); weight > 0 {
			words = append(words, spoken{Span{t.Start, t.End}, weight})
		}
	}
	sort.SliceStable(words, func(a, b int) bool { return words[a].weight > words[b].weight })
	var spans []Span
	for _, s := range words[:min(len(words), 3)] {
		spans = append(spans, s.Span)
	}
	return spans
}

const (
	magic   = "crieur theme"
	version = 2
	oldest  = 1 // that is still read
)

// Encode gives the model's bytes, without the lists.
func (m *Model) Encode() []byte {
	data := append([]byte(magic), oldest, byte(len(m.names)))
	if m.letters {
		data[len(magic)] = version
	}
	for _, name := range m.names {
		data = binary.AppendUvarint(data, uint64(len(name)))
		data = append(data, name...)
	}
	return m.weights.Append(data)
}

// Decode gives the model whose bytes Encode made, over the same lists. Bytes of
// anything else are an ErrModel.
func (l *Lists) Decode(data []byte) (*Model, error) {
	head := len(magic) + 2
	if len(data) < head || string(data[:len(magic)]) != magic {
		return nil, ErrModel
	}
	if v := data[len(magic)]; v < oldest || v > version {
		return nil, fmt.Errorf("%w: version %d, want %d at most", ErrModel, v, version)
	}
	m, rest := &Model{lists: l, letters: data[len(magic)] == version}, data[head:]
	for range int(data[head-1]) {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) {
			return nil, fmt.Errorf("%w: cut short", ErrModel)
		}
		m.names = append(m.names, string(rest[n:n+int(size)]))
		rest = rest[n+int(size):]
	}
	if len(m.names) < 2 || len(m.names) > MaxThemes+1 || m.names[0] != None {
		return nil, fmt.Errorf("%w: %d themes", ErrModel, len(m.names))
	}
	var err error
	if m.weights, rest, err = linear.Read(rest, len(m.names), l.features()); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrModel, err)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%w: bytes left over", ErrModel)
	}
	return m, nil
}
