package lexicon

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Costs of one difference between what is written and what was meant, in tenths
// of a plain one. People drop accents most, then double or swap letters.
const (
	costCase   = 2
	costAccent = 4
	costDouble = 7
	costSwap   = 8
	costPlain  = 10
	costFirst  = 4 // more, when it is the first letter
	gainCommon = 4 // less, for a frequent word
)

// maxNear is the longest form, in letters, for which neighbours are sought.
const maxNear = 30

// Near returns up to limit right forms near a wrong one, the nearest first:
// one difference away, else, when two are allowed, two; missing accents and
// capitals are no differences. It takes about 0.1 ms for one and 1 ms for two.
// A form of more than 30 letters has no neighbours.
func (d *Dictionary) Near(form string, limit, differences int) []string {
	s := search{d: d, form: []rune(strings.ReplaceAll(form, "’", "'")), cost: map[string]int{}}
	if len(s.form) > maxNear || len(s.form) < 2 {
		return nil
	}
	s.walk(1, 0, 1, 0)
	if len(s.cost) == 0 && len(s.form) > 3 && differences > 1 {
		s.walk(1, 0, 2, 0)
	}
	return s.best(limit)
}

// search walks the graph along a form, a few differences at most.
type search struct {
	d    *Dictionary
	form []rune
	path []rune
	cost map[string]int
}

// walk goes on from a node with the form read up to i and some differences
// left.
func (s *search) walk(node uint32, i, left, cost int) {
	if left > 0 && i < len(s.form) { // a letter too many
		s.tooMany(node, i, left, cost)
	}
	for ; node != 0; node++ {
		e := s.d.edge(node)
		letter, next := s.d.letters[e&0xff], e>>targetAt
		s.path = append(s.path, letter)
		if i < len(s.form) {
			switch written := s.form[i]; {
			case written == letter:
				s.arrive(e, next, i+1, left, cost)
			case Fold(written) == Fold(letter):
				step := costAccent
				if unicode.ToLower(letter) == written {
					step = costCase
				}
				s.arrive(e, next, i+1, left, cost+step)
			case left > 0:
				s.arrive(e, next, i+1, left-1, cost+first(costPlain, i))
			}
		}
		if left > 0 {
			s.missing(e, next, letter, i, left, cost)
		}
		s.path = s.path[:len(s.path)-1]
		if e&lastEdge != 0 {
			return
		}
	}
}

// tooMany skips the letter written at i.
func (s *search) tooMany(node uint32, i, left, cost int) {
	s.walk(node, i+1, left-1, cost+first(s.surplus(i), i))
}

// surplus is the cost of the letter written at i when it is one too many.
func (s *search) surplus(i int) int {
	if i > 0 && s.form[i] == s.form[i-1] || i+1 < len(s.form) && s.form[i] == s.form[i+1] {
		return costDouble
	}
	return costPlain
}

// missing takes a letter that is not written, or one that was swapped with the
// next.
func (s *search) missing(e, next uint32, letter rune, i, left, cost int) {
	step := costPlain
	if len(s.path) > 1 && s.path[len(s.path)-2] == letter || i < len(s.form) && s.form[i] == letter {
		step = costDouble
	}
	s.arrive(e, next, i, left-1, cost+first(step, i))
	if next == 0 || i+1 >= len(s.form) || Fold(s.form[i+1]) != Fold(letter) || s.form[i] == s.form[i+1] {
		return
	}
	for ; ; next++ {
		swapped := s.d.edge(next)
		if after := s.d.letters[swapped&0xff]; Fold(after) == Fold(s.form[i]) {
			step := costSwap
			if after != s.form[i] || letter != s.form[i+1] {
				step += costAccent
			}
			s.path = append(s.path, after)
			s.arrive(swapped, swapped>>targetAt, i+2, left-1, cost+first(step, i))
			s.path = s.path[:len(s.path)-1]
		}
		if swapped&lastEdge != 0 {
			return
		}
	}
}

func first(step, i int) int {
	if i == 0 {
		return step + costFirst
	}
	return step
}

// arrive follows an edge: a form may end there, with what is still written too
// much, and others go on.
func (s *search) arrive(e, next uint32, i, left, cost int) {
	if class := Class(e >> classAt & 3); class&Plain != 0 && len(s.form)-i <= left {
		total := cost
		for j := i; j < len(s.form); j++ {
			total += s.surplus(j)
		}
		if class == Common {
			total -= gainCommon
		}
		s.record(total)
	}
	if next != 0 && (i < len(s.form) || left > 0) {
		s.walk(next, i, left, cost)
	}
}

func (s *search) record(cost int) {
	if len(s.path) < 2 {
		return // a single letter says nothing
	}
	found := string(s.path)
	if was, ok := s.cost[found]; !ok || cost < was {
		s.cost[found] = cost
	}
}

// best sorts what was found: by cost, then the longer, then by alphabet.
func (s *search) best(limit int) []string {
	all := make([]string, 0, len(s.cost))
	for found := range s.cost {
		all = append(all, found)
	}
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(cmp.Compare(s.cost[a], s.cost[b]), cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	return all[:min(limit, len(all))]
}

// Fold is a letter without capital or accent.
func Fold(r rune) rune {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}
	if r == '’' {
		return '\''
	}
	const from, to = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿœæ", "aaaaaaceeeeiiiinooooouuuuyyoa"
	r = unicode.ToLower(r)
	n := 0
	for _, f := range from {
		if f == r {
			return rune(to[n])
		}
		n++
	}
	return r
}
