// Package llmfake is a small server that speaks OpenAI's protocol and refuses what
// real ones refuse: a wrong key (401), a model that it does not have (404), a
// request of a wrong shape or a schema that it does not take (400), too many
// requests (429). What it answers is the test's.
package llmfake

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
)

// Asked is one request for a completion as it came.
type Asked struct {
	Model    string
	Messages []struct{ Role, Content string }
	// Format is response_format.type, empty when there is none.
	Format string
}

// Server is the fake; its fields may change between calls under Set.
type Server struct {
	Key, Model string
	// Shapeless refuses a schema, as older servers do.
	Shapeless bool
	// Unlisted has no list of models.
	Unlisted bool
	// Wait answers 429 with this Retry-After, in seconds, when it is above 0.
	Wait int
	// Status, if not 0, is answered to every completion, with Body.
	Status int
	Body   string
	// Finish is the finish_reason; empty is "stop".
	Finish string
	// Answer makes the content of the answer.
	Answer func(Asked) string
	// Hold, if not nil, keeps the answer back until it is closed or the caller goes.
	Hold chan struct{}
	// Cut breaks the connection in the middle of the answer.
	Cut bool

	mu     sync.Mutex
	asked  []Asked
	server *httptest.Server
}

// New starts a server with a model.
func New() *Server {
	s := &Server{Key: "sk-test-key", Model: "small-1", Answer: func(Asked) string { return "" }}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/models", s.models)
	mux.HandleFunc("POST /v1/chat/completions", s.complete)
	s.server = httptest.NewServer(mux)
	return s
}

// URL is its address, without /v1.
func (s *Server) URL() string { return s.server.URL }

// Close ends it.
func (s *Server) Close() { s.server.CloseClientConnections(); s.server.Close() }

// Set changes how it behaves from the next call on.
func (s *Server) Set(change func(*Server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

// Calls are the requests for completions that were let in, in order.
func (s *Server) Calls() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Asked(nil), s.asked...)
}

func (s *Server) admits(w http.ResponseWriter, r *http.Request) bool {
	if r.Header.Get("Authorization") == "Bearer "+s.Key {
		return true
	}
	refuse(w, http.StatusUnauthorized, "Incorrect key: "+r.Header.Get("Authorization"))
	return false
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"message": message, "error": map[string]any{"message": message}}) //nolint:errcheck // a test
}

func (s *Server) models(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.admits(w, r) {
		return
	}
	if s.Unlisted {
		http.NotFound(w, r)
		return
	}
	json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": []map[string]any{{"id": s.Model, "object": "model"}}}) //nolint:errcheck // a test
}

func (s *Server) complete(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	answer, hold, ok := s.decide(w, r)
	cut := s.Cut
	s.mu.Unlock()
	if !ok {
		return
	}
	if hold != nil {
		select {
		case <-hold:
		case <-r.Context().Done():
			return
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if cut {
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		answer = answer[:len(answer)/2]
	}
	w.Write(answer) //nolint:errcheck // a test
}

// decide is the answer to a request, or writes a refusal. Callers hold mu.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) (answer []byte, hold chan struct{}, ok bool) {
	if !s.admits(w, r) {
		return nil, nil, false
	}
	var request struct {
		Model    string                           `json:"model"`
		Messages []struct{ Role, Content string } `json:"messages"`
		Format   *struct {
			Type   string
			Schema *struct {
				Name   string
				Schema json.RawMessage
			} `json:"json_schema"`
		} `json:"response_format"`
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil || len(request.Messages) == 0 {
		refuse(w, http.StatusBadRequest, "not a request for a completion")
		return nil, nil, false
	}
	asked := Asked{Model: request.Model, Messages: request.Messages}
	if request.Format != nil {
		asked.Format = request.Format.Type
	}
	s.asked = append(s.asked, asked)
	switch {
	case request.Model != s.Model:
		refuse(w, http.StatusNotFound, "no such model")
	case s.Wait > 0:
		w.Header().Set("Retry-After", strconv.Itoa(s.Wait))
		refuse(w, http.StatusTooManyRequests, "too many requests")
	case request.Format != nil && (s.Shapeless || request.Format.Schema == nil || !json.Valid(request.Format.Schema.Schema)):
		refuse(w, http.StatusBadRequest, "response_format is not supported")
	case s.Status != 0:
		w.WriteHeader(s.Status)
		w.Write([]byte(s.Body)) //nolint:errcheck // a test
	default:
		finish := s.Finish
		if finish == "" {
			finish = "stop"
		}
		answer, err := json.Marshal(map[string]any{"object": "chat.completion", "model": s.Model, "choices": []map[string]any{{
			"index": 0, "finish_reason": finish, "message": map[string]any{"role": "assistant", "content": s.Answer(asked)}}}})
		return answer, s.Hold, err == nil
	}
	return nil, nil, false
}
