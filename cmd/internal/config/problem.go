package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"crieur/bot/text/typo"
)

// Problem is one mistake: where, what, and what to write instead.
type Problem struct {
	File string
	Line int    // 0: the file as a whole
	Path string // "brands[0].zone"
	What string
	Fix  string
}

// Error is the problem in one line.
func (p Problem) Error() string {
	where := p.File
	if p.Line > 0 {
		where += fmt.Sprint(":", p.Line)
	}
	if p.Path != "" {
		where += ": " + p.Path
	}
	return where + ": " + p.What + " " + p.Fix
}

// Problems are every mistake of a file, in the order of its lines.
type Problems []Problem

// Error lists them, one a line.
func (p Problems) Error() string {
	lines := make([]string, 0, len(p)+1)
	lines = append(lines, fmt.Sprintf("%d thing(s) to mend in the configuration:", len(p)))
	for _, problem := range p {
		lines = append(lines, "  "+problem.Error())
	}
	return strings.Join(lines, "\n")
}

func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return p
}

// nearest is the allowed word that was probably meant, empty if none is near.
func nearest(word string, allowed []string) string {
	best, least := "", 3
	for _, candidate := range allowed {
		if d := typo.Distance(strings.ToLower(word), candidate); d < least && d < len(candidate) {
			best, least = candidate, d
		}
	}
	return best
}

// oneOf says which words are allowed, and which one was probably meant.
func oneOf(word string, allowed []string) string {
	if near := nearest(word, allowed); near != "" {
		return fmt.Sprintf("Did you mean %s?", near)
	}
	return "Use one of: " + strings.Join(allowed, ", ") + "."
}
