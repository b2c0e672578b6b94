package github

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	gh "github.com/google/go-github/v62/github"

	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/secret"
	"crieur/integrations/internal/httpx"
)

// unsaidWait is for a refusal of too much that does not say how long to wait.
const unsaidWait = time.Minute

// The reasons of one repository.
const (
	right = "source.github_right"
	gone  = "source.github_repo"
)

// alone says that an error is of one repository: another may well be read.
func alone(err error) bool {
	var e *outbox.Error
	return errors.As(err, &e) && (e.Reason == right || e.Reason == gone || e.Reason == poll.Part)
}

// failed says what a call that gave nothing means; repo is what was asked for,
// empty for a search.
func (s *Source) failed(repo string, response *gh.Response, err error) error {
	if response == nil || response.Response == nil || response.StatusCode < http.StatusBadRequest {
		return s.http.Clean(err)
	}
	e := &outbox.Error{Args: map[string]string{"Name": Network, "Repo": repo},
		Err: fmt.Errorf("GET %s: status %d", response.Request.URL.Path, response.StatusCode)}
	wait, limited := s.limit(response, err)
	switch status := response.StatusCode; {
	case limited:
		e.Fault, e.Reason, e.After = outbox.Limited, "source.limited", wait
	case status == http.StatusUnauthorized:
		e.Fault, e.Reason = outbox.Denied, "source.github_key"
	case status == http.StatusForbidden:
		e.Fault, e.Reason = outbox.Denied, right
	case (status == http.StatusNotFound || status == http.StatusGone) && repo != "": // the second: it takes no issues
		e.Fault, e.Reason = outbox.Gone, gone
	default:
		return s.refused(response)
	}
	return e
}

// limit says whether GitHub refused because it was asked too much, and for how
// long: the same statuses stand for what is not allowed.
func (s *Source) limit(response *gh.Response, err error) (wait time.Duration, limited bool) {
	if response.StatusCode != http.StatusForbidden && response.StatusCode != http.StatusTooManyRequests {
		return 0, false
	}
	now := s.config.Now()
	if wait, said := httpx.RetryAfter(response.Header, now); said {
		return wait, true
	}
	if rate := response.Rate; rate.Remaining == 0 && !rate.Reset.IsZero() {
		return min(max(rate.Reset.Sub(now), 0), httpx.MaxWait), true
	}
	var tooFast *gh.AbuseRateLimitError
	return unsaidWait, errors.As(err, &tooFast) || response.StatusCode == http.StatusTooManyRequests
}

// refused is any other refusal, with what GitHub says of it. What it says may
// repeat what it was sent.
func (s *Source) refused(response *gh.Response) error {
	said, _ := io.ReadAll(response.Body) // what came of it is enough for a reason
	if token := s.config.Token.Reveal(); token != "" {
		said = bytes.ReplaceAll(said, []byte(token), []byte(secret.Mark))
	}
	e := s.http.Refusal(http.MethodGet, response.Request.URL.Hostname(), response.StatusCode, response.Header, said)
	if response.StatusCode == http.StatusUnprocessableEntity {
		e.Reason = "source.github_query"
	}
	return e
}
