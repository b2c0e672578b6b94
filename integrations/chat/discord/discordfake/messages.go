package discordfake

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Message flags.
const (
	flagPrivate = 1 << 6
	flagLoading = 1 << 7
	flagSilent  = 1 << 12
	flagV2      = 1 << 15
)

// Permissions that a channel may be denied (Deny).
const (
	ViewChannel   = 1 << 10
	SendMessages  = 1 << 11
	AttachFiles   = 1 << 15
	ReadHistory   = 1 << 16
	PublicThreads = 1 << 35
	SendInThreads = 1 << 38
)

const (
	nonceMemory = 5 * time.Minute
	oldMessage  = time.Hour
	// maxOldEdits is how many edits of messages older than an hour are taken in
	// an hour; Discord does not say the number.
	maxOldEdits = 30
)

// message is what hangs in a channel, or before one person.
type message struct {
	id, channel, author string
	content             string
	flags               int
	components          []any
	mentioned           []string // who was notified by name
	at                  time.Time
	edits               int
	thread              string
	reference           string
	attached            []*stored
	private             string // whose ephemeral it is
	clicked             string // the message whose component brought it
	gone                bool
}

// payload is a message as a bot sends it.
type payload struct {
	Content     *string          `json:"content"`
	Flags       int              `json:"flags"`
	Components  []any            `json:"components"`
	Mentions    *allowedMentions `json:"allowed_mentions"`
	Nonce       string           `json:"nonce"`
	Enforce     bool             `json:"enforce_nonce"`
	Reference   *reference       `json:"message_reference"`
	Attachments []attachment     `json:"attachments"`
}

type allowedMentions struct {
	Parse   []string `json:"parse"`
	Users   []string `json:"users"`
	Roles   []string `json:"roles"`
	Replied bool     `json:"replied_user"`
}

type reference struct {
	Message string `json:"message_id"`
	Strict  bool   `json:"fail_if_not_exists"`
}

// attachment names a file; its ID is a number or a string.
type attachment struct {
	ID          json.RawMessage `json:"id"`
	Name        string          `json:"filename"`
	Description string          `json:"description"`
}

func (a attachment) id() string { return strings.Trim(string(a.ID), `"`) }

// visible finds a channel that the bot may see.
func (s *Server) visible(id string) (*channel, *refusal) {
	c := s.channels[id]
	switch {
	case c == nil:
		return nil, refuse(404, 10003, "Unknown Channel")
	case c.denied&ViewChannel != 0:
		return nil, refuse(403, 50001, "Missing Access")
	}
	return c, nil
}

func (c *channel) find(id string) *message {
	for _, m := range c.messages {
		if m.id == id && !m.gone {
			return m
		}
	}
	return nil
}

func (s *Server) openDM(req request) (any, int, *refusal) {
	var body struct {
		Recipient string `json:"recipient_id"`
	}
	if bad := req.decode(&body); bad != nil {
		return nil, 0, bad
	}
	if s.users[body.Recipient] == nil {
		return nil, 0, refuse(400, 50033, "Invalid Recipient(s)")
	}
	return s.channelJSON(s.dm(body.Recipient)), 200, nil
}

func (s *Server) createMessage(req request, id string) (any, int, *refusal) {
	c, bad := s.visible(id)
	if bad != nil {
		return nil, 0, bad
	}
	if bad := s.maySend(c, len(req.files) > 0); bad != nil {
		return nil, 0, bad
	}
	var body payload
	if bad := req.decode(&body); bad != nil {
		return nil, 0, bad
	}
	if len(body.Nonce) > 25 {
		return nil, 0, refuse(400, 50035, "nonce: at most 25 characters")
	}
	if body.Enforce {
		if before, ok := c.nonces[body.Nonce]; ok && body.Nonce != "" && s.opts.Now().Sub(before.at) < nonceMemory {
			return s.json(before.message), 200, nil
		}
	}
	if body.Reference != nil && body.Reference.Strict && c.find(body.Reference.Message) == nil {
		return nil, 0, refuse(400, 50035, "message_reference: Unknown message")
	}
	m := &message{author: s.opts.AppID, channel: id}
	if bad := s.fill(m, body, req.files, flagV2|flagSilent, false); bad != nil {
		return nil, 0, bad
	}
	if body.Reference != nil {
		m.reference = body.Reference.Message
	}
	s.add(c, m)
	c.archived = false
	if body.Nonce != "" {
		c.nonces[body.Nonce] = nonce{m, s.opts.Now()}
	}
	return s.json(m), 200, nil
}

func (s *Server) maySend(c *channel, files bool) *refusal {
	if u := s.users[c.recipient]; u != nil && u.ClosedDMs {
		return refuse(403, 50007, "Cannot send messages to this user")
	}
	needed := int64(SendMessages)
	if c.parent != "" {
		needed = SendInThreads
	}
	if files {
		needed |= AttachFiles
	}
	if c.denied&needed != 0 {
		return refuse(403, 50013, "Missing Permissions")
	}
	return nil
}

func (s *Server) add(c *channel, m *message) {
	m.id, m.at = s.snowflake(), s.opts.Now()
	c.messages = append(c.messages, m)
}

