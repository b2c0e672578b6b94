package proof

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"crieur/bot/text/proof/lexicon"

	"golang.org/x/text/unicode/norm"
)

// fakeLetters reports bold, italic and other letters borrowed from mathematics,
// which screen readers spell out or skip and search never finds.
func fakeLetters(p *page, found *findings) {
	for i := 0; i < len(p.tokens); i++ {
		if p.tokens[i].kind == kept || !isFake(p.tokens[i].text) {
			continue
		}
		last := i
		for j := i + 1; j < len(p.tokens); j++ {
			if t := p.at(j); t.kind != kept && isFake(t.text) {
				last = j
			} else if t.kind != space && t.kind != word && t.kind != number && t.kind != mark || t.kind == word && !isFake(t.text) {
				break
			}
		}
		text := p.span(i, last)
		if plain := norm.NFKC.String(text); plain != text {
			found.add(p.problem("fake-letters", Style, Error, i, last, plain))
		}
		i = last
	}
}

// isFake tells a token with a mathematical letter, an enclosed or a full-width
// one.
func isFake(s string) bool {
	if isASCII(s) {
		return false
	}
	for _, r := range s {
		if r >= 0x1d400 && r <= 0x1d7ff || r >= 0xff21 && r <= 0xff5a || r >= 0x24b6 && r <= 0x24e9 {
			return true
		}
	}
	return false
}

// hashtagCapitals advises a capital at each word of a hashtag that is long and
// all lower case: people and screen readers see where the words end. Where they
// end is for a person to say.
func hashtagCapitals(p *page, found *findings) {
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.kind != kept || t.text[0] != '#' || strings.Contains(t.text, "_") || utf8.RuneCountInString(t.text) <= 14 {
			continue
		}
		if strings.ContainsFunc(t.text, unicode.IsUpper) || p.when.Brand.Has(t.text[1:]) {
			continue
		}
		problem := p.problem("hashtag-capitals", Style, Advice, i, i)
		problem.Args = map[string]string{"hashtag": t.text}
		found.add(problem)
	}
}

// brandCasing gives the brand's words their own capitals, unless the text
// shouts or the lower-case word is an ordinary one.
func brandCasing(words *lexicon.Dictionary) func(*page, *findings) {
	return func(p *page, found *findings) {
		if p.when.Brand == nil {
			return
		}
		for i := range p.tokens {
			t := &p.tokens[i]
			want := p.when.Brand.casing(t.lower)
			if t.kind != word || want == "" || want == t.text || t.text == strings.ToUpper(t.text) || words.Has(t.lower) {
				continue
			}
			if capitalised(want, strings.ToUpper(t.text[:1])+"a") == t.text && p.startsSentence(i) && want == strings.ToLower(want) {
				continue
			}
			problem := p.problem("brand-casing", Style, Warning, i, i, want)
			problem.Args = map[string]string{"word": want}
			found.add(problem)
		}
	}
}

// mixedAddress reports a post that says tu and vous to the same reader: the
// rarer of the two, where it first appears.
func mixedAddress(p *page, found *findings) {
	var first [2]int
	var count [2]int
	quoted := false
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.kind == mark && (t.text == "«" || t.text == "»") {
			quoted = t.text == "«"
		}
		if t.hint&hintAddress == 0 || quoted || !isAddress(p, i) {
			continue
		}
		form := 0
		if formal[t.lower] {
			form = 1
		}
		if count[form] == 0 {
			first[form] = i
		}
		count[form]++
	}
	if count[0] == 0 || count[1] == 0 {
		return
	}
	rarer := 0
	if count[1] < count[0] {
		rarer = 1
	}
	problem := p.problem("mixed-address", Style, Advice, first[rarer], first[rarer])
	problem.Args = map[string]string{"word": p.at(first[rarer]).text, "other": p.at(first[1-rarer]).text}
	found.add(problem)
}

// isAddress tells the words that speak to the reader.
func isAddress(p *page, i int) bool {
	lower := p.at(i).lower
	if lower == "t" || lower == "tes" || lower == "ton" || lower == "ta" {
		if lower == "t" && (!p.at(i+1).isApostrophe() || p.at(i-1).is("-")) || p.at(i-1).is("-") {
			return false
		}
	}
	return !(p.at(i-1).is("-") && p.at(i-2).lower == "rendez")
}

var formal = setOf("vous votre vos")

var familiar = setOf("tu te toi t ton ta tes")
