package tone

import "crieur/bot/text/internal/split"

// disguised looks a word up that was written to slip past filters: digits and
// signs for letters (V0leurs, @rnaque, m3rd€), stars (c*nnard), dots (c.o.n). A
// handle counts only when what it imitates is a known bad word.
func (r *reading) disguised(l *lexicon, i int, handle bool) *entry {
	r.scratch = r.scratch[:0]
	stars := false
	for j, c := range r.cutter.Folded(r.tokens[i]) {
		if handle && j == 0 {
			c = 'a'
		}
		stars = stars || c == '*'
		if plain := letterFor(c); plain != 0 {
			c = plain
		}
		r.scratch = append(r.scratch, c)
	}
	if stars {
		r.scratch = l.starred(r.scratch)
	}
	hash := split.Hash(string(r.scratch))
	e := l.find(hash)
	if e == nil && !handle {
		hash = r.squeezed([]byte(string(r.scratch)))
		e = l.find(hash)
	}
	if e == nil || handle && !e.bad() {
		return nil
	}
	r.tokens[i].Hash = hash // phrases know the plain word
	return e
}

// spelledMost is how many letters in a row are looked at together.
const spelledMost = 40

// spelled finds bad words written letter by letter, with spaces between. The
// first letter gets the word's entry.
func (r *reading) spelled(l *lexicon) {
	for i := 0; i < len(r.tokens); i++ {
		r.scratch = r.scratch[:0]
		end := i
		for end < len(r.tokens) && end-i < spelledMost && r.tokens[end].Kind == split.Word && len(r.cutter.Folded(r.tokens[end])) == 1 {
			r.scratch = append(r.scratch, r.cutter.Folded(r.tokens[end])[0])
			end++
		}
		if end-i >= 4 {
			r.findSpelled(l, i)
		}
		i = max(i, end-1)
	}
}

// findSpelled looks for the longest bad word that starts anywhere in the letters
// that were gathered from token i on.
func (r *reading) findSpelled(l *lexicon, i int) {
	for start := 0; start+4 <= len(r.scratch); start++ {
		for end := len(r.scratch); end >= start+4; end-- {
			if e := l.find(split.Hash(string(r.scratch[start:end]))); e != nil && e.bad() {
				r.words[i+start].entry = e
				return
			}
		}
	}
}

// letterFor gives the letter that a digit or sign stands for in a disguise.
func letterFor(c byte) byte {
	switch c {
	case '0':
		return 'o'
	case '1', '!':
		return 'i'
	case '3':
		return 'e'
	case '4', '@':
		return 'a'
	case '5', '$':
		return 's'
	case '7':
		return 't'
	case '8':
		return 'b'
	}
	return 0
}

// bad reports an entry that is toxic or an accusation.
func (e *entry) bad() bool {
	for in := french; in < tongues; in++ {
		if e.own[in] <= -3 {
			return true
		}
		for _, level := range e.toxic[in] {
			if level >= 2 {
				return true
			}
		}
	}
	return false
}

// starred gives the first toxic word that a word with stars can be, each star
// standing for a letter; or the pattern itself.
func (l *lexicon) starred(pattern []byte) []byte {
	for _, candidate := range l.bad {
		if matches(pattern, candidate) {
			return append(pattern[:0], candidate...)
		}
	}
	return pattern
}

func matches(pattern []byte, word string) bool {
	if len(pattern) != len(word) {
		return false
	}
	for i := range pattern {
		if pattern[i] != '*' && pattern[i] != word[i] {
			return false
		}
	}
	return true
}
