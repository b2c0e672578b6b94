package discordfake

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Result is what came of an act at once.
type Result struct {
	ID, Token string
	// Response is the type of the first response; Took is how long it took.
	Response int
	Took     time.Duration
	// Failed says that the person reads "the application did not respond".
	Failed bool
	// Message is what the response showed or changed, as it is now.
	Message *Message
	Modal   *Modal
	Choices []Choice
	// Err says that the act was not possible: no such command, button, form.
	Err error
}

// Choice is one completion.
type Choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// who finds a person and a channel; an empty channel is their direct messages.
func (s *Server) who(user, channelID string) (*User, *channel, error) {
	u := s.users[user]
	if u == nil {
		return nil, nil, fmt.Errorf("nobody is called %q", user)
	}
	if channelID == "" {
		return u, s.dm(user), nil
	}
	c := s.channels[channelID]
	if c == nil {
		return nil, nil, fmt.Errorf("no channel %q", channelID)
	}
	return u, c, nil
}

// start runs the preparation of an act under the lock, then delivers it.
func (s *Server) start(prepare func() (*interaction, error)) Result {
	s.mu.Lock()
	in, err := prepare()
	s.mu.Unlock()
	if err != nil {
		return Result{Err: err, Failed: true}
	}
	return s.deliver(in)
}

// Command types a slash command by any of its names, "crieur aide" for a
// subcommand; an empty channel is the person's direct messages.
func (s *Server) Command(user, channel, name, text string) Result {
	return s.start(func() (*interaction, error) {
		u, c, err := s.who(user, channel)
		if err != nil {
			return nil, err
		}
		data, err := s.commandData(name, text, false)
		if err != nil {
			return nil, err
		}
		return s.begin(u, c, kindCommand, data, nil), nil
	})
}

// Complete types a part of a command's text and returns what is proposed.
func (s *Server) Complete(user, channel, name, text string) Result {
	return s.start(func() (*interaction, error) {
		u, c, err := s.who(user, channel)
		if err != nil {
			return nil, err
		}
		data, err := s.commandData(name, text, true)
		if err != nil {
			return nil, err
		}
		return s.begin(u, c, kindComplete, data, nil), nil
	})
}

// named finds the entry of a list that has a name, in any language.
func named(entries []any, name string) map[string]any {
	for _, raw := range entries {
		entry, _ := raw.(map[string]any)
		if slices.Contains(texts(entry, "name"), name) {
			return entry
		}
	}
	return nil
}

func (s *Server) registered(kindWanted int) []any {
	var all []any
	for _, c := range s.commands {
		if kind(c) == kindWanted {
			all = append(all, c)
		}
	}
	return all
}

func (s *Server) commandData(name, typed string, focused bool) (map[string]any, error) {
	base, sub, _ := strings.Cut(name, " ")
	c := named(s.registered(1), base)
	if c == nil {
		return nil, fmt.Errorf("no command %q is registered", base)
	}
	data := map[string]any{"id": c["id"], "name": c["name"], "type": 1}
	options := list(c["options"])
	into := data
	if sub != "" && (len(options) == 0 || kind(options[0].(map[string]any)) != 1) {
		return nil, fmt.Errorf("/%s has no subcommand %q", base, sub)
	}
	if len(options) > 0 && kind(options[0].(map[string]any)) == 1 {
		entry := named(options, sub)
		if entry == nil {
			return nil, fmt.Errorf("/%s cannot be used alone, and has no %q", base, sub)
		}
		inner := map[string]any{"name": entry["name"], "type": 1}
		data["options"] = []any{inner}
		into, options = inner, list(entry["options"])
	}
	if typed == "" && !focused {
		return data, nil
	}
	if len(options) == 0 {
		return nil, fmt.Errorf("/%s takes no text", name)
	}
	option, _ := options[0].(map[string]any)
	value := map[string]any{"name": option["name"], "type": 3, "value": typed}
	if focused {
		if option["autocomplete"] != true {
			return nil, fmt.Errorf("/%s has no completion", name)
		}
		value["focused"] = true
	}
	into["options"] = []any{value}
	return data, nil
}

