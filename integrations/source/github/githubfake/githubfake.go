// Package githubfake is a small server that speaks the part of GitHub's API that
// Crieur reads, and refuses what GitHub refuses: a wrong token (401), what is not
// there (404), a search that does not say what it is for, is too long or asks for
// more than a thousand results (422), more than a hundred on a page, settings
// that it does not know (400). Lists have an ETag and are paged by Link. What it
// refuses otherwise is the test's: Refuse.
package githubfake

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Said is an issue or, with Of set, a comment of the issue of that number.
type Said struct {
	Repo        string // owner/name
	Number, Of  int
	Title, Body string
	Login       string // empty: an account that is gone
	Bot, Pull   bool
	Team        bool      // a member of what owns the repository
	At, Changed time.Time // Changed may be zero: as it was said
	Address     string    // empty: GitHub's own
	Gone        bool      // taken back: the search does not know yet

	id int64
}

// Server is the fake; its fields may change between calls under Set.
type Server struct {
	// Token is the one that is accepted; calls without any are too.
	Token string
	// Repos are the repositories that are there, as owner/name.
	Repos []string
	// Refuse, if it returns a status, is answered instead, with its headers and
	// its message.
	Refuse func(r *http.Request) (status int, header map[string]string, message string)
	// Incomplete says of every search that it timed out, Total, if not 0, how many
	// results it claims.
	Incomplete bool
	Total      int
	// Left and Reset are what every answer says of the limit, if Left is not empty.
	Left  string
	Reset time.Time
	// PerPage, if not 0, is the most on a page, to have pages with little in them.
	PerPage int

	mu     sync.Mutex
	said   []Said
	calls  []string
	server *httptest.Server
}

// New starts a server with a token and one repository.
func New() *Server {
	s := &Server{Token: "github_pat_test", Repos: []string{"colibri/minuteur"}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /repos/{owner}/{name}/issues", s.issues)
	mux.HandleFunc("GET /repos/{owner}/{name}/issues/comments", s.comments)
	mux.HandleFunc("GET /repos/{owner}/{name}/issues/comments/{id}", s.comment)
	mux.HandleFunc("GET /search/issues", s.search)
	s.server = httptest.NewServer(s.guard(mux))
	return s
}

// URL is the address of its API.
func (s *Server) URL() string { return s.server.URL }

// Close ends it.
func (s *Server) Close() { s.server.CloseClientConnections(); s.server.Close() }

// Set changes how it behaves from the next call on.
func (s *Server) Set(change func(*Server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

// Say adds what somebody says; the node ID of the nth is "N<n>".
func (s *Server) Say(said ...Said) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range said {
		one.id = int64(len(s.said) + 1)
		if one.Changed.IsZero() {
			one.Changed = one.At
		}
		s.said = append(s.said, one)
	}
}

// Edit changes what the nth said, from 1.
func (s *Server) Edit(n int, change func(*Said)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.said[n-1])
}

// Calls are the paths that were asked for since the last time, with what was
// answered: "200 /search/issues".
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

// status notes what is answered.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) { s.code = code; s.ResponseWriter.WriteHeader(code) }

// guard is what every call goes through, one at a time.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		answer := &status{w, http.StatusOK}
		defer func() { s.calls = append(s.calls, fmt.Sprint(answer.code, " ", r.URL.Path)) }()
		key := r.Header.Get("Authorization")
		switch {
		case r.UserAgent() == "" || r.Header.Get("X-GitHub-Api-Version") == "":
			refuse(answer, http.StatusForbidden, "Request forbidden by administrative rules.")
			return
		case !strings.Contains(r.Header.Get("Accept"), "application/vnd.github."):
			refuse(answer, http.StatusUnsupportedMediaType, "Must accept 'application/json'")
			return
		case key != "" && key != "Bearer "+s.Token:
			refuse(answer, http.StatusUnauthorized, "Bad credentials: "+key)
			return
		}
		if s.Left != "" {
			answer.Header().Set("X-RateLimit-Remaining", s.Left)
			answer.Header().Set("X-RateLimit-Reset", strconv.FormatInt(s.Reset.Unix(), 10))
		}
		if s.Refuse != nil {
			if code, header, message := s.Refuse(r); code != 0 {
				for name, value := range header {
					answer.Header().Set(name, value)
				}
				refuse(answer, code, message)
				return
			}
		}
		next.ServeHTTP(answer, r)
	})
}

