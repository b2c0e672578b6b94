package measure

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// Count is how long a text is for a network.
type Count struct {
	Length int  // in Unit
	Limit  int  // in Unit; 0: none
	Unit   Unit // what Length and Limit count

	Bytes    int // of UTF-8, as the text is written
	MaxBytes int // 0: none
}

// Fits reports whether the text is within every limit.
func (c Count) Fits() bool {
	over, _ := c.Over()
	return over == 0
}

// Over says by how much the text is too long, and in what: 0 if it fits. If
// two limits are passed it is the network's own unit that is given.
func (c Count) Over() (by int, unit Unit) {
	if c.Limit > 0 && c.Length > c.Limit {
		return c.Length - c.Limit, c.Unit
	}
	if c.MaxBytes > 0 && c.Bytes > c.MaxBytes {
		return c.Bytes - c.MaxBytes, Bytes
	}
	return 0, c.Unit
}

// Length counts a text as its network does. Bytes that are not UTF-8 count as
// U+FFFD each.
func Length(text string, rules Rules) Count {
	count := Count{Limit: rules.Limit, Unit: rules.Unit, Bytes: len(text), MaxBytes: rules.MaxBytes}
	if rules.Unit == Weighted {
		count.Length = weightedLength(text, rules)
		return count
	}
	if rules.URLLength == 0 && !rules.HalfMentions {
		count.Length = plain(text, rules)
		return count
	}
	at := 0
	for entities := scanEntities(text, rules); ; {
		entity, more := entities.next()
		if !more {
			break
		}
		switch {
		case entity.Kind == Link && rules.URLLength > 0:
			count.Length += plain(text[at:entity.Start], rules) + rules.URLLength
			at = entity.End
		case entity.Kind == Mention && rules.HalfMentions:
			name := entity.Start + 1 + strings.IndexByte(text[entity.Start+1:entity.End]+"@", '@')
			count.Length += plain(text[at:name], rules)
			at = entity.End
		}
	}
	count.Length += plain(text[at:], rules)
	return count
}

// plain counts a stretch of text without links or mentions that count specially.
func plain(text string, rules Rules) int {
	n := 0
	switch rules.Unit {
	case Graphemes:
		n = graphemes(text)
	case Points:
		n = utf8.RuneCountInString(text)
	case EmojiByte:
		n = emojiBytes(text)
	case UTF16:
		n = utf16Units(text)
	case Bytes:
		n = len(text)
	}
	if rules.Escapes {
		n += escapes(text)
	}
	return n
}

// weightedLength is X's: the text in NFC, links 23, emoji 2, the rest by range.
func weightedLength(text string, rules Rules) int {
	if !belowMarks(text) && !norm.NFC.IsNormalString(text) {
		text = norm.NFC.String(text)
	}
	total, at := 0, 0
	for scan := rules.links(text); ; {
		start, end, more := scan.next()
		if !more {
			return total + weigh(text[at:])
		}
		total += weigh(text[at:start]) + rules.URLLength
		at = end
	}
}

// belowMarks reports whether all of a text is below U+0300, the first combining
// mark, hence in NFC. In UTF-8 these are the bytes below that of its lead.
func belowMarks(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= 0xCC {
			return false
		}
	}
	return true
}

// weigh is weightedLength for a stretch without links.
func weigh(text string) int {
	total := 0
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf && (i+1 == len(text) || text[i+1] < utf8.RuneSelf) {
			total++
			i++
			continue
		}
		if size := emoji(text[i:]); size > 0 {
			total += 2
			i += size
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		total += weight(r)
		i += size
	}
	return total
}

// weight is X's for a code point that is no part of an emoji or a link.
func weight(r rune) int {
	if r <= 0x10FF || r >= 0x2000 && r <= 0x200D || r >= 0x2010 && r <= 0x201F || r >= 0x2032 && r <= 0x2037 {
		return 1
	}
	return 2
}

func graphemes(text string) int {
	n := 0
	for len(text) > 0 {
		text = text[cluster(text):]
		n++
	}
	return n
}

// cluster returns the size of the first grapheme cluster. Below U+0300 nothing
// joins what precedes it, except that a line feed joins its carriage return.
func cluster(text string) int {
	if c := text[0]; c < utf8.RuneSelf && c != '\r' && (len(text) == 1 || text[1] < utf8.RuneSelf) {
		return 1
	}
	r, size := utf8.DecodeRuneInString(text)
	if r < 0x300 && r != '\r' {
		if len(text) == size {
			return size
		}
		if next, _ := utf8.DecodeRuneInString(text[size:]); next < 0x300 {
			return size
		}
	}
	first, _, _, _ := uniseg.FirstGraphemeClusterInString(text, -1)
	return len(first)
}

func emojiBytes(text string) int {
	n := 0
	for i := 0; i < len(text); n++ {
		if c := text[i]; c < utf8.RuneSelf && (i+1 == len(text) || text[i+1] < utf8.RuneSelf) {
			i++
			continue
		}
		if size := emoji(text[i:]); size > 0 {
			n += size - 1
			i += size
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return n
}

func utf16Units(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
