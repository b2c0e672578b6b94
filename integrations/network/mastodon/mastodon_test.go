package mastodon_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/secret"
	"crieur/integrations/internal/httpx"
	"crieur/integrations/network/mastodon"
	"crieur/integrations/network/mastodon/mastodonfake"
)

// files keeps media by digest.
type files map[string][]byte

func (f files) Open(_ context.Context, digest string) (io.ReadCloser, error) {
	data, ok := f[digest]
	if !ok {
		return nil, os.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

func picture(t *testing.T) (digest string, data []byte) {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 4, 3))); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(out.Bytes())
	return hex.EncodeToString(sum[:]), out.Bytes()
}

// clock is moved by tests while the fake reads it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type scene struct {
	*mastodonfake.Instance
	*mastodon.Publisher
	clock *clock
	waits int
}

func setup(t *testing.T, change func(*mastodonfake.Instance, *mastodon.Config)) *scene {
	t.Helper()
	s := &scene{clock: &clock{at: time.Date(2026, 11, 26, 18, 0, 0, 0, time.UTC)}}
	s.Instance = mastodonfake.New(s.clock.now)
	t.Cleanup(s.Instance.Close)
	digest, data := picture(t)
	config := mastodon.Config{Instance: s.URL(), Token: secret.Secret(s.Token), Files: files{digest: data}, Allow: httpx.Loopback(),
		Now: s.clock.now, Wait: func(context.Context, time.Duration) error { s.waits++; return nil }}
	if change != nil {
		change(s.Instance, &config)
	}
	s.Publisher = mastodon.New(config)
	t.Cleanup(s.Publisher.Close)
	return s
}

func order(key string, part content.Part) content.Order {
	part.Account, part.Network = "mastodon", "mastodon"
	return content.Order{Key: key, Part: part, Fingerprint: part.Fingerprint()}
}

func fault(t *testing.T, err error) *outbox.Error {
	t.Helper()
	var e *outbox.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not an *outbox.Error", err)
	}
	return e
}

func TestPublish(t *testing.T) {
	digest, data := picture(t)
	s := setup(t, func(f *mastodonfake.Instance, _ *mastodon.Config) { f.Processing = 2 })
	live, err := s.Publish(t.Context(), order("k1", content.Part{Posts: []string{"Notre thé de Noël est de retour. https://colibri.example/noel"},
		Media: []content.Media{{Digest: digest, Name: "boite.png", Type: "image/png", Alt: "Une boîte rouge"}}, Lang: "fr"}))
	if err != nil {
		t.Fatal(err)
	}
	got := s.Statuses()
	if len(got) != 1 || got[0].Language != "fr" || got[0].Visibility != "public" || len(got[0].Media) != 1 ||
		got[0].Media[0].Description != "Une boîte rouge" || !bytes.Equal(got[0].Media[0].Bytes, data) {
		t.Errorf("statuses = %+v", got)
	}
	if live.Ref != got[0].ID || live.URL != s.URL()+"/@colibri/"+got[0].ID || len(live.Refs) != 1 {
		t.Errorf("live = %+v", live)
	}
	if s.waits != 2 {
		t.Errorf("waited %d times for the upload", s.waits)
	}
	if s.Network() != "mastodon" {
		t.Errorf("network = %s", s.Network())
	}
}

func TestThreadAndReply(t *testing.T) {
	s := setup(t, nil)
	first, err := s.Publish(t.Context(), order("q", content.Part{Posts: []string{"Une question ?"}}))
	if err != nil {
		t.Fatal(err)
	}
	live, err := s.Publish(t.Context(), order("r", content.Part{Posts: []string{"Oui, 1/3", "encore 2/3", "fin 3/3"}, ReplyTo: first.Ref}))
	if err != nil {
		t.Fatal(err)
	}
	got := s.Statuses()
	for i, parent := range []string{"", got[0].ID, got[1].ID, got[2].ID} {
		if got[i].ReplyTo != parent {
			t.Errorf("status %d answers %q, want %q", i, got[i].ReplyTo, parent)
		}
	}
	if len(live.Refs) != 3 || live.Ref != got[1].ID {
		t.Errorf("live = %+v", live)
	}
	found, ok, err := s.Find(t.Context(), order("r", content.Part{Posts: []string{"Oui, 1/3", "encore 2/3", "fin 3/3"}, ReplyTo: first.Ref}))
	if err != nil || !ok || strings.Join(found.Refs, " ") != strings.Join(live.Refs, " ") {
		t.Errorf("found %+v %v %v", found, ok, err)
	}
	if err := s.Delete(t.Context(), live); err != nil || len(s.Statuses()) != 1 {
		t.Errorf("delete: %v, left %+v", err, s.Statuses())
	}
	if err := s.Delete(t.Context(), live); err != nil {
		t.Errorf("delete again: %v", err)
	}
	if err := s.Delete(t.Context(), content.Live{Ref: first.Ref}); err != nil || len(s.Statuses()) != 0 {
		t.Errorf("delete by ref: %v", err)
	}
}

