package slack

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	api "github.com/slack-go/slack"

	"crieur/bot/outbox"
	"crieur/bot/secret"
)

// Faults of Slack's own error codes. A code that is not here was an answer, so
// nothing was done: Rejected.
func faultOfCode(code string) outbox.Fault {
	switch code {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "no_permission",
		"missing_scope", "not_allowed_token_type", "access_denied", "org_login_required", "ekm_access_denied",
		"team_access_not_granted", "app_uninstalled", "link_disabled":
		return outbox.Denied
	case "channel_not_found", "is_archived", "message_not_found", "thread_not_found", "user_not_found",
		"users_not_found", "user_disabled", "cannot_dm_bot", "cant_update_message", "edit_window_closed",
		"expired_url", "used_url", "expired_trigger_id", "view_not_found", "user_not_in_channel", "not_found",
		"file_not_found", "file_deleted", "cannot_find_message", "cannot_unfurl_message", "cannot_unfurl_url":
		return outbox.Gone
	case "ratelimited", "rate_limited":
		return outbox.Limited
	case "service_unavailable", "request_timeout", "team_added_to_org", "accesslimited":
		return outbox.Temporary
	case "fatal_error", "internal_error": // Slack: some of it may have succeeded
		return outbox.Ambiguous
	}
	return outbox.Rejected
}

// reason is the catalog key that says a refusal to people.
func reason(code string) string {
	switch code {
	case "missing_scope":
		return "slack.scope"
	case "not_in_channel", "user_not_in_channel":
		return "slack.outside"
	case "channel_not_found":
		return "slack.nowhere"
	case "is_archived":
		return "slack.archived"
	case "user_not_found", "users_not_found", "user_disabled", "cannot_dm_bot":
		return "slack.nobody"
	case "file_not_found", "file_deleted":
		return "slack.file.gone"
	}
	switch faultOfCode(code) {
	case outbox.Denied:
		return "slack.denied"
	case outbox.Gone:
		return "slack.gone"
	case outbox.Limited:
		return "slack.limited"
	case outbox.Rejected:
		return "slack.rejected"
	}
	return "slack.silent"
}

// sent notes whether a request left, to tell "surely not done" from "maybe".
type sent struct{ wrote atomic.Bool }

func (s *sent) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { s.wrote.Store(true) },
	})
}

// failure turns the error of a call into what the relay understands. once says
// that the call must not be repeated blindly (a new message); a call that may be
// repeated harmlessly (an edit) is Temporary where that one is Ambiguous.
func failure(err error, trace *sent, once bool) error {
	if err == nil {
		return nil
	}
	if known := (*outbox.Error)(nil); errors.As(err, &known) {
		return known
	}
	out := &outbox.Error{Fault: outbox.Ambiguous, Reason: "slack.silent", Err: scrub(err)}
	var limited *api.RateLimitedError
	var refused api.SlackErrorResponse
	var status api.StatusCodeError
	switch {
	case errors.As(err, &limited):
		out.Fault, out.After, out.Reason = outbox.Limited, max(limited.RetryAfter, time.Second), "slack.limited"
	case errors.As(err, &refused):
		out.Fault, out.Reason = faultOfCode(refused.Err), reason(refused.Err)
		if refused.Needed != "" {
			out.Args = map[string]string{"Needed": refused.Needed, "Provided": refused.Provided}
		}
		if out.Fault == outbox.Limited {
			out.After = time.Minute
		}
	case errors.As(err, &status):
		out.Fault = faultOfStatus(status.Code)
		if out.Fault == outbox.Limited {
			out.After = time.Minute
		}
	case errors.Is(err, ErrCard):
		out.Fault, out.Reason = outbox.Rejected, "slack.rejected"
	case trace != nil && !trace.wrote.Load():
		out.Fault = outbox.Temporary
	}
	if out.Fault == outbox.Ambiguous && !once {
		out.Fault = outbox.Temporary
	}
	return out
}

func faultOfStatus(code int) outbox.Fault {
	switch {
	case code == http.StatusTooManyRequests:
		return outbox.Limited
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return outbox.Denied
	case code == http.StatusNotFound, code == http.StatusGone:
		return outbox.Gone
	case code >= 500:
		return outbox.Ambiguous
	}
	return outbox.Rejected
}

// scrub takes addresses out of an error: a response_url, an upload address and
// a socket's are secrets.
func scrub(err error) error {
	var inside *url.Error
	if errors.As(err, &inside) {
		return errors.New(strings.ToLower(inside.Op) + ": " + withoutAddress(inside.Err.Error()))
	}
	return err
}

// withoutAddress drops what looks like an address with a scheme.
func withoutAddress(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		if strings.Contains(word, "://") {
			words[i] = secret.Mark
		}
	}
	return strings.Join(words, " ")
}

// denied says whether Slack does not accept us any more, so that asking again
// is of no use.
func denied(err error) bool {
	var refused api.SlackErrorResponse
	return errors.As(err, &refused) && faultOfCode(refused.Err) == outbox.Denied
}
