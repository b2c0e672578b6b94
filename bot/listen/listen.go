// Package listen is what is heard: one public thing said about a brand, as a
// source brought it, before anybody judged it.
//
// It knows no source and no rule. Every text in it is hostile.
package listen

import "time"

// Mention is one thing said.
type Mention struct {
	// ID is the source's own stable identifier, prefixed by the source
	// ("mastodon:https://…", "feed:sha256…"), so that hearing it twice counts once.
	ID     string `json:"id"`
	Source string `json:"source"` // configured source name
	// Network is where it was said, as people call it ("Instagram"); Reply there
	// needs an account of that network.
	Network string    `json:"network"`
	Author  string    `json:"author"` // handle or name as shown
	Text    string    `json:"text"`
	Lang    string    `json:"lang,omitempty"`
	URL     string    `json:"url,omitempty"`
	At      time.Time `json:"at"`
	// ReplyTo is the ID of what it answers, a mention, one of our posts, or a place
	// of our own where people speak to us; Ref is what our answer must name as its
	// parent.
	ReplyTo string `json:"reply_to,omitempty"`
	Ref     string `json:"ref,omitempty"`
	// Private messages are never quoted in channels.
	Private bool `json:"private,omitempty"`
}

// Observation is one thing that a competitor did, or another source followed.
type Observation struct {
	ID    string `json:"id"`
	Rival string `json:"rival"`
	Kind  string `json:"kind"` // "post", "release", "page", "price"
	Title string `json:"title"`
	Text  string `json:"text,omitempty"`
	// Author is who is to be credited for it, as shown; empty if nobody is named.
	Author string    `json:"credit,omitempty"` // not "author", which names members
	URL    string    `json:"url,omitempty"`
	At     time.Time `json:"at"`
}