// TestLostAnswer is the crash table of one post: whatever is lost, asking and
// then repeating never makes two.
func TestLostAnswer(t *testing.T) {
	for _, test := range []struct {
		name    string
		ignores bool
	}{{"keys honoured", false}, {"keys ignored", true}} {
		t.Run(test.name, func(t *testing.T) {
			var kept atomic.Bool
			s := setup(t, func(f *mastodonfake.Instance, _ *mastodon.Config) {
				f.IgnoresKeys = test.ignores
				f.Drop = func(r *http.Request) bool { return !kept.Load() && r.Method == "POST" }
			})
			o := order("k1", content.Part{Posts: []string{"@anna@autre.example Bonjour <b>&amp;</b> à vous"}})
			_, err := s.Publish(t.Context(), o)
			if e := fault(t, err); e.Fault != outbox.Ambiguous || e.Reason != "network.unanswered" {
				t.Fatalf("lost answer: %v", err)
			}
			kept.Store(true)
			live, found, err := s.Find(t.Context(), o)
			if err != nil || !found || live.Ref != s.Statuses()[0].ID {
				t.Errorf("find: %+v %v %v", live, found, err)
			}
			if test.ignores {
				return
			}
			again, err := s.Publish(t.Context(), o)
			if err != nil || again.Ref != live.Ref || len(s.Statuses()) != 1 {
				t.Errorf("again: %+v %v, %d statuses", again, err, len(s.Statuses()))
			}
			s.clock.advance(mastodon.IdempotencyWindow)
			if _, err := s.Publish(t.Context(), o); err != nil || len(s.Statuses()) != 2 {
				t.Errorf("the fake must forget a key after an hour: %v, %d statuses", err, len(s.Statuses()))
			}
		})
	}
}

func TestFindIsNotFooled(t *testing.T) {
	s := setup(t, nil)
	parent, err := s.Publish(t.Context(), order("monday", content.Part{Posts: []string{"Bonne semaine !"}}))
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]content.Order{
		"a post for a reply of the same words": order("reply", content.Part{Posts: []string{"Bonne semaine !"}, ReplyTo: parent.Ref}),
		"a near text for it":                   order("near", content.Part{Posts: []string{"Bonne semaine"}}),
		"nothing for no text":                  order("none", content.Part{}),
	} {
		// Somebody else's attempt may still be on its way.
		if _, found, err := s.Find(t.Context(), o); found || fault(t, err).Fault != outbox.Ambiguous {
			t.Errorf("%s: %v %v", name, found, err)
		}
		s.clock.advance(mastodon.Settle)
		if _, found, err := s.Find(t.Context(), o); found || err != nil {
			t.Errorf("took %s: %v %v", name, found, err)
		}
	}
	s.clock.advance(7 * 24 * time.Hour)
	weekly := order("monday2", content.Part{Posts: []string{"Bonne semaine !"}})
	s.Find(t.Context(), weekly)
	s.clock.advance(mastodon.Settle)
	if _, found, err := s.Find(t.Context(), weekly); found || err != nil {
		t.Errorf("last week's post was taken for today's: %v", err)
	}
}

