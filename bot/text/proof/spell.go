package proof

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"crieur/bot/text/proof/lexicon"
)

// speller finds the words that no dictionary has.
type speller struct {
	words     *lexicon.Dictionary
	elides    map[string]bool // words that lose their vowel before an apostrophe
	foreign   *lexicon.Dictionary
	reformed  bool            // accepts the French spelling of 1990
	compounds bool            // accepts words made of two, as English does ("timeframe")
	extra     map[string]bool // words of the trade that the dictionary lacks
}

// A text with many unknown words is in another language: beyond maxSought of
// them only the nearest neighbours are sought, beyond maxUnknown none.
const (
	maxSought  = 20
	maxUnknown = 200
)

// check reports unknown words with up to three right ones.
func (s *speller) check(p *page, found *findings) {
	unknown := 0
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.kind != word || s.has(t) || !s.judges(p, i) || s.knows(p, i) {
			continue
		}
		if unknown++; unknown > maxUnknown {
			return
		}
		if s.isForeign(p, i) || s.reportAccent(p, i, found) {
			continue
		}
		differences := 2
		if unknown > maxSought {
			differences = 1
		}
		fixes := s.suggest(t.text, differences)
		if len(fixes) == 0 || t.text != t.lower && !s.isSlip(t.lower, fixes) {
			continue // a term of science or of elsewhere; a name that opens the sentence
		}
		problem := p.problem("spelling", Spelling, Error, i, i, fixes...)
		problem.Args = map[string]string{"word": t.text}
		found.add(problem)
	}
}

// reportAccent reports the French words that lack only a ligature ("coeur") or
// the accent of their capital ("Etat"): typography rather than spelling.
func (s *speller) reportAccent(p *page, i int, found *findings) bool {
	t := p.at(i)
	if !s.reformed {
		return false
	}
	if tied := strings.ReplaceAll(t.lower, "oe", "œ"); tied != t.lower && s.words.Has(tied) {
		found.add(p.problem("ligature", Typography, Advice, i, i, capitalised(tied, t.text)))
		return true
	}
	if accented := s.accented(t); accented != "" {
		found.add(p.problem("capital-accent", Typography, Advice, i, i, accented))
		return true
	}
	return false
}

// accented gives a capital its accent when the word, in lower case, needs it.
func (s *speller) accented(t *token) string {
	if t.text == t.lower || plainNames[t.lower] {
		return ""
	}
	for _, pair := range []string{"eé", "eê", "aâ", "aà", "iî", "eè"} {
		rest, ok := strings.CutPrefix(t.lower, pair[:1])
		if ok && s.words.Has(pair[1:]+rest) {
			return capitalised(pair[1:]+rest, t.text)
		}
	}
	return ""
}

// plainNames are first names that many bear without the accent of the word.
var plainNames = setOf("elise eve elan eden emi")

// isSlip tells whether a word that opens a sentence is a misspelt one rather
// than a name: it lacks an accent, or is next to a frequent word.
func (s *speller) isSlip(lower string, fixes []string) bool {
	for _, fix := range fixes {
		fix = strings.ToLower(fix)
		if s.words.Class(fix) == lexicon.Common || strings.Map(lexicon.Fold, fix) == strings.Map(lexicon.Fold, lower) {
			return true
		}
	}
	return false
}

// isForeign tells a word of the other language beside another such word, which
// is then no typo of this one.
func (s *speller) isForeign(p *page, i int) bool {
	if s.foreign == nil || !s.foreign.Has(p.at(i).lower) {
		return false
	}
	for _, j := range []int{i - 2, i + 2} {
		if t := p.at(j); t.kind == word && p.at((i+j)/2).kind == space && s.foreign.Has(t.lower) && !s.has(t) && !s.extra[t.lower] {
			return true
		}
	}
	return false
}

// judges tells whether the word at i is one to check: not a name, an acronym, a
// cry, a brand, part of a reference or of another alphabet.
func (s *speller) judges(p *page, i int) bool {
	t := p.at(i)
	if t.end-t.start < 2 || !t.isLower() && !t.isCapital() {
		return false
	}
	if t.isCapital() && !p.startsSentence(i) && (!s.reformed || s.accented(t) == "" || p.at(i-2).isCapital() && !p.startsSentence(i-2)) {
		return false // a name, unless all that it lacks is the accent of its capital
	}
	if glued(p.at(i-1)) || glued(p.at(i+1)) || p.when.Brand.Has(t.text) || s.extra[t.lower] {
		return false
	}
	same, before := 0, rune(0)
	for _, r := range t.lower {
		if !unicode.Is(unicode.Latin, r) || r >= 0xfb00 && r <= 0xfb06 {
			return false
		}
		if same++; r != before {
			same, before = 1, r
		}
		if same == 3 {
			return false
		}
	}
	return true
}

// glued tells the tokens that make their neighbour part of something else.
func glued(t *token) bool {
	switch t.kind {
	case number:
		return true
	case kept: // an entity that stands for a sign leaves the word alone
		return t.text != "&#39;" && t.text != "&amp;" && t.text != "&nbsp;"
	case mark:
		return strings.Contains("_@\\*&=#~^<>|€$£\ufffd", t.text) || isControl(t.text)
	}
	return false
}

// isControl tells the signs left by a text decoded wrongly; U+0092 was an
// apostrophe.
func isControl(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r >= 0x80 && r < 0xa0 && r != 0x92
}