// MessageCommand uses an entry of a message's menu.
func (s *Server) MessageCommand(user, channelID, messageID, name string) Result {
	return s.start(func() (*interaction, error) {
		u, c, err := s.who(user, channelID)
		if err != nil {
			return nil, err
		}
		entry, m := named(s.registered(3), name), c.find(messageID)
		if entry == nil || m == nil {
			return nil, fmt.Errorf("no entry %q or no message %s", name, messageID)
		}
		return s.begin(u, c, kindCommand, map[string]any{"id": entry["id"], "name": entry["name"], "type": 3, "target_id": m.id,
			"resolved": map[string]any{"messages": map[string]any{m.id: s.json(m)}}}, nil), nil
	})
}

// UserCommand uses an entry of a person's menu.
func (s *Server) UserCommand(user, channelID, target, name string) Result {
	return s.start(func() (*interaction, error) {
		u, c, err := s.who(user, channelID)
		if err != nil {
			return nil, err
		}
		entry, t := named(s.registered(2), name), s.users[target]
		if entry == nil || t == nil {
			return nil, fmt.Errorf("no entry %q or no person %s", name, target)
		}
		resolved := map[string]any{"users": map[string]any{t.ID: map[string]any{"id": t.ID, "username": t.Name}}}
		if c.guild != "" { // of somebody in direct messages there is no more
			resolved["members"] = map[string]any{t.ID: map[string]any{"roles": t.Roles, "permissions": "0"}}
		}
		return s.begin(u, c, kindCommand, map[string]any{"id": entry["id"], "name": entry["name"], "type": 2, "target_id": t.ID,
			"resolved": resolved}, nil), nil
	})
}

// Click presses a button of a message that the person sees, by its label, or
// takes the choice of that label from one of its menus.
func (s *Server) Click(user, messageID, label string) Result {
	return s.start(func() (*interaction, error) {
		u, m, c, err := s.sees(user, messageID)
		if err != nil {
			return nil, err
		}
		shown := s.shown(m)
		for _, b := range shown.Buttons {
			if b.Label != label {
				continue
			}
			if b.URL != "" || b.Disabled {
				return nil, fmt.Errorf("button %q is a link or disabled", label)
			}
			return s.begin(u, c, kindClick, map[string]any{"custom_id": b.CustomID, "component_type": 2}, m), nil
		}
		for _, menu := range shown.Menus {
			for _, o := range menu.Options {
				if o.Label == label {
					return s.begin(u, c, kindClick, choice(menu, o.Value), m), nil
				}
			}
		}
		return nil, fmt.Errorf("message %s has no button or choice %q", messageID, label)
	})
}

// Choose takes choices of one menu, by the labels of both.
func (s *Server) Choose(user, messageID, menuLabel string, labels ...string) Result {
	return s.start(func() (*interaction, error) {
		u, m, c, err := s.sees(user, messageID)
		if err != nil {
			return nil, err
		}
		for _, menu := range s.shown(m).Menus {
			if menu.Label != menuLabel {
				continue
			}
			values, err := menu.values(labels)
			if err != nil {
				return nil, err
			}
			return s.begin(u, c, kindClick, choice(menu, values...), m), nil
		}
		return nil, fmt.Errorf("message %s has no menu %q", messageID, menuLabel)
	})
}

// Press uses a component of a message by its custom_id, even one that the
// message does not have: a message from before a restart, or a forgery.
func (s *Server) Press(user, messageID, customID string) Result {
	return s.start(func() (*interaction, error) {
		u, m, c, err := s.sees(user, messageID)
		if err != nil {
			return nil, err
		}
		return s.begin(u, c, kindClick, map[string]any{"custom_id": customID, "component_type": 2}, m), nil
	})
}

func choice(menu Menu, values ...string) map[string]any {
	return map[string]any{"custom_id": menu.CustomID, "component_type": 3, "values": values}
}

func (m Menu) values(labels []string) ([]string, error) {
	var values []string
	for _, label := range labels {
		i := slices.IndexFunc(m.Options, func(o Option) bool { return o.Label == label })
		if i < 0 {
			return nil, fmt.Errorf("menu %q has no choice %q", m.Label, label)
		}
		values = append(values, m.Options[i].Value)
	}
	return values, nil
}