func refuse(w http.ResponseWriter, code int, message string) {
	answer := map[string]string{"message": message, "documentation_url": "https://docs.github.com/rest"}
	if strings.Contains(message, "secondary rate limit") {
		answer["documentation_url"] += "/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(answer) //nolint:errcheck // a test
}

// known refuses settings that there are not.
func known(w http.ResponseWriter, query url.Values, settings ...string) bool {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(settings, name) {
			refuse(w, http.StatusBadRequest, "no setting "+name)
			return false
		}
	}
	return true
}

func (s *Server) repo(w http.ResponseWriter, r *http.Request) (string, bool) {
	repo := r.PathValue("owner") + "/" + r.PathValue("name")
	if !slices.Contains(s.Repos, repo) {
		refuse(w, http.StatusNotFound, "Not Found")
		return "", false
	}
	return repo, true
}

func (s *Server) issues(w http.ResponseWriter, r *http.Request) {
	if known(w, r.URL.Query(), "state", "sort", "direction", "per_page", "page") {
		open := r.URL.Query().Get("state") != "all" // none is closed here
		s.list(w, r, func(one Said) bool { return one.Of == 0 && !open })
	}
}

func (s *Server) comments(w http.ResponseWriter, r *http.Request) {
	if known(w, r.URL.Query(), "sort", "direction", "since", "per_page", "page") {
		s.list(w, r, func(one Said) bool { return one.Of != 0 })
	}
}

// list answers a list of a repository, unless it is as it was.
func (s *Server) list(w http.ResponseWriter, r *http.Request, in func(Said) bool) {
	repo, there := s.repo(w, r)
	if !there {
		return
	}
	if q := r.URL.Query(); q.Get("sort") != "created" || q.Get("direction") != "desc" {
		refuse(w, http.StatusBadRequest, "only the newest first is played")
		return
	}
	var all []any
	for _, one := range s.newest(func(one Said) time.Time { return one.At }) {
		if one.Repo == repo && in(one) {
			all = append(all, s.shown(one))
		}
	}
	body, ok := s.page(w, r, len(all), func(from, to int) any { return append([]any{}, all[from:to]...) })
	if !ok {
		return
	}
	sum := sha256.Sum256(body)
	etag := fmt.Sprintf(`W/"%x"`, sum[:8])
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Write(body) //nolint:errcheck // a test
}

func (s *Server) comment(w http.ResponseWriter, r *http.Request) {
	for _, one := range s.said {
		if one.Repo == r.PathValue("owner")+"/"+r.PathValue("name") && one.Of != 0 && !one.Gone && strconv.FormatInt(one.id, 10) == r.PathValue("id") {
			json.NewEncoder(w).Encode(s.shown(one)) //nolint:errcheck // a test
			return
		}
	}
	refuse(w, http.StatusNotFound, "Not Found")
}

// search finds issues whose words, or those of a comment, hold a phrase.
func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !known(w, q, "q", "sort", "order", "per_page", "page") {
		return
	}
	phrase, rest, _ := strings.Cut(strings.TrimPrefix(q.Get("q"), `"`), `"`)
	from, err := time.Parse(time.RFC3339, last(rest, "updated:>="))
	pulls := strings.Contains(rest, "is:pull-request")
	switch {
	case !pulls && !strings.Contains(rest, "is:issue"):
		refuse(w, http.StatusUnprocessableEntity, "Query must include 'is:issue' or 'is:pull-request'")
		return
	case err != nil || phrase == "" || len(phrase) > 256 || q.Get("sort") != "updated" || q.Get("order") != "desc":
		refuse(w, http.StatusUnprocessableEntity, "The search is not one that is played: "+q.Get("q"))
		return
	}
	var items []map[string]any
	for _, issue := range s.newest(func(one Said) time.Time { return one.Changed }) {
		if issue.Of != 0 || issue.Pull != pulls || issue.Changed.Before(from) {
			continue
		}
		if matches := s.matches(issue, phrase); len(matches) > 0 {
			shown := s.shown(issue)
			shown["repository_url"] = s.URL() + "/repos/" + issue.Repo
			if strings.Contains(r.Header.Get("Accept"), "text-match") {
				shown["text_matches"] = matches
			}
			items = append(items, shown)
		}
	}
	body, ok := s.page(w, r, len(items), func(from, to int) any {
		return map[string]any{"total_count": cmp.Or(s.Total, len(items)), "incomplete_results": s.Incomplete, "items": items[from:to]}
	})
	if ok {
		w.Write(body) //nolint:errcheck // a test
	}
}