// TestNotYesterdays: what this process tried just now is not what it posted an
// hour ago in the same words.
func TestNotYesterdays(t *testing.T) {
	var cut atomic.Bool
	s := setup(t, func(f *mastodonfake.Instance, _ *mastodon.Config) {
		f.Refuse = func(r *http.Request) int {
			if cut.Load() && r.Method == "POST" {
				return http.StatusBadGateway // and nothing was done
			}
			return 0
		}
	})
	if _, err := s.Publish(t.Context(), order("a", content.Part{Posts: []string{"Bientôt"}})); err != nil {
		t.Fatal(err)
	}
	s.clock.advance(time.Hour)
	cut.Store(true)
	second := order("b", content.Part{Posts: []string{"Bientôt"}})
	if _, err := s.Publish(t.Context(), second); fault(t, err).Fault != outbox.Ambiguous {
		t.Fatal(err)
	}
	s.clock.advance(mastodon.Settle)
	if _, found, err := s.Find(t.Context(), second); found || err != nil {
		t.Errorf("the post of an hour ago was taken for it: %v %v", found, err)
	}
}

// TestManyStatuses: what is not on the first page is still found, and what
// cannot be looked through is not called missing.
func TestManyStatuses(t *testing.T) {
	s := setup(t, nil)
	o := order("k", content.Part{Posts: []string{"celui-ci"}})
	if _, err := s.Publish(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	more := func(n int) {
		for range n {
			s.Put("autre", s.Statuses()[0].ID)
		}
	}
	more(50)
	if _, found, err := s.Find(t.Context(), o); !found || err != nil {
		t.Errorf("on the second page: %v %v", found, err)
	}
	more(200)
	s.clock.advance(mastodon.Settle)
	if _, found, err := s.Find(t.Context(), o); found || fault(t, err).Fault != outbox.Ambiguous {
		t.Errorf("beyond what is read: %v %v", found, err)
	}
}

// TestThreadGoesOn: a thread that broke off is continued by whoever asks next,
// another process included, on any server.
func TestThreadGoesOn(t *testing.T) {
	for _, test := range []struct {
		name    string
		drop    bool
		status  int
		fault   outbox.Fault
		reason  string
		listed  int
		ignores bool
	}{
		{"answer lost", true, 0, outbox.Ambiguous, "network.unanswered", 2, false},
		{"answer lost, keys ignored", true, 0, outbox.Ambiguous, "network.unanswered", 2, true},
		{"asked to wait", false, 429, outbox.Limited, "network.limited", 1, true},
		{"down", false, 500, outbox.Ambiguous, "network.unanswered", 1, true},
		{"refused", false, 422, outbox.Rejected, "network.partial", 1, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var posts atomic.Int32
			second := func(r *http.Request) bool {
				return r.Method == "POST" && r.URL.Path == "/api/v1/statuses" && posts.Add(1) == 2
			}
			s := setup(t, func(f *mastodonfake.Instance, _ *mastodon.Config) {
				f.IgnoresKeys = test.ignores
				if test.drop {
					f.Drop = second
					return
				}
				f.Refuse = func(r *http.Request) int {
					if second(r) {
						return test.status
					}
					return 0
				}
			})
			o := order("k", content.Part{Posts: []string{"un", "deux", "trois"}})
			live, err := s.Publish(t.Context(), o)
			if e := fault(t, err); e.Fault != test.fault || e.Reason != test.reason || len(live.Refs) != 1 {
				t.Errorf("live %+v, error %+v", live, e)
			}
			s.clock.advance(2 * time.Hour) // the keys are forgotten
			if live, found, err := s.Find(t.Context(), o); found || err != nil || len(live.Refs) != test.listed {
				t.Errorf("find: %+v %v %v", live, found, err)
			}
			other := mastodon.New(mastodon.Config{Instance: s.URL(), Token: secret.Secret(s.Token), Allow: httpx.Loopback(), Now: s.clock.now})
			defer other.Close()
			live, err = other.Publish(t.Context(), o)
			if err != nil || len(live.Refs) != 3 || len(s.Statuses()) != 3 {
				t.Fatalf("again: %+v %v, %d statuses", live, err, len(s.Statuses()))
			}
			for i, status := range s.Statuses() {
				if status.Text != o.Part.Posts[i] || i > 0 && status.ReplyTo != s.Statuses()[i-1].ID {
					t.Errorf("status %d = %+v", i, status)
				}
			}
			if _, found, err := other.Find(t.Context(), o); !found || err != nil {
				t.Errorf("find the whole: %v %v", found, err)
			}
		})
	}
}

