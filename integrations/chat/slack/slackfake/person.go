package slackfake

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

func (s *Server) teamOf(p Person) string {
	if p.Team != "" {
		return p.Team
	}
	return Team
}

// Command types a slash command. What is answered at once is shown.
func (s *Server) Command(user, channel, name, text string) Ack {
	s.mu.Lock()
	p := s.people[user]
	address := s.newResponseURL(channel, user, "", nil)
	u := s.urls[address[strings.LastIndex(address, "/")+1:]]
	u.ready = make(chan struct{})
	defer close(u.ready)
	form := url.Values{"token": {"legacy"}, "team_id": {s.teamOf(p)}, "team_domain": {"colibri"}, "channel_id": {channel},
		"channel_name": {s.nameOf(channel)}, "user_id": {user}, "user_name": {p.Name}, "command": {name},
		"text": {escape(text)}, "api_app_id": {App}, "is_enterprise_install": {"false"},
		"response_url": {address}, "trigger_id": {s.newTrigger(user)}}
	if s.options.Enterprise != "" {
		form.Set("enterprise_id", s.options.Enterprise)
		form.Set("is_enterprise_install", "true")
	}
	s.mu.Unlock()
	payload := object{}
	for key, list := range form {
		payload[key] = list[0]
	}
	ack := s.deliver(delivery{kind: "slash_commands", path: "/slack/commands", form: form, payload: payload})
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ack.OK() {
		s.broken = append(s.broken, fmt.Sprintf("%s: %s failed because the app did not respond (%d %v)", user, name, ack.Status, ack.Err))
		return ack
	}
	if len(ack.Body) > 0 {
		var in said
		if err := json.Unmarshal(ack.Body, &in); err != nil {
			in = said{Text: string(ack.Body)}
		}
		v := url.Values{"text": {in.Text}}
		if len(in.Blocks) > 0 {
			v.Set("blocks", string(in.Blocks))
		}
		if code, details := s.content(v); code != "" {
			s.broken = append(s.broken, fmt.Sprintf("%s: answer of %s refused: %s %v", user, name, code, details))
			return ack
		}
		s.show(u, in)
	}
	return ack
}

func (s *Server) nameOf(channel string) string {
	if c := s.channels[channel]; c != nil {
		return c.Name
	}
	return channel
}

// Say writes a message. In a direct message to Crieur, and in a channel with
// "@Crieur" in it, the app hears of it.
func (s *Server) Say(user, channel, text string) (Message, Ack) {
	return s.SayIn(user, channel, "", text)
}

// SayIn writes a message in a thread.
func (s *Server) SayIn(user, channel, thread, text string) (Message, Ack) {
	s.mu.Lock()
	text = strings.ReplaceAll(escape(text), "@Crieur", "<@"+Bot+">")
	m := &Message{Channel: channel, TS: s.stamp(), Thread: thread, User: user, Text: text, At: s.Now()}
	s.messages = append(s.messages, m)
	event := object{"user": user, "text": text, "ts": m.TS, "event_ts": m.TS, "channel": channel,
		"team": s.teamOf(s.people[user]), "blocks": []object{{"type": "a_block_of_tomorrow", "elements": 3}}}
	if thread != "" {
		event["thread_ts"] = thread
	}
	im := strings.HasPrefix(channel, "D")
	switch {
	case im:
		event["type"], event["channel_type"] = "message", "im"
	case strings.Contains(text, "<@"+Bot+">"):
		event["type"] = "app_mention"
	}
	payload := s.outer(event)
	links := s.linkShared(m, "conversations_history")
	copied := *m
	s.mu.Unlock()
	ack := Ack{}
	if links != nil {
		ack = s.deliverEvent(links)
	}
	if event["type"] == nil {
		return copied, ack
	}
	return copied, s.deliverEvent(payload)
}

