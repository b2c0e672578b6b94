package httpx

import (
	"context"
	"io"
	"net/http"
)

type headerKey struct{}

// WithHeader returns a context whose request, made by a library through
// Library, carries one more header.
func WithHeader(ctx context.Context, name, value string) context.Context {
	return context.WithValue(ctx, headerKey{}, [2]string{name, value})
}

// Library returns the client for a library that would otherwise hide what a
// refusal said, or wait and repeat by itself: an answer of 400 and above, or a
// redirect of a request that changes something, is an error already here. Read
// it with Clean.
func (c *Client) Library() *http.Client {
	return &http.Client{CheckRedirect: checkRedirect, Transport: library{c}}
}

type library struct{ client *Client }

// RoundTrip sends one hop for a library.
func (l library) RoundTrip(req *http.Request) (*http.Response, error) {
	if header, ok := req.Context().Value(headerKey{}).([2]string); ok {
		req = req.Clone(req.Context())
		req.Header.Set(header[0], header[1])
	}
	response, err := l.client.http.Transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	follows := req.Method == http.MethodGet || req.Method == http.MethodHead
	if response.StatusCode < 300 || (response.StatusCode < 400 && follows) {
		return response, nil
	}
	defer response.Body.Close()          //nolint:errcheck // read-only
	body, _ := io.ReadAll(response.Body) // what came of it is enough for a reason
	return nil, l.client.Refusal(req.Method, req.URL.Hostname(), response.StatusCode, response.Header, body)
}
