package proof

import "strings"

// frenchFigures sets numbers, hours, units and ordinals as French does.
func frenchFigures(p *page, found *findings) {
	for i := range p.tokens {
		t := &p.tokens[i]
		switch {
		case t.kind == number && (p.at(i-1).kind == mark || p.at(i-1).kind == word) && !opensFigure(p, i):
		case t.kind == number && (frenchHour(p, i, found) || frenchOrdinal(p, i, found) ||
			dottedThousands(p, i, found) || brokenThousands(p, i, found) || solidThousands(p, i, found) ||
			decimalComma(p, i, found) || unitBlank(p, i, found)):
		case t.kind == mark:
			currencyFirst(p, i, found)
		case t.kind == word:
			romanOrdinal(p, i, found)
		}
	}
}

// opensFigure tells whether the number at i begins a figure, rather than going
// on after a point, a comma, a hyphen or letters.
func opensFigure(p *page, i int) bool {
	left := p.at(i - 1)
	return left.kind == mark && strings.Contains("(«“\"'’+~≈<>=:→", left.text) ||
		left.is("-") && (p.at(i-2).kind == space || p.at(i-2).kind == newline || p.at(i-2).lower == "h")
}

// frenchHour writes 18h30 as 18 h 30, with spaces that hold.
func frenchHour(p *page, i int, found *findings) bool {
	hour := p.at(i)
	j := i + 1
	if p.at(j).kind == space {
		j++
	}
	h, minutes := p.at(j), p.at(j+1)
	if h.lower != "h" || h.kind != word || len(hour.text) > 2 || hour.text > "24" && len(hour.text) == 2 && minutes.kind == number {
		return false
	}
	last, want := j, hour.text+nbsp+"h"
	if minutes.kind == space && p.at(j+2).kind == number && len(p.at(j+2).text) == 2 && p.at(j+3).kind != mark && p.at(j+3).kind != word {
		minutes, last = p.at(j+2), j+2
		want += nbsp + minutes.text
	} else if minutes.kind == number {
		if len(minutes.text) != 2 || minutes.text > "59" || p.at(j+2).kind == word {
			return false
		}
		last, want = j+1, want+nbsp+minutes.text
	}
	if loose := strings.ReplaceAll(p.span(i, last), "\u202f", nbsp); loose == want || h.text == "H" && p.at(j-1).kind == space {
		return false
	}
	found.add(p.problem("hour", Typography, Advice, i, last, want))
	return true
}

// frenchOrdinal writes 2ème as 2e, 1ère as 1re.
func frenchOrdinal(p *page, i int, found *findings) bool {
	ending, ok := ordinals[p.at(i+1).lower]
	if !ok {
		return false
	}
	first := strings.Contains(ending, "r")
	if n := p.at(i).text; first != (n == "1") {
		return false
	}
	found.add(p.problem("ordinal", Typography, Advice, i, i+1, p.at(i).text+ending))
	return true
}

var ordinals = map[string]string{
	"ème": "e", "eme": "e", "ième": "e", "ieme": "e", "èmes": "es", "emes": "es", "ièmes": "es", "iemes": "es",
	"ère": "re", "ere": "re", "ières": "res", "ière": "re", "ères": "res", "ier": "er", "iers": "ers",
}

// romanOrdinal writes XXIème as XXIe.
func romanOrdinal(p *page, i int, found *findings) {
	t := p.at(i)
	for _, ending := range []string{"ième", "ieme", "ème", "eme"} {
		roman, ok := strings.CutSuffix(t.text, ending)
		if ok && roman != "" && strings.Trim(roman, "IVXLC") == "" && roman != "C" && roman != "L" {
			found.add(p.problem("ordinal", Typography, Advice, i, i, roman+"e"))
			return
		}
	}
}

// dottedThousands writes 200.000.000 as 200 000 000; a single dot only before
// what is counted, since 1.500 may be a version.
func dottedThousands(p *page, i int, found *findings) bool {
	last := groups(p, i, func(t *token) bool { return t.is(".") })
	count := (last - i) / 2
	if count == 0 || p.at(last+1).is(".") && p.at(last+2).kind == number || count == 3 || p.at(last+1).kind == word {
		return false
	}
	if count == 1 && !counted(p, last+1) {
		return false
	}
	found.add(p.problem("thousands", Typography, Warning, i, last, grouped(p, i, last)))
	return true
}

// brokenThousands ties the groups of 10 000 together.
func brokenThousands(p *page, i int, found *findings) bool {
	last := groups(p, i, func(t *token) bool { return t.kind == space && (t.isBlank() || t.isTie()) })
	if last == i || !strings.Contains(p.span(i, last), " ") || !counted(p, last+1) {
		return false
	}
	found.add(p.problem("thousands", Typography, Advice, i, last, grouped(p, i, last)))
	return true
}

