package measure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tail is a dialect of what may follow a domain: X's, or the wide one of
// Mastodon, whose paths and queries are in any script.
type tail bool

const (
	narrow tail = false
	wide   tail = true
)

// after reads a port, a path, a query.
func (t tail) after(text string, domainEnd int) (end int, path bool) {
	end = domainEnd
	if end < len(text) && text[end] == ':' {
		port := end + 1
		for port < len(text) && text[port] >= '0' && text[port] <= '9' {
			port++
		}
		if port > end+1 {
			end = port
		}
	}
	if end < len(text) && text[end] == '/' {
		end, path = end+1+t.path(text[end+1:]), true
	}
	return end + t.query(text[end:]), path
}

// path is the size of a path without its first slash: it does not end on
// punctuation that may be the sentence's, but may on a balanced parenthesis.
func (t tail) path(text string) int {
	end := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '(' {
			group := t.parentheses(text[i:])
			if group == 0 {
				break
			}
			if t == narrow || narrow.parentheses(text[i:]) == group {
				end = i + group
			}
			i += group
			continue
		}
		if !t.inPath(r) {
			break
		}
		i += size
		if t.endsPath(r) {
			end = i
		}
	}
	return end
}

// parentheses is the size of a balanced group with at most one group inside,
// as in the paths of an encyclopedia; 0 if text begins with none.
func (t tail) parentheses(text string) int {
	depth, groups, held := 0, 0, 0
	for i, r := range text {
		switch {
		case r == '(':
			depth++
			if groups++; depth > 2 || groups > 2 {
				return 0
			}
			if depth == 2 {
				held = 0
			}
		case r == ')':
			if held == 0 {
				return 0
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case t.inPath(r):
			held++
		default:
			return 0
		}
	}
	return 0
}

// query is the size of a query with its question mark, 0 if text begins with none.
func (t tail) query(text string) int {
	if text == "" || text[0] != '?' {
		return 0
	}
	end := 0
	for i := 1; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		letter := r < utf8.RuneSelf && isAlnum(byte(r)) || t == wide && isURLRune(r)
		if !letter && !strings.ContainsRune("!?*'@();:&=+$/%#[]-_.,~|", r) && (t == narrow || r != '^') {
			break
		}
		i += size
		if letter || strings.ContainsRune("-_&=#/", r) {
			end = i
		}
	}
	return end
}

// inPath tells the characters of a path, parentheses apart.
func (t tail) inPath(r rune) bool {
	if t == wide {
		return !unicode.IsSpace(r) && r != '<' && r != '>' && r != '?' && r != '(' && r != ')'
	}
	return isLatin(r) || isCyrillic(r) || strings.ContainsRune("!*';:=+,.$/%#[]-\u2013_~@|&", r)
}

// endsPath tells those of them that a path may end with.
func (t tail) endsPath(r rune) bool {
	if t == wide {
		return !strings.ContainsRune("!*\"'「」;:=,.$%[]~&|@", r)
	}
	return isLatin(r) || isCyrillic(r) || strings.ContainsRune("+-=_#/", r)
}

// isURLRune tells the characters that addresses may hold beyond ASCII.
func isURLRune(r rune) bool {
	return r >= 0xA0 && r != utf8.RuneError && (r < 0xFDD0 || r > 0xFDEF) && (r < 0xFFF0 || r > 0xFFFF) &&
		(r < 0xE0000 || r > 0xE0FFF)
}

// inDomain tells the characters of a domain's label: all but punctuation of
// ASCII, spaces and what directs the writing.
func inDomain(r rune) bool {
	if r < utf8.RuneSelf {
		return isAlnum(byte(r)) || r == '"' || r == '`' || r < '\t' || r > '\r' && r < ' ' || r == 0x7F
	}
	return !isSpace(r) && !isDirection(r) && r != '\uFFFE' && r != '\uFEFF' && r != '\uFFFF'
}

// inRun tells the characters of a run (see links.run).
func inRun(r rune) bool { return r == '-' || r == '_' || r == '.' || inDomain(r) }

// mayPrecede tells what may stand before a link.
func mayPrecede(r rune) bool {
	if r < utf8.RuneSelf {
		return !isAlnum(byte(r)) && r != '@' && r != '$' && r != '#'
	}
	return r != '＠' && r != '＃' && r != '\uFFFE' && r != '\uFEFF' && r != '\uFFFF'
}

func isHyphen(c byte) bool { return c == '-' || c == '_' }

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z'
}

// isLatin tells ASCII letters and digits, and the accented letters that X
// takes in links.
func isLatin(r rune) bool {
	if r < utf8.RuneSelf {
		return isAlnum(byte(r))
	}
	return in(latin, r)
}

var latin = []span{
	{0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x24F}, {0x253, 0x254}, {0x256, 0x257}, {0x259, 0x259}, {0x25B, 0x25B},
	{0x263, 0x263}, {0x268, 0x268}, {0x26F, 0x26F}, {0x272, 0x272}, {0x289, 0x289}, {0x28B, 0x28B},
	{0x2BB, 0x2BB}, {0x300, 0x36F}, {0x1E00, 0x1EFF},
}

func isCyrillic(r rune) bool { return r >= 0x400 && r <= 0x4FF }

func isSpace(r rune) bool {
	switch {
	case r <= ' ':
		return r == ' ' || r >= '\t' && r <= '\r'
	case r < 0x1680:
		return r == 0x85 || r == 0xA0
	}
	return r == 0x1680 || r == 0x180E || r >= 0x2000 && r <= 0x200A || r == 0x2028 || r == 0x2029 ||
		r == 0x202F || r == 0x205F || r == 0x3000
}

func isDirection(r rune) bool {
	return r == 0x61C || r == 0x200E || r == 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}
