// Package match finds which watch rules a post meets: boolean queries over
// words, phrases, prefixes, hashtags, handles, who wrote it, its language and
// where it was found. Ten thousand rules are checked in a few microseconds.
//
// It does not know what a rule is for, and it keeps no posts. It has no
// dictionary: "cheval" does not find "chevaux" (write cheva*).
//
// # Writing rules
//
//	orange panne             both words, anywhere (AND, ET, or nothing between them)
//	orange OR sosh           one of them (OR, OU)
//	orange NOT fruit         the first without the second (NOT, SAUF, or -fruit)
//	(orange OR sosh) panne   brackets; without them NEAR binds first, then NOT, then AND, then OR
//	"service client"         these words one after the other
//	livr*                    words that begin so; also in phrases, hashtags and handles
//	panne NEAR/5 réseau      at most five words from one to the other, in any order; neighbours are one apart
//	#panne @orange           the hashtag, the handle; plain words are found in both too
//	from:@orange lang:fr source:reddit
//	=Orange ="Free Mobile"   exactly so written, case and accents included
//
// Operators are written in capitals. Case, accents, ligatures, width, kind of
// apostrophe and look-alike letters are set aside. Words are whole words:
// oréal is found in "l'Oréal" and apple in "Apple's", but not orange in
// "orangeraie". In scripts without spaces (Chinese, Japanese, Korean, Thai) a
// term is found anywhere. '&' and '+' count when they touch a word: H&M,
// Canal+. Of a link the words of its host are found, nothing else of it.
//
// # How
//
// Each rule is indexed by the required term that is judged rarest: by its
// length, by a short list of common words, and by how many rules hang on it
// already. A post looks up its words; a rule found so is checked for a second
// required term, then evaluated in full.
//
// # Figures
//
// One core of a machine with 2 shared ones; posts of about 190 characters with
// handle, hashtag and link, rules of two to five terms, one post in three met.
//
//	figure                                            command
//	200,000 posts/s with 10,000 rules                 go test -run xxx -bench Match/ -cpu 1 ./bot/text/match
//	140,000 posts/s with 100,000 rules                the same
//	70,000 posts/s decoded from JSON, 10,000 rules    go test -run xxx -bench Decode -cpu 1 ./bot/text/match
//	60,000 rules added a second                       go test -run xxx -bench Add -cpu 1 ./bot/text/match
//	no difference from reading every rule in full     go test -run Naive -fuzz Naive ./bot/text/match
//
// A rule that is met costs about 2 µs more a post, for its reasons.
package match

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Errors of a Set.
var (
	ErrDuplicate = errors.New("a rule of that name is there already")
	ErrUnknown   = errors.New("no rule of that name")
)

// Post is what rules look at. Every field may be empty.
type Post struct {
	Text   string
	From   string // handle of the author, with or without '@', with or without host
	Lang   string // BCP 47; lang:fr is met by "fr" and "fr-CA"
	Source string // where it was found: "reddit", "app store"
}

// Span is a part of a post's text, in code points: from Start up to, and
// without, End.
type Span struct{ Start, End int }

// Match is a rule that a post meets, and the terms that made it so, in the
// order of the text. Rules that ask only for who, where or what is absent have
// no Spans.
type Match struct {
	Rule  string
	Spans []Span
}

// Set holds rules and finds those that a post meets. It may be used by many
// goroutines at once, and rules may come and go meanwhile.
type Set struct {
	mu    sync.RWMutex
	index index
	pool  sync.Pool
}

// NewSet returns a Set without rules.
func NewSet() *Set {
	return &Set{index: newIndex(), pool: sync.Pool{New: func() any { return new(scratch) }}}
}

// Add puts a rule into the set. A query that is not understood gives a
// *SyntaxError; a name that is taken, ErrDuplicate.
func (s *Set) Add(name, query string) error {
	parsed, err := Parse(query)
	if err != nil {
		return fmt.Errorf("add rule %q: %w", name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.index.names[name]; taken {
		return fmt.Errorf("add rule %q: %w", name, ErrDuplicate)
	}
	s.index.add(name, parsed)
	return nil
}

// Remove takes a rule out of the set, or gives ErrUnknown.
func (s *Set) Remove(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.index.names[name]; !known {
		return fmt.Errorf("remove rule %q: %w", name, ErrUnknown)
	}
	s.index.remove(name)
	return nil
}

// Len returns how many rules the set holds.
func (s *Set) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.index.names)
}

// Match returns the rules that the post meets, by name, and why.
func (s *Set) Match(post Post) []Match {
	var found []Match
	s.each(post, func(r *rule, v *view) {
		found = append(found, Match{r.name, r.root.why(v)})
	})
	slices.SortFunc(found, func(a, b Match) int { return strings.Compare(a.Rule, b.Rule) })
	return found
}

// Names returns the names of the rules that the post meets, sorted. It is
// Match for those who do not ask why.
func (s *Set) Names(post Post) []string {
	var found []string
	s.each(post, func(r *rule, _ *view) { found = append(found, r.name) })
	slices.Sort(found)
	return found
}

func (s *Set) each(post Post, yield func(*rule, *view)) {
	work := s.pool.Get().(*scratch)
	defer s.pool.Put(work)
	work.read(post)
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.index.match(work, yield)
}
