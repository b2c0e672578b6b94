// Package archive is what a space keeps, as lines of JSON: the whole of it or
// one brand's part, to keep elsewhere or to begin again from; and what it holds
// about one person.
//
// It does not know where things are kept (integrations/redis dumps and restores
// lines) nor what a record means, but for the few names of fields that stand for
// a brand or a person. What is under way is not in it: effects that have not
// ended, people's clicks on their way, leases. Nor are secrets: those are in the
// configuration, and what a chat application gave us for one answer is left out
// with the clicks.
package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"crieur/bot/audit"
	"crieur/bot/content"
	"crieur/bot/work"
)

// What can be wrong with an archive.
var (
	ErrFormat = errors.New("not an archive of this release")
	ErrCut    = errors.New("the archive is cut off: its last line is missing")
)

// Version is that of the format; a reader refuses others.
const Version = 1

// longestLine bounds one line, in bytes.
const longestLine = 64 << 20

// Line is one line: exactly one of its fields is set. The first line is a
// Header, the last an End.
type Line struct {
	Header *Header     `json:"crieur,omitempty"`
	Record *Record     `json:"record,omitempty"`
	Mark   *Mark       `json:"mark,omitempty"`
	Due    *Due        `json:"due,omitempty"`
	Item   *work.Item  `json:"item,omitempty"` // it happened and was not handled yet
	Cause  *Cause      `json:"cause,omitempty"`
	Link   *audit.Link `json:"link,omitempty"`
	Salt   *Salt       `json:"salt,omitempty"`
	File   *File       `json:"file,omitempty"`
	End    *End        `json:"end,omitempty"`
}

// Header says what the archive is of.
type Header struct {
	Version int       `json:"version"`
	Space   string    `json:"space"`
	Brand   string    `json:"brand,omitempty"` // empty: the whole space
	At      time.Time `json:"at"`
}

// Salt is what names a person in the trail, see audit.Salts.
type Salt struct {
	Person string `json:"person"`
	Salt   string `json:"salt"`
}

// Record is a state.Record and how long it stays.
type Record struct {
	Kind string          `json:"kind"`
	ID   string          `json:"id"`
	Rev  int64           `json:"rev"`
	Keep time.Duration   `json:"keep,omitempty"` // 0 is for ever
	Data json.RawMessage `json:"data"`
}

// Mark is one member of an index.
type Mark struct {
	Index  string `json:"index"`
	Member string `json:"member"`
	Score  int64  `json:"score"`
}

// Due is an item that waits for its time.
type Due struct {
	Key  string    `json:"key"`
	At   time.Time `json:"at"`
	Item work.Item `json:"item"`
}

// Cause was done; Done is what the store keeps of it, until Keep has passed.
type Cause struct {
	ID   string        `json:"id"`
	Done string        `json:"done"`
	Keep time.Duration `json:"keep"`
}

// File is the bytes of a picture, at most content.MaxFile of them: a line of some
// megabytes.
type File struct {
	Digest string        `json:"digest"` // content.Digest of the bytes
	Keep   time.Duration `json:"keep"`
	Data   []byte        `json:"data"`
}

// End closes an archive.
type End struct {
	// Seq is the number of the last commit in it.
	Seq int64 `json:"seq"`
	// Lines is how many there are before this one.
	Lines int `json:"lines"`
}

// Writer writes lines and counts them.
type Writer struct {
	out   *bufio.Writer
	lines int
}

// NewWriter returns one that writes to out; Close ends the archive.
func NewWriter(out io.Writer) *Writer { return &Writer{out: bufio.NewWriter(out)} }

// Write adds a line.
func (w *Writer) Write(line Line) error {
	data, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("encode line %d: %w", w.lines+1, err)
	}
	w.lines++
	if _, err := w.out.Write(append(data, '\n')); err != nil {
		return fmt.Errorf("write line %d: %w", w.lines, err)
	}
	return nil
}

// Close writes the last line.
func (w *Writer) Close(seq int64) error {
	if err := w.Write(Line{End: &End{Seq: seq, Lines: w.lines}}); err != nil {
		return err
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	return nil
}

// Read yields the lines of an archive, Header and End included. After an error
// it ends; without one, the archive was whole.
func Read(in io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		scanner := bufio.NewScanner(in)
		scanner.Buffer(nil, longestLine)
		n, ended := 0, false
		for scanner.Scan() {
			line, err := parse(scanner.Bytes(), n)
			if err == nil && ended {
				err = fmt.Errorf("%w: something follows its last line", ErrFormat)
			}
			if err != nil {
				yield(Line{}, fmt.Errorf("line %d: %w", n+1, err))
				return
			}
			if !yield(line, nil) {
				return
			}
			n, ended = n+1, line.End != nil
		}
		if err := scanner.Err(); err != nil {
			yield(Line{}, fmt.Errorf("read line %d: %w", n+1, err))
		} else if !ended {
			yield(Line{}, ErrCut)
		}
	}
}

// parse reads one line that has n before it.
func parse(text []byte, n int) (line Line, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&line); err != nil {
		return line, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if decoder.More() || line.fields() != 1 {
		return line, fmt.Errorf("%w: a line is one thing", ErrFormat)
	}
	switch {
	case (line.Header != nil) != (n == 0):
		return line, fmt.Errorf("%w: its first line says what it is of, and no other", ErrFormat)
	case line.Header != nil && line.Header.Version != Version:
		return line, fmt.Errorf("%w: it is of version %d", ErrFormat, line.Header.Version)
	case line.File != nil && content.Digest(line.File.Data) != line.File.Digest:
		return line, fmt.Errorf("%w: picture %s is not as it was", ErrFormat, line.File.Digest)
	case line.End != nil && line.End.Lines != n:
		return line, fmt.Errorf("%w: %d lines were written, %d are here", ErrFormat, line.End.Lines, n)
	}
	return line, nil
}

func (l Line) fields() (n int) {
	for _, set := range []bool{l.Header != nil, l.Salt != nil, l.Record != nil, l.Mark != nil, l.Due != nil,
		l.Item != nil, l.Cause != nil, l.Link != nil, l.File != nil, l.End != nil} {
		if set {
			n++
		}
	}
	return n
}

// Links are the links of an archive, for audit.Verify.
func Links(lines iter.Seq2[Line, error]) iter.Seq2[audit.Link, error] {
	return func(yield func(audit.Link, error) bool) {
		for line, err := range lines {
			if err != nil {
				yield(audit.Link{}, err)
				return
			}
			if line.Link != nil && !yield(*line.Link, nil) {
				return
			}
		}
	}
}
