package proof

import "crieur/bot/text/proof/lexicon"

// frenchChecker lists the rules of French, the most telling first: where two
// findings overlap, the first one stays.
func frenchChecker() *Checker {
	words := lexicon.French()
	tests := frenchTests(words)
	slips := frenchPhrases(tests)
	known := hints{}
	known.addCalendar(frenchCalendar)
	known.addPhrases(slips)
	known.add(hintTwice, frenchNeverTwice)
	known.add(hintAddress, formal)
	known.add(hintAddress, familiar)
	known.add(hintElision, elides)
	known.add(hintPronoun, pronouns)
	for _, set := range []map[string]bool{decades, alwaysCompound, compoundStart, halfPeoples, {"quatre": true}} {
		known.add(hintHyphen, set)
	}
	speller := &speller{words: words, foreign: lexicon.English(), elides: elides, reformed: true, extra: frenchExtra}
	return &Checker{lang: "fr", hints: known, rules: []func(*page, *findings){
		datesOf(frenchCalendar),
		fakeLetters,
		etcDots,
		doubled,
		ellipses,
		slips.check,
		(&hyphenator{words: words, tests: tests}).check,
		frenchFigures,
		doubledSigns,
		pairedQuotes,
		frenchBlanks,
		frenchQuotes,
		looseSigns(words),
		apostrophes,
		minusHyphens,
		edgeBlanks,
		lowerStart(words),
		peoples,
		frenchCasing,
		brandCasing(words),
		speller.check,
		hashtagCapitals,
		mixedAddress,
	}}
}

// englishChecker is frenchChecker for English.
func englishChecker() *Checker {
	words := lexicon.English()
	slips := englishPhrases(words)
	known := hints{}
	known.addCalendar(englishCalendar)
	known.addPhrases(slips)
	known.add(hintTwice, englishNeverTwice)
	return &Checker{lang: "en", hints: known, rules: []func(*page, *findings){
		datesOf(englishCalendar),
		fakeLetters,
		doubled,
		ellipses,
		slips.check,
		englishFigures,
		englishBlanks,
		englishQuotes,
		apostrophes,
		englishCasing,
		brandCasing(words),
		(&speller{words: words, compounds: true, extra: englishExtra}).check,
		hashtagCapitals,
	}}
}
