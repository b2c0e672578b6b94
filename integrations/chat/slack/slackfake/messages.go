package slackfake

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Message is what people see of a message.
type Message struct {
	Channel, TS, Thread string
	User                string // who wrote it
	To                  string // the only reader, of a private message
	Text                string
	Blocks              json.RawMessage
	Metadata            json.RawMessage
	Edits               int
	At                  time.Time
	Files               []File
	Previews            previews // what the app shows under links
	Unfurls             int      // how often it did
}

// Messages lists what stands in a channel, its threads included, in the order
// of posting.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	for _, m := range s.messages {
		if m.Channel == channel {
			list = append(list, *m)
		}
	}
	return list
}

// Thread lists the answers to a message.
func (s *Server) Thread(channel, ts string) []Message {
	var list []Message
	for _, m := range s.Messages(channel) {
		if m.Thread == ts {
			list = append(list, m)
		}
	}
	return list
}

// Ephemerals lists the private messages that a person sees now.
func (s *Server) Ephemerals(user string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	for _, m := range s.private {
		if m.To == user {
			list = append(list, *m)
		}
	}
	return list
}

// postable says why the bot may not post in a channel. s.mu is held.
func (s *Server) postable(channel string) string {
	c, ok := s.channels[channel]
	switch {
	case !ok:
		return "channel_not_found"
	case c.Archived:
		return "is_archived"
	case c.Outside && c.Private:
		return "channel_not_found"
	case c.Outside && !slices.Contains(s.options.Scopes, "chat:write.public"):
		return "not_in_channel"
	}
	return ""
}

// content checks what a message would show. s.mu is held.
func (s *Server) content(v url.Values) (code string, details []string) {
	text, blocks := v.Get("text"), v.Get("blocks")
	if text == "" && (blocks == "" || blocks == "[]") {
		return "no_text", nil
	}
	if text == "" {
		return "no_text", []string{"blocks without a text for notifications"} // stricter than Slack
	}
	if utf8.RuneCountInString(text) > 4000 { // as Slack advises; it takes more
		return "msg_too_long", nil
	}
	if strings.Contains(text, "<!") {
		return "invalid_blocks", []string{"a mention of everybody in the text"}
	}
	if blocks == "" {
		return "", nil
	}
	return s.validate("message", []byte(blocks))
}

func refusal(code string, details []string) (object, string) {
	if details == nil {
		return nil, code
	}
	return object{"response_metadata": object{"messages": details}}, code
}

func (s *Server) find(channel, ts string) *Message {
	for _, m := range s.messages {
		if m.Channel == channel && m.TS == ts {
			return m
		}
	}
	return nil
}

func (s *Server) postMessage(v url.Values) (object, string) {
	channel := v.Get("channel")
	if _, person := s.people[channel]; person {
		channel = s.dm(channel)
	}
	if code := s.postable(channel); code != "" {
		return nil, code
	}
	if code, details := s.content(v); code != "" {
		return refusal(code, details)
	}
	thread := v.Get("thread_ts")
	if thread != "" && s.find(channel, thread) == nil {
		return nil, "thread_not_found"
	}
	if raw := v.Get("metadata"); raw != "" {
		var meta struct {
			EventType    string `json:"event_type"`
			EventPayload object `json:"event_payload"`
		}
		if json.Unmarshal([]byte(raw), &meta) != nil || meta.EventType == "" || meta.EventPayload == nil {
			return nil, "invalid_metadata_format"
		}
	}
	m := &Message{Channel: channel, TS: s.stamp(), Thread: thread, User: Bot, Text: v.Get("text"),
		Blocks: raw(v.Get("blocks")), Metadata: raw(v.Get("metadata")), At: s.Now()}
	s.messages = append(s.messages, m)
	return object{"channel": channel, "ts": m.TS, "message": object{"text": m.Text}}, ""
}

func raw(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

func (s *Server) update(v url.Values) (object, string) {
	channel := v.Get("channel")
	if _, ok := s.channels[channel]; !ok {
		return nil, "channel_not_found"
	}
	m := s.find(channel, v.Get("ts"))
	switch {
	case m == nil:
		return nil, "message_not_found"
	case m.User != Bot:
		return nil, "cant_update_message"
	}
	if code, details := s.content(v); code != "" {
		return refusal(code, details)
	}
	m.Text, m.Blocks = v.Get("text"), raw(v.Get("blocks"))
	m.Edits++
	return object{"channel": channel, "ts": m.TS, "text": m.Text}, ""
}

func (s *Server) remove(v url.Values) (object, string) {
	for i, m := range s.messages {
		if m.Channel == v.Get("channel") && m.TS == v.Get("ts") && m.User == Bot {
			s.messages = slices.Delete(s.messages, i, i+1)
			return object{"channel": m.Channel, "ts": m.TS}, ""
		}
	}
	return nil, "message_not_found"
}

func (s *Server) postEphemeral(v url.Values) (object, string) {
	channel, user := v.Get("channel"), v.Get("user")
	if code := s.postable(channel); code != "" {
		return nil, code
	}
	if _, ok := s.people[user]; !ok {
		return nil, "user_not_in_channel"
	}
	if code, details := s.content(v); code != "" {
		return refusal(code, details)
	}
	m := s.whisper(channel, v.Get("thread_ts"), user, v.Get("text"), raw(v.Get("blocks")))
	return object{"message_ts": m.TS}, ""
}

func (s *Server) whisper(channel, thread, user, text string, blocks json.RawMessage) *Message {
	m := &Message{Channel: channel, TS: s.stamp(), Thread: thread, User: Bot, To: user, Text: text, Blocks: blocks, At: s.Now()}
	s.private = append(s.private, m)
	return m
}

func (s *Server) history(v url.Values) (object, string) {
	list := []object{}
	for _, m := range s.messages {
		if m.Channel == v.Get("channel") && m.Thread == "" {
			o := object{"ts": m.TS, "user": m.User, "text": m.Text}
			if v.Get("include_all_metadata") == "true" || v.Get("include_all_metadata") == "1" {
				o["metadata"] = m.Metadata
			}
			list = append([]object{o}, list...)
		}
	}
	return object{"messages": list}, ""
}
