package proof

import "strings"

// frenchCasing takes the capital off the days and months of a sentence, and
// gives the languages and units theirs.
func frenchCasing(p *page, found *findings) {
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.kind != word {
			continue
		}
		if t.isCapital() && !p.startsSentence(i) {
			capitalDay(p, i, found)
			capitalMonth(p, i, found)
			capitalLanguage(p, i, found)
		}
		if right := unitCasing[t.text]; right != "" && (p.at(i-1).kind == number || p.at(i-1).kind == space && (p.at(i-2).kind == number || countWords[p.at(i-2).lower])) {
			found.add(p.problem("unit-casing", Typography, Warning, i, i, right))
		}
		if t.text == "Mr" && p.at(i+1).kind == space && p.at(i+2).isCapital() {
			found.add(p.problem("title", Typography, Advice, i, i, "M."))
		}
	}
}

// capitalDay: "ce Mardi" takes no capital; "Mardi gras" and names of events do.
func capitalDay(p *page, i int, found *findings) {
	t := p.at(i)
	if _, ok := frenchCalendar.weekdays[t.lower]; !ok || len(t.text) < 5 {
		return
	}
	next := p.at(i + 2)
	if p.at(i+1).kind == space && (next.lower == "gras" || next.lower == "saint" || next.lower == "noir" || next.kind == word && !next.isLower()) {
		return
	}
	if left := p.at(i - 2); p.at(i-1).isBlank() && (dayBefore[left.lower] && left.isLower() || next.kind == number && left.isLower()) {
		found.add(p.problem("day-casing", Typography, Warning, i, i, t.lower))
	}
}

var dayBefore = setOf("ce le les du au chaque dès lundi mardi mercredi jeudi vendredi samedi et ou un hier demain")

// capitalMonth: "en Janvier" and "le 3 Mars" take no capital; mars and the
// first names Avril and Juin need the number.
func capitalMonth(p *page, i int, found *findings) {
	t, left := p.at(i), p.at(i-2)
	if p.at(i-1).kind != space || p.at(i+1).is("-") {
		return
	}
	_, known := frenchCalendar.months[t.lower]
	if known = known && len(t.text) >= 4 || t.text == "Mai" || revolutionary[t.lower]; !known {
		return
	}
	after := left.kind == number && len(left.text) <= 2 && p.at(i-3).kind != mark || left.lower == "er" && p.at(i-3).text == "1"
	if after || t.text != "Mars" && t.text != "Avril" && t.text != "Mai" && monthBefore[left.lower] && left.isLower() {
		found.add(p.problem("month-casing", Typography, Warning, i, i, t.lower))
	}
}

var monthBefore = setOf("en depuis début fin courant dès jusqu")

var revolutionary = setOf(`vendémiaire brumaire frimaire nivôse pluviôse ventôse germinal floréal prairial messidor
	thermidor fructidor`)

// capitalLanguage: "en Anglais", "parler Russe", "traduit de l’Allemand".
func capitalLanguage(p *page, i int, found *findings) {
	t, left := p.at(i), p.at(i-2)
	if !languages[t.lower] || p.at(i-1).kind != space || p.at(i+1).kind == space && p.at(i+2).isCapital() {
		return
	}
	if left.kind == word && (left.lower == "en" || strings.HasPrefix(left.lower, "parl") && left.lower != "parlement" || left.lower == "langue") {
		found.add(p.problem("language-casing", Typography, Warning, i, i, t.lower))
	}
}

var languages = setOf(`français anglais allemand espagnol italien portugais néerlandais russe chinois japonais arabe
	polonais turc grec roumain ukrainien coréen suédois danois hongrois tchèque breton basque catalan corse occitan`)

var countWords = setOf("deux trois quatre cinq six sept huit neuf dix quinze vingt trente quarante cinquante soixante cent mille")

var unitCasing = map[string]string{
	"Km": "km", "KM": "km", "KG": "kg", "Kg": "kg", "Cm": "cm", "CM": "cm", "Mm": "mm", "KWh": "kWh", "kwh": "kWh", "KWH": "kWh",
	"Mètres": "mètres", "Grammes": "grammes", "Litres": "litres", "Kilomètres": "kilomètres", "Euros": "euros", "Mois": "mois",
	"Jours": "jours", "Heures": "heures", "Minutes": "minutes", "Ans": "ans", "Personnes": "personnes",
}
