package match

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"crieur/bot/text/token"
)

// Limits of a query.
const (
	MaxQuery = 10000 // code points
	MaxDepth = 50    // brackets and NOTs in each other
)

// Query is one rule's query, understood. It does not change.
type Query struct{ root node }

type op uint8

const (
	opTerm op = iota
	opField
	opAnd
	opOr
	opNot
	opNear
)

// node is one step of a query: a term, a field, or an operator over kids.
type node struct {
	op    op
	kids  []node
	term  []atom // the words of a phrase; one for a single word
	field string // "from:ana"
	n     int    // of opNear
}

// atom is one word of a term.
type atom struct {
	id     int32 // its number in an index, from 1; 0 outside of one
	fold   string
	exact  string // as written, if it must be so
	prefix bool
	glued  bool // it must touch the word before it
}

// Parse understands a query, or gives a *SyntaxError.
func Parse(query string) (*Query, error) {
	if utf8.RuneCountInString(query) > MaxQuery {
		return nil, problem(MaxQuery, KeyTooLong, "")
	}
	p := parser{lexer: lexer{query: []rune(query)}}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	return &Query{root}, nil
}

// Match reports whether the post meets the query, and which of its terms made
// it so.
func (q *Query) Match(post Post) ([]Span, bool) {
	var v view
	v.read(post)
	if !q.root.holds(&v) {
		return nil, false
	}
	return q.root.why(&v), true
}

// parser reads items by the grammar
//
//	or    = and { OR and }
//	and   = not { [AND] not }
//	not   = NOT not | near
//	near  = first { NEAR/n first }
//	first = term | field | "(" or ")"
type parser struct {
	lexer lexer
	item  item // the one to look at
	depth int
}

func (p *parser) parse() (node, *SyntaxError) {
	if err := p.step(); err != nil {
		return node{}, err
	}
	if p.item.kind == itemEnd {
		return node{}, problem(0, KeyEmpty, "")
	}
	root, err := p.or()
	if err == nil && p.item.kind == itemClose {
		err = problem(p.item.at, KeyClose, "")
	}
	return root, err
}

func (p *parser) step() (err *SyntaxError) {
	p.item, err = p.lexer.next()
	return err
}

func (p *parser) or() (node, *SyntaxError) {
	left, err := p.and()
	kids := []node{left}
	for err == nil && p.item.kind == itemOr {
		if err = p.step(); err == nil {
			left, err = p.and()
			kids = append(kids, left)
		}
	}
	return group(opOr, kids), err
}

func (p *parser) and() (node, *SyntaxError) {
	left, err := p.not()
	kids := []node{left}
	for err == nil && p.item.kind != itemOr && p.item.kind != itemClose && p.item.kind != itemEnd {
		if p.item.kind == itemAnd {
			err = p.step()
		}
		if err == nil {
			left, err = p.not()
			kids = append(kids, left)
		}
	}
	return group(opAnd, kids), err
}

func group(op op, kids []node) node {
	if len(kids) == 1 {
		return kids[0]
	}
	return node{op: op, kids: kids}
}

func (p *parser) not() (node, *SyntaxError) {
	if p.item.kind != itemNot {
		return p.near()
	}
	if p.depth++; p.depth > MaxDepth {
		return node{}, problem(p.item.at, KeyTooDeep, "")
	}
	if err := p.step(); err != nil {
		return node{}, err
	}
	kid, err := p.not()
	p.depth--
	return node{op: opNot, kids: []node{kid}}, err
}

// near reads "a NEAR/3 b NEAR/4 c" as a near b and b near c.
func (p *parser) near() (node, *SyntaxError) {
	left, err := p.first()
	var pairs []node
	for err == nil && p.item.kind == itemNear {
		at, n := p.item.at, p.item.n
		if err = p.step(); err != nil {
			break
		}
		var right node
		if right, err = p.first(); err != nil {
			break
		}
		if !left.isTerms() || !right.isTerms() {
			err = problem(at, KeyNearTerms, "")
		}
		pairs = append(pairs, node{op: opNear, kids: []node{left, right}, n: n})
		left = right
	}
	if len(pairs) > 0 {
		return group(opAnd, pairs), err
	}
	return left, err
}

// isTerms reports whether n is a term or alternatives of terms.
func (n *node) isTerms() bool {
	if n.op != opOr {
		return n.op == opTerm
	}
	for i := range n.kids {
		if !n.kids[i].isTerms() {
			return false
		}
	}
	return true
}

func (p *parser) first() (node, *SyntaxError) {
	found := p.item
	switch found.kind {
	case itemTerm, itemQuoted:
		atoms, err := atoms(found)
		if err != nil {
			return node{}, err
		}
		return node{op: opTerm, term: atoms}, p.step()
	case itemField:
		return node{op: opField, field: fieldKey(found.field, found.text)}, p.step()
	case itemOpen:
		return p.brackets(found.at)
	case itemClose:
		if p.depth == 0 {
			return node{}, problem(found.at, KeyClose, "")
		}
		return node{}, problem(found.at, KeyNoTerm, ")")
	case itemEnd:
		return node{}, problem(found.at, KeyNoTerm, "the end")
	}
	return node{}, problem(found.at, KeyNoTerm, found.text)
}

func (p *parser) brackets(at int) (node, *SyntaxError) {
	if p.depth++; p.depth > MaxDepth {
		return node{}, problem(at, KeyTooDeep, "")
	}
	if err := p.step(); err != nil {
		return node{}, err
	}
	if p.item.kind == itemEnd {
		return node{}, problem(at, KeyOpen, "")
	}
	inner, err := p.or()
	if err != nil {
		return node{}, err
	}
	if p.item.kind != itemClose {
		return node{}, problem(at, KeyOpen, "")
	}
	p.depth--
	return inner, p.step()
}

// atoms cuts a term the way posts are cut, so that both read alike.
func atoms(term item) ([]atom, *SyntaxError) {
	tokens := token.Scan(nil, term.text)
	if len(tokens) == 0 {
		return nil, problem(term.at, KeyNothing, term.text)
	}
	if stars := strings.Count(term.text, "*"); stars > 0 && stars != countPrefixes(tokens, term.text) {
		return nil, problem(term.at, KeyStar, "")
	}
	var out []atom
	for _, t := range tokens {
		a := atom{fold: t.Fold, prefix: isPrefix(t, term.text), glued: t.Glued}
		if term.exact {
			a.exact = exactly(t.Raw(term.text))
		}
		out = append(out, a)
	}
	return out, nil
}

// isPrefix reports whether a star ends the token.
func isPrefix(t token.Token, text string) bool { return strings.HasPrefix(text[t.End:], "*") }

// countPrefixes counts the stars that end a token and have no token right
// behind them.
func countPrefixes(tokens []token.Token, text string) (n int) {
	for i, t := range tokens {
		if t.Inside || !isPrefix(t, text) {
			continue
		}
		next := i + 1
		for next < len(tokens) && tokens[next].Inside {
			next++
		}
		if next == len(tokens) || tokens[next].Start > t.End+1 {
			n++
		}
	}
	return n
}

// exactly is how a word reads to '=': only what people can't see is set aside.
func exactly(raw string) string {
	if !norm.NFC.IsNormalString(raw) {
		raw = norm.NFC.String(raw)
	}
	return strings.ReplaceAll(raw, "’", "'")
}

// fieldKey is what a post must have to meet field:value.
func fieldKey(field, value string) string {
	value = token.Fold(strings.TrimSpace(value))
	if field == "from" {
		value = strings.TrimPrefix(value, "@")
	}
	return field + ":" + value
}