// solidThousands splits five digits and more before what is counted.
func solidThousands(p *page, i int, found *findings) bool {
	digits := p.at(i).text
	if len(digits) < 5 || digits[0] == '0' || len(digits) > 15 || !counted(p, i+1) {
		return false
	}
	found.add(p.problem("thousands", Typography, Advice, i, i, inGroups(digits)))
	return true
}

func inGroups(digits string) string {
	var out strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteString(nbsp)
		}
		out.WriteByte(digits[i])
	}
	return out.String()
}

// groups returns the last token of a number whose groups of three digits are
// separated by signs that sep accepts; i when there are none.
func groups(p *page, i int, sep func(*token) bool) int {
	first := p.at(i).text
	if len(first) > 3 || first[0] == '0' {
		return i
	}
	last := i
	for sep(p.at(last+1)) && p.at(last+2).kind == number && len(p.at(last+2).text) == 3 {
		last += 2
	}
	return last
}

func grouped(p *page, i, last int) string {
	parts := []string{}
	for ; i <= last; i += 2 {
		parts = append(parts, p.at(i).text)
	}
	return strings.Join(parts, nbsp)
}

// counted tells whether what follows token i-1 is a unit, a currency or a thing
// that one counts.
func counted(p *page, i int) bool {
	if p.at(i).kind == space {
		i++
	}
	t := p.at(i)
	return t.is("€") || t.is("%") || t.is("$") || t.is("£") || t.kind == word && (countedThings[t.lower] || units[t.text])
}

var countedThings = setOf(`euros euro dollars francs personnes abonnés abonnées fans followers vues visiteurs visites
	participants participantes exemplaires places habitants clients clientes salariés emplois membres likes lecteurs
	spectateurs billets commandes tonnes kilomètres mètres litres hectares ans fois partages commentaires réponses
	téléchargements utilisateurs votes voix signatures entreprises produits pas arbres repas bénévoles élèves étudiants`)

var units = setOf(`km cm mm kg g mg mL ml cl m L kWh MWh kW MW GW Go Mo Ko To Mbit MHz GHz Hz ha dB W ms µs μs`)

// decimalComma writes 3.5 % and 12.50 € with a comma.
func decimalComma(p *page, i int, found *findings) bool {
	decimals := p.at(i + 2)
	if !p.at(i+1).is(".") || decimals.kind != number || len(decimals.text) > 2 {
		return false
	}
	j := i + 3
	if p.at(j).kind == space {
		j++
	}
	if !p.at(j).is("€") && !p.at(j).is("%") {
		return false
	}
	found.add(p.problem("decimal", Typography, Warning, i+1, i+1, ","))
	return true
}

// unitBlank ties a number to its unit: 10km, 30,3 cm.
func unitBlank(p *page, i int, found *findings) bool {
	if p.at(i+1).is(",") && p.at(i+2).kind == number {
		i += 2
	}
	next := p.at(i + 1)
	switch {
	case next.kind == word && units[next.text] && len(next.text) > 1 && !p.at(i+2).is("-"):
		found.add(p.problem("unit", Typography, Advice, i, i+1, p.at(i).text+nbsp+next.text))
	case next.isBlank() && isUnit(p, i+2):
		found.add(p.problem("unit", Typography, Advice, i, i+2, p.at(i).text+nbsp+p.at(i+2).text))
	case next.isBlank() && p.at(i+2).is("°") && p.at(i+3).lower == "c":
		found.add(p.problem("unit", Typography, Advice, i, i+2, p.at(i).text+nbsp+"°"))
	default:
		return false
	}
	return true
}

// isUnit tells a unit after a blank; one of a single letter only with its power
// or its divisor ("3 m²", "200 m/s").
func isUnit(p *page, i int) bool {
	after := p.at(i + 1)
	if !units[p.at(i).text] || after.isApostrophe() || after.is("-") {
		return false
	}
	return len(p.at(i).text) > 1 || after.is("²") || after.is("³") || after.is("/")
}

// currencyFirst puts the currency after the amount: €12 becomes 12 €.
func currencyFirst(p *page, i int, found *findings) {
	sign, amount := p.at(i), p.at(i+1)
	if !sign.is("€") || amount.kind != number || p.at(i-1).kind == number || p.at(i-1).kind == word {
		return
	}
	last, left := i+1, p.at(i-1)
	if p.at(i+2).is(",") && p.at(i+3).kind == number || p.at(i+2).is(".") && p.at(i+3).kind == number && len(p.at(i+3).text) <= 2 {
		last = i + 3
	}
	if left.kind == space && p.at(i-2).kind == number {
		return
	}
	figure := strings.ReplaceAll(p.span(i+1, last), ".", ",")
	found.add(p.problem("currency", Typography, Warning, i, last, figure+nbsp+"€"))
}
