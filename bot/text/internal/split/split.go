// Package split cuts a message into words, emoji, links, handles and
// punctuation for the engines that count words: tone and theme. It knows how
// people write online: elision (l'avis), contractions (don't), hashtags
// (#PlusJamaisÇa), stretched letters (géniaaal), dotted and disguised words
// (c.o.n, V0leurs), emoticons. It knows no language, no lexicon and no meaning.
//
// Words come folded: lower-case, without accents, letters repeated three times
// or more cut to two. Offsets point into the text as it was given.
//
// Package token cuts for search instead: there a hashtag, a handle or the host of
// a link is what was asked for, and signs are nothing; here signs, moods and
// disguises count, and names do not. How letters fold is the same, and is there.
package split

import (
	"unicode"
	"unicode/utf8"
)

// Kind says what a token is.
type Kind uint8

// The kinds of token. A Mark is one punctuation sign, or a run of the same one.
const (
	Word Kind = iota
	Number
	Emoji
	Emoticon
	Link
	Handle
	Mark
)

// Flags say how a token was written.
type Flags uint8

// How a token was written. Mixed words hold digits or signs among their
// letters, or letters of two scripts; they may be disguised. Elided words stood
// before an apostrophe.
const (
	Upper Flags = 1 << iota
	Stretched
	Hashtag
	Mixed
	Elided
)

// Token is one piece of a message.
type Token struct {
	Start, End int    // byte offsets in the text
	from, to   int    // its folded form in the splitter's buffer
	Hash       uint64 // of the folded form
	Count      int    // how many signs a Mark or Emoji run holds, else 1
	Kind       Kind
	Flags      Flags
}

// Has reports whether all of the given flags are set.
func (t Token) Has(f Flags) bool { return t.Flags&f == f }

// Splitter cuts one text after another and reuses its memory; what it returned
// is good until the next Split. The zero value is ready. It is not for
// concurrent use.
type Splitter struct {
	text   string
	buf    []byte
	tokens []Token
}

// Folded returns a token's folded form. It must not be kept or changed.
func (s *Splitter) Folded(t Token) []byte { return s.buf[t.from:t.to] }

// Line returns the folded forms of all tokens, each preceded by a space, and a
// last space: what character n-grams are taken from.
func (s *Splitter) Line() []byte { return s.buf }

// Hash gives the hash that a folded word has as a Token.
func Hash(folded string) uint64 {
	h := Seed
	for i := 0; i < len(folded); i++ {
		h = Extend(h, folded[i])
	}
	return h
}

// Seed is the hash of no letters; Extend adds a byte to a hash.
const Seed uint64 = offset

// Extend adds a byte to a hash.
func Extend(h uint64, c byte) uint64 { return (h ^ uint64(c)) * prime }

const (
	offset = 14695981039346656037
	prime  = 1099511628211
)

// Longest is how many bytes of a text are read: more than any network lets people
// write, and little enough that nobody can keep a machine busy with one message.
const Longest = 1 << 14

// Split cuts a text, as far as Longest. Invalid UTF-8 is skipped.
func (s *Splitter) Split(text string) []Token {
	text = text[:min(len(text), Longest)]
	s.text, s.buf, s.tokens = text, s.buf[:0], s.tokens[:0]
	s.buf = append(s.buf, ' ')
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			i++
		case c < utf8.RuneSelf && !plain[c]:
			i = s.sign(i)
		default:
			i = s.other(i)
		}
	}
	return s.tokens
}

// plain holds the ASCII letters and digits.
var plain = asciiPlain()

