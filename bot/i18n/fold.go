package i18n

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Fold lowers a text and takes its accents away.
func Fold(text string) string {
	folder := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	folded, _, err := transform.String(folder, strings.ToLower(strings.TrimSpace(text)))
	if err != nil { // runes.Remove and norm never fail on strings
		return strings.ToLower(text)
	}
	return strings.Join(strings.Fields(folded), " ")
}
