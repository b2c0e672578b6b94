package proof

import "strings"

// peoples gives the people of a country their capital ("des Français sont
// venus") and takes it off the adjective ("un vin Français").
func peoples(p *page, found *findings) {
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.kind != word || !nationalities[t.lower] || p.at(i+1).is("-") || p.at(i-1).is("-") {
			continue
		}
		left := p.at(i - 2)
		switch {
		case t.isLower() && p.at(i-1).isBlank() && isPeople(p, i):
			found.add(p.problem("people-casing", Typography, Warning, i, i, capitalised(t.text, "Aa")))
		case t.isCapital() && p.at(i-1).isBlank() && left.isLower() && !smallWords[left.lower] && left.end-left.start > 3 && isFeminine(t.lower) &&
			!(p.at(i+1).kind == space && p.at(i+2).isCapital()):
			found.add(p.problem("people-casing", Typography, Warning, i, i, t.lower))
		}
	}
}

// isFeminine tells the forms that are rarely a person after an adjective: "une
// cuisine Italienne", but "l’illustre Italien".
func isFeminine(lower string) bool {
	return strings.HasSuffix(strings.TrimSuffix(lower, "s"), "e")
}

// isPeople tells a noun from an adjective by what stands on both sides.
func isPeople(p *page, i int) bool {
	t, left := p.at(i), p.wordBefore(i)
	many := strings.HasSuffix(t.lower, "s")
	several := severalBefore[left] || left == "de" && quantities[p.at(i-4).lower]
	if !(many && several) && !(left == "une" && strings.HasSuffix(t.lower, "e")) {
		return false
	}
	if before := p.at(i - 4).lower; p.at(i-3).isBlank() && (before == "et" || before == "ou" || before == "les" || before == "tous") {
		return false // "les vins italiens et les français", "tous deux français"
	}
	return p.endsClause(i+1) || p.at(i+1).isBlank() && many && afterPeople[p.at(i+2).lower]
}

var quantities = setOf("beaucoup plein tant trop combien peu nombre")

var severalBefore = setOf("les des ces aux deux trois quatre cinq six dix cent plusieurs quelques nombreux certains")

var afterPeople = setOf(`ont sont vont font peuvent doivent veulent aiment préfèrent pensent étaient avaient seront auront partent qui
	se ne n s sur`)

// smallWords may stand before a people: "les jeunes Français" has none of them,
// but "pour Français" may.
var smallWords = setOf(`pour avec dans chez sans contre entre sous vers selon mais comme quand jeune jeunes quelques plusieurs certains
	nombreux premier premiers autres chaque aucun notre votre leurs tous deux trois quatre cinq cent mille seul seuls
	millions parmi petits vieux grands vrais futurs anciens ancien premières première belle belles petite petites grande grandes
	célèbre célèbres illustre vieille autre toute toutes nouvelle nouvelles une des les`)

var nationalities = nationalForms(`français française| anglais anglaise| allemand allemande| espagnol espagnole| italien italienne|
	portugais portugaise| belge belge| suisse suisse| canadien canadienne| américain américaine| québécois québécoise|
	marocain marocaine| algérien algérienne| tunisien tunisienne| sénégalais sénégalaise| ivoirien ivoirienne| malien malienne|
	camerounais camerounaise| congolais congolaise| malgache malgache| russe russe| ukrainien ukrainienne| polonais polonaise|
	roumain roumaine| grec grecque| turc turque| chinois chinoise| japonais japonaise| coréen coréenne| indien indienne|
	brésilien brésilienne| mexicain mexicaine| argentin argentine| britannique britannique| irlandais irlandaise|
	écossais écossaise| gallois galloise| néerlandais néerlandaise| danois danoise| suédois suédoise| norvégien norvégienne|
	finlandais finlandaise| européen européenne| africain africaine| israélien israélienne| palestinien palestinienne|
	libanais libanaise| syrien syrienne| iranien iranienne| irakien irakienne| soudanais soudanaise| érythréen érythréenne|
	éthiopien éthiopienne| égyptien égyptienne| autrichien autrichienne| hongrois hongroise| parisien parisienne|
	lyonnais lyonnaise| marseillais marseillaise| bordelais bordelaise| nantais nantaise| lillois lilloise| breton bretonne|
	toulousain toulousaine| rennais rennaise| strasbourgeois strasbourgeoise| luxembourgeois luxembourgeoise`)

func nationalForms(list string) map[string]bool {
	forms := map[string]bool{}
	for _, entry := range strings.Split(list, "|") {
		for _, form := range strings.Fields(entry) {
			forms[form] = true
			if !strings.HasSuffix(form, "s") {
				forms[form+"s"] = true
			}
		}
	}
	return forms
}
