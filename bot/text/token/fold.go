package token

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// class is what a code point does to a word.
type class uint8

const (
	other    class = iota // ends it
	letter                // belongs to it; digits too
	mark                  // belongs to it when it follows a letter
	ignored               // may stand in it and is not read: soft hyphen, joiners, variation selectors
	unspaced              // is a token of its own
	symbol                // is a token of its own
)

// The first blocks of Unicode, up to Arabic, are looked up; the rest is worked
// out.
const tableSize = 0x700

type entry struct {
	class class
	fold  string
}

var (
	table   = buildTable()
	toLower = buildLower()
)

func buildTable() *[tableSize]entry {
	var t [tableSize]entry
	for r := range rune(tableSize) {
		t[r] = entry{work(r), workFold(r)}
	}
	return &t
}

func buildLower() (t [256]byte) {
	for c := range t {
		t[c] = byte(c)
		if c >= 'A' && c <= 'Z' {
			t[c] = byte(c) + 'a' - 'A'
		}
	}
	return t
}

func isPlain(c byte) bool { return c-'a' < 26 || c-'0' < 10 }

// endsWord says which bytes end a word whatever follows them.
func endsWord(c byte) bool { return c < utf8.RuneSelf && !isAlnum(c) && c != '_' && c != '\'' }

// isForeign reports whether r is Greek or Cyrillic, the scripts whose letters
// are taken for Latin ones.
func isForeign(r rune) bool { return r >= 0x370 && r < 0x530 }

func isAlnum(c byte) bool { return c|0x20-'a' < 26 || c-'0' < 10 }

func isApostrophe(r rune) bool {
	return r == '’' || r == '\'' || r == 'ʼ' || r == '′' || r == '＇'
}

func classify(r rune) class {
	if r < tableSize {
		return table[r].class
	}
	return work(r)
}

// work finds the class of a code point.
func work(r rune) class {
	switch {
	case r == utf8.RuneError || isApostrophe(r) || r == '_':
		return other
	case r == 0xAD || r >= 0x200B && r <= 0x200F || r >= 0x2060 && r <= 0x2064 || r == 0xFEFF ||
		r >= 0xFE00 && r <= 0xFE0F || r >= 0x1F3FB && r <= 0x1F3FF || r == 0x20E3:
		return ignored
	case r >= 0x2010 && r <= 0x206F:
		return other
	case r >= 0xE00 && isUnspaced(r):
		return unspaced
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		return letter
	case unicode.IsMark(r):
		return mark
	case r > 0x2190 && unicode.Is(unicode.So, r):
		return symbol
	}
	return other
}

func isUnspaced(r rune) bool {
	return r == 'ー' || r == 0xFF70 || r == 0x3099 || r == 0x309A || r == 0xFF9E || r == 0xFF9F ||
		unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Yi,
			unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && !unicode.IsPunct(r)
}

// isAccent says which marks are set aside: the accents of Latin, Greek and
// Cyrillic, the vowel points of Hebrew and Arabic. The vowel signs of Indic
// scripts are letters to their readers and stay.
func isAccent(r rune) bool {
	return r >= 0x300 && r < 0x370 || r >= 0x1AB0 && r < 0x1B00 || r >= 0x1DC0 && r < 0x1E00 || r >= 0x20D0 && r < 0x2100 ||
		r >= 0x591 && r < 0x5C8 || r >= 0x610 && r < 0x61B || r == 0x640 || r >= 0x64B && r < 0x660 || r == 0x670 || r >= 0x6D6 && r < 0x6EE
}

func (s *scanner) writeFold(r rune) { s.folds.WriteString(FoldRune(r)) }

// FoldRune returns one letter, digit or mark as Scan folds it: "" for an accent,
// two letters for a ligature. Look-alikes stay, they depend on the word around.
func FoldRune(r rune) string {
	if r < tableSize {
		return table[r].fold
	}
	return workFold(r)
}

// workFold folds one letter or mark.
func workFold(r rune) string {
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(unicode.ToLower(r))) {
		if !isAccent(part) {
			b.WriteString(plain(unicode.ToLower(part)))
		}
	}
	return b.String()
}

// plain spells the letters that are not made of a letter and an accent.
func plain(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'ı':
		return "i"
	case 'ς':
		return "σ"
	case 'ʼ':
		return "'"
	}
	return string(r)
}

// foldUnspaced sets widths aside: half-width kana read like the full ones.
func foldUnspaced(r rune) string { return norm.NFKC.String(string(r)) }

// Fold returns s without case, accents and look-alike letters, everything else
// kept. It is what Scan does to words, for names and other short strings.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	foreign := false
	for _, r := range s {
		switch class := classify(r); {
		case r < utf8.RuneSelf:
			b.WriteByte(toLower[r])
		case class == letter || class == mark:
			b.WriteString(workFold(r))
			foreign = foreign || isForeign(r)
		case class == unspaced:
			b.WriteString(foldUnspaced(r))
		case isApostrophe(r):
			b.WriteByte('\'')
		case class == ignored:
		default:
			b.WriteRune(r)
		}
	}
	if foreign {
		return latin(b.String())
	}
	return b.String()
}

// latin replaces the Greek and Cyrillic look-alikes in a word that also has
// Latin letters; a word wholly in another script stays as it is.
func latin(fold string) string {
	if strings.IndexFunc(fold, func(r rune) bool { return r >= 'a' && r <= 'z' }) < 0 {
		return fold
	}
	return strings.Map(func(r rune) rune {
		if at := strings.IndexRune(lookalikes, r); at >= 0 {
			return rune(latins[utf8.RuneCountInString(lookalikes[:at])])
		}
		return r
	}, fold)
}

const (
	lookalikes = "аеорсухіјѕԁһԛԝьгпткмнв" + "αορνικτυχε"
	latins     = "aeopcyxijsdhqwbrntkmhb" + "aopviktuxe"
)

// Squeeze shortens every letter said three times or more to two: "noooon" is
// "noon". It returns fold itself when there is none.
func Squeeze(fold string) string {
	run, long := 0, false
	var last rune
	for _, r := range fold {
		run++
		if r != last {
			run, last = 1, r
		}
		long = long || run > 2
	}
	if !long {
		return fold
	}
	run, last = 0, 0
	return strings.Map(func(r rune) rune {
		run++
		if r != last {
			run, last = 1, r
		}
		if run > 2 {
			return -1
		}
		return r
	}, fold)
}
