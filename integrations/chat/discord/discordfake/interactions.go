package discordfake

import (
	"bytes"
	"encoding/json"
	"maps"
	"time"
)

const (
	// firstResponse is how long an application has for its first response.
	firstResponse = 3 * time.Second
	// tokenLife is how long an interaction can be answered after that.
	tokenLife = 15 * time.Minute
)

// Kinds of interactions.
const (
	kindPing     = 1
	kindCommand  = 2
	kindClick    = 3
	kindComplete = 4
	kindSubmit   = 5
)

// interaction is one act of a person that an application answers.
type interaction struct {
	id, token, user, channel string
	kind                     int
	began                    time.Time // on the clock of deadlines
	born                     time.Time // on the clock of ages
	source                   *message  // whose component was used
	payload                  map[string]any

	acked    bool
	response int
	took     time.Duration
	original *message
	choices  []Choice
	modal    *Modal
	done     chan struct{}
}

// callback is the first response, over REST.
func (s *Server) callback(req request, id, token string) (any, int, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.interactions[token]
	if in == nil || in.id != id {
		return nil, 0, refuse(404, 10062, "Unknown interaction")
	}
	if bad := s.respond(in, req.body); bad != nil {
		return nil, 0, bad
	}
	return nil, 204, nil
}

// respond takes a first response, whichever way it came.
func (s *Server) respond(in *interaction, body []byte) *refusal {
	took := time.Since(in.began)
	switch {
	case in.acked:
		return refuse(400, 40060, "Interaction has already been acknowledged.")
	case took > firstResponse:
		return refuse(404, 10062, "Unknown interaction")
	}
	var answer struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&answer); err != nil {
		return refuse(400, 50035, "Invalid Form Body: %v", err)
	}
	if bad := s.applyResponse(in, answer.Type, answer.Data); bad != nil {
		s.violate("response type %d to interaction type %d refused: %s", answer.Type, in.kind, bad.message)
		return bad
	}
	in.acked, in.response, in.took = true, answer.Type, took
	close(in.done)
	return nil
}

func (s *Server) applyResponse(in *interaction, kind int, data json.RawMessage) *refusal {
	fromMessage := in.source != nil
	switch {
	case in.kind == kindPing && kind == 1:
		return nil
	case in.kind == kindComplete:
		if kind != 8 {
			break
		}
		return in.complete(data)
	case kind == 4:
		return s.say(in, data)
	case kind == 5:
		return s.think(in, data)
	case kind == 6 && fromMessage:
		in.original = in.source
		return nil
	case kind == 7 && fromMessage:
		return s.update(in, data)
	case kind == 9 && in.kind != kindSubmit:
		modal, bad := checkModal(data)
		if bad == nil {
			modal.from = in
			s.modals[in.user], in.modal = modal, modal
		}
		return bad
	}
	return refuse(400, 50035, "type: %d is not allowed as response to this interaction", kind)
}

func (in *interaction) complete(data json.RawMessage) *refusal {
	var body struct {
		Choices []Choice `json:"choices"`
	}
	if err := json.Unmarshal(data, &body); err != nil || body.Choices == nil {
		return refuse(400, 50035, "choices: needed")
	}
	if len(body.Choices) > 25 {
		return refuse(400, 50035, "choices: at most 25")
	}
	for _, c := range body.Choices {
		if chars(c.Name) < 1 || chars(c.Name) > 100 || chars(c.Value) < 1 || chars(c.Value) > 100 {
			return refuse(400, 50035, "choices: name and value of 1 to 100 characters")
		}
	}
	in.choices = body.Choices
	return nil
}

func decodePayload(data json.RawMessage) (payload, *refusal) {
	var body payload
	bad := request{body: data}.decode(&body)
	return body, bad
}

// say is a new message as response.
func (s *Server) say(in *interaction, data json.RawMessage) *refusal {
	body, bad := decodePayload(data)
	if bad != nil {
		return bad
	}
	m, bad := s.interactionMessage(in, body, nil)
	if bad == nil {
		in.original = m
	}
	return bad
}

// interactionMessage makes a message of a response or a follow-up.
func (s *Server) interactionMessage(in *interaction, body payload, files []sent) (*message, *refusal) {
	m := &message{author: s.opts.AppID, channel: in.channel}
	if bad := s.fill(m, body, files, flagV2|flagPrivate|flagSilent, false); bad != nil {
		return nil, bad
	}
	s.placeInteraction(in, m)
	return m, nil
}

func (s *Server) placeInteraction(in *interaction, m *message) {
	if in.source != nil {
		m.clicked = in.source.id
	}
	if m.flags&flagPrivate == 0 {
		s.add(s.channels[in.channel], m)
		return
	}
	m.private, m.id, m.at = in.user, s.snowflake(), s.opts.Now()
	s.ephemerals[in.user] = append(s.ephemerals[in.user], m)
}

