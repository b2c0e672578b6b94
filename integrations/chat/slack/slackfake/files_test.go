package slackfake

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	png  = "\x89PNG\r\n\x1a\n..."
	form = `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"S"},"blocks":[` +
		`{"type":"input","block_id":"f","optional":true,"label":{"type":"plain_text","text":"L"},` +
		`"element":{"type":"file_input","action_id":"f","max_files":1,"filetypes":["png","jpg"]}}]}`
)

// give uploads a file as an app does, in no channel, and returns its ID and how
// that ended.
func give(t *testing.T, s *Server, content string, length int) (id, code string) {
	t.Helper()
	out, _ := call(t, s, "files.getUploadURLExternal", BotToken, url.Values{"filename": {"x.png"}, "length": {fmt.Sprint(length)}})
	if out["ok"] != true {
		return "", fmt.Sprint(out["error"])
	}
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	part, _ := parts.CreateFormFile("file", "x.png")
	_, _ = io.WriteString(part, content)
	_ = parts.Close()
	response, err := http.Post(out["upload_url"].(string), parts.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	id = out["file_id"].(string)
	done, _ := call(t, s, "files.completeUploadExternal", BotToken, url.Values{"files": {`[{"id":"` + id + `"}]`}})
	if done["ok"] != true {
		return id, fmt.Sprint(done["error"])
	}
	return id, ""
}

func showing(id string) string {
	return `[{"type":"divider"},{"type":"image","alt_text":"A tin","slack_file":{"id":"` + id + `"}}]`
}

func TestUploadsThenPictures(t *testing.T) {
	s := start(t, Options{})
	for length, want := range map[int]string{len(png): "", len(png) + 1: "file_not_found", 0: "invalid_arguments"} {
		if _, code := give(t, s, png, length); code != want {
			t.Errorf("length %d of %d: %q, want %q", length, len(png), code, want)
		}
	}
	id, _ := give(t, s, png, len(png))
	other, _ := give(t, s, "RIFF\x00\x00\x00\x00WEBPVP8 ", 16)
	post := func(id string) (string, string) {
		s.options.Clock.Advance(2 * time.Second)
		out, _ := call(t, s, "chat.postMessage", BotToken, url.Values{"channel": {"C1"}, "text": {"x"}, "blocks": {showing(id)}})
		return fmt.Sprint(out["error"]), fmt.Sprint(out["response_metadata"])
	}
	refused := "map[messages:[[ERROR] invalid slack file [json-pointer:/blocks/1/slack_file]]]"
	if code, said := post(id); code != "invalid_blocks" || said != refused {
		t.Errorf("at once: %q %q", code, said)
	}
	if code, _ := post(id); code != "<nil>" {
		t.Errorf("a moment later: %q", code)
	}
	if seen := s.Pictures(s.Messages("C1")[0]); len(seen) != 1 || seen[0] != (Picture{ID: id, Alt: "A tin", Content: png}) {
		t.Errorf("shows %+v", seen)
	}
	s.DeleteFile(id)
	for name, id := range map[string]string{"deleted": id, "unknown": "F012345678", "WebP": other, "WebP again": other} {
		if code, said := post(id); code != "invalid_blocks" || said != refused {
			t.Errorf("%s: %q %q", name, code, said)
		}
	}
	if files := s.Files(""); len(files) != 3 || len(s.Files("C1")) != 0 {
		t.Errorf("kept %+v", files)
	}
}

func TestPicturesHaveOneSource(t *testing.T) {
	for source, want := range map[string]string{
		`"slack_file":{"id":"F012345678"}`:                                      "",
		`"slack_file":{"url":"https://files.slack.test/files-pri/T1-F1/x.png"}`: "",
		`"slack_file":{"id":"F012345678","url":"https://files.slack.test/x"}`:   "invalid_blocks",
		`"slack_file":{"id":"F012345678","mimetype":"image/png"}`:               "invalid_blocks",
		`"slack_file":{"id":"F1"}`:                                              "invalid_blocks",
		`"slack_file":{"id":"X012345678"}`:                                      "invalid_blocks",
		`"slack_file":{}`:                                                       "invalid_blocks",
		`"slack_file":"F012345678"`:                                             "invalid_blocks",
		`"slack_file":{"id":"F012345678"},"image_url":"https://a.test/x"`:       "invalid_blocks",
		`"title":{"type":"plain_text","text":"no source"}`:                      "invalid_blocks",
	} {
		if got, details := Validate("message", []byte(`[{"type":"image","alt_text":"a",`+source+`}]`)); got != want {
			t.Errorf("%s: %q, want %q: %q", source, got, want, details)
		}
	}
}

func TestFormsTakeFilesWithThePermission(t *testing.T) {
	for name, test := range map[string]struct {
		scopes []string
		give   func(*Server) []string
		want   string
	}{
		"one":          {nil, func(s *Server) []string { return []string{s.Give("U1", "a.png", []byte(png))} }, ""},
		"upper case":   {nil, func(s *Server) []string { return []string{s.Give("U1", "A.PNG", []byte(png))} }, ""},
		"none":         {nil, func(*Server) []string { return nil }, ""},
		"two":          {nil, func(s *Server) []string { return []string{s.Give("U1", "a.png", nil), s.Give("U1", "b.png", nil)} }, "2 files of 1"},
		"another kind": {nil, func(s *Server) []string { return []string{s.Give("U1", "a.pdf", nil)} }, "is none of"},
		"another's":    {nil, func(s *Server) []string { return []string{s.Give("U2", "a.png", nil)} }, "has no file"},
		"heavy":        {nil, func(s *Server) []string { return []string{s.Give("U1", "a.png", make([]byte, 10<<20+1))} }, "larger than 10 MB"},
		"not allowed":  {AllScopes()[:10], nil, "missing_scope"},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, Options{Scopes: test.scopes})
			app := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			t.Cleanup(app.Close)
			s.DeliverTo(app.URL)
			s.mu.Lock()
			trigger := s.newTrigger("U1")
			s.mu.Unlock()
			if got := code(t, s, "views.open", "trigger_id", trigger, "view", form); got != "" {
				if got != test.want {
					t.Errorf("form: %q", got)
				}
				return
			}
			_, err := s.SubmitModal("U1", map[string][]string{"f": test.give(s)})
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("sent: %v, want %q", err, test.want)
			}
		})
	}
}

func TestDownloadsAreForThoseWhoMayRead(t *testing.T) {
	s := start(t, Options{})
	id := s.Give("U1", "thé.png", []byte(png))
	about, _ := call(t, s, "files.info", BotToken, url.Values{"file": {id}})
	file, _ := about["file"].(object)
	if file["name"] != "thé.png" || file["mimetype"] != "image/png" || file["size"] != float64(len(png)) {
		t.Fatalf("%+v", about)
	}
	read := func(token string) string {
		request, err := http.NewRequest(http.MethodGet, file["url_private_download"].(string), nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		said, _ := io.ReadAll(response.Body)
		return fmt.Sprint(response.StatusCode, " ", string(said))
	}
	if got := read(BotToken); got != "200 "+png {
		t.Errorf("with the token: %q", got)
	}
	if got := read("xoxb-other"); !strings.Contains(got, "Sign in") {
		t.Errorf("with another: %q", got)
	}
	s.DeleteFile(id)
	if got := read(BotToken); !strings.HasPrefix(got, "404") {
		t.Errorf("deleted: %q", got)
	}
	if got := code(t, s, "files.info", "file", id); got != "file_deleted" {
		t.Error(got)
	}
	if got := code(t, s, "files.info", "file", "F000000099"); got != "file_not_found" {
		t.Error(got)
	}
}
