package measure

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// piece is a stretch of text that no cut may go through: a word with its
// punctuation, a link, a few words that unbreakable spaces tie.
type piece struct {
	start, end  int    // in bytes
	length, gap int    // as the network counts it, and what follows up to the next piece
	ends        ending // how well a part may end after it
}

// ending tells how good a place is to end a part, the best last.
type ending uint8

const (
	atGlue     ending = iota // before a "!" or a "»" that stands alone, after a "«"
	atWord                   // between words
	atClause                 // after a comma of a script without spaces, whose words are hard to tell apart
	atSentence               // after a sentence or a line
)

// cutPieces cuts a text into its pieces. It has at least one if the text is
// not of spaces alone.
func cutPieces(text string, rules Rules) []piece {
	pieces := make([]piece, 0, len(text)/5+1)
	tags := Entities(text, rules)
	for at := skipSpace(text, 0); at < len(text); {
		end := at
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			if breaking(r) {
				break
			}
			end += size
		}
		next := skipSpace(text, end)
		inside := at
		for inside < end {
			for len(tags) > 0 && tags[0].End <= inside {
				tags = tags[1:]
			}
			stop := tieless(text[:end], inside, tags)
			p := piece{start: inside, end: stop, length: Length(text[inside:stop], rules).Length, ends: atWord}
			if stop == end {
				p.gap = Length(text[end:next], rules).Length
				p.ends = endingAt(text, inside, end, next)
			} else if last, _ := utf8.DecodeLastRuneInString(text[:stop]); isStop(last) {
				p.ends = atSentence
			} else if strings.ContainsRune("，、；：", last) {
				p.ends = atClause
			}
			pieces = append(pieces, p)
			inside = stop
		}
		at = next
	}
	return pieces
}

// tieless returns where the piece from start ends: at the end of the text, or,
// in scripts that put no spaces between words, where a line may be broken
// between two words, unless that is within one of the tags.
func tieless(text string, start int, tags []Entity) int {
	if !spaceless(text[start:]) {
		return len(text)
	}
	rest, state, at := text[start:], -1, start
	for len(rest) > 0 {
		var boundaries int
		var cluster string
		cluster, rest, boundaries, state = uniseg.StepString(rest, state)
		at += len(cluster)
		if rest == "" {
			break
		}
		if boundaries&uniseg.MaskWord == 0 || boundaries&uniseg.MaskLine == uniseg.LineDontBreak {
			continue
		}
		for len(tags) > 0 && tags[0].End <= at {
			tags = tags[1:]
		}
		if len(tags) > 0 && at > tags[0].Start {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(rest)
		if noSpaces(before) || noSpaces(after) {
			return at
		}
	}
	return len(text)
}

// endingAt judges the end of a word at end, the next one beginning at next.
func endingAt(text string, start, end, next int) ending {
	if next == len(text) || strings.ContainsAny(text[end:next], "\n\u2029") {
		return atSentence
	}
	before, _ := utf8.DecodeLastRuneInString(text[:end])
	if before == '«' || before == '(' || standsAlone(text[next:]) {
		return atGlue
	}
	after, _ := utf8.DecodeRuneInString(text[next:])
	if endsSentence(text[start:end]) && !unicode.IsLower(after) {
		return atSentence
	}
	return atWord
}

// standsAlone reports whether text begins with a word of closing marks only.
func standsAlone(text string) bool {
	for i, r := range text {
		if breaking(r) {
			return i > 0
		}
		if !strings.ContainsRune("!?:;»%€)].,…", r) {
			return false
		}
	}
	return true
}

// endsSentence reports whether a word carries the end of a sentence. An
// abbreviation or an initial does not.
func endsSentence(word string) bool {
	closed := strings.TrimRightFunc(word, func(r rune) bool {
		return strings.ContainsRune("\"'»”’)]*_", r) || unicode.IsSpace(r)
	})
	last, size := utf8.DecodeLastRuneInString(closed)
	if !isStop(last) {
		return false
	}
	if last != '.' {
		return true
	}
	stem := strings.TrimLeftFunc(closed[:len(closed)-size], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if r, size := utf8.DecodeRuneInString(stem); size == len(stem) && unicode.IsUpper(r) {
		return false
	}
	for _, abbreviation := range abbreviations {
		if strings.EqualFold(stem, abbreviation) {
			return false
		}
	}
	return true
}

// abbreviations that a name, a number or a word follows.
var abbreviations = [...]string{"m", "mm", "mr", "mrs", "ms", "mme", "mmes", "mlle", "dr", "pr", "prof", "me",
	"st", "ste", "av", "bd", "no", "n°", "art", "p", "pp", "vol", "cf", "ex", "p.ex", "e.g", "i.e", "vs", "env",
	"tél", "tel", "min", "max", "jr", "sr", "approx", "dept", "fig"}

// isStop tells what ends a sentence.
func isStop(r rune) bool { return strings.ContainsRune(".!?…。！？", r) }

// breaking tells the spaces that a text may be cut at.
func breaking(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00A0' && r != '\u202F' && r != '\u2007'
}

func skipSpace(text string, at int) int {
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !breaking(r) {
			break
		}
		at += size
	}
	return at
}

// spaceless reports whether a word has characters of a script without spaces.
func spaceless(word string) bool {
	for _, r := range word {
		if noSpaces(r) {
			return true
		}
	}
	return false
}

// noSpaces tells the ideographs, the kana and their punctuation.
func noSpaces(r rune) bool {
	return r >= 0x3000 && r <= 0x30FF || r >= 0x3400 && r <= 0x4DBF || r >= 0x4E00 && r <= 0x9FFF ||
		r >= 0xF900 && r <= 0xFAFF || r >= 0xFF00 && r <= 0xFFEF || r >= 0x20000 && r <= 0x3FFFF
}
