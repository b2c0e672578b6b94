package similar

import (
	"slices"
	"strings"
	"unicode/utf8"

	"crieur/bot/text/token"
)

// plain is a text with everything set aside that a copy may change for free:
// case, accents, typography, links, emoji, "RT @ana:" in front and "via @ana"
// behind.
type plain struct {
	text  string // its words, one space between them
	spans []Span // where each word stands in the text as it was
}

// linkMark starts the simplified text of a post that is only links. Such posts
// are the same or not; addresses that look alike mean nothing.
const linkMark = "\x00"

// simplify reads a text. A text that is only links is read as their addresses,
// tracking parameters left out.
func simplify(text string) plain { return simplified(token.Scan(nil, text)) }

func simplified(tokens []token.Token) plain {
	tokens = dropCredits(tokens)
	p := plain{spans: make([]Span, 0, len(tokens))}
	var words strings.Builder
	words.Grow(roomFor(tokens))
	for _, t := range tokens {
		if t.Inside || t.Kind == token.Link || t.Kind == token.Emoji || t.Fold == "http" || t.Fold == "https" {
			continue
		}
		p.add(&words, t.Fold, Span{t.First, t.Nth})
	}
	if len(p.spans) == 0 {
		return simplifyLinks(tokens)
	}
	p.text = words.String()
	return p
}

// roomFor is how many bytes the words of tokens may take.
func roomFor(tokens []token.Token) (n int) {
	for _, t := range tokens {
		n += len(t.Fold) + 1
	}
	return n
}

func simplifyLinks(tokens []token.Token) (p plain) {
	for _, t := range tokens {
		if t.Kind != token.Link {
			continue
		}
		if len(p.spans) == 0 {
			p = plain{linkMark, []Span{{t.First, t.Nth}}}
		}
		p.text += address(t.Fold) + linkMark
		p.spans[0].End = t.Nth
	}
	return p
}

func (p *plain) add(words *strings.Builder, fold string, span Span) {
	if len(p.spans) > 0 {
		words.WriteByte(' ')
	}
	if fold[0] == '#' || fold[0] == '@' {
		fold = fold[1:]
	}
	words.WriteString(strings.ReplaceAll(token.Squeeze(fold), " ", "_"))
	p.spans = append(p.spans, span)
}

// dropCredits takes "RT @ana:" off the front and "via @ana" off the end.
func dropCredits(tokens []token.Token) []token.Token {
	for len(tokens) > 1 && tokens[0].Fold == "rt" && tokens[1].Kind == token.Handle {
		tokens = tokens[2:]
	}
	for n := len(tokens); n > 1 && tokens[n-2].Fold == "via" && tokens[n-1].Kind == token.Handle; n = len(tokens) {
		tokens = tokens[:n-2]
	}
	return tokens
}

// address returns the part of a link that says where it leads.
func address(link string) string {
	if _, after, is := strings.Cut(link, "//"); is {
		link = after
	}
	link, _, _ = strings.Cut(strings.TrimPrefix(link, "www."), "#")
	path, query, _ := strings.Cut(link, "?")
	path = strings.TrimSuffix(path, "/")
	var parameters []string
	for parameter := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(parameter, "="); name != "" && !isTracking(name) {
			parameters = append(parameters, parameter)
		}
	}
	slices.Sort(parameters)
	return path + "?" + strings.Join(parameters, "&")
}

func isTracking(name string) bool {
	switch name {
	case "fbclid", "gclid", "dclid", "msclkid", "twclid", "ttclid", "yclid", "igshid", "igsh", "mc_cid", "mc_eid", "si", "ref", "ref_src", "xtor", "cmpid":
		return true
	}
	return strings.HasPrefix(name, "utm_") || strings.HasPrefix(name, "at_")
}

// shingles are the pieces by which texts are compared: runs of four
// characters, and pairs of words. Both are hashed; each counts once.
type shingles struct {
	runs, pairs set
	words       []uint32 // hashes, in order
}

// read takes the pieces of a simplified text.
func (s *shingles) read(text string) {
	s.runs.reset(len(text))
	s.pairs.reset(len(text) / 2)
	s.words = s.words[:0]
	if strings.HasPrefix(text, linkMark) {
		s.words = append(s.words, hashID(text))
		s.runs.add(s.words[0])
		return
	}
	last, word := uint64(0), uint64(wordSeed)
	run, count := uint64(' '), 1 // the last four characters, 16 bits each
	for i := 0; i <= len(text); {
		r, size := ' ', 1
		if i < len(text) {
			r, size = rune(text[i]), 1
			if r >= utf8.RuneSelf {
				r, size = utf8.DecodeRuneInString(text[i:])
			}
		}
		i += size
		run = run<<16 ^ uint64(r)
		if count++; count >= runLength {
			s.runs.add(finish(run * prime))
		}
		if r != ' ' {
			word = (word ^ uint64(r)) * prime
			continue
		}
		if word == wordSeed {
			continue
		}
		if s.words = append(s.words, finish(word)); last != 0 {
			s.pairs.add(finish(last*prime + word))
		}
		last, word = word, wordSeed
	}
}

const (
	runLength = 4
	prime     = 0x9e3779b97f4a7c15
	wordSeed  = 0x51ed270b9f8e2d17
)

// finish makes 32 well mixed bits of a hash.
func finish(h uint64) uint32 {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return uint32(h >> 32)
}

// set is a set of hashes. It keeps its room when it is emptied.
type set struct {
	table []uint32 // a power of two long, at most half full; 0 is a free place
	list  []uint32 // in the order added
}

func (s *set) reset(most int) {
	size := 16
	for size < 2*most+2 {
		size *= 2
	}
	if size > cap(s.table) {
		s.table = make([]uint32, size)
	} else {
		s.table = s.table[:size]
		clear(s.table)
	}
	s.list = s.list[:0]
}

func (s *set) add(h uint32) {
	h = max(h, 1)
	at := s.place(h)
	if s.table[at] == 0 {
		s.table[at] = h
		s.list = append(s.list, h)
	}
}

func (s *set) has(h uint32) bool { return s.table[s.place(h)] != 0 }

func (s *set) place(h uint32) uint32 {
	mask := uint32(len(s.table) - 1)
	at := h & mask
	for s.table[at] != 0 && s.table[at] != h {
		at = (at + 1) & mask
	}
	return at
}

// shared counts what two sets have in common.
func (s *set) shared(other *set) (n int) {
	for _, h := range other.list {
		if s.has(h) {
			n++
		}
	}
	return n
}
