package measure

import (
	"strings"
	"unicode/utf8"
)

// linkTail reads what may follow a domain: a port, a path, a query.
func linkTail(text string, domainEnd int) (end int, path bool) {
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
		end, path = end+1+pathSize(text[end+1:]), true
	}
	return end + query(text[end:]), path
}

// pathSize is that of a path without its first slash: it ends on a letter, a
// digit, a balanced parenthesis or one of "+-=_#/", never on other punctuation.
func pathSize(text string) int {
	end := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '(' {
			group := parentheses(text[i:])
			if group == 0 {
				break
			}
			i += group
			end = i
			continue
		}
		if !inPath(r) {
			break
		}
		i += size
		if isLatin(r) || isCyrillic(r) || strings.IndexRune("+-=_#/", r) >= 0 {
			end = i
		}
	}
	return end
}

// parentheses is the size of a balanced group with at most one group inside,
// as in the paths of an encyclopedia; 0 if text begins with none.
func parentheses(text string) int {
	depth, inner, held := 0, 0, 0
	for i, r := range text {
		switch {
		case r == '(':
			depth++
			if inner++; depth > 2 || inner > 2 {
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
		case inPath(r):
			held++
		default:
			return 0
		}
	}
	return 0
}

// query is the size of a query with its question mark, 0 if text begins with none.
func query(text string) int {
	if text == "" || text[0] != '?' {
		return 0
	}
	end := 0
	for i := 1; i < len(text); i++ {
		c := text[i]
		if !isAlnum(c) && strings.IndexByte("!?*'@();:&=+$/%#[]-_.,~|", c) < 0 {
			break
		}
		if isAlnum(c) || strings.IndexByte("-_&=#/", c) >= 0 {
			end = i + 1
		}
	}
	return end
}

// inPath tells the characters of a path, parentheses apart.
func inPath(r rune) bool {
	return isLatin(r) || isCyrillic(r) || strings.IndexRune("!*';:=+,.$/%#[]-\u2013_~@|&", r) >= 0
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
