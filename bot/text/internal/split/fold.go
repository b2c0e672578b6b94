package split

import (
	"unicode"
	"unicode/utf8"
)

// latin gives the plain lower-case letters of U+00C0 to U+017F. An empty entry
// is no letter.
var latin = [...]string{
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "ss",
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "y",
	"a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "c", "c", "d", "d",
	"d", "d", "e", "e", "e", "e", "e", "e", "e", "e", "e", "e", "g", "g", "g", "g",
	"g", "g", "g", "g", "h", "h", "h", "h", "i", "i", "i", "i", "i", "i", "i", "i",
	"i", "i", "ij", "ij", "j", "j", "k", "k", "k", "l", "l", "l", "l", "l", "l", "l",
	"l", "l", "l", "n", "n", "n", "n", "n", "n", "n", "n", "n", "o", "o", "o", "o",
	"o", "o", "oe", "oe", "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "s", "s",
	"s", "s", "t", "t", "t", "t", "t", "t", "u", "u", "u", "u", "u", "u", "u", "u",
	"u", "u", "u", "u", "w", "w", "y", "y", "y", "z", "z", "z", "z", "z", "z", "s",
}

// lookalike gives the Latin letter that a Cyrillic or Greek one imitates. It is
// consulted only in words that mix scripts.
func lookalike(r rune) byte {
	switch r {
	case 'а', 'α', 'А', 'Α':
		return 'a'
	case 'е', 'ё', 'ε', 'Е', 'Ε':
		return 'e'
	case 'о', 'ο', 'О', 'Ο', 'σ':
		return 'o'
	case 'р', 'ρ', 'Р', 'Ρ':
		return 'p'
	case 'с', 'С', 'ϲ':
		return 'c'
	case 'у', 'υ', 'У', 'Υ':
		return 'u'
	case 'х', 'χ', 'Х', 'Χ':
		return 'x'
	case 'і', 'ι', 'І', 'Ι', 'ї':
		return 'i'
	case 'ѕ', 'Ѕ':
		return 's'
	case 'к', 'κ', 'К', 'Κ':
		return 'k'
	case 'м', 'М', 'Μ':
		return 'm'
	case 'т', 'τ', 'Т', 'Τ':
		return 't'
	case 'в', 'β', 'В', 'Β':
		return 'b'
	case 'н', 'Н', 'Η':
		return 'h'
	case 'п', 'η', 'Ν':
		return 'n'
	}
	return 0
}

// foldRune appends the plain lower-case form of a letter or digit: accents
// gone, full-width and mathematical alphabets (fake bold) brought back to ASCII.
func foldRune(dst []byte, r rune) []byte {
	switch {
	case r < 0x80:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, byte(r))
	case 0xC0 <= r && r < 0x180:
		return append(dst, latin[r-0xC0]...)
	case 0x300 <= r && r < 0x370:
		return dst // combining accents
	case 0xFF01 <= r && r <= 0xFF5E:
		return foldRune(dst, r-0xFF01+'!')
	case 0x1D400 <= r && r <= 0x1D6A3:
		return append(dst, byte('a'+(r-0x1D400)%26))
	case 0x1D7CE <= r && r <= 0x1D7FF:
		return append(dst, byte('0'+(r-0x1D7CE)%10))
	}
	return utf8.AppendRune(dst, unicode.ToLower(r))
}

// Fold returns the form in which words are compared: lower-case, without
// accents. Lexicons are folded with it when they are read.
func Fold(word string) string {
	dst := make([]byte, 0, len(word))
	for _, r := range word {
		dst = foldRune(dst, r)
	}
	return string(dst)
}
