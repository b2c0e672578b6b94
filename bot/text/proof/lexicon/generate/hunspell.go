package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// affix is one rule of a hunspell affix file: strip, then add, where the word
// meets the condition.
type affix struct {
	strip, add string
	follow     []string // flags that the form made may take in turn
	condition  []class
}

// class is one position of a condition: the letters it accepts, or refuses.
type class struct {
	letters string
	refuse  bool
	any     bool
}

// grammar is an affix file.
type grammar struct {
	long                                  bool // flags of two characters
	prefixes, suffixes                    map[string][]affix
	needAffix, forbidden, hidden, partial string
}

// readGrammar reads the lines of an affix file that make forms; what rules
// suggestions is left aside, this project has its own.
func readGrammar(r io.Reader) (*grammar, error) {
	g := &grammar{prefixes: map[string][]affix{}, suffixes: map[string][]affix{}}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) < 2 {
			continue
		}
		switch f[0] {
		case "FLAG":
			g.long = f[1] == "long"
		case "NEEDAFFIX":
			g.needAffix = f[1]
		case "FORBIDDENWORD":
			g.forbidden = f[1]
		case "NOSUGGEST":
			g.hidden = f[1]
		case "ONLYINCOMPOUND":
			g.partial = f[1]
		case "PFX", "SFX":
			if len(f) < 5 {
				continue // the head of a group
			}
			rule, err := g.readAffix(f)
			if err != nil {
				return nil, err
			}
			if f[0] == "PFX" {
				g.prefixes[f[1]] = append(g.prefixes[f[1]], rule)
			} else {
				g.suffixes[f[1]] = append(g.suffixes[f[1]], rule)
			}
		}
	}
	return g, lines.Err()
}

func (g *grammar) readAffix(f []string) (affix, error) {
	add, follow, _ := strings.Cut(f[3], "/")
	rule := affix{strip: none(f[2]), add: none(add), follow: g.flags(follow)}
	rest := []rune(f[4])
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '.':
			rule.condition = append(rule.condition, class{any: true})
		case '[':
			end := i + 1
			for end < len(rest) && rest[end] != ']' {
				end++
			}
			if end == len(rest) {
				return affix{}, fmt.Errorf("read condition %q: no closing bracket", f[4])
			}
			letters, refuse := strings.CutPrefix(string(rest[i+1:end]), "^")
			rule.condition = append(rule.condition, class{letters: letters, refuse: refuse})
			i = end
		default:
			rule.condition = append(rule.condition, class{letters: string(rest[i])})
		}
	}
	return rule, nil
}

func none(s string) string {
	if s == "0" {
		return ""
	}
	return s
}

// flags cuts a run of flags.
func (g *grammar) flags(s string) []string {
	runes, size := []rune(s), 1
	if g.long {
		size = 2
	}
	var all []string
	for i := 0; i+size <= len(runes); i += size {
		all = append(all, string(runes[i:i+size]))
	}
	return all
}

func (c class) accepts(r rune) bool {
	return c.any || strings.ContainsRune(c.letters, r) != c.refuse
}

// suffix applies the rule to the end of a word.
func (a affix) suffix(word string) (string, bool) {
	stem, ok := strings.CutSuffix(word, a.strip)
	runes := []rune(word)
	at := len(runes) - len(a.condition)
	if !ok || at < 0 {
		return "", false
	}
	for i, c := range a.condition {
		if !c.accepts(runes[at+i]) {
			return "", false
		}
	}
	return stem + a.add, true
}

// prefix applies the rule to the start of a word.
func (a affix) prefix(word string) (string, bool) {
	stem, ok := strings.CutPrefix(word, a.strip)
	runes := []rune(word)
	if !ok || len(runes) < len(a.condition) {
		return "", false
	}
	for i, c := range a.condition {
		if !c.accepts(runes[i]) {
			return "", false
		}
	}
	return a.add + stem, true
}

// expand calls emit with every form of a dictionary entry. Elisions ("l'",
// "d'") are left to the reader of the text. hidden marks forms that are right
// but never proposed.
func (g *grammar) expand(entry string, emit func(form string, hidden bool)) {
	entry, _, _ = strings.Cut(entry, "\t")
	entry, _, _ = strings.Cut(entry, " po:")
	word, marks, _ := strings.Cut(strings.TrimSpace(entry), "/")
	flags := g.flags(marks)
	if word == "" || has(flags, g.forbidden) || has(flags, g.partial) {
		return
	}
	hidden := has(flags, g.hidden)
	g.grow(word, flags, 0, func(form string) { emit(form, hidden) })
}

// grow emits a form and those that its flags make of it, two affixes deep.
func (g *grammar) grow(word string, flags []string, depth int, emit func(string)) {
	if !has(flags, g.needAffix) {
		emit(word)
	}
	for _, flag := range flags {
		for _, rule := range g.prefixes[flag] {
			if form, ok := rule.prefix(word); ok && depth < 2 && !strings.Contains(rule.add, "'") {
				g.grow(form, rule.follow, depth+1, emit)
			}
		}
		for _, rule := range g.suffixes[flag] {
			form, ok := rule.suffix(word)
			if !ok || depth == 2 {
				continue
			}
			follow := rule.follow
			for _, other := range flags {
				if _, isPrefix := g.prefixes[other]; isPrefix {
					follow = append(follow[:len(follow):len(follow)], other)
				}
			}
			g.grow(form, follow, depth+1, emit)
		}
	}
}

func has(flags []string, flag string) bool {
	for _, f := range flags {
		if f == flag && flag != "" {
			return true
		}
	}
	return false
}
