package console

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"crieur/bot"
)

// get asks the workspace for a path, as a browser at 127.0.0.1:8080 would.
func (s *sample) get(path string, head ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.send(http.MethodGet, path, nil, head...)
}

func (s *sample) send(method, path string, data []byte, head ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	req := httptest.NewRequest(method, path, bytes.NewReader(data))
	req.Host = "127.0.0.1:8080"
	for i := 0; i < len(head); i += 2 {
		if head[i] == "Host" {
			req.Host = head[i+1]
		}
		req.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, req)
	return w
}

func TestGuard(t *testing.T) {
	s := newSample(t)
	s.opts.Hosts = []string{"demo.lan:8080"}
	for _, test := range []struct {
		name, method, path string
		head               []string
		want               int
	}{
		{"at home", "GET", "/as/lea/com", nil, 200},
		{"localhost", "GET", "/as/lea/com", []string{"Host", "localhost:9999"}, 200},
		{"IPv6", "GET", "/as/lea/com", []string{"Host", "[::1]:8080"}, 200},
		{"named in the options", "GET", "/as/lea/com", []string{"Host", "demo.lan:8080"}, 200},
		{"a name that points here", "GET", "/as/lea/com", []string{"Host", "evil.example:8080"}, 421},
		{"a name that looks like ours", "GET", "/as/lea/com", []string{"Host", "localhost.evil.example"}, 421},
		{"an address elsewhere", "GET", "/as/lea/com", []string{"Host", "192.0.2.1:8080"}, 421},
		{"another page asks", "GET", "/as/lea/com", []string{"Origin", "https://evil.example"}, 403},
		{"another page connects", "GET", "/socket?person=lea", []string{"Origin", "http://evil.example"}, 403},
		{"another port connects", "GET", "/socket?person=lea", []string{"Origin", "http://127.0.0.1:9999"}, 403},
		{"nobody connects", "GET", "/socket?person=lea", nil, 403},
		{"a sandboxed page connects", "GET", "/socket?person=lea", []string{"Origin", "null"}, 403},
		{"another page uploads", "POST", "/upload", []string{"Origin", "http://evil.example"}, 403},
		{"nobody uploads", "POST", "/upload", nil, 403},
		{"our page uploads", "POST", "/upload", []string{"Origin", here}, 415}, // let in; but "x" is no picture
		{"a stranger", "GET", "/as/zoe/com", nil, 404},
		{"a stranger connects", "GET", "/socket?person=zoe", []string{"Origin", here}, 404},
		{"a channel of others", "GET", "/as/lea/direction", nil, 404},
		{"its member", "GET", "/as/nadia/direction", nil, 200},
		{"direct messages by their channel", "GET", "/as/lea/@nadia", nil, 404},
		{"no such channel", "GET", "/as/lea/nowhere", nil, 404},
		{"no such page", "GET", "/etc/passwd", nil, 404},
		{"no such file", "GET", "/files/x", nil, 404},
		{"no such picture", "GET", "/pictures/x", nil, 404},
		{"a picture by the folder of others", "GET", "/pictures/..%2Fas%2Flea", nil, 404},
		{"no such post", "GET", "/outside/x", nil, 404},
		{"the front door", "GET", "/", nil, 302},
		{"a script", "GET", "/static/console.js", nil, 200},
		{"a template is no file", "GET", "/templates/page.html", nil, 404},
	} {
		if got := s.send(test.method, test.path, []byte("x"), test.head...); got.Code != test.want {
			t.Errorf("%s: %d, want %d", test.name, got.Code, test.want)
		}
	}
}

func TestServedAddress(t *testing.T) {
	s := newSample(t)
	req := httptest.NewRequest("GET", "/as/lea/com", nil)
	req.Host = "192.0.2.7:8080"
	local := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 8080}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, req.WithContext(context.WithValue(req.Context(), http.LocalAddrContextKey, local)))
	if w.Code != http.StatusOK {
		t.Errorf("the very address that is served is refused: %d", w.Code)
	}
}

var (
	inlineHandler = regexp.MustCompile(`(?i)<[^>]+\son[a-z]+\s*=`)
	inlineStyle   = regexp.MustCompile(`(?i)<[^>]+\sstyle\s*=|<style`)
	inlineScript  = regexp.MustCompile(`(?i)<script(?:[^>]*)>`)
	outsideAsset  = regexp.MustCompile(`(?i)(?:src|href)="(?:https?:)?//`)
)

