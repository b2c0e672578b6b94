// Package filter is the shape that the command line's text filters share:
// JSON lines on standard input, JSON lines on standard output, in the order
// read, as they come. It knows nothing of what a filter does with a line; each
// filter has a file of its own here that calls one room of bot/text.
package filter

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// MaxLine is the longest line that a filter reads, in bytes. A longer one is
// reported as bad and skipped, like any other bad line.
const MaxLine = 16 << 20

// ErrBadLines says that some lines were skipped; each was reported on the
// error stream with its number. The command line turns it into an exit status.
var ErrBadLines = errors.New("some lines were skipped")

// Text is the input that every filter of texts reads.
type Text struct {
	ID   ID     `json:"id"`
	Text string `json:"text"`
}

// ID is the caller's identifier of a line, given back as it came: a JSON
// string or number.
type ID = json.RawMessage

// Lines calls each with every non-blank line of in and writes what it returns
// as one JSON line to out. Output is flushed whenever no more input is waiting,
// so that Lines can sit in a pipe that never ends. A line that each refuses, or
// that is longer than MaxLine, is reported to errs as "line 12: …" and skipped;
// Lines then ends with ErrBadLines. Errors of in and out end it at once.
func Lines(in io.Reader, out, errs io.Writer, each func(line []byte) (any, error)) error {
	reader := bufio.NewReaderSize(in, 1<<16)
	writer := bufio.NewWriterSize(out, 1<<16)
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	bad := false
	for number := 1; ; number++ {
		line, tooLong, err := readLine(reader)
		if err != nil && err != io.EOF {
			return fmt.Errorf("read line %d: %w", number, err)
		}
		if problem := handle(line, tooLong, each, encoder); problem != nil {
			var failed writeError
			if errors.As(problem, &failed) {
				return fmt.Errorf("write line %d: %w", number, failed.error)
			}
			bad = true
			fmt.Fprintf(errs, "line %d: %v\n", number, problem)
		}
		if err == io.EOF || reader.Buffered() == 0 {
			if flushErr := writer.Flush(); flushErr != nil {
				return fmt.Errorf("write line %d: %w", number, flushErr)
			}
		}
		if err == io.EOF {
			break
		}
	}
	if bad {
		return ErrBadLines
	}
	return nil
}

// Texts is Lines for filters whose input is {"id","text"}.
func Texts(in io.Reader, out, errs io.Writer, each func(Text) (any, error)) error {
	return Lines(in, out, errs, func(line []byte) (any, error) {
		var text Text
		if err := json.Unmarshal(line, &text); err != nil {
			return nil, fmt.Errorf(`want {"id":…,"text":"…"}: %w`, err)
		}
		return each(text)
	})
}

// writeError marks an error of the output, which no further line can mend.
type writeError struct{ error }

func handle(line []byte, tooLong bool, each func([]byte) (any, error), encoder *json.Encoder) error {
	if tooLong {
		return fmt.Errorf("longer than %d bytes", MaxLine)
	}
	if len(bytes.TrimSpace(line)) == 0 {
		return nil
	}
	result, err := each(line)
	if err != nil {
		return err
	}
	if err := encoder.Encode(result); err != nil {
		return writeError{err}
	}
	return nil
}

// readLine returns the next line without its end. It swallows the rest of a
// line that is too long, so that the next one is read from its start.
func readLine(reader *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := reader.ReadSlice('\n')
		if !tooLong {
			line = append(line, part...)
		}
		if len(line) > MaxLine+1 {
			line, tooLong = nil, true
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return bytes.TrimRight(line, "\r\n"), tooLong, err
	}
}
