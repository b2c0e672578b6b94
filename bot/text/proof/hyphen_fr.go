package proof

import (
	"strings"

	"crieur/bot/text/proof/lexicon"
)

// hyphenator finds the hyphens that French wants between words: compounds,
// numbers, inverted subjects, pronouns after an imperative.
type hyphenator struct {
	words *lexicon.Dictionary
	tests map[string]wordTest
}

func (h *hyphenator) check(p *page, found *findings) {
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.kind != word || p.at(i-1).is("-") {
			continue
		}
		if h.euphonic(p, i, found) || h.place(p, i, found) {
			continue
		}
		if t.hint&hintHyphen != 0 && (h.numeral(p, i, found) || h.compound(p, i, found)) {
			continue
		}
		if p.at(i+1).kind == space && p.at(i+2).isLower() && p.at(i+2).hint&hintPronoun != 0 {
			h.imperative(p, i, found)
			h.inversion(p, i, found)
		}
	}
}

// join reports that tokens i to j want a hyphen for each blank between them.
func (h *hyphenator) join(p *page, i, j int, found *findings) {
	fix := ""
	for n := i; n <= j; n++ {
		switch t := p.at(n); {
		case t.kind == space:
			fix += "-"
		case t.isApostrophe():
			fix += "’"
		default:
			fix += t.text
		}
	}
	problem := p.problem("hyphen", Typography, Warning, i, j, fix)
	found.add(problem)
}

// euphonic mends the t of "a-t-il": "a t-il", "va t’il", "donne-t’elle".
func (h *hyphenator) euphonic(p *page, i int, found *findings) bool {
	t := p.at(i + 2)
	subject := p.at(i + 4)
	if t.text != "t" || !thirdPersons[subject.lower] || p.at(i+5).is("-") {
		return false
	}
	left, right, verb := p.at(i+1), p.at(i+3), p.at(i).lower
	switch {
	case left.is("-") && right.is("-"):
		return false // as it should be
	case left.isBlank() && right.isBlank(), isGlue(left) && isGlue(right), left.isBlank() && right.is("-"):
	case left.isBlank() && right.isApostrophe() && (verb == "va" || verb == "a"): // else "qui t’elle"…
	default:
		return false
	}
	problem := p.problem("hyphen", Typography, Warning, i+1, i+3, "-t-")
	found.add(problem)
	return true
}

// isGlue tells the signs that hold the t of "a-t-il", rightly or not.
func isGlue(t *token) bool {
	return t.isApostrophe() || t.kind == mark && strings.Contains("-−–‑", t.text)
}

var thirdPersons = setOf("il elle on ils elles iel iels")

// numeral: "vingt deux" is vingt-deux, "soixante et onze" may stay.
func (h *hyphenator) numeral(p *page, i int, found *findings) bool {
	tens, unit := p.at(i).lower, p.at(i+2).lower
	if !p.at(i+1).isBlank() || p.at(i-1).is("-") {
		return false
	}
	switch {
	case decades[tens] && (digits[unit] || (tens == "soixante" || tens == "vingt") && teens[unit]):
	case tens == "quatre" && (unit == "vingt" || unit == "vingts"):
		last := i + 2
		if p.at(i+3).isBlank() && (digits[p.at(i+4).lower] || teens[p.at(i+4).lower]) {
			last = i + 4
		}
		h.join(p, i, last, found)
		return true
	default:
		return false
	}
	if left := p.wordBefore(i); left == "quatre" || p.at(i+3).is("-") {
		return false
	}
	h.join(p, i, i+2, found)
	return true
}

var decades = setOf("vingt trente quarante cinquante soixante")

var digits = setOf("deux trois quatre cinq six sept huit neuf")

var teens = setOf("dix onze douze treize quatorze quinze seize")

// compound: after a determiner, a word that starts compounds only there ("un
// porte parole", "une sous culture", "l’arrière train"), or one that starts
// nothing else ("week end").
func (h *hyphenator) compound(p *page, i int, found *findings) bool {
	t := p.at(i)
	if next := p.at(i + 2); t.isLower() && p.at(i+1).isBlank() && next.isLower() && h.words.Has(next.text) && !p.at(i+3).is("-") &&
		(halfPeoples[t.lower] && nationalities[next.lower] ||
			(t.lower == "quasi" || t.lower == "pseudo") && determiners[p.wordBefore(i)] && !afterPseudo[next.lower]) {
		h.join(p, i, i+2, found)
		return true
	}
	if !t.isLower() || !p.at(i+1).isBlank() || !(alwaysCompound[t.lower] || compoundStart[t.lower] && determiners[p.wordBefore(i)]) {
		return false
	}
	for _, words := range []int{4, 3, 2} {
		last := i
		for n := 1; n < words; n++ {
			if !p.at(last+1).isBlank() && !p.at(last+1).isApostrophe() || !p.at(last+2).isLower() {
				last = -1
				break
			}
			last += 2
		}
		if last < 0 || p.at(last+1).is("-") {
			continue
		}
		spelt := strings.ReplaceAll(plainSpelling.Replace(p.span(i, last)), " ", "-")
		if h.words.Has(spelt) {
			h.join(p, i, last, found)
			return true
		}
	}
	return false
}

// halfPeoples are the first halves of names such as "franco-allemand".
var halfPeoples = setOf("franco israélo anglo germano italo hispano sino luso russo austro gréco américano sénégalo maroco algéro")

// afterPseudo may follow the noun "pseudo".
var afterPseudo = setOf("est sera était a de sur que qui et ou pour pas dans doit peut avec sans à en ne n il elle")

// alwaysCompound start a compound wherever the dictionary has it.
var alwaysCompound = setOf("week rez basket volley hand tee arrière lèse trompe ouï vice pseudo micro quasi demi mi franco israélo gratte")

// compoundStart start a compound after a determiner, where they could be no
// verb and no preposition.
var compoundStart = setOf(`sous après avant entre contre hors sans non outre face tête bouche pied arc à au trop va lève ras
	savoir faire laisser laissez déjà best hot science porte brise tire casse chasse coupe couvre essuie lave
	lèche monte ouvre pare perce pique rabat remue serre taille tourne vide cache crève lance sèche cure fume chef cul
	plus moins tiers prêt libre in chassé auto semi anti ex pot abat vis rond`)

var determiners = setOf(`un une le la les l’ des du ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs
	d’ de au aux quel quelle chaque plusieurs deux trois quelques prochain prochaine premier première`)

// place: a name of several capitals that the dictionary writes with hyphens
// ("États Unis", "Saône et Loire").
func (h *hyphenator) place(p *page, i int, found *findings) bool {
	if !p.at(i).isCapital() || !p.at(i+1).isBlank() || p.at(i-1).isBlank() && p.at(i-2).isCapital() && !p.startsSentence(i-2) {
		return false
	}
	for last := i + 8; last >= i+2; last-- {
		if last >= len(p.tokens) || !p.at(last).isCapital() || p.at(last+1).is("-") || p.at(last+1).isBlank() && p.at(last+2).isCapital() {
			continue
		}
		spelt := strings.ReplaceAll(p.span(i, last), " ", "-")
		if strings.Contains(p.span(i, last), " ") && h.words.Has(plainSpelling.Replace(spelt)) && !firstNames[p.at(i).lower] {
			h.join(p, i, last, found)
			return true
		}
	}
	return false
}

// firstNames may precede another first name used as a family name; the others
// begin names of newspapers and churches as well.
var firstNames = setOf("sud nord paul pierre jacques michel louis charles henri andré marc saint sainte")
