package lang

import (
	"unicode"
	"unicode/utf8"
)

const (
	buckets  = 1 << 15
	features = 1       // a bias
	longest  = 1 << 12 // bytes of a text that are read: a language shows early
)

// scanner keeps the letters of one text: words in lower case with their
// accents, one space around each. Links, handles and digits are left out.
type scanner struct {
	line    []byte
	found   []uint32
	dense   [features]float32
	latin   int // letters by script
	arabic  int
	persian int // letters that Arabic lacks
	foreign int
}

func (s *scanner) scan(text string) {
	text = text[:min(len(text), longest)]
	s.line = append(s.line[:0], ' ')
	s.dense[0] = 1
	s.latin, s.arabic, s.persian, s.foreign = 0, 0, 0, 0
	for i := 0; i < len(text); {
		c := text[i]
		if c == '@' || c == 'h' && link(text[i:]) || c == 'w' && link(text[i:]) {
			i = skip(text, i)
			continue
		}
		if c < utf8.RuneSelf {
			i++
			s.ascii(c)
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		s.rune(r)
	}
	s.space()
}

func (s *scanner) space() {
	if s.line[len(s.line)-1] != ' ' {
		s.line = append(s.line, ' ')
	}
}

func (s *scanner) ascii(c byte) {
	switch {
	case 'a' <= c && c <= 'z':
	case 'A' <= c && c <= 'Z':
		c += 'a' - 'A'
	default:
		s.space()
		return
	}
	s.latin++
	s.line = append(s.line, c)
}

func (s *scanner) rune(r rune) {
	switch {
	case 0xC0 <= r && r < 0x250 && r != '×' && r != '÷' || 0x1E00 <= r && r < 0x1F00:
		s.latin++
		s.line = utf8.AppendRune(s.line, unicode.ToLower(r))
	case 0x620 <= r && r <= 0x6FF && unicode.IsLetter(r):
		s.arabic++
		switch r {
		case 'پ', 'چ', 'ژ', 'گ', 'ک', 'ی', 'ے', 'ٹ', 'ڈ', 'ہ', 'ں', 'ۆ', 'ې':
			s.persian++
		}
		s.space()
	case 0x300 <= r && r < 0x370 || r == '’':
		if r == '’' {
			s.space()
		}
	case unicode.IsLetter(r):
		s.foreign++
		s.space()
	default:
		s.space()
	}
}

// byScript decides texts that are not mostly in Latin letters.
func (s *scanner) byScript() (code string, sure float64, decided bool) {
	all := s.latin + s.arabic + s.foreign
	switch {
	case all == 0:
		return Other, 0, true
	case s.foreign*2 > all:
		return Other, float64(s.foreign) / float64(all), true
	case s.arabic*2 > all && s.persian*25 > s.arabic:
		return Other, 0.9, true
	case s.arabic*2 > all:
		return "ar", float64(s.arabic) / float64(all), true
	}
	return "", 0, false
}

func link(rest string) bool {
	return len(rest) >= 4 && (rest[:4] == "http" || rest[:4] == "www.")
}

// skip passes over a link or handle.
func skip(text string, i int) int {
	for i < len(text) && text[i] > ' ' {
		i++
	}
	return i
}

// grams gives the buckets of the words and of sequences of one to four bytes.
func (s *scanner) grams() []uint32 {
	s.found = s.found[:0]
	word := uint32(offset)
	for i, c := range s.line {
		if c == ' ' {
			if word != offset {
				s.found = append(s.found, mix(word), mix(word)) // a whole word counts twice
			}
			word = offset
		} else {
			word = (word ^ uint32(c)) * prime
		}
		h := uint32(offset + 1)
		for n := 0; n < 5 && i+n < len(s.line); n++ {
			h = (h ^ uint32(s.line[i+n])) * prime
			if n > 0 {
				s.found = append(s.found, mix(h))
			}
		}
	}
	return s.found
}

const (
	offset = 2166136261
	prime  = 16777619
)

func mix(h uint32) uint32 {
	h ^= h >> 15
	return h * 0x2C1B3C6D >> (32 - 15)
}
