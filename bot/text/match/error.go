package match

import (
	"errors"
	"fmt"
)

// ErrSyntax is what every *SyntaxError is.
var ErrSyntax = errors.New("query not understood")

// The keys of the messages that a SyntaxError may carry, for catalogs. Their
// argument, where there is one, is "word": what was read there.
const (
	KeyEmpty     = "match.syntax.empty"      // nothing to look for
	KeyNoTerm    = "match.syntax.no_term"    // word: an operator with nothing after or before it
	KeyNothing   = "match.syntax.nothing"    // word: a term without letter, digit or emoji
	KeyQuote     = "match.syntax.quote"      // a phrase that is not closed
	KeyOpen      = "match.syntax.open"       // a bracket that is not closed
	KeyClose     = "match.syntax.close"      // a bracket closed that was not opened
	KeyStar      = "match.syntax.star"       // '*' elsewhere than at the end of a word
	KeyDistance  = "match.syntax.distance"   // word: NEAR without a number from 1 to 100
	KeyNearTerms = "match.syntax.near_terms" // NEAR beside something else than terms or (a OR b)
	KeyField     = "match.syntax.field"      // word: from:, lang:, source: without a name
	KeyTooLong   = "match.syntax.too_long"   // more than MaxQuery code points
	KeyTooDeep   = "match.syntax.too_deep"   // more than MaxDepth brackets or NOTs in each other
)

// SyntaxError says where a query stops making sense, and why.
type SyntaxError struct {
	At   int               // code points from the start of the query
	Key  string            // of the message
	Args map[string]string // of the message
}

// Error says it in English, for logs and the command line. People in chat read
// the catalog's words.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%v at character %d: %s", ErrSyntax, e.At+1, e.english())
}

// Unwrap makes errors.Is(err, ErrSyntax) true.
func (e *SyntaxError) Unwrap() error { return ErrSyntax }

func (e *SyntaxError) english() string {
	word := e.Args["word"]
	switch e.Key {
	case KeyEmpty:
		return "there is nothing to look for"
	case KeyNoTerm:
		if word == ")" || word == "the end" {
			return "a term is missing before " + word
		}
		return fmt.Sprintf("%s needs a term on both sides", word)
	case KeyNothing:
		return fmt.Sprintf("%s has no letter, digit or emoji to look for", word)
	case KeyQuote:
		return "this quotation is not closed"
	case KeyOpen:
		return "this bracket is not closed"
	case KeyClose:
		return "this bracket closes nothing"
	case KeyStar:
		return "* can only end a word"
	case KeyDistance:
		return fmt.Sprintf("%s needs a number of words from 1 to %d, as in NEAR/5", word, maxDistance)
	case KeyNearTerms:
		return "NEAR stands between words, phrases, or (one OR other)"
	case KeyField:
		return fmt.Sprintf("%s needs a name right after it", word)
	case KeyTooLong:
		return fmt.Sprintf("a query has at most %d characters", MaxQuery)
	case KeyTooDeep:
		return fmt.Sprintf("at most %d brackets in each other", MaxDepth)
	}
	return e.Key
}

func problem(at int, key, word string) *SyntaxError {
	e := &SyntaxError{At: at, Key: key}
	if word != "" {
		e.Args = map[string]string{"word": word}
	}
	return e
}
