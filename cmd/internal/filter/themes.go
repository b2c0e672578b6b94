package filter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"crieur/bot/text/similar"
	"crieur/bot/text/theme"
)

// recurring is a line of Themes's output: words, all their forms, in how many
// texts without a theme and with one they are, and which the former are.
type recurring struct {
	Words string   `json:"words"`
	Forms []string `json:"forms"`
	Texts int      `json:"texts"`
	Other int      `json:"other"`
	IDs   []ID     `json:"ids"`
}

// Themes reads {"id","text"} lines to their end and writes what recurs in those
// of which no starting list has a word, near-copies once, the strongest first.
func Themes(in io.Reader, out, errs io.Writer) error {
	r, err := openReaders("")
	if err != nil {
		return err
	}
	var open []Text
	var texts, covered []string
	kept := similar.NewIndex()
	bad := Texts(in, io.Discard, errs, func(text Text) (any, error) {
		switch {
		case !isNew(kept, text.Text):
		case len(r.lists.Themes(text.Text)) > 0:
			covered = append(covered, text.Text)
		default:
			open, texts = append(open, text), append(texts, text.Text)
		}
		return nil, nil
	})
	return errors.Join(bad, writeRecurring(out, open, r.lists.Recurring(texts, covered)))
}

func writeRecurring(out io.Writer, open []Text, found []theme.Recurrence) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for _, one := range found {
		line := recurring{Words: one.Words, Forms: one.Forms, Texts: len(one.Texts), Other: one.Other}
		for _, i := range one.Texts {
			line.IDs = append(line.IDs, open[i].ID)
		}
		if err := encoder.Encode(line); err != nil {
			return fmt.Errorf("write what recurs: %w", err)
		}
	}
	return nil
}
