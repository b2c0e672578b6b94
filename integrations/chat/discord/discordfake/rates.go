package discordfake

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"time"
)

// rates are the limits of the REST interface.
type rates struct {
	buckets map[string]*window
	all     []time.Time
	blocked time.Time
	refused int // answers with 429
	calls   int
}

type window struct {
	used  int
	reset time.Time
}

// rule is the limit of one route, per channel or guild.
type rule struct {
	calls int
	each  time.Duration
}

// globalRate is what one bot may send in a second.
const globalRate = 50

func (r *rates) init() { r.buckets = map[string]*window{} }

func ruleOf(route string) rule {
	switch route {
	case "POST /channels/messages", "PATCH /channels/messages", "DELETE /channels/messages":
		return rule{5, 5 * time.Second}
	case "POST /channels/messages/threads":
		return rule{10, 10 * time.Second}
	}
	return rule{30, 5 * time.Second}
}

// Refused counts the answers with 429 so far, Calls all calls.
func (s *Server) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rates.refused
}

// Calls counts the calls of the REST interface so far.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rates.calls
}

// limit counts a call and says it in the headers.
func (s *Server) limit(w http.ResponseWriter, route, major string) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rates.calls++
	if s.opts.Unlimited {
		return nil
	}
	now := time.Now()
	if d := s.rates.blocked.Sub(now); d > 0 {
		return s.limited(w, d, true)
	}
	kept := s.rates.all[:0]
	for _, t := range s.rates.all {
		if now.Sub(t) < time.Second {
			kept = append(kept, t)
		}
	}
	s.rates.all = append(kept, now)
	if len(s.rates.all) > globalRate {
		return s.limited(w, time.Second-now.Sub(s.rates.all[0]), true)
	}
	rule := ruleOf(route)
	key := bucketName(route) + ":" + major
	b := s.rates.buckets[key]
	if b == nil || !b.reset.After(now) {
		b = &window{reset: now.Add(rule.each)}
		s.rates.buckets[key] = b
	}
	b.used++
	h := w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(rule.calls))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(rule.calls-b.used, 0)))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", b.reset.Sub(now).Seconds()))
	h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(b.reset.UnixMilli())/1000))
	h.Set("X-RateLimit-Bucket", bucketName(route))
	if b.used > rule.calls {
		return s.limited(w, b.reset.Sub(now), false)
	}
	return nil
}

func (s *Server) limited(w http.ResponseWriter, after time.Duration, global bool) *refusal {
	s.rates.refused++
	scope := "user"
	if global {
		scope = "global"
		w.Header().Set("X-RateLimit-Global", "true")
	}
	w.Header().Set("X-RateLimit-Scope", scope)
	w.Header().Set("Retry-After", strconv.Itoa(int(after.Seconds())+1))
	r := refuse(http.StatusTooManyRequests, 0, "You are being rate limited.")
	r.retry, r.global = after.Seconds(), global
	return r
}

func bucketName(route string) string {
	h := fnv.New64a()
	h.Write([]byte(route))
	return strconv.FormatUint(h.Sum64(), 16)
}
