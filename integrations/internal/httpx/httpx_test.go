package httpx_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/integrations/internal/httpx"
)

var now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

func client(change func(*httpx.Options)) *httpx.Client {
	options := httpx.Options{Name: "Mastodon", Allow: httpx.Loopback(), Now: func() time.Time { return now }}
	if change != nil {
		change(&options)
	}
	return httpx.New(options)
}

func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

func do(t *testing.T, c *httpx.Client, method, address, body string) (httpx.Answer, *outbox.Error) {
	t.Helper()
	t.Cleanup(c.Close)
	req, err := c.Request(t.Context(), method, address, strings.NewReader(body))
	if err == nil {
		var answer httpx.Answer
		if answer, err = c.Do(req); err == nil {
			return answer, nil
		}
	}
	var e *outbox.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T) is not an *outbox.Error", err, err)
	}
	return httpx.Answer{}, e
}

func TestStatuses(t *testing.T) {
	for _, test := range []struct {
		method string
		status int
		header map[string]string
		fault  outbox.Fault
		reason string
		after  time.Duration
	}{
		{"POST", 301, nil, outbox.Rejected, "redirects", 0},
		{"POST", 302, nil, outbox.Ambiguous, "unanswered", 0},
		{"POST", 303, map[string]string{"Location": "http://[::1"}, outbox.Ambiguous, "unanswered", 0},
		{"POST", 308, map[string]string{"Location": "/again"}, outbox.Rejected, "redirects", 0},
		{"POST", 400, nil, outbox.Rejected, "rejected", 0},
		{"GET", 401, nil, outbox.Denied, "denied", 0},
		{"POST", 403, nil, outbox.Denied, "denied", 0},
		{"POST", 404, nil, outbox.Gone, "gone", 0},
		{"GET", 410, nil, outbox.Gone, "gone", 0},
		{"POST", 408, nil, outbox.Temporary, "unreachable", 0},
		{"POST", 413, nil, outbox.Rejected, "rejected", 0},
		{"POST", 422, nil, outbox.Rejected, "rejected", 0},
		{"POST", 429, nil, outbox.Limited, "limited", time.Minute},
		{"POST", 429, map[string]string{"Retry-After": "7"}, outbox.Limited, "limited", 7 * time.Second},
		{"POST", 429, map[string]string{"Retry-After": "99999999999"}, outbox.Limited, "limited", httpx.MaxWait},
		{"POST", 429, map[string]string{"Retry-After": "-4"}, outbox.Limited, "limited", time.Minute},
		{"GET", 429, map[string]string{"Retry-After": "Thu, 26 Nov 2026 09:00:30 GMT"}, outbox.Limited, "limited", 30 * time.Second},
		{"GET", 429, map[string]string{"Retry-After": "Thu, 26 Nov 2020 09:00:30 GMT"}, outbox.Limited, "limited", 0},
		{"POST", 429, map[string]string{"X-RateLimit-Reset": "2026-11-26T09:05:00.123Z"}, outbox.Limited, "limited", 5*time.Minute + 123*time.Millisecond},
		{"POST", 429, map[string]string{"RateLimit-Reset": fmt.Sprint(now.Unix() + 90)}, outbox.Limited, "limited", 90 * time.Second},
		{"POST", 429, map[string]string{"RateLimit-Reset": "45"}, outbox.Limited, "limited", 45 * time.Second},
		{"POST", 503, map[string]string{"Retry-After": "120"}, outbox.Limited, "limited", 2 * time.Minute},
		{"POST", 503, map[string]string{"X-RateLimit-Reset": "2026-11-26T09:05:00Z"}, outbox.Ambiguous, "unanswered", 0},
		{"POST", 500, nil, outbox.Ambiguous, "unanswered", 0},
		{"DELETE", 502, nil, outbox.Ambiguous, "unanswered", 0},
		{"POST", 501, nil, outbox.Rejected, "rejected", 0},
		{"GET", 500, nil, outbox.Temporary, "down", 0},
		{"GET", 504, nil, outbox.Temporary, "down", 0},
	} {
		t.Run(fmt.Sprint(test.method, test.status, test.header), func(t *testing.T) {
			var calls atomic.Int32
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				for name, value := range test.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(test.status)
			})
			_, e := do(t, client(nil), test.method, server.URL+"/secret-path", "x")
			if e == nil {
				t.Fatal("no error")
			}
			if e.Fault != test.fault || e.Reason != "network."+test.reason || e.After != test.after {
				t.Errorf("got %v %s after %v, want %v %s after %v", e.Fault, e.Reason, e.After, test.fault, test.reason, test.after)
			}
			if e.Args["Name"] != "Mastodon" {
				t.Errorf("args = %v", e.Args)
			}
			if strings.Contains(e.Error(), "secret-path") {
				t.Errorf("the address is in %q", e)
			}
			if calls.Load() != 1 {
				t.Errorf("%d calls", calls.Load())
			}
		})
	}
}

