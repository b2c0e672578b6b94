package match

import (
	"strconv"
	"strings"
	"unicode"
)

type itemKind uint8

const (
	itemEnd    itemKind = iota
	itemTerm            // a word or phrase
	itemField           // from:, lang:, source: and a name
	itemOpen            // (
	itemClose           // )
	itemAnd             // AND ET
	itemOr              // OR OU
	itemNot             // NOT SAUF -
	itemNear            // NEAR/n
	itemQuoted          // the same as a term, which no operator can be
)

// item is one piece of a query.
type item struct {
	kind  itemKind
	at    int    // code points from the start of the query
	text  string // what was written; for a term, without quotes and '='
	exact bool
	n     int    // of NEAR
	field string // "from", "lang" or "source"
}

const maxDistance = 100

// lexer cuts a query into items.
type lexer struct {
	query []rune
	at    int
}

// next returns the item at the current place and steps behind it.
func (l *lexer) next() (item, *SyntaxError) {
	for l.at < len(l.query) && isSpace(l.query[l.at]) {
		l.at++
	}
	start := l.at
	if start == len(l.query) {
		return item{kind: itemEnd, at: start}, nil
	}
	switch r := l.query[start]; {
	case r == '(':
		l.at++
		return item{kind: itemOpen, at: start, text: "("}, nil
	case r == ')':
		l.at++
		return item{kind: itemClose, at: start, text: ")"}, nil
	case r == '-' && l.startsTerm(start+1):
		l.at++
		return item{kind: itemNot, at: start, text: "-"}, nil
	case r == '=' && l.startsTerm(start+1):
		l.at++
		found, err := l.term()
		found.at, found.exact = start, true
		return found, err
	}
	found, err := l.term()
	if err != nil || found.kind == itemQuoted {
		return found, err
	}
	return l.operator(found)
}

// term reads a phrase up to its closing quote, or a word up to a space.
func (l *lexer) term() (item, *SyntaxError) {
	start := l.at
	if closing := closingQuote(l.query[start]); closing != "" {
		for end := start + 1; end < len(l.query); end++ {
			if strings.ContainsRune(closing, l.query[end]) {
				l.at = end + 1
				return item{kind: itemQuoted, at: start, text: string(l.query[start+1 : end])}, nil
			}
		}
		return item{}, problem(start, KeyQuote, "")
	}
	for l.at < len(l.query) && !endsTerm(l.query[l.at]) {
		l.at++
	}
	return item{kind: itemTerm, at: start, text: string(l.query[start:l.at])}, nil
}

// operator turns a bare word into the operator or field that it may be.
func (l *lexer) operator(word item) (item, *SyntaxError) {
	switch word.text {
	case "AND", "ET":
		word.kind = itemAnd
		return word, nil
	case "OR", "OU":
		word.kind = itemOr
		return word, nil
	case "NOT", "SAUF":
		word.kind = itemNot
		return word, nil
	}
	if number, is := strings.CutPrefix(word.text, "NEAR"); is && (number == "" || number[0] == '/') {
		n, err := strconv.Atoi(strings.TrimPrefix(number, "/"))
		if err != nil || n < 1 || n > maxDistance {
			return item{}, problem(word.at, KeyDistance, word.text)
		}
		word.kind, word.n = itemNear, n
		return word, nil
	}
	name, value, is := strings.Cut(word.text, ":")
	if name = strings.ToLower(name); !is || name != "from" && name != "lang" && name != "source" {
		return word, nil
	}
	if value == "" && l.at < len(l.query) && closingQuote(l.query[l.at]) != "" {
		quoted, err := l.term()
		if err != nil {
			return item{}, err
		}
		value = strings.TrimSpace(quoted.text)
	}
	if strings.Trim(value, "@ ") == "" {
		return item{}, problem(word.at, KeyField, word.text)
	}
	word.kind, word.field, word.text = itemField, name, value
	return word, nil
}

// startsTerm reports whether something other than a space stands at that place.
func (l *lexer) startsTerm(at int) bool {
	return at < len(l.query) && !isSpace(l.query[at]) && l.query[at] != '(' && l.query[at] != ')' ||
		at < len(l.query) && l.query[at] == '(' && l.query[at-1] == '-'
}

func isSpace(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }

func endsTerm(r rune) bool {
	return isSpace(r) || r == '(' || r == ')' || closingQuote(r) != "" || r == '”' || r == '»'
}

// closingQuote returns the signs that close what r opens, or nothing. Word
// processors put their own quotes; all are taken.
func closingQuote(r rune) string {
	switch r {
	case '"', '“', '”', '„':
		return "\"“”"
	case '«', '»':
		return "»«"
	}
	return ""
}
