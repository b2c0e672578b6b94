package httpx

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"code.dny.dev/ssrf"

	"crieur/bot/outbox"
)

// Reasons are the ends of the catalog keys that this package gives; each room
// has words for all of them, with Name, and Size or Why where it applies.
func Reasons() []string {
	return []string{"unreachable", "unanswered", "certificate", "blocked", "too_large", "redirects",
		"address", "denied", "gone", "limited", "rejected", "down"}
}

const (
	// MaxWait is the longest that a Retry-After is obeyed.
	MaxWait = 24 * time.Hour
	// defaultWait is for a 429 that does not say.
	defaultWait = time.Minute
	// maxWhy is how much of a refusal is told to people, in runes.
	maxWhy = 200
)

// unanswered says what a call that ended without an answer means.
func (o Options) unanswered(host string, left bool, err error) *outbox.Error {
	e := &outbox.Error{Fault: outbox.Temporary, Reason: o.Room + ".unreachable", Args: o.args(host), Err: err}
	var large *TooLarge
	var unknownCA x509.UnknownAuthorityError
	var badHost x509.HostnameError
	var badCert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &large):
		e.Fault, e.Reason = outbox.Rejected, o.Room+".too_large"
		e.Args["Size"] = megabytes(large.Limit)
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedPort), errors.Is(err, ssrf.ErrProhibitedNetwork):
		e.Fault, e.Reason = outbox.Rejected, o.Room+".blocked"
	case errors.Is(err, errRedirects):
		e.Fault, e.Reason = outbox.Rejected, o.Room+".redirects"
	case errors.As(err, &unknownCA), errors.As(err, &badHost), errors.As(err, &badCert):
		e.Reason = o.Room + ".certificate"
	}
	if left { // whatever went wrong afterwards, it may have been done
		e.Fault, e.Reason = outbox.Ambiguous, o.Room+".unanswered"
	}
	return e
}

// Clean returns the *outbox.Error inside what an http.Client or a library on
// top of it returned. The layers around it name the whole address, which may be
// a secret, so they are dropped. An error of another origin, such as an answer
// that a library could not read, is Ambiguous.
func (c *Client) Clean(err error) error {
	if err == nil {
		return nil
	}
	var known *outbox.Error
	if errors.As(err, &known) {
		return known
	}
	var wrapped *url.Error
	if !errors.As(err, &wrapped) {
		return c.options.unanswered("", true, err)
	}
	host := ""
	if u, parsed := url.Parse(wrapped.URL); parsed == nil {
		host = u.Hostname()
	}
	// The transport names its own failures: this one is of a redirect, refused or
	// unreadable, so the first hop was answered.
	return c.options.unanswered(host, wrapped.Op != "Get" && wrapped.Op != "Head", wrapped.Err)
}

// refusal says what an answer outside 2xx means.
func (c *Client) refusal(response *http.Response, body []byte) *outbox.Error {
	return c.Refusal(response.Request.Method, response.Request.URL.Hostname(), response.StatusCode, response.Header, body)
}

// Refusal says what a status outside 2xx means, for libraries that do not hand
// out the response.
func (c *Client) Refusal(method, host string, status int, header http.Header, body []byte) *outbox.Error {
	why := Why(body)
	args := c.options.args(host)
	if why != "" {
		args["Why"] = why
	}
	e := &outbox.Error{Args: args, Err: fmt.Errorf("%s %s: status %d %s", method, host, status, why)}
	e.Fault, e.Reason = faultOf(method, status)
	after, said := RetryAfter(header, c.options.Now())
	switch {
	case status == http.StatusTooManyRequests:
		if !said {
			after, said = rateReset(header, c.options.Now())
		}
		if !said {
			after = defaultWait
		}
		e.Fault, e.Reason, e.After = outbox.Limited, "limited", after
	case status == http.StatusServiceUnavailable && said:
		e.Fault, e.Reason, e.After = outbox.Limited, "limited", after
	}
	e.Reason = c.options.Room + "." + e.Reason
	return e
}

// faultOf is the table of statuses. A 5xx answer to a request that changes
// something is ambiguous: a gateway gives up (502, 503, 504) while the server
// behind it goes on, and a server can fail after it has stored.
func faultOf(method string, status int) (outbox.Fault, string) {
	reads := method == http.MethodGet || method == http.MethodHead
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return outbox.Denied, "denied"
	case status == http.StatusNotFound, status == http.StatusGone:
		return outbox.Gone, "gone"
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return outbox.Temporary, "unreachable"
	case status == http.StatusRequestEntityTooLarge, status == http.StatusNotImplemented:
		return outbox.Rejected, "rejected"
	case status/100 == 3 && !reads && (status == http.StatusFound || status == http.StatusSeeOther):
		return outbox.Ambiguous, "unanswered" // how web forms say "done, now look there"
	case status/100 == 3:
		return outbox.Rejected, "redirects"
	case status/100 == 4:
		return outbox.Rejected, "rejected"
	case reads:
		return outbox.Temporary, "down"
	}
	return outbox.Ambiguous, "unanswered"
}

// args names the place for the words of an error.
func (o Options) args(host string) map[string]string {
	name := o.Name
	if name == "" {
		name = host
	}
	return map[string]string{"Name": name}
}

// megabytes says a cap the way people read it: whole mebibytes, or kibibytes
// as a fraction when it is under one.
func megabytes(bytes int64) string {
	return strconv.FormatFloat(float64(bytes*10>>20)/10, 'f', -1, 64)
}

// RetryAfter reads Retry-After, in seconds or as a date; the wait is between 0
// and MaxWait.
func RetryAfter(header http.Header, now time.Time) (wait time.Duration, said bool) {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseUint(value, 10, 63); err == nil {
		return clamp(seconds), true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	return min(max(at.Sub(now), 0), MaxWait), true
}

// rateReset reads when a rate limit ends: X-RateLimit-Reset or RateLimit-Reset,
// as an RFC 3339 time (Mastodon), as Unix seconds (Bluesky) or as seconds from now.
func rateReset(header http.Header, now time.Time) (time.Duration, bool) {
	for _, name := range []string{"X-RateLimit-Reset", "RateLimit-Reset"} {
		value := header.Get(name)
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return min(max(at.Sub(now), 0), MaxWait), true
		}
		seconds, err := strconv.ParseUint(value, 10, 63)
		switch {
		case err != nil:
		case seconds > 1e9:
			return min(max(time.Unix(int64(seconds), 0).Sub(now), 0), MaxWait), true
		default:
			return clamp(seconds), true
		}
	}
	return 0, false
}

func clamp(seconds uint64) time.Duration {
	return time.Duration(min(seconds, uint64(MaxWait/time.Second))) * time.Second
}

// Why returns the sentence of a refusal: the usual fields of a JSON error, or
// nothing. It is the words of a stranger: one line, cut at maxWhy runes with an
// ellipsis.
func Why(body []byte) string {
	var fields struct {
		Message          string `json:"message"`
		ErrorDescription string `json:"error_description"`
		Error            any    `json:"error"`
	}
	if json.Unmarshal(body, &fields) != nil {
		return ""
	}
	why := fields.Message
	if why == "" {
		why = fields.ErrorDescription
	}
	if text, ok := fields.Error.(string); ok && why == "" {
		why = text
	}
	why = strings.Join(strings.FieldsFunc(why, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(why); len(runes) > maxWhy {
		why = string(runes[:maxWhy-1]) + "…"
	}
	return why
}
