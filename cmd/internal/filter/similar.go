package filter

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"crieur/bot/text/similar"
)

type similarOut struct {
	ID          ID      `json:"id"`
	Nearest     ID      `json:"nearest"` // null when nothing is near
	Containment float64 `json:"containment"`
	Jaccard     float64 `json:"jaccard"`
	Copy        bool    `json:"copy"`
	Passage     string  `json:"passage"` // in the text of the line, as it is there
}

// Similar reads {"id","text"} lines and writes, for each, the nearest text of
// corpusFile, which has lines of the same shape. A line of the corpus that
// can't be read, or whose id was there before, is reported to errs and
// skipped, and Similar then ends with ErrBadLines.
func Similar(in io.Reader, out, errs io.Writer, corpusFile string) error {
	// The index has no pointers to follow: collecting often costs little, and
	// keeps a million texts within 300 MB.
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	index, badLines, err := readCorpus(corpusFile, errs)
	if err != nil {
		return err
	}
	err = Texts(in, out, errs, func(text Text) (any, error) {
		match, found := index.Nearest(text.Text)
		if !found {
			return similarOut{ID: text.ID}, nil
		}
		return similarOut{
			ID: text.ID, Nearest: ID(match.ID), Containment: match.Containment, Jaccard: match.Jaccard,
			Copy: match.Copy, Passage: string([]rune(text.Text)[match.Passage.Start:match.Passage.End]),
		}, nil
	})
	if err == nil && badLines {
		return ErrBadLines
	}
	return err
}

func readCorpus(name string, errs io.Writer) (index *similar.Index, bad bool, err error) {
	index = similar.NewIndex()
	bad, err = readLines(name, "corpus", errs, func(line []byte) error {
		var text Text
		if err := json.Unmarshal(line, &text); err != nil {
			return fmt.Errorf(`want {"id":…,"text":"…"}: %w`, err)
		}
		if text.ID == nil {
			return errors.New("no id")
		}
		return index.Add(string(text.ID), text.Text, time.Unix(1, 0))
	})
	return index, bad, err
}

// readLines calls each with every line of a file that is not blank, and
// reports those that it refuses to errs as "what line 12: …".
func readLines(name, what string, errs io.Writer, each func(line []byte) error) (bad bool, err error) {
	file, err := os.Open(name)
	if err != nil {
		return false, fmt.Errorf("read %s: %w", what, err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, MaxLine)
	for number := 1; lines.Scan(); number++ {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		if err := each(lines.Bytes()); err != nil {
			bad = true
			fmt.Fprintf(errs, "%s line %d: %v\n", what, number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return bad, fmt.Errorf("read %s %s: %w", what, name, err)
	}
	return bad, nil
}

// similarPair is a line of a file of labelled pairs.
type similarPair struct {
	A, B  string
	Op    string // how b was made from a
	Label int    // 1 when it is a copy
}

// similarScore counts the pairs made in one way.
type similarScore struct{ pairs, copies, compared, kept int }

// EvalSimilar measures similar on a file of pairs {"a","b","op","label"}: each
// pair compared, and each b looked up among all the texts a. It writes how
// many of each op were taken for copies, then precision, recall and F1.
func EvalSimilar(w io.Writer, file string) error {
	var pairs []similarPair
	index := similar.NewIndex()
	var problems strings.Builder
	bad, err := readLines(file, "pairs", &problems, func(line []byte) error {
		var pair similarPair
		if err := json.Unmarshal(line, &pair); err != nil {
			return fmt.Errorf(`want {"a","b","op","label"}: %w`, err)
		}
		pairs = append(pairs, pair)
		return index.Add(fmt.Sprint(len(pairs)), pair.A, time.Unix(1, 0))
	})
	if err != nil {
		return err
	}
	if bad {
		return fmt.Errorf("read pairs %s: %s", file, problems.String())
	}
	scores, ops := map[string]*similarScore{}, []string{}
	for _, pair := range pairs {
		score := scores[pair.Op]
		if score == nil {
			score = new(similarScore)
			scores[pair.Op], ops = score, append(ops, pair.Op)
		}
		score.count(pair, index)
	}
	slices.Sort(ops)
	return writeSimilar(w, ops, scores)
}

func (s *similarScore) count(pair similarPair, index *similar.Index) {
	s.pairs++
	s.copies += pair.Label
	if similar.Compare(pair.A, pair.B).Copy {
		s.compared++
	}
	if match, found := index.Nearest(pair.B); found && match.Copy {
		s.kept++
	}
}

func writeSimilar(w io.Writer, ops []string, scores map[string]*similarScore) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "op\tpairs\tcopies\ttaken for copies\tfound among all")
	var right, wrong, copies int
	for _, op := range ops {
		s := scores[op]
		among := "-"
		if copies += s.copies; s.copies > 0 {
			right += s.compared
			among = percent(s.kept, s.pairs)
		} else {
			wrong += s.compared
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\n", op, s.pairs, s.copies, percent(s.compared, s.pairs), among)
	}
	fmt.Fprintf(table, "\nprecision\t%s\nrecall\t%s\nF1\t%s\n", percent(right, right+wrong), percent(right, copies), percent(2*right, right+wrong+copies))
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}

// percent says how much a part is of a whole; of nothing there is no rate.
func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f %%", 100*float64(part)/float64(whole))
}
