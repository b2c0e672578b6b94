package slackfake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// responseURL answers one interaction: 5 times within 30 minutes.
type responseURL struct {
	channel, user, thread string
	message               *Message // what was clicked, or what the last answer put up
	uses                  int
	// ready is closed once the ack of the command was shown: Slack works off
	// what one interaction brings in order.
	ready   chan struct{}
	expires time.Time
}

func (s *Server) newResponseURL(channel, user, thread string, m *Message) string {
	id := fmt.Sprintf("R%d", s.next())
	s.urls[id] = &responseURL{channel: channel, user: user, thread: thread, message: m, expires: s.Now().Add(30 * time.Minute)}
	return s.web.URL + "/respond/" + id
}

// said is what is posted to a response_url or answered to a command.
type said struct {
	Type    string          `json:"response_type"`
	Text    string          `json:"text"`
	Blocks  json.RawMessage `json:"blocks"`
	Replace bool            `json:"replace_original"`
	Delete  bool            `json:"delete_original"`
}

func (s *Server) respond(w http.ResponseWriter, r *http.Request) {
	fault := s.takeFault("response_url", "")
	fault.wait()
	if fault.before(w) {
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	var in said
	if err != nil || json.Unmarshal(body, &in) != nil {
		write(w, http.StatusBadRequest, object{"ok": false, "error": "invalid_payload"})
		return
	}
	s.mu.Lock()
	u := s.urls[r.PathValue("id")]
	s.mu.Unlock()
	if u != nil && u.ready != nil {
		<-u.ready
	}
	s.mu.Lock()
	code := s.answerURL(r.PathValue("id"), in)
	s.calls = append(s.calls, Call{Method: "response_url", Values: url.Values{"body": {string(body)}}, Error: code, At: s.Now()})
	s.mu.Unlock()
	if fault.after(w) {
		return
	}
	switch code {
	case "":
		_, _ = w.Write([]byte("ok"))
	case "expired_url", "used_url", "invalid_blocks":
		write(w, http.StatusNotFound, object{"ok": false, "error": code})
	default:
		write(w, http.StatusOK, object{"ok": false, "error": code})
	}
}

func (s *Server) answerURL(id string, in said) string {
	u, ok := s.urls[id]
	switch {
	case !ok, !s.Now().Before(u.expires):
		return "expired_url"
	case u.uses >= 5:
		return "used_url"
	}
	v := url.Values{"text": {in.Text}}
	if len(in.Blocks) > 0 {
		v.Set("blocks", string(in.Blocks))
	}
	if !in.Delete {
		if code, _ := s.content(v); code != "" {
			return code
		}
	}
	u.uses++
	s.show(u, in)
	return ""
}

// show puts up what was answered. s.mu is held.
func (s *Server) show(u *responseURL, in said) {
	switch {
	case in.Delete:
		s.messages = slices.DeleteFunc(s.messages, func(m *Message) bool { return m == u.message })
		s.private = slices.DeleteFunc(s.private, func(m *Message) bool { return m == u.message })
	case in.Replace && u.message != nil:
		u.message.Text, u.message.Blocks = in.Text, in.Blocks
		u.message.Edits++
	case in.Type == "in_channel":
		s.messages = append(s.messages, &Message{Channel: u.channel, TS: s.stamp(), Thread: u.thread, User: Bot,
			Text: in.Text, Blocks: in.Blocks, At: s.Now()})
	default:
		m := s.whisper(u.channel, u.thread, u.user, in.Text, in.Blocks)
		if u.message == nil { // a command: what was answered first is its original
			u.message = m
		}
	}
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

func unescape(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}
