package proof

import "strings"

var pronouns = setOf("moi toi nous vous lui leur le la les en y je tu il elle on ils elles iel iels ce")

// imperative: "Inscrivez vous" at the start of a sentence, "…, prenez en" at
// the end of a clause.
func (h *hyphenator) imperative(p *page, i int, found *findings) {
	t, pronoun := p.at(i), p.at(i+2)
	afterComma := p.at(i-2).is(",") && p.at(i-1).isBlank() && p.endsClause(i+3) && short[pronoun.lower]
	if !p.startsSentence(i) && !afterComma || p.at(i+3).is("-") || p.at(i+3).isApostrophe() {
		return
	}
	next := ""
	if p.at(i+3).kind == space {
		next = p.at(i + 4).lower
	}
	formal, familiar := h.orders(t.lower, pronoun.lower)
	if (formal || familiar) && h.takesPronoun(t.lower, pronoun.lower, next, formal, p.endsClause(i+3)) {
		h.join(p, i, i+2, found)
	}
}

// short are the pronouns that end a clause after an imperative.
var short = setOf("en y moi")

// orders tells whether a form may be an imperative: of vous and nous, of tu.
func (h *hyphenator) orders(verb, pronoun string) (formal, familiar bool) {
	stem, ours := strings.CutSuffix(verb, "ons")
	switch {
	case notVerbs[verb] || verb == "entre" || verb == "contre":
		return false, false
	case ours && h.words.Has(stem+"ez"):
		return pronoun != "vous", false
	case strings.HasSuffix(verb, "ez") && h.words.Has(verb) || verb == "dites" || verb == "faites":
		return true, false
	}
	_, plain := h.tests["je"](verb)
	return false, plain || shortImperatives[verb]
}

// takesPronoun tells whether the pronoun after an imperative is its own, and
// not the object of an infinitive that follows ("venez nous voir") nor an
// article ("prenez le bus").
func (h *hyphenator) takesPronoun(verb, pronoun, next string, formal, ends bool) bool {
	_, infinitive := h.tests["infinitive"](next)
	switch pronoun {
	case "moi":
		return verb != "viens"
	case "toi":
		return !formal && verb != "viens"
	case "lui", "y":
		return ends || !infinitive
	case "nous":
		return !infinitive && next != "est"
	case "vous":
		return formal && !infinitive
	case "leur":
		return ends || next == "que" || next == "de" || next == "à"
	case "le", "la", "les":
		return ends || afterObject[next] && !(strings.HasSuffix(verb, "ons") && next == "pour")
	case "en":
		return ends || next == "pour" && verb == "profitez" || next == "là"
	}
	return false
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
		(!thirdPersons[subject.lower] || thirdForms[t.lower] || question)
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

// maxClause is how far, in tokens, a clause is followed.
const maxClause = 120

// clause tells whether the sentence around i is a question, and whether the
// same pronoun stands before, as its subject.
func (h *hyphenator) clause(p *page, i int, subject string) (question, same bool) {
	for j := i - 1; j >= max(0, i-maxClause) && !p.startsSentence(j+1); j-- {
		same = same || p.at(j).lower == subject
	}
	for j := i; j < i+maxClause; j++ {
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
	if !h.words.Has(verb) && subject != "tu" && subject != "je" || adverbs[verb] || strings.HasSuffix(verb, "ment") {
		return false
	}
	_, plain := h.tests["je"](verb)
	switch subject {
	case "nous":
		stem, ok := strings.CutSuffix(verb, "ons")
		return ok && h.words.Has(stem+"ez") || verb == "sommes"
	case "vous":
		return strings.HasSuffix(verb, "ez") && !notVerbs[verb] || verb == "êtes" || verb == "faites"
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

// notVerbs end like the verbs of "vous".
var notVerbs = setOf("assez chez nez rez lez riz biz")

var adverbs = setOf(`souvent avant devant pendant maintenant comment vent quand tant autant pourtant cependant durant
	entre contre donc dont même comme seule seul encore toute autre parfait parfois lait fait-il trait`)

var thirdForms = setOf("est a va peut veut doit sait dit fait vient prend met voit tient croit sent part faut connaît devient")

var firstForms = setOf("ai suis dois puis peux vais sais fais dis")

var secondForms = setOf("as es vas peux veux dois sais fais dis viens prends mets vois crois penses")
