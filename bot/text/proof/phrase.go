package proof

import (
	"fmt"
	"strings"
)

// A phrase is a slip of a few words that is certain from its words alone. It is
// written on one line:
//
//	[tout] (les|ces) = tous|toutes
//
// A blank stands for a blank, ’ for any apostrophe; a|b or (a|b) is one of several
// words, <name> a word that passes a test; ^ starts a sentence, $ ends it; what
// stands in [ ] is replaced, the whole when there is none. A leading !(a|b)
// refuses these words before, a trailing !(a|b) after. $1 in the replacement is
// the first (group) or <test> as the text has it. Words in lower case also match
// with a capital at the start of a sentence; with a capital in the pattern they
// match only so.
type phrase struct {
	rule       *phraseRule
	steps      []step
	from, to   int // the steps replaced: from included, to excluded
	fixes      []string
	before     map[string]bool // refused
	after      map[string]bool // refused
	start, end bool
	exact      bool  // the replacement keeps its own capitals
	groups     []int // steps that $1, $2… stand for
}

// phraseRule is what the problems of a table have in common.
type phraseRule struct {
	name  string
	kind  Kind
	level Level
}

// step matches one token.
type step struct {
	sign  string          // " ", "’", "-" or another mark
	words map[string]bool // one of these
	test  wordTest
}

// wordTest tells whether a lower-case word passes, and what $1 then stands for.
type wordTest func(lower string) (string, bool)

// phrases are indexed by their first word, the others by a test.
type phrases struct {
	byWord map[string][]*phrase
	others []*phrase
}

// check reports the phrases found.
func (ps *phrases) check(p *page, found *findings) {
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.hint&hintPhrase == 0 && len(ps.others) == 0 || t.kind != word {
			continue
		}
		if left := p.at(i - 1); left.is("-") || left.kind == number {
			continue
		}
		for _, ph := range ps.byWord[t.lower] {
			ph.report(p, i, found)
		}
		for _, ph := range ps.others {
			ph.report(p, i, found)
		}
	}
}

// report adds the problem if the phrase stands at token i.
func (ph *phrase) report(p *page, i int, found *findings) {
	last := i + len(ph.steps) - 1
	if last >= len(p.tokens) {
		return
	}
	for n, s := range ph.steps {
		if !s.matches(p, i+n) {
			return
		}
	}
	if ph.start && !p.startsSentence(i) || ph.end && !p.endsClause(last+1) {
		return
	}
	if ph.before != nil && ph.before[p.wordBefore(i)] {
		return
	}
	if next := p.at(last + 1); next.kind == mark && strings.Contains("-·(‑", next.text) || next.is(".") && p.at(last+2).kind == word {
		return // the word goes on
	}
	if ph.after != nil && p.at(last+1).kind == space && ph.after[p.at(last+2).lower] {
		return
	}
	fixes := make([]string, len(ph.fixes))
	first := p.at(i + ph.from).text
	for n, fix := range ph.fixes {
		for g, at := range ph.groups {
			value := p.at(i + at).lower
			if test := ph.steps[at].test; test != nil {
				value, _ = test(value)
			}
			fix = strings.ReplaceAll(fix, fmt.Sprintf("$%d", g+1), value)
		}
		if fixes[n] = fix; !ph.exact {
			fixes[n] = capitalised(fix, first)
		}
	}
	if fixes[0] == p.span(i+ph.from, i+ph.to-1) {
		return
	}
	problem := p.problem(ph.rule.name, ph.rule.kind, ph.rule.level, i+ph.from, i+ph.to-1, fixes...)
	problem.Args = map[string]string{"fix": fixes[0]}
	found.add(problem)
}

func (s *step) matches(p *page, i int) bool {
	t := p.at(i)
	switch s.sign {
	case "":
	case " ":
		return t.kind == space
	case "’":
		return t.isApostrophe()
	default:
		return t.kind == mark && t.text == s.sign
	}
	if t.kind != word {
		return false
	}
	if s.test != nil {
		if !t.isLower() {
			return false
		}
		_, ok := s.test(t.lower)
		return ok
	}
	return s.words[t.text] || s.words[t.lower] && (t.text == t.lower || t.isCapital() && p.startsSentence(i))
}

