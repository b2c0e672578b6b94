package feed_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/integrations/internal/httpx"
	"crieur/integrations/source/feed"
)

var update = flag.Bool("update", false, "write the golden files")

func now() time.Time { return time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC) }

// site is a server of one feed whose behaviour a test chooses.
func site(t *testing.T, handler http.HandlerFunc) *feed.Feed {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	f := feed.New(feed.Config{Source: "courrier", URL: server.URL + "/secret-feed", Rival: "bellerive", Allow: httpx.Loopback(), Now: now})
	t.Cleanup(f.Close)
	return f
}

func fault(t *testing.T, err error) *outbox.Error {
	t.Helper()
	var e *outbox.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not an *outbox.Error", err)
	}
	return e
}

func TestGolden(t *testing.T) {
	for _, name := range []string{"rss.xml", "alerts.xml", "feed.json"} {
		t.Run(name, func(t *testing.T) {
			body, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			var host string
			f := site(t, func(w http.ResponseWriter, r *http.Request) { host = r.Host; w.Write(body) })
			mentions, _, delay, err := f.Poll(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			seen, _, _, err := f.Observe(t.Context(), "")
			if err != nil || len(seen) != len(mentions) {
				t.Fatalf("%d observations, %v", len(seen), err)
			}
			encoded, err := json.MarshalIndent(map[string]any{"delay": delay.String(), "mentions": mentions, "observation": seen[0]}, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(string(encoded), host, "HOST") + "\n"
			golden := filepath.Join("testdata", name+".golden")
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
		})
	}
}

func rss(items string) string {
	return `<rss version="2.0"><channel><title>T</title>` + items + `</channel></rss>`
}

// TestIdentity: what is the same keeps its identifier, whatever stands around it.
func TestIdentity(t *testing.T) {
	ids := func(items string) map[string]string {
		t.Helper()
		f := site(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, rss(items)) })
		mentions, _, _, err := f.Poll(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]string{}
		for _, m := range mentions {
			if !strings.HasPrefix(m.ID, "feed:") || len(m.ID) != 69 {
				t.Errorf("id %q", m.ID)
			}
			found[m.Text] = m.ID
		}
		return found
	}
	entry := func(title, guid, link, date string) string {
		return fmt.Sprintf("<item><title>%s</title><guid>%s</guid><link>%s</link><pubDate>%s</pubDate></item>", title, guid, link, date)
	}
	old, recent := "Wed, 25 Nov 2026 08:00:00 GMT", "Thu, 26 Nov 2026 08:00:00 GMT"
	a, b := entry("a", "1", "https://x.example/a", old), entry("b", "1", "https://x.example/b", recent)
	alone, both, swapped := ids(a), ids(a+b), ids(b+a)
	if alone["a"] != both["a"] || both["a"] != swapped["a"] || both["b"] != swapped["b"] || both["a"] == both["b"] {
		t.Errorf("shared GUID: %v %v %v", alone, both, swapped)
	}
	if edited := ids(entry("a", "1", "https://x.example/a#edited", recent)); edited["a"] != alone["a"] {
		t.Error("a new date or fragment made a new item")
	}
	if x, y := ids(entry("a", "", "https://x.example/a?utm_source=y", old)), ids(entry("b", "", "https://x.example/a", old)); x["a"] != y["b"] {
		t.Error("without a GUID the address is the identity")
	}
	if x := ids("<item><title>a</title></item><item><title>b</title></item>"); x["a"] == x["b"] || x["a"] == "" {
		t.Errorf("without address the words are the identity: %v", x)
	}
}

func TestScope(t *testing.T) {
	body := rss("<item><title>n</title><guid>12</guid></item><item><title>u</title><guid>https://x.example/1</guid></item>")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }))
	defer server.Close()
	ids := func(source string) [2]string {
		f := feed.New(feed.Config{Source: source, URL: server.URL, Allow: httpx.Loopback(), Now: now})
		defer f.Close()
		mentions, _, _, err := f.Poll(t.Context(), "")
		if err != nil || len(mentions) != 2 {
			t.Fatal(mentions, err)
		}
		return [2]string{mentions[0].ID, mentions[1].ID}
	}
	one, other := ids("one"), ids("other")
	if one[0] == other[0] {
		t.Error("two feeds that number their items share identifiers")
	}
	if one[1] != other[1] {
		t.Error("one article in two feeds has two identifiers")
	}
}

// TestConditional: a cursor saves the next read, and only a kept one does.
func TestConditional(t *testing.T) {
	var full atomic.Int32
	f := site(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		full.Add(1)
		io.WriteString(w, rss("<ttl>120</ttl><item><title>a</title></item>"))
	})
	mentions, next, delay, err := f.Poll(t.Context(), "")
	if err != nil || len(mentions) != 1 || delay != 2*time.Hour {
		t.Fatal(mentions, delay, err)
	}
	if again, _, _, err := f.Poll(t.Context(), ""); err != nil || again[0].ID != mentions[0].ID {
		t.Errorf("the cursor was not kept, the item must come again: %v %v", again, err)
	}
	mentions, last, delay, err := f.Poll(t.Context(), next)
	if err != nil || len(mentions) != 0 || last != next || delay != 2*time.Hour || full.Load() != 2 {
		t.Errorf("unchanged: %v, %s, delay %v, %v, %d full reads", mentions, last, delay, err, full.Load())
	}
	if again, _, _, err := f.Poll(t.Context(), "of another release"); err != nil || len(again) != 1 {
		t.Errorf("unreadable cursor: %v %v", again, err)
	}
}

