package filter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"crieur/bot/text/tone"
)

// labelled is a line of a file of labels. Fields that a command has no use for
// may be absent; Reason is another name for Theme.
type labelled struct {
	Text   string  `json:"text"`
	Label  string  `json:"label"`
	Theme  *string `json:"theme"`
	Reason *string `json:"reason"`
	Toxic  *bool   `json:"toxic"`
	Source string  `json:"source"`
	Brand  string  `json:"brand"` // that it speaks of, where a file has several
}

// theme gives the theme and whether the line has one; an empty one says that the
// text is about nothing listed.
func (l labelled) theme() (string, bool) {
	switch {
	case l.Theme != nil:
		return *l.Theme, true
	case l.Reason != nil:
		return *l.Reason, true
	}
	return "", false
}

// readLabels reads a file of JSON lines. Bad lines are reported to errs with
// their number and skipped; the error is then ErrBadLines, and what was read is
// good.
func readLabels(file string, errs io.Writer) ([]labelled, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read labels: %w", err)
	}
	defer in.Close()
	var labels []labelled
	err = Lines(in, io.Discard, errs, func(line []byte) (any, error) {
		var l labelled
		if err := json.Unmarshal(line, &l); err != nil {
			return nil, fmt.Errorf(`want {"text":"…","label":"…"}: %w`, err)
		}
		if _, ok := tone.ParseSentiment(l.Label); !ok && l.Label != "" {
			return nil, fmt.Errorf("label %q: want negative, neutral or positive", l.Label)
		}
		labels = append(labels, l)
		return nil, nil
	})
	if err != nil && !errors.Is(err, ErrBadLines) {
		return nil, fmt.Errorf("read labels %s: %w", file, err)
	}
	return labels, err
}

// exists reports whether a file is there to be replaced.
func exists(file string) bool {
	_, err := os.Stat(file)
	return !errors.Is(err, fs.ErrNotExist)
}
