package proof

import (
	"strings"
	"unicode/utf8"
)

// Beyond these lengths, in bytes, code and markup, and names of hosts, are no
// longer looked for: no text makes the search long.
const (
	maxKept = 2000
	maxName = 320
)

// keptAt returns the length in bytes of the link, address, handle, hashtag,
// code, markup or placeholder that starts at a byte offset; 0 when there is
// none.
func keptAt(text string, at int) int {
	rest := text[at:]
	switch c := rest[0]; {
	case c == '`':
		return codeLength(text, at)
	case c == '<':
		return tagLength(rest)
	case c == '{':
		return placeholderLength(rest)
	case c == '@' && !afterWord(text, at):
		return handleLength(rest)
	case c == '#' && !afterWord(text, at):
		if n := 1 + run(rest[1:], isTagPart); n > 1 {
			return n
		}
		return 0
	case c == '&':
		return entityLength(rest)
	case c == ':' && !afterWord(text, at):
		return shortcodeLength(rest)
	case isNamePart(c) && c != '_' && !afterWord(text, at):
		return addressLength(rest)
	}
	return 0
}

func afterWord(text string, at int) bool {
	if at == 0 {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return isLetter(r) || r >= '0' && r <= '9' || r == '_'
}

func isNamePart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_'
}

func isTagPart(r rune) bool { return isWordPart(r) || r >= '0' && r <= '9' || r == '_' }

// codeLength finds `code` on one line and ```blocks```. A back quote inside a
// word is a poor apostrophe, not code.
func codeLength(text string, at int) int {
	rest := text[at:]
	if strings.HasPrefix(rest, "```") {
		if end := strings.Index(rest[3:], "```"); end >= 0 {
			return end + 6
		}
		return 0
	}
	if afterWord(text, at) {
		return 0
	}
	rest = rest[:min(len(rest), maxKept)]
	end := strings.IndexAny(rest[1:], "`\n")
	if end <= 0 || rest[1+end] != '`' {
		return 0
	}
	return end + 2
}

// tagLength finds chat markup (<@U1>, <#C1>, <https://…|label>, <:name:1>) and
// HTML tags.
func tagLength(rest string) int {
	rest = rest[:min(len(rest), maxKept)]
	if len(rest) < 3 || !(isNamePart(rest[1]) || strings.IndexByte("@#!:/", rest[1]) >= 0) {
		return 0
	}
	end := strings.IndexAny(rest[1:], "<>\n")
	if end < 0 || rest[1+end] != '>' {
		return 0
	}
	return end + 2
}

// placeholderLength finds {author} and {{author}}.
func placeholderLength(rest string) int {
	rest = rest[:min(len(rest), 64)]
	end := strings.IndexAny(rest, "}\n")
	if end < 2 || rest[end] != '}' {
		return 0
	}
	if strings.HasPrefix(rest, "{{") && strings.HasPrefix(rest[end:], "}}") {
		return end + 2
	}
	return end + 1
}

// handleLength finds @name, @name.tld and @name@server.
func handleLength(rest string) int {
	n := 1 + run(rest[1:], isHandlePart)
	if n < len(rest) && rest[n] == '@' && n > 1 {
		n += 1 + run(rest[n+1:], isHandlePart)
	}
	n = len(strings.TrimRight(rest[:n], ".-@"))
	if n < 2 {
		return 0
	}
	return n
}

func isHandlePart(r rune) bool {
	return r < utf8.RuneSelf && (isNamePart(byte(r)) || r == '.' || r == '-')
}

// entityLength finds &amp; and &#233;.
func entityLength(rest string) int {
	n := 1 + run(rest[1:], func(r rune) bool { return r < utf8.RuneSelf && isNamePart(byte(r)) || r == '#' })
	if n < 3 || n > 12 || n >= len(rest) || rest[n] != ';' {
		return 0
	}
	return n + 1
}

// shortcodeLength finds :tada:.
func shortcodeLength(rest string) int {
	n := 1 + run(rest[1:], func(r rune) bool {
		return r < utf8.RuneSelf && (isNamePart(byte(r)) || r == '+' || r == '-')
	})
	if n < 3 || n >= len(rest) || rest[n] != ':' || strings.Trim(rest[1:n], "0123456789") == "" {
		return 0
	}
	return n + 1
}

// addressLength finds links, e-mail addresses, bare domains and file names.
func addressLength(rest string) int {
	n := 0
	for n < min(len(rest), maxName+1) && (isNamePart(rest[n]) || rest[n] == '.' || rest[n] == '-' || rest[n] == '+') {
		n++
	}
	if (n == len(rest) || rest[n] != '@' && rest[n] != ':') && strings.IndexByte(rest[:n], '.') < 0 {
		return 0 // an ordinary word, most of the time
	}
	switch {
	case n > maxName:
		return 0
	case strings.HasPrefix(rest[n:], "://"):
		return linkLength(rest)
	case n < len(rest)-1 && rest[n] == ':' && schemes[rest[:n]] && rest[n+1] > ' ':
		return linkLength(rest)
	case n < len(rest) && rest[n] == '@':
		host := run(rest[n+1:], isHandlePart)
		if host = len(strings.TrimRight(rest[n+1:n+1+host], ".-")); strings.Contains(rest[n+1:n+1+host], ".") {
			return n + 1 + host
		}
		return 0
	}
	name := strings.TrimRight(rest[:n], ".-")
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 {
		return 0
	}
	if len(name) == n && n < len(rest) && rest[n] >= utf8.RuneSelf {
		if r, _ := utf8.DecodeRuneInString(rest[n:]); isLetter(r) {
			return 0
		}
	}
	ending := name[dot+1:]
	withPath := len(name) == n && n+1 < len(rest) && rest[n] == '/' && isNamePart(rest[n+1])
	if strings.HasPrefix(name, "www.") || withPath && isLowerASCII(ending) && len(ending) > 1 {
		return linkLength(rest)
	}
	if domainEndings[ending] || fileEndings[ending] {
		return len(name)
	}
	return 0
}

func isLowerASCII(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
}

// linkLength takes a link up to a blank, and leaves the sentence its last
// punctuation and a closing bracket that the link did not open.
func linkLength(rest string) int {
	n := run(rest, func(r rune) bool {
		return r > ' ' && r != '<' && r != '>' && r != '"' && r != '`' && r != '«' && r != '»' && r != '“' && r != '”' &&
			r != '\u00a0' && r != '\u202f' && r != '…' && r != '\u3000'
	})
	for n > 0 {
		last := rest[n-1]
		if strings.IndexByte(".,;:!?'*_", last) >= 0 ||
			last == ')' && strings.Count(rest[:n], "(") < strings.Count(rest[:n], ")") ||
			last == ']' && strings.Count(rest[:n], "[") < strings.Count(rest[:n], "]") {
			n--
			continue
		}
		break
	}
	return n
}

// schemes are those of addresses that have no "//".
var schemes = setOf("mailto tel sms geo data javascript magnet")

// domainEndings are those that are no word of a sentence stuck to the full stop
// before it; a domain with another ending is known by its path or its "www".
var domainEndings = setOf(`com fr org net io eu uk ch tv bzh dev ly gg fm biz coop edu gov alsace corsica
	social online store shop blog cloud studio`)

var fileEndings = setOf(`html htm php pdf jpg jpeg png gif webp svg mp3 mp4 mov avi zip doc docx xls xlsx ppt pptx
	csv txt js ts css json xml yaml yml md go py sh`)

// setOf makes a set of the words of a list.
func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}
