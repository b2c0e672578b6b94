package httpx

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// transport adds to every hop what Options ask for, and says of each failure
// whether the request had left.
type transport struct {
	options Options
	base    *http.Transport
}

// RoundTrip sends one hop. The deadline is here and not in http.Client.Timeout,
// which forgets the error that it replaces.
func (t *transport) RoundTrip(original *http.Request) (*http.Response, error) {
	// A request counts as gone once it has a connection: whether its bytes were
	// written is only known to another goroutine, which may still be writing
	// when this one is told to give up.
	var left atomic.Bool
	ctx, cancel := context.WithTimeout(original.Context(), t.options.Timeout)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { left.Store(true) },
	})
	req := original.Clone(ctx)
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", userAgent)
	}
	changes := req.Method != http.MethodGet && req.Method != http.MethodHead
	if changes {
		// net/http repeats a request by itself when it has an Idempotency-Key and
		// a rewindable body; not every server honours that key, so it may not.
		req.GetBody = nil
	}
	response, err := t.base.RoundTrip(req)
	if err != nil {
		cancel()
		return nil, t.options.unanswered(req.URL.Hostname(), changes && left.Load(), err)
	}
	response.Body = &capped{
		body: response.Body, left: t.options.MaxBody, cancel: cancel,
		tooLarge: &TooLarge{Host: req.URL.Hostname(), Limit: t.options.MaxBody},
		fail: func(err error) error {
			return t.options.unanswered(req.URL.Hostname(), changes, err)
		},
	}
	return response, nil
}

// CloseIdleConnections closes what http.Client.CloseIdleConnections asks for.
func (t *transport) CloseIdleConnections() { t.base.CloseIdleConnections() }

// capped reads at most left bytes of what net/http has decompressed.
type capped struct {
	body     io.ReadCloser
	left     int64
	cancel   context.CancelFunc
	fail     func(error) error
	tooLarge *TooLarge
}

// Read fails with a TooLarge as soon as one byte too many has come.
func (c *capped) Read(p []byte) (int, error) {
	if c.left < 0 {
		return 0, c.fail(c.tooLarge)
	}
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.body.Read(p)
	c.left -= int64(n)
	if c.left < 0 {
		return n - 1, c.fail(c.tooLarge)
	}
	if err != nil && err != io.EOF {
		err = c.fail(err)
	}
	return n, err
}

// Close ends the body and the deadline of the hop.
func (c *capped) Close() error {
	defer c.cancel()
	return c.body.Close()
}