// think shows that an answer is coming. Of all flags only EPHEMERAL may be set.
func (s *Server) think(in *interaction, data json.RawMessage) *refusal {
	var body struct {
		Flags int `json:"flags"`
	}
	if len(data) > 0 {
		if bad := (request{body: data}).decode(&body); bad != nil {
			return bad
		}
	}
	if body.Flags&^flagPrivate != 0 {
		return refuse(400, 50035, "flags: a deferred response may only be EPHEMERAL")
	}
	in.original = &message{author: s.opts.AppID, channel: in.channel, flags: body.Flags | flagLoading}
	s.placeInteraction(in, in.original)
	return nil
}

func (s *Server) update(in *interaction, data json.RawMessage) *refusal {
	body, bad := decodePayload(data)
	if bad != nil {
		return bad
	}
	in.source.edits++
	in.original = in.source
	return s.fill(in.source, body, nil, flagV2, false)
}

// webhook are the calls after the first response.
func (s *Server) webhook(req request, app, token string, rest []string) (any, int, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.interactions[token]
	switch {
	case app != s.opts.AppID || in == nil:
		return nil, 0, refuse(404, 10015, "Unknown Webhook")
	case s.opts.Now().Sub(in.born) > tokenLife:
		return nil, 0, refuse(401, 50027, "Invalid Webhook Token")
	case !in.acked:
		return nil, 0, refuse(404, 10015, "Unknown Webhook")
	}
	if len(rest) == 0 && req.method == "POST" {
		body, bad := decodePayload(req.body)
		if bad != nil {
			return nil, 0, bad
		}
		m, bad := s.interactionMessage(in, body, req.files)
		if bad != nil {
			return nil, 0, bad
		}
		return s.json(m), 200, nil
	}
	if len(rest) != 2 || rest[0] != "messages" || rest[1] != "@original" {
		return nil, 0, refuse(404, 0, "404: Not Found")
	}
	if in.original == nil || in.original.gone {
		return nil, 0, refuse(404, 10008, "Unknown Message")
	}
	return s.original(req, in)
}

func (s *Server) original(req request, in *interaction) (any, int, *refusal) {
	switch req.method {
	case "GET":
		return s.json(in.original), 200, nil
	case "DELETE":
		in.original.gone = true
		return nil, 204, nil
	case "PATCH":
		body, bad := decodePayload(req.body)
		if bad != nil {
			return nil, 0, bad
		}
		in.original.edits++
		if bad := s.fill(in.original, body, req.files, flagV2, true); bad != nil {
			return nil, 0, bad
		}
		return s.json(in.original), 200, nil
	}
	return nil, 0, refuse(405, 0, "405: Method Not Allowed")
}

// begin makes an interaction of a person in a channel.
func (s *Server) begin(user *User, c *channel, kind int, data map[string]any, source *message) *interaction {
	in := &interaction{id: s.snowflake(), token: "itoken-" + s.snowflake(), user: user.ID, channel: c.id, kind: kind,
		born: s.opts.Now(), source: source, done: make(chan struct{})}
	in.payload = map[string]any{"id": in.id, "application_id": s.opts.AppID, "type": kind, "token": in.token, "version": 1,
		"locale": user.Locale, "channel_id": c.id, "channel": s.channelJSON(c), "data": data}
	person := map[string]any{"id": user.ID, "username": user.Name}
	if c.guild == "" {
		in.payload["user"] = person
	} else {
		in.payload["guild_id"] = c.guild
		in.payload["member"] = map[string]any{"user": person, "roles": user.Roles, "permissions": "0"}
	}
	if source != nil {
		in.payload["message"] = s.json(source)
	}
	s.interactions[in.token] = in
	return in
}

// deliver sends the interaction and waits for its first response.
func (s *Server) deliver(in *interaction) Result {
	s.mu.Lock()
	handler := s.handler
	s.mu.Unlock()
	in.began = time.Now()
	if handler != nil {
		s.delivery.Go(func() { s.deliverHTTP(handler, in) })
	} else {
		s.event("INTERACTION_CREATE", maps.Clone(in.payload), 0)
	}
	timer := time.NewTimer(firstResponse)
	defer timer.Stop()
	select {
	case <-in.done:
	case <-timer.C:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := Result{ID: in.id, Token: in.token, Response: in.response, Took: in.took, Failed: !in.acked, Choices: in.choices, Modal: in.modal}
	if in.original != nil {
		m := s.shown(in.original)
		r.Message = &m
	}
	return r
}
