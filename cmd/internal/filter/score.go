package filter

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"crieur/bot/text/lang"
	"crieur/bot/text/tone"
)

// scored is a line of Score's output.
type scored struct {
	ID        json.RawMessage `json:"id"`
	Lang      string          `json:"lang"`
	Sentiment string          `json:"sentiment"`
	PNegative float64         `json:"p_negative"`
	Toxic     bool            `json:"toxic"`
	PToxic    float64         `json:"p_toxic"`
	Kinds     []string        `json:"kinds"`
	Themes    []string        `json:"themes"`
	Why       []reason        `json:"why"`
}

// reason is a place in the text, in code points, and what it spoke for.
type reason struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
	Kind  string `json:"kind"`
}

// Score reads {"id","text"} lines and writes the language, tone, toxicity and
// themes of each text. With a model file, made by Train, it uses the brand's
// own models; modelFile "" means the shipped ones.
func Score(in io.Reader, out, errs io.Writer, modelFile string) error {
	languages, err := lang.Default()
	if err != nil {
		return err
	}
	model, err := tone.Default()
	if err != nil {
		return err
	}
	if modelFile != "" {
		data, err := os.ReadFile(modelFile)
		if err != nil {
			return fmt.Errorf("read model: %w", err)
		}
		if model, err = model.Decode(data); err != nil {
			return fmt.Errorf("read model %s: %w", modelFile, err)
		}
	}
	return Texts(in, out, errs, func(text Text) (any, error) {
		return score(languages, model, text), nil
	})
}

func score(languages *lang.Model, model *tone.Model, text Text) scored {
	code, _ := languages.Identify(text.Text)
	result := model.Score(text.Text, code)
	line := scored{
		ID: text.ID, Lang: code,
		Sentiment: result.Sentiment.String(), PNegative: rounded(result.PNegative),
		Toxic: result.Toxic, PToxic: rounded(result.PToxic),
		Kinds: []string{}, Themes: []string{}, Why: []reason{},
	}
	for _, kind := range result.Kinds {
		line.Kinds = append(line.Kinds, kind.String())
	}
	for _, span := range result.Why {
		line.Why = append(line.Why, reason{
			Start: utf8.RuneCountInString(text.Text[:span.Start]),
			End:   utf8.RuneCountInString(text.Text[:span.End]),
			Text:  text.Text[span.Start:span.End],
			Kind:  span.Kind,
		})
	}
	return line
}

// rounded keeps four digits of a probability.
func rounded(p float64) float64 { return float64(int(p*1e4+0.5)) / 1e4 }
