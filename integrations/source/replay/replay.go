// Package replay reads recorded mentions: one JSON object a line, with time,
// brand and text, and optionally id, author, url, reply_to, lang and network
// (package mentionjson). A line without an id is known by its words. Other
// fields, such as labels, are left alone.
//
// It keeps the order of the file and does not know what time it is: whoever
// replays moves the clock to each mention's time.
package replay

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"crieur/bot/listen"
	"crieur/integrations/internal/mentionjson"
)

const (
	// Source is the source of every mention that is read.
	Source = "replay"
	// MaxLine is the longest line, in bytes.
	MaxLine = 1 << 20
)

// Line is one recorded mention.
type Line struct {
	Number  int // from 1
	Brand   string
	Mention listen.Mention
}

// LineError is a line that could not be read; the lines after it still come.
type LineError struct {
	Number int
	Err    error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Number, e.Err) }

// Unwrap returns what is wrong.
func (e *LineError) Unwrap() error { return e.Err }

var (
	errLong  = fmt.Errorf("longer than %d bytes", MaxLine)
	errBrand = &mentionjson.Problem{Field: "brand", Want: "the brand that it is about"}
)

// Read yields the lines in order, as they are read. A bad line yields a
// *LineError and reading goes on; an error of another type ends it. Empty lines
// are counted and skipped.
func Read(r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		reader := bufio.NewReaderSize(r, 64<<10)
		for number := 1; ; number++ {
			text, long, err := readLine(reader)
			if err != nil && !errors.Is(err, io.EOF) {
				yield(Line{}, fmt.Errorf("read line %d: %w", number, err))
				return
			}
			if !proceed(number, text, long, yield) || err != nil {
				return
			}
		}
	}
}

// proceed yields what a line says; false means that the reader has had enough.
func proceed(number int, text []byte, long bool, yield func(Line, error) bool) bool {
	if long {
		return yield(Line{}, &LineError{number, errLong})
	}
	if text = bytes.TrimSpace(text); len(text) == 0 {
		return true
	}
	line, err := parse(number, text)
	if err != nil {
		return yield(Line{}, &LineError{number, err})
	}
	return yield(line, nil)
}

func parse(number int, text []byte) (Line, error) {
	if number == 1 {
		text = bytes.TrimPrefix(text, []byte("\ufeff")) // what some editors put first
	}
	mention, brand, err := mentionjson.Decode(text, mentionjson.Options{Source: Source, Network: Source, Prefix: Source + ":", NeedTime: true})
	switch {
	case err != nil:
		return Line{}, err
	case brand == "":
		return Line{}, errBrand
	}
	return Line{Number: number, Brand: brand, Mention: mention}, nil
}

// readLine returns one line without keeping more of it than MaxLine.
func readLine(reader *bufio.Reader) (line []byte, long bool, err error) {
	for {
		piece, err := reader.ReadSlice('\n')
		if len(line)+len(piece) > MaxLine+1 {
			line, long = nil, true
		}
		if !long {
			line = append(line, piece...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, long, err
		}
	}
}