// fill puts a payload into a message, if it is valid. allowed are the flags
// that may be set here; keeps is for attach.
func (s *Server) fill(m *message, body payload, files []sent, allowed int, keeps bool) *refusal {
	if body.Flags&^allowed != 0 {
		return refuse(400, 50035, "flags: %d not allowed here", body.Flags&^allowed)
	}
	if m.flags&flagV2 != 0 && body.Flags&flagV2 == 0 && body.Components == nil {
		return refuse(400, 50035, "IS_COMPONENTS_V2 cannot be removed")
	}
	flags := m.flags&^flagLoading | body.Flags
	kept, bad := s.attach(m, body, files, keeps)
	if bad == nil {
		bad = checkMessage(body, flags, kept)
	}
	if bad != nil {
		return bad
	}
	s.settle(m, kept)
	m.flags, m.components = flags, s.complete(body.Components, kept)
	if body.Content != nil {
		m.content = *body.Content
	}
	if who := s.notified(body); m.edits == 0 {
		m.mentioned = who
	}
	return nil
}

// notified works out whom a message mentions, by its text and what it allows. An edit
// rings nobody, but has to say the same: what it shows may light up for them.
func (s *Server) notified(body payload) []string {
	text := textOf(body.Components)
	if body.Content != nil {
		text += *body.Content
	}
	if body.Mentions == nil {
		s.violate("message without allowed_mentions: %.60q", text)
	} else if len(body.Mentions.Parse) > 0 {
		s.violate("message with allowed_mentions.parse %v", body.Mentions.Parse)
	}
	var who []string
	for _, id := range mentionsIn(text) {
		if body.Mentions != nil && (slices.Contains(body.Mentions.Users, id) || slices.Contains(body.Mentions.Parse, "users")) {
			who = append(who, id)
		}
	}
	return who
}

func (s *Server) editMessage(req request, id, msg string) (any, int, *refusal) {
	c, bad := s.visible(id)
	if bad != nil {
		return nil, 0, bad
	}
	m := c.find(msg)
	switch {
	case m == nil:
		return nil, 0, refuse(404, 10008, "Unknown Message")
	case m.author != s.opts.AppID:
		return nil, 0, refuse(403, 50005, "Cannot edit a message authored by another user")
	case c.archived:
		return nil, 0, refuse(400, 50083, "Tried to perform an operation on an archived thread")
	case len(req.files) > 0 && c.denied&AttachFiles != 0:
		return nil, 0, refuse(403, 50013, "Missing Permissions")
	}
	if s.opts.Now().Sub(m.at) > oldMessage && m.edits >= maxOldEdits {
		return nil, 0, refuse(429, 30046, "Maximum number of edits to messages older than 1 hour reached")
	}
	var body payload
	if bad := req.decode(&body); bad != nil {
		return nil, 0, bad
	}
	m.edits++
	if bad := s.fill(m, body, req.files, flagV2, true); bad != nil {
		return nil, 0, bad
	}
	return s.json(m), 200, nil
}

func (s *Server) deleteMessage(id, msg string) (any, int, *refusal) {
	c, bad := s.visible(id)
	if bad != nil {
		return nil, 0, bad
	}
	m := c.find(msg)
	switch {
	case m == nil:
		return nil, 0, refuse(404, 10008, "Unknown Message")
	case c.archived:
		return nil, 0, refuse(400, 50083, "Tried to perform an operation on an archived thread")
	}
	m.gone = true
	return nil, 204, nil
}

func (s *Server) oneMessage(id, msg string) (any, int, *refusal) {
	c, bad := s.visible(id)
	if bad != nil {
		return nil, 0, bad
	}
	if m := c.find(msg); m != nil {
		return s.json(m), 200, nil
	}
	return nil, 0, refuse(404, 10008, "Unknown Message")
}

func (s *Server) listMessages(req request, id string) (any, int, *refusal) {
	c, bad := s.visible(id)
	if bad != nil {
		return nil, 0, bad
	}
	if c.denied&ReadHistory != 0 {
		return []any{}, 200, nil
	}
	query, err := url.ParseQuery(req.query)
	if err != nil {
		return nil, 0, refuse(400, 50035, "query: %v", err)
	}
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil || limit < 1 || limit > 100 {
		return nil, 0, refuse(400, 50035, "limit: 1 to 100")
	}
	list := []any{}
	for _, m := range c.messages {
		if !m.gone && m.id > query.Get("after") && len(list) < limit {
			list = append([]any{s.json(m)}, list...) // newest first
		}
	}
	return list, 200, nil
}

func (s *Server) createThread(req request, id, msg string) (any, int, *refusal) {
	c, bad := s.visible(id)
	if bad != nil {
		return nil, 0, bad
	}
	var body struct {
		Name string `json:"name"`
	}
	if bad := req.decode(&body); bad != nil {
		return nil, 0, bad
	}
	m := c.find(msg)
	switch {
	case m == nil:
		return nil, 0, refuse(404, 10008, "Unknown Message")
	case c.denied&PublicThreads != 0:
		return nil, 0, refuse(403, 50013, "Missing Permissions")
	case c.recipient != "" || c.parent != "":
		return nil, 0, refuse(400, 50024, "Cannot execute action on this channel type")
	case chars(body.Name) == 0 || chars(body.Name) > 100:
		return nil, 0, refuse(400, 50035, "name: 1 to 100 characters")
	case m.thread != "":
		return nil, 0, refuse(400, 160004, "A thread has already been created for this message")
	}
	m.thread = m.id
	t := &channel{id: m.id, guild: c.guild, parent: c.id, kind: 11, name: body.Name, nonces: map[string]nonce{}, denied: c.denied}
	s.channels[t.id] = t
	return s.channelJSON(t), 201, nil
}

func (s *Server) wakeThread(req request, id string) (any, int, *refusal) {
	c, bad := s.visible(id)
	if bad != nil {
		return nil, 0, bad
	}
	var body struct {
		Archived bool `json:"archived"`
	}
	if bad := req.decode(&body); bad != nil {
		return nil, 0, bad
	}
	c.archived = body.Archived
	return s.channelJSON(c), 200, nil
}
