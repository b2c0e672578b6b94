// Package plain turns what strangers wrote into plain text: no markup, nothing
// invisible that reorders or hides words. The text stays hostile: whoever shows
// it still escapes it for the place where it is shown.
package plain

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
)

// Text cleans a text that is plain already: valid UTF-8, no control characters
// but line breaks, no direction overrides, no space at the ends.
func Text(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\u200d', r == '\u200c': // joiners make emoji and Persian words
			return r
		case r == '\t', r == '\u2028', r == '\u2029', r == '\u0085':
			return ' '
		case unicode.IsControl(r), hidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd")))
}

// hidden says whether a character only changes how others are shown: marks of
// direction, which can make a text read otherwise than it is, and tags.
func hidden(r rune) bool {
	switch {
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200b', r == '\ufeff', r == '\u00ad':
		return true
	}
	return r >= 0xe0000 && r <= 0xe007f
}

// apart are the tags that part words; the others (<b>, <a>, <span>) may stand
// inside one.
var apart = regexp.MustCompile(`(?i)</?(?:p|br|div|li|ul|ol|dl|dd|dt|h[1-6]|tr|td|th|table|blockquote|pre|section|article|header|footer|figure|figcaption|hr|img)\b`)

// strict is never changed; a policy is safe for concurrent use.
var strict = bluemonday.StrictPolicy()

// HTML returns the words of a piece of HTML on one line; scripts and styles
// are no words.
func HTML(markup string) string {
	markup = apart.ReplaceAllString(strings.ToValidUTF8(markup, "\ufffd"), " $0")
	words := html.UnescapeString(strict.Sanitize(markup))
	return strings.Join(strings.FieldsFunc(Text(words), unicode.IsSpace), " ")
}

// Cut shortens a text to so many runes; the ellipsis shows that it was cut.
func Cut(text string, runes int) string {
	for i := range text {
		if runes--; runes == 0 {
			if rest := text[i:]; len([]rune(rest)) > 1 {
				return strings.TrimSpace(text[:i]) + "…"
			}
		}
		if runes < 0 {
			break
		}
	}
	return text
}
