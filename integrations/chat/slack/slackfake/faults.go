package slackfake

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Fault is something that goes wrong with the next calls of a method.
type Fault struct {
	// Channel is where it hits; empty is anywhere.
	Channel string
	// Skip is how many calls it spares first; Times how many it then hits: 0 is one,
	// -1 every one.
	Skip, Times int
	// Delay passes before anything else.
	Delay time.Duration
	// Status is answered instead of doing it: 500, 503, 429 with RetryAfter.
	Status     int
	RetryAfter time.Duration
	// Location is where a Status of 302 sends the caller.
	Location string
	// Error is answered, as Slack's own refusal, instead of doing it.
	Error string
	// Drop does it, then cuts the connection without an answer.
	Drop bool
	// Cut cuts the connection without doing it.
	Cut bool
	// StatusAfter does it, then answers this status.
	StatusAfter int
}

// Fail makes the next calls of a method go wrong ("response_url" for answers).
func (s *Server) Fail(method string, fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if fault.Times == 0 {
		fault.Times = 1
	}
	s.faults[method] = append(s.faults[method], &fault)
}

// Heal ends every fault.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = map[string][]*Fault{}
}

func (s *Server) takeFault(method, channel string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.faults[method]
	at := slices.IndexFunc(list, func(f *Fault) bool { return f.Channel == "" || f.Channel == channel })
	if at < 0 {
		return Fault{}
	}
	fault := list[at]
	if fault.Skip > 0 {
		fault.Skip--
		return Fault{}
	}
	if fault.Status == http.StatusTooManyRequests {
		s.stats.Limited++
	}
	if fault.Times > 0 {
		if fault.Times--; fault.Times == 0 {
			s.faults[method] = slices.Delete(list, at, at+1)
		}
	}
	return *fault
}

func (f Fault) wait() {
	if f.Delay > 0 {
		time.Sleep(f.Delay)
	}
}

// before answers instead of doing it.
func (f Fault) before(w http.ResponseWriter) bool {
	switch {
	case f.Cut:
		hangUp(w)
	case f.Status == http.StatusTooManyRequests:
		w.Header().Set("Retry-After", fmt.Sprint(max(1, int(f.RetryAfter.Seconds()))))
		write(w, f.Status, object{"ok": false, "error": "ratelimited"})
	case f.Location != "":
		w.Header().Set("Location", f.Location)
		w.WriteHeader(f.Status)
	case f.Status != 0:
		http.Error(w, "upstream", f.Status)
	case f.Error != "":
		write(w, http.StatusOK, object{"ok": false, "error": f.Error})
	default:
		return false
	}
	return true
}

// after spoils the answer of what was done.
func (f Fault) after(w http.ResponseWriter) bool {
	switch {
	case f.Drop:
		hangUp(w)
	case f.StatusAfter != 0:
		http.Error(w, "upstream", f.StatusAfter)
	default:
		return false
	}
	return true
}

func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_ = conn.Close()
}
