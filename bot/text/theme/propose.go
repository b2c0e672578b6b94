package theme

import (
	"math"
	"slices"
	"strings"

	"crieur/bot/text/internal/split"
)

// Proposal is a word or pair of words that recurs in what is said and that no
// list has: perhaps a theme of its own.
type Proposal struct {
	Words  string // folded: lower-case, without accents
	Texts  int    // recent texts that have them
	Before int    // earlier texts that had them
}

// MinTexts is in how many recent texts something must recur to be proposed.
const MinTexts = 4

// Propose gives at most so many words and pairs that recent texts have much more
// often than earlier ones, each text counted once, the strongest first. A word
// is left out when a pair that has it says the same.
func (l *Lists) Propose(recent, earlier []string, most int) []Proposal {
	now, then := l.spread(recent), l.spread(earlier)
	// usual is how many recent texts would have the words if nothing had changed
	usual := func(before int) float64 {
		return (float64(before) + 0.5) / float64(len(earlier)+5) * float64(len(recent))
	}
	var proposals []Proposal
	for words, n := range now {
		if n < MinTexts {
			continue
		}
		if float64(n) > 2*usual(then[words]) {
			proposals = append(proposals, Proposal{words, n, then[words]})
		}
	}
	strength := func(p Proposal) float64 {
		return float64(p.Texts) * math.Log(float64(p.Texts)/usual(p.Before))
	}
	slices.SortFunc(proposals, func(a, b Proposal) int {
		if x, y := strength(a), strength(b); x != y {
			if x > y {
				return -1
			}
			return 1
		}
		if c := len(b.Words) - len(a.Words); c != 0 {
			return c
		}
		return strings.Compare(a.Words, b.Words)
	})
	return distinct(proposals, most)
}

// distinct drops a proposal when another that overlaps it is in nearly as many
// texts.
func distinct(proposals []Proposal, most int) []Proposal {
	var kept []Proposal
	for _, p := range proposals {
		again := slices.ContainsFunc(kept, func(k Proposal) bool {
			return overlap(k.Words, p.Words) && p.Texts*5 <= k.Texts*6
		})
		wider := slices.ContainsFunc(proposals, func(k Proposal) bool {
			return len(k.Words) > len(p.Words) && within(p.Words, k.Words) && k.Texts*5 >= p.Texts*4
		})
		if !again && !wider {
			kept = append(kept, p)
		}
		if len(kept) == most {
			break
		}
	}
	return kept
}

func within(word, pair string) bool { return slices.Contains(strings.Fields(pair), word) }

func overlap(a, b string) bool {
	return slices.ContainsFunc(strings.Fields(a), func(word string) bool { return within(word, b) })
}

// spread counts in how many texts each word and pair occurs that could be a
// theme.
func (l *Lists) spread(texts []string) map[string]int {
	var s split.Splitter
	count := map[string]int{}
	for _, text := range texts {
		_, words := l.unlisted(&s, text)
		seen := map[string]bool{}
		last := ""
		for _, word := range words {
			if word != "" {
				seen[word] = true
			}
			if word != "" && last != "" {
				seen[last+" "+word] = true
			}
			last = word
		}
		for words := range seen {
			count[words]++
		}
	}
	return count
}

// unlisted gives the words of a text that could be a theme, folded, beside its
// tokens: no list has them, and they are no words of every sentence. The others
// are empty.
func (l *Lists) unlisted(s *split.Splitter, text string) (tokens []split.Token, words []string) {
	tokens = s.Split(text)
	words = make([]string, len(tokens))
	for i, t := range tokens {
		if word := string(s.Folded(t)); t.Kind == split.Word && len(word) >= 4 && !common(word) {
			words[i] = word
		}
	}
	for _, m := range l.index.Find(s, tokens, nil) {
		clear(words[m.At : m.At+m.Span])
	}
	return tokens, words
}

// common reports French and English words of four letters or more that are about
// nothing.
func common(word string) bool {
	switch word {
	case "avec", "sans", "pour", "dans", "chez", "vers", "sous", "entre", "depuis", "pendant", "avant", "apres", "encore", "toujours",
		"jamais", "deja", "aussi", "bien", "tres", "trop", "plus", "moins", "mais", "donc", "alors", "parce", "comme", "quand", "comment",
		"pourquoi", "combien", "vous", "nous", "elle", "elles", "leur", "leurs", "votre", "notre", "vos", "cette", "celui", "celle",
		"ceux", "tout", "tous", "toute", "toutes", "autre", "autres", "meme", "faire", "fait", "faites", "font", "etre", "etes", "sont",
		"etait", "avoir", "avez", "avons", "avait", "suis", "sera", "serait", "peut", "peux", "pouvez", "veux", "voulez", "dire", "dites",
		"voir", "vraiment", "juste", "rien", "quelque", "quelques", "chose", "fois", "jour", "jours", "semaine", "semaines", "mois",
		"aujourdhui", "hier", "demain", "matin", "soir", "nuit", "heure", "heures", "minute", "minutes", "annee", "annees", "lundi",
		"mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "gens", "personne", "personnes", "moment", "facon", "bonjour", "bonsoir", "salut", "merci", "svp", "oui", "franchement", "quoi",
		"with", "without", "from", "into", "your", "yours", "their", "them", "they", "this", "that", "these", "those", "what", "when",
		"where", "which", "while", "have", "having", "been", "being", "does", "doing", "dont", "didnt", "cant", "wont", "will", "would",
		"could", "should", "just", "very", "really", "also", "even", "ever", "never", "always", "again", "still", "after", "before",
		"since", "until", "about", "because", "there", "here", "some", "many", "much", "more", "most", "only", "other", "than", "then",
		"today", "tomorrow", "yesterday", "morning", "night", "hour", "hours", "year", "years", "monday", "tuesday", "wednesday", "thursday",
		"friday", "saturday", "sunday", "people", "person", "someone", "chance", "time", "times", "days", "week", "weeks", "month", "hello", "please", "thing", "things",
		"make", "made", "want", "need", "know", "think", "going", "were", "like", "over":
		return true
	}
	return false
}
