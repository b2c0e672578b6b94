package bluesky

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"crieur/bot/outbox"
)

// Facet makes a stretch of text a link, a mention or a hashtag.
type Facet struct {
	Index    Index     `json:"index"`
	Features []Feature `json:"features"`
}

// Index counts UTF-8 bytes; the end is exclusive.
type Index struct {
	Start int `json:"byteStart"`
	End   int `json:"byteEnd"`
}

// Feature is what the stretch is; one of URI, DID, Tag is set.
type Feature struct {
	Type string `json:"$type"`
	URI  string `json:"uri,omitempty"`
	DID  string `json:"did,omitempty"`
	Tag  string `json:"tag,omitempty"`
}

const (
	linkType    = "app.bsky.richtext.facet#link"
	mentionType = "app.bsky.richtext.facet#mention"
	tagType     = "app.bsky.richtext.facet#tag"
	// maxTag is the longest hashtag, in runes.
	maxTag = 64
)

// Each pattern starts after the start of the text, a space or an opening
// bracket, so that an e-mail address or an anchor is neither mention nor tag.
var (
	linkPattern    = regexp.MustCompile(`(?i)(?:^|[\s\p{Z}(«"'’“])(https?://[^\s\p{Z}<>"«»“”]+)`)
	mentionPattern = regexp.MustCompile(`(?:^|[\s\p{Z}(«"'’“])(@(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)`)
	tagPattern     = regexp.MustCompile(`(?:^|[\s\p{Z}(«"'’“])([#＃][\p{L}\p{N}\p{M}_]+)`)
)

// Facets finds links and hashtags, and mentions by handle: resolve gives the
// DID of a handle, or "" to leave it as plain words. They do not overlap and
// come in the order of the text.
func Facets(text string, resolve func(handle string) string) []Facet {
	var facets []Facet
	for _, at := range matches(linkPattern, text) {
		at.End = at.Start + len(trimLink(text[at.Start:at.End]))
		facets = insert(facets, Facet{at, []Feature{{Type: linkType, URI: text[at.Start:at.End]}}})
	}
	for _, at := range matches(mentionPattern, text) {
		if overlaps(facets, at) {
			continue
		}
		if did := resolve(strings.ToLower(text[at.Start+1 : at.End])); did != "" {
			facets = insert(facets, Facet{at, []Feature{{Type: mentionType, DID: did}}})
		}
	}
	for _, at := range matches(tagPattern, text) {
		_, mark := utf8.DecodeRuneInString(text[at.Start:])
		tag := text[at.Start+mark : at.End]
		if overlaps(facets, at) || utf8.RuneCountInString(tag) > maxTag || strings.Trim(tag, "0123456789") == "" {
			continue
		}
		facets = insert(facets, Facet{at, []Feature{{Type: tagType, Tag: tag}}})
	}
	return facets
}

// matches returns where the first group matches; the character that a match
// ends on may open the next one.
func matches(pattern *regexp.Regexp, text string) []Index {
	var found []Index
	for from := 0; from < len(text); {
		m := pattern.FindStringSubmatchIndex(text[from:])
		if m == nil {
			return found
		}
		// A search that starts inside the text must not take that for its start.
		if start := from + m[2]; m[0] != m[2] || from == 0 {
			found = append(found, Index{start, from + m[3]})
		}
		from += m[3]
	}
	return found
}

// trimLink leaves out the punctuation that ends a sentence, and a closing
// bracket that the address did not open.
func trimLink(link string) string {
	for {
		trimmed := strings.TrimRight(link, ".,;:!?…'’*_~")
		if strings.HasSuffix(trimmed, ")") && strings.Count(trimmed, ")") > strings.Count(trimmed, "(") {
			trimmed = trimmed[:len(trimmed)-1]
		}
		if trimmed == link {
			return link
		}
		link = trimmed
	}
}

func overlaps(facets []Facet, at Index) bool {
	for _, f := range facets {
		if at.Start < f.Index.End && f.Index.Start < at.End {
			return true
		}
	}
	return false
}

// insert keeps the order of the text.
func insert(facets []Facet, f Facet) []Facet {
	i := len(facets)
	for i > 0 && facets[i-1].Index.Start > f.Index.Start {
		i--
	}
	return append(facets[:i:i], append([]Facet{f}, facets[i:]...)...)
}

// facets resolves the handles of a text through the service. A handle that does
// not exist stays words; a service that does not answer is an error, for the
// person who approved saw a mention.
func (p *Publisher) facets(ctx context.Context, text string) ([]Facet, error) {
	var failed error
	facets := Facets(text, func(handle string) string {
		var answer struct {
			DID string `json:"did"`
		}
		err := p.call(ctx, query("com.atproto.identity.resolveHandle", url.Values{"handle": {handle}}), &answer)
		if fault := outbox.FaultOf(err); err != nil && fault != outbox.Rejected && fault != outbox.Gone {
			failed = err
		}
		return answer.DID
	})
	return facets, failed
}
