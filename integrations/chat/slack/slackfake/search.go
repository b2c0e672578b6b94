package slackfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// searched says whether Slack asks the app for what the menu holds.
func searched(element object) bool {
	return element["type"] == "external_select" || element["type"] == "multi_external_select"
}

// Offer is what a menu that is searched shows.
type Offer struct {
	Labels []string
	// Heading is the label of their group; "" without one.
	Heading string
	options []any
}

// Search opens the menu with that placeholder on a message, types a text into it
// and returns what it then shows. What Slack would not show is an error.
func (s *Server) Search(user string, m Message, menu, text string) (Offer, error) {
	for _, c := range m.clickables() {
		if c.label == menu && searched(c.element) {
			return s.suggest(user, c.element, c.block, text, s.on(m, c.link))
		}
	}
	return Offer{}, fmt.Errorf("no menu %q among %q", menu, m.Labels())
}

// SearchModal types into a field of the form that a person has before them.
func (s *Server) SearchModal(user, field, text string) (Offer, error) {
	m := s.Modal(user)
	if m == nil {
		return Offer{}, fmt.Errorf("%s has no form open", user)
	}
	for _, in := range inputs(m.Blocks) {
		if in.BlockID == field && searched(in.Element) {
			return s.suggest(user, in.Element, field, text, m.shown)
		}
	}
	return Offer{}, fmt.Errorf("no field %q that is searched", field)
}

// on says that the menu is on a message, or in the preview of a link of it.
func (s *Server) on(m Message, link string) func(object) {
	return func(payload object) {
		container := object{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.To != ""}
		payload["channel"], payload["container"] = object{"id": m.Channel}, container
		switch {
		case link != "":
			s.inPreview(payload, container, m, link)
		case m.To == "":
			payload["message"] = object{"type": "message", "ts": m.TS, "text": m.Text, "thread_ts": m.Thread}
		}
	}
}

func (m *Modal) shown(payload object) {
	payload["container"] = object{"type": "view", "view_id": m.ID}
	payload["view"] = object{"id": m.ID, "hash": m.Hash, "type": "modal", "callback_id": m.Callback,
		"private_metadata": m.Metadata, "blocks": m.Blocks, "state": object{"values": object{}}}
}

// suggest asks the app for what a menu holds. It has 3 s, as for everything.
func (s *Server) suggest(user string, element object, block, text string, where func(object)) (Offer, error) {
	ack := s.interact(user, func(payload object) {
		payload["type"], payload["value"] = "block_suggestion", text
		payload["action_id"], payload["block_id"] = element["action_id"], block
		where(payload)
	})
	if !ack.OK() {
		return Offer{}, fmt.Errorf("menu %v: %d %v", element["action_id"], ack.Status, ack.Err)
	}
	offer, wrong := offered(ack.Body)
	if len(wrong) > 0 {
		s.mu.Lock()
		s.broken = append(s.broken, fmt.Sprintf("%s: options of %v refused: %v", user, element["action_id"], wrong))
		s.mu.Unlock()
		return Offer{}, fmt.Errorf("menu %v: %q", element["action_id"], wrong)
	}
	return offer, nil
}

// offered reads the answer to a search as Slack does: options, or groups of
// options, at most 100 altogether.
func offered(body []byte) (offer Offer, wrong []string) {
	var node object
	if err := json.Unmarshal(body, &node); err != nil {
		return Offer{}, []string{err.Error()}
	}
	c := &checker{where: inMessage, ids: map[string]bool{}}
	if node["option_groups"] == nil {
		c.shape("", node, "options", "")
		c.options("", node, 0, 100, false)
		offer.add(node["options"])
		return offer, c.errors
	}
	c.shape("", node, "option_groups", "")
	for i, item := range c.list("", node, "option_groups", 1, 100) {
		at := fmt.Sprintf("/option_groups/%d", i)
		if group, ok := c.shape(at, item, "label options", ""); ok {
			c.text(at+"/label", group["label"], "plain_text", 75)
			c.options(at, group, 1, 100, false)
			offer.add(group["options"])
			offer.Heading += label(group["label"])
		}
	}
	if len(offer.options) > 100 {
		c.bad("/option_groups", "no more than 100 options allowed")
	}
	return offer, c.errors
}

func (o *Offer) add(options any) {
	list, _ := options.([]any)
	for _, item := range list {
		option, _ := item.(object)
		o.options, o.Labels = append(o.options, item), append(o.Labels, label(option["text"]))
	}
}

// searchFor looks for a label in the menus of a message that are searched.
func (s *Server) searchFor(user string, m Message, wanted string) (clickable, bool) {
	for _, c := range m.clickables() {
		if !searched(c.element) {
			continue
		}
		found, err := s.suggest(user, c.element, c.block, wanted, s.on(m, c.link))
		if err != nil {
			continue
		}
		if at := slices.Index(found.Labels, wanted); at >= 0 {
			c.option, _ = found.options[at].(object)
			return c, true
		}
	}
	return clickable{}, false
}

// offer gives a field that is searched the options that a person comes across:
// what is chosen, what it shows at first, and what the given words find.
func (s *Server) offer(user string, m *Modal, in *input, given []string) error {
	if !searched(in.Element) {
		return nil
	}
	options, _ := in.Element["initial_options"].([]any)
	if one := in.Element["initial_option"]; one != nil {
		options = append(options, one)
	}
	for _, text := range append([]string{""}, given...) {
		found, err := s.suggest(user, in.Element, in.BlockID, strings.TrimSpace(text), m.shown)
		if err != nil {
			return err
		}
		options = append(options, found.options...)
	}
	in.Element = maps.Clone(in.Element)
	in.Element["options"] = options
	return nil
}
