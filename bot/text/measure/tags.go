package measure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// entityProblems judges the links, mentions and hashtags of a text.
func entityProblems(text string, rules Rules) []Problem {
	var found []Problem
	entities := Entities(text, rules)
	linked := false
	for _, entity := range entities {
		if problem := entityProblem(text, entity, rules); problem.Check != "" && !(linked && problem.Check == LinkCost) {
			problem.Start, problem.End = entity.Start, entity.End
			found = append(found, problem)
		}
		linked = linked || entity.Kind == Link
	}
	found = append(found, tooMany(entities, Link, Links, rules.MaxLinks)...)
	found = append(found, tooMany(entities, Mention, Mentions, rules.MaxMentions)...)
	many := tooMany(entities, Hashtag, Hashtags, rules.MaxHashtags)
	if many == nil {
		many = tooMany(entities, Hashtag, Hashtags, rules.WiseHashtags)
		for i := range many {
			many[i].Level = Warning
		}
	}
	return append(found, many...)
}

// tooMany reports more than limit entities of a kind, at the first one too many.
func tooMany(entities []Entity, kind Kind, check Key, limit int) []Problem {
	n := 0
	var first Entity
	for _, entity := range entities {
		if entity.Kind != kind {
			continue
		}
		if n++; n == limit+1 {
			first = entity
		}
	}
	if limit == 0 || n <= limit {
		return nil
	}
	return []Problem{{Check: check, Level: Error, Start: first.Start, End: first.End, Args: Args{N: n, Limit: limit}}}
}

// entityProblem judges one entity; its Check is "" if nothing is to be said.
func entityProblem(text string, entity Entity, rules Rules) Problem {
	words := text[entity.Start:entity.End]
	switch {
	case entity.Kind == Link && rules.DeadLinks:
		return Problem{Check: DeadLink, Level: Warning, Args: Args{Text: words}}
	case entity.Kind == Link && rules.LinkPrice != "":
		return Problem{Check: LinkCost, Level: Advice, Args: Args{Text: words, Cost: rules.LinkPrice, Usual: rules.Price}}
	case entity.Kind == Mention && rules.ReplyTrap && skipSpace(text, 0) == entity.Start:
		return Problem{Check: ReplyTrap, Level: Warning, Args: Args{Text: words}}
	case entity.Kind == Hashtag && cutHashtag(text, entity.End):
		return Problem{Check: HashtagCut, Level: Warning, Args: Args{Text: words}}
	case entity.Kind == Hashtag && needsCapitals(words):
		return Problem{Check: HashtagCase, Level: Advice, Args: Args{Text: words}}
	}
	return Problem{}
}

// cutHashtag reports whether a word goes on where its hashtag ends.
func cutHashtag(text string, end int) bool {
	r, size := utf8.DecodeRuneInString(text[end:])
	if r != '\'' && r != '’' && r != '-' {
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[end+size:])
	return unicode.IsLetter(next) || unicode.IsDigit(next)
}

const (
	surelyMany = 16 // letters of a hashtag that is hardly one word
	maybeMany  = 8  // letters of one that is several words if a small word is in it
)

// needsCapitals guesses whether a hashtag is several words in small letters,
// which screen readers spell out as one: it is very long, or a small word such
// as "de" stands between two longer ones.
func needsCapitals(hashtag string) bool {
	_, sign := utf8.DecodeRuneInString(hashtag)
	words := hashtag[sign:]
	letters := 0
	for i, r := range words {
		if !unicode.IsLower(r) && (i > 0 || !unicode.IsUpper(r)) {
			return false // capitals, digits or "_" part the words, or the script has no capitals
		}
		letters++
	}
	if letters >= surelyMany {
		return true
	}
	if letters < maybeMany {
		return false
	}
	for _, small := range smallWords {
		at := strings.Index(words, small)
		if at < 0 {
			continue
		}
		before, after := words[:at], words[at+len(small):]
		if utf8.RuneCountInString(before) >= 3 && utf8.RuneCountInString(after) >= 4 && opens(after) {
			return true
		}
	}
	return false
}

// smallWords join two others, in French and English.
var smallWords = [...]string{"des", "de", "du", "pour", "avec", "sans", "chez", "the", "for", "and", "with", "your"}

// opens reports whether a word can begin so: with a vowel among its first two letters.
func opens(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	second, _ := utf8.DecodeRuneInString(word[size:])
	return isVowel(first) || isVowel(second)
}

func isVowel(r rune) bool { return strings.ContainsRune("aeiouyàâäéèêëîïôöùûüœæ", r) }
