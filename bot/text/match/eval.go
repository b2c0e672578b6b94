package match

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"crieur/bot/text/token"
)

// view is a post cut for reading.
type view struct {
	text   string
	tokens []token.Token
	fields []string // the field keys that it meets
	round  uint32   // counts posts; a number in has that equals it was set for this one
	has    []uint32 // by number of a term in an index: is it in the post?
	room   []place  // for why
}

func (v *view) read(post Post) {
	v.text = post.Text
	v.tokens = token.Scan(v.tokens[:0], post.Text)
	v.fields = v.fields[:0]
	if post.From != "" {
		v.addField(fieldKey("from", post.From), '@')
	}
	if post.Lang != "" {
		v.addField(fieldKey("lang", post.Lang), '-')
	}
	if post.Source != "" {
		v.addField(fieldKey("source", post.Source), 0)
	}
}

// addField adds a key, and its part before the sign that ends the general part
// of its value: "from:ana" for "from:ana@host", "lang:fr" for "lang:fr-ca".
func (v *view) addField(key string, sign byte) {
	v.fields = append(v.fields, key)
	if end := strings.IndexByte(key, sign); sign != 0 && end > 0 {
		v.fields = append(v.fields, key[:end])
	}
}

// holds reports whether the post meets the query from n down.
func (n *node) holds(v *view) bool {
	switch n.op {
	case opTerm:
		return v.contains(n.term)
	case opField:
		return slices.Contains(v.fields, n.field)
	case opNot:
		return !n.kids[0].holds(v)
	case opNear:
		return len(n.close(v, true)) > 0
	}
	for i := range n.kids {
		if n.kids[i].holds(v) == (n.op == opOr) {
			return n.op == opOr
		}
	}
	return n.op == opAnd
}

// contains reports whether the term stands somewhere. What the index looked up
// already is not looked for again.
func (v *view) contains(term []atom) bool {
	sure := len(term) == 1
	for i := range term {
		a := &term[i]
		if a.id != 0 && v.has[a.id] != v.round {
			return false
		}
		sure = sure && a.id != 0 && a.isPlain()
	}
	return sure || v.find(term, 0) >= 0
}

// find returns the first token from that one on where the term stands, or -1.
func (v *view) find(term []atom, from int) int {
	for at := from; at+len(term) <= len(v.tokens); at++ {
		if v.stands(term, at) {
			return at
		}
	}
	return -1
}

func (v *view) stands(term []atom, at int) bool {
	for i := range term {
		if !term[i].is(&v.tokens[at+i], v.text) {
			return false
		}
	}
	return true
}

// is reports whether the token is the word that a asks for. A plain word is
// met by the hashtag or handle of the same letters.
func (a *atom) is(t *token.Token, text string) bool {
	fold := t.Fold
	tag := (t.Kind == token.Hashtag || t.Kind == token.Handle) && a.fold[0] != fold[0]
	if tag {
		fold = fold[1:]
	}
	if a.prefix && !strings.HasPrefix(fold, a.fold) || !a.prefix && fold != a.fold || a.glued && !t.Glued {
		return false
	}
	if a.exact == "" {
		return true
	}
	raw := t.Raw(text)
	if tag {
		_, sign := utf8.DecodeRuneInString(raw)
		raw = raw[sign:]
	}
	raw = exactly(raw)
	return raw == a.exact || a.prefix && strings.HasPrefix(raw, a.exact)
}

// place is where a term stands: its first and last token.
type place struct{ first, last int }

// places returns where the terms of n stand, in order.
func (n *node) places(v *view, out []place) []place {
	if n.op == opOr {
		for i := range n.kids {
			out = n.kids[i].places(v, out)
		}
		slices.SortFunc(out, func(a, b place) int { return a.first - b.first })
		return out
	}
	for at := v.find(n.term, 0); at >= 0; at = v.find(n.term, at+1) {
		out = append(out, place{at, at + len(n.term) - 1})
	}
	return out
}

// close returns the places of the two terms of an opNear that stand close
// enough: a term and the next one of the other kind, both ways. It looks no
// further than the first pair if one is enough.
func (n *node) close(v *view, one bool) (found []place) {
	left := n.kids[0].places(v, nil)
	if len(left) == 0 {
		return nil
	}
	right := n.kids[1].places(v, nil)
	for range 2 {
		for _, a := range left {
			next := sort.Search(len(right), func(i int) bool { return right[i].first > a.last })
			if next == len(right) || right[next].first-a.last > n.n {
				continue
			}
			if found = append(found, a, right[next]); one {
				return found
			}
		}
		left, right = right, left
	}
	return found
}

// why returns the spans of the terms that make n hold, in order.
func (n *node) why(v *view) []Span {
	places := n.reasons(v, v.room[:0])
	v.room = places
	if len(places) == 0 {
		return nil
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.first != b.first {
			return a.first - b.first
		}
		return a.last - b.last
	})
	places = slices.Compact(places)
	spans := make([]Span, len(places))
	for i, p := range places {
		spans[i] = Span{v.tokens[p.first].First, v.tokens[p.last].Nth}
	}
	return spans
}

func (n *node) reasons(v *view, out []place) []place {
	switch n.op {
	case opTerm:
		return n.places(v, out)
	case opNear:
		return append(out, n.close(v, false)...)
	case opAnd, opOr:
		for i := range n.kids {
			if kid := &n.kids[i]; n.op == opAnd || kid.holds(v) {
				out = kid.reasons(v, out)
			}
		}
	}
	return out
}
