package slackfake

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Call is one call of the Web API or of a response_url ("response_url").
type Call struct {
	Method string
	Values url.Values
	Error  string
	At     time.Time
}

// method is one method of the Web API. s.mu is held.
type method struct {
	scope  string // needed, if any
	tier   int    // calls a minute; 0 for no limit
	app    bool   // wants the app-level token
	handle func(*Server, url.Values) (object, string)
}

// methods are what the fake knows; anything else is unknown_method.
func methods() map[string]method {
	return map[string]method{
		"auth.test":                    {handle: (*Server).authTest},
		"chat.postMessage":             {scope: "chat:write", handle: (*Server).postMessage},
		"chat.update":                  {scope: "chat:write", tier: 50, handle: (*Server).update},
		"chat.unfurl":                  {scope: "links:write", tier: 50, handle: (*Server).unfurl},
		"chat.delete":                  {scope: "chat:write", tier: 50, handle: (*Server).remove},
		"chat.postEphemeral":           {scope: "chat:write", tier: 100, handle: (*Server).postEphemeral},
		"views.open":                   {tier: 100, handle: (*Server).openView},
		"views.push":                   {tier: 100, handle: (*Server).pushView},
		"views.update":                 {tier: 100, handle: (*Server).updateView},
		"views.publish":                {tier: 100, handle: (*Server).publishView},
		"conversations.open":           {scope: "im:write", tier: 50, handle: (*Server).openConversation},
		"conversations.info":           {scope: "channels:read", tier: 50, handle: (*Server).conversationInfo},
		"users.conversations":          {scope: "channels:read", tier: 50, handle: (*Server).conversations},
		"conversations.history":        {scope: "channels:history", tier: 50, handle: (*Server).history},
		"users.info":                   {scope: "users:read", tier: 100, handle: (*Server).userInfo},
		"dnd.info":                     {scope: "dnd:read", tier: 50, handle: (*Server).quietInfo},
		"usergroups.list":              {scope: "usergroups:read", tier: 20, handle: (*Server).userGroups},
		"files.info":                   {scope: "files:read", tier: 100, handle: (*Server).fileInfo},
		"files.getUploadURLExternal":   {scope: "files:write", tier: 50, handle: (*Server).uploadURL},
		"files.completeUploadExternal": {scope: "files:write", tier: 50, handle: (*Server).completeUpload},
		"apps.connections.open":        {app: true, handle: (*Server).openConnection},
	}
}

func (s *Server) routes() http.Handler {
	known := methods()
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("method")
		m, ok := known[name]
		if !ok {
			write(w, http.StatusOK, object{"ok": false, "error": "unknown_method"})
			return
		}
		s.serve(w, r, name, m)
	})
	mux.HandleFunc("POST /respond/{id}", s.respond)
	mux.HandleFunc("POST /upload/{id}", s.upload)
	mux.HandleFunc("GET /files-pri/{id}/download/{name}", s.download)
	mux.HandleFunc("GET /signin", signIn)
	mux.HandleFunc("GET /link", s.link)
	return mux
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// arguments reads a form or a JSON body, and the token.
func arguments(r *http.Request) (values url.Values, token string, err error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 8<<20))
	if err != nil {
		return nil, "", err
	}
	values = url.Values{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var o map[string]json.RawMessage
		if len(body) > 0 {
			if err := json.Unmarshal(body, &o); err != nil {
				return nil, "", err
			}
		}
		for name, raw := range o {
			var text string
			if json.Unmarshal(raw, &text) != nil {
				text = string(raw)
			}
			values.Set(name, text)
		}
	} else if values, err = url.ParseQuery(string(body)); err != nil {
		return nil, "", err
	}
	for name, list := range r.URL.Query() {
		values[name] = list
	}
	token = strings.TrimSpace(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer"))
	if token == "" {
		token = values.Get("token")
	}
	values.Del("token")
	return values, token, nil
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, name string, m method) {
	values, token, err := arguments(r)
	if err != nil {
		write(w, http.StatusOK, object{"ok": false, "error": "invalid_arguments"})
		return
	}
	fault := s.takeFault(name, values.Get("channel"))
	fault.wait()
	if fault.before(w) {
		return
	}
	s.mu.Lock()
	out, code, retry := s.answer(name, m, values, token)
	s.calls = append(s.calls, Call{Method: name, Values: values, Error: code, At: s.Now()})
	scopes := strings.Join(s.options.Scopes, ",")
	s.mu.Unlock()
	w.Header().Set("X-OAuth-Scopes", scopes)
	if retry > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(retry))
		write(w, http.StatusTooManyRequests, object{"ok": false, "error": "ratelimited"})
		return
	}
	if fault.after(w) {
		return
	}
	if out == nil {
		out = object{}
	}
	out["ok"] = code == ""
	if code != "" {
		out["error"] = code
	}
	write(w, http.StatusOK, out)
}

