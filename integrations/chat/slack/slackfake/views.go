package slackfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Modal is the form that a person has before them.
type Modal struct {
	ID, Hash, User  string
	Title, Callback string
	Submit, Close   string
	Metadata        string
	Blocks          json.RawMessage
	// Errors are what the last sending was answered with, by block ID.
	Errors map[string]string
	under  *Modal
}

// trigger is the right to open a form, for 3 s and once.
type trigger struct {
	user    string
	expires time.Time
	used    bool
}

func (s *Server) newTrigger(user string) string {
	id := fmt.Sprintf("%d.%s.fake", s.next(), Team)
	s.triggers[id] = &trigger{user: user, expires: s.Now().Add(3 * time.Second)}
	return id
}

// Modal returns what a person has before them; nil for nothing.
func (s *Server) Modal(user string) *Modal {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.views[user]; m != nil {
		copied := *m
		return &copied
	}
	return nil
}

// Home returns the blocks of a person's home page.
func (s *Server) Home(user string) json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return raw(s.homes[user])
}

func (s *Server) pull(id string) (*trigger, string) {
	t, ok := s.triggers[id]
	switch {
	case !ok:
		return nil, "invalid_trigger_id"
	case s.Now().After(t.expires):
		return nil, "expired_trigger_id"
	case t.used:
		return nil, "exchanged_trigger_id"
	}
	t.used = true
	return t, ""
}

func (s *Server) openView(v url.Values) (object, string) {
	t, code := s.pull(v.Get("trigger_id"))
	if code != "" {
		return nil, code
	}
	m, out, code := s.modal(v.Get("view"))
	if code != "" {
		return out, code
	}
	m.ID, m.User = fmt.Sprintf("V%d", s.next()), t.user
	s.views[t.user] = m
	return object{"view": object{"id": m.ID, "hash": m.Hash}}, ""
}

func (s *Server) pushView(v url.Values) (object, string) {
	t, code := s.pull(v.Get("trigger_id"))
	if code != "" {
		return nil, code
	}
	m, out, code := s.modal(v.Get("view"))
	if code != "" {
		return out, code
	}
	depth := 1
	for below := s.views[t.user]; below != nil; below = below.under {
		depth++
	}
	if depth > 3 {
		return nil, "push_limit_reached"
	}
	m.ID, m.User, m.under = fmt.Sprintf("V%d", s.next()), t.user, s.views[t.user]
	s.views[t.user] = m
	return object{"view": object{"id": m.ID, "hash": m.Hash}}, ""
}

func (s *Server) updateView(v url.Values) (object, string) {
	for user, m := range s.views {
		if m.ID != v.Get("view_id") {
			continue
		}
		if hash := v.Get("hash"); hash != "" && hash != m.Hash {
			return nil, "hash_conflict"
		}
		fresh, out, code := s.modal(v.Get("view"))
		if code != "" {
			return out, code
		}
		fresh.ID, fresh.User, fresh.under = m.ID, user, m.under
		s.views[user] = fresh
		return object{"view": object{"id": fresh.ID, "hash": fresh.Hash}}, ""
	}
	return nil, "not_found"
}

