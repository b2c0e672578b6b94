// Package similar finds copies: the same text edited, quoted, cut, put in
// another order, passed on with "RT @ana:" in front or another link behind. It
// serves stories (which mentions say the same), and the question whether a
// draft is too close to what a rival wrote.
//
// It does not know what a text means: the same news in other words is not a
// copy. It does not say who copied whom.
//
// # How
//
// A text is simplified (case, accents, typography, links and credits are set
// aside) and cut into shingles: runs of four characters and pairs of words.
// Of texts kept, those that share a band of a MinHash signature are candidates
// (Broder 1997; Indyk and Motwani 1998); the exact share of shingles decides.
// Containment is how much of the shorter text is in the other: the mean of the
// share of its runs and of its pairs. It is a copy from a containment of 0.70
// on, or from a Jaccard of 0.40 on; a text of fewer than four words, only from
// a Jaccard of 0.70 on.
//
// A few words quoted in a text ten times as long may share no band: then Search
// does not find them, though Compare would.
//
// # Figures
//
// One core of a machine with 2 shared ones, busy with other work; synthetic
// texts of 130 characters unless a file is named. The pairs are not shipped.
//
//	figure                                                        command
//	F1 99.8 %; each way of copying ≥ 97 %, hard negatives 0.4 %   crieur eval similar pairs.jsonl
//	55,000 signatures/s, taken and kept                           go test -run xxx -bench Add -cpu 1 ./bot/text/similar
//	246 bytes a text, a million kept                              go test -run xxx -bench Nearest -cpu 1 ./bot/text/similar
//	0.6 ms of processor a lookup among a million                  the same
//	20 µs to compare two texts                                    go test -run xxx -bench Compare -cpu 1 ./bot/text/similar
package similar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"crieur/bot/text/token"
)

// Errors of an Index.
var (
	ErrDuplicate = errors.New("a text of that id is kept already")
	ErrUnknown   = errors.New("no text of that id is kept")
)

// Span is a part of a text in code points: from Start up to, and without, End.
type Span struct{ Start, End int }

// Match says how close a kept text is.
type Match struct {
	ID          string
	Containment float64 // how much of the shorter text is in the other, 0 to 1
	Jaccard     float64 // how much of both is the same, 0 to 1
	Copy        bool
	Passage     Span // the longest run of words that both have, in the text that was asked about
}

// Compare says how close b is to a. Its Passage is in a.
func Compare(a, b string) Match {
	var sa, sb shingles
	pa, pb := simplify(a), simplify(b)
	sa.read(pa.text)
	sb.read(pb.text)
	m := weigh(&sa, &sb)
	m.Passage = pa.passage(&sa, &sb)
	return m
}

func (p *plain) passage(mine, other *shingles) Span {
	from, to := passage(mine.words, other.words)
	if from == to {
		return Span{}
	}
	return Span{p.spans[from].Start, p.spans[to-1].End}
}

// Index keeps texts and finds the closest to another. It may be used by many
// goroutines at once. Each text takes about 220 bytes more than itself
// simplified; texts without words are kept but never found.
type Index struct {
	mu       sync.RWMutex
	segments []*segment
	pool     sync.Pool
}

// scratch is the room that one call needs.
type scratch struct {
	tokens      []token.Token
	mine, other shingles
	counts      []uint8
	touched     []uint16
	candidates  []candidate
}

// simplify is simplify in the room there is.
func (s *scratch) simplify(text string) plain {
	s.tokens = token.Scan(s.tokens[:0], text)
	defer clear(s.tokens) // they hold on to the text
	return simplified(s.tokens)
}

// candidate is a kept text that shares bands with the one asked about.
type candidate struct {
	segment *segment
	slot    uint16
	bands   uint8
}

// NewIndex returns an Index without texts.
func NewIndex() *Index {
	return &Index{pool: sync.Pool{New: func() any { return &scratch{counts: make([]uint8, largest+1)} }}}
}

// Add keeps a text, said at that time. An id that is kept gives ErrDuplicate.
func (x *Index) Add(id, text string, at time.Time) error {
	work := x.pool.Get().(*scratch)
	defer x.pool.Put(work)
	simple := work.simplify(text)
	work.mine.read(simple.text)
	sig := work.mine.sign()
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, _, kept := x.find(id); kept {
		return fmt.Errorf("add text %q: %w", id, ErrDuplicate)
	}
	last := len(x.segments) - 1
	if last < 0 || x.segments[last].full() {
		x.segments = append(x.segments, newSegment(x.nextRoom()))
		last++
	}
	x.segments[last].add(id, simple.text, at, &sig)
	return nil
}

