package bluesky

import (
	"context"
	"net/url"
	"strings"

	"crieur/bot/outbox"
	"crieur/bot/text/measure"
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
)

// Facets says what bot/text/measure finds in the words of a record: resolve
// gives the DID of a handle, or "" to leave it as plain words.
func Facets(text string, resolve func(handle string) string) []Facet {
	var facets []Facet
	for _, found := range measure.Facets(text) {
		var feature Feature
		switch found.Kind {
		case measure.Link:
			feature = Feature{Type: linkType, URI: found.Value}
		case measure.Hashtag:
			feature = Feature{Type: tagType, Tag: found.Value}
		case measure.Mention:
			feature = Feature{Type: mentionType, DID: resolve(strings.ToLower(found.Value))}
			if feature.DID == "" {
				continue
			}
		}
		if feature.Type != "" {
			facets = append(facets, Facet{Index{found.Start, found.End}, []Feature{feature}})
		}
	}
	return facets
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
