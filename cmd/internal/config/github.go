package config

import (
	"regexp"
	"unicode/utf8"

	"crieur/bot/brand"
)

// repository is how GitHub names one.
var repository = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$`)

// longestQuery is how many characters GitHub takes of a search.
const longestQuery = 256

// github reads what is listened to on GitHub.
func (r *reader) github(c *Config, b *brand.Brand, f brandFile, path string) {
	for i, g := range f.GitHub {
		at := index(join(path, "github"), i)
		r.id(join(at, "name"), g.Name)
		if len(g.Repos) == 0 && g.Query == "" {
			r.wrong(at, "Nothing says what to read on GitHub.", "Write repos: [owner/name] for your repositories, query: for a search in all others, or both.")
		}
		for j, repo := range g.Repos {
			if !repository.MatchString(repo) {
				r.wrong(index(join(at, "repos"), j), "%q is no repository.", "Write it as owner/name, the end of its address on GitHub.", repo)
			}
		}
		if n := utf8.RuneCountInString(g.Query); n > longestQuery {
			r.wrong(join(at, "query"), "The search has %d characters.", "GitHub takes 256 at most: make it shorter, or write two.", n)
		}
		r.address(join(at, "api_url"), g.APIURL, false)
		c.GitHub = append(c.GitHub, GitHub{Brand: b.ID, Name: g.Name, Repos: g.Repos, Query: g.Query, Token: g.Token, APIURL: g.APIURL})
	}
	r.once(join(path, "github"), len(f.GitHub), func(i int) string { return f.GitHub[i].Name }, "name")
}
