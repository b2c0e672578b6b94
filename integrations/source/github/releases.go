package github

import (
	"net/url"
	"strings"
)

// Releases is the feed of a repository's releases, for the address of the
// repository or of its releases; ok is false for every other address. GitHub
// serves it to everybody, with an ETag and outside the limits of the API, so a
// competitor's repository is followed as any feed is.
func Releases(address string) (feed string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") != "github.com" {
		return "", false
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 || len(parts) > 2 && parts[2] != "releases" {
		return "", false
	}
	name := strings.TrimSuffix(parts[1], ".git")
	if parts[0] == "" || name == "" {
		return "", false
	}
	return (&url.URL{Scheme: "https", Host: "github.com"}).JoinPath(parts[0], name, "releases.atom").String(), true
}
