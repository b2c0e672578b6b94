package measure

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Level says what a Problem asks for.
type Level string

// The levels.
const (
	Error   Level = "error"   // the network refuses the post, or people can't read it
	Warning Level = "warning" // the post is not what its author thinks it is
	Advice  Level = "advice"  // the post would do better
)

// Problem is one thing that Check has found. It carries no words: Check names
// the message, Args fill it.
type Problem struct {
	Check      Key
	Level      Level
	Start, End int // in code points; both 0 if the whole text is meant
	Args       Args
}

// Args are the figures and names of a message; which are set is said at each Check.
type Args struct {
	Network Network
	N       int    // how many there are
	Limit   int    // how many there may be
	Unit    Unit   // of N and Limit
	Text    string // the words concerned
	Replace string // what to write instead of Start to End; "" removes them (FakeLetters, Invisible)
	Cost    string // what the post costs
	Usual   string // what it would cost
}

// Key is the name of a check, stable: messages are looked up by it.
type Key string

// The checks, with the Args that their messages need.
const (
	Empty         Key = "empty"           // nothing to read
	Encoding      Key = "encoding"        // bytes that are not UTF-8, or that were once converted wrongly
	TooLong       Key = "too_long"        // N too many in Unit, of Limit; starts where it is cut
	TooLongWord   Key = "too_long_word"   // Text alone is longer than the network takes: the text can't be split either
	FakeLetters   Key = "fake_letters"    // 𝗯𝗼𝗹𝗱: not read by screen readers nor searches; Text, Replace
	Invisible     Key = "invisible"       // Text is the code point as U+202E; Replace is ""
	Forbidden     Key = "forbidden"       // Text is the character that the network refuses
	Hashtags      Key = "hashtags"        // N of at most Limit
	Links         Key = "links"           // N of at most Limit
	Mentions      Key = "mentions"        // N of at most Limit
	DeadLink      Key = "dead_link"       // a link that can't be clicked; Text
	LinkCost      Key = "link_cost"       // the post costs more; Cost instead of Usual, in US dollars
	ReplyTrap     Key = "reply_trap"      // begins with the handle Text
	HashtagCase   Key = "hashtag_case"    // several words without capitals; Text
	HashtagCut    Key = "hashtag_cut"     // ends at an apostrophe or hyphen: only Text is one
	FoldHidesLink Key = "fold_hides_link" // after about Limit characters; Text
	FoldSentence  Key = "fold_sentence"   // the first sentence goes on after about Limit characters
)

// Check looks a text over and returns its problems in the order of the text,
// those of the whole text first. Of a text that is split, check each part too:
// links, mentions and hashtags are counted in what is given.
func Check(text string, rules Rules) []Problem {
	if blank(text) {
		return []Problem{{Check: Empty, Level: Error, Args: Args{Network: rules.Network}}}
	}
	var found []Problem
	found = append(found, tooLong(text, rules)...)
	found = append(found, characters(text, rules)...)
	found = append(found, entityProblems(text, rules)...)
	found = append(found, folded(text, rules)...)
	slices.SortStableFunc(found, func(a, b Problem) int { return cmp.Compare(a.Start, b.Start) })
	toPoints(text, found)
	for i := range found {
		found[i].Args.Network = rules.Network
	}
	return found
}

// blank reports whether there is nothing to see.
func blank(text string) bool {
	for _, r := range text {
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.IsControl(r) {
			return false
		}
	}
	return true
}

// toPoints turns byte positions into code points; found is ordered by Start.
func toPoints(text string, found []Problem) {
	at, points := 0, 0
	for i := range found {
		points += utf8.RuneCountInString(text[at:found[i].Start])
		at = found[i].Start
		found[i].End = points + utf8.RuneCountInString(text[at:found[i].End])
		found[i].Start = points
	}
}

// tooLong finds the place from which the network would not take the text.
func tooLong(text string, rules Rules) []Problem {
	count := Length(text, rules)
	over, unit := count.Over()
	if over == 0 {
		return nil
	}
	limit := count.Limit
	if unit == Bytes {
		limit = max(count.Limit, count.MaxBytes)
	}
	found := []Problem{{Check: TooLong, Level: Error, Start: Cut(text, rules), End: len(text),
		Args: Args{N: over, Limit: limit, Unit: unit}}}
	var token *TokenError
	if _, err := Split(text, rules); errors.As(err, &token) {
		start := strings.Index(text, token.Token)
		found = append(found, Problem{Check: TooLongWord, Level: Error, Start: start, End: start + len(token.Token),
			Args: Args{Text: token.Token}})
	}
	return found
}

// Cut returns how many bytes of text the network would take, without cutting a
// grapheme, a link or a mention in two.
func Cut(text string, rules Rules) int {
	low, high := 0, len(text) // text[:low] fits, text[:high] does not
	if Length(text, rules).Fits() {
		return high
	}
	for high-low > 1 {
		middle := (low + high) / 2
		if Length(text[:middle], rules).Fits() {
			low = middle
		} else {
			high = middle
		}
	}
	whole := 0
	for scan := scanEntities(text, rules); ; {
		entity, more := scan.next()
		if !more || entity.Start >= low {
			break
		}
		if whole = entity.End; entity.End > low {
			if Length(text[:entity.End], rules).Fits() {
				return entity.End
			}
			return entity.Start
		}
	}
	for whole < low {
		size := cluster(text[whole:])
		if whole+size > low {
			break
		}
		whole += size
	}
	return whole
}

// folded finds what the reader sees only after "see more".
func folded(text string, rules Rules) []Problem {
	if rules.Fold == 0 {
		return nil
	}
	fold := 0
	for range rules.Fold {
		if fold == len(text) {
			return nil
		}
		_, size := utf8.DecodeRuneInString(text[fold:])
		fold += size
	}
	var found []Problem
	if !rules.DeadLinks {
		scan := rules.links(text)
		if start, end, more := scan.next(); more && end > fold {
			found = append(found, Problem{Check: FoldHidesLink, Level: Advice, Start: start, End: end,
				Args: Args{Limit: rules.Fold, Text: text[start:end]}})
		}
	}
	if end := firstSentence(text); end > fold {
		found = append(found, Problem{Check: FoldSentence, Level: Advice, Start: fold, End: end,
			Args: Args{Limit: rules.Fold}})
	}
	return found
}

// firstSentence is where the first sentence or line ends.
func firstSentence(text string) int {
	start := skipSpace(text, 0)
	for at := start; at < len(text); {
		end := at
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			if breaking(r) {
				break
			}
			end += size
			if r == '。' || r == '！' || r == '？' {
				return end
			}
		}
		next := skipSpace(text, end)
		if endingAt(text, at, end, next) == atSentence {
			return end
		}
		at = next
	}
	return len(strings.TrimRightFunc(text, unicode.IsSpace))
}
