package measure

import "strings"

// reserved are the characters that mean something in LinkedIn's text format.
// Sent bare, they cut the post off without an error.
const reserved = `|{}@[]()<>#*_~\`

// Escape returns a text as LinkedIn's API must receive it: each reserved
// character after a backslash. Its limit applies to the escaped text. A text
// that already holds LinkedIn's own markup must not be escaped again.
func Escape(text string) string {
	n := escapes(text)
	if n == 0 {
		return text
	}
	var escaped strings.Builder
	escaped.Grow(len(text) + n)
	for i := 0; i < len(text); i++ {
		if isReserved(text[i]) {
			escaped.WriteByte('\\')
		}
		escaped.WriteByte(text[i])
	}
	return escaped.String()
}

func escapes(text string) int {
	n := 0
	for i := 0; i < len(text); i++ {
		if isReserved(text[i]) {
			n++
		}
	}
	return n
}

func isReserved(c byte) bool { return strings.IndexByte(reserved, c) >= 0 }
