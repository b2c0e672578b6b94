// Package token cuts a post into what the other text rooms look at: words,
// hashtags, handles, links, emoji. Every token says where it stands, in bytes
// and in code points, and how it reads once case, accents, look-alike letters
// and typography are set aside.
//
// It knows nothing of meaning: no language, no stems, no list of words but the
// French and Italian elisions ("l'", "qu'", "dell'") that must be cut off for a
// name to be found behind them.
//
// Where its facts come from: Unicode compatibility decomposition
// (golang.org/x/text/unicode/norm) for accents, widths and fancy letters; the
// look-alikes are the Cyrillic and Greek letters that Unicode's confusables
// list shows as Latin ones.
//
// It cuts for search. The engines of feeling and theme need signs, moods and
// disguised words instead, and cut with bot/text/internal/split; letters fold here
// for both.
//
//	figure                         command                                             machine
//	about 100 MB/s, 1 allocation   go test -bench . -benchmem ./bot/text/token         2 shared cores
package token

import (
	"strings"
	"unicode/utf8"
)

// Kind says what a token is.
type Kind uint8

// The kinds of token.
const (
	Word    Kind = iota + 1 // letters and digits; "don't", "foo_bar" and "O'Neil" are one
	Hashtag                 // Fold starts with '#'
	Handle                  // Fold starts with '@', and ends before a host: "@ana@host.example" is @ana, host, example
	Link                    // "https://…", "http://…" or "www.…"
	Emoji                   // one symbol, without skin tone or variation
	Letter                  // one letter of a script written without spaces: Han, kana, Hangul, Thai, Lao, Khmer, Burmese
	Sign                    // a '+' or '&' that touches the word before it: Canal+, H&M
)

// Token is one piece of a text.
type Token struct {
	Kind       Kind
	Glued      bool   // nothing stands between it and the token before it
	Inside     bool   // part of the Hashtag or Link before it: its letters, the words of its host
	Start, End int    // bytes in the text: text[Start:End]
	First, Nth int    // code points in the text: from First up to, and without, Nth
	Fold       string // how it reads without case, accents, typography; never empty
}

// Scan appends the tokens of text to dst, in the order of the text. Bytes that
// are not UTF-8 separate words and count as one code point each.
func Scan(dst []Token, text string) []Token {
	s := scanner{text: text, tokens: dst, last: -1}
	s.scan(len(text))
	return s.tokens
}

// Raw returns the words that t covers in the text it was cut from.
func (t Token) Raw(text string) string { return text[t.Start:t.End] }

// scanner walks over a text once. at and nth are the same place in bytes and
// in code points.
type scanner struct {
	text   string
	tokens []Token
	folds  strings.Builder // holds the folds that differ from the text
	at     int
	nth    int
	last   int // where the last token ended, in bytes
	inside bool
}

func (s *scanner) scan(end int) {
	for s.at < end {
		c := s.text[s.at]
		if c < utf8.RuneSelf {
			s.ascii(c, end)
			continue
		}
		r, size := utf8.DecodeRuneInString(s.text[s.at:end])
		switch class := classify(r); {
		case class == letter:
			s.word(end)
		case class == unspaced:
			s.single(Letter, size, foldUnspaced(r))
		case class == symbol:
			s.single(Emoji, size, s.text[s.at:s.at+size])
		case (r == '＃' || r == '＠') && !s.inside:
			s.tag(end, size, byte(r-'＃'+'#'))
		case class == ignored && s.last == s.at && s.last >= 0:
			s.step(size)
			s.last = s.at // a joiner or variation does not pull neighbours apart
		default:
			s.step(size)
		}
	}
}

func (s *scanner) ascii(c byte, end int) {
	switch {
	case isAlnum(c):
		if (c|0x20 == 'h' || c|0x20 == 'w') && !s.inside && s.free() && s.link(end) {
			return
		}
		s.word(end)
	case (c == '#' || c == '@') && !s.inside:
		s.tag(end, 1, c)
	case (c == '+' || c == '&') && s.touchesWord() && (c == '+' || s.at+1 < end && isAlnum(s.text[s.at+1])):
		s.single(Sign, 1, s.text[s.at:s.at+1])
	default:
		s.step(1)
	}
}

// free reports whether a tag or link may start here: not inside a word, so
// that "ana@host.example" has no handle.
func (s *scanner) free() bool {
	if s.last != s.at || len(s.tokens) == 0 {
		return true
	}
	kind := s.tokens[len(s.tokens)-1].Kind
	return kind == Letter || kind == Emoji
}

// touchesWord reports whether a word, or a sign after one, ended right here.
func (s *scanner) touchesWord() bool {
	return s.last == s.at && len(s.tokens) > 0 && s.tokens[len(s.tokens)-1].Kind != Emoji
}

func (s *scanner) step(size int) {
	s.at += size
	s.nth++
}

// emit adds a token that started at start, first and ends here.
func (s *scanner) emit(kind Kind, start, first int, fold string) {
	if fold == "" {
		return
	}
	s.tokens = append(s.tokens, Token{
		Kind: kind, Glued: start == s.last, Inside: s.inside,
		Start: start, End: s.at, First: first, Nth: s.nth, Fold: fold,
	})
	s.last = s.at
}

func (s *scanner) single(kind Kind, size int, fold string) {
	start, first := s.at, s.nth
	s.step(size)
	s.emit(kind, start, first, fold)
}

// word reads one word up to end and emits it.
func (s *scanner) word(end int) {
	start, first := s.at, s.nth
	fold := s.letters(end)
	s.emit(Word, start, first, fold)
}

// tag reads a hashtag or a handle, or steps over a sign that is neither. Its
// letters follow as tokens of their own when the script has no spaces, so that
// 東京 is found in #東京マラソン and #東京 is not.
func (s *scanner) tag(end, size int, sign byte) {
	start, first := s.at, s.nth
	kind := Hashtag
	if sign == '@' {
		kind = Handle
	}
	free := s.free()
	s.step(size)
	body, bodyNth := s.at, s.nth
	if !free {
		return
	}
	fold, mixed := s.body(end, sign)
	if len(fold) < 2 {
		s.at, s.nth = body, bodyNth
		return
	}
	s.emit(kind, start, first, fold)
	if mixed {
		s.replay(body, bodyNth, s.at)
	}
}

// replay scans a part of the last token again, as tokens inside it.
func (s *scanner) replay(from, nth, to int) {
	end, endNth := s.at, s.nth
	s.at, s.nth, s.inside, s.last = from, nth, true, from
	s.scan(to)
	s.at, s.nth, s.inside, s.last = end, endNth, false, end
}

// link reads a link if one starts here.
func (s *scanner) link(end int) bool {
	rest := s.text[s.at:end]
	skip := linkStart(rest)
	if skip < 0 {
		return false
	}
	length := linkEnd(rest, skip)
	if length <= skip {
		return false
	}
	start, first := s.at, s.nth
	s.at += length
	s.nth += utf8.RuneCountInString(rest[:length])
	s.emit(Link, start, first, Fold(rest[:length]))
	host := hostEnd(rest[:length], skip)
	s.replay(start+skip, first+skip, start+host)
	return true
}
