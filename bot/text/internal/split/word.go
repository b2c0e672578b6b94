package split

import (
	"unicode"
	"unicode/utf8"
)

// word reads a word or number that starts at i.
func (s *Splitter) word(i int) int {
	text, start, from := s.text, i, len(s.buf)
	var w shape
	if text[i] == '$' {
		s.buf = append(s.buf, '$')
		w.mixed = true
		i++
	}
	for i < len(text) {
		c := text[i]
		if c < utf8.RuneSelf {
			if plain[c] {
				s.buf = w.ascii(s.buf, from, c)
				i++
				continue
			}
			if next := s.inside(i, from, &w); next > i {
				i = next
				continue
			}
			break
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '’' || r == '‘' || r == 'ʼ' {
			if s.apostrophe(i+size, from, &w) {
				i += size
				continue
			}
			if w.elides(s.buf[from:]) && letterAt(text, i+size) {
				s.add(Word, w.flags()|Elided, start, i+size, from, 1)
				return i + size
			}
			break
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
			break
		}
		s.buf = w.rune(s.buf, from, r)
		i += size
	}
	return s.endWord(start, i, from, &w)
}

// endWord closes a word; an apostrophe after an elided one is swallowed.
func (s *Splitter) endWord(start, i, from int, w *shape) int {
	flags := w.flags()
	if i < len(s.text) && s.text[i] == '\'' && w.elides(s.buf[from:]) && letterAt(s.text, i+1) {
		i++
		flags |= Elided
	}
	if w.latin && w.foreign {
		s.imitate(from)
		flags |= Mixed
	}
	kind := Word
	if w.letters == 0 {
		kind = Number
		flags &^= Upper | Mixed
	}
	s.add(kind, flags, start, i, from, 1)
	return i
}

// inside decides about an ASCII sign in a word: a dot between single letters
// (s.a.v), an apostrophe of a contraction, a hyphen never, a sign that stands
// for a letter (c*n, m@rde). It returns where to go on, or i to end the word.
func (s *Splitter) inside(i, from int, w *shape) int {
	text := s.text
	switch text[i] {
	case '\'':
		if s.apostrophe(i+1, from, w) {
			return i + 1
		}
	case '.':
		single := i >= 1 && i+1 < len(text) && isLetter(text[i+1]) && (i+2 >= len(text) || !isPlain(text[i+2]) || text[i+2] == '.')
		if single && isLetter(text[i-1]) && (i == 1 || !isPlain(text[i-2])) && text[i+1] != ' ' {
			w.mixed = true
			return i + 1
		}
	case '*', '@', '$':
		end := i
		for end < len(text) && text[end] == text[i] && end-i < 6 {
			end++
		}
		if end < len(text) && isLetter(text[end]) && w.letters > 0 {
			for ; i < end; i++ {
				s.buf = append(s.buf, text[i])
			}
			w.mixed = true
			return end
		}
	}
	return i
}

// apostrophe reports whether the apostrophe before next belongs inside the
// word: don't, it's, we've, aujourd'hui. Elsewhere it elides or ends the word.
func (s *Splitter) apostrophe(next, from int, w *shape) bool {
	end := next
	for end < len(s.text) && isPlain(s.text[end]) {
		end++
	}
	word := s.buf[from:]
	switch s.text[next:end] {
	case "t", "T":
		return len(word) > 0 && word[len(word)-1] == 'n'
	case "s", "S", "m", "M", "d", "D", "re", "RE", "ve", "VE", "ll", "LL":
		return end == len(s.text) || s.text[end] < utf8.RuneSelf
	case "hui", "HUI":
		return string(word) == "aujourd"
	}
	return false
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func letterAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[min(i, len(text)):])
	return unicode.IsLetter(r)
}

// imitate replaces letters of other scripts by the Latin ones they resemble.
func (s *Splitter) imitate(from int) {
	word := string(s.buf[from:])
	s.buf = s.buf[:from]
	for _, r := range word {
		if c := lookalike(r); c != 0 {
			s.buf = append(s.buf, c)
			continue
		}
		s.buf = utf8.AppendRune(s.buf, r)
	}
}

// hashtag cuts a hashtag into words at its capitals and underscores and
// returns its end, or i if there is none.
func (s *Splitter) hashtag(i int) int {
	end, wordStart := i+1, i+1
	text := s.text
	previous := ' '
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
			break
		}
		next, _ := utf8.DecodeRuneInString(text[end+size:])
		hump := unicode.IsUpper(r) && (unicode.IsLower(previous) || unicode.IsUpper(previous) && unicode.IsLower(next))
		if r == '_' || hump || unicode.IsDigit(r) != unicode.IsDigit(previous) && end > wordStart {
			s.part(wordStart, end)
			wordStart = end
		}
		if r == '_' {
			wordStart = end + size
		}
		previous = r
		end += size
	}
	if end == i+1 {
		return i
	}
	s.part(wordStart, end)
	return end
}

// part adds one word of a hashtag.
func (s *Splitter) part(start, end int) {
	from := len(s.buf)
	var w shape
	for _, r := range s.text[start:end] {
		s.buf = w.rune(s.buf, from, r)
	}
	kind := Word
	if w.letters == 0 {
		kind = Number
	}
	s.add(kind, w.flags()|Hashtag, start, end, from, 1)
}

// shape is what is learnt about a word while it is read.
type shape struct {
	letters, upper, digits           int
	run                              int
	stretched, mixed, latin, foreign bool
}

func (w *shape) ascii(dst []byte, from int, c byte) []byte {
	switch {
	case c <= '9':
		w.digits++
	case c <= 'Z':
		w.upper++
		w.letters++
		w.latin = true
		c += 'a' - 'A'
	default:
		w.letters++
		w.latin = true
	}
	n := len(dst)
	if n > from && dst[n-1] == c && c > '9' {
		w.run++
		if w.run >= 2 {
			w.stretched = true
			return dst
		}
	} else {
		w.run = 0
	}
	return append(dst, c)
}

func (w *shape) rune(dst []byte, from int, r rune) []byte {
	if r < utf8.RuneSelf {
		return w.ascii(dst, from, byte(r))
	}
	before := len(dst)
	dst = foldRune(dst, r)
	if unicode.IsDigit(r) {
		w.digits++
		return dst
	}
	if unicode.Is(unicode.Mn, r) {
		return dst
	}
	w.letters++
	if unicode.IsUpper(r) {
		w.upper++
	}
	if r < 0x250 || r >= 0x1D400 && r <= 0x1D6A3 || r >= 0xFF21 && r <= 0xFF5A {
		w.latin = true
	} else if r >= 0x370 && r < 0x530 {
		w.foreign = true
	}
	if len(dst) == before+1 && before > from && dst[before] == dst[before-1] {
		w.run++
		if w.run >= 2 {
			w.stretched = true
			return dst[:before]
		}
	} else {
		w.run = 0
	}
	return dst
}

func (w *shape) flags() Flags {
	var f Flags
	if w.upper > 1 && w.upper == w.letters {
		f |= Upper
	}
	if w.stretched {
		f |= Stretched
	}
	if w.mixed || w.digits > 0 && w.letters > 1 {
		f |= Mixed
	}
	return f
}

// elides reports whether a folded word is one that loses its last vowel before
// another: l', d', qu', jusqu'…
func (w *shape) elides(word []byte) bool {
	switch string(word) {
	case "l", "d", "j", "n", "s", "c", "m", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu", "presqu", "entr", "y", "z":
		return true
	}
	return false
}
