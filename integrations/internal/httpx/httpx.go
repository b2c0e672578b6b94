// Package httpx is how Crieur calls the outside over HTTP: with deadlines, a cap
// on what is read, no way into the private network, redirects followed only
// where that is harmless, and failures said as outbox faults.
//
// A request that changes something is written at most once: neither a broken
// connection nor a redirect makes it leave again. It does not know any
// service; each integration builds its client from an Options. A proxy of the
// environment is not used: the guard checks the address that is really dialled.
// Facts: sources.md section 2, networks.md "After a timeout".
package httpx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"crieur/bot/outbox"
)

const (
	// DefaultTimeout bounds a whole call, the body included; the outbox gives its
	// senders less, by their context.
	DefaultTimeout = 15 * time.Second
	// DefaultMaxBody is how many bytes of an answer are read, after decompression.
	DefaultMaxBody = 4 << 20
	// MaxRedirects is how many hops are followed, each one checked.
	MaxRedirects = 5

	dialTimeout = 5 * time.Second
	maxHeader   = 64 << 10
	userAgent   = "Crieur/1.0"
)

// Loopback is what Options.Allow holds in tests and in the demo, and nowhere else.
func Loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

// Options are what a client needs to know. The zero value works.
type Options struct {
	// Room is "network" or "source": the catalog room of the reasons of errors.
	Room string
	// Name is what people call the place ("Mastodon"); empty means its host.
	Name string
	// Timeout and MaxBody replace the defaults.
	Timeout time.Duration
	MaxBody int64
	// Allow are addresses outside the public internet that may be called, on any
	// port. Everything else must be public, on 80, 443 or one of Ports.
	Allow []netip.Prefix
	Ports []uint16
	// Now is the clock that reads Retry-After dates; nil means the machine's.
	Now func() time.Time
}

// Client calls one outside place. It is safe for concurrent use.
type Client struct {
	options Options
	http    *http.Client
}

// New returns a client.
func New(options Options) *Client {
	if options.Room == "" {
		options.Room = "network"
	}
	if options.Timeout <= 0 {
		options.Timeout = DefaultTimeout
	}
	if options.MaxBody <= 0 {
		options.MaxBody = DefaultMaxBody
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	dialer := &net.Dialer{Timeout: dialTimeout, Control: guard(options)}
	c := &Client{options: options}
	c.http = &http.Client{
		CheckRedirect: checkRedirect,
		Transport: &transport{options: options, base: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    dialTimeout,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        30 * time.Second,
			MaxResponseHeaderBytes: maxHeader,
			ForceAttemptHTTP2:      true,
		}},
	}
	return c
}

// HTTP returns the client for a library that wants one. Its errors wrap an
// *outbox.Error; use Clean on what the library returns.
func (c *Client) HTTP() *http.Client { return c.http }

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// PortOf returns the explicit port of a configured address, for Options.Ports.
func PortOf(address string) []uint16 {
	u, err := url.Parse(address)
	if err != nil || u.Port() == "" {
		return nil
	}
	port, err := netip.ParseAddrPort("0.0.0.0:" + u.Port())
	if err != nil {
		return nil
	}
	return []uint16{port.Port()}
}

// guard refuses, at dial time, every address that is not public: what a name
// resolved to is what is checked, so a name that changes its mind gains nothing.
func guard(options Options) func(network, address string, c syscall.RawConn) error {
	public := ssrf.New(ssrf.WithPorts(append([]uint16{80, 443}, options.Ports...)...))
	return func(network, address string, c syscall.RawConn) error {
		if to, err := netip.ParseAddrPort(address); err == nil {
			ip := to.Addr().Unmap()
			if slices.ContainsFunc(options.Allow, func(p netip.Prefix) bool { return p.Contains(ip) }) {
				return nil
			}
		}
		return public.Safe(network, address, c)
	}
}

// checkRedirect follows reads only, never from https down to http, and does
// not tell the next host where it comes from: an address can be a secret.
func checkRedirect(next *http.Request, via []*http.Request) error {
	first, last := via[0], via[len(via)-1]
	if first.Method != http.MethodGet && first.Method != http.MethodHead {
		return http.ErrUseLastResponse
	}
	if len(via) > MaxRedirects {
		return fmt.Errorf("%w: more than %d", errRedirects, MaxRedirects)
	}
	if next.URL.Scheme != "https" && (next.URL.Scheme != "http" || last.URL.Scheme == "https") {
		return fmt.Errorf("%w: from %s to %s", errRedirects, last.URL.Scheme, next.URL.Scheme)
	}
	next.Header.Del("Referer")
	return nil
}

var errRedirects = errors.New("redirects refused")

// TooLarge says that an answer was longer than the cap; nothing of it is used.
type TooLarge struct {
	Host  string
	Limit int64 // bytes, after decompression
}

func (e *TooLarge) Error() string {
	return fmt.Sprintf("answer of %s is larger than %d bytes", e.Host, e.Limit)
}

// Answer is a response read whole.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	// URL is where it came from, after redirects.
	URL *url.URL
}

// Do sends the request and reads the answer whole. An answer outside 2xx (304
// counts as fine) comes back with an *outbox.Error beside it; no answer at all
// comes as an *outbox.Error alone.
func (c *Client) Do(req *http.Request) (Answer, error) {
	ctx, cancel := context.WithTimeout(req.Context(), c.options.Timeout) // all hops together
	defer cancel()
	response, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		return Answer{}, c.Clean(err)
	}
	defer response.Body.Close() //nolint:errcheck // read-only
	body, err := io.ReadAll(response.Body)
	answer := Answer{Status: response.StatusCode, Header: response.Header, Body: body, URL: response.Request.URL}
	if response.StatusCode/100 != 2 && response.StatusCode != http.StatusNotModified {
		return answer, c.refusal(response, body) // what of the body came is enough for a reason
	}
	if err != nil {
		return Answer{}, c.Clean(err)
	}
	return answer, nil
}

// Request makes a request; an address that is not an http or https one is an
// *outbox.Error that does not repeat it, for it may hold a secret.
func (c *Client) Request(ctx context.Context, method, address string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil || (req.URL.Scheme != "https" && req.URL.Scheme != "http") || req.URL.Hostname() == "" {
		return nil, &outbox.Error{Fault: outbox.Rejected, Reason: c.options.Room + ".address",
			Args: c.options.args("?"), Err: fmt.Errorf("make %s request: %w", method, ErrAddress)}
	}
	return req, nil
}

// ErrAddress means that an address is not an http or https one.
var ErrAddress = errors.New("not a web address")