func TestWhy(t *testing.T) {
	for body, want := range map[string]string{
		`{"error":"Validation failed: Text limit"}`:                  "Validation failed: Text limit",
		`{"error":"InvalidRequest","message":"Record/text too big"}`: "Record/text too big",
		`{"error":{"code":3}}`:                                       "",
		`{"message":"a\nb\u0000\u2028c"}`:                            "a b c",
		`<html>`:                                                     "",
		`{"message":"` + strings.Repeat("é", 300) + `"}`:             strings.Repeat("é", 199) + "…",
	} {
		if got := httpx.Why([]byte(body)); got != want {
			t.Errorf("Why(%.40s) = %q, want %q", body, got, want)
		}
	}
}

// TestNoAnswer is the table of calls that end without an answer: what may have
// been done is never called temporary.
func TestNoAnswer(t *testing.T) {
	arrived := make(chan struct{}, 1)
	for _, test := range []struct {
		name    string
		gives   bool // the caller gives up once the request has arrived
		handler http.HandlerFunc
	}{
		{"cut", false, func(w http.ResponseWriter, _ *http.Request) {
			if connection, _, err := w.(http.Hijacker).Hijack(); err == nil {
				connection.Close()
			}
		}},
		{"half a body", false, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "half")
		}},
		{"silent", true, func(_ http.ResponseWriter, r *http.Request) {
			arrived <- struct{}{}
			<-r.Context().Done()
		}},
		{"dripping", true, func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "x")
			w.(http.Flusher).Flush()
			arrived <- struct{}{}
			<-r.Context().Done()
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body) // else the server does not see the client go
				test.handler(w, r)
			})
			for method, want := range map[string]outbox.Fault{"GET": outbox.Temporary, "POST": outbox.Ambiguous, "PUT": outbox.Ambiguous, "DELETE": outbox.Ambiguous} {
				ctx, cancel := context.WithCancel(t.Context())
				if test.gives {
					go func() { <-arrived; cancel() }()
				}
				c := client(nil)
				req, err := c.Request(ctx, method, server.URL, strings.NewReader("body"))
				if err != nil {
					t.Fatal(err)
				}
				_, err = c.Do(req)
				if outbox.FaultOf(err) != want || err == nil {
					t.Errorf("%s: %v, want %v", method, err, want)
				}
				cancel()
				c.Close()
			}
		})
	}
}

// TestDeadline: a server that never answers does not hold the caller.
func TestDeadline(t *testing.T) {
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	_, e := do(t, client(func(o *httpx.Options) { o.Timeout = 50 * time.Millisecond }), "GET", server.URL, "")
	if e == nil || e.Fault != outbox.Temporary || !errors.Is(e, context.DeadlineExceeded) {
		t.Errorf("deadline: %v", e)
	}
}

// deadAddress is one where nobody listens any more.
func deadAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "http://" + listener.Addr().String()
}

func TestNeverLeft(t *testing.T) {
	dead := deadAddress(t)
	tlsServer := httptest.NewTLSServer(http.NotFoundHandler())
	defer tlsServer.Close()
	tlsServer.Config.ErrorLog = nil
	for _, test := range []struct {
		name, address string
		fault         outbox.Fault
		reason        string
	}{
		{"nobody listens", dead, outbox.Temporary, "unreachable"},
		{"unknown certificate", tlsServer.URL, outbox.Temporary, "certificate"},
		{"not an address", "ftp://example.org/tok-1", outbox.Rejected, "address"},
		{"no host", "https:///tok-1", outbox.Rejected, "address"},
		{"unreadable", "https://example.org/tok-1\x7f", outbox.Rejected, "address"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, e := do(t, client(nil), "POST", test.address, "body")
			if e == nil || e.Fault != test.fault || e.Reason != "network."+test.reason {
				t.Fatalf("got %+v", e)
			}
			if strings.Contains(e.Error(), "tok-1") {
				t.Errorf("the address is in %q", e)
			}
		})
	}
}

