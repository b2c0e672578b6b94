package filter

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"crieur/bot/text/proof"
)

// proofInput is a text to proofread. When, optional, is the scheduled moment or
// day; a text without is for today. Words, optional, are the brand's own.
type proofInput struct {
	ID    ID       `json:"id"`
	Text  string   `json:"text"`
	When  string   `json:"when"`
	Words []string `json:"words"`
}

type proofOutput struct {
	ID       ID             `json:"id"`
	Problems []proofProblem `json:"problems"`
}

type proofProblem struct {
	Start   int      `json:"start"`
	End     int      `json:"end"`
	Rule    string   `json:"rule"`
	Level   string   `json:"level"`
	Message string   `json:"message"`
	Fixes   []string `json:"fixes"`
}

// Proof reads {"id","text"} lines and writes the problems of each text, with
// their fixes; messages are in the language of the text, "fr" or "en". Dates are
// checked against the line's "when" (a day, or a moment in RFC 3339), else
// against today.
func Proof(in io.Reader, out, errs io.Writer, lang string) error {
	now := time.Now()
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	return proofOn(today, in, out, errs, lang)
}

// proofOn is Proof on a given day.
func proofOn(today time.Time, in io.Reader, out, errs io.Writer, lang string) error {
	checker, err := proof.New(lang)
	if err != nil {
		return err
	}
	return Lines(in, out, errs, func(line []byte) (any, error) {
		var text proofInput
		if err := json.Unmarshal(line, &text); err != nil {
			return nil, fmt.Errorf(`want {"id":…,"text":"…"}: %w`, err)
		}
		when, err := readWhen(text.When, today)
		if err != nil {
			return nil, err
		}
		context := proof.Context{When: when}
		if len(text.Words) > 0 {
			context.Brand = proof.NewWords(text.Words)
		}
		return proofOutput{text.ID, proofProblems(checker.Check(text.Text, context), lang)}, nil
	})
}

func proofProblems(found []proof.Problem, lang string) []proofProblem {
	problems := make([]proofProblem, len(found))
	for i, p := range found {
		problems[i] = proofProblem{p.Start, p.End, p.Rule, string(p.Level), proof.Message(p, lang), p.Fixes}
		if p.Fixes == nil {
			problems[i].Fixes = []string{}
		}
	}
	return problems
}

// readWhen reads a day or a moment; its own zone offset is the brand's. An empty
// one is today.
func readWhen(s string, today time.Time) (time.Time, error) {
	if s == "" {
		return today, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf(`want "when" as 2026-11-26 or 2026-11-26T18:00:00+01:00, not %q`, s)
}
