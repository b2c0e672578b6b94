package measure

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// characters finds the characters that should not be in a post.
func characters(text string, rules Rules) []Problem {
	var found []Problem
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if problem := asciiProblem(c, rules); problem.Check != "" {
				problem.Start, problem.End = i, i+1
				found = append(found, problem)
			}
			i++
			continue
		}
		if size := emoji(text[i:]); size > 0 {
			i += size
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			found = append(found, Problem{Check: Encoding, Level: Error, Start: i, End: i + 1})
		case r < 0xA0: // what Windows' punctuation becomes when its encoding is taken for Latin-1
			found = append(found, Problem{Check: Encoding, Level: Error, Start: i, End: i + size})
		case isFake(r):
			size = fakeSize(text[i:])
			plain := plainLetters(text[i : i+size])
			found = append(found, Problem{Check: FakeLetters, Level: Error, Start: i, End: i + size,
				Args: Args{Text: text[i : i+size], Replace: plain}})
		case isHidden(r) && !justified(text, i, r):
			found = append(found, Problem{Check: Invisible, Level: hiddenLevel(r), Start: i, End: i + size,
				Args: Args{Text: fmt.Sprintf("%U", r)}})
		}
		i += size
	}
	return found
}

// asciiProblem judges an ASCII character; a carriage return counts as a line's end.
func asciiProblem(c byte, rules Rules) Problem {
	switch {
	case c < ' ' && c != '\n' && c != '\r' && c != '\t', c == 0x7F:
		return Problem{Check: Invisible, Level: Error, Args: Args{Text: fmt.Sprintf("%U", rune(c))}}
	case rules.Forbidden != "" && strings.IndexByte(rules.Forbidden, c) >= 0:
		return Problem{Check: Forbidden, Level: Error, Args: Args{Text: string(rune(c))}}
	}
	return Problem{}
}

// isFake tells the letters and digits of mathematics and enclosed letters that
// are used as bold, italic or script text. Emoji are known before it is asked.
func isFake(r rune) bool {
	return r >= 0x1D400 && r <= 0x1D7FF || r >= 0x24B6 && r <= 0x24E9 ||
		r >= 0x1F130 && r <= 0x1F189 && !in(pictographs, r)
}

// fakeSize is that of a run of fake letters. The letters that mathematics had
// before, such as ℎ, and spaces between two fake letters belong to it.
func fakeSize(text string) int {
	end, spaced := 0, false
	for i, r := range text {
		switch {
		case isFake(r) || r >= 0x2102 && r <= 0x2138 && unicode.IsLetter(r):
			end = i + utf8.RuneLen(r)
			spaced = false
		case unicode.IsMark(r) && !spaced:
			end = i + utf8.RuneLen(r)
		case r == ' ' && !spaced:
			spaced = true
		default:
			return end
		}
	}
	return end
}

// plainLetters writes fake letters as the letters that they stand for.
func plainLetters(fake string) string {
	var plain strings.Builder
	for _, r := range norm.NFKC.String(fake) {
		switch {
		case r >= 0x1F150 && r <= 0x1F169:
			r += 'A' - 0x1F150
		case r >= 0x1F170 && r <= 0x1F189:
			r += 'A' - 0x1F170
		}
		plain.WriteRune(r)
	}
	return plain.String()
}

// isHidden tells what shows nothing and can change what is read or searched.
func isHidden(r rune) bool {
	switch r {
	case 0xAD, 0x115F, 0x1160, 0x3164, 0xFFA0, 0xFEFF, 0xFFFE, 0xFFFF:
		return true
	}
	return isDirection(r) || r >= 0x200B && r <= 0x200D || r >= 0x2060 && r <= 0x206F ||
		r >= 0xE0000 && r <= 0xE0FFF || r >= 0xFFF9 && r <= 0xFFFB
}

// hiddenLevel is Error for what makes a text read otherwise than it is written,
// and for what X refuses.
func hiddenLevel(r rune) Level {
	if r >= 0x202A && r <= 0x202E || r >= 0xFEFF {
		return Error
	}
	return Warning
}

// justified reports whether a hidden character does its job: joiners between
// letters of scripts that need them, direction marks in a text that has both
// directions.
func justified(text string, at int, r rune) bool {
	switch {
	case r == joiner || r == 0x200C:
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		return unicode.In(before, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
			unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
			unicode.Malayalam, unicode.Sinhala, unicode.Khmer)
	case r == 0x200E || r == 0x200F || r == 0x61C || r >= 0x2066 && r <= 0x2069:
		return strings.IndexFunc(text, isRightToLeft) >= 0
	case r == 0x200B:
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		return unicode.In(before, unicode.Thai, unicode.Khmer, unicode.Lao, unicode.Myanmar)
	}
	return false
}

func isRightToLeft(r rune) bool {
	return r >= 0x590 && unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam)
}
