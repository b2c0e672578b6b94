package match

import "crieur/bot/text/token"

// scratch is what matching one post needs room for. Nothing in it needs
// clearing: see view.round.
type scratch struct {
	view
	tried   []uint32 // by rule: was it looked at for this post?
	present []int32  // the terms that the post has
}

func (w *scratch) begin(terms, rules int) {
	if w.round++; w.round == 0 {
		clear(w.has)
		clear(w.tried)
		w.round = 1
	}
	w.has, w.tried, w.present = grown(w.has, terms), grown(w.tried, rules), w.present[:0]
}

func grown(list []uint32, size int) []uint32 {
	if size <= len(list) {
		return list
	}
	return append(list, make([]uint32, size-len(list)+size/8)...)
}

// match calls yield with every rule that the post in w meets, in no order.
func (x *index) match(w *scratch, yield func(*rule, *view)) {
	w.begin(len(x.terms), len(x.rules))
	for i := range w.tokens {
		t := &w.tokens[i]
		x.look(w, t.Fold)
		if t.Kind == token.Hashtag || t.Kind == token.Handle {
			x.look(w, t.Fold[1:])
		}
	}
	for _, field := range w.fields {
		x.note(w, x.exact, field)
	}
	for _, id := range x.always {
		x.try(w, id, false, yield)
	}
	for _, id := range w.present {
		for _, p := range x.terms[id].rules {
			if w.meets(p.needs) {
				x.try(w, p.rule, p.sure, yield)
			}
		}
	}
}

// look notes a word of the post, and the prefixes that it begins with.
func (x *index) look(w *scratch, fold string) {
	x.note(w, x.exact, fold)
	if len(x.prefixes) == 0 {
		return
	}
	hash := uint32(0)
	for i := range min(len(fold), maxPrefix) {
		hash = hashOn(hash, fold[i])
		if x.maybe[hash>>hashShift]&(1<<(hash&63)) != 0 {
			x.note(w, x.prefixes, fold[:i+1])
		}
	}
}

// The filter in front of the prefixes is a table of 2^hashBits words of 64
// bits. A prefix that is taken away leaves its bit, which costs a look-up.
const (
	hashBits  = 13
	hashShift = 32 - hashBits
)

// hashOn goes on with a hash by one byte.
func hashOn(hash uint32, c byte) uint32 { return (hash ^ uint32(c) + 0x9e37) * 0x9e3779b1 }

func hashAll(prefix string) (hash uint32) {
	for i := range len(prefix) {
		hash = hashOn(hash, prefix[i])
	}
	return hash
}

func (x *index) note(w *scratch, table map[string]int32, text string) {
	if id, known := table[text]; known && w.has[id] != w.round {
		w.has[id] = w.round
		w.present = append(w.present, id)
	}
}

// meets reports whether the post has one of the terms, or none is asked for.
func (w *scratch) meets(needs [maxNeeds]int32) bool {
	return needs[0] == 0 || w.has[needs[0]] == w.round ||
		needs[1] != 0 && w.has[needs[1]] == w.round ||
		needs[2] != 0 && w.has[needs[2]] == w.round
}

// try calls yield with a rule that is met, once a post.
func (x *index) try(w *scratch, id int32, sure bool, yield func(*rule, *view)) {
	if w.tried[id] == w.round {
		return
	}
	w.tried[id] = w.round
	if r := &x.rules[id]; sure || r.root.holds(&w.view) {
		yield(r, &w.view)
	}
}
