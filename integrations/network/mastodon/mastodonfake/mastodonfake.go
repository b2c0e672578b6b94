// Package mastodonfake is a small Mastodon instance that refuses what a real
// one refuses: other tokens, texts over the limit as it counts, unknown or
// unprocessed media, unknown parents, too many calls. It honours the
// Idempotency-Key for an hour. Facts: networks.md "Mastodon". It keeps
// everything in memory and knows one account.
package mastodonfake

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rivo/uniseg"
)

// Status is one status that the instance holds.
type Status struct {
	ID, Text, ReplyTo, Language, Visibility string
	Media                                   []Media
	At                                      time.Time
	key                                     string
}

// Media is one upload.
type Media struct {
	ID, Description string
	Bytes           []byte
	looks           int // how often it still answers "processing"
	used            bool
}

// Instance is the fake; change its exported fields before it is called.
type Instance struct {
	Token      string
	Characters int
	Media      int
	// IgnoresKeys makes it behave as GoToSocial does.
	IgnoresKeys bool
	// Processing is how many looks an upload takes before it is ready.
	Processing int
	// Remaining is how many calls are left in the window; negative is no limit.
	Remaining int
	Now       func() time.Time
	// Drop, if set, says that the answer to this request is lost after it was
	// carried out; Refuse answers with this status instead of carrying it out.
	Drop   func(*http.Request) bool
	Refuse func(*http.Request) int

	mu       sync.Mutex
	next     int
	statuses []Status
	media    map[string]*Media
	calls    []string
	server   *httptest.Server
}

// New starts an instance.
func New(now func() time.Time) *Instance {
	f := &Instance{Token: "good-token", Characters: 500, Media: 4, Remaining: -1, Now: now, next: 100, media: map[string]*Media{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v2/instance", f.instance)
	mux.HandleFunc("GET /api/v1/accounts/verify_credentials", f.signed(f.account))
	mux.HandleFunc("POST /api/v2/media", f.signed(f.upload))
	mux.HandleFunc("GET /api/v1/media/{id}", f.signed(f.look))
	mux.HandleFunc("POST /api/v1/statuses", f.signed(f.post))
	mux.HandleFunc("DELETE /api/v1/statuses/{id}", f.signed(f.delete))
	mux.HandleFunc("GET /api/v1/statuses/{id}/source", f.signed(f.source))
	mux.HandleFunc("GET /api/v1/accounts/{id}/statuses", f.signed(f.list))
	f.server = httptest.NewServer(f.counted(mux))
	return f
}

// URL is its address; Close ends it.
func (f *Instance) URL() string { return f.server.URL }

// Close ends it.
func (f *Instance) Close() { f.server.Close() }

// Statuses returns what is public, oldest first.
func (f *Instance) Statuses() []Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Status(nil), f.statuses...)
}

// Calls returns "METHOD path" of every call so far.
func (f *Instance) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.calls...)
}

// Put makes a status that somebody posted by other means, in answer to another
// or to nothing.
func (f *Instance) Put(text, replyTo string) Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	status := Status{ID: f.id(), Text: text, ReplyTo: replyTo, At: f.Now()}
	f.statuses = append(f.statuses, status)
	return status
}

// counted notes each call, limits their rate and loses answers.
func (f *Instance) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.calls = append(f.calls, r.Method+" "+r.URL.Path)
		spent := f.Remaining == 0
		if f.Remaining > 0 {
			f.Remaining--
		}
		f.mu.Unlock()
		w.Header().Set("X-RateLimit-Reset", f.Now().Add(5*time.Minute).Format(time.RFC3339Nano))
		if spent {
			refuse(w, http.StatusTooManyRequests, "Too many requests")
			return
		}
		if f.Refuse != nil {
			if status := f.Refuse(r); status != 0 {
				refuse(w, status, "refused by the test")
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

func (f *Instance) signed(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+f.Token {
			refuse(w, http.StatusUnauthorized, "The access token is invalid")
			return
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		next(w, r)
	}
}

func (f *Instance) instance(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"domain": "colibri.example", "version": "4.5.0", "configuration": map[string]any{
		"statuses":          map[string]any{"max_characters": f.Characters, "max_media_attachments": f.Media, "characters_reserved_per_url": 23},
		"media_attachments": map[string]any{"image_size_limit": 16 << 20, "description_limit": 1500},
	}})
}

func (f *Instance) account(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"id": "7", "acct": "colibri"})
}

func (f *Instance) upload(w http.ResponseWriter, r *http.Request) {
	file, _, err := r.FormFile("file")
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, "Validation failed: File can't be blank")
		return
	}
	data, err := io.ReadAll(file)
	if err != nil || !strings.HasPrefix(http.DetectContentType(data), "image/") {
		refuse(w, http.StatusUnprocessableEntity, "Validation failed: File content type is invalid")
		return
	}
	m := &Media{ID: f.id(), Description: r.FormValue("description"), Bytes: data, looks: f.Processing}
	f.media[m.ID] = m
	status, url := http.StatusOK, any(f.server.URL+"/media/"+m.ID)
	if m.looks > 0 {
		status, url = http.StatusAccepted, nil
	}
	answer(w, status, map[string]any{"id": m.ID, "type": "image", "url": url, "description": m.Description})
}

