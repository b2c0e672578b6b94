package tone

import (
	"crieur/bot/text/internal/phrases"
	"crieur/bot/text/internal/split"
)

// window is how many words a negation reaches.
const window = 4

// word is what a reading knows of one token.
type word struct {
	entry   *entry
	own     int8    // Crieur's own weight, of the word or of the phrase that starts here
	span    int     // tokens in that phrase, else 1
	inside  bool    // part of a phrase that an earlier token starts
	negated bool    // a negation reaches it
	force   float32 // 1, more after "very", less after "a bit"
}

// reading is a text taken apart in one language. It is reused from text to text.
type reading struct {
	cutter   split.Splitter
	tokens   []split.Token
	words    []word
	contrast int // index of the last "but", or -1
	mocking  int // marks of irony
	scratch  []byte
	toxic    toxicity
}

// read takes a text apart with the words of one language.
func (r *reading) read(l *lexicon, text string, in tongue) {
	r.tokens = r.cutter.Split(text)
	r.words = r.words[:0]
	r.contrast, r.mocking = -1, 0
	r.toxic = toxicity{}
	for i := range r.tokens {
		r.words = append(r.words, word{entry: r.lookup(l, i), span: 1, force: 1})
	}
	r.spelled(l)
	for i := range r.words {
		r.phrases(l, i, in)
	}
	r.negate(in)
}

// lookup finds a token in the lexicon, in the spellings that people use.
func (r *reading) lookup(l *lexicon, i int) *entry {
	t := r.tokens[i]
	switch t.Kind {
	case split.Number, split.Link:
		return nil
	case split.Handle:
		return r.disguised(l, i, true)
	}
	plain := l.find(t.Hash)
	if t.Has(split.Stretched) {
		hash := r.squeezed(r.cutter.Folded(t))
		if e := l.find(hash); e != nil && (plain == nil || e.bad()) {
			r.tokens[i].Hash = hash // phrases know the plain word
			return e
		}
	}
	if plain != nil && !(t.Has(split.Mixed) && plain.startsOnly()) {
		return plain
	}
	if t.Has(split.Mixed) {
		return r.disguised(l, i, false)
	}
	return nil
}

// startsOnly reports an entry that only starts phrases.
func (e *entry) startsOnly() bool { return *e == entry{long: e.long} }

// squeezed hashes a word with its doubled letters made single.
func (r *reading) squeezed(folded []byte) uint64 {
	r.scratch = r.scratch[:0]
	for i, c := range folded {
		if i == 0 || c != folded[i-1] {
			r.scratch = append(r.scratch, c)
		}
	}
	return split.Hash(string(r.scratch))
}

// phrases looks for the phrases that start at token i.
func (r *reading) phrases(l *lexicon, i int, in tongue) {
	w := &r.words[i]
	if w.inside {
		// an own phrase already covers this word; phrases of other kinds may still start here
		w.own = 0
	} else if w.entry != nil {
		w.own = w.entry.own[in]
	}
	if e := w.entry; e != nil {
		r.note(e, i, 1, in)
	}
	exact, loose := r.tokens[i].Hash, r.loose(i, in)
	longest := 0
	if w.entry != nil {
		longest = int(w.entry.long)
	}
	if loose != exact {
		if e := l.find(loose); e != nil {
			longest = max(longest, int(e.long))
		}
	}
	for n := 2; n <= longest && i+n <= len(r.tokens); n++ {
		next := r.tokens[i+n-1]
		if next.Kind == split.Link {
			break
		}
		exact, loose = phrases.Join(exact, next.Hash), phrases.Join(loose, r.loose(i+n-1, in))
		e := l.find(exact)
		if e == nil && loose != exact {
			e = l.find(loose)
		}
		if e == nil {
			continue
		}
		r.note(e, i, n, in)
		if (e.own[in] != 0 || e.roles[in]&quiets != 0) && !w.inside {
			r.cover(i, n, e.own[in])
		}
	}
}

// loose is a token's hash with numbers made alike: 3, 3h and three.
func (r *reading) loose(i int, in tongue) uint64 {
	if c := r.cutter.Folded(r.tokens[i])[0]; '0' <= c && c <= '9' {
		return phrases.Number
	}
	if e := r.words[i].entry; e != nil && e.roles[in]&numbers != 0 {
		return phrases.Number
	}
	return r.tokens[i].Hash
}

// cover gives a phrase's weight to its first word and takes the others out.
func (r *reading) cover(i, n int, weight int8) {
	r.words[i].own, r.words[i].span = weight, n
	for j := i + 1; j < i+n; j++ {
		r.words[j].inside = true
		r.words[j].own = 0
	}
}

// note keeps what an entry says besides good or bad.
func (r *reading) note(e *entry, i, n int, in tongue) {
	if e.roles[in]&mocks != 0 {
		r.mocking++
	}
	if n == 1 && e.roles[in]&contrasts != 0 || n > 1 && e.roles[in]&contrasts != 0 {
		r.contrast = i + n - 1
	}
	r.toxic.add(e, i, n, in)
}

// negate spreads negations over the next words and force over the next one.
func (r *reading) negate(in tongue) {
	left, force := 0, float32(1)
	for i := range r.words {
		w := &r.words[i]
		if r.tokens[i].Kind == split.Mark {
			if c := r.cutter.Folded(r.tokens[i])[0]; c == '.' || c == '!' || c == '?' || c == ',' || c == ';' || c == ':' {
				left, force = 0, 1
			}
			continue
		}
		w.negated, w.force = left > 0, force
		if left > 0 {
			left--
		}
		force = 1
		if w.entry == nil {
			continue
		}
		roles := w.entry.roles[in]
		switch {
		case roles&negates != 0 && !w.inside && w.span == 1:
			left = window
			if in == french && i > 0 && !w.negated {
				r.words[i-1].negated = true // "je recommande pas"
			}
		case roles&contrasts != 0:
			left = 0
		}
		if roles&boosts != 0 {
			force = 1.4
		} else if roles&softens != 0 {
			force = 0.6
		}
	}
}
