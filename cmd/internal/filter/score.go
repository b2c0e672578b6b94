package filter

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"unicode/utf8"

	"crieur/bot/text/lang"
	"crieur/bot/text/learnt"
	"crieur/bot/text/theme"
)

// readers are the engines that read a text, shipped or a brand's own.
type readers struct {
	learnt.Reader
	lang  *lang.Model
	lists *theme.Lists
}

func openReaders(modelFile string) (*readers, error) {
	languages, err := lang.Default()
	if err != nil {
		return nil, err
	}
	shipped, err := learnt.Open()
	if err != nil {
		return nil, err
	}
	var own learnt.Models
	lists := shipped.Lists
	if modelFile != "" {
		data, err := os.ReadFile(modelFile)
		if err != nil {
			return nil, fmt.Errorf("read model: %w", err)
		}
		if own, err = shipped.Decode(data); err != nil {
			return nil, fmt.Errorf("read model %s: %w", modelFile, err)
		}
	}
	if own.Theme != nil {
		lists = nil // the brand's own themes alone
	}
	return &readers{Reader: shipped.Reader(lists, own), lang: languages, lists: shipped.Lists}, nil
}

// language gives a text's language and the one to read it in: left open when in
// doubt, so that tone reads it in the one whose words it knows.
func (r *readers) language(text string) (code, reading string) {
	code, sure := r.lang.Identify(text)
	if sure < lang.Doubtful {
		return code, ""
	}
	return code, code
}

// scored is a line of Score's output. Negative says that p_negative reaches the
// model's threshold, the one chosen for the precision that was asked.
type scored struct {
	ID        json.RawMessage `json:"id"`
	Lang      string          `json:"lang"`
	Sentiment string          `json:"sentiment"`
	PNegative float64         `json:"p_negative"`
	Negative  bool            `json:"negative"`
	Toxic     bool            `json:"toxic"`
	PToxic    float64         `json:"p_toxic"`
	Kinds     []string        `json:"kinds"`
	Themes    []string        `json:"themes"`
	Why       []reason        `json:"why"`
}

// reason is a place in the text, in code points, and what it spoke for: a
// sentiment, a kind of toxicity, or a theme.
type reason struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
	For   string `json:"for"`
}

// Score reads {"id","text"} lines and writes the language, tone, toxicity and
// themes of each text. With a model file, made by Train, it uses the brand's
// own models; modelFile "" means the shipped ones.
func Score(in io.Reader, out, errs io.Writer, modelFile string) error {
	r, err := openReaders(modelFile)
	if err != nil {
		return err
	}
	return Texts(in, out, errs, func(text Text) (any, error) { return r.score(text), nil })
}

func (r *readers) score(text Text) scored {
	code, reading := r.language(text.Text)
	result := r.Tone.Score(text.Text, reading)
	line := scored{
		ID: text.ID, Lang: code,
		Sentiment: result.Sentiment.String(), PNegative: rounded(result.PNegative), Negative: result.Sure,
		Toxic: result.Toxic, PToxic: rounded(result.PToxic),
		Kinds: []string{}, Themes: []string{}, Why: []reason{},
	}
	for _, kind := range result.Kinds {
		line.Kinds = append(line.Kinds, kind.String())
	}
	for _, span := range result.Why {
		line.Why = append(line.Why, place(text.Text, span.Start, span.End, span.Kind))
	}
	for _, found := range r.Themes(text.Text, result.Sentiment) {
		line.Themes = append(line.Themes, found.Name)
		for _, word := range found.Words[:min(len(found.Words), 3)] {
			line.Why = append(line.Why, place(text.Text, word.Start, word.End, found.Name))
		}
	}
	sort.SliceStable(line.Why, func(a, b int) bool { return line.Why[a].Start < line.Why[b].Start })
	return line
}

// place turns byte offsets into code points.
func place(text string, start, end int, spoke string) reason {
	from := utf8.RuneCountInString(text[:start])
	return reason{from, from + utf8.RuneCountInString(text[start:end]), text[start:end], spoke}
}

// rounded keeps four digits of a probability.
func rounded(p float64) float64 { return float64(int(p*1e4+0.5)) / 1e4 }
