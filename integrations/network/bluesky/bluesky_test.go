package bluesky_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/secret"
	"crieur/integrations/internal/httpx"
	"crieur/integrations/network/bluesky"
	"crieur/integrations/network/bluesky/blueskyfake"
)

var update = flag.Bool("update", false, "write the golden files")

type files map[string][]byte

func (f files) Open(_ context.Context, digest string) (io.ReadCloser, error) {
	data, ok := f[digest]
	if !ok {
		return nil, os.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// picture returns a fixed PNG of 4 by 3.
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
	*blueskyfake.Server
	*bluesky.Publisher
	clock *clock
}

func (s *scene) Close() {
	s.Server.Close()
	s.Publisher.Close()
}

func setup(t *testing.T, change func(*blueskyfake.Server, *bluesky.Config)) *scene {
	t.Helper()
	s := &scene{clock: &clock{at: time.Date(2026, 11, 26, 18, 0, 0, 0, time.UTC)}}
	s.Server = blueskyfake.New(s.clock.now)
	s.Others = map[string]string{"anna.bsky.social": "did:plc:anna"}
	digest, data := picture(t)
	config := bluesky.Config{Service: s.URL(), Handle: s.Handle, Password: secret.Secret(s.Password), Files: files{digest: data},
		Allow: httpx.Loopback(), Now: s.clock.now}
	if change != nil {
		change(s.Server, &config)
	}
	s.Publisher = bluesky.New(config)
	t.Cleanup(s.Close)
	return s
}

func order(key string, part content.Part) content.Order {
	part.Account, part.Network = "bluesky", "bluesky"
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

// TestGolden keeps the records exactly as they are sent.
func TestGolden(t *testing.T) {
	digest, _ := picture(t)
	s := setup(t, nil)
	parent := s.Plant("did:plc:anna", "3kabcdefghij2", map[string]any{"$type": "app.bsky.feed.post", "text": "Une question ?",
		"reply": map[string]any{"root": map[string]string{"uri": "at://did:plc:z/app.bsky.feed.post/3kroot2222222", "cid": "bafyroot"},
			"parent": map[string]string{"uri": "at://did:plc:z/app.bsky.feed.post/3kroot2222222", "cid": "bafyroot"}}})
	root := s.Plant("did:plc:z", "3kroot2222222", map[string]any{"$type": "app.bsky.feed.post", "text": "Le début"})
	parent = s.Plant("did:plc:anna", "3kabcdefghij2", map[string]any{"$type": "app.bsky.feed.post", "text": "Une question ?",
		"reply": map[string]any{"root": map[string]string{"uri": root.URI, "cid": root.CID}, "parent": map[string]string{"uri": root.URI, "cid": root.CID}}})
	for _, test := range []struct {
		name string
		part content.Part
	}{
		{"plain", content.Part{Posts: []string{"Notre thé de Noël est de retour."}}},
		{"facets", content.Part{Lang: "fr", Posts: []string{"Merci @anna.bsky.social ! À voir : https://colibri.example/noël?a=1. #ThéDeNoël 👩‍👩‍👧"}}},
		{"image", content.Part{Posts: []string{"Une boîte rouge"}, Media: []content.Media{{Digest: digest, Name: "b.png", Type: "image/png", Alt: "Une boîte rouge"}}}},
		{"reply", content.Part{Posts: []string{"Oui !"}, ReplyTo: parent.URI}},
		{"thread", content.Part{Posts: []string{"un", "deux", "trois"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			live, err := s.Publish(t.Context(), order(test.name, test.part))
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			fmt.Fprintf(&out, "%s\n%s\n", live.Ref, live.URL)
			for _, r := range s.Records() {
				if slices.Contains(live.Refs, r.URI) {
					out.WriteString(r.URI + "\n")
					if err := json.Indent(&out, r.Value, "", "  "); err != nil {
						t.Fatal(err)
					}
					out.WriteByte('\n')
				}
			}
			golden := filepath.Join("testdata", test.name+".golden")
			if *update {
				if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if out.String() != string(want) {
				t.Errorf("got\n%s\nwant\n%s", out.String(), want)
			}
		})
	}
}

// TestLostAnswer: whatever call loses its answer, repeating ends in one post
// that was written once.
func TestLostAnswer(t *testing.T) {
	digest, _ := picture(t)
	for _, call := range []string{"createSession", "getRecord", "uploadBlob", "putRecord"} {
		t.Run(call, func(t *testing.T) {
			var lost atomic.Bool
			s := setup(t, func(f *blueskyfake.Server, _ *bluesky.Config) {
				f.Drop = func(r *http.Request) bool {
					return strings.HasSuffix(r.URL.Path, call) && lost.CompareAndSwap(false, true)
				}
			})
			o := order("k", content.Part{Posts: []string{"une fois"}, Media: []content.Media{{Digest: digest, Type: "image/png", Alt: "a"}}})
			_, err := s.Publish(t.Context(), o)
			there := true
			switch {
			case call == "getRecord": // net/http repeats a read on a broken connection
				if err != nil {
					t.Errorf("lost read: %v", err)
				}
			case call == "putRecord":
				if e := fault(t, err); e.Fault != outbox.Ambiguous || e.Reason != "network.unanswered" {
					t.Errorf("lost write: %v", err)
				}
			default:
				if e := fault(t, err); e.Fault != outbox.Temporary {
					t.Errorf("lost before writing: %v", err)
				}
				there = false
			}
			if _, found, err := s.Find(t.Context(), o); err != nil || found != there {
				t.Errorf("find: %v %v, want %v", found, err, there)
			}
			s.clock.advance(time.Hour * 48) // another createdAt, an expired token
			live, err := s.Publish(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			records := s.Records()
			if len(records) != 1 || records[0].Writes != 1 || live.Ref != records[0].URI {
				t.Errorf("live %+v, records %+v", live, records)
			}
			if live, found, err := s.Find(t.Context(), o); err != nil || !found || live.Ref != records[0].URI {
				t.Errorf("find: %+v %v %v", live, found, err)
			}
		})
	}
}

// TestLateArrival: an earlier call lands between our look and our write.
func TestLateArrival(t *testing.T) {
	o := order("k", content.Part{Posts: []string{"une fois"}})
	var s *scene
	var once sync.Once
	s = setup(t, func(f *blueskyfake.Server, _ *bluesky.Config) {
		f.Refuse = func(r *http.Request) int {
			if strings.HasSuffix(r.URL.Path, "putRecord") {
				once.Do(func() {
					s.Plant(f.DID, bluesky.RecordKey("k", 0), map[string]any{"$type": "app.bsky.feed.post", "text": "une fois", "createdAt": "2026-11-26T17:59:59Z"})
				})
			}
			return 0
		}
	})
	live, err := s.Publish(t.Context(), o)
	if records := s.Records(); err != nil || len(records) != 1 || records[0].Writes != 1 || live.Ref != records[0].URI {
		t.Errorf("live %+v, err %v, records %+v", live, err, records)
	}
}

// TestWithoutSwap: a server that does not know swapRecord is not written twice either.
func TestWithoutSwap(t *testing.T) {
	s := setup(t, func(f *blueskyfake.Server, _ *bluesky.Config) { f.IgnoresSwap = true })
	o := order("k", content.Part{Posts: []string{"une fois"}})
	for range 2 {
		if _, err := s.Publish(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		s.clock.advance(time.Hour)
	}
	if records := s.Records(); len(records) != 1 || records[0].Writes != 1 {
		t.Errorf("records = %+v", records)
	}
}

func TestKeyTaken(t *testing.T) {
	s := setup(t, nil)
	s.Plant(s.DID, bluesky.RecordKey("k", 0), map[string]any{"text": "autre chose"})
	o := order("k", content.Part{Posts: []string{"une fois"}})
	if _, err := s.Publish(t.Context(), o); fault(t, err).Reason != "network.changed" || s.Records()[0].Writes != 1 {
		t.Errorf("publish over another text: %v", err)
	}
	if _, found, err := s.Find(t.Context(), o); found || fault(t, err).Reason != "network.changed" {
		t.Errorf("find: %v %v", found, err)
	}
}

// TestThreadGoesOn: a thread that broke off is continued, not begun again.
func TestThreadGoesOn(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		fault  outbox.Fault
		reason string
	}{
		{"asked to wait", 429, outbox.Limited, "network.limited"},
		{"down", 503, outbox.Ambiguous, "network.unanswered"},
		{"refused", 400, outbox.Rejected, "network.partial"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var puts atomic.Int32
			s := setup(t, func(f *blueskyfake.Server, _ *bluesky.Config) {
				f.Refuse = func(r *http.Request) int {
					if strings.HasSuffix(r.URL.Path, "putRecord") && puts.Add(1) == 2 {
						return test.status
					}
					return 0
				}
			})
			o := order("k", content.Part{Posts: []string{"un", "deux", "trois"}})
			live, err := s.Publish(t.Context(), o)
			e := fault(t, err)
			if e.Fault != test.fault || e.Reason != test.reason || len(live.Refs) != 1 {
				t.Errorf("live %+v, error %+v", live, e)
			}
			if test.fault == outbox.Limited && e.After != time.Minute {
				t.Errorf("after = %v", e.After)
			}
			if live, found, err := s.Find(t.Context(), o); found || err != nil || len(live.Refs) != 1 {
				t.Errorf("find of a part: %+v %v %v", live, found, err)
			}
			if live, err = s.Publish(t.Context(), o); err != nil || len(live.Refs) != 3 {
				t.Fatalf("again: %+v %v", live, err)
			}
			for i, r := range s.Records() {
				if r.Writes != 1 || r.Text != o.Part.Posts[i] {
					t.Errorf("record %d = %+v", i, r)
				}
			}
			if err := s.Delete(t.Context(), live); err != nil || len(s.Records()) != 0 {
				t.Errorf("delete: %v", err)
			}
			if err := s.Delete(t.Context(), content.Live{Ref: live.Ref}); err != nil {
				t.Errorf("delete again: %v", err)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	digest, data := picture(t)
	image := content.Media{Digest: digest, Name: "b.png", Type: "image/png"}
	for _, test := range []struct {
		name   string
		part   content.Part
		change func(*blueskyfake.Server, *bluesky.Config)
		fault  outbox.Fault
		reason string
	}{
		{"no text", content.Part{}, nil, outbox.Rejected, "empty"},
		{"301 graphemes", content.Part{Posts: []string{"x", strings.Repeat("é", 301)}}, nil, outbox.Rejected, "too_long"},
		{"3,001 bytes", content.Part{Posts: []string{strings.Repeat("👩‍👩‍👧‍👦", 121)}}, nil, outbox.Rejected, "too_many_bytes"},
		{"five images", content.Part{Posts: []string{"x"}, Media: []content.Media{image, image, image, image, image}}, nil, outbox.Rejected, "too_many_media"},
		{"heavy image", content.Part{Posts: []string{"x"}, Media: []content.Media{{Digest: digest, Type: "image/png", Size: 1_000_001}}}, nil, outbox.Rejected, "media_too_big"},
		{"video", content.Part{Posts: []string{"x"}, Media: []content.Media{{Digest: digest, Type: "video/mp4"}}}, nil, outbox.Rejected, "media_type"},
		{"no such file", content.Part{Posts: []string{"x"}, Media: []content.Media{{Digest: "0", Type: "image/png"}}}, nil, outbox.Rejected, "media_missing"},
		{"other bytes", content.Part{Posts: []string{"x"}, Media: []content.Media{image}},
			func(_ *blueskyfake.Server, c *bluesky.Config) { c.Files = files{digest: append(data, 1)} }, outbox.Rejected, "changed"},
		{"wrong mime type", content.Part{Posts: []string{"x"}, Media: []content.Media{{Digest: digest, Type: "image/jpeg"}}}, nil, outbox.Rejected, "rejected"},
		{"wrong password", content.Part{Posts: []string{"x"}}, func(_ *blueskyfake.Server, c *bluesky.Config) { c.Password = "no" }, outbox.Denied, "denied"},
		{"too many sessions", content.Part{Posts: []string{"x"}}, func(f *blueskyfake.Server, _ *bluesky.Config) { f.Sessions = 0 }, outbox.Limited, "limited"},
		{"parent gone", content.Part{Posts: []string{"x"}, ReplyTo: "at://did:plc:a/app.bsky.feed.post/3kabcdefghij2"}, nil, outbox.Gone, "gone"},
		{"parent is no post", content.Part{Posts: []string{"x"}, ReplyTo: "https://bsky.app/x"}, nil, outbox.Gone, "gone"},
		{"nobody there", content.Part{Posts: []string{"x"}}, func(f *blueskyfake.Server, _ *bluesky.Config) { f.Close() }, outbox.Temporary, "unreachable"},
		{"down while signing in", content.Part{Posts: []string{"x"}}, func(f *blueskyfake.Server, _ *bluesky.Config) {
			f.Refuse = func(*http.Request) int { return 502 }
		}, outbox.Temporary, "unreachable"},
		{"mention not resolved", content.Part{Posts: []string{"@anna.bsky.social"}}, func(f *blueskyfake.Server, _ *bluesky.Config) {
			f.Refuse = func(r *http.Request) int {
				if strings.HasSuffix(r.URL.Path, "resolveHandle") {
					return 503
				}
				return 0
			}
		}, outbox.Temporary, "down"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := setup(t, test.change)
			_, err := s.Publish(t.Context(), order("k", test.part))
			e := fault(t, err)
			if e.Fault != test.fault || e.Reason != "network."+test.reason || e.Args["Name"] != "Bluesky" {
				t.Errorf("got %v %s %v (%v)", e.Fault, e.Reason, e.Args, err)
			}
			if len(s.Records()) != 0 {
				t.Errorf("something left: %+v", s.Records())
			}
			for _, hidden := range []string{"app-pass-word", "access-", "refresh-"} {
				if strings.Contains(err.Error(), hidden) {
					t.Errorf("a secret is in %v", err)
				}
			}
		})
	}
}

// TestSessions: few are opened, one is renewed, a lost one is replaced.
func TestSessions(t *testing.T) {
	s := setup(t, nil)
	publish := func(key string) {
		t.Helper()
		if _, err := s.Publish(t.Context(), order(key, content.Part{Posts: []string{key}})); err != nil {
			t.Fatal(err)
		}
	}
	count := func(name string) int {
		n := 0
		for _, call := range s.Calls() {
			if strings.HasSuffix(call, name) {
				n++
			}
		}
		return n
	}
	publish("a")
	publish("b")
	s.clock.advance(blueskyfake.AccessAge + time.Second)
	publish("c")
	s.clock.advance(blueskyfake.AccessAge + time.Second)
	publish("d")
	if created, refreshed := count("createSession"), count("refreshSession"); created != 1 || refreshed != 2 {
		t.Errorf("%d created, %d refreshed", created, refreshed)
	}
	s.EndSessions()
	publish("e")
	if created := count("createSession"); created != 2 {
		t.Errorf("%d created after all sessions were ended", created)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if s.Network() != "bluesky" {
		t.Errorf("network = %s", s.Network())
	}
}

func TestSideBySide(t *testing.T) {
	s := setup(t, nil)
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.clock.advance(3 * time.Hour)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			key := fmt.Sprint("k", i/2) // each order twice at once
			if _, err := s.Publish(context.Background(), order(key, content.Part{Posts: []string{key}})); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	records := s.Records()
	for _, r := range records {
		if r.Writes != 1 {
			t.Errorf("written %d times: %s", r.Writes, r.Text)
		}
	}
	if len(records) != 4 {
		t.Errorf("%d records", len(records))
	}
	var refreshes int
	for _, call := range s.Calls() {
		if strings.HasSuffix(call, "refreshSession") {
			refreshes++
		}
	}
	if refreshes != 1 {
		t.Errorf("the token was renewed %d times", refreshes)
	}
}

func TestChangedSinceApproval(t *testing.T) {
	s := setup(t, nil)
	o := order("k", content.Part{Posts: []string{"approuvé"}})
	o.Part.Posts = []string{"autre chose"}
	if _, err := s.Publish(t.Context(), o); fault(t, err).Reason != "network.changed" || len(s.Calls()) != 0 {
		t.Errorf("err = %v, calls = %v", err, s.Calls())
	}
	if err := s.Delete(t.Context(), content.Live{Ref: "nonsense"}); fault(t, err).Fault != outbox.Rejected {
		t.Errorf("delete of nonsense: %v", err)
	}
}

func TestRecordKey(t *testing.T) {
	seen := map[string]bool{}
	for i := range 2000 {
		key := bluesky.RecordKey(fmt.Sprint("order", i/2), i%2)
		if len(key) != 13 || !strings.ContainsRune("234567abcdefghij", rune(key[0])) || seen[key] || key != bluesky.RecordKey(fmt.Sprint("order", i/2), i%2) {
			t.Fatalf("key %q of %d", key, i)
		}
		if key < "3jl7442uk2222" || key > "3mbd3542k2222" { // the TIDs of 1 January 2023 and 2026
			t.Fatalf("key %q is of another time", key)
		}
		seen[key] = true
	}
}