func TestValidatorsRenewed(t *testing.T) {
	var asked []string
	f := site(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get("If-None-Match"))
		w.Header().Set("ETag", fmt.Sprintf(`"%d"`, len(asked)))
		if len(asked) == 1 {
			io.WriteString(w, rss("<item><title>a</title></item>"))
			return
		}
		w.WriteHeader(http.StatusNotModified)
	})
	next := ""
	for range 3 {
		var err error
		if _, next, _, err = f.Poll(t.Context(), next); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(asked, " "); got != ` "1" "2"` {
		t.Errorf("asked with %s", got)
	}
}

func TestSameBody(t *testing.T) {
	f := site(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, rss("<item><title>a</title></item>")) })
	_, next, delay, err := f.Poll(t.Context(), "")
	if err != nil || delay != feed.UsualDelay {
		t.Fatal(delay, err)
	}
	if mentions, _, _, err := f.Poll(t.Context(), next); err != nil || len(mentions) != 0 {
		t.Errorf("same body without validators: %v %v", mentions, err)
	}
}

func TestDelay(t *testing.T) {
	for _, test := range []struct {
		ttl, control string
		want         time.Duration
	}{
		{"", "", feed.UsualDelay}, {"60", "", time.Hour}, {"60", "max-age=7200", 2 * time.Hour}, {"1", "", feed.MinDelay},
		{"99999999999", "", feed.MaxDelay}, {"100000", "", feed.MaxDelay}, {"", "max-age=31536000", feed.MaxDelay}, {"-5", "", feed.UsualDelay}, {"soon", "no-cache", feed.UsualDelay},
	} {
		f := site(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", test.control)
			io.WriteString(w, rss("<ttl>"+test.ttl+"</ttl><item><title>a</title></item>"))
		})
		if _, _, delay, err := f.Poll(t.Context(), ""); err != nil || delay != test.want {
			t.Errorf("ttl %q, %q: %v %v, want %v", test.ttl, test.control, delay, err, test.want)
		}
	}
}

// TestBadFeeds: each says what is wrong, keeps the cursor, and shows no address.
func TestBadFeeds(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write(make([]byte, 6<<20))
	z.Close()
	text := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
	}
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		fault   outbox.Fault
		reason  string
		delay   time.Duration
	}{
		{"a page", text("<!doctype html><html><body>Bonjour"), outbox.Rejected, "not_feed", feed.UsualDelay},
		{"nothing", text(""), outbox.Rejected, "not_feed", feed.UsualDelay},
		{"cut short", text(`<rss version="2.0"><channel><item><title>a`), outbox.Rejected, "not_feed", feed.UsualDelay},
		{"nested without end", text("<rss><channel><item>" + strings.Repeat("<a>", 1<<20)), outbox.Rejected, "not_feed", feed.UsualDelay},
		{"10 MB", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "<rss><channel><title>")
			io.WriteString(w, strings.Repeat("x", 10<<20))
		}, outbox.Rejected, "too_large", feed.UsualDelay},
		{"6 MB in a small file", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(zipped.Bytes())
		}, outbox.Rejected, "too_large", feed.UsualDelay},
		{"gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(410) }, outbox.Gone, "gone", feed.UsualDelay},
		{"forbidden", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, outbox.Denied, "denied", feed.UsualDelay},
		{"down", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, outbox.Temporary, "down", feed.UsualDelay},
		{"asked to wait", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(503)
		}, outbox.Limited, "limited", time.Hour},
		{"into the private network", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		}, outbox.Rejected, "blocked", feed.UsualDelay},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := site(t, test.handler)
			const before = `{"etag":"\"0\""}`
			mentions, next, delay, err := f.Poll(t.Context(), before)
			e := fault(t, err)
			if len(mentions) != 0 || next != before || delay != test.delay {
				t.Errorf("%d mentions, cursor %s, delay %v", len(mentions), next, delay)
			}
			if e.Fault != test.fault || e.Reason != "source."+test.reason {
				t.Errorf("got %v %s (%v)", e.Fault, e.Reason, err)
			}
			if test.reason == "too_large" && e.Args["Size"] != "5" {
				t.Errorf("args = %v", e.Args)
			}
			if strings.Contains(err.Error()+fmt.Sprint(e.Args), "secret-feed") {
				t.Errorf("the address is in %v %v", err, e.Args)
			}
			if f.Check(t.Context()) == nil {
				t.Error("check is content")
			}
		})
	}
}

func TestWords(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs() {
		if p := catalog.For(lang, nil); !p.Has("source.not_feed") || strings.Contains(p.T("source.not_feed", "Name", "x"), "<no value>") {
			t.Errorf("%s: source.not_feed", lang)
		}
	}
}
