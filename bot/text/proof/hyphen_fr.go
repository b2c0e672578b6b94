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
	left, right := p.at(i+1), p.at(i+3)
	glue := func(t *token) bool { return t.is("-") || t.isApostrophe() || t.is("−") || t.is("–") || t.is("‑") }
	if !glue(left) && !left.isBlank() || !glue(right) && !(left.isBlank() && right.isBlank()) || left.is("-") && right.is("-") || left.isBlank() && right.isApostrophe() && p.at(i).lower != "va" && p.at(i).lower != "a" {
		return false
	}
	problem := p.problem("hyphen", Typography, Warning, i+1, i+3, "-t-")
	found.add(problem)
	return true
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

var pronouns = setOf("moi toi nous vous lui leur le la les en y je tu il elle on ils elles iel iels ce")

// imperative: "Inscrivez vous" at the start of a sentence.
func (h *hyphenator) imperative(p *page, i int, found *findings) {
	t, pronoun := p.at(i), p.at(i+2)
	if !p.startsSentence(i) || p.at(i+3).is("-") || p.at(i+3).isApostrophe() {
		return
	}
	formal := t.lower == "allons" || strings.HasSuffix(t.lower, "ez") && len(t.lower) > 4 && h.words.Has(t.lower) || t.lower == "dites" || t.lower == "faites"
	_, familiar := h.tests["je"](t.lower)
	familiar = familiar && t.lower != "entre" && t.lower != "contre" || shortImperatives[t.lower]
	if !formal && !familiar || t.lower == "assez" {
		return
	}
	next := p.at(i + 4).lower
	if p.at(i+3).kind != space {
		next = ""
	}
	_, before := h.tests["infinitive"](next)
	ends := p.endsClause(i + 3)
	wanted := false
	switch pronoun.lower {
	case "moi":
		wanted = t.lower != "viens"
	case "toi":
		wanted = familiar && t.lower != "viens"
	case "lui":
		wanted = !before || ends
	case "nous":
		wanted = !before && next != "est"
	case "vous":
		wanted = formal && !before
	case "leur":
		wanted = ends || next == "que" || next == "de" || next == "à"
	case "le", "la", "les":
		wanted = ends || afterObject[next]
	case "en":
		wanted = ends || next == "pour" && t.lower == "profitez" || next == "là"
	case "y":
		wanted = ends || !before
	}
	if wanted {
		h.join(p, i, i+2, found)
	}
}

var shortImperatives = setOf("dis fais prends viens suis rejoins écris inscris mets tiens attends vends va vas")

// afterObject can't follow an article, so that "le" before it is a pronoun.
var afterObject = setOf("avec dans sur pour chez à sans maintenant ici vite tous toutes faire tomber")

// inversion: "que pensez vous", "comment sait elle", "viendront ils ?".
func (h *hyphenator) inversion(p *page, i int, found *findings) {
	t, subject := p.at(i), p.at(i+2)
	if !t.isLower() && !p.startsSentence(i) || p.at(i+3).is("-") || !h.inverts(t.lower, subject.lower) {
		return
	}
	if next := p.at(i + 4); p.at(i+3).isBlank() && (next.lower == "même" || next.lower == "mêmes") {
		return
	}
	question, same := h.clause(p, i, subject.lower)
	if same {
		return
	}
	opener := p.wordBefore(i)
	asked := openers[opener] || quels[p.wordBefore(i-2)] && p.at(i-1).isBlank() &&
		(!thirdPersons[subject.lower] || thirdForms[t.lower])
	plural := subject.lower == "vous" || subject.lower == "nous"
	switch {
	case asked && opener != "":
	case question && (p.startsSentence(i) || plural || p.at(i-1).is(",")):
		if _, infinitive := h.tests["infinitive"](p.at(i + 4).lower); infinitive && motion[t.lower] {
			return
		}
	default:
		return
	}
	h.join(p, i, i+2, found)
}

var openers = setOf("que qu’ comment pourquoi où quand combien qui n’ ne y alors")

var quels = setOf("quel quelle quels quelles")

var motion = setOf("venez allez courez passez revenez partez venons allons")

// clause tells whether the sentence around i is a question, and whether the
// same pronoun stands before, as its subject.
func (h *hyphenator) clause(p *page, i int, subject string) (question, same bool) {
	for j := i - 1; j >= 0 && !p.startsSentence(j+1); j-- {
		same = same || p.at(j).lower == subject
	}
	for j := i; j < len(p.tokens); j++ {
		t := p.at(j)
		if t.kind == newline || t.is(".") || t.is("!") || t.is("…") {
			return false, same
		}
		if t.is("?") {
			return true, same
		}
	}
	return false, same
}

// inverts tells whether a form may be a verb of this subject.
func (h *hyphenator) inverts(verb, subject string) bool {
	if !h.words.Has(verb) || adverbs[verb] || strings.HasSuffix(verb, "ment") {
		return false
	}
	_, plain := h.tests["je"](verb)
	switch subject {
	case "nous":
		stem, ok := strings.CutSuffix(verb, "ons")
		return ok && h.words.Has(stem+"ez") || verb == "sommes"
	case "vous":
		return strings.HasSuffix(verb, "ez") && len(verb) > 4 && verb != "assez" || verb == "êtes" || verb == "faites"
	case "ils", "elles", "iels":
		return strings.HasSuffix(verb, "nt")
	case "il", "elle", "on", "iel":
		return plain || thirdForms[verb] || strings.HasSuffix(verb, "ait") || strings.HasSuffix(verb, "ra") && len(verb) > 4
	case "je":
		return firstForms[verb] || strings.HasSuffix(verb, "rai")
	case "tu":
		return secondForms[verb] || strings.HasSuffix(verb, "ras")
	case "ce":
		return verb == "est" || verb == "était"
	}
	return false
}

var adverbs = setOf(`souvent avant devant pendant maintenant comment vent quand tant autant pourtant cependant durant
	entre contre donc dont même comme seule seul encore toute autre parfait parfois lait fait-il trait`)

var thirdForms = setOf("est a va peut veut doit sait dit fait vient prend met voit tient croit sent part faut connaît devient")

var firstForms = setOf("ai suis dois puis peux vais sais fais dis")

var secondForms = setOf("as es vas peux veux dois sais fais dis viens prends mets vois crois penses")
