package tone

import "crieur/bot/text/internal/split"

// disguised looks a word up that was written to slip past filters: digits and
// signs for letters (V0leurs, @rnaque, m3rd€), stars (c*nnard), dots (c.o.n). A
// handle counts only when what it imitates is a known bad word.
func (r *reading) disguised(l *lexicon, folded []byte, handle bool) *entry {
	r.scratch = r.scratch[:0]
	stars := false
	for i, c := range folded {
		if handle && i == 0 && c == '@' {
			r.scratch = append(r.scratch, 'a')
			continue
		}
		if c == '*' {
			stars = true
		}
		if plain := letterFor(c); plain != 0 {
			c = plain
		}
		r.scratch = append(r.scratch, c)
	}
	if stars {
		return l.starred(r.scratch)
	}
	e := l.find(split.Hash(string(r.scratch)))
	if e == nil && !handle {
		e = l.find(r.squeezed(append([]byte(nil), r.scratch...)))
	}
	if e == nil || handle && !e.bad() {
		return nil
	}
	return e
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

// starred finds the first toxic word that a word with stars can be; a run of
// stars stands for as many letters, or for any number of them when it is long.
func (l *lexicon) starred(pattern []byte) *entry {
	for _, candidate := range l.bad {
		if matches(pattern, candidate) {
			return l.find(split.Hash(candidate))
		}
	}
	return nil
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
