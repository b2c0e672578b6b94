package discordfake

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/content/contenttest"
)

// send makes a call with files, "name" with the picture of contenttest and
// "name!" with text, and returns the status and the message.
func (b *caller) send(method, path, payload string, names ...string) (int, map[string]any) {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.WriteField("payload_json", payload); err != nil {
		b.t.Fatal(err)
	}
	for i, name := range names {
		data := contenttest.PNG()
		if strings.HasSuffix(name, "!") {
			name, data = strings.TrimSuffix(name, "!"), []byte("text")
		}
		part, err := w.CreateFormFile(fmt.Sprintf("files[%d]", i), name)
		if err != nil {
			b.t.Fatal(err)
		}
		if _, err := part.Write(data); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	status, _, answer := b.callAs(method, path, w.FormDataContentType(), body.String())
	return status, answer
}

func gallery(urls ...string) string {
	var items []string
	for _, u := range urls {
		items = append(items, `{"media":{"url":"`+u+`"}}`)
	}
	return `"flags":32768,"allowed_mentions":{"parse":[]},"components":[` + say("x") + `,{"type":12,"items":[` + strings.Join(items, ",") + `]}]`
}

const wordsAlone = `"flags":32768,"allowed_mentions":{"parse":[]},"components":[{"type":10,"content":"x"}]`

// medium is the first picture that a message shows, as the interface returns it.
func medium(message map[string]any) (address, id string) {
	for _, raw := range list(message["components"]) {
		if comp := raw.(map[string]any); kind(comp) == 12 {
			media := list(comp["items"])[0].(map[string]any)["media"].(map[string]any)
			return text(media["url"]), text(media["attachment_id"])
		}
	}
	return "", ""
}

func TestAttachments(t *testing.T) {
	b := newBot(t, Options{Unlimited: true}, nil)
	status, made := b.send("POST", "/channels/C/messages", `{`+gallery("attachment://a.png")+`,"attachments":[{"id":"0","filename":"a.png"}]}`, "a.png")
	address, id := medium(made)
	if status != 200 || id == "" || !strings.Contains(address, "/"+id+"/a.png?") {
		t.Fatalf("posted %d, %s %s", status, address, id)
	}
	message := "/channels/C/messages/" + text(made["id"])
	for _, row := range []struct {
		name, payload string
		files         []string
		status        int
		left          []string
	}{
		{"a file that is not named", `{` + gallery("attachment://b.png") + `,"attachments":[]}`, []string{"b.png"}, 400, nil},
		{"a name for another file", `{` + gallery("attachment://b.png") + `,"attachments":[{"id":0,"filename":"c.png"}]}`, []string{"b.png"}, 400, nil},
		{"a file that nobody has", `{` + gallery("attachment://a.png") + `,"attachments":[{"id":"77"}]}`, nil, 400, nil},
		{"what is there under a new name", `{` + gallery("attachment://b.png") + `,"attachments":[{"id":"` + id + `","filename":"b.png"}]}`, nil, 400, nil},
		{"two of a name", `{` + gallery("attachment://a.png") + `,"attachments":[{"id":"` + id + `"},{"id":0,"filename":"a.png"}]}`, []string{"a.png"}, 400, nil},
		{"text as a picture", `{` + gallery("attachment://b.png") + `,"attachments":[{"id":0,"filename":"b.png"}]}`, []string{"b.png!"}, 400, nil},
		{"an attachment that nothing shows", `{` + wordsAlone + `,"attachments":[{"id":"` + id + `"}]}`, nil, 400, nil},
		{"nothing said", `{` + gallery(address) + `}`, nil, 200, []string{"a.png"}},
		{"kept", `{` + gallery("attachment://a.png") + `,"attachments":[{"id":"` + id + `"}]}`, nil, 200, []string{"a.png"}},
		{"kept with a new one", `{` + gallery("attachment://a.png", "attachment://b.png") + `,"attachments":[{"id":"` + id + `"},{"id":0,"filename":"b.png"}]}`, []string{"b.png"}, 200, []string{"a.png", "b.png"}},
		{"a new one, nothing said", `{` + gallery("attachment://c.png") + `}`, []string{"c.png"}, 200, []string{"c.png"}},
		{"none", `{` + wordsAlone + `,"attachments":[]}`, nil, 200, nil},
	} {
		status, _ := b.send("PATCH", message, row.payload, row.files...)
		if status != row.status {
			t.Errorf("%s: %d", row.name, status)
		}
		if row.status != 200 {
			continue
		}
		m, _ := b.fake.Message(text(made["id"]))
		var left []string
		for name := range m.Files {
			left = append(left, name)
		}
		if slices.Sort(left); !slices.Equal(left, row.left) {
			t.Errorf("%s: left %v", row.name, left)
		}
	}
	if code, _ := b.get(address, ""); code != 404 {
		t.Errorf("a file that was taken off: %d", code)
	}
	if status, _ := b.send("PATCH", message, `{`+gallery(address)+`}`); status != 200 || len(b.fake.Forgive()) != 1 {
		t.Errorf("an address of what is gone: %d, not noticed", status)
	}
}

// get reads an address of the CDN.
func (b *caller) get(address, token string) (int, string) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", token)
	}
	answer, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer.StatusCode, string(data)
}