func (f *Instance) look(w http.ResponseWriter, r *http.Request) {
	m, ok := f.media[r.PathValue("id")]
	switch {
	case !ok:
		refuse(w, http.StatusNotFound, "Record not found")
	case m.looks > 0:
		m.looks--
		answer(w, http.StatusPartialContent, map[string]any{"id": m.ID, "type": "image", "url": nil})
	default:
		answer(w, http.StatusOK, map[string]any{"id": m.ID, "type": "image", "url": f.server.URL + "/media/" + m.ID})
	}
}

func (f *Instance) post(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, "unreadable form")
		return
	}
	key := r.Header.Get("Idempotency-Key")
	for _, known := range f.statuses {
		if key != "" && !f.IgnoresKeys && known.key == key && f.Now().Sub(known.At) < time.Hour {
			answer(w, http.StatusOK, f.render(known))
			return
		}
	}
	status := Status{Text: r.Form.Get("status"), ReplyTo: r.Form.Get("in_reply_to_id"), Language: r.Form.Get("language"),
		Visibility: r.Form.Get("visibility"), At: f.Now(), key: key}
	if code, why := f.problem(&status, r.Form["media_ids[]"]); why != "" {
		refuse(w, code, why)
		return
	}
	status.ID = f.id()
	f.statuses = append(f.statuses, status)
	answer(w, http.StatusOK, f.render(status))
}

// problem says why a status is refused, and attaches its media.
func (f *Instance) problem(status *Status, media []string) (int, string) {
	if strings.TrimSpace(status.Text) == "" && len(media) == 0 {
		return 422, "Validation failed: Text can't be blank"
	}
	if Length(status.Text) > f.Characters {
		return 422, fmt.Sprintf("Validation failed: Text character limit of %d exceeded", f.Characters)
	}
	if len(media) > f.Media {
		return 422, fmt.Sprintf("Cannot attach more than %d files", f.Media)
	}
	if status.ReplyTo != "" && f.find(status.ReplyTo) < 0 {
		return 404, "The post you are trying to reply to does not appear to exist."
	}
	for _, id := range media {
		m, ok := f.media[id]
		switch {
		case !ok || m.used:
			return 422, "Media not found"
		case m.looks > 0:
			return 422, "Cannot attach files that have not finished processing. Try again in a moment!"
		}
		m.used = true
		status.Media = append(status.Media, *m)
	}
	return 0, ""
}

var (
	links    = regexp.MustCompile(`https?://[^\s<>"]+`)
	mentions = regexp.MustCompile(`@(\w+)@[\w.-]+\w`)
)

// Length counts as the instance does.
func Length(text string) int {
	text = mentions.ReplaceAllString(links.ReplaceAllString(text, strings.Repeat("x", 23)), "@$1")
	return uniseg.GraphemeClusterCount(text)
}

func (f *Instance) delete(w http.ResponseWriter, r *http.Request) {
	i := f.find(r.PathValue("id"))
	if i < 0 {
		refuse(w, http.StatusNotFound, "Record not found")
		return
	}
	gone := f.statuses[i]
	f.statuses = append(f.statuses[:i:i], f.statuses[i+1:]...)
	answer(w, http.StatusOK, f.render(gone))
}

func (f *Instance) source(w http.ResponseWriter, r *http.Request) {
	i := f.find(r.PathValue("id"))
	if i < 0 {
		refuse(w, http.StatusNotFound, "Record not found")
		return
	}
	answer(w, http.StatusOK, map[string]any{"id": f.statuses[i].ID, "text": f.statuses[i].Text, "spoiler_text": ""})
}

func (f *Instance) list(w http.ResponseWriter, r *http.Request) {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit > 40 {
		limit = 20
	}
	page := []any{}
	from := len(f.statuses)
	if before := r.URL.Query().Get("max_id"); before != "" {
		from = f.find(before)
	}
	for i := from - 1; i >= 0 && len(page) < limit && r.PathValue("id") == "7"; i-- {
		page = append(page, f.render(f.statuses[i]))
	}
	answer(w, http.StatusOK, page)
}

func (f *Instance) render(s Status) map[string]any {
	var parent any
	if s.ReplyTo != "" {
		parent = s.ReplyTo
	}
	return map[string]any{"id": s.ID, "url": f.server.URL + "/@colibri/" + s.ID, "in_reply_to_id": parent,
		"created_at": s.At.Format(time.RFC3339Nano), "content": "<p>" + html.EscapeString(s.Text) + "</p>",
		"visibility": s.Visibility, "language": s.Language}
}

func (f *Instance) find(id string) int {
	for i, s := range f.statuses {
		if s.ID == id {
			return i
		}
	}
	return -1
}

func (f *Instance) id() string {
	f.next++
	return strconv.Itoa(f.next)
}

func refuse(w http.ResponseWriter, status int, why string) {
	answer(w, status, map[string]any{"error": why})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) //nolint:errcheck // the test sees what is missing
}