// TestUploadGoesOn: an attempt that ran out of time does not upload again.
func TestUploadGoesOn(t *testing.T) {
	digest, _ := picture(t)
	s := setup(t, func(f *mastodonfake.Instance, _ *mastodon.Config) { f.Processing = 8 })
	o := order("k", content.Part{Posts: []string{"x"}, Media: []content.Media{{Digest: digest, Type: "image/png"}}})
	if _, err := s.Publish(t.Context(), o); fault(t, err).Reason != "network.media_processing" {
		t.Fatal(err)
	}
	if _, err := s.Publish(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	uploads := 0
	for _, call := range s.Calls() {
		if call == "POST /api/v2/media" {
			uploads++
		}
	}
	if uploads != 1 || len(s.Statuses()) != 1 || len(s.Statuses()[0].Media) != 1 {
		t.Errorf("%d uploads, %+v", uploads, s.Statuses())
	}
	// The same picture in another post is another upload: one serves one post.
	s.Publish(t.Context(), order("k2", o.Part))
	if _, err := s.Publish(t.Context(), order("k2", o.Part)); err != nil || len(s.Statuses()) != 2 {
		t.Errorf("again in another post: %v", err)
	}
}

// TestRefused is what never leaves, and with what words.
func TestRefused(t *testing.T) {
	digest, data := picture(t)
	media := content.Media{Digest: digest, Name: "boite.png", Type: "image/png"}
	for _, test := range []struct {
		name   string
		part   content.Part
		change func(*mastodonfake.Instance, *mastodon.Config)
		fault  outbox.Fault
		reason string
		args   map[string]string
	}{
		{"no text", content.Part{}, nil, outbox.Rejected, "empty", nil},
		{"too long", content.Part{Posts: []string{"un", strings.Repeat("é", 501)}}, nil, outbox.Rejected, "too_long", map[string]string{"Over": "1", "Max": "500"}},
		{"limit of the instance", content.Part{Posts: []string{strings.Repeat("x", 31)}},
			func(f *mastodonfake.Instance, _ *mastodon.Config) { f.Characters = 30 }, outbox.Rejected, "too_long", map[string]string{"Max": "30"}},
		{"five images", content.Part{Posts: []string{"x"}, Media: []content.Media{media, media, media, media, media}}, nil, outbox.Rejected, "too_many_media", map[string]string{"Max": "4"}},
		{"alt too long", content.Part{Posts: []string{"x"}, Media: []content.Media{{Digest: digest, Name: "a.png", Alt: strings.Repeat("é", 1501)}}}, nil, outbox.Rejected, "alt_too_long", map[string]string{"File": "a.png"}},
		{"no such file", content.Part{Posts: []string{"x"}, Media: []content.Media{{Digest: "00", Name: "a.png"}}}, nil, outbox.Rejected, "media_missing", nil},
		{"other bytes", content.Part{Posts: []string{"x"}, Media: []content.Media{media}},
			func(_ *mastodonfake.Instance, c *mastodon.Config) { c.Files = files{digest: append(data, 0)} }, outbox.Rejected, "changed", nil},
		{"never processed", content.Part{Posts: []string{"x"}, Media: []content.Media{media}},
			func(f *mastodonfake.Instance, _ *mastodon.Config) { f.Processing = 99 }, outbox.Temporary, "media_processing", nil},
		{"upload lost", content.Part{Posts: []string{"x"}, Media: []content.Media{media}},
			func(f *mastodonfake.Instance, _ *mastodon.Config) {
				f.Drop = func(r *http.Request) bool { return r.URL.Path == "/api/v2/media" }
			}, outbox.Temporary, "unreachable", nil},
		{"expired token", content.Part{Posts: []string{"x"}}, func(f *mastodonfake.Instance, _ *mastodon.Config) { f.Token = "new" }, outbox.Denied, "denied", nil},
		{"parent gone", content.Part{Posts: []string{"x"}, ReplyTo: "999"}, nil, outbox.Gone, "gone", nil},
		{"too many calls", content.Part{Posts: []string{"x"}}, func(f *mastodonfake.Instance, _ *mastodon.Config) { f.Remaining = 1 }, outbox.Limited, "limited", nil},
		{"nobody there", content.Part{Posts: []string{"x"}}, func(f *mastodonfake.Instance, _ *mastodon.Config) { f.Close() }, outbox.Temporary, "unreachable", nil},
		{"refused by the instance alone", content.Part{Posts: []string{" "}}, nil, outbox.Rejected, "rejected", map[string]string{"Why": "Validation failed: Text can't be blank"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := setup(t, test.change)
			_, err := s.Publish(t.Context(), order("k", test.part))
			e := fault(t, err)
			if e.Fault != test.fault || e.Reason != "network."+test.reason || e.Args["Name"] != "Mastodon" {
				t.Errorf("got %v %s %v (%v)", e.Fault, e.Reason, e.Args, err)
			}
			for name, value := range test.args {
				if e.Args[name] != value {
					t.Errorf("%s = %q, want %q", name, e.Args[name], value)
				}
			}
			if test.reason == "limited" && e.After != 5*time.Minute {
				t.Errorf("after = %v", e.After)
			}
			if len(s.Statuses()) != 0 {
				t.Errorf("something left: %+v", s.Statuses())
			}
			if strings.Contains(err.Error(), "good-token") {
				t.Errorf("the token is in %v", err)
			}
		})
	}
}

func TestChangedSinceApproval(t *testing.T) {
	s := setup(t, nil)
	o := order("k", content.Part{Posts: []string{"approuvé"}})
	o.Part.Posts = []string{"autre chose"}
	if _, err := s.Publish(t.Context(), o); fault(t, err).Reason != "network.changed" || len(s.Calls()) != 0 {
		t.Errorf("err = %v, calls = %v", err, s.Calls())
	}
}

func TestCheck(t *testing.T) {
	if err := setup(t, nil).Check(t.Context()); err != nil {
		t.Error(err)
	}
	bad := setup(t, func(_ *mastodonfake.Instance, c *mastodon.Config) { c.Token = "other" })
	if err := bad.Check(t.Context()); fault(t, err).Fault != outbox.Denied {
		t.Errorf("bad token: %v", err)
	}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }))
	defer site.Close()
	other := setup(t, func(_ *mastodonfake.Instance, c *mastodon.Config) { c.Instance = site.URL })
	if err := other.Check(t.Context()); fault(t, err).Reason != "network.not_mastodon" {
		t.Errorf("another site: %v", err)
	}
	if _, err := other.Publish(t.Context(), order("k", content.Part{Posts: []string{"x"}})); fault(t, err).Reason != "network.not_mastodon" {
		t.Errorf("publish on another site: %v", err)
	}
}

