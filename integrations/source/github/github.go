// Package github hears what is said on GitHub: new issues, pull requests and
// comments in the brand's own repositories, and what a search finds elsewhere.
//
// A poll reads everything since the one before, a little more so that a late
// index loses nothing, and recognises nothing itself: what comes again has the
// same identifier, its node ID, and an edit keeps the time at which it was first
// said, so it is no news. The cursor moves only over what was read whole. Lists
// are read with their ETag, which costs nothing while nothing changes; a search
// cannot be. Not heard are bots, who speaks for a repository of the brand
// (owners, members, collaborators), comments on lines of code, and discussions,
// which take another API. Facts: sources.md section 1. It does not decide what
// matters, and it writes nothing.
package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	gh "github.com/google/go-github/v62/github"

	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/secret"
	"crieur/integrations/internal/httpx"
)

const (
	// Network is where its mentions were said, as people call it.
	Network = "GitHub"
	// KeyedDelay is when to come back with a token, OpenDelay without: GitHub then
	// answers 60 reads an hour, and counts those of what did not change.
	KeyedDelay = 10 * time.Minute
	OpenDelay  = 30 * time.Minute

	// maxBody bounds one answer: 100 long issues and more.
	maxBody = 16 << 20
	// perPage is the most that GitHub gives at once, and mostPages how many pages
	// of it a search has; lists are read as far.
	perPage, mostPages = 100, 10
	// overlap is how late what was said may appear in a search.
	overlap = 15 * time.Minute
	// firstLook is how far back the first poll reads, and furthest any other: less
	// than what was heard is recognised for (work.Remember).
	firstLook, furthest = 24 * time.Hour, 6 * 24 * time.Hour

	usualAPI = "https://api.github.com"
)

// Config is what to listen to: repositories, a search, or both.
type Config struct {
	// Source is its configured name.
	Source string
	// Repos are the brand's own, as owner/name: everything said there is for it.
	Repos []string
	// Query is a search for issues in GitHub's own language; for pull requests it
	// says is:pull-request.
	Query string
	// Token may be empty: then only what is public is heard, more slowly.
	Token secret.Secret
	// APIURL is the address of the API; empty means https://api.github.com.
	APIURL string
	// Allow are addresses outside the public internet that may be called.
	Allow []netip.Prefix
	Now   func() time.Time // nil: the machine's
}

// Source is one thing to listen to. It is safe for concurrent use.
type Source struct {
	config Config
	http   *httpx.Client
	api    *gh.Client
}

// New returns a source; nothing is called yet.
func New(config Config) *Source {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.APIURL == "" {
		config.APIURL = usualAPI
	}
	s := &Source{config: config, http: httpx.New(httpx.Options{Room: "source", Name: Network, MaxBody: maxBody,
		Allow: config.Allow, Ports: httpx.PortOf(config.APIURL), Now: config.Now})}
	base, err := url.Parse(strings.TrimSuffix(config.APIURL, "/") + "/")
	if err != nil { // the configuration was checked; no call gets anywhere
		base = &url.URL{Path: "/"}
	}
	client := *s.http.HTTP()
	client.Transport = keyed{base: client.Transport, host: base.Host, token: config.Token}
	s.api = gh.NewClient(&client)
	s.api.BaseURL, s.api.UserAgent = base, "" // the client says who calls
	return s
}

// Close lets go of idle connections.
func (s *Source) Close() { s.http.Close() }

// keyed shows the token to the API, and to no other host: a redirect may lead to
// one.
type keyed struct {
	base  http.RoundTripper
	host  string
	token secret.Secret
}

// RoundTrip sends one hop.
func (k keyed) RoundTrip(req *http.Request) (*http.Response, error) {
	if k.token != "" && req.URL.Host == k.host {
		req = req.Clone(req.Context())
		req.Header.Set("Authorization", "Bearer "+k.token.Reveal())
	}
	return k.base.RoundTrip(req)
}

// cursor is what is known after a poll; callers keep it as the JSON of it.
type cursor struct {
	At time.Time `json:"at"` // everything said before was read
	// ETags are those of the lists, by path.
	ETags map[string]string `json:"etags,omitempty"`
}

// String encodes a cursor.
func (c cursor) String() string {
	encoded, err := json.Marshal(c)
	if err != nil { // times and strings always encode
		panic(fmt.Sprintf("encode cursor: %v", err))
	}
	return string(encoded)
}

// since is from when on what was said is news.
func (c cursor) since(now time.Time) time.Time {
	if c.At.IsZero() {
		return now.Add(-firstLook)
	}
	from, oldest := c.At.Add(-overlap), now.Add(-furthest)
	if from.Before(oldest) {
		return oldest
	}
	return from
}

// Poll reads what is new, the oldest first. The cursor is the one of the last poll whose mentions
// were stored, empty the first time. Mentions come with an error too: what was
// read before it. An error with the reason poll.Part says that GitHub answered
// and did not show all; the next poll reads the same time again. The delay holds
// after an error. Errors are *outbox.Error.
func (s *Source) Poll(ctx context.Context, from string) (mentions []listen.Mention, next string, delay time.Duration, err error) {
	var known cursor
	if from != "" && json.Unmarshal([]byte(from), &known) != nil {
		known = cursor{} // one of another release
	}
	now := s.config.Now()
	read := &reading{Source: s, since: known.since(now), known: known.ETags, etags: map[string]string{}, heard: map[string]bool{}}
	err = read.all(ctx)
	slices.SortStableFunc(read.mentions, func(a, b listen.Mention) int { return a.At.Compare(b.At) })
	if err != nil {
		return read.mentions, from, s.after(err), fmt.Errorf("poll github %s: %w", s.config.Source, err)
	}
	return read.mentions, cursor{At: now.UTC(), ETags: read.etags}.String(), s.after(nil), nil
}

// Check reads everything once, as the doctor does.
func (s *Source) Check(ctx context.Context) error {
	_, _, _, err := s.Poll(ctx, cursor{At: s.config.Now()}.String())
	return err
}

// after is when to come back: GitHub's wish is obeyed.
func (s *Source) after(err error) time.Duration {
	usual := KeyedDelay
	if s.config.Token == "" {
		usual = OpenDelay
	}
	var e *outbox.Error
	if errors.As(err, &e) && e.Fault == outbox.Limited {
		return max(e.After, usual)
	}
	return usual
}

// part says that GitHub did not show everything.
func part(why string) error {
	return &outbox.Error{Fault: outbox.Temporary, Reason: poll.Part, Args: map[string]string{"Name": Network}, Err: errors.New(why)}
}
