package proof

import "crieur/bot/text/proof/lexicon"

// frenchRules lists the rules of French, the most telling first: where two
// findings overlap, the first one stays.
func frenchRules() []func(*page, *findings) {
	return []func(*page, *findings){
		datesOf(frenchCalendar),
		fakeLetters,
		etcDots,
		doubledOf(frenchNeverTwice),
		ellipses,
		frenchFigures,
		frenchBlanks,
		frenchQuotes,
		apostrophes,
		minusHyphens,
		frenchCasing,
		(&speller{words: lexicon.French(), foreign: lexicon.English(), elides: elides, reformed: true, extra: frenchExtra}).check,
		brandCasing(func(string) bool { return false }),
		hashtagCapitals,
		mixedAddress,
	}
}

// englishRules is frenchRules for English.
func englishRules() []func(*page, *findings) {
	return []func(*page, *findings){
		datesOf(englishCalendar),
		fakeLetters,
		doubledOf(englishNeverTwice),
		ellipses,
		englishFigures,
		englishBlanks,
		englishQuotes,
		apostrophes,
		englishCasing,
		(&speller{words: lexicon.English(), extra: englishExtra}).check,
		brandCasing(func(string) bool { return false }),
		hashtagCapitals,
	}
}