// nextRoom lets segments grow as the index does.
func (x *Index) nextRoom() int { return min(max(smallest, x.count()), largest) }

func (x *Index) count() (n int) {
	for _, g := range x.segments {
		n += g.living
	}
	return n
}

// Len returns how many texts are kept.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.count()
}

// find returns where the text of an id is kept.
func (x *Index) find(id string) (g *segment, slot int, kept bool) {
	hash := hashID(id)
	for _, g := range x.segments {
		if slot, kept := g.find(id, hash); kept {
			return g, slot, true
		}
	}
	return nil, 0, false
}

// Remove forgets a text, or gives ErrUnknown.
func (x *Index) Remove(id string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	g, slot, kept := x.find(id)
	if !kept {
		return fmt.Errorf("remove text %q: %w", id, ErrUnknown)
	}
	g.remove(slot)
	x.drop()
	return nil
}

// Expire forgets the texts said before that time and returns how many.
func (x *Index) Expire(before time.Time) (forgotten int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	limit := seconds(before)
	for _, g := range x.segments {
		for slot, at := range g.said {
			if at != 0 && at < limit {
				g.remove(slot)
				forgotten++
			}
		}
	}
	x.drop()
	return forgotten
}

// drop gives the room of segments back in which nothing is left.
func (x *Index) drop() {
	x.segments = slices.DeleteFunc(x.segments, func(g *segment) bool { return g.living == 0 })
}

// Nearest returns the kept text that is closest, if any shares a band; it need
// not be a copy. Of equally close ones it is the first said.
func (x *Index) Nearest(text string) (Match, bool) {
	found := x.Search(text, 1)
	if len(found) == 0 {
		return Match{}, false
	}
	return found[0], true
}

// Search returns up to that many kept texts, closest first.
func (x *Index) Search(text string, most int) []Match {
	work := x.pool.Get().(*scratch)
	defer x.pool.Put(work)
	simple := work.simplify(text)
	work.mine.read(simple.text)
	sig := work.mine.sign()
	x.mu.RLock()
	defer x.mu.RUnlock()
	if len(work.mine.words) == 0 {
		return nil
	}
	x.gather(&sig, work)
	var found []ranked
	for _, c := range work.candidates {
		id, text := c.segment.record(int(c.slot))
		kept := string(text)
		work.other.read(kept)
		if m := weigh(&work.mine, &work.other); m.Jaccard > 0 {
			m.ID = string(id)
			found = append(found, ranked{m, kept, c.segment.said[c.slot]})
		}
	}
	slices.SortFunc(found, ranked.compare)
	var matches []Match
	for _, r := range found[:min(most, len(found))] {
		work.other.read(r.text)
		r.Passage = simple.passage(&work.mine, &work.other)
		matches = append(matches, r.Match)
	}
	return matches
}

// ranked is a match with what decides between equals.
type ranked struct {
	Match
	text string
	said uint32
}

func (r ranked) compare(other ranked) int {
	switch {
	case r.closer(other.Match):
		return -1
	case other.closer(r.Match):
		return 1
	case r.said != other.said:
		return cmp.Compare(r.said, other.said)
	}
	return strings.Compare(r.ID, other.ID)
}

// mostCandidates bounds how many texts are compared exactly: those that share
// the most bands.
const mostCandidates = 48

// gather lists the candidates in work.
func (x *Index) gather(sig *signature, work *scratch) {
	all := work.candidates[:0]
	var having [2*bands + 1]int // how many candidates share that many bands
	for _, g := range x.segments {
		work.touched = g.meet(sig, work.counts, work.touched[:0])
		for _, slot := range work.touched {
			shared := work.counts[slot]
			work.counts[slot] = 0
			if !g.gone(int(slot)) {
				all = append(all, candidate{g, slot, shared})
				having[shared]++
			}
		}
	}
	enough, left := 2*bands, mostCandidates
	for enough > 1 && left > having[enough] {
		left -= having[enough]
		enough--
	}
	work.candidates = all[:0]
	for _, c := range all {
		if int(c.bands) > enough || int(c.bands) == enough && left > 0 {
			work.candidates = append(work.candidates, c)
			if int(c.bands) == enough {
				left--
			}
		}
	}
}