// answer checks token, scope and rate, then does it. s.mu is held.
func (s *Server) answer(name string, m method, values url.Values, token string) (out object, code string, retry int) {
	switch {
	case token == "":
		return nil, "not_authed", 0
	case m.app && token == BotToken, !m.app && token == AppToken:
		return nil, "not_allowed_token_type", 0
	case m.app && token != AppToken, !m.app && token != BotToken:
		return nil, "invalid_auth", 0
	}
	if m.scope != "" && !s.granted(m.scope) {
		return object{"needed": m.scope, "provided": strings.Join(s.options.Scopes, ",")}, "missing_scope", 0
	}
	if m.tier > 0 && !s.options.NoTiers {
		if wait := s.bucket(name, float64(m.tier), float64(m.tier)/60).take(s.Now()); wait > 0 {
			s.stats.Limited++
			return nil, "ratelimited", wait
		}
	}
	if name == "chat.postMessage" {
		if wait := s.pace(values.Get("channel")); wait > 0 {
			s.stats.Limited++
			return nil, "ratelimited", wait
		}
	}
	out, code = m.handle(s, values)
	return out, code, 0
}

func (s *Server) granted(scope string) bool {
	if scope == "channels:read" && slices.Contains(s.options.Scopes, "groups:read") {
		return true
	}
	return slices.Contains(s.options.Scopes, scope)
}

// bucket is a rate limit.
type bucket struct {
	level, most, perSecond float64
	last, used             time.Time
}

func (s *Server) bucket(name string, most, perSecond float64) *bucket {
	b, ok := s.buckets[name]
	if !ok {
		b = &bucket{level: most, most: most, perSecond: perSecond, last: s.Now()}
		s.buckets[name] = b
	}
	return b
}

// take takes one; else it says how many seconds to wait.
func (b *bucket) take(now time.Time) int {
	b.level = min(b.most, b.level+now.Sub(b.last).Seconds()*b.perSecond)
	b.last = now
	if b.level < 1 {
		return int((1-b.level)/b.perSecond) + 1
	}
	b.level--
	return 0
}

// pace keeps a channel at about a message a second: above it a few pass, but
// Slack may hide them; then it is 429.
func (s *Server) pace(channel string) int {
	b := s.bucket("post "+channel, float64(1+s.options.Burst), 1)
	now := s.Now()
	if !b.used.IsZero() && now.Sub(b.used) < time.Second {
		s.stats.Suppressed++
	}
	wait := b.take(now)
	if wait == 0 {
		b.used = now
	}
	return wait
}

// Calls lists the calls of a method so far; "" is every method.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var calls []Call
	for _, call := range s.calls {
		if method == "" || call.Method == method {
			calls = append(calls, call)
		}
	}
	return calls
}

func (s *Server) authTest(url.Values) (object, string) {
	out := object{"url": "https://colibri.slack.test/", "team": "Maison Colibri", "user": "crieur",
		"team_id": Team, "user_id": Bot, "bot_id": BotID}
	if s.options.Enterprise != "" {
		out["team_id"], out["enterprise_id"] = s.options.Enterprise, s.options.Enterprise
		out["is_enterprise_install"] = true
	}
	return out, ""
}

func (s *Server) openConversation(v url.Values) (object, string) {
	user := v.Get("users")
	if _, ok := s.people[user]; !ok {
		return nil, "users_not_found"
	}
	return object{"channel": object{"id": s.dm(user), "is_im": true}}, ""
}

func (s *Server) conversationInfo(v url.Values) (object, string) {
	c, ok := s.channels[v.Get("channel")]
	if !ok {
		return nil, "channel_not_found"
	}
	return object{"channel": object{"id": c.ID, "name": c.Name, "is_member": !c.Outside,
		"is_private": c.Private, "is_archived": c.Archived}}, ""
}

// conversations lists the channels that the app is in.
func (s *Server) conversations(url.Values) (object, string) {
	found := []object{}
	for _, id := range slices.Sorted(maps.Keys(s.channels)) {
		if c := s.channels[id]; !c.Outside && !c.Archived {
			found = append(found, object{"id": c.ID, "name": c.Name, "is_member": true, "is_private": c.Private})
		}
	}
	return object{"channels": found}, ""
}

func (s *Server) userInfo(v url.Values) (object, string) {
	p, ok := s.people[v.Get("user")]
	if !ok {
		return nil, "user_not_found"
	}
	return object{"user": object{"id": p.ID, "name": p.Name, "real_name": p.Name, "team_id": s.teamOf(p), "locale": p.Locale, "tz": p.Zone}}, ""
}

func (s *Server) quietInfo(v url.Values) (object, string) {
	p, ok := s.people[v.Get("user")]
	if !ok {
		return nil, "user_not_found"
	}
	info := object{"dnd_enabled": !p.QuietUntil.IsZero(), "next_dnd_start_ts": 1, "next_dnd_end_ts": 1, "snooze_enabled": !p.Snoozed.IsZero()}
	if !p.QuietUntil.IsZero() {
		info["next_dnd_start_ts"], info["next_dnd_end_ts"] = p.QuietFrom.Unix(), p.QuietUntil.Unix()
	}
	if !p.Snoozed.IsZero() {
		info["snooze_endtime"] = p.Snoozed.Unix()
	}
	return info, ""
}

func (s *Server) userGroups(url.Values) (object, string) {
	groups := []object{}
	for _, g := range s.groups {
		groups = append(groups, object{"id": g.ID, "handle": g.Handle, "users": g.Users})
	}
	return object{"usergroups": groups}, ""
}
