package theme

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"crieur/bot/text/internal/split"
)

// Recurrence is a word, or a pair of words, that keeps coming back in texts
// without a theme and names something: perhaps what a theme is missing for.
type Recurrence struct {
	Key   string   // stays the same, whichever form is the most frequent
	Words string   // as most people write it, in small letters
	Forms []string // all that was written, Words first: entries for a list
	Texts []int    // the texts without a theme that have it, by index
	Other int      // texts with a theme that have it too
}

// MinRecurring is in how many texts without a theme something must recur.
const MinRecurring = 5

const (
	// oftener is how much more of the texts without a theme have what recurs than
	// of those with one: what is said in all of them is no theme of its own.
	oftener = 1.2
	// naming is in which share of its texts something must stand where names of
	// things do, and never in fewer than two of them.
	naming = 0.2
)

// Recurring gives what recurs in texts of which no list has a word (open) more
// than in those with a theme (covered), the strongest first. Where Propose looks
// for whatever is new, this looks for things: "mon colis", "the companion pass".
// A plural counts with its singular, which may have a list; a word gives way to a
// pair that says nearly as much. What somebody is called ("@marie", then "marie")
// is left out.
func (l *Lists) Recurring(open, covered []string) []Recurrence {
	people := map[string]bool{}
	here, there := l.things(open, people), l.things(covered, people)
	var proposals []Proposal
	strength := map[string]float64{}
	for words, t := range here {
		other := there[words]
		usual := (float64(len(other.texts)) + 0.5) / float64(len(covered)+5) * float64(len(open))
		more := float64(len(t.texts)) / usual
		often := len(t.texts) >= MinRecurring && more >= oftener
		if often && named(t, other) && !addresses(words, people) && len(l.Themes(words)) == 0 {
			strength[words] = float64(len(t.texts)) * math.Sqrt(math.Log(more))
			proposals = append(proposals, Proposal{words, len(t.texts), len(other.texts)})
		}
	}
	slices.SortFunc(proposals, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(strength[b.Words], strength[a.Words]), cmp.Compare(a.Words, b.Words))
	})
	var all []Recurrence
	for _, p := range distinct(proposals, len(proposals)) {
		forms := here[p.Words].written()
		all = append(all, Recurrence{Key: p.Words, Words: forms[0], Forms: forms, Texts: here[p.Words].texts, Other: p.Before})
	}
	return all
}

// named says whether what recurs names something, in texts of either sort.
func named(open, covered thing) bool {
	names, all := len(open.named)+len(covered.named), len(open.texts)+len(covered.texts)
	return names >= 2 && float64(names) >= naming*float64(all)
}

// addresses says whether words hold somebody's name.
func addresses(words string, people map[string]bool) bool {
	return slices.ContainsFunc(strings.Fields(words), func(word string) bool { return people[word] })
}

// things are what is counted of words and pairs, in whatever number.
type things map[string]thing

type thing struct {
	texts []int          // that have it, by index, in order
	named []int          // of those, where it stands like the name of a thing
	forms map[string]int // how it was written, how often
}

// note counts one more place of a text.
func (all things) note(text int, words, form string, names bool) {
	t := all[words]
	if t.forms == nil {
		t.forms = map[string]int{}
	}
	t.forms[form]++
	if len(t.texts) == 0 || t.texts[len(t.texts)-1] != text {
		t.texts = append(t.texts, text)
	}
	if names && (len(t.named) == 0 || t.named[len(t.named)-1] != text) {
		t.named = append(t.named, text)
	}
	all[words] = t
}

// written gives what was written, the most frequent first; what differs by
// accents alone once.
func (t thing) written() []string {
	forms := slices.SortedFunc(maps.Keys(t.forms), func(a, b string) int {
		return cmp.Or(t.forms[b]-t.forms[a], strings.Compare(a, b))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(forms, func(form string) bool {
		folded := split.Fold(form)
		twice := seen[folded]
		seen[folded] = true
		return twice
	})
}

// things counts the words and pairs of texts that no list has.
// Whom they address goes into people, by name.
func (l *Lists) things(texts []string, people map[string]bool) things {
	var s split.Splitter
	all := things{}
	for id, text := range texts {
		tokens, words := l.unlisted(&s, text)
		for i, word := range words {
			if tokens[i].Kind == split.Handle {
				people[string(s.Folded(tokens[i])[1:])] = true
			}
			if word == "" {
				continue
			}
			last := i+1 == len(words) || words[i+1] == "" // of the words that say something
			all.note(id, singular(word), surface(text, tokens[i:i+1]), last && determined(&s, tokens[:i]))
			if i > 0 && words[i-1] != "" {
				all.note(id, singular(words[i-1])+" "+singular(word), surface(text, tokens[i-1:i+1]), last && determined(&s, tokens[:i-1]))
			}
		}
	}
	return all
}

// surface is how tokens that stand together were written, in small letters.
func surface(text string, tokens []split.Token) string {
	var words []string
	for _, t := range tokens {
		words = append(words, strings.ToLower(strings.TrimPrefix(text[t.Start:t.End], "#")))
	}
	return strings.Join(words, " ")
}

// singular is a folded word without the s of most plurals.
func singular(word string) string {
	if short, ok := strings.CutSuffix(word, "s"); ok && len(word) > 4 && !strings.HasSuffix(short, "s") {
		return short
	}
	return word
}

// determined says whether what stands before announces the name of a thing: "my",
// "le".
func determined(s *split.Splitter, before []split.Token) bool {
	if len(before) == 0 || before[len(before)-1].Kind != split.Word {
		return false
	}
	switch string(s.Folded(before[len(before)-1])) {
	case "le", "la", "les", "l", "un", "une", "des", "du", "au", "aux", "mon", "ma", "mes", "votre", "vos", "notre", "nos", "son", "sa",
		"ses", "leur", "leurs", "ce", "cet", "cette", "ces", "aucun", "aucune",
		"the", "a", "an", "my", "your", "our", "his", "her", "their", "this", "these", "no", "any", "another", "some":
		return true
	}
	return false
}