// Compose writes a message with links and does not send it.
func (s *Server) Compose(user, channel, text string) Ack {
	s.mu.Lock()
	links := s.linkShared(&Message{Channel: channel, TS: s.stamp(), User: user, Text: escape(text)}, "composer")
	s.mu.Unlock()
	return s.deliverEvent(links)
}

// outer wraps an event. s.mu is held.
func (s *Server) outer(event object) object {
	team, enterprise := Team, any(nil)
	if s.options.Enterprise != "" {
		enterprise = s.options.Enterprise
	}
	payload := object{"token": "legacy", "team_id": team, "context_team_id": team, "api_app_id": App, "event": event,
		"type": "event_callback", "event_id": fmt.Sprintf("Ev%d", s.next()), "event_time": s.Now().Unix(),
		"authorizations": []object{{"enterprise_id": enterprise, "team_id": team, "user_id": Bot, "is_bot": true,
			"is_enterprise_install": s.options.Enterprise != ""}}}
	if c, ok := s.channels[fmt.Sprint(event["channel"])]; ok && c.Shared {
		payload["is_ext_shared_channel"] = true
		payload["team_id"] = event["team"] // the other company's
	}
	return payload
}

// Event brings an event of any shape, as Slack's own, and tells how it went.
func (s *Server) Event(event map[string]any) Ack {
	s.mu.Lock()
	payload := s.outer(event)
	s.mu.Unlock()
	return s.deliverEvent(payload)
}

// OpenHome opens Crieur's home page.
func (s *Server) OpenHome(user string) Ack {
	s.mu.Lock()
	event := object{"type": "app_home_opened", "user": user, "channel": s.dm(user), "tab": "home", "event_ts": s.stamp()}
	s.mu.Unlock()
	return s.Event(event)
}

// interact brings an interaction; shape completes the payload.
func (s *Server) interact(user string, shape func(object)) Ack {
	s.mu.Lock()
	p := s.people[user]
	payload := object{"token": "legacy", "api_app_id": App, "trigger_id": s.newTrigger(user),
		"team": object{"id": s.teamOf(p), "domain": "colibri"}, "enterprise": nil, "is_enterprise_install": false,
		"user": object{"id": user, "username": p.Name, "name": p.Name, "team_id": s.teamOf(p)}}
	if s.options.Enterprise != "" {
		payload["enterprise"] = object{"id": s.options.Enterprise, "name": "Colibri"}
		payload["is_enterprise_install"] = true
		payload["team"] = nil
	}
	shape(payload)
	s.mu.Unlock()
	path := "/slack/interactions"
	if payload["type"] == "block_suggestion" {
		path = "/slack/options"
	}
	ack := s.deliver(delivery{kind: "interactive", path: path, payload: payload})
	if !ack.OK() {
		s.mu.Lock()
		s.broken = append(s.broken, fmt.Sprintf("%s: %v did not work (%d %v)", user, payload["type"], ack.Status, ack.Err))
		s.mu.Unlock()
	}
	return ack
}

// Shortcut uses a global shortcut.
func (s *Server) Shortcut(user, callback string) Ack {
	return s.interact(user, func(payload object) {
		payload["type"], payload["callback_id"], payload["action_ts"] = "shortcut", callback, s.stamp()
	})
}

// MessageShortcut uses a shortcut on a message.
func (s *Server) MessageShortcut(user string, m Message, callback string) Ack {
	return s.interact(user, func(payload object) {
		payload["type"], payload["callback_id"], payload["action_ts"] = "message_action", callback, s.stamp()
		payload["channel"] = object{"id": m.Channel, "name": s.nameOf(m.Channel)}
		payload["message_ts"] = m.TS
		files := []object{}
		for _, f := range m.Files {
			files = append(files, s.about(&f))
		}
		payload["message"] = object{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "thread_ts": m.Thread, "files": files}
		payload["response_url"] = s.newResponseURL(m.Channel, user, "", nil)
	})
}
