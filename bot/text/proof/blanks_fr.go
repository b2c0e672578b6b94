package proof

import "strings"

const nbsp = "\u00a0"

// frenchBlanks puts the no-break spaces of French round ; : ! ? » % € and «,
// the missing blank after punctuation, and takes away those that are too many.
func frenchBlanks(p *page, found *findings) {
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.kind != mark {
			if t.kind == space {
				superfluousBlank(p, i, found)
			}
			continue
		}
		switch t.text {
		case ";", ":", "!", "?", "»", "%", "€", "$", "£", "¥":
			blankBefore(p, i, found)
		case "«":
			blankAfterQuote(p, i, found)
		case ",", ".", "…":
			blankAfterStop(p, i, found)
		}
	}
}

// blankBefore asks for a no-break space before the sign at i.
func blankBefore(p *page, i int, found *findings) {
	before, sign := p.at(i-1), p.at(i).text
	if next := p.at(i + 1); sign == ";" && before.kind == space && next.kind == word && !isMouth(next) {
		found.add(p.problem("space-after", Typography, Warning, i, i+1, sign+" "+next.text))
	}
	if before.isTie() || before.kind == newline || !wantsBlank(p, i) {
		return
	}
	fix := nbsp + sign
	first, last := i, i
	if before.kind == space {
		first = i - 1
	}
	if next := p.at(i + 1); next.kind == word && strings.Contains("!?;", sign) && before.kind == word {
		last, fix = i+1, fix+" "+next.text
	}
	problem := p.problem("space-before", Typography, Warning, first, last, fix)
	problem.Args = map[string]string{"sign": sign}
	found.add(problem)
}

// wantsBlank tells whether French sets the sign at i apart here: not in a
// smiley, an hour, a ratio, a path, a bracket alone or a run of signs.
func wantsBlank(p *page, i int) bool {
	sign := p.at(i).text
	left := p.at(i - 1)
	if left.kind == space {
		left = p.at(i - 2)
	}
	next := p.at(i + 1)
	switch sign {
	case "%", "€", "$", "£", "¥":
		return left.kind == number && next.kind != word && next.kind != number
	case ":":
		if next.kind == number || next.kind == mark && strings.Contains(`/\:)(|*-'o^]>[<`, next.text) ||
			next.kind == word && (p.at(i-1).kind != space || isMouth(next)) {
			return false
		}
	case ";":
		if next.is(")") || next.is("-") || next.is("(") || isMouth(next) && p.at(i-1).kind != space {
			return false
		}
	case "!", "?":
		if next.kind == number || next.is("=") || next.is("/") {
			return false
		}
	}
	return left.kind == word || left.kind == number || left.kind == kept && sign != "!" && sign != "?" ||
		left.kind == mark && strings.Contains(")]»”’%€²³°", left.text)
}

// isMouth tells the letters that end a smiley.
func isMouth(t *token) bool {
	return t.kind == word && len(t.text) == 1 && strings.Contains("DPpOoSsxX", t.text)
}

func blankAfterQuote(p *page, i int, found *findings) {
	next := p.at(i + 1)
	problem := Problem{}
	switch {
	case next.kind == word, next.kind == number, next.kind == kept:
		problem = p.problem("space-after-quote", Typography, Warning, i, i, "«"+nbsp)
	case next.kind == space && !next.isTie() && p.at(i+2).kind != newline:
		problem = p.problem("space-after-quote", Typography, Warning, i, i+1, "«"+nbsp)
	default:
		return
	}
	found.add(problem)
}

// blankAfterStop asks for the blank after a comma, and after a full stop or an
// ellipsis between two sentences.
func blankAfterStop(p *page, i int, found *findings) {
	before, sign, next := p.at(i-1), p.at(i).text, p.at(i+1)
	if before.kind != word || next.kind != word || before.end-before.start < 2 {
		return
	}
	switch {
	case sign == ",":
	case next.isCapital() && next.end-next.start > 1 && (before.isLower() || before.isCapital() && sign == "…"):
	case sign == "." && before.isLower() && before.end-before.start > 2 && afterStop[next.lower] && p.at(i+2).isBlank():
	default:
		return
	}
	problem := p.problem("space-after", Typography, Warning, i, i+1, sign+" "+next.text)
	problem.Args = map[string]string{"sign": sign}
	found.add(problem)
}

// afterStop are words that can't be the ending of an inclusive spelling
// ("perdu.e.s", "immortel.le") nor of a file name.
var afterStop = setOf("de du des il elle je tu on nous vous ils elles mais et dans pour avec sur un une")

// superfluousBlank takes away the blank before a comma or a full stop and
// inside brackets, and the second of two.
func superfluousBlank(p *page, i int, found *findings) {
	t, left, right := p.at(i), p.at(i-1), p.at(i+1)
	if left.kind == newline || right.kind == newline {
		return
	}
	after := p.at(i + 2)
	switch {
	case right.is(",") && after.kind != number && left.kind != mark,
		right.is(".") && (after.kind == space || after.kind == newline) && left.kind != mark,
		right.is(")") && (left.kind == word || left.kind == number) && opened(p, i):
		found.add(p.problem("space-extra", Typography, Warning, i, i+1, right.text))
	case left.is("(") && right.kind == word:
		found.add(p.problem("space-extra", Typography, Warning, i-1, i, left.text))
	case len(t.text) > 1 && strings.Trim(t.text, " ") == "" && isInside(left) && isInside(right):
		found.add(p.problem("space-double", Typography, Warning, i, i, " "))
	}
}

func isInside(t *token) bool { return t.kind != newline && !t.is("|") && !t.is("-") && !t.is("•") }

// opened tells whether a bracket is open before token i on its line.
func opened(p *page, i int) bool {
	for depth, stop := 0, i-200; i >= max(0, stop) && p.at(i).kind != newline; i-- {
		switch {
		case p.at(i).is(")"):
			depth++
		case p.at(i).is("(") && depth == 0:
			return true
		case p.at(i).is("("):
			depth--
		}
	}
	return false
}