func TestSignedAddresses(t *testing.T) {
	now := time.Now()
	b := newBot(t, Options{Unlimited: true, Now: func() time.Time { return now }}, nil)
	_, made := b.send("POST", "/channels/C/messages", `{`+gallery("attachment://a.png")+`}`, "a.png")
	address, _ := medium(made)
	if code, data := b.get(address, ""); code != 200 || data != string(contenttest.PNG()) {
		t.Errorf("read %d bytes, %d", len(data), code)
	}
	for name, other := range map[string]string{
		"no signature":    pathOf(address),
		"another name":    strings.Replace(address, "a.png", "b.png", 1),
		"a longer life":   strings.Replace(address, "?ex=", "?ex=7", 1),
		"another mark":    address + "0",
		"no such channel": strings.Replace(address, "/C/", "/D/", 1),
	} {
		if code, _ := b.get(other, ""); code != 404 {
			t.Errorf("%s: %d", name, code)
		}
	}
	b.get(address, "Bot "+b.fake.Token())
	if len(b.fake.Forgive()) != 1 {
		t.Error("a token that was given away was not noticed")
	}
	now = now.Add(addressLife + time.Second)
	if code, _ := b.get(address, ""); code != 404 {
		t.Errorf("too old: %d", code)
	}
}

func pathOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path
}

// TestUpdatesRemoveFiles: unlike an edit, an update as response to a click takes
// the files off when it does not name them.
func TestUpdatesRemoveFiles(t *testing.T) {
	for name, row := range map[string]struct {
		said string
		left int
	}{"nothing said": {"", 0}, "kept": {`,"attachments":[{"id":"%s"}]`, 1}} {
		b := newBot(t, Options{Unlimited: true}, nil)
		button := `{"type":1,"components":[{"type":2,"style":1,"label":"Oui","custom_id":"yes"}]}`
		_, made := b.send("POST", "/channels/C/messages", `{`+strings.Replace(gallery("attachment://a.png"), `"components":[`, `"components":[`+button+`,`, 1)+`}`, "a.png")
		address, id := medium(made)
		b.answer = func(map[string]any) string {
			said := strings.ReplaceAll(row.said, "%s", id)
			if row.left == 0 {
				return `{"type":7,"data":{` + wordsAlone + `}}`
			}
			return `{"type":7,"data":{` + gallery(address) + said + `}}`
		}
		if r := b.fake.Click("111", text(made["id"]), "Oui"); r.Response != 7 {
			t.Fatalf("%s: %+v", name, r)
		}
		if m, _ := b.fake.Message(text(made["id"])); len(m.Files) != row.left {
			t.Errorf("%s: %d files are left", name, len(m.Files))
		}
	}
}

func TestFieldsForFiles(t *testing.T) {
	for data, ok := range map[string]bool{
		`{"type":19,"custom_id":"f"}`: true,
		`{"type":19,"custom_id":"f","max_values":1,"min_values":1,"required":true,"file_types":[".png","image"]}`: true,
		`{"type":19,"custom_id":"f","max_values":10,"min_values":0,"required":false}`:                             true,
		`{"type":19,"custom_id":"f","min_values":0}`:                                                              false,
		`{"type":19,"custom_id":"f","max_values":11}`:                                                             false,
		`{"type":19,"custom_id":"f","min_values":2}`:                                                              false,
		`{"type":19,"custom_id":"f","file_types":["png"]}`:                                                        false,
		`{"type":19,"custom_id":"f","file_types":[` + repeat(`".png"`, 11) + `]}`:                                 false,
		`{"type":19,"custom_id":"f","placeholder":"x"}`:                                                           false,
	} {
		if _, bad := checkModal([]byte(`{"custom_id":"f","title":"T","components":[{"type":18,"label":"L","component":` + data + `}]}`)); (bad == nil) != ok {
			t.Errorf("%s: %v", data, bad)
		}
	}
}
