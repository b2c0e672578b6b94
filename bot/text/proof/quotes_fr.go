package proof

import (
	"strings"

	"crieur/bot/text/proof/lexicon"
)

// pairedQuotes reports a quotation mark that turns its back on the words, and a
// closing one of another pair than the opening one: « like this ”.
func pairedQuotes(p *page, found *findings) {
	if !hasAny(p.text, "«", "»", "“", "”") || hasAny(p.text, "„", "‟") {
		return
	}
	var open []string // signs that close what is open
	for i := range p.tokens {
		t := &p.tokens[i]
		switch {
		case t.kind == newline || len(open) > 8:
			open = open[:0]
		case t.is("”") && isOpening(p, i):
			found.add(p.problem("quotes", Typography, Warning, i, i, "“"))
			open = append(open, "”")
		case t.is("«") && isClosing(p, i) && len(open) > 0:
			closeWith(p, i, nbsp+"»", found)
			open = open[:len(open)-1]
		case t.is("«"):
			open = append(open, "»")
		case t.is("“"):
			open = append(open, "”")
		case (t.is("»") || t.is("”")) && len(open) > 0:
			if want := open[len(open)-1]; want != t.text && !contains(open, t.text) {
				if want == "»" {
					want = nbsp + want
				}
				closeWith(p, i, want, found)
			}
			open = open[:len(open)-1]
		}
	}
}

func hasAny(text string, signs ...string) bool {
	for _, sign := range signs {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

// isOpening tells a sign that stands before a word and after none.
func isOpening(p *page, i int) bool {
	left, right := p.at(i-1), p.at(i+1)
	return (left.kind == space || left.kind == newline) && (right.kind == word || right.kind == kept)
}

// isClosing tells a sign that follows a word and precedes none.
func isClosing(p *page, i int) bool {
	left := p.at(i - 1)
	if left.kind == space {
		left = p.at(i - 2)
	}
	return left.kind == word && p.at(i+1).kind != word && p.at(i+2).kind != word && !p.at(i+1).isTie()
}

// closeWith replaces the sign at i and the blank before it.
func closeWith(p *page, i int, sign string, found *findings) {
	first := i
	if p.at(i-1).kind == space {
		first = i - 1
	}
	found.add(p.problem("quotes", Typography, Warning, first, i, sign))
}

// doubledSigns mends signs that exclude each other: ",," "?." ", …" and an
// apostrophe written twice.
func doubledSigns(p *page, found *findings) {
	for i := range p.tokens {
		t, next := &p.tokens[i], p.at(i+1)
		switch {
		case t.kind != mark:
		case t.is(",") && next.is(",") && !p.at(i-1).is(",") && !p.at(i+2).is(","):
			found.add(p.problem("sign-doubled", Typography, Warning, i, i+1, ","))
		case (t.is("?") || t.is("!")) && next.is(".") && !p.at(i+2).is("."):
			found.add(p.problem("sign-doubled", Typography, Warning, i, i+1, t.text))
		case t.is(",") && next.kind == space && p.at(i+2).is("…") && p.at(i-1).kind == word:
			found.add(p.problem("sign-doubled", Typography, Warning, i, i+2, "…"))
		case t.isApostrophe() && next.isApostrophe() && elides[p.at(i-1).lower] && p.at(i+2).kind == word:
			found.add(p.problem("sign-doubled", Typography, Warning, i, i+1, "’"))
		case (t.is("<") || t.is(">")) && next.is("=") && !p.at(i+2).is("=") && !p.at(i+2).is(">") && (p.at(i-1).kind == number || p.at(i-1).kind == space):
			found.add(p.problem("sign-doubled", Typography, Advice, i, i+1, map[string]string{"<": "≤", ">": "≥"}[t.text]))
		}
	}
}

// edgeBlanks takes away the blanks before and after the whole text.
func edgeBlanks(p *page, found *findings) {
	last := len(p.tokens) - 1
	if last < 1 {
		return
	}
	if p.tokens[0].kind == space {
		found.add(p.problem("space-extra", Typography, Advice, 0, 0, ""))
	}
	if t := &p.tokens[last]; t.kind == space && len(t.text) > 1 {
		found.add(p.problem("space-extra", Typography, Advice, last, last, ""))
	}
}

// lowerStart reports a sentence that starts without a capital, in a text whose
// other sentences have theirs.
func lowerStart(words *lexicon.Dictionary) func(*page, *findings) {
	return func(p *page, found *findings) {
		if !startsHigh(p) {
			return
		}
		for i := range p.tokens {
			t, left := &p.tokens[i], p.at(i-3)
			if !p.at(i-2).is(".") || !p.at(i-1).isBlank() || !t.isLower() || t.end-t.start < 2 || t.lower == "http" || t.lower == "https" {
				continue
			}
			if left.isLower() && left.end-left.start > 3 && words.Has(left.text) && !abbreviated[left.lower] {
				found.add(p.problem("sentence-casing", Typography, Advice, i, i, capitalised(t.text, "Aa")))
			}
		}
	}
}

// startsHigh tells a text whose first letter is a capital.
func startsHigh(p *page) bool {
	for i := range p.tokens {
		if t := &p.tokens[i]; t.kind == word {
			return t.text != t.lower
		}
	}
	return false
}

var abbreviated = setOf("env resp approx chap fasc suiv trad coll prof tél min max janv févr juil sept aujourd etc")
