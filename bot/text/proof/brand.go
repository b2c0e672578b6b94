package proof

import "strings"

// Words is a brand's own dictionary: names of products, places and people,
// each with the casing that the brand wants. It never changes once made.
type Words struct {
	spelling map[string]string // lower case to the wanted casing
}

// NewWords makes a dictionary from words and expressions; expressions count
// word by word. Later spellings of a word win.
func NewWords(list []string) *Words {
	w := &Words{spelling: map[string]string{}}
	for _, entry := range list {
		for _, t := range newPage(entry, Context{}, nil).tokens {
			if t.kind == word {
				w.spelling[t.lower] = t.text
			}
		}
	}
	return w
}

// Has tells whether a word belongs to the brand, in any casing. A nil
// dictionary has none.
func (w *Words) Has(s string) bool {
	if w == nil {
		return false
	}
	_, ok := w.spelling[strings.ToLower(s)]
	return ok
}

// casing is the brand's spelling of a lower-case word, or "".
func (w *Words) casing(lower string) string {
	if w == nil {
		return ""
	}
	return w.spelling[lower]
}