// sees finds a message that a person sees: private to them, or in a channel.
func (s *Server) sees(user, id string) (*User, *message, *channel, error) {
	u := s.users[user]
	if u == nil {
		return nil, nil, nil, fmt.Errorf("nobody is called %q", user)
	}
	for _, m := range s.ephemerals[user] {
		if m.id == id && !m.gone {
			return u, m, s.channels[m.channel], nil
		}
	}
	for _, c := range s.channels {
		if m := c.find(id); m != nil && (c.recipient == "" || c.recipient == user) {
			return u, m, c, nil
		}
	}
	return nil, nil, nil, fmt.Errorf("%s sees no message %s", user, id)
}

// SubmitModal fills the form before a person and sends it. Values are found by
// a field's label, its custom_id, or the part of that after the first point;
// what is not named stays as it was. Choices are given by their labels, files by
// their names (see AddFile), separated by "|".
func (s *Server) SubmitModal(user string, values map[string]string) Result {
	return s.start(func() (*interaction, error) {
		modal := s.modals[user]
		if modal == nil {
			return nil, fmt.Errorf("%s has no form open", user)
		}
		left, uploads := maps.Clone(values), map[string]any{}
		var components []any
		for _, f := range modal.Fields {
			component, err := s.fillField(modal.from.channel, f, left, uploads)
			if err != nil {
				return nil, err
			}
			components = append(components, map[string]any{"type": 18, "component": component})
		}
		if len(left) > 0 {
			return nil, fmt.Errorf("the form has no field %v", slices.Collect(maps.Keys(left)))
		}
		delete(s.modals, user)
		from := modal.from
		return s.begin(s.users[user], s.channels[from.channel], kindSubmit,
			map[string]any{"custom_id": modal.CustomID, "components": components, "resolved": map[string]any{"attachments": uploads}}, from.source), nil
	})
}

// fillField makes the component of a field as a client sends it, and takes what it
// used from values; what is said of files goes into uploads.
func (s *Server) fillField(channel string, f Field, values map[string]string, uploads map[string]any) (map[string]any, error) {
	given, text := false, f.Value
	_, short, _ := strings.Cut(f.ID, ".")
	for _, name := range []string{f.Label, f.ID, short} {
		if v, ok := values[name]; ok && name != "" {
			given, text = true, v
			delete(values, name)
			break
		}
	}
	if f.Kind == 4 {
		if (text == "" && f.Required) || chars(text) > f.Max {
			return nil, fmt.Errorf("field %q needs 1 to %d characters", f.Label, f.Max)
		}
		return map[string]any{"type": 4, "custom_id": f.ID, "value": text}, nil
	}
	chosen := f.Values
	switch {
	case given && f.Kind == 19:
		var err error
		if chosen, err = s.upload(channel, strings.Split(text, "|"), f, uploads); err != nil {
			return nil, err
		}
	case given:
		var err error
		if chosen, err = (Menu{Label: f.Label, Options: f.Options}).values(strings.Split(text, "|")); err != nil {
			return nil, err
		}
	}
	if len(chosen) == 0 && f.Required {
		return nil, fmt.Errorf("field %q needs a choice", f.Label)
	}
	return map[string]any{"type": f.Kind, "custom_id": f.ID, "values": chosen}, nil
}

// Say writes a message; "@Crieur" in it mentions the bot. It returns its ID.
func (s *Server) Say(user, channelID, text string) (string, error) {
	s.mu.Lock()
	u, c, err := s.who(user, channelID)
	if err != nil {
		s.mu.Unlock()
		return "", err
	}
	content := strings.ReplaceAll(text, "@Crieur", "<@"+s.opts.AppID+">")
	m := &message{author: user, channel: c.id, content: content, mentioned: mentionsIn(content)}
	s.add(c, m)
	event := s.json(m)
	need := intentDirect
	if c.guild != "" {
		need = intentGuildMessages
		event["guild_id"] = c.guild
		event["member"] = map[string]any{"roles": u.Roles}
	}
	hidden := c.guild != "" && !slices.Contains(m.mentioned, s.opts.AppID)
	s.mu.Unlock()
	if hidden {
		need |= hiddenContent
	}
	s.event("MESSAGE_CREATE", event, need)
	return m.id, nil
}
