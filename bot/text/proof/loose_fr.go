package proof

import (
	"strings"
	"unicode/utf8"

	"crieur/bot/text/proof/lexicon"
)

// looseSigns mends what came apart or ran together: a lost apostrophe ("qu il"),
// a blank inside an elision ("c’ est") or before a hyphen ("puis -je"), a dash
// for a hyphen, points of inclusive spelling.
func looseSigns(words *lexicon.Dictionary) func(*page, *findings) {
	return func(p *page, found *findings) {
		for i := range p.tokens {
			t := &p.tokens[i]
			switch {
			case t.kind == word && p.at(i+1).isBlank():
				lostApostrophe(p, i, words, found)
				blankBeforeHyphen(p, i, found)
				blankAfterPronoun(p, i, found)
			case t.kind == word && p.at(i+1).isApostrophe() && p.at(i+2).isBlank():
				blankInElision(p, i, found)
			case t.kind == word && p.at(i+1).is("."):
				inclusivePoints(p, i, found)
			case t.is("–") || t.is("—"):
				strayDash(p, i, words, found)
			case t.is("*"):
				timesSign(p, i, found)
			case t.is("-"):
				adverbialPronoun(p, i, found)
			}
		}
	}
}

// lostApostrophe: "qu il" is qu’il; of single letters only those that begin a
// sentence or go with a word that leaves no doubt.
func lostApostrophe(p *page, i int, words *lexicon.Dictionary, found *findings) {
	t, next := p.at(i), p.at(i+2)
	if t.hint&hintElision == 0 || next.kind != word || !next.isLower() || next.end-next.start < 2 && next.text != "à" && next.text != "a" && next.text != "y" {
		return
	}
	if r, _ := utf8.DecodeRuneInString(next.lower); !strings.ContainsRune("aeiouyh", lexicon.Fold(r)) || !words.Has(next.lower) {
		return
	}
	left := p.at(i - 1)
	alone := left.kind == newline || left.kind == space
	long := len(t.lower) > 1
	certain := long || p.startsSentence(i) && left.kind != mark && t.lower != "c" || t.isLower() && (t.lower == "n" || t.lower == "j") ||
		t.isLower() && afterLetter[t.lower+" "+next.lower] || t.lower == "c" && afterLetter["c "+next.lower]
	if !alone || !certain || long && !t.isLower() && !t.isCapital() {
		return
	}
	found.add(p.problem("apostrophe", Typography, Warning, i, i+1, t.text+"’"))
}

var afterLetter = pairs(`c est|c était|c étaient|s est|s était|s il|s ils|s en|d un|d une|d ici|d abord|d accord|d autres|d être|d avoir
	|d eux|l on|l un|l une|l autre|l équipe|l année|l heure|l occasion|l entreprise|l événement|m a|m ont|t as|t es`)

// pairs makes a set of expressions separated by bars.
func pairs(list string) map[string]bool {
	set := map[string]bool{}
	for _, entry := range strings.Split(list, "|") {
		set[strings.TrimSpace(entry)] = true
	}
	return set
}

// blankBeforeHyphen: "puis -je".
func blankBeforeHyphen(p *page, i int, found *findings) {
	if p.at(i+2).is("-") && hyphened[p.at(i+3).text] && !p.at(i+4).is("-") {
		found.add(p.problem("hyphen", Typography, Warning, i+1, i+2, "-"))
	}
}

var hyphened = setOf("je tu il elle on nous vous ils elles ce moi toi là ci même mêmes")

// blankAfterPronoun: "donnez-moi en", "donne-les moi".
func blankAfterPronoun(p *page, i int, found *findings) {
	first, second := p.at(i).lower, p.at(i+2).lower
	if !p.at(i-1).is("-") || p.at(i-2).kind != word || !p.endsClause(i+3) {
		return
	}
	direct := (first == "le" || first == "la" || first == "les") && (second == "moi" || second == "lui" || second == "leur" || second == "nous")
	if direct || (first == "moi" || first == "nous" || first == "lui" || first == "leur") && second == "en" {
		found.add(p.problem("hyphen", Typography, Warning, i+1, i+1, "-"))
	}
}

// blankInElision: "c’ est".
func blankInElision(p *page, i int, found *findings) {
	next := p.at(i + 3)
	r, _ := utf8.DecodeRuneInString(next.lower)
	if elides[p.at(i).lower] && next.isLower() && strings.ContainsRune("aeiouyh", lexicon.Fold(r)) && !p.at(i-1).isApostrophe() {
		found.add(p.problem("space-extra", Typography, Warning, i+1, i+2, "’"))
	}
}

// inclusivePoints: a full stop inside a word makes a link of "devenu.es"; the
// middle dot does not.
func inclusivePoints(p *page, i int, found *findings) {
	ending := p.at(i + 2)
	if !inclusiveEndings[ending.text] || p.at(i).end-p.at(i).start < 2 || p.at(i-1).is(".") || p.at(i-1).is("@") {
		return
	}
	last := i + 2
	if p.at(last+1).is(".") && p.at(last+2).text == "s" {
		last += 2
	}
	if p.at(last+1).kind == kept || p.at(last+1).is("/") || p.at(last+1).is(".") && p.at(last+2).kind == word {
		return
	}
	found.add(p.problem("inclusive", Typography, Advice, i, last, strings.ReplaceAll(p.span(i, last), ".", "·")))
}

var inclusiveEndings = setOf("e es ne nes le les se ses te tes rice rices trice trices euse euses ière ières ère ères ve ves")

// strayDash: an en dash inside a compound, or a dash stuck to the first word of
// a line of dialogue.
func strayDash(p *page, i int, words *lexicon.Dictionary, found *findings) {
	left, right := p.at(i-1), p.at(i+1)
	if left.isLower() && right.isLower() && words.Has(left.text+"-"+right.text) {
		found.add(p.problem("hyphen", Typography, Warning, i, i, "-"))
	}
	if left.kind == newline && right.kind == word {
		found.add(p.problem("dash", Typography, Advice, i, i, p.at(i).text+nbsp))
	}
}

// timesSign: 800*600 is 800 × 600.
func timesSign(p *page, i int, found *findings) {
	first, last := i-1, i+1
	if p.at(first).isBlank() && p.at(last).isBlank() {
		first, last = i-2, i+2
	}
	if a, b := p.at(first), p.at(last); a.kind == number && b.kind == number && !p.at(last+1).is("*") && !p.at(first-1).is("*") {
		found.add(p.problem("times", Typography, Advice, first, last, a.text+nbsp+"×"+nbsp+b.text))
	}
}

// adverbialPronoun: "donne-m-en", "va-t-en" take an apostrophe.
func adverbialPronoun(p *page, i int, found *findings) {
	letter, pronoun := p.at(i+1).text, p.at(i+3).text
	if p.at(i-1).kind != word || !p.at(i+2).is("-") || p.at(i+4).is("-") || p.at(i+5).lower == "guerre" {
		return
	}
	if (letter == "m" || letter == "t") && (pronoun == "en" || pronoun == "y") {
		found.add(p.problem("apostrophe", Typography, Warning, i+2, i+2, "’"))
	}
}