// TestGuard dials what a hostile feed address would name; nothing may be called.
func TestGuard(t *testing.T) {
	var called atomic.Bool
	server := serve(t, func(http.ResponseWriter, *http.Request) { called.Store(true) })
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for _, address := range []string{
		server.URL, "http://localhost:" + port, "http://127.1.2.3", "http://[::1]:" + port, "http://[::ffff:127.0.0.1]:" + port,
		"http://10.0.0.1", "http://192.168.1.1", "http://169.254.169.254/latest/meta-data", "http://0.0.0.0:" + port,
		"http://[fe80::1]", "http://[fd00::1]", "http://[64:ff9b::7f00:1]", "http://93.184.216.34:6379",
	} {
		_, e := do(t, client(func(o *httpx.Options) { o.Allow, o.Room = nil, "source" }), "GET", address, "")
		if e == nil || e.Fault != outbox.Rejected || e.Reason != "source.blocked" {
			t.Errorf("%s: %v", address, e)
		}
	}
	if called.Load() {
		t.Error("the private server was called")
	}
	// Allowed loopback does not open the rest of the private network.
	if _, e := do(t, client(nil), "GET", "http://169.254.169.254/", ""); e == nil || e.Reason != "network.blocked" {
		t.Errorf("metadata address with loopback allowed: %v", e)
	}
}

func TestGuardOnRedirect(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
	})
	if _, e := do(t, client(nil), "GET", server.URL, ""); e == nil || e.Reason != "network.blocked" {
		t.Errorf("redirect into the private network: %v", e)
	}
}

func TestRedirects(t *testing.T) {
	var referers []string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		referers = append(referers, r.Referer())
		var hops int
		fmt.Sscanf(r.URL.Path, "/%d", &hops)
		switch {
		case r.URL.Path == "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case hops > 0:
			http.Redirect(w, r, fmt.Sprintf("/%d?key=secret", hops-1), http.StatusFound)
		default:
			io.WriteString(w, "there")
		}
	})
	if answer, e := do(t, client(nil), "GET", server.URL+"/5", ""); e != nil || string(answer.Body) != "there" || answer.URL.Path != "/0" {
		t.Errorf("five hops: %v %v", answer, e)
	}
	for _, referer := range referers {
		if referer != "" {
			t.Errorf("told the next host %q", referer)
		}
	}
	for _, path := range []string{"/6", "/file"} {
		if _, e := do(t, client(nil), "GET", server.URL+path, ""); e == nil || e.Reason != "network.redirects" || e.Fault != outbox.Rejected {
			t.Errorf("%s: %v", path, e)
		}
	}
	secure := httptest.NewTLSServer(http.RedirectHandler(server.URL, http.StatusFound))
	defer secure.Close()
	plain := secure.Client()
	plain.CheckRedirect = client(nil).HTTP().CheckRedirect
	if _, err := plain.Get(secure.URL); err == nil || !strings.Contains(err.Error(), "from https to http") {
		t.Errorf("downgrade: %v", err)
	}
}

func TestCap(t *testing.T) {
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	writer.Write(make([]byte, 10<<20))
	writer.Close()
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(zipped.Bytes())
		case "/exact":
			w.Write(make([]byte, 1<<20))
		default:
			w.Write(make([]byte, 1<<20+1))
		}
	})
	small := func(o *httpx.Options) { o.MaxBody = 1 << 20 }
	if answer, e := do(t, client(small), "GET", server.URL+"/exact", ""); e != nil || len(answer.Body) != 1<<20 {
		t.Errorf("exactly the cap: %d bytes, %v", len(answer.Body), e)
	}
	for _, path := range []string{"/over", "/bomb"} {
		_, e := do(t, client(small), "GET", server.URL+path, "")
		var large *httpx.TooLarge
		if !errors.As(e, &large) || large.Limit != 1<<20 || e.Fault != outbox.Rejected || e.Reason != "network.too_large" || e.Args["Size"] != "1" {
			t.Errorf("%s: %+v", path, e)
		}
	}
	if _, e := do(t, client(small), "POST", server.URL+"/over", ""); e == nil || e.Fault != outbox.Ambiguous {
		t.Errorf("POST answered at length: %v", e)
	}
}

// TestWrittenOnce breaks a kept connection under a POST with an idempotency
// key: net/http alone would send it again.
func TestWrittenOnce(t *testing.T) {
	var posts atomic.Int32
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "GET" {
			return
		}
		io.Copy(io.Discard, r.Body)
		posts.Add(1)
		if connection, _, err := w.(http.Hijacker).Hijack(); err == nil {
			connection.Close()
		}
	})
	c := client(nil)
	if _, e := do(t, c, "GET", server.URL, ""); e != nil { // so that the connection is kept
		t.Fatal(e)
	}
	req, err := c.Request(t.Context(), "POST", server.URL, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Idempotency-Key", "k")
	if _, err := c.Do(req); outbox.FaultOf(err) != outbox.Ambiguous {
		t.Errorf("err = %v", err)
	}
	if posts.Load() != 1 {
		t.Errorf("left %d times", posts.Load())
	}
}