// knows tells an elided word, and looks up the compound around the word at i.
func (s *speller) knows(p *page, i int) bool {
	t := p.at(i)
	if p.at(i+1).isApostrophe() && s.elides[t.lower] {
		return true
	}
	if s.compounds && s.isCompound(t.lower) {
		return true
	}
	first, last := i, i
	for i-first < maxJoined && joined(p.at(first-1)) && p.at(first-2).kind == word {
		first -= 2
	}
	for last-i < maxJoined && joined(p.at(last+1)) && p.at(last+2).kind == word {
		last += 2
	}
	if first == last {
		return false
	}
	for from := first; from <= i; from += 2 {
		for to := last; to >= i; to -= 2 {
			whole := plainSpelling.Replace(p.span(from, to))
			if from != to && (s.words.Has(whole) || s.words.Has(strings.ToLower(whole)) || s.extra[strings.ToLower(whole)]) {
				return true
			}
		}
	}
	if p.at(i+1).is("-") && p.at(i+2).lower == "je" && strings.HasSuffix(t.lower, "è") && s.words.Has(strings.TrimSuffix(t.lower, "è")+"e") {
		return true // "souhaitè-je", the spelling of 1990
	}
	return joined(p.at(i+1)) && p.at(i+1).is("-") && (combining[t.lower] || strings.HasSuffix(t.lower, "o"))
}

// maxJoined is how far from a word, in tokens, its compound may begin and end.
const maxJoined = 8

// isCompound tells a word made of two longer ones, or of a prefix and a word,
// and one that kept the accent of another language ("café").
func (s *speller) isCompound(lower string) bool {
	if plain := strings.Map(lexicon.Fold, lower); plain != lower && s.words.Has(plain) {
		return true
	}
	for _, prefix := range englishPrefixes {
		if rest, ok := strings.CutPrefix(lower, prefix); ok && len(rest) > 4 && s.words.Has(rest) {
			return true
		}
	}
	for cut := 4; cut+4 <= len(lower); cut++ {
		if s.words.Has(lower[:cut]) && s.words.Has(lower[cut:]) {
			return true
		}
	}
	return false
}

var englishPrefixes = []string{"un", "non", "pre", "re", "multi", "anti", "inter", "over", "under", "micro", "neo", "post", "sub", "super",
	"hydro", "electro", "bio", "eco", "geo", "self", "semi", "ultra", "mega", "cyber", "tele", "auto", "co"}

func joined(t *token) bool { return t.is("-") || t.is("‑") || t.isApostrophe() }

// combining are the first parts of compounds made at will.
var combining = setOf("e anti pro ex non mini maxi super hyper ultra semi inter multi pluri post pré re co éco bi tri quasi sous")

func (s *speller) has(t *token) bool {
	return s.words.Has(t.text) || t.text != t.lower && s.words.Has(t.lower) || s.reformed && s.hasReformed(t.lower)
}

// hasReformed accepts the spellings of 1990: i and u without circumflex
// ("connaitre", "gout", "aout").
func (s *speller) hasReformed(lower string) bool {
	for i := range len(lower) {
		old := map[byte]string{'i': "î", 'u': "û"}[lower[i]]
		if old != "" && s.words.Has(lower[:i]+old+lower[i+1:]) {
			return true
		}
	}
	return false
}

// suggest proposes up to three words: neighbours, then the word cut in two or
// with the apostrophe that it lacks.
func (s *speller) suggest(text string, differences int) []string {
	lower := strings.ToLower(text)
	fixes := []string{}
	if apart := s.elided(lower); apart != "" {
		fixes = append(fixes, capitalised(apart, text))
	}
	near := s.words.Near(lower, 3, differences)
	two, sure := s.split(lower)
	if two != "" && sure && (len(near) == 0 || s.words.Class(near[0]) != lexicon.Common) {
		fixes = append(fixes, capitalised(two, text))
		two = ""
	}
	for _, n := range near {
		fixes = append(fixes, strings.ReplaceAll(capitalised(n, text), "'", "’"))
	}
	if two != "" {
		fixes = append(fixes, capitalised(two, text))
	}
	return fixes[:min(len(fixes), 3)]
}

// elided puts back a forgotten apostrophe: "quil" is "qu’il".
func (s *speller) elided(lower string) string {
	for cut := 1; cut <= 6 && cut+1 < len(lower); cut++ {
		if !s.elides[lower[:cut]] || !utf8.RuneStart(lower[cut]) {
			continue
		}
		rest := lower[cut:]
		r, _ := utf8.DecodeRuneInString(rest)
		if strings.ContainsRune("aeiouyh", lexicon.Fold(r)) && s.words.Has(rest) {
			return lower[:cut] + "’" + rest
		}
	}
	return ""
}

// split cuts a word in two: "enplus" is "en plus". It is sure when both are
// frequent.
func (s *speller) split(lower string) (two string, sure bool) {
	for cut := 1; cut < len(lower); cut++ {
		if !utf8.RuneStart(lower[cut]) || !stands(lower[:cut]) || !stands(lower[cut:]) {
			continue
		}
		left, right := s.words.Class(lower[:cut]), s.words.Class(lower[cut:])
		switch {
		case left == lexicon.Common && right == lexicon.Common:
			return lower[:cut] + " " + lower[cut:], true
		case left == lexicon.Common && right == lexicon.Plain || left == lexicon.Plain && right == lexicon.Common:
			two = lower[:cut] + " " + lower[cut:]
		}
	}
	return two, false
}

// stands tells whether a part of a word cut in two may stand alone.
func stands(part string) bool {
	return utf8.RuneCountInString(part) > 1 || part == "a" || part == "à" || part == "y"
}
