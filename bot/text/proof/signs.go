package proof

import "strings"

// apostrophes wants the typographic apostrophe between letters, and mends a
// back quote, an acute accent, a prime or the remains of another encoding.
func apostrophes(p *page, found *findings) {
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.kind != mark || !strings.Contains("'`´′‘\u0092", t.text) {
			continue
		}
		if before := p.at(i - 1); before.kind != word || p.at(i+1).kind != word && !(elides[before.lower] && startsQuoted(p, i+1)) {
			continue
		}
		found.add(p.problem("apostrophe", Typography, Advice, i, i, "’"))
	}
}

// elides are the words that end in an apostrophe before any word, quoted,
// tagged or counted (l’«, d’@marie, l’#OL).
var elides = setOf("l d j m t s n c qu jusqu lorsqu puisqu quoiqu")

func startsQuoted(p *page, i int) bool {
	t := p.at(i)
	return t.kind == kept || t.kind == number || t.is("«")
}

// ellipses turns three dots and more into one sign.
func ellipses(p *page, found *findings) {
	for i := 0; i < len(p.tokens); i++ {
		if !p.tokens[i].is(".") {
			continue
		}
		last := i
		for p.at(last + 1).is(".") {
			last++
		}
		left, right := p.at(i-1), p.at(last+1)
		if last-i >= 2 && !right.is("/") && !left.is("/") {
			found.add(p.problem("ellipsis", Typography, Advice, i, last, "…"))
		}
		i = last
	}
}

// frenchQuotes turns straight double quotes into « », when they come in pairs
// on the line; inside « » they become “ ”.
func frenchQuotes(p *page, found *findings) {
	quotes(p, found, func(i int, opening, nested bool) (string, int, int) {
		switch {
		case nested && opening:
			return "“", i, i
		case nested:
			return "”", i, i
		case opening && p.at(i+1).kind == space:
			return "«" + nbsp, i, i + 1
		case opening:
			return "«" + nbsp, i, i
		case p.at(i-1).kind == space:
			return nbsp + "»", i - 1, i
		}
		return nbsp + "»", i, i
	})
}

// quotes calls replace for each straight double quote of the lines on which
// they open and close in turn.
func quotes(p *page, found *findings, replace func(i int, opening, nested bool) (string, int, int)) {
	var line []int
	nested, inside := false, false
	for i := 0; i <= len(p.tokens); i++ {
		switch t := p.at(i); {
		case t.is("«"), t.is("»"):
			inside = t.is("«")
		case t.is(`"`):
			line = append(line, i)
			nested = nested || len(line)%2 == 1 && inside
		case t.kind == newline:
			if alternate(p, line) {
				for n, at := range line {
					fix, first, last := replace(at, n%2 == 0, nested)
					found.add(p.problem("quotes", Typography, Advice, first, last, fix))
				}
			}
			line, nested, inside = line[:0], false, false
		}
	}
}

// alternate tells whether the quotes at these tokens open and close in turn;
// one after a digit may be inches, and then nothing is sure.
func alternate(p *page, line []int) bool {
	for n, i := range line {
		left, right := p.at(i-1), p.at(i+1)
		opens := left.kind == space || left.kind == newline || left.kind == mark
		closes := right.kind == space || right.kind == newline || right.kind == mark
		if n%2 == 0 && (!opens || right.kind == newline) || n%2 == 1 && !closes || left.kind == number {
			return false
		}
	}
	return len(line)%2 == 0
}

// minusHyphens mends a minus sign that stands for a hyphen inside a word.
func minusHyphens(p *page, found *findings) {
	for i := range p.tokens {
		if p.tokens[i].is("−") && p.at(i-1).kind == word && p.at(i+1).kind == word {
			found.add(p.problem("hyphen", Typography, Warning, i, i, "-"))
		}
	}
}

// etcDots mends "etc…" and "etc. …": the full stop of the abbreviation is
// enough.
func etcDots(p *page, found *findings) {
	for i := range p.tokens {
		if p.tokens[i].lower != "etc" {
			continue
		}
		last := i + 1
		for p.at(last).is(".") || p.at(last).is("…") {
			last++
		}
		if text := p.span(i+1, last-1); text == "…" || len(text) > 2 && text != "." {
			found.add(p.problem("etc", Typography, Warning, i, last-1, p.at(i).text+"."))
		}
	}
}
