package discordfake

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"
)

// deliverHTTP sends an interaction as Discord does, and takes the response
// from the body.
func (s *Server) deliverHTTP(h http.Handler, in *interaction) {
	body, err := json.Marshal(in.payload)
	if err != nil {
		panic(err) // built by this package
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, s.Signed(body, s.opts.Now()))
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case w.Code == http.StatusAccepted && w.Body.Len() == 0:
		return // the response comes by a call
	case w.Code != http.StatusOK:
		s.violate("interaction answered with HTTP %d: %.80s", w.Code, w.Body)
	case !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json"):
		s.violate("interaction answered with Content-Type %q", w.Header().Get("Content-Type"))
	default:
		if bad := s.respond(in, bytes.TrimSpace(w.Body.Bytes())); bad != nil && bad.code != 10062 {
			s.violate("interaction answered with what Discord refuses: %s", bad.message)
		}
	}
}

// Signed is a request signed as Discord's at a time.
func (s *Server) Signed(body []byte, at time.Time) *http.Request {
	stamp := strconv.FormatInt(at.Unix(), 10)
	r := httptest.NewRequest(http.MethodPost, "/discord/interactions", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(s.private, append([]byte(stamp), body...))))
	return r
}

// Endpoint checks a handler as Discord does before it accepts its address: PING
// is answered with type 1, and every bad signature with 401.
func (s *Server) Endpoint(h http.Handler) error {
	ping := []byte(`{"id":"1","application_id":"` + s.opts.AppID + `","type":1,"token":"t","version":1}`)
	now := s.opts.Now()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, s.Signed(ping, now))
	var pong struct {
		Type int `json:"type"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &pong); err != nil || w.Code != http.StatusOK || pong.Type != 1 {
		return fmt.Errorf("PING answered with HTTP %d %q", w.Code, w.Body)
	}
	for name, r := range s.BadlySigned(ping) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized {
			return fmt.Errorf("%s answered with HTTP %d, not 401", name, w.Code)
		}
	}
	return nil
}

// BadlySigned are requests that must be refused, by what is wrong with them.
func (s *Server) BadlySigned(body []byte) map[string]*http.Request {
	now := s.opts.Now()
	bad := map[string]*http.Request{
		"a stale signature":  s.Signed(body, now.Add(-6*time.Minute)),
		"a future signature": s.Signed(body, now.Add(6*time.Minute)),
	}
	change := func(name string, do func(*http.Request)) {
		r := s.Signed(body, now)
		do(r)
		bad[name] = r
	}
	change("no signature", func(r *http.Request) { r.Header.Del("X-Signature-Ed25519") })
	change("no time", func(r *http.Request) { r.Header.Del("X-Signature-Timestamp") })
	change("a signature that is not hex", func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", "zz") })
	change("a short signature", func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", "abcd") })
	change("another key", func(r *http.Request) {
		_, other, err := ed25519.GenerateKey(nil)
		if err != nil {
			panic(err)
		}
		stamp := r.Header.Get("X-Signature-Timestamp")
		r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(other, append([]byte(stamp), body...))))
	})
	change("another time", func(r *http.Request) {
		r.Header.Set("X-Signature-Timestamp", strconv.FormatInt(now.Unix()-1, 10))
	})
	change("another body", func(r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader(string(body) + " "))
	})
	return bad
}

// Forward is a handler that sends interactions to an address: another process.
func Forward(address string) http.Handler {
	return forward(address, &http.Client{Timeout: firstResponse})
}

func forward(address string, client *http.Client) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, err := http.NewRequestWithContext(r.Context(), http.MethodPost, address, r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		out.Header = r.Header.Clone()
		answer, err := client.Do(out)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		w.Header().Set("Content-Type", answer.Header.Get("Content-Type"))
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body) // the other side went away
	})
}
