package proof

import (
	"strings"

	"crieur/bot/text/proof/lexicon"
)

const englishSlips = `
!(on|in|by|for|of|to|with|at|from) [its] (a|an|the|been|not|time|official|finally|here|almost|never|always|important|great|true) = it’s
[your] (welcome|invited) !(mat|message|gift|pack|home|party|to|email|speech|drink) = you’re
[your] (a|an|the|not) = you’re
[their] (is|are|was|were|will) = there
[there] own = their
[they’re] own = their
(could|should|would|must|might) [of] !(course) = have
[could of] been = could have
(more|less|better|rather|bigger|larger|faster|higher|lower|worse|older|younger|easier|greater|smaller) [then] (a|an|the|you|we|ever|just|any|one|usual|expected|before|your|our|most|last|expected) = than
(to|will|not|can|could|would|never|ll) [loose] (your|our|my|the|weight|money|time|sight|track|it|everything) = lose
(way|far|be|is|are|was|were|not) [to] (much|many|late) = too
^[lets] (go|get|see|talk|start|make|do|have|take|celebrate|meet|all|not|be) = let’s
be [apart] of = a part
[thank’s] = thanks
[an other] = another
[alot] of = a lot
[this] (events|days|weeks|products|offers|weekends|questions|photos|pictures|stories|tips) = these
[these] (week|day|event|product|offer|weekend|question|photo|picture|story) = this
!(with|for|of|from|at|by|like|and) (you|we|they) [was] = were
[a] <vowel> = an
[an] <consonant> = a
(each) [others] = other
`

const englishHyphens = `
!(the) [state of the art] (technology|equipment|facility|facilities|solution) = state-of-the-art
`

// englishPhrases compiles the tables of English.
func englishPhrases(words *lexicon.Dictionary) *phrases {
	tests := map[string]wordTest{
		"vowel": func(lower string) (string, bool) {
			return lower, (strings.IndexByte("aeio", lower[0]) >= 0 && len(lower) > 2 && words.Has(lower) && lower != "and" && lower != "are" && !soundsConsonant(lower)) || silentH[lower]
		},
		"consonant": func(lower string) (string, bool) {
			plain := strings.IndexByte("bcdfgjklmnpqrstvwz", lower[0]) >= 0 && len(lower) > 2 && words.Has(lower)
			return lower, plain || soundsConsonant(lower)
		},
	}
	ps := &phrases{byWord: map[string][]*phrase{}}
	ps.compile(slips, tests, englishSlips)
	ps.compile(lostHyphens, tests, englishHyphens)
	return ps
}

// soundsConsonant tells the words that are written with a vowel and said with
// the sound of "you" or "won".
func soundsConsonant(lower string) bool {
	return strings.HasPrefix(lower, "eu") || strings.HasPrefix(lower, "one") || strings.HasPrefix(lower, "once") ||
		lower == "ewe" || lower == "university" || lower == "unique" || lower == "user" || lower == "useful" || lower == "unit" || lower == "union"
}

var silentH = setOf("hour hours honest honor honour heir honorary")