func TestPolicy(t *testing.T) {
	s := newSample(t)
	s.day()
	s.opts.Pictures = []string{"http://127.0.0.1:9000"}
	s.do("lea", op{Kind: "tour", Text: TourStart})
	s.do("lea", op{Kind: "tour", Text: "night"})
	for _, path := range []string{"/as/lea/crieur", "/as/nadia/com", "/as/lea/alertes", "/as/sam/outside", "/outside/x-1", "/nowhere"} {
		got := s.get(path)
		policy := got.Header().Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' http://127.0.0.1:9000;", "connect-src 'self' ws://127.0.0.1:8080;", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy %q lacks %q", path, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe") || got.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: too lax: %v", path, got.Header())
		}
		page := got.Body.String()
		if found := inlineHandler.FindString(page) + inlineStyle.FindString(page); found != "" {
			t.Errorf("%s: inline %q", path, found)
		}
		for _, tag := range inlineScript.FindAllString(page, -1) {
			if !strings.Contains(tag, `src="/static/`) && !strings.Contains(tag, `type="application/json"`) {
				t.Errorf("%s: inline script %q", path, tag)
			}
		}
		for _, tag := range regexp.MustCompile(`<(?:script|link|img)[^>]*>`).FindAllString(page, -1) {
			if outsideAsset.MatchString(tag) {
				t.Errorf("%s: loads %q from elsewhere", path, tag)
			}
		}
	}
}

func TestHostileTextIsInert(t *testing.T) {
	s := newSample(t)
	const evil = `"><img src=x onerror=alert(1)><script>alert(2)</script>{{.}}<a href="javascript:alert(3)">@nadia</a>`
	span := bot.Text{{Text: evil}, {Text: evil, Strong: true}, {Text: "lien", URL: "javascript:alert(4)"}, {Text: "data", URL: "data:text/html,<script>"}, {Text: evil, Member: evil}}
	s.post("com", bot.Card{Title: span, Token: evil, Lang: evil, Summary: evil, MoreLabel: evil, Blocks: []bot.Block{
		{Kind: bot.Paragraph, Text: span}, {Kind: bot.Quote, Quoted: evil, Label: evil}, {Kind: bot.Quote, Quoted: evil, Folded: true, Label: evil},
		{Kind: bot.Fields, Pairs: [][2]bot.Text{{span, span}}}, {Kind: bot.Grid, Rows: [][]string{{evil}, {evil}}}, {Kind: bot.Small, Text: span},
		{Kind: bot.Picture, URL: "javascript:alert(5)", Alt: evil}, {Kind: bot.Picture, URL: `//evil.example/x.png`, Alt: evil},
		{Kind: bot.Menu, Select: &bot.Select{Action: "a", Label: evil, Choices: []bot.Choice{{Value: evil, Label: evil}}}}},
		Buttons: []bot.Button{{Action: evil, Label: evil, Confirm: &bot.Confirm{Title: evil, Text: evil, Yes: evil, No: evil}}, {Label: "x", URL: "javascript:alert(6)"}}}, false)
	s.talk("nadia", "com", evil)
	s.talk("lea", "com", "/plan "+evil)
	s.Outside(OutsidePost{ID: "x", Network: evil, Name: evil, Handle: evil, Text: evil, ReplyTo: evil, Parent: evil, Link: "javascript:alert(7)", LinkTitle: evil, Tag: evil, Media: []OutsideMedia{{Alt: evil}}})
	for _, path := range []string{"/as/lea/com", "/as/lea/outside", "/outside/x"} {
		page := s.get(path).Body.String()
		if !strings.Contains(page, "&lt;script&gt;alert(2)") {
			t.Errorf("%s: the words are not shown", path)
		}
		for _, bad := range []string{"<img src=x", "<script>alert", `href="javascript:`, `href="data:`, `src="javascript:`, `src="//evil`} {
			if strings.Contains(page, bad) {
				t.Errorf("%s: %q is alive", path, bad)
			}
		}
	}
}

