// Package inbound is the door by which a program of the operator tells what was
// said: POST /hooks/mentions/{source}, signed.
//
// What the sender does: a body of at most 1 MiB, one mention or an array of at
// most 1,000 in the shape of package mentionjson, with the headers of package
// sign (Crieur-Timestamp within 5 minutes, Crieur-Signature). What it gets:
// 200 {"accepted":n} only once every mention is safely stored; 400 with each bad
// mention named, and then none is taken; 401 forged or stale, 404 no such source,
// 413 too large, 503 with Retry-After when nothing could be stored: send again,
// what was heard twice counts once. It does not know what becomes of mentions.
package inbound

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"crieur/bot/listen"
	"crieur/bot/secret"
	"crieur/integrations/internal/mentionjson"
	"crieur/integrations/internal/sign"
)

const (
	// Pattern is where the handler belongs on a mux.
	Pattern = "POST /hooks/mentions/{source}"
	// MaxBody is the largest body, in bytes.
	MaxBody = 1 << 20
	// MaxMentions is how many mentions one body may hold.
	MaxMentions = 1000

	retryAfter = 5 * time.Second
)

// Source is one sender.
type Source struct {
	// Key is shared with it; a source without a key accepts nothing.
	Key secret.Secret
	// Network is where things were said when a mention does not say.
	Network string
}

// Config is the door.
type Config struct {
	// Sources by the name in their address.
	Sources map[string]Source
	// Accept stores mentions durably; the sender is told that they were heard
	// only after it returned nil.
	Accept func(context.Context, []listen.Mention) error
	Now    func() time.Time
	// Log hears of what was refused; nil is silence.
	Log *slog.Logger
}

// Handler serves Pattern. It is safe for concurrent use.
type Handler struct {
	config Config
}

// New returns the handler.
func New(config Config) *Handler {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	return &Handler{config: config}
}

// refusal is an answer other than 200, as it is written.
type refusal struct {
	status   int
	Error    string    `json:"error"`
	Message  string    `json:"message"`
	Mentions []badItem `json:"mentions,omitempty"`
}

// badItem names one bad mention: its place in the array, from 0, its field and
// what was wanted.
type badItem struct {
	Index int    `json:"index"`
	Field string `json:"field,omitempty"`
	Want  string `json:"want"`
}

// ServeHTTP hears one body.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("source")
	mentions, refused := h.read(name, w, r)
	if refused == nil {
		if err := h.config.Accept(r.Context(), mentions); err != nil {
			h.config.Log.Error("inbound mentions not stored", "source", name, "count", len(mentions), "error", err)
			w.Header().Set("Retry-After", strconv.Itoa(int(retryAfter/time.Second)))
			refused = &refusal{status: http.StatusServiceUnavailable, Error: "not_stored", Message: "nothing was stored, send it again"}
		}
	} else {
		h.config.Log.Warn("inbound mentions refused", "source", name, "error", refused.Error, "status", refused.status)
	}
	w.Header().Set("Content-Type", "application/json")
	if refused != nil {
		w.WriteHeader(refused.status)
		json.NewEncoder(w).Encode(refused) //nolint:errcheck // the sender has gone
		return
	}
	fmt.Fprintf(w, "{\"accepted\":%d}\n", len(mentions)) //nolint:errcheck // the sender has gone
}

// read checks everything that can be checked without storing.
func (h *Handler) read(name string, w http.ResponseWriter, r *http.Request) ([]listen.Mention, *refusal) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, &refusal{status: http.StatusMethodNotAllowed, Error: "method", Message: "only POST is heard here"}
	}
	source, ok := h.config.Sources[name]
	if !ok {
		return nil, &refusal{status: http.StatusNotFound, Error: "no_source", Message: "no source of that name"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, &refusal{status: http.StatusRequestEntityTooLarge, Error: "too_large", Message: fmt.Sprintf("at most %d bytes", MaxBody)}
	case err != nil:
		return nil, &refusal{status: http.StatusBadRequest, Error: "unreadable", Message: "the body broke off"}
	}
	now := h.config.Now()
	switch err := sign.Check(source.Key, r.Header.Get(sign.TimestampHeader), r.Header.Get(sign.SignatureHeader), body, now); {
	case errors.Is(err, sign.ErrStale):
		return nil, &refusal{status: http.StatusUnauthorized, Error: "stale", Message: sign.TimestampHeader + ": " + err.Error()}
	case err != nil:
		return nil, &refusal{status: http.StatusUnauthorized, Error: "forged", Message: sign.SignatureHeader + " is not that of this body"}
	}
	return parse(name, source, body, now)
}

// parse reads one mention or an array of them; one bad mention refuses all, so
// that what the sender repeats after mending is the whole.
func parse(name string, source Source, body []byte, now time.Time) ([]listen.Mention, *refusal) {
	refuse := func(code, message string, bad ...badItem) ([]listen.Mention, *refusal) {
		return nil, &refusal{status: http.StatusBadRequest, Error: code, Message: message, Mentions: bad}
	}
	var raws []json.RawMessage
	switch first(body) {
	case '{':
		raws = []json.RawMessage{body}
	case '[':
		if json.Unmarshal(body, &raws) != nil {
			return refuse("not_json", "the array is not valid JSON")
		}
	default:
		return refuse("not_json", "want a JSON object or an array of objects")
	}
	if len(raws) == 0 || len(raws) > MaxMentions {
		return refuse("count", fmt.Sprintf("want 1 to %d mentions, got %d", MaxMentions, len(raws)))
	}
	options := mentionjson.Options{Source: name, Network: source.Network, Prefix: "hook:" + name + ":", Strict: true, Now: now}
	mentions := make([]listen.Mention, 0, len(raws))
	var bad []badItem
	for i, raw := range raws {
		mention, _, err := mentionjson.Decode(raw, options)
		var problem *mentionjson.Problem
		if errors.As(err, &problem) {
			bad = append(bad, badItem{Index: i, Field: problem.Field, Want: problem.Want})
			continue
		}
		mentions = append(mentions, mention)
	}
	if len(bad) > 0 {
		return refuse("bad_mentions", fmt.Sprintf("%d of %d mentions are bad, none was taken", len(bad), len(raws)), bad...)
	}
	return mentions, nil
}

// first returns the first byte that is not white space, 0 if there is none.
func first(body []byte) byte {
	for _, b := range body {
		if b != ' ' && b != '\t' && b != '\n' && b != '\r' {
			return b
		}
	}
	return 0
}