// matches are the places of an issue where the phrase stands.
func (s *Server) matches(issue Said, phrase string) []map[string]any {
	var all []map[string]any
	for _, one := range s.said {
		mine := one.id == issue.id || one.Repo == issue.Repo && one.Of == issue.Number
		if !mine || !strings.Contains(strings.ToLower(one.Title+" "+one.Body), strings.ToLower(phrase)) {
			continue
		}
		kind, at := "Issue", fmt.Sprint("/repositories/7/issues/", issue.Number)
		if one.Of != 0 {
			kind, at = "IssueComment", fmt.Sprint("/repositories/7/issues/comments/", one.id)
		}
		all = append(all, map[string]any{"object_url": s.URL() + at, "object_type": kind, "property": "body", "fragment": phrase})
	}
	return all
}

// page cuts a page out and links to the next.
func (s *Server) page(w http.ResponseWriter, r *http.Request, n int, cut func(from, to int) any) ([]byte, bool) {
	q := r.URL.Query()
	size, _ := strconv.Atoi(cmp.Or(q.Get("per_page"), "30"))
	page, _ := strconv.Atoi(cmp.Or(q.Get("page"), "1"))
	if size < 1 || size > 100 || page < 1 || page*size > 1000 {
		refuse(w, http.StatusUnprocessableEntity, "Only the first 1000 search results are available")
		return nil, false
	}
	size = min(size, cmp.Or(s.PerPage, size))
	from, to := min((page-1)*size, n), min(page*size, n)
	if to < n {
		q.Set("page", strconv.Itoa(page+1))
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?%s>; rel="next"`, s.URL(), r.URL.Path, q.Encode()))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	body, err := json.Marshal(cut(from, to))
	if err != nil {
		panic(err)
	}
	return body, true
}

// newest is what was said in order of a time, the latest first.
func (s *Server) newest(at func(Said) time.Time) []Said {
	all := slices.Clone(s.said)
	slices.SortStableFunc(all, func(a, b Said) int { return at(b).Compare(at(a)) })
	return all
}

// shown is how GitHub shows what was said.
func (s *Server) shown(one Said) map[string]any {
	shown := map[string]any{"id": one.id, "node_id": fmt.Sprint("N", one.id), "body": one.Body, "user": nil,
		"created_at": one.At, "updated_at": one.Changed}
	shown["author_association"] = "CONTRIBUTOR"
	if one.Team {
		shown["author_association"] = "MEMBER"
	}
	if one.Login != "" {
		kind := "User"
		if one.Bot {
			kind = "Bot"
		}
		shown["user"] = map[string]any{"login": one.Login, "type": kind}
	}
	place := fmt.Sprintf("https://github.com/%s/issues/%d", one.Repo, one.Number)
	if one.Of != 0 {
		place = fmt.Sprintf("https://github.com/%s/issues/%d#issuecomment-%d", one.Repo, one.Of, one.id)
	} else {
		shown["title"], shown["number"] = one.Title, one.Number
	}
	if one.Pull {
		shown["pull_request"] = map[string]any{}
	}
	shown["html_url"] = cmp.Or(one.Address, place)
	return shown
}

// last is what follows the last mark, up to a space.
func last(text, mark string) string {
	at := strings.LastIndex(text, mark)
	if at < 0 {
		return ""
	}
	value, _, _ := strings.Cut(text[at+len(mark):], " ")
	return value
}
