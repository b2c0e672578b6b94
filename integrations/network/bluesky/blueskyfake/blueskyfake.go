// Package blueskyfake is a small Bluesky server that refuses what a real one
// refuses: wrong passwords, expired and reused tokens, too many sessions,
// records of a wrong shape, texts over 300 graphemes or 3,000 bytes, facets
// that cut a character, blobs and parents that it does not have. putRecord
// behaves as on the real server: an identical record is a no-op, another one
// replaces it, and a swapRecord that does not match is InvalidSwap.
// Facts: networks.md "Bluesky". It keeps everything in memory.
package blueskyfake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Record is one record as it was put.
type Record struct {
	URI, CID string
	Text     string
	Value    json.RawMessage
	// Writes is how often it was really written.
	Writes int
}

// Server is the fake; change its exported fields before it is called.
type Server struct {
	Handle, Password, DID string
	// Others are handles that resolve, with their DIDs.
	Others map[string]string
	// IgnoresSwap makes it behave as a server that does not know swapRecord.
	IgnoresSwap bool
	// Sessions is how many createSession calls are left.
	Sessions int
	Now      func() time.Time
	// Drop says that the answer to this request is lost after it was carried
	// out; Refuse answers with this status instead.
	Drop   func(*http.Request) bool
	Refuse func(*http.Request) int

	mu      sync.Mutex
	order   []string
	records map[string]*Record
	blobs   map[string]string // link -> mime type
	access  map[string]time.Time
	refresh map[string]bool
	tokens  int
	calls   []string
	server  *httptest.Server
}

// AccessAge is how long an access token is good.
const AccessAge = 2 * time.Hour

// New starts a server.
func New(now func() time.Time) *Server {
	f := &Server{Handle: "colibri.example", Password: "app-pass-word", DID: "did:plc:colibri", Sessions: 30, Now: now,
		Others: map[string]string{}, records: map[string]*Record{}, blobs: map[string]string{},
		access: map[string]time.Time{}, refresh: map[string]bool{}}
	mux := http.NewServeMux()
	for name, handler := range map[string]http.HandlerFunc{
		"POST com.atproto.server.createSession":  f.createSession,
		"POST com.atproto.server.refreshSession": f.refreshSession,
		"GET com.atproto.server.getSession":      f.signed(f.getSession),
		"POST com.atproto.repo.putRecord":        f.signed(f.putRecord),
		"GET com.atproto.repo.getRecord":         f.signed(f.getRecord),
		"POST com.atproto.repo.deleteRecord":     f.signed(f.deleteRecord),
		"POST com.atproto.repo.uploadBlob":       f.signed(f.uploadBlob),
		"GET com.atproto.identity.resolveHandle": f.signed(f.resolveHandle),
	} {
		method, path, _ := strings.Cut(name, " ")
		mux.HandleFunc(method+" /xrpc/"+path, handler)
	}
	f.server = httptest.NewServer(f.faulty(mux))
	return f
}

// URL is its address.
func (f *Server) URL() string { return f.server.URL }

// Close ends it.
func (f *Server) Close() { f.server.Close() }

// Records returns what is public, in the order of first writing.
func (f *Server) Records() []Record {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []Record
	for _, uri := range f.order {
		if r, ok := f.records[uri]; ok {
			all = append(all, *r)
		}
	}
	return all
}

// Calls returns the names of all calls so far.
func (f *Server) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.calls...)
}

// Plant puts a record of somebody else there, to be answered.
func (f *Server) Plant(did, rkey string, value map[string]any) Record {
	f.mu.Lock()
	defer f.mu.Unlock()
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return *f.store("at://"+did+"/app.bsky.feed.post/"+rkey, encoded)
}

// EndSessions makes every refresh token useless, as a password change does.
func (f *Server) EndSessions() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.access, f.refresh = map[string]time.Time{}, map[string]bool{}
}

func (f *Server) faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.calls = append(f.calls, strings.TrimPrefix(r.URL.Path, "/xrpc/"))
		f.mu.Unlock()
		if f.Refuse != nil {
			if status := f.Refuse(r); status != 0 {
				w.Header().Set("RateLimit-Reset", fmt.Sprint(f.Now().Add(time.Minute).Unix()))
				refuse(w, status, "Refused", "refused by the test")
				return
			}
		}
		if f.Drop == nil || !f.Drop(r) {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(httptest.NewRecorder(), r)
		if connection, _, err := w.(http.Hijacker).Hijack(); err == nil {
			connection.Close() //nolint:errcheck // it is meant to break
		}
	})
}

// bearer returns the token of a request.
func bearer(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

func (f *Server) signed(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		until, known := f.access[bearer(r)]
		switch {
		case bearer(r) == "":
			refuse(w, 401, "AuthMissing", "Authentication Required")
		case !known:
			refuse(w, 400, "InvalidToken", "Token could not be verified")
		case f.Now().After(until):
			refuse(w, 400, "ExpiredToken", "Token has expired")
		default:
			next(w, r)
		}
	}
}

func (f *Server) createSession(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var in struct{ Identifier, Password string }
	switch {
	case f.Sessions <= 0:
		w.Header().Set("RateLimit-Reset", fmt.Sprint(f.Now().Add(5*time.Minute).Unix()))
		refuse(w, 429, "RateLimitExceeded", "Rate Limit Exceeded")
	case json.NewDecoder(r.Body).Decode(&in) != nil || in.Identifier != f.Handle || in.Password != f.Password:
		refuse(w, 401, "AuthenticationRequired", "Invalid identifier or password")
	default:
		f.Sessions--
		f.open(w)
	}
}

// refreshSession takes a refresh token once.
func (f *Server) refreshSession(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if body, err := io.ReadAll(r.Body); err != nil || len(body) > 0 {
		refuse(w, 400, "InvalidRequest", "A request body was provided when none was expected")
		return
	}
	if !f.refresh[bearer(r)] {
		refuse(w, 400, "ExpiredToken", "Token has been revoked")
		return
	}
	delete(f.refresh, bearer(r))
	f.open(w)
}

func (f *Server) open(w http.ResponseWriter) {
	f.tokens++
	access, again := fmt.Sprintf("access-%d", f.tokens), fmt.Sprintf("refresh-%d", f.tokens)
	f.access[access], f.refresh[again] = f.Now().Add(AccessAge), true
	answer(w, map[string]any{"did": f.DID, "handle": f.Handle, "accessJwt": access, "refreshJwt": again})
}

func (f *Server) getSession(w http.ResponseWriter, _ *http.Request) {
	answer(w, map[string]any{"did": f.DID, "handle": f.Handle})
}

func (f *Server) resolveHandle(w http.ResponseWriter, r *http.Request) {
	did, ok := f.Others[r.URL.Query().Get("handle")]
	if !ok {
		refuse(w, 400, "InvalidRequest", "Unable to resolve handle")
		return
	}
	answer(w, map[string]any{"did": did})
}

func refuse(w http.ResponseWriter, status int, name, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"error": name, "message": message}) //nolint:errcheck // the test sees what is missing
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(body) //nolint:errcheck // the test sees what is missing
}
