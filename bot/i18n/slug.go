package i18n

import (
	"strconv"
	"strings"
)

// Slug makes an ID of a name: a to z, digits and dashes, 28 bytes at most and a
// number if it is taken. A name that holds none of these has fallback instead.
func Slug(name, fallback string, taken func(string) bool) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			return r
		case r == ' ' || r == '-':
			return '-'
		}
		return -1
	}, Fold(name))
	id = strings.Trim(id[:min(len(id), 28)], "-")
	if id == "" {
		id = fallback
	}
	tried := id
	for n := 2; taken(tried); n++ {
		tried = id + "-" + strconv.Itoa(n)
	}
	return tried
}
