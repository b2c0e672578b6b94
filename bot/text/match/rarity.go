package match

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// key is what the index looks up.
type key struct {
	text   string
	prefix bool
}

// hook is a term that a rule can hang on, and others of which it needs one as
// well, if there are any. A sure hook is proof: who has it meets the rule.
type hook struct {
	anchor key
	needs  []key
	sure   bool
}

// maxPrefix is the longest prefix that the index keeps, in bytes; a longer one
// is looked up by its beginning and then read in full.
const maxPrefix = 24

// hooks returns the hooks of which every post that n holds for has one; nil if
// there are none, as for NOT. It takes those that look rarest.
func (n *node) hooks(load func(key) int) []hook {
	clauses := n.clauses(load)
	slices.SortStableFunc(clauses, func(a, b []hook) int { return price(a, load) - price(b, load) })
	if len(clauses) == 0 {
		return nil
	}
	best, needs, second := clauses[0], []key(nil), []hook(nil)
	for _, second = range clauses[1:] {
		if second[0].anchor != best[0].anchor {
			needs = anchors(second)
			break
		}
	}
	alone := n.isClause()
	pair := n.isPair() && len(clauses) == 2 && len(needs) > 0 && len(needs) <= maxNeeds && allSure(second)
	for i := range best {
		best[i].sure = best[i].sure && (alone || pair && best[i].needs == nil)
		if best[i].needs == nil {
			best[i].needs = needs
		}
	}
	return best
}

// isPair reports whether n is true when both of its two clauses are.
func (n *node) isPair() bool {
	return n.op == opAnd && len(n.kids) == 2 && n.kids[0].isClause() && n.kids[1].isClause()
}

// isClause reports whether n gives one clause, of all that it asks for.
func (n *node) isClause() bool {
	switch n.op {
	case opTerm:
		return len(n.term) == 1
	case opField, opOr:
		return true
	}
	return false
}

// allSure reports whether each of these hooks, alone, is proof.
func allSure(hooks []hook) bool {
	for _, h := range hooks {
		if !h.sure || h.needs != nil {
			return false
		}
	}
	return true
}

func anchors(hooks []hook) (keys []key) {
	for _, h := range hooks {
		if !slices.Contains(keys, h.anchor) {
			keys = append(keys, h.anchor)
		}
	}
	return keys
}

// clauses returns sets of hooks, each of which is enough.
func (n *node) clauses(load func(key) int) (out [][]hook) {
	switch n.op {
	case opTerm:
		for _, a := range n.term {
			out = append(out, []hook{{anchor: a.key(), sure: len(n.term) == 1 && a.isPlain()}})
		}
	case opField:
		out = append(out, []hook{{anchor: key{text: n.field}, sure: true}})
	case opAnd, opNear:
		for i := range n.kids {
			out = append(out, n.kids[i].clauses(load)...)
		}
	case opOr:
		var any []hook
		for i := range n.kids {
			hooks := n.kids[i].hooks(load)
			if hooks == nil {
				return nil
			}
			any = append(any, hooks...)
		}
		out = append(out, any)
	}
	return out
}

// each calls number with every word of the query from n down, and keeps what
// it returns as the word's number.
func (n *node) each(number func(key) int32) {
	for i := range n.term {
		n.term[i].id = number(n.term[i].key())
	}
	if n.op == opField {
		number(key{text: n.field})
	}
	for i := range n.kids {
		n.kids[i].each(number)
	}
}

// isPlain reports whether looking a up in the index says all about it.
func (a *atom) isPlain() bool { return a.exact == "" && len(a.fold) <= maxPrefix }

func (a *atom) key() key {
	if !a.prefix || len(a.fold) <= maxPrefix {
		return key{a.fold, a.prefix}
	}
	end := maxPrefix
	for !utf8.RuneStart(a.fold[end]) {
		end--
	}
	return key{a.fold[:end], true}
}

// price is what hanging on all of these hooks costs.
func price(hooks []hook, load func(key) int) (sum int) {
	for _, h := range hooks {
		sum += cost(h.anchor, load)
	}
	return sum
}

// cost guesses how often posts have a term: short words and common words
// often, words that many rules name more often than others.
func cost(k key, load func(key) int) int {
	return commonness(k) + load(k)
}

func commonness(k key) int {
	switch {
	case strings.HasPrefix(k.text, "lang:"):
		return 5000
	case strings.HasPrefix(k.text, "source:"):
		return 3000
	case k.text[0] == '#' || k.text[0] == '@' || strings.HasPrefix(k.text, "from:"):
		return 3
	case !k.prefix && strings.Contains(common, " "+k.text+" "):
		return 2000
	}
	byLength := [...]int{0, 1000, 300, 60, 20, 10, 7, 5}
	guess := byLength[min(utf8.RuneCountInString(k.text), len(byLength)-1)]
	if k.prefix {
		guess *= 4
	}
	return guess
}

// common lists, folded, the words of four letters and more that a post in
// French or English is likely to have; shorter ones are held for common anyway.
const common = " the and for les des une est pas que qui dans pour avec plus tout tous faire fait elle nous vous leur mais " +
	"comme bien sans sont etre avoir cette meme aussi encore quand alors apres avant depuis toujours jamais vraiment " +
	"merci bonjour this that with have from your what when they will just like about there their would been more than " +
	"some here good time thanks thank please know want back need still really people today never always after before "
