package inbound_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crieur/bot/listen"
	"crieur/bot/secret"
	"crieur/integrations/internal/sign"
	"crieur/integrations/source/inbound"
)

const key = secret.Secret("0123456789abcdef0123456789abcdef")

var now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

type door struct {
	mux  *http.ServeMux
	got  []listen.Mention
	fail error
	logs bytes.Buffer
}

func open() *door {
	d := &door{mux: http.NewServeMux()}
	d.mux.Handle(inbound.Pattern, inbound.New(inbound.Config{
		Sources: map[string]inbound.Source{"shop": {Key: key, Network: "Avis"}, "open": {}},
		Accept: func(_ context.Context, mentions []listen.Mention) error {
			if d.fail == nil {
				d.got = append(d.got, mentions...)
			}
			return d.fail
		},
		Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(&d.logs, nil)),
	}))
	return d
}

// post sends a signed body; change may spoil the request.
func (d *door) post(path, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	at, signature := sign.Body(key, []byte(body), now)
	r.Header.Set(sign.TimestampHeader, at)
	r.Header.Set(sign.SignatureHeader, signature)
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	d.mux.ServeHTTP(w, r)
	return w
}

func TestAccepted(t *testing.T) {
	d := open()
	w := d.post("/hooks/mentions/shop", `{"id":"7","time":"2026-11-26T08:00:00Z","text":"Vous livrez en Belgique ?","author":"anna"}`, nil)
	if w.Code != 200 || w.Body.String() != "{\"accepted\":1}\n" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	want := listen.Mention{ID: "hook:shop:7", Source: "shop", Network: "Avis", Author: "anna", Text: "Vous livrez en Belgique ?", At: now.Add(-time.Hour)}
	if len(d.got) != 1 || d.got[0] != want {
		t.Errorf("got %+v", d.got)
	}
	if w = d.post("/hooks/mentions/shop", `[{"text":"a"},{"text":"b"},{"text":"a"}]`, nil); w.Code != 200 || len(d.got) != 4 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if d.got[1].ID != d.got[3].ID || d.got[1].ID == d.got[2].ID || !strings.HasPrefix(d.got[1].ID, "hook:shop:") {
		t.Errorf("identifiers without an id: %+v", d.got[1:])
	}
}

// TestRefused: forged, stale, oversized, misshapen; nothing is stored.
func TestRefused(t *testing.T) {
	const good = `{"text":"x"}`
	resign := func(body string, at time.Time) func(*http.Request) {
		return func(r *http.Request) {
			timestamp, signature := sign.Body(key, []byte(body), at)
			r.Header.Set(sign.TimestampHeader, timestamp)
			r.Header.Set(sign.SignatureHeader, signature)
		}
	}
	for _, test := range []struct {
		name, path, body string
		change           func(*http.Request)
		status           int
		code             string
	}{
		{"no such source", "/hooks/mentions/other", good, nil, 404, "no_source"},
		{"no source", "/hooks/mentions/", good, nil, 404, ""},
		{"source without a key", "/hooks/mentions/open", good, nil, 401, "forged"},
		{"unsigned", "/hooks/mentions/shop", good, func(r *http.Request) { r.Header.Del(sign.SignatureHeader) }, 401, "forged"},
		{"no time", "/hooks/mentions/shop", good, func(r *http.Request) { r.Header.Del(sign.TimestampHeader) }, 401, "forged"},
		{"signature of another body", "/hooks/mentions/shop", good, resign(`{"text":"y"}`, now), 401, "forged"},
		{"time changed", "/hooks/mentions/shop", good, func(r *http.Request) {
			r.Header.Set(sign.TimestampHeader, strconv.FormatInt(now.Unix()+1, 10))
		}, 401, "forged"},
		{"replayed later", "/hooks/mentions/shop", good, resign(good, now.Add(-5*time.Minute-time.Second)), 401, "stale"},
		{"from the future", "/hooks/mentions/shop", good, resign(good, now.Add(5*time.Minute+time.Second)), 401, "stale"},
		{"too large", "/hooks/mentions/shop", `{"text":"` + strings.Repeat("x", inbound.MaxBody) + `"}`, nil, 413, "too_large"},
		{"read", "/hooks/mentions/shop", good, func(r *http.Request) { r.Method = "GET" }, 405, ""},
		{"empty", "/hooks/mentions/shop", "", nil, 400, "not_json"},
		{"words", "/hooks/mentions/shop", "bonjour", nil, 400, "not_json"},
		{"broken array", "/hooks/mentions/shop", `[{"text":"x"}`, nil, 400, "not_json"},
		{"two objects", "/hooks/mentions/shop", good + good, nil, 400, "bad_mentions"},
		{"empty array", "/hooks/mentions/shop", " []", nil, 400, "count"},
		{"too many", "/hooks/mentions/shop", "[" + strings.Repeat(good+",", 1000) + good + "]", nil, 400, "count"},
		{"unknown field", "/hooks/mentions/shop", `{"text":"x","brand":"y"}`, nil, 400, "bad_mentions"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := open()
			w := d.post(test.path, test.body, test.change)
			var answer struct{ Error string }
			json.Unmarshal(w.Body.Bytes(), &answer)
			if w.Code != test.status || answer.Error != test.code {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
			if len(d.got) != 0 {
				t.Errorf("stored %+v", d.got)
			}
			if test.code != "" && !strings.Contains(d.logs.String(), test.code) {
				t.Errorf("not logged: %s", d.logs.String())
			}
			if strings.Contains(d.logs.String()+w.Body.String(), key.Reveal()) {
				t.Error("the key shows")
			}
		})
	}
}

