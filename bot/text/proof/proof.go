package proof

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrLanguage is returned for a language that nobody here can proofread.
var ErrLanguage = errors.New("no proofreading in this language")

// Level says how sure a problem is and how much it matters.
type Level string

// The levels, from a plain mistake to a matter of taste.
const (
	Error   Level = "error"   // wrong in any context: a typo, an impossible date
	Warning Level = "warning" // almost surely wrong
	Advice  Level = "advice"  // better otherwise
)

// Kind groups the rules as people think of them.
type Kind string

// The kinds. Fixes of Typography change signs, blanks, capitals and hyphens,
// never a word, so that they can be applied all at once without asking.
const (
	Typography Kind = "typography"
	Spelling   Kind = "spelling"
	Grammar    Kind = "grammar"
	Date       Kind = "date"
	Style      Kind = "style"
)

// Problem is one thing to mend. Start and End count Unicode code points of the
// text. Fixes are ready replacements for exactly that span, the best first, at
// most three; none means that a person must choose other words.
type Problem struct {
	Start, End int
	Rule       string
	Kind       Kind
	Level      Level
	Key        string            // message key for a catalog, "proof." + rule
	Args       map[string]string // what the message names, in the language of the text
	Fixes      []string
}

// Context is what the text alone does not say. The zero value is useful.
type Context struct {
	// When is the scheduled moment in the brand's zone. Zero: not scheduled;
	// then only dates that carry their year can be checked.
	When time.Time
	// Brand holds the brand's own words; nil is empty.
	Brand *Words
}

// Checker proofreads one language. It never changes once made and may be
// shared.
type Checker struct {
	lang  string
	rules []func(*page, *findings)
	hints hints
}

// Languages lists what New accepts.
func Languages() []string { return []string{"fr", "en"} }

// New returns the checker of a language: "fr" or "en", or a tag that starts so
// ("fr-CA"). Any other is ErrLanguage.
func New(lang string) (*Checker, error) {
	switch base, _, _ := strings.Cut(strings.ToLower(lang), "-"); base {
	case "fr":
		return frenchChecker(), nil
	case "en":
		return englishChecker(), nil
	}
	return nil, fmt.Errorf("make checker %q: %w", lang, ErrLanguage)
}

// Lang is the language checked: "fr" or "en".
func (c *Checker) Lang() string { return c.lang }

// Check returns the problems of text in order. They never overlap, so the first
// fix of each can be applied together. Links, handles, hashtags, code and
// placeholders are never touched.
func (c *Checker) Check(text string, when Context) []Problem {
	p := newPage(text, when, c.hints)
	found := findings{length: p.at(len(p.tokens) - 1).end}
	for _, rule := range c.rules {
		rule(p, &found)
	}
	return found.sorted()
}

// Apply returns text with the first fix of each problem put in place. Problems
// without a fix, outside the text, or overlapping an earlier one are passed over.
func Apply(text string, problems []Problem) string {
	sorted := slices.Clone(problems)
	slices.SortStableFunc(sorted, func(a, b Problem) int { return a.Start - b.Start })
	var out strings.Builder
	at, position := 0, 0 // byte offset and its code point
	for _, problem := range sorted {
		if len(problem.Fixes) == 0 || problem.Start < position || problem.End < problem.Start {
			continue
		}
		start, ok := skip(text, at, problem.Start-position)
		if !ok {
			break
		}
		end, ok := skip(text, start, problem.End-problem.Start)
		if !ok {
			continue
		}
		out.WriteString(text[at:start])
		out.WriteString(problem.Fixes[0])
		at, position = end, problem.End
	}
	out.WriteString(text[at:])
	return out.String()
}

// skip moves a byte offset forward by n code points.
func skip(text string, at, n int) (int, bool) {
	for ; n > 0; n-- {
		if at >= len(text) {
			return at, false
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at, true
}

// findings collects problems; when two overlap, the one reported first stays,
// so the rules are listed from the most telling to the least.
type findings struct {
	problems []Problem
	covered  []bool // by code point; made when the first problem is found
	length   int
}

func (f *findings) add(problem Problem) {
	if f.covered == nil {
		f.covered = make([]bool, f.length)
	}
	span := f.covered[problem.Start:problem.End]
	if slices.Contains(span, true) {
		return
	}
	for i := range span {
		span[i] = true
	}
	problem.Key = "proof." + problem.Rule
	problem.Fixes = problem.Fixes[:min(len(problem.Fixes), 3)]
	f.problems = append(f.problems, problem)
}

func (f *findings) sorted() []Problem {
	slices.SortFunc(f.problems, func(a, b Problem) int { return a.Start - b.Start })
	return f.problems
}
