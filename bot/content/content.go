// Package content is what is published: a post with one text for each account,
// its media, and the fingerprint that binds an approval to exactly what leaves.
//
// It does not count characters (bot/text/measure) nor know how a network is
// called (integrations/network).
package content

import (
	"encoding/json"
	"fmt"
)

// Media is an image or a video of a post.
type Media struct {
	// Digest is the SHA-256 of the bytes, in hex; Store finds them by it.
	Digest string `json:"digest"`
	Name   string `json:"name,omitempty"`
	Type   string `json:"type"` // "image/jpeg"
	Size   int64  `json:"size,omitempty"`
	// Alt describes it for those who do not see it.
	Alt string `json:"alt,omitempty"`
	// URL is where a network can fetch it, for networks that insist.
	URL string `json:"url,omitempty"`
	// Light is a lighter copy, for networks that refuse the picture itself. A part
	// carries the one or the other.
	Light *Light `json:"light,omitempty"`
}

// Light is a JPEG that shows the same in fewer bytes.
type Light struct {
	Digest string `json:"digest"`
	Size   int64  `json:"size"`
}

// Within is the picture as it fits in so many bytes: itself, its lighter copy, or
// itself again where nothing fits.
func (m Media) Within(bytes int64) Media {
	if m.Light != nil && m.Size > bytes && m.Light.Size <= bytes {
		return m.JPEG()
	}
	m.Light = nil
	return m
}

// JPEG is the lighter copy of the picture, or itself where there is none.
func (m Media) JPEG() Media {
	if m.Light != nil {
		m.Digest, m.Size, m.Type = m.Light.Digest, m.Light.Size, "image/jpeg"
	}
	m.Light = nil
	return m
}

// Part is what goes to one account, in its final form: nothing is added, cut or
// translated after this.
type Part struct {
	// Account is the brand's account ID; Network chooses the publisher.
	Account string `json:"account"`
	Network string `json:"network"`
	// Posts are the texts in order: one, or a numbered thread.
	Posts []string `json:"posts"`
	Media []Media  `json:"media,omitempty"`
	Link  string   `json:"link,omitempty"`
	Lang  string   `json:"lang,omitempty"`
	// ReplyTo is the remote ID of what it answers; empty for a post of its own.
	ReplyTo string `json:"reply_to,omitempty"`
}

// Fingerprint is the SHA-256 of everything in the part that a reader would see
// or that decides where it goes. Two parts with the same fingerprint are the
// same publication.
func (p Part) Fingerprint() string {
	type media struct{ Digest, Alt string }
	seen := struct {
		Account, Network string
		Posts            []string
		Media            []media
		Link, ReplyTo    string
	}{p.Account, p.Network, p.Posts, nil, p.Link, p.ReplyTo}
	for _, m := range p.Media {
		seen.Media = append(seen.Media, media{m.Digest, m.Alt})
	}
	encoded, err := json.Marshal(seen)
	if err != nil { // strings and slices of strings always encode
		panic(fmt.Sprintf("encode part of %s: %v", p.Account, err))
	}
	return Digest(encoded)
}

// Order is a part on its way: what a publisher is asked to do, once.
type Order struct {
	// Key is the same for every attempt at this publication and for no other;
	// networks with an idempotency key or a chosen record key derive it from
	// this.
	Key  string `json:"key"`
	Part Part   `json:"part"`
	// Fingerprint is what was approved. A publisher refuses a part that differs.
	Fingerprint string `json:"fingerprint"`
}

// Check says whether the order still carries what was approved.
func (o Order) Check() error {
	if got := o.Part.Fingerprint(); got != o.Fingerprint {
		return fmt.Errorf("publish %s: content differs from what was approved", o.Key)
	}
	return nil
}

// Live is what became of an order: the remote ID of its first post and the
// address at which people see it.
type Live struct {
	Ref string `json:"ref"`
	URL string `json:"url"`
	// Refs are the remote IDs of all posts of a thread.
	Refs []string `json:"refs,omitempty"`
}
