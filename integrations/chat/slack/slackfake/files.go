package slackfake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// mostGiven is what a file of a form may weigh, in bytes.
const mostGiven = 10 << 20

// File is a file that the workspace keeps. Channel is empty for one that is in
// no channel: only who gave it and the app see it, and who reads a message with
// it.
type File struct {
	ID, Name, Channel, Thread string
	User                      string // who gave it
	Content                   string

	elsewhere string // where its bytes are, of a file that Slack does not keep
	length    int    // as announced
	refusals  int    // messages that it was refused in
	gone      bool
}

// Picture is a picture on a message, as a person sees it.
type Picture struct {
	ID, Alt string
	Content string
}

// Files lists the files of a channel.
func (s *Server) Files(channel string) []File {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []File
	for _, f := range s.files {
		if f.Channel == channel {
			list = append(list, *f)
		}
	}
	return list
}

// Pictures lists the files that a message shows, in order.
func (s *Server) Pictures(m Message) []Picture {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Picture
	for _, block := range pictures(m.Blocks) {
		if f := s.kept(block.File.ID); f != nil {
			list = append(list, Picture{ID: f.ID, Alt: unescape(block.Alt), Content: f.Content})
		}
	}
	return list
}

// Give is a person choosing a file for a form; its ID goes to SubmitModal.
func (s *Server) Give(user, name string, content []byte) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &File{ID: s.newFile(), Name: name, User: user, Content: string(content)}
	s.files = append(s.files, f)
	return f.ID
}

// GiveLink is Give for a file that is elsewhere: Slack keeps its address only.
func (s *Server) GiveLink(user, name, address string) string {
	id := s.Give(user, name, nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept(id).elsewhere = address
	return id
}

// DeleteFile takes a file away.
func (s *Server) DeleteFile(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept(id).gone = true
}

func (s *Server) newFile() string { return fmt.Sprintf("F%09d", s.next()) }

// kept finds a file by its ID. s.mu is held.
func (s *Server) kept(id string) *File {
	i := slices.IndexFunc(s.files, func(f *File) bool { return f.ID == id })
	if i < 0 {
		return nil
	}
	return s.files[i]
}

// attached is what a form says of the files in one of its fields. What Slack's
// own client would not take is an error.
func (s *Server) attached(user string, element object, ids []string) ([]object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	most := 10
	if n, ok := element["max_files"].(float64); ok {
		most = int(n)
	}
	if len(ids) > most {
		return nil, fmt.Errorf("%d files of %d", len(ids), most)
	}
	var list []object
	for _, id := range ids {
		f := s.kept(id)
		if f == nil || f.User != user {
			return nil, fmt.Errorf("%s has no file %q", user, id)
		}
		kinds, limited := element["filetypes"].([]any)
		kind := strings.ToLower(strings.TrimPrefix(path.Ext(f.Name), "."))
		if limited && !slices.Contains(kinds, any(kind)) {
			return nil, fmt.Errorf("file %q is none of %v", f.Name, kinds)
		}
		if len(f.Content) > mostGiven {
			return nil, fmt.Errorf("file %q is larger than 10 MB", f.Name)
		}
		list = append(list, s.about(f))
	}
	return list, nil
}

// about is what Slack says of a file.
func (s *Server) about(f *File) object {
	where := s.web.URL + "/files-pri/" + f.ID + "/download/" + url.PathEscape(f.Name)
	if f.elsewhere != "" {
		where = f.elsewhere
	}
	return object{"id": f.ID, "name": f.Name, "title": f.Name, "user": f.User, "mimetype": http.DetectContentType([]byte(f.Content)),
		"filetype": strings.TrimPrefix(path.Ext(f.Name), "."), "size": len(f.Content), "mode": "hosted",
		"is_external": f.elsewhere != "", "url_private": where, "url_private_download": where}
}

func (s *Server) fileInfo(v url.Values) (object, string) {
	switch f := s.kept(v.Get("file")); {
	case f == nil:
		return nil, "file_not_found"
	case f.gone:
		return nil, "file_deleted"
	default:
		return object{"file": s.about(f), "comments": []object{}}, ""
	}
}

// download gives the bytes to whom Slack lets read them; anybody else is sent to
// the page where people sign in.
func (s *Server) download(w http.ResponseWriter, r *http.Request) {
	fault := s.takeFault("download", "")
	fault.wait()
	if fault.before(w) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{Method: "download", Values: url.Values{"file": {r.PathValue("id")}}, At: s.Now()})
	if r.Header.Get("Authorization") != "Bearer "+BotToken || !s.granted("files:read") {
		http.Redirect(w, r, "/signin?redir="+url.QueryEscape(r.URL.Path), http.StatusFound)
		return
	}
	f := s.kept(r.PathValue("id"))
	if f == nil || f.gone {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", http.DetectContentType([]byte(f.Content)))
	_, _ = io.WriteString(w, f.Content)
}

func signIn(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, "<html><title>Sign in</title></html>")
}

