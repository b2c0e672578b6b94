package webhook_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sort"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crieur/bot/content"
	"crieur/bot/content/contenttest"
	"crieur/bot/outbox"
	"crieur/bot/secret"
	"crieur/integrations/internal/httpx"
	"crieur/integrations/internal/sign"
	"crieur/integrations/network/webhook"
)

var update = flag.Bool("update", false, "write the golden files")

const key = secret.Secret("0123456789abcdef0123456789abcdef")

func now() time.Time { return time.Date(2026, 11, 26, 18, 0, 0, 0, time.UTC) }

// receiver checks what every receiver must check, then answers.
func receiver(t *testing.T, answer http.HandlerFunc) (*webhook.Publisher, *atomic.Int32) {
	t.Helper()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if err := sign.Check(key, r.Header.Get(sign.TimestampHeader), r.Header.Get(sign.SignatureHeader), body, now()); err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	files := &contenttest.Files{}
	if _, err := files.Put(t.Context(), contenttest.PNG()); err != nil {
		t.Fatal(err)
	}
	p := webhook.New(webhook.Config{URL: server.URL + "/hooks/tok-secret", Key: key, Name: "Intranet", Allow: httpx.Loopback(), Now: now, Files: files})
	t.Cleanup(p.Close)
	return p, &calls
}

func order() content.Order {
	part := content.Part{Account: "intranet", Network: "webhook", Posts: []string{"Notre thé de Noël est de retour.", "Suite."}, Lang: "fr",
		Media: []content.Media{{Digest: content.Digest(contenttest.PNG()), Name: "boite.jpg", Type: "image/jpeg", Alt: "Une boîte rouge", URL: "https://colibri.example/b.jpg"}},
		Link:  "https://colibri.example/noel", ReplyTo: "12"}
	return content.Order{Key: "slot-1/intranet", Part: part, Fingerprint: part.Fingerprint()}
}

func fault(t *testing.T, err error) *outbox.Error {
	t.Helper()
	var e *outbox.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not an *outbox.Error", err)
	}
	return e
}

// TestGolden keeps the request as it is written: others parse it.
func TestGolden(t *testing.T) {
	var got string
	p, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var lines []string
		for name := range r.Header {
			if strings.HasPrefix(name, "Crieur-") || name == "Content-Type" || name == "Idempotency-Key" || name == "User-Agent" {
				lines = append(lines, name+": "+r.Header.Get(name))
			}
		}
		sort.Strings(lines)
		got = r.Method + " " + r.URL.Path + "\n" + strings.Join(lines, "\n") + "\n\n" + string(body) + "\n"
		io.WriteString(w, `{"id":"77","url":"https://intranet.example/77"}`)
	})
	live, err := p.Publish(t.Context(), order())
	if err != nil || live.Ref != "77" || live.URL != "https://intranet.example/77" {
		t.Errorf("live %+v, err %v", live, err)
	}
	const golden = "testdata/publish.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestPictures that are not kept any more, or too many, leave nothing.
func TestPictures(t *testing.T) {
	p, calls := receiver(t, func(http.ResponseWriter, *http.Request) {})
	for reason, media := range map[string][]content.Media{
		"network.media_missing":  {{Digest: content.Digest(nil), Name: "perdue.png"}},
		"network.too_many_media": make([]content.Media, 5),
	} {
		part := content.Part{Account: "intranet", Network: "webhook", Posts: []string{"Le voici."}, Media: media}
		_, err := p.Publish(t.Context(), content.Order{Key: "slot-2/intranet", Part: part, Fingerprint: part.Fingerprint()})
		if e := fault(t, err); e.Fault != outbox.Rejected || e.Reason != reason {
			t.Errorf("%s: %v", reason, err)
		}
	}
	if calls.Load() != 0 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestAnswers(t *testing.T) {
	for body, want := range map[string]content.Live{
		"":                                    {Ref: "slot-1/intranet"},
		"ok":                                  {Ref: "slot-1/intranet"},
		`{}`:                                  {Ref: "slot-1/intranet"},
		`{"id":7}`:                            {Ref: "slot-1/intranet"},
		`{"id":"a"}`:                          {Ref: "a"},
		`{"id":"a","url":"javascript:x()"}`:   {Ref: "a"},
		`{"url":"https://intranet.example/"}`: {Ref: "slot-1/intranet", URL: "https://intranet.example/"},
	} {
		p, _ := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			io.WriteString(w, body)
		})
		if live, err := p.Publish(t.Context(), order()); err != nil || live.Ref != want.Ref || live.URL != want.URL {
			t.Errorf("%q: %+v %v, want %+v", body, live, err, want)
		}
	}
}