// wordBefore is the word before token i, in lower case, with its apostrophe; ""
// after punctuation.
func (p *page) wordBefore(i int) string {
	switch left := p.at(i - 1); {
	case left.isApostrophe():
		return p.at(i-2).lower + "’"
	case left.kind == space:
		return p.at(i - 2).lower
	}
	return ""
}

// endsClause tells whether punctuation or the end of the text follows.
func (p *page) endsClause(i int) bool {
	if p.at(i).kind == space {
		i++
	}
	t := p.at(i)
	return t.kind == newline || t.kind == mark && strings.Contains(".,;:!?…)", t.text)
}

// compile reads a table of phrases, one a line; blank lines and lines that start
// with # are passed over.
func (ps *phrases) compile(rule phraseRule, tests map[string]wordTest, table string) {
	for _, line := range strings.Split(table, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		ph := parsePhrase(line, tests)
		ph.rule = &rule
		if first := ph.steps[0]; first.test != nil {
			ps.others = append(ps.others, ph)
		} else {
			for w := range first.words {
				w = strings.ToLower(w)
				ps.byWord[w] = append(ps.byWord[w], ph)
			}
		}
	}
}

// parsePhrase reads one line. The tables are ours and tested: a line that it
// can't read is a mistake of the program.
func parsePhrase(line string, tests map[string]wordTest) *phrase {
	pattern, fix, ok := strings.Cut(line, " = ")
	if !ok {
		panic("phrase without replacement: " + line)
	}
	ph := &phrase{fixes: strings.Split(fix, "|"), from: -1}
	if rest, ok := strings.CutPrefix(pattern, "!("); ok {
		list, rest, _ := strings.Cut(rest, ") ")
		ph.before, pattern = wordSet(list), rest
	}
	if at := strings.LastIndex(pattern, " !("); at >= 0 {
		ph.after, pattern = wordSet(strings.TrimSuffix(pattern[at+3:], ")")), pattern[:at]
	}
	pattern, ph.start = strings.CutPrefix(pattern, "^")
	pattern, ph.end = strings.CutSuffix(pattern, " $")
	for pattern != "" {
		pattern = ph.parseStep(pattern, tests)
	}
	if ph.from < 0 {
		ph.from, ph.to = 0, len(ph.steps)
	}
	if ph.to <= ph.from || len(ph.steps) == 0 || ph.steps[0].sign != "" {
		panic("phrase without a word to replace: " + line)
	}
	return ph
}

func wordSet(list string) map[string]bool {
	return setOf(strings.ReplaceAll(list, "|", " "))
}

// parseStep reads the next step and returns the rest of the pattern.
func (ph *phrase) parseStep(pattern string, tests map[string]wordTest) string {
	switch c := pattern[0]; {
	case c == '[':
		ph.from = len(ph.steps)
		return pattern[1:]
	case c == ']':
		ph.to = len(ph.steps)
		return pattern[1:]
	case c == '(':
		list, rest, _ := strings.Cut(pattern[1:], ")")
		ph.groups = append(ph.groups, len(ph.steps))
		ph.steps = append(ph.steps, step{words: wordSet(list)})
		return rest
	case c == '<':
		name, rest, _ := strings.Cut(pattern[1:], ">")
		if tests[name] == nil {
			panic("unknown test: " + name)
		}
		ph.groups = append(ph.groups, len(ph.steps))
		ph.steps = append(ph.steps, step{test: tests[name]})
		return rest
	}
	n := run(pattern, func(r rune) bool { return isWordPart(r) || r == '|' })
	if n > 0 {
		if ph.from == len(ph.steps) && pattern[:n] != strings.ToLower(pattern[:n]) {
			ph.exact = true
		}
		ph.steps = append(ph.steps, step{words: wordSet(pattern[:n])})
		return pattern[n:]
	}
	sign := pattern[:1]
	if strings.HasPrefix(pattern, "’") {
		sign = "’"
	}
	ph.steps = append(ph.steps, step{sign: sign})
	return pattern[len(sign):]
}
