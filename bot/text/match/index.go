package match

import "slices"

// index finds the rules that a post may meet. Terms and rules are numbered;
// numbers that fall free are given out again.
type index struct {
	names     map[string]int32 // rules
	rules     []rule           // by number; without a name when free
	freeRules []int32
	exact     map[string]int32 // terms that a post has whole: words, tags, links, field keys
	prefixes  map[string]int32 // terms that a word of the post begins with
	maybe     []uint64         // by hash: may this be a prefix?
	terms     []term           // by number, from 1
	freeTerms []int32
	always    []int32 // rules without a required term
}

// rule is one rule in the index.
type rule struct {
	name    string
	root    node
	anchors []int32 // the terms that it hangs on
}

// term is one term in the index.
type term struct {
	users int       // how many words of rules it stands for
	rules []posting // that hang on it
}

// posting is a rule that hangs on a term, and up to maxNeeds other terms of
// which it needs one as well: kept side by side, since what is far in memory
// costs more than all the rest. A 0 is no term.
type posting struct {
	rule  int32
	sure  bool // the rule is met then, and need not be read
	needs [maxNeeds]int32
}

const maxNeeds = 3

func newIndex() index {
	return index{
		names: map[string]int32{}, exact: map[string]int32{}, prefixes: map[string]int32{},
		maybe: make([]uint64, 1<<hashBits), terms: make([]term, 1),
	}
}

func (x *index) add(name string, query *Query) {
	id := int32(len(x.rules))
	if last := len(x.freeRules) - 1; last >= 0 {
		id, x.freeRules = x.freeRules[last], x.freeRules[:last]
	} else {
		x.rules = append(x.rules, rule{})
	}
	r := &x.rules[id]
	*r, x.names[name] = rule{name: name, root: query.root}, id
	hooks := r.root.hooks(x.load)
	r.root.each(x.hold)
	if hooks == nil {
		x.always = append(x.always, id)
		return
	}
	for _, h := range hooks {
		anchor := x.table(h.anchor)[h.anchor.text]
		r.anchors = append(r.anchors, anchor)
		x.terms[anchor].rules = append(x.terms[anchor].rules, posting{id, h.sure, x.needs(h.needs)})
	}
}

// needs returns the numbers of those terms, or none if they are too many.
func (x *index) needs(keys []key) (numbers [maxNeeds]int32) {
	if len(keys) <= maxNeeds {
		for i, k := range keys {
			numbers[i] = x.table(k)[k.text]
		}
	}
	return numbers
}

func (x *index) remove(name string) {
	id := x.names[name]
	r := &x.rules[id]
	delete(x.names, name)
	if r.anchors == nil {
		x.always = slices.DeleteFunc(x.always, func(other int32) bool { return other == id })
	}
	for _, anchor := range r.anchors {
		t := &x.terms[anchor]
		t.rules = slices.DeleteFunc(t.rules, func(p posting) bool { return p.rule == id })
	}
	r.root.each(x.release)
	*r, x.freeRules = rule{}, append(x.freeRules, id)
}

// load returns how many words of rules a term stands for already.
func (x *index) load(k key) int {
	if id, known := x.table(k)[k.text]; known {
		return x.terms[id].users
	}
	return 0
}

func (x *index) table(k key) map[string]int32 {
	if k.prefix {
		return x.prefixes
	}
	return x.exact
}

// hold returns the number of a term and counts one more user of it.
func (x *index) hold(k key) int32 {
	table := x.table(k)
	id, known := table[k.text]
	if !known {
		id = x.number()
		table[k.text] = id
		if k.prefix {
			hash := hashAll(k.text)
			x.maybe[hash>>hashShift] |= 1 << (hash & 63)
		}
	}
	x.terms[id].users++
	return id
}

// number returns a number for a new term.
func (x *index) number() int32 {
	if last := len(x.freeTerms) - 1; last >= 0 {
		id := x.freeTerms[last]
		x.freeTerms = x.freeTerms[:last]
		return id
	}
	x.terms = append(x.terms, term{})
	return int32(len(x.terms) - 1)
}

// release counts one user less. A term without users is forgotten.
func (x *index) release(k key) (id int32) {
	id = x.table(k)[k.text]
	t := &x.terms[id]
	if t.users--; t.users == 0 {
		delete(x.table(k), k.text)
		*t, x.freeTerms = term{}, append(x.freeTerms, id)
	}
	return id
}
