package proof

// hint tells at one look which rules a word may concern, so that each word is
// looked up once and not by every rule.
type hint uint8

const (
	hintCalendar hint = 1 << iota // a weekday or a month
	hintRelative                  // starts a relative day
	hintTwice                     // never written twice
	hintAddress                   // speaks to the reader
	hintPhrase                    // starts a phrase of the tables
	hintElision                   // loses its vowel before an apostrophe
	hintHyphen                    // starts a compound or a number
	hintPronoun                   // may follow a verb with a hyphen
)

// hints maps words in lower case to what they concern.
type hints map[string]hint

func (h hints) add(kind hint, words map[string]bool) {
	for w := range words {
		h[w] |= kind
	}
}

func (h hints) addCalendar(c *calendar) {
	for w := range c.weekdays {
		h[w] |= hintCalendar
	}
	for w := range c.months {
		h[w] |= hintCalendar
	}
	h.add(hintRelative, relativeFirst)
}

func (h hints) addPhrases(ps *phrases) {
	for w := range ps.byWord {
		h[w] |= hintPhrase
	}
}
