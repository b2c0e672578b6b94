package measure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Facet is a link, mention or hashtag as Bluesky wants it told: its post
// records carry plain text, and what is clickable in it beside it.
type Facet struct {
	Kind       Kind
	Start, End int    // in bytes of the UTF-8 text, the end excluded
	Value      string // the address with its scheme; the handle without "@", to be resolved to a DID; the tag without "#"
}

const longestTag = 64 // graphemes of a Bluesky hashtag

// Facets returns the facets of a text by the rules of Bluesky's own client, in
// order. A link or handle begins the text or follows a space or "("; a link
// needs a scheme or a domain with a real last label.
func Facets(text string) []Facet {
	var facets []Facet
	for at, end := 0, -1; at < len(text); {
		if at > end {
			end = wordEnd(text, at)
		}
		read, next := at, end
		if facet, found := facetAt(text[:end], at); found {
			facets = append(facets, facet)
			read = facet.End
		}
		if open := strings.IndexByte(text[read:end], '('); open >= 0 {
			next = read + open
		}
		_, size := utf8.DecodeRuneInString(text[next:])
		at = next + size
	}
	return facets
}

// facetAt reads the facet that the word from at to the end of text begins with.
func facetAt(text string, at int) (Facet, bool) {
	word := text[at:]
	switch {
	case word == "":
		return Facet{}, false
	case word[0] == '@':
		end := handleEnd(word)
		return Facet{Mention, at, at + end, word[min(1, end):end]}, end > 0
	case word[0] == '#' || strings.HasPrefix(word, "＃"):
		if at > 0 && text[at-1] == '(' {
			return Facet{}, false
		}
		_, sign := utf8.DecodeRuneInString(word)
		end := bskyTagEnd(word, sign)
		return Facet{Hashtag, at, at + end, word[min(sign, end):end]}, end > 0
	}
	if schemeAhead(word) {
		address := word[:trimLink(word)]
		return Facet{Link, at, at + len(address), address}, schemeAhead(address)
	}
	if !isLetter(word[0]) || !bareDomain(word) {
		return Facet{}, false
	}
	address := word[:trimLink(word)]
	return Facet{Link, at, at + len(address), "https://" + address}, true
}

// handleEnd is the size of a handle with its "@": a domain with a real last
// label, or one that ends in .test.
func handleEnd(word string) int {
	end := 1
	for i := 1; i < len(word) && (isAlnum(word[i]) || word[i] == '.' || word[i] == '-'); i++ {
		if isAlnum(word[i]) {
			end = i + 1
		}
	}
	dot := strings.LastIndexByte(word[:end], '.')
	if dot <= 1 || !isTopLevel(word[dot+1:end]) && word[dot+1:end] != "test" {
		return 0
	}
	return end
}

// bskyTagEnd is the size of a hashtag: it does not begin with a digit and does
// not end with punctuation.
func bskyTagEnd(word string, sign int) int {
	end := 0
	for i := sign; i < len(word); {
		r, size := utf8.DecodeRuneInString(word[i:])
		picture := emoji(word[i:])
		switch {
		case picture > 0 && r >= utf8.RuneSelf:
			i += picture
			end = i
		case unicode.IsLetter(r) || unicode.IsMark(r) && i > sign:
			i += size
			end = i
		case i > sign && (r >= '0' && r <= '9'):
			i += size
			end = i
		case i > sign && (r == '_' || r == '-'):
			i += size
		default:
			return tagWithin(word, sign, end)
		}
	}
	return tagWithin(word, sign, end)
}

// tagWithin is end if the tag is not longer than Bluesky takes, else 0.
func tagWithin(word string, sign, end int) int {
	if end == 0 || graphemes(word[sign:end]) > longestTag {
		return 0
	}
	return end
}

// trimLink leaves out what closes the sentence or the parenthesis around a link.
func trimLink(word string) int {
	unopened := strings.Count(word, ")") - strings.Count(word, "(")
	for end := len(word); end > 0; {
		r, size := utf8.DecodeLastRuneInString(word[:end])
		switch {
		case strings.ContainsRune(".,;:!?'\"»”’…", r):
		case r == ')' && unopened > 0:
			unopened--
		default:
			return end
		}
		end -= size
	}
	return 0
}

func schemeAhead(word string) bool {
	for _, scheme := range [...]string{"https://", "http://"} {
		if len(word) > len(scheme) && strings.EqualFold(word[:len(scheme)], scheme) {
			return true
		}
	}
	return false
}

// bareDomain reports whether a word begins with ASCII labels that end in a real
// top-level domain.
func bareDomain(word string) bool {
	end := 0
	for end < len(word) && (isAlnum(word[end]) || word[end] == '.' && end > 0 && word[end-1] != '.') {
		end++
	}
	name := strings.TrimSuffix(word[:end], ".")
	dot := strings.LastIndexByte(name, '.')
	return dot > 0 && isTopLevel(name[dot+1:])
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// wordEnd is where the next space is.
func wordEnd(text string, at int) int {
	for i, r := range text[at:] {
		if unicode.IsSpace(r) {
			return at + i
		}
	}
	return len(text)
}