func TestLimitsStayKnown(t *testing.T) {
	s := setup(t, nil)
	if _, err := s.Limits(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Limits(t.Context())
	if calls := s.Calls(); len(calls) != 1 {
		t.Errorf("asked again at once: %v", calls)
	}
	s.clock.advance(24 * time.Hour)
	s.Instance.Close()
	if limits, err := s.Limits(t.Context()); err != nil || limits != mastodon.Usual() {
		t.Errorf("limits of an instance that is away: %+v %v", limits, err)
	}
}

func TestLength(t *testing.T) {
	limits := mastodon.Usual()
	for text, want := range map[string]int{
		"": 0, "thé": 3, "the\u0301": 3, "👩‍👩‍👧": 1, "a\nb": 3,
		"voir https://colibri.fr/une/adresse/bien/longue?a=b#c": 28,
		"HTTP://colibri.fr": 23, "merci @anna@autre.example": 11, "@a et @b@c.d": 8, "contact@colibri.example": 23,
	} {
		if got := limits.Length(text); got != want {
			t.Errorf("Length(%q) = %d, want %d", text, got, want)
		}
	}
	if a, b := mastodon.Key("k", 0), mastodon.Key("k", 1); a == b || a != mastodon.Key("k", 0) || len(a) != 64 {
		t.Errorf("keys %s %s", a, b)
	}
}
