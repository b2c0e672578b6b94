package console

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/content"
	"crieur/bot/outbox"
)

const here = "http://127.0.0.1:8080"

// give uploads a picture under a name, and returns its path.
func (s *sample) give(name string, data []byte) string {
	s.t.Helper()
	got := s.send("POST", "/upload?name="+url.QueryEscape(name), data, "Origin", here)
	if got.Code != http.StatusOK {
		s.t.Fatalf("upload %s: %d %s", name, got.Code, got.Body)
	}
	return got.Body.String()
}

func TestUpload(t *testing.T) {
	s := newSample(t)
	got := s.get(s.give("thé.png", picture()))
	if got.Code != 200 || got.Header().Get("Content-Type") != "image/png" || !bytes.Equal(got.Body.Bytes(), picture()) {
		t.Errorf("the picture came back as %d %s, %d bytes", got.Code, got.Header().Get("Content-Type"), got.Body.Len())
	}
	for name, test := range map[string]struct {
		data []byte
		want int
	}{
		"the largest":     {append(picture(), make([]byte, content.MaxFile-len(picture()))...), http.StatusOK},
		"too large":       {append(picture(), make([]byte, content.MaxFile)...), http.StatusRequestEntityTooLarge},
		"nothing":         {nil, http.StatusUnsupportedMediaType},
		"a page":          {[]byte("<html><script>alert(1)</script>"), http.StatusUnsupportedMediaType},
		"a drawing":       {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), http.StatusUnsupportedMediaType},
		"a typed address": {[]byte("%PDF-1.7"), http.StatusUnsupportedMediaType},
	} {
		if got := s.send("POST", "/upload?name=x.png", test.data, "Origin", here, "Content-Type", "image/png"); got.Code != test.want {
			t.Errorf("%s: %d, want %d", name, got.Code, test.want)
		}
	}
}

// openForm opens the sample's form and returns its ID.
func (s *sample) openForm() string {
	s.t.Helper()
	_, after, found := strings.Cut(s.do("lea", op{Kind: "say", Channel: "com", Text: "/draft"}).HTML, `data-form="`)
	id, _, _ := strings.Cut(after, `"`)
	if !found || id == "" {
		s.t.Fatal("no form")
	}
	return id
}

func TestFormBringsPicture(t *testing.T) {
	s := newSample(t)
	ref := s.give("thé \xff"+strings.Repeat("é", 300)+".png", picture())
	form := s.openForm()
	send := func(pictures ...string) reply {
		return s.do("lea", op{Kind: "submit", Form: form, Channel: "com", Values: map[string][]string{
			"text": {"jeudi"}, "networks": {"linkedin"}, "picture": pictures}})
	}
	for _, wrong := range []string{"/files/elsewhere", "/etc/passwd", "https://evil.example/a.png", "thé.png"} {
		if got := send(wrong); got.State != "errors" || got.Errors["picture"] != "Ce visuel n’est plus là. Ajoutez-le de nouveau." {
			t.Errorf("%s: %+v", wrong, got)
		}
	}
	if got := send(ref, ref); got.State != "errors" {
		t.Errorf("two pictures in a field for one: %+v", got)
	}
	if got := send(ref); got.State != "ok" {
		t.Fatalf("sent: %+v", got)
	}
	e := s.seen()[0]
	if len(e.Files) != 1 || e.Values["picture"][0] != ref {
		t.Fatalf("the event brings %+v, values %v", e.Files, e.Values)
	}
	up := e.Files[0]
	if up.Ref != ref || up.Type != "image/png" || up.Size != int64(len(picture())) || !strings.HasPrefix(up.Name, "thé ééé") || len([]rune(up.Name)) != 200 {
		t.Errorf("the event brings %+v", up)
	}
	form = s.openForm()
	if got := send(); got.State != "ok" || len(s.seen()[1].Files) != 0 {
		t.Errorf("without a picture: %+v, %+v", got, s.seen()[1].Files)
	}
}

func TestFetch(t *testing.T) {
	s := newSample(t)
	var fetcher bot.Fetcher = s.Console
	up := bot.Upload{Ref: s.give("a.png", picture()), Name: "a.png"}
	size := int64(len(picture()))
	for most, want := range map[int64]int64{size + 9: size, size: size, size - 1: size, 10: 11} {
		if data, err := fetcher.Fetch(t.Context(), "demo", up, most); err != nil || int64(len(data)) != want {
			t.Errorf("at most %d of %d: %d bytes, %v; want %d", most, size, len(data), err, want)
		}
	}
	for range maxFiles {
		s.give("b.png", picture())
	}
	_, err := fetcher.Fetch(t.Context(), "demo", up, size)
	var failure *outbox.Error
	if !errors.Is(err, outbox.ErrGone) || !errors.As(err, &failure) || failure.Reason != "console.file_gone" {
		t.Errorf("what others pushed out: %v", err)
	}
}

// brokenFiles can't be read just now.
type brokenFiles struct{}

func (brokenFiles) Put(context.Context, []byte) (string, error) { return "", errors.New("store away") }
func (brokenFiles) Open(context.Context, string) (io.ReadCloser, error) {
	return nil, errors.New("store away")
}

func TestPictures(t *testing.T) {
	s := newSample(t)
	s.day()
	s.do("lea", op{Kind: "tour", Text: TourExplore})
	at := picturesAt + content.Digest(picture())
	got := s.get(at)
	if got.Code != 200 || got.Header().Get("Content-Type") != "image/png" || !bytes.Equal(got.Body.Bytes(), picture()) ||
		!strings.Contains(got.Header().Get("Cache-Control"), "immutable") || got.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the picture: %d, %v", got.Code, got.Header())
	}
	page := picturesAt + s.keep([]byte("<html><script>alert(1)</script>"))
	if got := s.get(page).Header(); got.Get("Content-Type") != "application/octet-stream" || got.Get("Content-Disposition") != "attachment" {
		t.Errorf("a page among the pictures is served as %v", got)
	}
	const alt = `alt="une boîte rouge sur une table en bois"`
	for _, path := range []string{"/as/lea/crieur", "/as/lea/outside", OutsidePath("instagram-1")} {
		if page := s.get(path).Body.String(); !strings.Contains(page, `<img src="`+at+`" `+alt) {
			t.Errorf("%s does not show the picture", path)
		}
	}
	s.opts.Files = brokenFiles{}
	if got := s.get(at); got.Code != http.StatusServiceUnavailable {
		t.Errorf("a picture that can't be read now: %d", got.Code)
	}
}

func TestNoPicturesKept(t *testing.T) {
	s := newSample(t)
	s.opts.Files = nil
	s.post("com", bot.Card{Blocks: []bot.Block{{Kind: bot.Picture, File: "00ff", Alt: "une tasse"}}}, true)
	s.Outside(OutsidePost{ID: "x", Network: "x", Media: []OutsideMedia{{File: "00ff", Alt: "une tasse"}}})
	for _, path := range []string{"/as/lea/com", "/as/lea/outside"} {
		if page := s.get(path).Body.String(); !strings.Contains(page, `<p class="no-picture">Visuel : une tasse</p>`) || strings.Contains(page, "/pictures/") {
			t.Errorf("%s: the picture is not said", path)
		}
	}
	if got := s.get(picturesAt + "00ff"); got.Code != http.StatusNotFound {
		t.Errorf("a picture where none are kept: %d", got.Code)
	}
}