func (s *Server) publishView(v url.Values) (object, string) {
	user := v.Get("user_id")
	if _, ok := s.people[user]; !ok {
		return nil, "user_not_found"
	}
	var view struct {
		Type   string          `json:"type"`
		Blocks json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal([]byte(v.Get("view")), &view) != nil || view.Type != "home" {
		return nil, "invalid_arguments"
	}
	if code, details := s.validate("home", view.Blocks); code != "" {
		return refusal(code, details)
	}
	s.homes[user] = string(view.Blocks)
	return object{"view": object{"id": "VHOME" + user}}, ""
}

// modal checks a modal as Slack does.
func (s *Server) modal(text string) (*Modal, object, string) {
	c := &checker{where: inModal, ids: map[string]bool{}}
	var node object
	if err := json.Unmarshal([]byte(text), &node); err != nil {
		return nil, nil, "invalid_arguments"
	}
	o, _ := c.shape("/view", node, "type title blocks",
		"submit close callback_id private_metadata clear_on_close notify_on_close external_id")
	for _, name := range []string{"title", "submit", "close"} {
		if o[name] != nil {
			c.text("/view/"+name, o[name], "plain_text", 24)
		}
	}
	callback := c.str("/view", o, "callback_id", 1, 255)
	metadata := c.str("/view", o, "private_metadata", 0, 3000)
	blocks, err := json.Marshal(o["blocks"])
	if err != nil || o["type"] != "modal" {
		c.bad("/view", "not a modal")
	}
	if code, details := s.validate("modal", blocks); code != "" {
		return nil, object{"response_metadata": object{"messages": details}}, "invalid_arguments"
	}
	for _, in := range inputs(blocks) {
		if in.Element["type"] == "file_input" && !s.granted("files:read") {
			return nil, object{"needed": "files:read", "provided": strings.Join(s.options.Scopes, ",")}, "missing_scope"
		}
	}
	if len(inputs(blocks)) > 0 && o["submit"] == nil {
		c.bad("/view/submit", "required when there are inputs")
	}
	if len(c.errors) > 0 {
		return nil, object{"response_metadata": object{"messages": c.errors}}, "invalid_arguments"
	}
	said := func(name string) string {
		text, _ := o[name].(object)
		words, _ := text["text"].(string)
		return words
	}
	return &Modal{Hash: fmt.Sprintf("%d.hash", s.next()), Title: said("title"), Submit: said("submit"), Close: said("close"),
		Callback: callback, Metadata: metadata, Blocks: blocks}, nil, ""
}

// input is one field of a modal.
type input struct {
	Type    string `json:"type"`
	BlockID string `json:"block_id"`
	Label   struct {
		Text string `json:"text"`
	} `json:"label"`
	Hint struct {
		Text string `json:"text"`
	} `json:"hint"`
	Optional bool   `json:"optional"`
	Element  object `json:"element"`
}

func inputs(blocks json.RawMessage) []input {
	var all, list []input
	_ = json.Unmarshal(blocks, &all)
	for _, in := range all {
		if in.Type == "input" {
			list = append(list, in)
		}
	}
	return list
}

// fill is what Slack's own client lets a person put into a field.
func fill(in input, given []string, has bool) (object, error) {
	kind, _ := in.Element["type"].(string)
	state := object{"type": kind}
	if !has {
		given = initial(in.Element)
	}
	if len(given) == 0 {
		if !in.Optional {
			return nil, fmt.Errorf("field %q must be filled in", in.BlockID)
		}
		return state, nil
	}
	switch kind {
	case "plain_text_input":
		if most, ok := in.Element["max_length"].(float64); ok && utf8.RuneCountInString(given[0]) > int(most) {
			return nil, fmt.Errorf("field %q is longer than %s", in.BlockID, strconv.Itoa(int(most)))
		}
		state["value"] = given[0]
	case "static_select", "multi_static_select", "external_select", "multi_external_select":
		var chosen []any
		for _, value := range given {
			option := choice(in.Element["options"], value)
			if option == nil {
				return nil, fmt.Errorf("field %q has no choice %q", in.BlockID, value)
			}
			chosen = append(chosen, option)
		}
		if !strings.HasPrefix(kind, "multi_") {
			state["selected_option"] = chosen[0]
		} else {
			state["selected_options"] = chosen
		}
	case "datepicker":
		state["selected_date"] = given[0]
	case "timepicker":
		state["selected_time"] = given[0]
	}
	return state, nil
}

// choice finds an option by its value or label.
func choice(options any, wanted string) any {
	list, _ := options.([]any)
	for _, option := range list {
		o, _ := option.(object)
		text, _ := o["text"].(object)
		if o["value"] == wanted || text["text"] == escape(wanted) {
			return option
		}
	}
	return nil
}

// initial is what a field holds before anybody touches it.
func initial(element object) []string {
	for _, name := range []string{"initial_value", "initial_date", "initial_time"} {
		if text, _ := element[name].(string); text != "" {
			return []string{text}
		}
	}
	if option, ok := element["initial_option"].(object); ok {
		return []string{fmt.Sprint(option["value"])}
	}
	list, _ := element["initial_options"].([]any)
	var values []string
	for _, option := range list {
		if o, ok := option.(object); ok {
			values = append(values, fmt.Sprint(o["value"]))
		}
	}
	return values
}

// SubmitModal fills in the form that a person has before them and sends it;
// fields that are not given keep what they hold. What the answer says about the
// form happens to it.
func (s *Server) SubmitModal(user string, values map[string][]string) (Ack, error) {
	m := s.Modal(user)
	if m == nil {
		return Ack{}, fmt.Errorf("%s has no form open", user)
	}
	state := object{}
	fields := inputs(m.Blocks)
	known := []string{}
	for _, in := range fields {
		given, has := values[in.BlockID]
		if err := s.offer(user, m, &in, given); err != nil {
			return Ack{}, err
		}
		filled, err := fill(in, given, has)
		if in.Element["type"] == "file_input" && err == nil && len(given) > 0 {
			filled["files"], err = s.attached(user, in.Element, given)
		}
		if err != nil {
			return Ack{}, err
		}
		known = append(known, in.BlockID)
		id, _ := in.Element["action_id"].(string)
		state[in.BlockID] = object{id: filled}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains(known, name) {
			return Ack{}, fmt.Errorf("the form has no field %q", name)
		}
	}
	ack := s.interact(user, func(payload object) {
		payload["type"] = "view_submission"
		payload["view"] = object{"id": m.ID, "hash": m.Hash, "type": "modal", "callback_id": m.Callback,
			"private_metadata": m.Metadata, "blocks": m.Blocks, "state": object{"values": state}}
		payload["response_urls"] = []any{}
	})
	s.settle(user, m, ack, known)
	return ack, nil
}

// settle does to the form what the answer says.
func (s *Server) settle(user string, m *Modal, ack Ack, fields []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	open := s.views[user]
	if open == nil || open.ID != m.ID {
		return
	}
	var out struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	trouble := !ack.OK() || len(ack.Body) > 0 && json.Unmarshal(ack.Body, &out) != nil
	switch out.Action {
	case "errors":
		for id := range out.Errors {
			trouble = trouble || !slices.Contains(fields, id)
		}
		trouble = trouble || len(out.Errors) == 0
		open.Errors = out.Errors
	case "":
		if !trouble {
			s.close(user)
		}
	case "clear":
		delete(s.views, user)
	case "update":
		fresh, _, code := s.modal(string(out.View))
		if trouble = code != ""; !trouble {
			fresh.ID, fresh.User, fresh.under = open.ID, user, open.under
			s.views[user] = fresh
		}
	default:
		trouble = true
	}
	if trouble {
		s.broken = append(s.broken, fmt.Sprintf("%s: We had some trouble connecting (form %q, %d %v)", user, m.Title, ack.Status, ack.Err))
	}
}

func (s *Server) close(user string) {
	if below := s.views[user].under; below != nil {
		s.views[user] = below
		return
	}
	delete(s.views, user)
}

// CloseModal is the person closing the form.
func (s *Server) CloseModal(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.views[user] != nil {
		s.close(user)
	}
}

// OK says whether the delivery was acknowledged in time.
func (a Ack) OK() bool { return a.Err == nil && a.Status == http.StatusOK }
