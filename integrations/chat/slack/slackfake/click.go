package slackfake

import (
	"encoding/json"
	"fmt"
	"strings"
)

// clickable is something on a message that a person can use.
type clickable struct {
	block   string
	label   string
	element object
	option  object // of a menu
	link    string // of the preview that it is in
}

// Words is everything that a person reads on a message, line by line, without
// what can be clicked.
func (m Message) Words() string {
	var lines []string
	if len(m.Blocks) == 0 {
		lines = append(lines, unescape(m.Text))
	}
	for _, part := range m.parts() {
		var blocks []object
		_ = json.Unmarshal(part.blocks, &blocks)
		for _, block := range blocks {
			if block["type"] != "actions" {
				lines = append(lines, words(block)...)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// words collects the texts of a block in reading order.
func words(node any) []string {
	switch node := node.(type) {
	case []any:
		var lines []string
		for _, item := range node {
			lines = append(lines, words(item)...)
		}
		return lines
	case object:
		switch node["type"] {
		case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
			return []string{strings.Join(words(node["elements"]), "")}
		case "user":
			return []string{"@" + fmt.Sprint(node["user_id"])}
		case "image":
			return []string{unescape(fmt.Sprint(node["alt_text"]))}
		}
		if text, ok := node["text"].(string); ok {
			return []string{unescape(text)}
		}
		var lines []string
		for _, name := range []string{"text", "fields", "elements", "rows"} {
			lines = append(lines, words(node[name])...)
		}
		return lines
	}
	return nil
}

// Labels lists what can be clicked, menus entry by entry.
func (m Message) Labels() []string {
	var labels []string
	for _, c := range m.clickables() {
		labels = append(labels, c.label)
	}
	return labels
}

func label(node any) string {
	o, _ := node.(object)
	text, _ := o["text"].(string)
	return unescape(text)
}

func (m Message) clickables() []clickable {
	var list []clickable
	for _, part := range m.parts() {
		for _, c := range clickables(part.blocks) {
			c.link = part.link
			list = append(list, c)
		}
	}
	return list
}

func clickables(raw json.RawMessage) []clickable {
	var blocks []object
	_ = json.Unmarshal(raw, &blocks)
	var list []clickable
	for i, block := range blocks {
		id, _ := block["block_id"].(string)
		if id == "" {
			id = fmt.Sprintf("b%d", i)
		}
		elements, _ := block["elements"].([]any)
		if block["type"] != "actions" {
			elements = nil
		}
		if accessory, ok := block["accessory"]; ok {
			elements = append(elements, accessory)
		}
		for _, item := range elements {
			element, _ := item.(object)
			if element["type"] == "button" {
				list = append(list, clickable{block: id, label: label(element["text"]), element: element})
			}
			options, _ := element["options"].([]any)
			for _, item := range options {
				option, _ := item.(object)
				list = append(list, clickable{block: id, label: label(option["text"]), element: element, option: option})
			}
		}
	}
	return list
}

// Click clicks what has this label on a message, and says yes if asked once
// more. A private message is clicked as it stands now.
func (s *Server) Click(user string, m Message, wanted string) (Ack, error) {
	s.mu.Lock()
	now := s.current(m)
	if now == nil {
		s.mu.Unlock()
		return Ack{}, fmt.Errorf("the message is gone")
	}
	copied := *now
	s.mu.Unlock()
	for _, c := range copied.clickables() {
		if c.label == wanted {
			return s.click(user, now, copied, c), nil
		}
	}
	return Ack{}, fmt.Errorf("no %q among %q", wanted, copied.Labels())
}

// ClickAgain sends the click on what a message showed before, as a second hand
// or a slow screen does.
func (s *Server) ClickAgain(user string, before Message, wanted string) (Ack, error) {
	s.mu.Lock()
	now := s.current(before)
	s.mu.Unlock()
	if now == nil {
		return Ack{}, fmt.Errorf("the message is gone")
	}
	for _, c := range before.clickables() {
		if c.label == wanted {
			return s.click(user, now, before, c), nil
		}
	}
	return Ack{}, fmt.Errorf("no %q among %q", wanted, before.Labels())
}

func (s *Server) current(m Message) *Message {
	list := s.messages
	if m.To != "" {
		list = s.private
	}
	for _, other := range list {
		if other.TS == m.TS && other.Channel == m.Channel {
			return other
		}
	}
	return nil
}

func (s *Server) click(user string, live *Message, m Message, c clickable) Ack {
	return s.interact(user, func(payload object) {
		action := object{"type": c.element["type"], "action_id": c.element["action_id"], "block_id": c.block,
			"action_ts": s.stamp()}
		switch {
		case c.option != nil && c.element["type"] == "multi_static_select":
			action["selected_options"] = []any{c.option}
		case c.option != nil:
			action["selected_option"] = c.option
		default:
			action["text"] = c.element["text"]
			if value, ok := c.element["value"]; ok {
				action["value"] = value
			}
		}
		payload["type"], payload["actions"] = "block_actions", []any{action}
		payload["channel"] = object{"id": m.Channel, "name": s.nameOf(m.Channel)}
		container := object{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.To != ""}
		if m.Thread != "" {
			container["thread_ts"] = m.Thread
		}
		payload["container"] = container
		if c.link != "" {
			s.inPreview(payload, container, m, c.link)
			return
		}
		if m.To == "" { // Slack does not say what a private message holds
			payload["message"] = object{"type": "message", "user": Bot, "bot_id": BotID, "ts": m.TS, "text": m.Text,
				"thread_ts": m.Thread, "blocks": delivered(m.Blocks)}
		}
		payload["state"] = object{"values": object{}}
		payload["response_url"] = s.newResponseURL(m.Channel, user, m.Thread, live)
	})
}

// ClickHome clicks on a person's home page.
func (s *Server) ClickHome(user, wanted string) (Ack, error) {
	for _, c := range clickables(s.Home(user)) {
		if c.label != wanted {
			continue
		}
		return s.interact(user, func(payload object) {
			action := object{"type": c.element["type"], "action_id": c.element["action_id"], "block_id": c.block, "action_ts": s.stamp()}
			if c.option != nil {
				action["selected_option"] = c.option
			}
			payload["type"], payload["actions"] = "block_actions", []any{action}
			payload["container"] = object{"type": "view", "view_id": "VHOME" + user}
			payload["view"] = object{"id": "VHOME" + user, "type": "home", "hash": "h", "state": object{"values": object{}}}
		}), nil
	}
	return Ack{}, fmt.Errorf("no %q on the home page", wanted)
}

// delivered adds what Slack adds to the blocks that it brings back: an ID for
// each, and properties that it would refuse if they were sent.
func delivered(raw json.RawMessage) []object {
	var blocks []object
	_ = json.Unmarshal(raw, &blocks)
	for i, block := range blocks {
		if block["block_id"] == nil {
			block["block_id"] = fmt.Sprintf("b%d", i)
		}
		if block["type"] == "image" {
			block["image_width"], block["image_height"], block["image_bytes"] = 10, 10, 100
			block["fallback"] = "image"
			if file, ok := block["slack_file"].(object); ok {
				file["url"] = "https://files.slack.test/files-pri/" + fmt.Sprint(file["id"])
			}
		}
	}
	return blocks
}
