package proof

import "strings"

// englishBlanks takes away the blank before punctuation, adds the one after a
// comma or between sentences, and keeps one of two.
func englishBlanks(p *page, found *findings) {
	for i := range p.tokens {
		t := &p.tokens[i]
		switch {
		case t.kind == space:
			left, right := p.at(i-1), p.at(i+1)
			if strings.Contains(";:!?", right.text) && right.kind == mark && left.kind == word && !isSmiley(p, i+1) {
				found.add(p.problem("space-extra", Typography, Warning, i, i+1, right.text))
				continue
			}
			superfluousBlank(p, i, found)
		case t.is(",") || t.is(".") || t.is("…"):
			blankAfterStop(p, i, found)
		}
	}
}

// isSmiley tells whether the sign at i starts one, or stands alone.
func isSmiley(p *page, i int) bool {
	next := p.at(i + 1)
	return next.kind == mark && !strings.Contains("!?\"’'”", next.text) || next.kind == word || next.kind == number || next.kind == kept
}

// englishQuotes turns straight double quotes into “ ”.
func englishQuotes(p *page, found *findings) {
	quotes(p, found, func(i int, opening, _ bool) (string, int, int) {
		if opening {
			return "“", i, i
		}
		return "”", i, i
	})
}

// englishFigures mends ordinals (2th, 21th), currencies and hours.
func englishFigures(p *page, found *findings) {
	for i := range p.tokens {
		t, next := p.at(i), p.at(i+1)
		if t.kind != number || len(t.text) > 6 {
			continue
		}
		if ending := next.lower; ending == "st" || ending == "nd" || ending == "rd" || ending == "th" {
			if right := englishOrdinal(t.text); right != ending && next.isLower() {
				found.add(p.problem("ordinal", Typography, Error, i, i+1, t.text+right))
			}
		}
		if left := p.at(i - 1); next.is("€") || next.is("£") || next.is("$") {
			if left.kind != mark && p.at(i+2).kind != number && p.at(i+2).kind != word {
				found.add(p.problem("currency", Typography, Advice, i, i+1, next.text+t.text))
			}
		}
	}
}

// englishOrdinal is the ending of a number: 1st, 2nd, 3rd, 4th, 11th.
func englishOrdinal(digits string) string {
	n := atoi(digits) % 100
	if n >= 11 && n <= 13 {
		return "th"
	}
	return englishSuffix(n)
}

// englishCasing gives days, months and "I" their capital.
func englishCasing(p *page, found *findings) {
	for i := range p.tokens {
		t := &p.tokens[i]
		if !t.isLower() || p.at(i-1).is("-") || p.at(i+1).is("-") {
			continue
		}
		if t.text == "i" && (p.at(i-1).kind == space || i == 0) && (p.at(i+1).isBlank() || p.at(i+1).isApostrophe()) &&
			!p.at(i+2).is(".") && p.at(i-2).kind != number {
			found.add(p.problem("pronoun-casing", Typography, Warning, i, i, "I"))
			continue
		}
		if name := englishNames[t.text]; name != "" {
			found.add(p.problem("day-casing", Typography, Warning, i, i, name))
		}
	}
}

// englishNames are the days, the months and the languages that no other word is spelt
// like (march, may, august, polish and turkey are).
var englishNames = capitals(`monday tuesday wednesday thursday friday saturday sunday january february april june july
	september october november december english french german italian spanish portuguese russian japanese european
	american british paris london france germany europe america`)

func capitals(list string) map[string]string {
	names := map[string]string{}
	for _, name := range strings.Fields(list) {
		names[name] = strings.ToUpper(name[:1]) + name[1:]
	}
	return names
}
