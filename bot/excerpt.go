package bot

import (
	"strings"
	"unicode"
)

// Excerpt is the beginning of a text that a card quotes, of at most so many
// characters and ending with a word, marked with […] where anything is left out. A
// text without blanks where it is cut, such as Japanese, is cut at a character.
func Excerpt(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	end := most
	for end > most/2 && !unicode.IsSpace(runes[end]) {
		end--
	}
	if !unicode.IsSpace(runes[end]) {
		end = most
	}
	return strings.TrimRightFunc(string(runes[:end]), unicode.IsSpace) + " […]"
}
