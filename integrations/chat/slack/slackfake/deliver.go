package slackfake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Ack is how a delivery was acknowledged.
type Ack struct {
	Status int
	Body   []byte
	Took   time.Duration
	Err    error
	// Socket says that it went over Socket Mode.
	Socket bool
}

// ErrNobody says that the app listens nowhere.
var ErrNobody = errors.New("no socket and no address to deliver to")

// delivery is one thing to bring to the app.
type delivery struct {
	kind    string // events_api, slash_commands, interactive: the socket's words
	path    string // of the HTTP address
	payload any
	form    url.Values // of a command over HTTP
	retry   int
	why     string
}

// retryAfter is when a failed event is brought again.
func retryAfter() []time.Duration { return []time.Duration{time.Second, time.Minute, 5 * time.Minute} }

// DuplicateEvents brings every event so many times more, each under an event ID
// of its own and without a retry mark, as Slack sometimes does.
func (s *Server) DuplicateEvents(copies int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.copies = copies
}

// deliver brings it once and notes how long that took.
func (s *Server) deliver(d delivery) Ack {
	start := time.Now()
	ack, sent := s.overSocket(d)
	if !sent {
		ack = s.overHTTP(d)
	}
	ack.Took = time.Since(start)
	s.mu.Lock()
	defer s.mu.Unlock()
	if ack.OK() {
		s.stats.Delivered++
	} else {
		s.stats.Timeouts++
	}
	s.stats.Slowest = max(s.stats.Slowest, ack.Took)
	return ack
}

// deliverEvent brings an event, again when it fails.
func (s *Server) deliverEvent(payload object) Ack {
	s.mu.Lock()
	copies := s.copies
	s.mu.Unlock()
	ack := s.event(payload, 0)
	for range copies {
		again := object{}
		for name, value := range payload {
			again[name] = value
		}
		s.mu.Lock()
		again["event_id"] = fmt.Sprintf("Ev%d", s.next())
		s.mu.Unlock()
		s.event(again, 0)
	}
	return ack
}

func (s *Server) event(payload object, retry int) Ack {
	ack := s.deliver(delivery{kind: "events_api", path: "/slack/events", payload: payload, retry: retry, why: "http_error"})
	if ack.OK() || retry >= len(retryAfter()) {
		return ack
	}
	s.later(retryAfter()[retry], func() {
		s.mu.Lock()
		s.stats.Retries++
		s.mu.Unlock()
		s.event(payload, retry+1)
	})
	return ack
}

func (s *Server) overHTTP(d delivery) Ack {
	s.mu.Lock()
	target := s.target
	s.mu.Unlock()
	if target == "" {
		return Ack{Err: ErrNobody}
	}
	var body []byte
	contentType := "application/x-www-form-urlencoded"
	switch {
	case d.form != nil:
		body = []byte(d.form.Encode())
	default:
		encoded, err := json.Marshal(d.payload)
		if err != nil {
			return Ack{Err: err}
		}
		if body, contentType = encoded, "application/json"; d.kind == "interactive" {
			body, contentType = []byte(url.Values{"payload": {string(encoded)}}.Encode()), "application/x-www-form-urlencoded"
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.options.Deadline)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target+d.path, bytes.NewReader(body))
	if err != nil {
		return Ack{Err: err}
	}
	request.Header.Set("Content-Type", contentType)
	if d.retry > 0 {
		request.Header.Set("X-Slack-Retry-Num", fmt.Sprint(d.retry))
		request.Header.Set("X-Slack-Retry-Reason", d.why)
	}
	s.Sign(request.Header, body)
	response, err := s.caller.Do(request)
	if err != nil {
		return Ack{Err: err}
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return Ack{Status: response.StatusCode, Body: answer, Err: err}
}
