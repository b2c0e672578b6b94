package httpx

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Validators are what a server gave to ask it next time whether anything changed.
type Validators struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
}

// Page is the answer to a conditional read.
type Page struct {
	// Unchanged is a 304: Body is empty, Validators are the ones to use next.
	Unchanged  bool
	Body       []byte
	Type       string // Content-Type
	URL        *url.URL
	Validators Validators
	// Fresh is how long the server says that it need not be asked again, 0 if it
	// does not say; at most MaxWait.
	Fresh time.Duration
}

// Get reads an address, telling the server what is already known of it.
func (c *Client) Get(ctx context.Context, address string, known Validators, accept string) (Page, error) {
	req, err := c.Request(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Page{}, err
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	if known.ETag != "" {
		req.Header.Set("If-None-Match", known.ETag)
	}
	if known.LastModified != "" {
		req.Header.Set("If-Modified-Since", known.LastModified)
	}
	answer, err := c.Do(req)
	if err != nil {
		return Page{}, err
	}
	page := Page{
		Unchanged: answer.Status == http.StatusNotModified,
		Body:      answer.Body, Type: answer.Header.Get("Content-Type"), URL: answer.URL,
		Fresh: fresh(answer.Header, c.options.Now()),
	}
	page.Validators = validators(answer.Header)
	if page.Unchanged { // a 304 may give new validators; those it leaves out stay
		if page.Validators.ETag == "" {
			page.Validators.ETag = known.ETag
		}
		if page.Validators.LastModified == "" {
			page.Validators.LastModified = known.LastModified
		}
	}
	return page, nil
}

// validators ignores those of an answer that expired at once (Expires: 0):
// such servers give the same date for other content.
func validators(header http.Header) Validators {
	if strings.TrimSpace(header.Get("Expires")) == "0" {
		return Validators{}
	}
	return Validators{ETag: header.Get("ETag"), LastModified: header.Get("Last-Modified")}
}

// fresh reads Cache-Control max-age, else Expires.
func fresh(header http.Header, now time.Time) time.Duration {
	for directive := range strings.SplitSeq(strings.Join(header.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(name) {
		case "no-store", "no-cache":
			return 0
		case "max-age":
			if seconds, err := strconv.ParseUint(strings.Trim(value, `"`), 10, 63); err == nil {
				return clamp(seconds)
			}
		}
	}
	if at, err := http.ParseTime(header.Get("Expires")); err == nil {
		return min(max(at.Sub(now), 0), MaxWait)
	}
	return 0
}
