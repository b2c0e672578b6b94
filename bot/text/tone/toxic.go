package tone

import "crieur/bot/text/internal/split"

// Kind is a way of being toxic.
type Kind uint8

// The kinds of toxicity.
const (
	Insult Kind = iota
	Threat
	Hate
	Obscenity
	kinds
)

// String gives the kind's name in the command line's output.
func (k Kind) String() string {
	return [...]string{"insult", "threat", "hate", "obscenity"}[k]
}

func kindOf(name string) Kind {
	for k := Insult; k < kinds; k++ {
		if k.String() == name {
			return k
		}
	}
	return kinds
}

// hit is one toxic word or phrase.
type hit struct {
	at, span int
	kind     Kind
	level    int8
}

// toxicity is what a reading found of it; it keeps a few hits, the first ones.
type toxicity struct {
	hits  [12]hit
	count int
	cuss  [4]int // words by how surely they are profane
}

// add notes an entry's toxic sides. A phrase replaces weaker hits within it.
func (t *toxicity) add(e *entry, at, span int, in tongue) {
	for kind, level := range e.toxic[in] {
		if other := e.toxic[english][kind]; in != english && level == 0 && other == 3 {
			level = other // English insults are used everywhere
		}
		if level > 0 && t.count < len(t.hits) {
			t.hits[t.count] = hit{at, span, Kind(kind), level}
			t.count++
		}
	}
	if span == 1 {
		t.cuss[min(3, max(0, e.cuss[in]))]++
	}
}

// found returns the hits.
func (t *toxicity) found() []hit { return t.hits[:t.count] }

// aimed reports whether the words around a hit speak to somebody: you, your, a
// handle, "sale", "bande de".
func (r *reading) aimed(h hit, in tongue) bool { return r.near(h, addresses, in) }

// near reports a word of a role, or a handle where addresses are looked for,
// within a few words of a hit.
func (r *reading) near(h hit, of role, in tongue) bool {
	for i := max(0, h.at-4); i < min(len(r.words), h.at+h.span+3); i++ {
		if i >= h.at && i < h.at+h.span {
			continue
		}
		if of == addresses && r.tokens[i].Kind == split.Handle {
			return true
		}
		if e := r.words[i].entry; e != nil && e.roles[in]&of != 0 {
			return true
		}
	}
	return false
}
