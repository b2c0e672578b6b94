// Package lexicon is a dictionary of word forms packed into a directed acyclic
// word graph: about a million forms in a few hundred kilobytes, read where they
// lie, without loading. It answers whether a form is right and which right
// forms are near a wrong one.
//
// It does not know sentences, capitals at their start, elisions or what a
// proofreader lets pass. The forms come from the hunspell dictionaries of the
// npm packages dictionary-fr (MPL-2.0), dictionary-en and dictionary-en-gb
// (licences beside), expanded by the command in generate. Which words are
// common (common_fr.txt, common_en.txt) is this project's own list.
package lexicon

import (
	_ "embed"
	"encoding/binary"
	"errors"
)

//go:generate go run ./generate

//go:embed fr.dawg
var french string

//go:embed en.dawg
var english string

// ErrPacked is returned for data that no Pack made.
var ErrPacked = errors.New("not a packed dictionary")

// Class says what a dictionary knows of a form.
type Class uint8

// The classes.
const (
	Absent Class = iota // no such form
	Plain               // right
	Hidden              // right, but never proposed
	Common              // right and frequent, proposed first
)

// The packed form is little-endian: magic, number of letters n, n letters as
// code points, then the edges of all nodes, four bytes each:
//
//	bits 0-7    letter, its number from 1
//	bit 8       last edge of its node
//	bits 9-10   Class of the form that ends here
//	bits 11-31  first edge of the node that follows; 0: none
//
// The first edge of the root is edge 1; edge 0 is unused.
const (
	magic     = 0x57474431
	lastEdge  = 1 << 8
	classAt   = 9
	targetAt  = 11
	maxEdges  = 1 << (32 - targetAt)
	maxLetter = 255
)

// Dictionary is a packed dictionary. It never changes and may be shared.
type Dictionary struct {
	edges   string
	letters []rune         // by number; 0 is unused
	latin   [0x250]uint8   // the other way, for Latin letters
	numbers map[rune]uint8 // and for the others
}

// French returns the dictionary of French.
func French() *Dictionary { return mustOpen(french) }

// English returns the dictionary of English, American and British.
func English() *Dictionary { return mustOpen(english) }

// mustOpen opens data that was built in; a test opens both.
func mustOpen(data string) *Dictionary {
	d, err := Open(data)
	if err != nil {
		panic(err)
	}
	return d
}

// Open reads what Pack made. The data is used where it is.
func Open(data string) (*Dictionary, error) {
	if len(data) < 12 || word(data, 0) != magic {
		return nil, ErrPacked
	}
	n := int(word(data, 1))
	if n > maxLetter || len(data) < 4*(n+4) || len(data)%4 != 0 {
		return nil, ErrPacked
	}
	if err := check(data[4*(n+2):], n); err != nil {
		return nil, err
	}
	d := &Dictionary{edges: data[4*(n+2):], letters: make([]rune, n+1), numbers: map[rune]uint8{}}
	for i := 1; i <= n; i++ {
		r := rune(word(data, i+1))
		d.letters[i] = r
		if r >= 0 && int(r) < len(d.latin) {
			d.latin[r] = uint8(i)
		} else {
			d.numbers[r] = uint8(i)
		}
	}
	return d, nil
}

// check makes sure that no walk can leave the edges or read an unknown letter.
func check(edges string, letters int) error {
	count := uint32(len(edges) / 4)
	for i := uint32(1); i < count; i++ {
		e := word(edges, int(i))
		if e>>targetAt >= count || int(e&0xff) > letters || i == count-1 && e&lastEdge == 0 {
			return ErrPacked
		}
	}
	return nil
}

func word(data string, i int) uint32 {
	b := data[4*i : 4*i+4]
	return binary.LittleEndian.Uint32([]byte{b[0], b[1], b[2], b[3]})
}

// edge is edge number i.
func (d *Dictionary) edge(i uint32) uint32 {
	b := d.edges[4*i : 4*i+4]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// number is the letter's number; 0 when no word has it.
func (d *Dictionary) number(r rune) uint8 {
	if int(r) < len(d.latin) {
		return d.latin[r]
	}
	return d.numbers[r]
}

// Class looks up a form exactly as written, with straight apostrophes.
func (d *Dictionary) Class(form string) Class {
	node, class := uint32(1), Absent
	for _, r := range form {
		letter := uint32(d.number(r))
		if r == '’' {
			letter = uint32(d.latin['\''])
		}
		if node == 0 || letter == 0 {
			return Absent
		}
		for {
			e := d.edge(node)
			if e&0xff == letter {
				node, class = e>>targetAt, Class(e>>classAt&3)
				break
			}
			if e&lastEdge != 0 {
				return Absent
			}
			node++
		}
	}
	return class
}

// Has tells whether a form is right exactly as written.
func (d *Dictionary) Has(form string) bool { return d.Class(form) != Absent }
