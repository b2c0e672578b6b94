package filter

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"crieur/bot/text/spikes"
)

type spikesOut struct {
	Time      string  `json:"time"`  // as it was read
	Count     float64 `json:"count"` // of the step, or of the block of short steps that it ends
	Statistic float64 `json:"statistic"`
	Threshold float64 `json:"threshold"`
}

// Spikes reads a CSV of "time,count" in order of time, with or without a line
// of names, and writes a line for each proposed crisis as soon as it is known.
// The step is the smallest distance between the first rows. A row that can't
// be read, or is out of order, is reported to errs as "line 12: …" and skipped;
// Spikes then ends with ErrBadLines.
func Spikes(in io.Reader, out, errs io.Writer) error {
	encoder := json.NewEncoder(out)
	var watch spikesWatch
	bad := false
	refuse := func(number int, problem error) {
		bad = true
		fmt.Fprintf(errs, "line %d: %v\n", number, problem)
	}
	alarm := func(row spikesRow, reading spikes.Reading) error {
		err := encoder.Encode(spikesOut{row.text, reading.Count, reading.Statistic, reading.Threshold})
		if err != nil {
			return fmt.Errorf("write line %d: %w", row.number, err)
		}
		return nil
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, MaxLine)
	for number := 1; lines.Scan(); number++ {
		row, err := readSpikesRow(number, lines.Text())
		switch {
		case errors.Is(err, errNoRow):
		case err != nil && number == 1: // the line of names
		case err != nil:
			refuse(number, err)
		default:
			if err := watch.add(row, alarm, refuse); err != nil {
				return err
			}
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read counts: %w", err)
	}
	if err := watch.end(alarm, refuse); err != nil {
		return err
	}
	if bad {
		return ErrBadLines
	}
	return nil
}

// spikesRow is one line of counts.
type spikesRow struct {
	number int
	text   string // the time as it was written
	at     time.Time
	count  float64
}

var errNoRow = errors.New("blank line")

// timeLayouts are the ways in which times may be written; Unix seconds too.
var timeLayouts = []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02"}

func readSpikesRow(number int, line string) (spikesRow, error) {
	line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
	if line == "" {
		return spikesRow{}, errNoRow
	}
	moment, rest, is := strings.Cut(line, ",")
	rest, _, _ = strings.Cut(rest, ",")
	count, err := strconv.ParseFloat(strings.Trim(rest, "\" "), 64)
	if !is || err != nil {
		return spikesRow{}, errors.New("want a time, a comma and a count")
	}
	row := spikesRow{number: number, text: strings.Trim(moment, "\" "), count: count}
	for _, layout := range timeLayouts {
		if row.at, err = time.Parse(layout, row.text); err == nil {
			return row, nil
		}
	}
	seconds, err := strconv.ParseInt(row.text, 10, 64)
	if err != nil {
		return spikesRow{}, fmt.Errorf("%q is not a time like 2026-11-22T18:00:00Z", row.text)
	}
	row.at = time.Unix(seconds, 0).UTC()
	return row, nil
}

// spikesWatch holds the first rows back until the step is known.
type spikesWatch struct {
	first  []spikesRow
	series *spikes.Series
}

// rowsForStep is how many rows tell the step.
const rowsForStep = 5

type (
	onAlarm  func(spikesRow, spikes.Reading) error
	onRefuse func(number int, problem error)
)

func (w *spikesWatch) add(row spikesRow, alarm onAlarm, refuse onRefuse) error {
	if w.series != nil {
		return w.step(row, alarm, refuse)
	}
	if w.first = append(w.first, row); len(w.first) < rowsForStep {
		return nil
	}
	return w.end(alarm, refuse)
}

// end begins the series with the rows held back, if it has not begun.
func (w *spikesWatch) end(alarm onAlarm, refuse onRefuse) error {
	if w.series != nil || len(w.first) == 0 {
		return nil
	}
	var steps []time.Duration
	for i := 1; i < len(w.first); i++ {
		if step := w.first[i].at.Sub(w.first[i-1].at); step > 0 {
			steps = append(steps, step)
		}
	}
	if len(steps) == 0 {
		return nil // one row is no series
	}
	series, err := spikes.New(slices.Min(steps))
	if err != nil {
		return err
	}
	w.series = series
	for _, row := range w.first {
		if err := w.step(row, alarm, refuse); err != nil {
			return err
		}
	}
	return nil
}

func (w *spikesWatch) step(row spikesRow, alarm onAlarm, refuse onRefuse) error {
	reading, err := w.series.Add(spikes.Config{}, row.at, row.count)
	if err != nil {
		refuse(row.number, err)
		return nil
	}
	if reading.Alarm {
		return alarm(row, reading)
	}
	return nil
}
