package token

import (
	"strings"
	"unicode/utf8"
)

// letters reads a word and returns its fold, which is the text itself when
// nothing had to change.
func (s *scanner) letters(end int) string {
	start := s.at
	for s.at < end && isPlain(s.text[s.at]) {
		s.at++
	}
	s.nth += s.at - start
	if s.at == end || endsWord(s.text[s.at]) {
		return s.text[start:s.at]
	}
	from := s.open()
	s.folds.WriteString(s.text[start:s.at])
	foreign := s.rest(end, from, true)
	return s.close(from, foreign)
}

// body reads what follows '#' or '@'. A hashtag goes on through every script
// and says whether one of them is written without spaces.
func (s *scanner) body(end int, sign byte) (fold string, mixed bool) {
	from := s.open()
	s.folds.WriteByte(sign)
	foreign := false
	for {
		foreign = s.rest(end, from+1, false) || foreign
		r, size := utf8.DecodeRuneInString(s.text[s.at:end])
		switch {
		case r == '_':
			s.folds.WriteByte('_')
		case sign == '#' && size > 0 && classify(r) == unspaced:
			mixed = true
			s.folds.WriteString(foldUnspaced(r))
		default:
			return s.close(from, foreign), mixed
		}
		s.step(size)
	}
}

// open and close enclose the writing of one fold.
func (s *scanner) open() (from int) {
	if s.folds.Cap() == 0 {
		s.folds.Grow(len(s.text) + 8)
	}
	return s.folds.Len()
}

func (s *scanner) close(from int, foreign bool) string {
	fold := s.folds.String()[from:]
	if foreign {
		return latin(fold)
	}
	return fold
}

// rest reads on from inside a word or tag, folding into s.folds, where it
// starts at from. It reports whether it met Greek or Cyrillic letters.
func (s *scanner) rest(end, from int, isWord bool) (foreign bool) {
	for s.at < end {
		c := s.text[s.at]
		if c < utf8.RuneSelf {
			switch {
			case isAlnum(c):
				s.folds.WriteByte(toLower[c])
			case c == '_' && s.joins(end, 1, from):
				s.folds.WriteByte('_')
			case c == '\'' && isWord && s.joins(end, 1, from) && !s.cuts(end, 1, from):
				s.folds.WriteByte('\'')
			default:
				return foreign
			}
			s.step(1)
			continue
		}
		r, size := utf8.DecodeRuneInString(s.text[s.at:end])
		switch class := classify(r); {
		case class == letter || class == mark && s.folds.Len() > from:
			s.writeFold(r)
			foreign = foreign || isForeign(r)
		case class == ignored && s.folds.Len() > from:
		case isApostrophe(r) && isWord && s.joins(end, size, from) && !s.cuts(end, size, from):
			s.folds.WriteByte('\'')
		default:
			return foreign
		}
		s.step(size)
	}
	return foreign
}

// joins reports whether the sign of that size here, inside a word, is followed
// by more of the word.
func (s *scanner) joins(end, size, from int) bool {
	next := s.at + size
	if next >= end || s.folds.Len() == from {
		return false
	}
	if c := s.text[next]; c < utf8.RuneSelf {
		return isAlnum(c)
	}
	r, _ := utf8.DecodeRuneInString(s.text[next:end])
	return classify(r) == letter
}

// cuts reports whether the apostrophe here ends a word: after an elision
// ("l'Oréal") or before a final s ("Apple's").
func (s *scanner) cuts(end, size, from int) bool {
	if isElision(s.folds.String()[from:]) {
		return true
	}
	next := s.at + size
	if s.text[next]|0x20 != 's' {
		return false
	}
	r, n := utf8.DecodeRuneInString(s.text[next+1 : end])
	return n == 0 || classify(r) != letter && !(r < utf8.RuneSelf && isAlnum(byte(r)))
}

func isElision(fold string) bool {
	switch fold {
	case "l", "d", "j", "m", "t", "s", "n", "c", "qu", "lorsqu", "puisqu", "quoiqu", "jusqu",
		"all", "dall", "dell", "nell", "sull", "un", "quell", "quest":
		return true
	}
	return false
}

// linkStart returns the length of the scheme, or -1 if no link starts here.
func linkStart(text string) int {
	for _, scheme := range [...]string{"https://", "http://", "www."} {
		if len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) && (isAlnum(text[len(scheme)]) || text[len(scheme)] >= utf8.RuneSelf) {
			if scheme == "www." {
				return 0
			}
			return len(scheme)
		}
	}
	return -1
}

// linkEnd returns where the link ends: before a space or a sign that closes
// the sentence or the quotation around it.
func linkEnd(text string, skip int) int {
	end := strings.IndexFunc(text, func(r rune) bool {
		return r <= ' ' || r == '<' || r == '>' || r == '"' || r == utf8.RuneError ||
			r >= utf8.RuneSelf && endsLink(classify(r))
	})
	if end < 0 {
		end = len(text)
	}
	for end > skip && strings.IndexByte(".,;:!?)]}'*", text[end-1]) >= 0 {
		end--
	}
	return end
}

// endsLink keeps accents in links and leaves typography, emoji and the text of
// scripts without spaces out of them.
func endsLink(class class) bool { return class == other || class == symbol || class == unspaced }

func hostEnd(link string, skip int) int {
	if end := strings.IndexAny(link[skip:], "/?#:"); end >= 0 {
		return skip + end
	}
	return len(link)
}
