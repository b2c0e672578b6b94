package discordfake

import (
	"strconv"
	"strings"
	"time"
)

func (s *Server) channelJSON(c *channel) map[string]any {
	made := map[string]any{"id": c.id, "type": c.kind, "name": c.name}
	if c.guild != "" {
		made["guild_id"] = c.guild
	}
	if c.parent != "" {
		made["parent_id"] = c.parent
	}
	if c.denied != 0 {
		made["permission_overwrites"] = []any{map[string]any{"id": s.opts.AppID, "type": 1, "allow": "0", "deny": strconv.FormatInt(c.denied, 10)}}
	}
	return made
}

func (s *Server) guildJSON(id string) (any, int, *refusal) {
	g := s.guilds[id]
	if g == nil {
		return nil, 0, refuse(404, 10004, "Unknown Guild")
	}
	all := int64(ViewChannel | SendMessages | AttachFiles | ReadHistory | PublicThreads | SendInThreads | 1<<14)
	return map[string]any{"id": id, "name": g.name, "owner_id": "1",
		"roles": []any{map[string]any{"id": id, "name": "@everyone", "permissions": strconv.FormatInt(all, 10)}}}, 200, nil
}

func (s *Server) channelsJSON(id string) (any, int, *refusal) {
	g := s.guilds[id]
	if g == nil {
		return nil, 0, refuse(404, 10004, "Unknown Guild")
	}
	all := []any{}
	for _, channel := range g.channels {
		if c := s.channels[channel]; c != nil {
			all = append(all, s.channelJSON(c))
		}
	}
	return all, 200, nil
}

func (s *Server) memberJSON(guild, user string) (any, int, *refusal) {
	if s.guilds[guild] == nil {
		return nil, 0, refuse(404, 10004, "Unknown Guild")
	}
	if user != s.opts.AppID {
		return nil, 0, refuse(404, 10007, "Unknown Member")
	}
	return map[string]any{"user": map[string]any{"id": user, "username": "Crieur", "bot": true}, "roles": []string{}}, 200, nil
}

// json is a message as the interface returns it.
func (s *Server) json(m *message) map[string]any {
	author := map[string]any{"id": m.author, "username": "Crieur", "bot": true}
	if u := s.users[m.author]; u != nil {
		author = map[string]any{"id": u.ID, "username": u.Name}
	}
	made := map[string]any{"id": m.id, "channel_id": m.channel, "author": author, "type": 0, "content": m.content,
		"flags": m.flags, "components": m.components, "timestamp": m.at.UTC().Format(time.RFC3339)}
	if m.thread != "" {
		made["thread"] = s.channelJSON(s.channels[m.thread])
	}
	if m.reference != "" {
		made["message_reference"] = map[string]any{"message_id": m.reference, "channel_id": m.channel}
	}
	if m.clicked != "" {
		made["interaction_metadata"] = map[string]any{"type": 3, "interacted_message_id": m.clicked}
	}
	attached := []any{}
	for _, f := range m.attached {
		attached = append(attached, s.attachmentJSON(f))
	}
	made["attachments"] = attached
	mentions := []any{}
	for _, id := range m.mentioned {
		mentions = append(mentions, map[string]any{"id": id})
	}
	made["mentions"] = mentions
	return made
}

// complete adds to components what Discord adds: IDs, and what it knows of media.
func (s *Server) complete(components []any, files []*stored) []any {
	used, next := map[float64]bool{}, 0.0
	taken(components, used)
	var walk func(any) any
	walk = func(value any) any {
		switch v := value.(type) {
		case []any:
			list := make([]any, len(v))
			for i := range v {
				list[i] = walk(v[i])
			}
			return list
		case map[string]any:
			made := map[string]any{}
			for key, inner := range v {
				made[key] = walk(inner)
			}
			if _, is := v["type"]; is {
				if _, has := v["id"]; !has {
					for next++; used[next]; next++ {
					}
					made["id"] = next
				}
			}
			s.completeMedia(made, files)
			return made
		}
		return value
	}
	list, _ := walk(components).([]any)
	return list
}

// taken collects the IDs that components have already.
func taken(value any, used map[float64]bool) {
	switch v := value.(type) {
	case []any:
		for _, inner := range v {
			taken(inner, used)
		}
	case map[string]any:
		if id, ok := v["id"].(float64); ok {
			used[id] = true
		}
		for _, inner := range v {
			taken(inner, used)
		}
	}
}

func (s *Server) completeMedia(comp map[string]any, files []*stored) {
	if media, ok := comp["media"].(map[string]any); ok {
		s.resolve(media, files)
		media["proxy_url"], media["width"], media["height"] = media["url"], 0.0, 0.0
	}
	if file, ok := comp["file"].(map[string]any); ok {
		if f := s.resolve(file, files); f != nil {
			comp["name"], comp["size"] = f.name, float64(len(f.data))
		}
	}
}

// resolve gives an attached file its address. An address of a file that the
// message does not have would soon show nothing.
func (s *Server) resolve(media map[string]any, files []*stored) *stored {
	address := text(media["url"])
	name, attached := strings.CutPrefix(address, "attachment://")
	if !attached {
		if strings.HasPrefix(address, "http://"+s.address+plainFiles) && at(files, address) == nil {
			s.violate("a message shows %s, which it does not have", address)
		}
		return nil
	}
	f := called(files, name)
	media["url"], media["attachment_id"] = s.addressOf(f), f.id
	return f
}

func text(value any) string {
	t, _ := value.(string)
	return t
}
