package slackfake

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// previews are what the app shows under the links of a message: blocks by link.
type previews map[string]json.RawMessage

// linksIn are the links of a text that the app hears of, without what is after
// them.
func (s *Server) linksIn(text string) []string {
	var links []string
	for _, word := range strings.Fields(unescape(text)) {
		at, err := url.Parse(word)
		if err == nil && s.options.Domain != "" && at.Scheme == "https" && at.Host == s.options.Domain {
			links = append(links, word)
		}
	}
	return links
}

// linkShared tells the app of a message's links, if it may hear of them. s.mu is
// held.
func (s *Server) linkShared(m *Message, source string) object {
	links := s.linksIn(m.Text)
	if len(links) == 0 || !s.granted("links:read") {
		return nil
	}
	said := []object{}
	for _, link := range links {
		said = append(said, object{"domain": s.options.Domain, "url": link})
	}
	event := object{"type": "link_shared", "user": m.User, "channel": m.Channel, "is_bot_user_member": s.postable(m.Channel) == "",
		"message_ts": m.TS, "unfurl_id": m.Channel + "." + m.TS, "source": source, "links": said, "event_ts": m.TS}
	if source == "composer" { // not sent yet
		event["channel"], event["message_ts"] = "COMPOSER", event["unfurl_id"]
	}
	if m.Thread != "" {
		event["thread_ts"] = m.Thread
	}
	return s.outer(event)
}

// unfurl is chat.unfurl: it shows blocks under links that stand in the message.
func (s *Server) unfurl(v url.Values) (object, string) {
	m := s.find(v.Get("channel"), v.Get("ts"))
	if m == nil {
		return nil, "cannot_find_message"
	}
	var wanted map[string]struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal([]byte(v.Get("unfurls")), &wanted) != nil {
		return nil, "invalid_unfurls_format"
	}
	if len(wanted) == 0 {
		return nil, "missing_unfurls"
	}
	for _, link := range slices.Sorted(maps.Keys(wanted)) {
		if !slices.Contains(s.linksIn(m.Text), link) {
			return nil, "cannot_unfurl_url"
		}
		if code, details := s.validate("unfurl", wanted[link].Blocks); code != "" {
			return refusal(code, details)
		}
	}
	after := previews{} // what was read before stays as it was
	maps.Copy(after, m.Previews)
	for link, one := range wanted {
		after[link] = one.Blocks
	}
	m.Previews = after
	m.Unfurls++
	return object{}, ""
}

// part is a piece of a message with blocks of its own: under a link, or the
// message itself.
type part struct {
	link   string
	blocks json.RawMessage
}

// parts are the message itself, then what is under its links.
func (m Message) parts() []part {
	parts := []part{{blocks: m.Blocks}}
	for _, link := range slices.Sorted(maps.Keys(m.Previews)) {
		parts = append(parts, part{link, m.Previews[link]})
	}
	return parts
}

// Delete is somebody taking their own message away.
func (s *Server) Delete(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = slices.DeleteFunc(s.messages, func(other *Message) bool { return other.Channel == m.Channel && other.TS == m.TS })
}

// inPreview makes a click one under a link: the message is somebody else's, and
// nothing answers in its place but another chat.unfurl.
func (s *Server) inPreview(payload, container object, m Message, link string) {
	container["type"], container["attachment_id"] = "message_attachment", 1
	container["is_app_unfurl"], container["app_unfurl_url"] = true, link
	payload["app_unfurl"] = object{"id": 1, "bot_id": BotID, "fallback": "[no preview available]", "blocks": delivered(m.Previews[link])}
	payload["state"] = object{"values": object{}}
}