// TestBadOnesNamed: each bad mention is named, and the good ones wait too.
func TestBadOnesNamed(t *testing.T) {
	d := open()
	w := d.post("/hooks/mentions/shop", `[{"text":"x"},{"text":""},{"text":"y","time":"hier"},7]`, nil)
	const want = `{"error":"bad_mentions","message":"3 of 4 mentions are bad, none was taken","mentions":[` +
		`{"index":1,"field":"text","want":"words"},{"index":2,"field":"time","want":"a time such as 2026-11-26T08:00:00Z"},{"index":3,"want":"a JSON object"}]}` + "\n"
	if w.Code != 400 || w.Body.String() != want || len(d.got) != 0 {
		t.Errorf("%d %s, stored %v", w.Code, w.Body, d.got)
	}
}

func TestStoreDown(t *testing.T) {
	d := open()
	d.fail = errors.New("redis is away")
	w := d.post("/hooks/mentions/shop", `{"text":"x"}`, nil)
	if w.Code != 503 || w.Header().Get("Retry-After") != "5" || strings.Contains(w.Body.String(), "redis") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if !strings.Contains(d.logs.String(), "redis is away") {
		t.Errorf("not logged: %s", d.logs.String())
	}
	d.fail = nil
	if w = d.post("/hooks/mentions/shop", `{"text":"x"}`, nil); w.Code != 200 || len(d.got) != 1 {
		t.Errorf("sent again: %d %v", w.Code, d.got)
	}
}

// TestAnswerComesLast: the 2xx is written only once Accept has returned.
func TestAnswerComesLast(t *testing.T) {
	var stored atomic.Bool
	release := make(chan struct{})
	handler := inbound.New(inbound.Config{Sources: map[string]inbound.Source{"shop": {Key: key}}, Now: func() time.Time { return now },
		Accept: func(context.Context, []listen.Mention) error { <-release; stored.Store(true); return nil }})
	mux := http.NewServeMux()
	mux.Handle(inbound.Pattern, handler)
	server := httptest.NewServer(mux)
	defer server.Close()
	at, signature := sign.Body(key, []byte(`{"text":"x"}`), now)
	req, err := http.NewRequest(http.MethodPost, server.URL+"/hooks/mentions/shop", strings.NewReader(`{"text":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set(sign.TimestampHeader, at)
	req.Header.Set(sign.SignatureHeader, signature)
	go close(release)
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 200 || !stored.Load() {
		t.Errorf("answered %d, stored %v", response.StatusCode, stored.Load())
	}
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{`{"text":"x"}`, `[{"text":"x","id":1}]`, `[]`, `{"text":"\ud800"}`, "\xff", `{"TEXT":"x"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		d := open()
		w := d.post("/hooks/mentions/shop", body, nil)
		switch {
		case w.Code == 200 && len(d.got) == 0, w.Code != 200 && len(d.got) > 0:
			t.Fatalf("%d with %d stored for %q", w.Code, len(d.got), body)
		case w.Code != 200 && w.Code != 400 && w.Code != 413:
			t.Fatalf("%d for %q", w.Code, body)
		case !json.Valid(w.Body.Bytes()):
			t.Fatalf("answer %q", w.Body)
		}
		for _, m := range d.got {
			if m.Text == "" || m.At.IsZero() || m.Source != "shop" || !strings.HasPrefix(m.ID, "hook:shop:") {
				t.Fatalf("stored %+v of %q", m, body)
			}
		}
	})
}
