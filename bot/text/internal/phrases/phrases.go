// Package phrases finds the words and phrases of lists in a text that package
// split cut. Lists are written by people: braces stand for variants
// ("reçu{,e}"), # for any number, a star at the end of a single word for any
// ending. It knows nothing of what the lists mean.
package phrases

import (
	"strings"

	"crieur/bot/text/internal/split"
)

// Number is the hash that stands for any number in a phrase.
var Number = split.Hash("#")

// Join extends the hash of a phrase by one word. The order of words counts, and
// a word said twice is no special case.
func Join(phrase, word uint64) uint64 {
	return (phrase*0xD6E8FEB86659FD93 ^ word) * 0x9E3779B97F4A7C15
}

// Items cuts a line of a list at its commas, leaving those in braces.
func Items(line string) []string {
	var items []string
	depth, start := 0, 0
	for i, r := range line {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		case ',':
			if depth == 0 {
				items = append(items, strings.TrimSpace(line[start:i]))
				start = i + 1
			}
		}
	}
	return append(items, strings.TrimSpace(line[start:]))
}

// Expand gives the forms that braces stand for: "reçu{,e}" is reçu and reçue.
func Expand(item string) []string {
	open := strings.IndexByte(item, '{')
	if open < 0 {
		return []string{item}
	}
	length := strings.IndexByte(item[open:], '}')
	if length < 0 {
		return []string{item}
	}
	var forms []string
	for _, choice := range strings.Split(item[open+1:open+length], ",") {
		for _, rest := range Expand(item[open+length+1:]) {
			forms = append(forms, item[:open]+choice+rest)
		}
	}
	return forms
}

// Index finds entries. Add everything first; then it may be read at the same
// time by many.
type Index struct {
	whole    map[uint64][]int
	prefix   map[uint64][]int
	longest  map[uint64]int // words in the longest phrase by its first word
	shortest int            // of the prefixes, in bytes
	farthest int            // of the prefixes, the longest
	cut      split.Splitter // for Add
}

// NewIndex makes an empty index.
func NewIndex() *Index {
	return &Index{whole: map[uint64][]int{}, prefix: map[uint64][]int{}, longest: map[uint64]int{}, shortest: 1 << 10}
}

// Add makes an item, with its variants, stand for id. It reports whether
// anything in it can be found.
func (x *Index) Add(item string, id int) bool {
	found := false
	for _, form := range Expand(item) {
		if stem, ok := strings.CutSuffix(form, "*"); ok && !strings.Contains(stem, " ") {
			stem = split.Fold(stem)
			if len(stem) >= 3 {
				x.prefix[split.Hash(stem)] = append(x.prefix[split.Hash(stem)], id)
				x.shortest, x.farthest = min(x.shortest, len(stem)), max(x.farthest, len(stem))
				found = true
			}
			continue
		}
		found = x.phrase(form, id) || found
	}
	return found
}

func (x *Index) phrase(form string, id int) bool {
	tokens := x.cut.Split(form)
	if len(tokens) == 0 {
		return false
	}
	hash := tokens[0].Hash
	for _, t := range tokens[1:] {
		hash = Join(hash, t.Hash)
	}
	x.whole[hash] = append(x.whole[hash], id)
	x.longest[tokens[0].Hash] = max(x.longest[tokens[0].Hash], len(tokens))
	return true
}

// Match is an entry found: its id, its first token and how many it has.
type Match struct{ ID, At, Span int }

// Find appends the entries that the tokens hold; of several phrases of one id
// that start at the same token only the longest is given.
func (x *Index) Find(s *split.Splitter, tokens []split.Token, dst []Match) []Match {
	for i, t := range tokens {
		start := len(dst)
		hash := loose(t)
		longest := max(x.longest[hash], 1)
		for n := 1; n <= longest && i+n <= len(tokens); n++ {
			if n > 1 {
				hash = Join(hash, loose(tokens[i+n-1]))
			}
			for _, id := range x.whole[hash] {
				dst = put(dst, start, Match{id, i, n})
			}
		}
		if t.Kind == split.Word {
			for _, id := range x.stems(s.Folded(t)) {
				dst = put(dst, start, Match{id, i, 1})
			}
		}
	}
	return dst
}

func loose(t split.Token) uint64 {
	if t.Kind == split.Number {
		return Number
	}
	return t.Hash
}

// put adds a match or replaces the shorter one of the same id since start.
func put(dst []Match, start int, m Match) []Match {
	for i := start; i < len(dst); i++ {
		if dst[i].ID == m.ID {
			dst[i].Span = max(dst[i].Span, m.Span)
			return dst
		}
	}
	return append(dst, m)
}

// stems gives the ids of the longest stem that a word starts with.
func (x *Index) stems(word []byte) []int {
	var found []int
	h := split.Seed
	for n, c := range word[:min(len(word), x.farthest)] {
		h = split.Extend(h, c)
		if n+1 < x.shortest {
			continue
		}
		if ids, ok := x.prefix[h]; ok {
			found = ids
		}
	}
	return found
}