func asciiPlain() (table [128]bool) {
	for c := range table {
		table[c] = '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	return table
}

// add closes a token whose folded form was appended to the buffer since from.
func (s *Splitter) add(kind Kind, flags Flags, start, end, from, count int) {
	if from == len(s.buf) {
		return
	}
	h := uint64(offset)
	for _, c := range s.buf[from:] {
		h = (h ^ uint64(c)) * prime
	}
	s.tokens = append(s.tokens, Token{Start: start, End: end, from: from, to: len(s.buf), Hash: h, Count: count, Kind: kind, Flags: flags})
	s.buf = append(s.buf, ' ')
}

// fixed adds a token whose folded form is the same whatever was written.
func (s *Splitter) fixed(kind Kind, form string, start, end int) int {
	from := len(s.buf)
	s.buf = append(s.buf, form...)
	s.add(kind, 0, start, end, from, 1)
	return end
}

// sign reads what starts with an ASCII sign: an emoticon, a handle, a hashtag
// or a run of one mark.
func (s *Splitter) sign(i int) int {
	text := s.text
	if n := emoticon(text[i:]); n > 0 && (i == 0 || !isPlain(text[i-1])) {
		from := len(s.buf)
		s.buf = append(s.buf, mood(text[i:i+n])...)
		s.add(Emoticon, 0, i, i+n, from, 1)
		return i + n
	}
	switch text[i] {
	case '@':
		if end := nameEnd(text, i+1); end > i+1 {
			from := len(s.buf)
			for _, c := range []byte(text[i:end]) {
				s.buf = foldRune(s.buf, rune(c))
			}
			s.add(Handle, 0, i, end, from, 1)
			return end
		}
	case '-':
		if i > 0 && letterAt(text, i+1) && text[i-1] > ' ' {
			return i + 1 // compound words count as their parts
		}
	case '$':
		if i+2 < len(text) && isLetter(text[i+1]) && isLetter(text[i+2]) {
			return s.word(i) // a letter in disguise
		}
	case '#':
		if end := s.hashtag(i); end > i {
			return end
		}
	}
	end := i + 1
	for end < len(text) && text[end] == text[i] {
		end++
	}
	from := len(s.buf)
	s.buf = append(s.buf, text[i])
	if end-i > 1 {
		s.buf = append(s.buf, text[i])
	}
	s.add(Mark, 0, i, end, from, end-i)
	return end
}

func isPlain(c byte) bool { return c < utf8.RuneSelf && plain[c] }

// nameEnd returns the end of a handle's name.
func nameEnd(text string, i int) int {
	for i < len(text) && (isPlain(text[i]) || text[i] == '_' || (text[i] == '.' || text[i] == '-') && i+1 < len(text) && isPlain(text[i+1])) {
		i++
	}
	return i
}

// other reads what starts with a letter, a digit or a sign outside ASCII.
func (s *Splitter) other(i int) int {
	text := s.text
	if end := linkEnd(text, i); end > i {
		return s.fixed(Link, "http", i, end)
	}
	r, size := rune(text[i]), 1
	if r >= utf8.RuneSelf {
		r, size = utf8.DecodeRuneInString(text[i:])
	}
	switch {
	case r < utf8.RuneSelf || unicode.IsLetter(r) || unicode.IsDigit(r):
		return s.word(i)
	case r == utf8.RuneError || unicode.IsSpace(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return i + size
	case isEmoji(r):
		return s.emoji(i, r, size)
	}
	from := len(s.buf)
	switch r {
	case '…':
		s.buf = append(s.buf, ".."...)
		s.add(Mark, 0, i, i+size, from, 3)
	case '’', '‘':
		// a lone apostrophe says nothing
	case '«', '»', '“', '”':
		s.buf = append(s.buf, '"')
		s.add(Mark, 0, i, i+size, from, 1)
	default:
		s.buf = append(s.buf, text[i:i+size]...)
		s.add(Mark, 0, i, i+size, from, 1)
	}
	return i + size
}

// linkEnd returns the end of a link or e-mail-like address that starts at i,
// or i. The evaluation sets write links as a bare "http" or "@url".
func linkEnd(text string, i int) int {
	rest := text[i:]
	if len(rest) < 4 || rest[0]|0x20 != 'h' && rest[0]|0x20 != 'w' {
		return i
	}
	link := len(rest) >= 7 && (rest[:7] == "http://" || rest[:4] == "www.") || len(rest) >= 8 && rest[:8] == "https://" || rest[:4] == "http"
	if !link {
		return i
	}
	end := i
	for end < len(text) && text[end] > ' ' {
		end++
	}
	return end
}

func isEmoji(r rune) bool {
	return r >= 0x1F000 || 0x2600 <= r && r <= 0x27BF || 0x2B00 <= r && r <= 0x2BFF || 0x2300 <= r && r <= 0x23FF || r == 0x203C || r == 0x2049 || 0x2190 <= r && r <= 0x21FF
}

// emoji reads a run of the same emoji; modifiers and joiners are dropped, a
// joined family counts as its first member.
func (s *Splitter) emoji(i int, first rune, size int) int {
	text, end, count := s.text, i+size, 1
	joined := false
	for end < len(text) {
		r, n := utf8.DecodeRuneInString(text[end:])
		switch {
		case r == 0x200D:
			joined = true
		case r == 0xFE0F || r == 0xFE0E || 0x1F3FB <= r && r <= 0x1F3FF:
			joined = false
		case joined && isEmoji(r):
			joined = false
		case r == first:
			count++
		default:
			return s.closeEmoji(i, end, first, count)
		}
		end += n
	}
	return s.closeEmoji(i, end, first, count)
}

func (s *Splitter) closeEmoji(start, end int, first rune, count int) int {
	from := len(s.buf)
	if 0x1F3FB > first || first > 0x1F3FF {
		s.buf = utf8.AppendRune(s.buf, first)
	}
	s.add(Emoji, 0, start, end, from, count)
	return end
}
