package measure

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrToken says that a text can't be split because a single word, link, handle
// or hashtag is longer than the network allows.
var ErrToken = errors.New("one word is too long")

// TokenError is the ErrToken of Split: what is too long, and where.
type TokenError struct {
	Network    Network
	Token      string
	Start, End int // in code points
}

// Error names the word.
func (e *TokenError) Error() string {
	return fmt.Sprintf("split for %s at %q: %v", e.Network, e.Token, ErrToken)
}

// Unwrap makes it ErrToken.
func (e *TokenError) Unwrap() error { return ErrToken }

// Split cuts a text into parts that the network takes, numbered "(1/3)" at
// their end. Parts end with a sentence or a line where that can be, else
// between words; never inside a word, a link, a handle or a hashtag. A text
// that fits is returned as it is; one of spaces alone has no part. The parts
// together say everything: without their numbers and without spaces they are
// the text without spaces. The error is a *TokenError.
func Split(text string, rules Rules) ([]string, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	if Length(text, rules).Fits() {
		return []string{text}, nil
	}
	pieces := cutPieces(text, rules)
	for digits := 1; ; digits++ {
		parts, err := pack(text, pieces, rules, digits)
		if err != nil {
			return nil, err
		}
		if len(fmt.Sprint(len(parts))) <= digits {
			return number(parts), nil
		}
	}
}

// pack fills part after part, leaving room for a number of so many digits.
func pack(text string, pieces []piece, rules Rules, digits int) ([]string, error) {
	nines := strings.Repeat("9", digits)
	suffix := " (" + nines + "/" + nines + ")"
	var parts []string
	for first := 0; first < len(pieces); {
		last := fill(text, pieces, first, rules, suffix)
		if last < first {
			p := pieces[first]
			start := utf8.RuneCountInString(text[:p.start])
			token := text[p.start:p.end]
			return nil, &TokenError{rules.Network, token, start, start + utf8.RuneCountInString(token)}
		}
		parts = append(parts, text[pieces[first].start:pieces[last].end])
		first = last + 1
	}
	return parts, nil
}

// fill returns the last piece of the part that begins with piece first, less
// than first if not even that one fits. Pieces are first added up, then the
// part is counted as a whole: the sum is not always what the whole counts.
func fill(text string, pieces []piece, first int, rules Rules, suffix string) int {
	room := Length(suffix, rules)
	last := first - 1
	for i := first; i < len(pieces); i++ {
		p := pieces[i]
		room.Length += p.length
		room.Bytes = p.end - pieces[first].start + len(suffix)
		if !room.Fits() {
			break
		}
		last = i
		room.Length += p.gap
	}
	for ; last >= first; last-- {
		if last = bestBreak(pieces, first, last); fits(text, pieces, first, last, rules, suffix) {
			return last
		}
	}
	return last
}

func fits(text string, pieces []piece, first, last int, rules Rules, suffix string) bool {
	return Length(text[pieces[first].start:pieces[last].end]+suffix, rules).Fits()
}

// bestBreak is the last piece, from first to last, that ends best.
func bestBreak(pieces []piece, first, last int) int {
	if last == len(pieces)-1 {
		return last
	}
	best := last
	for i := last; i >= first; i-- {
		if pieces[i].ends > pieces[best].ends {
			best = i
		}
		if pieces[best].ends == atSentence {
			break
		}
	}
	return best
}

func number(parts []string) []string {
	if len(parts) == 1 {
		return parts
	}
	for i := range parts {
		parts[i] = fmt.Sprintf("%s (%d/%d)", parts[i], i+1, len(parts))
	}
	return parts
}
