package tone

import (
	"errors"
	"math"
	"sort"
	"sync"

	"crieur/bot/text/internal/linear"
)

// ErrModel says that bytes are no tone model, or one of another version.
var ErrModel = errors.New("not a tone model")

// Sentiment is what a text feels about what it speaks of.
type Sentiment uint8

// The sentiments, in the order of a model's classes.
const (
	Negative Sentiment = iota
	Neutral
	Positive
	sentiments
)

// String gives the name that labels and the command line use.
func (s Sentiment) String() string {
	return [...]string{"negative", "neutral", "positive"}[s]
}

// ParseSentiment is the reverse of String.
func ParseSentiment(name string) (Sentiment, bool) {
	for s := range sentiments {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

// Span is a place in the text that was scored, in bytes, and what it spoke for:
// "negative", "positive", "irony" or a Kind's name.
type Span struct {
	Start, End int
	Kind       string
}

// Result is what a model says of one text. Probabilities are between 0 and 1.
type Result struct {
	Sentiment Sentiment
	PNegative float64 // calibrated on the texts the model learnt from
	Sure      bool    // PNegative reaches the model's threshold: worth an alert
	Toxic     bool
	PToxic    float64
	Kinds     []Kind // of a toxic text, the strongest first
	Why       []Span // the words that made it, the heaviest first, at most six
}

// Model scores texts. Its methods may be called at the same time.
type Model struct {
	words     *lexicon
	base      *weights
	own       *linear.Model // a brand's own, learnt from its labels; nil without
	curve     [tongues]curve
	threshold float64 // of PNegative, for Sure
	readings  sync.Pool
}

// weights are what ships, by language.
type weights struct {
	sentiment [tongues]*linear.Model
	toxicity  [tongues]*linear.Model
}

// curve calibrates a probability: a line through its log odds.
type curve struct{ slope, offset float64 }

// Threshold is the PNegative from which Result.Sure is set.
func (m *Model) Threshold() float64 { return m.threshold }

// Own reports whether the model learnt from a brand's labels.
func (m *Model) Own() bool { return m.own != nil }

// toxicAt is the PToxic from which a text is called toxic. Folding a harsh
// message that a click unfolds costs less than showing an insult.
const toxicAt = 0.35

// work is the memory of one call of Score.
type work struct {
	reading
	f     [features]float32
	x     [toxicFeatures]float32
	grams []uint32
}

func (m *Model) borrow() *work {
	if w, ok := m.readings.Get().(*work); ok {
		return w
	}
	return new(work)
}

// Score judges a text in a language that lang.Identify named. French and
// English are read with their lexicons, "" and "other" with the one that knows
// more of the words; in other languages only emoji and signs count, and what
// the brand's own model learnt. An empty text is neutral.
func (m *Model) Score(text, lang string) Result {
	w := m.borrow()
	defer m.readings.Put(w)
	in := m.open(w, text, lang)
	var scores [sentiments]float64
	m.judge(w, in, scores[:])
	linear.Softmax(scores[:])
	result := Result{Sentiment: Negative, PNegative: m.curve[in].apply(scores[Negative])}
	for s := Neutral; s < sentiments; s++ {
		if scores[s] > scores[result.Sentiment] {
			result.Sentiment = s
		}
	}
	result.Sure = result.PNegative >= m.threshold
	m.scoreToxic(w, in, &result)
	result.Why = w.why(in, result)
	return result
}

// open reads the text and fills the features.
func (m *Model) open(w *work, text, lang string) tongue {
	in := m.tongueOf(w, text, lang)
	w.read(m.words, text, in)
	w.dense(in, &w.f)
	w.toxicDense(in, &w.f, &w.x)
	w.grams = w.grams[:0]
	w.grams = w.reading.grams(w.grams)
	return in
}

func (m *Model) tongueOf(w *work, text, lang string) tongue {
	switch lang {
	case "fr":
		return french
	case "en":
		return english
	case "", "other":
	default:
		return foreign
	}
	known := [2]int{}
	for _, t := range w.cutter.Split(text) {
		if e := m.words.find(t.Hash); e != nil {
			for in := range known {
				if e.roles[in] != 0 || e.own[in] != 0 {
					known[in]++
				}
			}
		}
	}
	if known[english] > known[french] {
		return english
	}
	return french
}

// judge puts the sentiments' scores into out: the brand's own model when there
// is one, else the shipped one of the language.
func (m *Model) judge(w *work, in tongue, out []float64) {
	if m.own != nil {
		m.own.Score(w.f[:], w.grams, out)
		return
	}
	m.base.sentiment[in].Score(w.f[:], w.grams, out)
}

func (c curve) apply(p float64) float64 {
	const tiny = 1e-9
	p = min(1-tiny, max(tiny, p))
	return 1 / (1 + math.Exp(-(c.slope*math.Log(p/(1-p)) + c.offset)))
}

func (m *Model) scoreToxic(w *work, in tongue, result *Result) {
	var scores [2]float64
	m.base.toxicity[in].Score(w.x[:], nil, scores[:])
	linear.Softmax(scores[:])
	result.PToxic = scores[1]
	result.Toxic = scores[1] >= toxicAt
	if result.Toxic {
		result.Kinds = w.kindsFound(in)
	}
}

// why picks the spans that spoke for the result.
func (w *work) why(in tongue, result Result) []Span {
	var spans []Span
	if result.Toxic {
		spans = w.toxicWords(spans)
	}
	if result.Sentiment != Neutral {
		spans = w.toneWords(in, result.Sentiment, spans)
	}
	return spans[:min(len(spans), 6)]
}

// toneWords appends the words of a sentiment, the heaviest first.
func (r *reading) toneWords(in tongue, s Sentiment, dst []Span) []Span {
	type weighed struct {
		Span
		weight float32
	}
	var found []weighed
	for i := range r.words {
		weight := r.weight(i, in)
		if s == Negative {
			weight = -weight
		}
		if weight > 0.5 {
			span := r.span(i, r.words[i].span)
			span.Kind = s.String()
			found = append(found, weighed{span, weight})
		}
	}
	sort.SliceStable(found, func(a, b int) bool { return found[a].weight > found[b].weight })
	for _, f := range found {
		dst = append(dst, f.Span)
	}
	return dst
}

// weight is what one token adds to the balance of good and bad.
func (r *reading) weight(i int, in tongue) float32 {
	w := &r.words[i]
	if w.inside || w.entry == nil && w.own == 0 {
		return 0
	}
	var t tally
	r.weigh(i, in, &t)
	weight := t.all[0] - t.all[1]
	if w.entry != nil {
		weight += float32(w.entry.emoji)
	}
	return weight
}
