// Package feed hears what RSS, Atom and JSON feeds say, Google Alerts included,
// and what a competitor's feed announces.
//
// A poll is a conditional read; it gives the items, when to come back, and a
// cursor to keep once the items are safely stored, never before: if the process
// dies in between, the same items come again with the same identifiers. Facts:
// sources.md sections 1 and 2. It does not remember what it has seen, decide
// what matters, or call anything but the feed.
package feed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/integrations/internal/httpx"
)

const (
	// MaxBody is the largest feed that is read, after decompression.
	MaxBody = 5 << 20
	// MinDelay, UsualDelay and MaxDelay bound when to come back.
	MinDelay   = 5 * time.Minute
	UsualDelay = 15 * time.Minute
	MaxDelay   = 6 * time.Hour

	accept = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)

// Config is one feed.
type Config struct {
	// Source is its configured name; it also keeps apart the small numbers that
	// some feeds use as identifiers.
	Source string
	// URL is its address. It may be a secret (Google Alerts), so no error shows it.
	URL string
	// Network is where its items were said, as people call it; empty means the
	// host of each item.
	Network string
	// Rival is who is observed, for Observe; Kind what its items are ("release");
	// empty means "post".
	Rival, Kind string
	// Allow are addresses outside the public internet that may be called.
	Allow []netip.Prefix
	Now   func() time.Time
}

// Feed is one feed. It is safe for concurrent use.
type Feed struct {
	config Config
	http   *httpx.Client
}

// New returns a feed; nothing is called yet.
func New(config Config) *Feed {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Kind == "" {
		config.Kind = "post"
	}
	return &Feed{config: config, http: httpx.New(httpx.Options{Room: "source", Allow: config.Allow,
		Ports: httpx.PortOf(config.URL), MaxBody: MaxBody, Now: config.Now})}
}

// Close lets go of idle connections.
func (f *Feed) Close() { f.http.Close() }

// cursor is what is known after a poll; callers keep it as the JSON of it.
type cursor struct {
	httpx.Validators
	// Body is the SHA-256 of the last body, for servers without validators.
	Body string `json:"body,omitempty"`
	// TTL is the feed's own wish, in minutes; a 304 does not repeat it.
	TTL int `json:"ttl,omitempty"`
}

// Poll reads the feed. The cursor is the one of the last poll whose items were
// stored, empty the first time. The delay holds after an error too: a server
// that asked to wait gets its wait. Errors are *outbox.Error.
func (f *Feed) Poll(ctx context.Context, cursor string) (mentions []listen.Mention, next string, delay time.Duration, err error) {
	items, next, delay, err := f.read(ctx, cursor)
	for _, it := range items {
		mentions = append(mentions, listen.Mention{ID: it.id, Source: f.config.Source, Network: it.network, Author: it.author,
			Text: it.said(), Lang: it.lang, URL: it.url, At: it.at})
	}
	return mentions, next, delay, err
}

// Observe reads the feed as Poll does, for what a competitor announces.
func (f *Feed) Observe(ctx context.Context, cursor string) (seen []listen.Observation, next string, delay time.Duration, err error) {
	items, next, delay, err := f.read(ctx, cursor)
	for _, it := range items {
		seen = append(seen, listen.Observation{ID: it.id, Rival: f.config.Rival, Kind: f.config.Kind,
			Title: it.title, Text: it.text, Author: it.author, URL: it.url, At: it.at})
	}
	return seen, next, delay, err
}

// Check reads the feed once, as the doctor does and before a feed is followed.
func (f *Feed) Check(ctx context.Context) error {
	_, _, _, err := f.read(ctx, "")
	return err
}

func (f *Feed) read(ctx context.Context, from string) ([]item, string, time.Duration, error) {
	var known cursor
	if from != "" && json.Unmarshal([]byte(from), &known) != nil {
		known = cursor{} // one of another release: read everything again
	}
	page, err := f.http.Get(ctx, f.config.URL, known.Validators, accept)
	if err != nil {
		var e *outbox.Error
		if errors.As(err, &e) && e.Fault == outbox.Limited {
			return nil, from, max(e.After, MinDelay), fmt.Errorf("poll feed %s: %w", f.config.Source, err)
		}
		return nil, from, UsualDelay, fmt.Errorf("poll feed %s: %w", f.config.Source, err)
	}
	sum := sha256.Sum256(page.Body)
	body := hex.EncodeToString(sum[:])
	if page.Unchanged || body == known.Body {
		known.Validators = page.Validators
		return nil, known.String(), delay(known.TTL, page.Fresh), nil
	}
	items, ttl, err := f.parse(page)
	if err != nil {
		return nil, from, UsualDelay, fmt.Errorf("poll feed %s: %w", f.config.Source, f.unreadable(err))
	}
	known = cursor{Validators: page.Validators, Body: body, TTL: ttl}
	return items, known.String(), delay(ttl, page.Fresh), nil
}

// String encodes a cursor.
func (c cursor) String() string {
	encoded, err := json.Marshal(c)
	if err != nil { // strings and numbers always encode
		panic(fmt.Sprintf("encode cursor: %v", err))
	}
	return string(encoded)
}

// delay is the longest of what the feed and the server wish, within bounds.
func delay(ttl int, fresh time.Duration) time.Duration {
	wish := max(time.Duration(min(ttl, 24*60))*time.Minute, fresh)
	if wish == 0 {
		return UsualDelay
	}
	return min(max(wish, MinDelay), MaxDelay)
}

// unreadable says to people that what is at the address is no feed.
func (f *Feed) unreadable(err error) error {
	return &outbox.Error{Fault: outbox.Rejected, Reason: "source.not_feed", Args: map[string]string{"Name": f.host()}, Err: err}
}

func (f *Feed) host() string {
	u, err := url.Parse(f.config.URL)
	if err != nil {
		return f.config.Source
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
