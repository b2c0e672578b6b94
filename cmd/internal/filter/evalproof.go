package filter

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"

	"crieur/bot/text/proof"
)

// proofCase is a labelled text: with one misspelt word (span, right), or with
// the errors that a person marked, none when it is clean.
type proofCase struct {
	Text   string        `json:"text"`
	Lang   string        `json:"lang"`
	Span   [2]int        `json:"span"`
	Right  string        `json:"right"`
	Errors []markedError `json:"errors"`
}

type markedError struct {
	Span  [2]int   `json:"span"`
	Fixes []string `json:"sugg"`
	Kind  string   `json:"cat"`
}

// EvalProof measures the proofreader on a file of labelled lines and writes the
// figures: of misspelt words, how many are found and how often the right one is
// first or among three; of marked errors, how many are found and mended, kind by
// kind; and how many clean texts are disturbed. Advice counts like any problem.
// Lines are French unless their "lang" says otherwise.
func EvalProof(w io.Writer, file string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	score := proofScore{kinds: map[string]*proofKind{}, alarms: map[string]int{}}
	checkers := map[string]*proof.Checker{}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, MaxLine)
	for number := 1; lines.Scan(); number++ {
		var c proofCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return fmt.Errorf("read %s line %d: %w", file, number, err)
		}
		if c.Lang == "" {
			c.Lang = "fr"
		}
		if checkers[c.Lang] == nil {
			if checkers[c.Lang], err = proof.New(c.Lang); err != nil {
				return fmt.Errorf("read %s line %d: %w", file, number, err)
			}
		}
		score.add(c, checkers[c.Lang].Check(c.Text, proof.Context{}))
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	return score.write(w)
}

// proofScore counts what EvalProof writes.
type proofScore struct {
	typos, found, first, three int
	kinds                      map[string]*proofKind
	clean, disturbed           int
	alarms                     map[string]int // disturbed clean texts, by rule
}

type proofKind struct{ marked, found, mended int }

func (s *proofScore) add(c proofCase, problems []proof.Problem) {
	switch {
	case c.Right != "":
		s.addTypo(c, problems)
	case len(c.Errors) == 0:
		s.clean++
		if len(problems) > 0 {
			s.disturbed++
		}
		seen := map[string]bool{}
		for _, p := range problems {
			if !seen[p.Rule] {
				seen[p.Rule] = true
				s.alarms[p.Rule]++
			}
		}
	default:
		for _, e := range c.Errors {
			kind := s.kinds[e.Kind]
			if kind == nil {
				kind = &proofKind{}
				s.kinds[e.Kind] = kind
			}
			kind.add(c.Text, e, problems)
		}
	}
}

// addTypo counts a word as found when a problem overlaps it, and as right when
// a fix gives the same text as the correction.
func (s *proofScore) addTypo(c proofCase, problems []proof.Problem) {
	s.typos++
	right := mend(c.Text, c.Span, c.Right)
	for _, p := range problems {
		if !overlaps(p, c.Span) {
			continue
		}
		s.found++
		place := slices.IndexFunc(p.Fixes, func(fix string) bool {
			return mend(c.Text, [2]int{p.Start, p.End}, fix) == right
		})
		if place == 0 {
			s.first++
		}
		if place >= 0 && place < 3 {
			s.three++
		}
		return
	}
}

func (k *proofKind) add(text string, e markedError, problems []proof.Problem) {
	k.marked++
	found, mended := false, false
	for _, p := range problems {
		if !overlaps(p, e.Span) {
			continue
		}
		found = true
		for _, fix := range p.Fixes {
			for _, right := range e.Fixes {
				mended = mended || mend(text, [2]int{p.Start, p.End}, fix) == mend(text, e.Span, right)
			}
		}
	}
	if found {
		k.found++
	}
	if mended {
		k.mended++
	}
}

func overlaps(p proof.Problem, span [2]int) bool { return p.Start < span[1] && span[0] < p.End }

// mend replaces a span of code points; a span outside the text changes nothing.
func mend(text string, span [2]int, fix string) string {
	runes := []rune(text)
	if span[0] < 0 || span[1] < span[0] || span[1] > len(runes) {
		return text
	}
	return string(runes[:span[0]]) + fix + string(runes[span[1]:])
}

func (s *proofScore) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	if s.typos > 0 {
		fmt.Fprintf(out, "misspelt words: %d\n  found       %s\n  right first %s of those found\n  in three    %s of those found\n",
			s.typos, share(s.found, s.typos), share(s.first, s.found), share(s.three, s.found))
	}
	kinds := make([]string, 0, len(s.kinds))
	for kind := range s.kinds {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	for _, kind := range kinds {
		k := s.kinds[kind]
		fmt.Fprintf(out, "marked %s: %d\n  found       %s\n  mended      %s\n", kind, k.marked, share(k.found, k.marked), share(k.mended, k.marked))
	}
	if s.clean > 0 {
		fmt.Fprintf(out, "clean texts: %d\n  disturbed   %s\n", s.clean, share(s.disturbed, s.clean))
		rules := make([]string, 0, len(s.alarms))
		for rule := range s.alarms {
			rules = append(rules, rule)
		}
		sort.Slice(rules, func(i, j int) bool {
			return s.alarms[rules[i]] > s.alarms[rules[j]] || s.alarms[rules[i]] == s.alarms[rules[j]] && rules[i] < rules[j]
		})
		for _, rule := range rules {
			fmt.Fprintf(out, "    by %-17s %d\n", rule, s.alarms[rule])
		}
	}
	return out.Flush()
}

// share writes a part of a whole with both numbers, or that there is no whole.
func share(part, whole int) string {
	if whole == 0 {
		return "none to count"
	}
	return fmt.Sprintf("%.1f %% (%d of %d)", 100*float64(part)/float64(whole), part, whole)
}
