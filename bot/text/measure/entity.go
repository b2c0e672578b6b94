package measure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what an Entity is.
type Kind string

// The kinds of entities.
const (
	Link    Kind = "link"
	Mention Kind = "mention"
	Hashtag Kind = "hashtag"
)

// Entity is a link, a mention or a hashtag of a text.
type Entity struct {
	Kind       Kind
	Start, End int // in bytes
}

// Entities returns the links, mentions and hashtags of a text in order; they
// never overlap. Bluesky has rules of its own for them: see Facets.
func Entities(text string, rules Rules) []Entity {
	var found []Entity
	for scan := scanEntities(text, rules); ; {
		entity, more := scan.next()
		if !more {
			return found
		}
		found = append(found, entity)
	}
}

// entities goes through a text; links are found first, so that the "#" and "@"
// in them are nothing more.
type entities struct {
	links              links
	linkStart, linkEnd int // the link ahead
	ahead              bool
	at                 int
}

func scanEntities(text string, rules Rules) entities {
	e := entities{links: rules.links(text)}
	e.linkStart, e.linkEnd, e.ahead = e.links.next()
	return e
}

func (e *entities) next() (Entity, bool) {
	text := e.links.text
	for {
		stop := len(text)
		if e.ahead {
			stop = e.linkStart
		}
		sign := indexSign(text[e.at:stop])
		if sign < 0 {
			if !e.ahead {
				return Entity{}, false
			}
			found := Entity{Link, e.linkStart, e.linkEnd}
			e.at = e.linkEnd
			e.linkStart, e.linkEnd, e.ahead = e.links.next()
			return found, true
		}
		start := e.at + sign
		kind, end := tagAt(text[:stop], start)
		if end > start {
			e.at = end
			return Entity{kind, start, end}, true
		}
		_, size := utf8.DecodeRuneInString(text[start:])
		e.at = start + size
	}
}

// indexSign finds the first "@" or "#", wide ones too.
func indexSign(text string) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '@', '#':
			return i
		case 0xEF:
			if strings.HasPrefix(text[i:], "＠") || strings.HasPrefix(text[i:], "＃") {
				return i
			}
		}
	}
	return -1
}

// tagAt reads the mention or hashtag whose sign is at start; end is 0 if there
// is none.
func tagAt(text string, start int) (kind Kind, end int) {
	sign, size := utf8.DecodeRuneInString(text[start:])
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	if start == 0 {
		before = ' '
	}
	if sign == '@' || sign == '＠' {
		if before < utf8.RuneSelf && (isAlnum(byte(before)) || strings.IndexByte("_!#$%&*@", byte(before)) >= 0) ||
			before == '＠' {
			return Mention, 0
		}
		return Mention, mentionEnd(text, start+size)
	}
	if before == '&' || inHashtag(before) {
		return Hashtag, 0
	}
	return Hashtag, hashtagEnd(text, start+size)
}

// mentionEnd reads name or name@server.example.
func mentionEnd(text string, at int) int {
	end := nameEnd(text, at)
	if end == at {
		return 0
	}
	if end < len(text) && text[end] == '@' {
		if server := nameEnd(text, end+1); server > end+1 {
			return server
		}
		return 0
	}
	if r, _ := utf8.DecodeRuneInString(text[end:]); r >= utf8.RuneSelf && r != utf8.RuneError && isLatin(r) ||
		strings.HasPrefix(text[end:], "://") {
		return 0
	}
	return end
}

// nameEnd reads letters, digits and "_", with "." and "-" between them.
func nameEnd(text string, at int) int {
	end := at
	for i := at; i < len(text); i++ {
		c := text[i]
		switch {
		case isAlnum(c) || c == '_':
			end = i + 1
		case c != '.' && c != '-' || i == at:
			return end
		}
	}
	return end
}

// hashtagEnd reads letters, digits and "_", at least one of them a letter.
func hashtagEnd(text string, at int) int {
	letter, i := false, at
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !inHashtag(r) {
			break
		}
		letter = letter || unicode.IsLetter(r) || unicode.IsMark(r)
		i += size
	}
	rest := text[i:]
	if !letter || strings.HasPrefix(rest, "#") || strings.HasPrefix(rest, "＃") || strings.HasPrefix(rest, "://") {
		return 0
	}
	return i
}

// inHashtag tells letters, digits and the few other characters that X keeps in
// a hashtag, such as the joints of Hebrew, Tibetan and Japanese words.
func inHashtag(r rune) bool {
	if r < utf8.RuneSelf {
		return isAlnum(byte(r)) || r == '_'
	}
	if r == emojiStyle || r == textStyle || r == keycap || r == utf8.RuneError {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || in(hashtagJoints, r)
}

var hashtagJoints = []span{
	{0xB7, 0xB7}, {0x5BE, 0x5BE}, {0x5F3, 0x5F4}, {0xF0B, 0xF0C}, {0x200C, 0x200D}, {0x3003, 0x3003},
	{0x301C, 0x301C}, {0x309B, 0x309C}, {0x30A0, 0x30A0}, {0x30FB, 0x30FB}, {0xFF5E, 0xFF5E},
}
