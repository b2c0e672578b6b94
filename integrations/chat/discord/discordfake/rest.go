package discordfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
)

// request is one REST call, read.
type request struct {
	method string
	path   []string // after /api/v10, "channels", "1", "messages"…
	query  string
	body   []byte
	files  []sent
}

const (
	maxFileBytes    = 10 << 20
	maxRequestBytes = 25 << 20
)

// ServeHTTP is the whole fake: /api/v10/…, /gateway and /resume, and the files.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/gateway", "/gateway/", "/resume", "/resume/":
		s.serveGateway(w, r)
		return
	}
	path, ok := strings.CutPrefix(r.URL.Path, "/api/v10/")
	if strings.HasPrefix(r.URL.Path, plainFiles) || strings.HasPrefix(r.URL.Path, shortFiles) {
		path, ok = r.URL.Path[1:], true
	}
	if !ok {
		writeJSON(w, http.StatusNotFound, problem(refuse(404, 0, "404: Not Found")))
		return
	}
	f := s.fault(r.Method, "/"+path)
	if f.Delay > 0 {
		time.Sleep(f.Delay)
	}
	if f.DropBefore {
		drop(w)
		return
	}
	if f.Status != 0 {
		spoiled := refuse(f.Status, f.Code, "injected")
		spoiled.retry, spoiled.global = f.RetryAfter, f.Global
		if f.Scope != "" {
			w.Header().Set("X-RateLimit-Scope", f.Scope)
		}
		writeJSON(w, f.Status, problem(spoiled))
		return
	}
	if f.DropAfter {
		s.answer(&discard{header: http.Header{}}, r, path)
		drop(w)
		return
	}
	s.answer(w, r, path)
}

// discard takes an answer that never arrives.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header          { return d.header }
func (*discard) Write(data []byte) (int, error) { return len(data), nil }
func (*discard) WriteHeader(int)                {}
func problem(r *refusal) map[string]any {
	p := map[string]any{"code": r.code, "message": r.message}
	if r.status == http.StatusTooManyRequests {
		p["retry_after"], p["global"] = r.retry, r.global
	}
	return p
}

// drop cuts the connection without an answer.
func drop(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		conn.Close()
	}
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, path string) {
	if r.URL.Path == "/"+path {
		s.serveFile(w, r)
		return
	}
	req, bad := read(r, path)
	var value any
	status := http.StatusOK
	if bad == nil {
		value, status, bad = s.route(w, r, req)
	}
	if bad != nil {
		writeJSON(w, bad.status, problem(bad))
		return
	}
	writeJSON(w, status, value)
}

func read(r *http.Request, path string) (request, *refusal) {
	req := request{method: r.Method, path: strings.Split(strings.Trim(path, "/"), "/"), query: r.URL.RawQuery}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		data, err := io.ReadAll(io.LimitReader(r.Body, maxRequestBytes+1))
		if err != nil || len(data) > maxRequestBytes {
			return req, refuse(413, 40005, "Request entity too large")
		}
		if len(data) > 0 && kind != "application/json" {
			return req, refuse(400, 50035, "a body needs Content-Type application/json")
		}
		req.body = data
		return req, nil
	}
	return req, readParts(&req, multipart.NewReader(r.Body, params["boundary"]))
}

func readParts(req *request, parts *multipart.Reader) *refusal {
	total := 0
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return refuse(400, 50035, "multipart not readable: %v", err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return refuse(400, 50035, "part not readable: %v", err)
		}
		total += len(data)
		if len(data) > maxFileBytes || total > maxRequestBytes {
			return refuse(413, 40005, "Request entity too large")
		}
		if part.FormName() == "payload_json" {
			req.body = data
			continue
		}
		if part.FormName() != fmt.Sprintf("files[%d]", len(req.files)) {
			return refuse(400, 50035, "unexpected part %q", part.FormName())
		}
		req.files = append(req.files, sent{part.FileName(), data})
	}
}

// decode reads the body strictly: what nobody documented is a mistake.
func (r request) decode(into any) *refusal {
	d := json.NewDecoder(bytes.NewReader(r.body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return refuse(400, 50035, "Invalid Form Body: %v", err)
	}
	return nil
}

// route finds what a call asks for. Calls about interactions need no token and
// have no global limit.
func (s *Server) route(w http.ResponseWriter, r *http.Request, req request) (any, int, *refusal) {
	p := req.path
	switch {
	case p[0] == "interactions" && len(p) == 4 && p[3] == "callback" && req.method == "POST":
		return s.callback(req, p[1], p[2])
	case p[0] == "webhooks" && len(p) >= 3:
		return s.webhook(req, p[1], p[2], p[3:])
	}
	if r.Header.Get("Authorization") != "Bot "+s.opts.Token {
		return nil, 0, refuse(401, 0, "401: Unauthorized")
	}
	if !strings.HasPrefix(r.Header.Get("User-Agent"), "DiscordBot (") {
		return nil, 0, refuse(403, 0, "a User-Agent of the form DiscordBot (…) is needed")
	}
	route, major := routeOf(req)
	if bad := s.limit(w, route, major); bad != nil {
		return nil, 0, bad
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.do(route, req)
}

// routeOf names a route without IDs; major is the channel or guild.
func routeOf(req request) (route, major string) {
	var names []string
	for i, part := range req.path {
		switch {
		case i%2 == 0 || part == "@me" || part == "bot":
			names = append(names, part)
		case i == 1:
			major = part
		}
	}
	return req.method + " /" + strings.Join(names, "/"), major
}

func (s *Server) do(route string, req request) (any, int, *refusal) {
	p := req.path
	switch route {
	case "GET /gateway", "GET /gateway/bot":
		return map[string]any{"url": s.GatewayURL(), "shards": 1,
			"session_start_limit": map[string]int{"total": 1000, "remaining": s.identifiesLeft(), "max_concurrency": 1}}, 200, nil
	case "GET /users/@me":
		return map[string]any{"id": s.opts.AppID, "username": "Crieur", "bot": true}, 200, nil
	case "GET /applications/@me":
		return map[string]any{"id": s.opts.AppID, "name": "Crieur", "verify_key": s.PublicKey(), "flags": 0, "interactions_endpoint_url": s.endpoint}, 200, nil
	case "POST /users/@me/channels":
		return s.openDM(req)
	case "POST /channels/messages":
		return s.createMessage(req, p[1])
	case "PATCH /channels/messages":
		return s.editMessage(req, p[1], p[3])
	case "DELETE /channels/messages":
		return s.deleteMessage(p[1], p[3])
	case "GET /channels/messages":
		if len(p) == 4 {
			return s.oneMessage(p[1], p[3])
		}
		return s.listMessages(req, p[1])
	case "POST /channels/messages/threads":
		return s.createThread(req, p[1], p[3])
	case "GET /channels":
		c, bad := s.visible(p[1])
		if bad != nil {
			return nil, 0, bad
		}
		return s.channelJSON(c), 200, nil
	case "PATCH /channels":
		return s.wakeThread(req, p[1])
	case "GET /guilds":
		return s.guildJSON(p[1])
	case "GET /guilds/channels":
		return s.channelsJSON(p[1])
	case "GET /guilds/members":
		return s.memberJSON(p[1], p[3])
	case "GET /applications/commands":
		return s.commands, 200, nil
	case "PUT /applications/commands":
		return s.putCommands(req)
	}
	s.violate("call of an unknown route %s", route)
	return nil, 0, refuse(404, 0, "404: Not Found")
}