func (s *Server) uploadURL(v url.Values) (object, string) {
	length, err := strconv.Atoi(v.Get("length"))
	if v.Get("filename") == "" || err != nil || length < 1 {
		return nil, "invalid_arguments"
	}
	id := s.newFile()
	s.uploads[id] = &File{ID: id, Name: v.Get("filename"), User: Bot, length: length}
	return object{"file_id": id, "upload_url": s.web.URL + "/upload/" + id}, ""
}

func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	fault := s.takeFault("upload", "")
	fault.wait()
	if fault.before(w) {
		return
	}
	file, _, err := r.FormFile("filename")
	if err != nil {
		if file, _, err = r.FormFile("file"); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	content, err := io.ReadAll(file)
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.uploads[r.PathValue("id")]
	if f == nil || err != nil || len(content) != f.length { // stricter than Slack
		http.Error(w, "no such upload", http.StatusNotFound)
		return
	}
	f.Content = string(content)
	if fault.after(w) {
		return
	}
	_, _ = fmt.Fprintf(w, "OK - %d", len(content))
}

func (s *Server) completeUpload(v url.Values) (object, string) {
	var list []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if json.Unmarshal([]byte(v.Get("files")), &list) != nil || len(list) == 0 {
		return nil, "invalid_arguments"
	}
	channel := first(v.Get("channel_id"), v.Get("channels"))
	if channel != "" {
		if code := s.postable(channel); code != "" {
			return nil, code
		}
	}
	var out []object
	for _, item := range list {
		f := s.uploads[item.ID]
		if f == nil || f.Content == "" {
			return nil, "file_not_found"
		}
		delete(s.uploads, item.ID)
		f.Channel, f.Thread = channel, v.Get("thread_ts")
		s.files = append(s.files, f)
		if channel != "" {
			s.messages = append(s.messages, &Message{Channel: channel, TS: s.stamp(), Thread: f.Thread, User: Bot,
				Text: item.Title, Files: []File{*f}, At: s.Now()})
		}
		out = append(out, object{"id": item.ID, "title": item.Title})
	}
	return object{"files": out}, ""
}

// image is a picture of a message that is a file.
type image struct {
	at   int    // among the blocks
	Alt  string `json:"alt_text"`
	File struct {
		ID string `json:"id"`
	} `json:"slack_file"`
}

func pictures(blocks json.RawMessage) []image {
	var all, list []image
	_ = json.Unmarshal(blocks, &all)
	for i, block := range all {
		if block.at = i; block.File.ID != "" {
			list = append(list, block)
		}
	}
	return list
}

// validate is Validate, and whether every file that is shown is a picture that
// is there and ready. s.mu is held.
func (s *Server) validate(where string, blocks []byte) (code string, details []string) {
	if code, details = Validate(where, blocks); code != "" {
		return code, details
	}
	for _, p := range pictures(blocks) {
		f := s.kept(p.File.ID)
		ready := f != nil && !f.gone && shown(f.Content)
		if ready && f.refusals < s.options.Unready {
			f.refusals++
			ready = false
		}
		if !ready {
			details = append(details, fmt.Sprintf("[ERROR] invalid slack file [json-pointer:/blocks/%d/slack_file]", p.at))
		}
	}
	if details != nil {
		return "invalid_blocks", details
	}
	return "", nil
}

// shown says whether Slack shows such bytes on a message. WebP it does not.
func shown(content string) bool {
	switch http.DetectContentType([]byte(content)) {
	case "image/png", "image/jpeg", "image/gif":
		return true
	}
	return false
}
