package lexicon

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Pack makes a dictionary of the forms given, for Open. It is an error to have
// more than 255 different letters or too many forms (two million edges).
func Pack(forms map[string]Class) ([]byte, error) {
	words := make([]string, 0, len(forms))
	used := map[rune]bool{}
	for w, class := range forms {
		if class == Absent || w == "" {
			continue
		}
		words = append(words, w)
		for _, r := range w {
			used[r] = true
		}
	}
	letters := make([]rune, 0, len(used))
	for r := range used {
		letters = append(letters, r)
	}
	slices.Sort(letters)
	if len(letters) > maxLetter {
		return nil, fmt.Errorf("pack %d letters: at most %d", len(letters), maxLetter)
	}
	if len(words) == 0 {
		return nil, errors.New("pack nothing: a dictionary has words")
	}
	slices.Sort(words)
	b := &builder{register: map[string]*node{}}
	for _, w := range words {
		b.add([]rune(w), forms[w])
	}
	return b.write(b.finish(), letters)
}

// node is a state of the graph under construction.
type node struct {
	edges []branch
	first uint32 // its place among the edges, once written
}

type branch struct {
	letter rune
	class  Class
	to     *node
}

// builder makes the smallest graph of words that come sorted: a node is merged
// with an equal one as soon as no later word can pass through it.
type builder struct {
	path     []*node // of the word added last
	last     []rune
	register map[string]*node
	serial   map[*node]uint32
	order    []*node // registered, children first
}

func (b *builder) add(w []rune, class Class) {
	if b.path == nil {
		b.path, b.serial = []*node{{}}, map[*node]uint32{}
	}
	shared := 0
	for shared < len(w) && shared < len(b.last) && w[shared] == b.last[shared] {
		shared++
	}
	b.merge(shared)
	for i := shared; i < len(w); i++ {
		next := &node{}
		here := b.path[len(b.path)-1]
		here.edges = append(here.edges, branch{letter: w[i], to: next})
		b.path = append(b.path, next)
	}
	before := b.path[len(b.path)-2]
	before.edges[len(before.edges)-1].class = class
	b.last = w
}

// merge replaces the nodes of the path beyond a depth by registered equals.
func (b *builder) merge(depth int) {
	for len(b.path) > depth+1 {
		n := b.path[len(b.path)-1]
		b.path = b.path[:len(b.path)-1]
		parent := b.path[len(b.path)-1]
		parent.edges[len(parent.edges)-1].to = b.registered(n)
	}
}

func (b *builder) registered(n *node) *node {
	key := make([]byte, 0, 9*len(n.edges))
	for _, e := range n.edges {
		key = binary.LittleEndian.AppendUint32(key, uint32(e.letter))
		key = append(key, byte(e.class))
		key = binary.LittleEndian.AppendUint32(key, b.serial[e.to])
	}
	if same, ok := b.register[string(key)]; ok {
		return same
	}
	b.register[string(key)] = n
	b.order = append(b.order, n)
	b.serial[n] = uint32(len(b.order))
	return n
}

func (b *builder) finish() *node {
	if b.path == nil {
		return &node{}
	}
	b.merge(0)
	return b.path[0]
}

// sortEdges puts the letters that most words go through first, so that a
// look-up finds its letter soon. Nodes come children first.
func (b *builder) sortEdges(nodes []*node) {
	count := map[*node]int{}
	for _, n := range nodes {
		through := func(e branch) int {
			if e.class != Absent {
				return count[e.to] + 1
			}
			return count[e.to]
		}
		for _, e := range n.edges {
			count[n] += through(e)
		}
		slices.SortStableFunc(n.edges, func(a, b branch) int { return through(b) - through(a) })
	}
}

// write lays the edges out, the root first, so that it starts at edge 1.
func (b *builder) write(root *node, letters []rune) ([]byte, error) {
	out := binary.LittleEndian.AppendUint32(nil, magic)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(letters)))
	numbers := map[rune]uint32{}
	for i, r := range letters {
		numbers[r] = uint32(i + 1)
		out = binary.LittleEndian.AppendUint32(out, uint32(r))
	}
	next := uint32(1)
	b.sortEdges(append(b.order, root))
	nodes := append([]*node{root}, b.order...)
	for _, n := range nodes {
		if len(n.edges) > 0 {
			n.first = next
			next += uint32(len(n.edges))
		}
	}
	if next > maxEdges {
		return nil, fmt.Errorf("pack %d edges: at most %d", next, maxEdges)
	}
	out = binary.LittleEndian.AppendUint32(out, 0)
	for _, n := range nodes {
		for i, e := range n.edges {
			packed := numbers[e.letter] | uint32(e.class)<<classAt | e.to.first<<targetAt
			if i == len(n.edges)-1 {
				packed |= lastEdge
			}
			out = binary.LittleEndian.AppendUint32(out, packed)
		}
	}
	return out, nil
}
