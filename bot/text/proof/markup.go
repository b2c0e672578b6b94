package proof

import (
	"html"
	"strings"
	"unicode/utf8"
)

// tagLength finds chat markup (<@U1>, <#C1>, <https://…|label>, <:name:1>), HTML
// comments and tags, with what scripts, styles and code hold; 0 when there is
// none.
func tagLength(rest string) int {
	if strings.HasPrefix(rest, "<!--") {
		return through(rest, "-->")
	}
	if len(rest) < 3 || !(isNamePart(rest[1]) || strings.IndexByte("@#!:/", rest[1]) >= 0) {
		return 0
	}
	n := tagEnd(rest)
	name := strings.ToLower(rest[1 : 1+run(rest[1:], func(r rune) bool { return r < 0x80 && isNamePart(byte(r)) })])
	if n > 0 && verbatim[name] {
		return max(n, through(strings.ToLower(rest), "</"+name+">"))
	}
	return n
}

// verbatim are the elements whose content is no sentence.
var verbatim = setOf("script style code pre")

func through(rest, end string) int {
	at := strings.Index(rest, end)
	if at < 0 {
		return 0
	}
	return at + len(end)
}

// tagEnd returns how long the tag is that rest begins with. A ">" in the quotes
// of an attribute is none of it, and only a tag with attributes has several lines.
func tagEnd(rest string) int {
	quote, lines, attributes := byte(0), 0, false
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			if lines > 0 && !attributes {
				return 0
			}
			return i + 1
		case c == '<':
			return 0
		case c == '\n':
			lines++
		case c == '=':
			attributes = true
		case (c == '"' || c == '\'') && rest[i-1] == '=':
			quote = c
		}
	}
	return 0
}

// targetLength finds (/path "title") behind a Markdown label; words in brackets
// after a bracket are no target.
func targetLength(rest string) int {
	end := strings.IndexAny(rest, ")\n")
	if end < 2 || rest[end] != ')' {
		return 0
	}
	if address, title, titled := strings.Cut(rest[1:end], " "); titled && !strings.HasPrefix(title, `"`) || !strings.ContainsAny(address, "/.#") {
		return 0
	}
	return end + 1
}

// entityLength finds &amp; and &#233;, and the rest of a word that goes on after
// the entity of a letter.
func entityLength(rest string) int {
	n := entityEnd(rest)
	if n == 0 || !isLetterEntity(rest[:n]) {
		return n
	}
	n += run(rest[n:], isWordPart)
	if n < len(rest) && rest[n] == '&' {
		if next := entityEnd(rest[n:]); next > 0 && isLetterEntity(rest[n:n+next]) {
			return n + entityLength(rest[n:])
		}
	}
	return n
}

func entityEnd(rest string) int {
	n := 1 + run(rest[1:], func(r rune) bool { return r < 0x80 && isNamePart(byte(r)) || r == '#' })
	if n < 3 || n > 12 || n >= len(rest) || rest[n] != ';' {
		return 0
	}
	return n + 1
}

// isLetterEntity tells &eacute; from &amp;.
func isLetterEntity(entity string) bool {
	r, _ := utf8.DecodeRuneInString(html.UnescapeString(entity))
	return r != '&' && isLetter(r)
}

// isTieEntity tells the entities of blanks that hold their neighbours together.
func isTieEntity(text string) bool {
	switch strings.ToLower(text) {
	case "&nbsp;", "&#160;", "&#xa0;", "&#8239;", "&#x202f;", "&numsp;", "&#8199;":
		return true
	}
	return false
}