func TestGet(t *testing.T) {
	header := http.Header{}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") == "then" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if r.Header.Get("Accept") != "text/xml" || !strings.HasPrefix(r.UserAgent(), "Crieur/") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		io.WriteString(w, "<rss/>")
	})
	for _, test := range []struct {
		name   string
		header http.Header
		known  httpx.Validators
		want   httpx.Page
	}{
		{"first", http.Header{"Etag": {`"v1"`}, "Last-Modified": {"then"}, "Cache-Control": {"private, max-age=600"}}, httpx.Validators{},
			httpx.Page{Body: []byte("<rss/>"), Validators: httpx.Validators{ETag: `"v1"`, LastModified: "then"}, Fresh: 10 * time.Minute}},
		{"unchanged keeps", http.Header{}, httpx.Validators{ETag: `"v1"`, LastModified: "then"},
			httpx.Page{Unchanged: true, Validators: httpx.Validators{ETag: `"v1"`, LastModified: "then"}}},
		{"unchanged renews", http.Header{"Last-Modified": {"later"}}, httpx.Validators{ETag: `"v1"`, LastModified: "then"},
			httpx.Page{Unchanged: true, Validators: httpx.Validators{ETag: `"v1"`, LastModified: "later"}}},
		{"expired at once", http.Header{"Expires": {"0"}, "Etag": {`"v1"`}}, httpx.Validators{}, httpx.Page{Body: []byte("<rss/>")}},
		{"expires", http.Header{"Expires": {"Thu, 26 Nov 2026 10:00:00 GMT"}}, httpx.Validators{}, httpx.Page{Body: []byte("<rss/>"), Fresh: time.Hour}},
		{"no store", http.Header{"Cache-Control": {"no-store", "max-age=9"}}, httpx.Validators{}, httpx.Page{Body: []byte("<rss/>")}},
		{"for ever", http.Header{"Cache-Control": {`max-age="999999999"`}}, httpx.Validators{}, httpx.Page{Body: []byte("<rss/>"), Fresh: httpx.MaxWait}},
	} {
		t.Run(test.name, func(t *testing.T) {
			header = test.header
			c := client(nil)
			t.Cleanup(c.Close)
			page, err := c.Get(t.Context(), server.URL, test.known, "text/xml")
			if err != nil {
				t.Fatal(err)
			}
			if page.Unchanged != test.want.Unchanged || string(page.Body) != string(test.want.Body) ||
				page.Validators != test.want.Validators || page.Fresh != test.want.Fresh {
				t.Errorf("got %+v, want %+v", page, test.want)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	server := serve(t, func(http.ResponseWriter, *http.Request) {})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := client(nil)
	req, err := c.Request(ctx, "POST", server.URL, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.Do(req); outbox.FaultOf(err) != outbox.Temporary {
		t.Errorf("cancelled before it left: %v", err)
	}
}

// TestLibrary is how the error of a library on top of the client is read.
func TestLibrary(t *testing.T) {
	c := client(nil)
	_, err := c.HTTP().Get(deadAddress(t) + "/feed?key=secret")
	if cleaned := c.Clean(fmt.Errorf("library: %w", err)); outbox.FaultOf(cleaned) != outbox.Temporary || strings.Contains(cleaned.Error(), "secret") {
		t.Errorf("cleaned = %v", cleaned)
	}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Idempotency-Key") != "k1" {
			t.Errorf("header of the context not sent")
		}
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	req, err := http.NewRequestWithContext(httpx.WithHeader(t.Context(), "Idempotency-Key", "k1"), "POST", server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	var limited *outbox.Error
	if _, err := c.Library().Do(req); !errors.As(c.Clean(err), &limited) || limited.After != 3*time.Second {
		t.Errorf("limited = %v", err)
	}
	if err := c.Clean(errors.New("strange")); outbox.FaultOf(err) != outbox.Ambiguous {
		t.Errorf("an unknown error is %v", err)
	}
	if c.Clean(nil) != nil {
		t.Error("nil became an error")
	}
}

func TestPortOf(t *testing.T) {
	for address, want := range map[string]int{"https://a.example:8443/x": 8443, "https://a.example": 0, "https://a.example:99999": 0, "::": 0} {
		if got := httpx.PortOf(address); (want == 0) != (len(got) == 0) || (want != 0 && int(got[0]) != want) {
			t.Errorf("PortOf(%s) = %v", address, got)
		}
	}
}

func TestWords(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs() {
		printer := catalog.For(lang, nil)
		for _, room := range []string{"network", "source"} {
			for _, reason := range httpx.Reasons() {
				key := room + "." + reason
				text := printer.T(key, "Name", "Mastodon", "Size", "5", "Why", "text too long")
				if !printer.Has(key) || strings.Contains(text, "<no value>") || strings.ContainsAny(text, "{}!") {
					t.Errorf("%s %s = %q", lang, key, text)
				}
			}
		}
		if text := printer.T("network.rejected", "Name", "X"); strings.Contains(text, "«") || strings.Contains(text, "value") {
			t.Errorf("%s, no reason given: %q", lang, text)
		}
	}
}
