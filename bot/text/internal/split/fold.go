package split

import (
	"unicode/utf8"

	"crieur/bot/text/token"
)

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

// foldRune appends the plain lower-case form of a letter or digit: accents gone,
// full-width and mathematical alphabets (fake bold) brought back to ASCII. Scripts
// that have no case are left as they are.
func foldRune(dst []byte, r rune) []byte {
	switch {
	case 'A' <= r && r <= 'Z':
		return append(dst, byte(r+'a'-'A'))
	case r < utf8.RuneSelf:
		return append(dst, byte(r))
	case 0x2E80 <= r && r < 0xFB00: // Han, kana, Hangul: nothing to fold
		return utf8.AppendRune(dst, r)
	}
	return append(dst, token.FoldRune(r)...)
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