func TestFailures(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		fault  outbox.Fault
		reason string
	}{
		{"refused", status(422), outbox.Rejected, "rejected"},
		{"key not known", status(401), outbox.Denied, "denied"},
		{"no such place", status(404), outbox.Gone, "gone"},
		{"slow down", status(429), outbox.Limited, "limited"},
		{"broke", status(500), outbox.Ambiguous, "unanswered"},
		{"gateway gave up", status(504), outbox.Ambiguous, "unanswered"},
		{"moved", status(308), outbox.Rejected, "redirects"},
		{"cut", func(w http.ResponseWriter, _ *http.Request) {
			if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
				c.Close()
			}
		}, outbox.Ambiguous, "unanswered"},
		{"endless answer", func(w http.ResponseWriter, _ *http.Request) {
			w.Write(make([]byte, 65<<10))
		}, outbox.Ambiguous, "unanswered"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, calls := receiver(t, test.answer)
			_, err := p.Publish(t.Context(), order())
			e := fault(t, err)
			if e.Fault != test.fault || e.Reason != "network."+test.reason || e.Args["Name"] != "Intranet" {
				t.Errorf("got %v %s %v", e.Fault, e.Reason, e.Args)
			}
			if calls.Load() != 1 {
				t.Errorf("%d calls", calls.Load())
			}
			if text := fmt.Sprint(err, e.Args); strings.Contains(text, "tok-secret") || strings.Contains(text, key.Reveal()) {
				t.Errorf("a secret is in %s", text)
			}
		})
	}
}

func TestNothingIsSent(t *testing.T) {
	p, calls := receiver(t, func(http.ResponseWriter, *http.Request) {})
	changed := order()
	changed.Part.Posts[0] = "autre chose"
	if _, err := p.Publish(t.Context(), changed); fault(t, err).Reason != "network.changed" {
		t.Errorf("changed: %v", err)
	}
	words := order()
	words.Part.Media = nil
	words.Fingerprint = words.Part.Fingerprint()
	bare := webhook.New(webhook.Config{URL: "https://example.org/x"})
	if _, err := bare.Publish(t.Context(), words); fault(t, err).Reason != "network.no_key" || fault(t, err).Args["Name"] != "example.org" {
		t.Errorf("no key: %v", err)
	}
	wrong := webhook.New(webhook.Config{URL: "intranet", Key: key})
	if _, err := wrong.Publish(t.Context(), words); fault(t, err).Reason != "network.address" {
		t.Errorf("no address: %v", err)
	}
	if calls.Load() != 0 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestCheck(t *testing.T) {
	p, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(webhook.EventHeader) != webhook.Ping || r.Header.Get(webhook.KeyHeader) != "" {
			w.WriteHeader(http.StatusTeapot)
		}
	})
	if err := p.Check(t.Context()); err != nil {
		t.Error(err)
	}
	denied, _ := receiver(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	if err := denied.Check(t.Context()); fault(t, err).Fault != outbox.Denied {
		t.Errorf("denied: %v", err)
	}
	if p.Network() != "webhook" {
		t.Errorf("network = %s", p.Network())
	}
}
