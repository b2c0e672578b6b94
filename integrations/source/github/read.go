package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	gh "github.com/google/go-github/v62/github"

	"crieur/bot/listen"
	"crieur/bot/outbox"
)

// mostComments is how many comments that a search points to are fetched in one
// poll: a call each.
const mostComments = 50

// reading is one poll under way.
type reading struct {
	*Source
	since    time.Time
	known    map[string]string // ETags of the poll before
	etags    map[string]string // those of this one
	heard    map[string]bool   // by mention ID
	mentions []listen.Mention
	fetched  int // comments
}

// all reads the brand's repositories, then the search. One that cannot be read
// does not keep the others from being read.
func (r *reading) all(ctx context.Context) error {
	var unread error
	for _, repo := range r.config.Repos {
		switch err := r.repo(ctx, repo); {
		case err != nil && !alone(err):
			return err
		case unread == nil:
			unread = err
		}
	}
	if r.config.Query != "" {
		if err := r.search(ctx); err != nil {
			return err
		}
	}
	return unread
}

// repo reads what is said in one repository.
func (r *reading) repo(ctx context.Context, repo string) error {
	for _, list := range []string{"issues?state=all&sort=created", "issues/comments?sort=created"} {
		if err := r.list(ctx, repo, "repos/"+repo+"/"+list+"&direction=desc&per_page="+strconv.Itoa(perPage)); err != nil {
			return err
		}
	}
	return nil
}

// list reads a list of a repository, the newest first, as far as it is news. Its
// address stays the same from poll to poll, and so does its ETag while nothing
// happens. What stands in it is an issue, or a comment, which has the same fields
// but for the title.
func (r *reading) list(ctx context.Context, repo, address string) error {
	for page := 1; page <= mostPages; page++ {
		req, err := r.api.NewRequest(http.MethodGet, address+"&page="+strconv.Itoa(page), nil)
		if err != nil {
			return r.http.Clean(err)
		}
		if page == 1 && r.known[address] != "" {
			req.Header.Set("If-None-Match", r.known[address])
		}
		var items []*gh.Issue
		response, err := r.api.Do(ctx, req, &items)
		if response != nil && response.StatusCode == http.StatusNotModified {
			r.etags[address] = r.known[address]
			return nil
		}
		if err != nil {
			return r.failed(repo, response, err)
		}
		if page == 1 {
			r.etags[address] = response.Header.Get("ETag")
		}
		for _, item := range items {
			if item.GetCreatedAt().Before(r.since) {
				return nil
			}
			r.hear(item, repo)
		}
		if response.NextPage == 0 {
			return nil
		}
	}
	return part(fmt.Sprintf("more than %d in %s", mostPages*perPage, repo))
}

// search reads what a search finds: issues that changed since, and those of
// their comments that made it find them.
func (r *reading) search(ctx context.Context) error {
	options := &gh.SearchOptions{Sort: "updated", Order: "desc", TextMatch: true, ListOptions: gh.ListOptions{PerPage: perPage}}
	var wanting error
	for range mostPages {
		found, response, err := r.api.Search.Issues(ctx, query(r.config.Query, r.since), options)
		if err != nil {
			return r.failed("", response, err)
		}
		for _, issue := range found.Issues {
			owner, name := place(issue)
			if r.listed(owner + "/" + name) {
				continue
			}
			if !issue.GetCreatedAt().Before(r.since) {
				r.hear(issue, "")
			}
			if err := r.comments(ctx, owner, name, issue); err != nil {
				return err
			}
		}
		switch {
		case found.GetIncompleteResults():
			wanting = part("incomplete results")
		case found.GetTotal() > mostPages*perPage:
			wanting = part(fmt.Sprintf("%d results", found.GetTotal()))
		}
		if response.NextPage == 0 {
			break
		}
		options.Page = response.NextPage
	}
	return wanting
}

// query is what is really asked. GitHub wants to know which of the two kinds is
// meant.
func query(asked string, since time.Time) string {
	kinds := []string{"is:issue", "is:pull-request", "is:pr", "type:issue", "type:pr"}
	said := slices.ContainsFunc(strings.Fields(asked), func(word string) bool { return slices.Contains(kinds, word) })
	if strings.Contains(asked, " OR ") {
		asked = "(" + asked + ")"
	}
	if !said {
		asked += " is:issue"
	}
	return asked + " updated:>=" + since.UTC().Format(time.RFC3339)
}

// place is the repository of an issue that was found.
func place(issue *gh.Issue) (owner, name string) {
	owner, name = path.Split(issue.GetRepositoryURL())
	return path.Base(owner), name
}

// listed says that what a search finds there was read already.
func (r *reading) listed(repo string) bool {
	return slices.ContainsFunc(r.config.Repos, func(own string) bool { return strings.EqualFold(own, repo) })
}

// comments fetches those comments of an issue that a search points to, the newest
// first, as far as they are news.
func (r *reading) comments(ctx context.Context, owner, name string, issue *gh.Issue) error {
	for _, id := range pointed(issue) {
		if r.fetched == mostComments {
			return part("more comments than are fetched at once")
		}
		r.fetched++
		comment, response, err := r.api.Issues.GetComment(ctx, owner, name, id)
		if err != nil {
			err = r.failed("", response, err)
			if errors.Is(err, outbox.ErrGone) { // taken back meanwhile
				continue
			}
			return err
		}
		if comment.GetCreatedAt().Before(r.since) {
			return nil
		}
		r.hear(&gh.Issue{NodeID: comment.NodeID, Body: comment.Body, User: comment.User, HTMLURL: comment.HTMLURL,
			CreatedAt: comment.CreatedAt}, "")
	}
	return nil
}

// team are the ties to a repository of those who speak for it.
func team() []string { return []string{"OWNER", "MEMBER", "COLLABORATOR"} }

// pointed are the comments in which a search found its words, the newest first.
func pointed(issue *gh.Issue) []int64 {
	var ids []int64
	for _, match := range issue.TextMatches {
		id, err := strconv.ParseInt(path.Base(match.GetObjectURL()), 10, 64)
		if match.GetObjectType() == "IssueComment" && err == nil {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int64) int { return cmp.Compare(b, a) })
	return slices.Compact(ids)
}

// hear adds what was said, once. Of what was said in a repository of the brand,
// that is what it answers: it needs no other word to be for the brand. The
// brand's people answer there: their words are its own.
func (r *reading) hear(item *gh.Issue, repo string) {
	m, ok := mention(item, r.config.Now())
	if !ok || r.heard[m.ID] || repo != "" && slices.Contains(team(), item.GetAuthorAssociation()) {
		return
	}
	r.heard[m.ID] = true
	m.Source = r.config.Source
	if repo != "" {
		m.ReplyTo = "github:" + repo
	}
	r.mentions = append(r.mentions, m)
}
