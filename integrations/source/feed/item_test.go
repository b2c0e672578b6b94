package feed

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"crieur/integrations/internal/httpx"
)

func TestDepth(t *testing.T) {
	for body, want := range map[string]int{
		"":                                 0,
		"<a><b></b><c/><b><d></d></b></a>": 3,
		"<?xml?><!DOCTYPE x><a><!-- <b><b> --><![CDATA[<p><p><p>]]></a>": 1,
		"<a><a><a>": 3, "<": 0, "<a": 1, "<!--": 0, "</a></a><a>": 0,
	} {
		if got := depth([]byte(body)); got != want && !(got < 1 && want < 1) {
			t.Errorf("depth(%q) = %d, want %d", body, got, want)
		}
	}
}

// TestNested: the parser is not even asked; it would take a gigabyte.
func TestNested(t *testing.T) {
	source := New(Config{Source: "s", URL: "https://a.example/feed"})
	for _, open := range []string{"<a>", "<x:a b='c'>"} {
		_, _, err := source.parse(httpx.Page{Body: []byte("<rss><channel><item>" + strings.Repeat(open, maxDepth))})
		if !errors.Is(err, errDepth) {
			t.Errorf("%s: %v", open, err)
		}
	}
	flat := "<rss version='2.0'><channel>" + strings.Repeat("<item><title>a</title><br/></item>", maxDepth) + "</channel></rss>"
	if items, _, err := source.parse(httpx.Page{Body: []byte(flat)}); err != nil || len(items) != 1 {
		t.Errorf("many items: %d, %v", len(items), err)
	}
	lines := `{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","content_html":"` + strings.Repeat("<br>", maxDepth+1) + `x"}]}`
	if items, _, err := source.parse(httpx.Page{Body: []byte(lines)}); err != nil || len(items) != 1 {
		t.Errorf("many lines: %d, %v", len(items), err)
	}
}

func TestUnwrapped(t *testing.T) {
	for link, want := range map[string]string{
		"https://www.google.com/url?url=https://a.example/x%3Fy%3D1&ct=ga": "https://a.example/x?y=1",
		"https://google.co.uk/url?q=http://a.example":                      "http://a.example",
		"https://www.google.com/url?url=javascript:x":                      "",
		"https://news.google.com/rss/articles/CBMiabc":                     "",
		"https://a.example/url?url=https://b.example":                      "",
		"https://a.example": "",
		"::":                "",
	} {
		if got := unwrapped(link); got != want {
			t.Errorf("unwrapped(%q) = %q, want %q", link, got, want)
		}
	}
}

func TestAddress(t *testing.T) {
	base, _ := url.Parse("https://a.example/feed/")
	for link, want := range map[string]string{
		"": "", "/x": "https://a.example/x", "y": "https://a.example/feed/y", "//B.example/z": "https://b.example/z",
		"javascript:alert(1)": "", "data:text/html,x": "", "https://user@a.example/": "",
		"https://a.example/?b=2&a=1":                   "https://a.example/?b=2&a=1",
		"https://a.example/?b=2&utm_source=x&fbclid=1": "https://a.example/?b=2",
	} {
		if got := address(link, base); got != want {
			t.Errorf("address(%q) = %q, want %q", link, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"rss.xml", "alerts.xml", "feed.json"} {
		body, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(body))
	}
	f.Add("<rss><channel><item><guid>1</guid><pubDate>x</pubDate></item>")
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	source := New(Config{Source: "s", URL: "https://a.example/feed", Now: func() time.Time { return now }})
	base, _ := url.Parse("https://a.example/feed")
	f.Fuzz(func(t *testing.T, body string) {
		items, ttl, err := source.parse(httpx.Page{Body: []byte(body), URL: base})
		if err != nil && len(items) > 0 || ttl < 0 {
			t.Fatalf("%d items, ttl %d and %v", len(items), ttl, err)
		}
		for _, it := range items {
			text := it.said() + it.author
			if len(it.id) != 69 || strings.TrimSpace(it.said()) == "" || !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\u202e") {
				t.Fatalf("item %+v", it)
			}
			if it.url != "" && !strings.HasPrefix(it.url, "http") || it.at.After(now) || it.at.IsZero() {
				t.Fatalf("item %+v", it)
			}
		}
	})
}