func TestOutside(t *testing.T) {
	s := newSample(t)
	s.day()
	s.do("lea", op{Kind: "tour", Text: TourExplore})
	if page := s.get(OutsidePath("instagram-1"), "Accept-Language", "fr-FR"); page.Code != 200 || !strings.Contains(page.Body.String(), "Aperçu local") || !strings.Contains(page.Body.String(), "maison.colibri") {
		t.Errorf("the post's page: %d %s", page.Code, page.Body)
	}
	odd := posts(s.clock())[0]
	odd.ID = "linkedin-p/1:é?#"
	s.Outside(odd)
	page := s.get("/as/lea/outside").Body.String()
	if path := OutsidePath(odd.ID); !strings.Contains(page, `href="`+path+`"`) || s.get(path).Code != 200 {
		t.Errorf("an odd ID has no page at %s", path)
	}
	before := len(s.room.panes[Outside])
	changed := posts(s.clock())[0]
	changed.Text = "corrigé"
	s.Outside(changed)
	page = s.get("/as/lea/outside").Body.String()
	if len(s.room.panes[Outside]) != before || !strings.Contains(page, "corrigé") {
		t.Error("the same ID made another post, or the change is not shown")
	}
	s.Withdraw(changed.ID)
	if page := s.get("/as/lea/outside").Body.String(); strings.Contains(page, "corrigé") {
		t.Error("a withdrawn post is shown")
	}
	if got := s.get(OutsidePath(changed.ID)); got.Code != 404 {
		t.Errorf("its page: %d", got.Code)
	}
}

func TestOlderMessages(t *testing.T) {
	s := newSample(t)
	for range pageSize + 5 {
		s.post("com", bot.Card{Title: bot.Say("x")}, true)
	}
	count := func(path string) int { return strings.Count(s.get(path).Body.String(), `<li class="msg`) }
	if got := count("/as/lea/com"); got != pageSize {
		t.Errorf("%d messages drawn at first, want %d", got, pageSize)
	}
	if got := count("/as/lea/com?all"); got != pageSize+5 {
		t.Errorf("%d messages drawn, want all", got)
	}
}

func TestReveal(t *testing.T) {
	s := newSample(t)
	shown := func(pane string) bool {
		return strings.Contains(s.get("/as/lea/crieur").Body.String(), `data-pane-link="`+pane+`"`)
	}
	if shown("alertes") || shown(Outside) || !shown("com") || !shown(Direct) || shown("direction") {
		t.Error("the first sidebar is wrong")
	}
	s.Reveal("alertes")
	if !shown("alertes") || shown(Outside) {
		t.Error("Reveal showed the wrong panes")
	}
	s.RevealAll()
	if !shown(Outside) || shown("direction") {
		t.Error("RevealAll showed the wrong panes")
	}
}

func TestTheDayBeginsWithItsFirstPerson(t *testing.T) {
	s := newSample(t)
	s.day()
	if got := s.get("/as/nadia/com"); got.Code != http.StatusFound || got.Header().Get("Location") != "/as/lea/crieur" {
		t.Errorf("somebody else's first screen: %d to %q", got.Code, got.Header().Get("Location"))
	}
	if got := s.get("/as/lea/com"); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "Vous êtes Léa Morin, community manager de Maison Colibri.") {
		t.Errorf("the first screen: %d", got.Code)
	}
}

func TestEveryPersonSeesTheirOwn(t *testing.T) {
	s := newSample(t)
	s.post("@nadia", bot.Card{Title: bot.Say("pour Nadia")}, false)
	s.talk("lea", "com", "/plan")
	for path, want := range map[string]bool{"/as/nadia/crieur": true, "/as/lea/crieur": false} {
		if got := strings.Contains(s.get(path).Body.String(), "pour Nadia"); got != want {
			t.Errorf("%s: shown %v, want %v", path, got, want)
		}
	}
	if mine, theirs := s.get("/as/lea/com").Body.String(), s.get("/as/nadia/com").Body.String(); !strings.Contains(mine, "visible de vous uniquement") || strings.Contains(theirs, "/plan") {
		t.Error("the private wait is not marked, or others see it")
	}
}

func BenchmarkPage(b *testing.B) {
	s := newSample(b)
	for range 1000 {
		s.post("com", requestCard(), true)
	}
	for b.Loop() {
		s.get("/as/lea/com")
	}
}
