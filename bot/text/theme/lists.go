package theme

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"

	"crieur/bot/text/internal/phrases"
	"crieur/bot/text/internal/split"
)

var (
	//go:embed lists.txt
	starting string
	//go:embed concepts.txt
	concepts string
)

// ErrList says that a list can't be used; the error names it.
var ErrList = errors.New("unusable theme list")

// List is one theme: its name, its labels for people by language code, and the
// entries that speak for it. An entry is a word or phrase; {a,b} gives variants,
// # is any number, a star at the end of a word any ending.
type List struct {
	Name    string
	Labels  map[string]string
	Entries []string
}

// Starting gives the lists that every brand starts from.
func Starting() ([]List, error) { return readLists(starting) }

// For gives the lists of a brand that names its own themes, with the words that
// speak for each. A theme named like a starting list has that list's entries
// too; a brand that names none has the starting lists. Words that were added
// since join the list of their name, or make one.
func For(own, added map[string][]string) ([]List, error) {
	lists, err := Starting()
	if err != nil {
		return nil, err
	}
	if len(own) > 0 {
		lists = slices.DeleteFunc(lists, func(l List) bool { _, named := own[l.Name]; return !named })
	}
	return join(join(lists, own), added), nil
}

// join adds words to the lists of their name; others follow in alphabetical order.
func join(lists []List, words map[string][]string) []List {
	for _, name := range slices.Sorted(maps.Keys(words)) {
		at := slices.IndexFunc(lists, func(l List) bool { return l.Name == name })
		if at < 0 {
			lists, at = append(lists, List{Name: name}), len(lists)
		}
		lists[at].Entries = append(lists[at].Entries, words[name]...)
	}
	return lists
}

func readLists(text string) ([]List, error) {
	var lists []List
	for number, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "# "):
		case line[0] == '[':
			parts := strings.Split(strings.Trim(line, "[]"), "|")
			if len(parts) != 3 {
				return nil, fmt.Errorf("%w: line %d: want name | French | English", ErrList, number+1)
			}
			lists = append(lists, List{
				Name:   strings.TrimSpace(parts[0]),
				Labels: map[string]string{"fr": strings.TrimSpace(parts[1]), "en": strings.TrimSpace(parts[2])},
			})
		case len(lists) == 0:
			return nil, fmt.Errorf("%w: line %d stands before the first list", ErrList, number+1)
		default:
			last := &lists[len(lists)-1]
			last.Entries = append(last.Entries, phrases.Items(line)...)
		}
	}
	return lists, nil
}

// Span is a place in the text, in bytes.
type Span struct{ Start, End int }

// Theme is what a text is about, how surely (0 to 1), and the words that made
// it.
type Theme struct {
	Name  string
	Sure  float64
	Words []Span
}

// Thanks is the name of the starting list of praise. In a message that tone calls
// negative its words are irony or negated: leave it out there.
const Thanks = "thanks"

// Most is how many themes a text has at most.
const Most = 2

// Lists finds themes by their word lists. Its methods may be called at the same
// time.
type Lists struct {
	names    []string
	labels   []map[string]string
	index    *phrases.Index
	concepts *phrases.Index // what learnt models see too
	seen     int            // how many concepts
}

// New makes lists ready to use. A list without a name, with another's name or
// with an entry that holds no word is an ErrList.
func New(lists []List) (*Lists, error) {
	l := &Lists{index: phrases.NewIndex(), concepts: phrases.NewIndex()}
	if err := l.addConcepts(); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for id, list := range lists {
		if list.Name == "" || seen[list.Name] {
			return nil, fmt.Errorf("%w: list %d: name %q is empty or taken", ErrList, id+1, list.Name)
		}
		seen[list.Name] = true
		l.names, l.labels = append(l.names, list.Name), append(l.labels, list.Labels)
		for _, entry := range list.Entries {
			if !l.index.Add(entry, id) {
				return nil, fmt.Errorf("%w: %s: entry %q holds no word", ErrList, list.Name, entry)
			}
		}
	}
	return l, nil
}

func (l *Lists) addConcepts() error {
	lists, err := readLists(concepts)
	if err != nil {
		return err
	}
	l.seen = len(lists)
	for id, list := range lists {
		for _, entry := range list.Entries {
			l.concepts.Add(entry, id)
		}
	}
	return nil
}

// features is how many dense features a learnt model has: a bias, the lists and
// the concepts.
func (l *Lists) features() int { return 1 + len(l.names) + l.seen }

// Names gives the lists' names in their order.
func (l *Lists) Names() []string { return slices.Clone(l.names) }

// Label is a theme's name for people, "" if its list has none in that language.
func (l *Lists) Label(name, lang string) string {
	if at := slices.Index(l.names, name); at >= 0 {
		return l.labels[at][lang]
	}
	return ""
}

// Themes gives up to two themes of a text, the surest first; none when no list
// has a word of it.
func (l *Lists) Themes(text string) []Theme {
	var s split.Splitter
	tokens := s.Split(text)
	scores, words := l.weigh(&s, tokens)
	order := make([]int, 0, len(scores))
	total := 0.0
	for id, score := range scores {
		if score > 0 {
			order = append(order, id)
			total += score
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return scores[order[a]] > scores[order[b]] })
	var themes []Theme
	for _, id := range order[:min(len(order), Most)] {
		if scores[id] < scores[order[0]]/2 {
			break
		}
		themes = append(themes, Theme{l.names[id], scores[id] / (total + 0.5), words[id]})
	}
	return themes
}

// weigh sums up each list's matches: a phrase counts more than a word, a word
// that several lists have counts less for each.
func (l *Lists) weigh(s *split.Splitter, tokens []split.Token) ([]float64, [][]Span) {
	scores, words := make([]float64, len(l.names)), make([][]Span, len(l.names))
	matches := l.index.Find(s, tokens, nil)
	claims := make([]float64, len(tokens))
	for _, m := range matches {
		claims[m.At]++
	}
	for _, m := range matches {
		scores[m.ID] += math.Sqrt(float64(m.Span)) / claims[m.At]
		words[m.ID] = append(words[m.ID], Span{tokens[m.At].Start, tokens[m.At+m.Span-1].End})
	}
	return scores, words
}
