package console

import (
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Handler serves the workspace at "/".
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", c.entrance)
	mux.HandleFunc("GET /as/{person}/{pane}", c.workspace)
	mux.HandleFunc("GET /socket", c.socket)
	mux.HandleFunc("POST /upload", c.upload)
	mux.HandleFunc("GET "+uploadsAt+"{id}", c.download)
	mux.HandleFunc("GET "+picturesAt+"{digest}", c.picture)
	mux.HandleFunc("GET /outside/{id}", c.outsidePage)
	mux.Handle("GET /static/", http.FileServerFS(staticFiles))
	mux.HandleFunc("/", c.notFound)
	return c.guarded(mux)
}

// guarded lets only this address's own pages in, and says what they may load.
// A page elsewhere that got the browser to call this address (or a name of its
// own that points here) is refused by its Host or Origin.
func (c *Console) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", c.policy(req.Host))
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		head.Set("Cache-Control", "no-store")
		if !c.serves(req) {
			http.Error(w, "This address is not served here.", http.StatusMisdirectedRequest)
			return
		}
		if !sameOrigin(req) {
			http.Error(w, "Only this workspace's own pages may do that.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, req)
	})
}

func (c *Console) policy(host string) string {
	pictures := "img-src 'self'"
	for _, origin := range c.opts.Pictures {
		pictures += " " + origin
	}
	connect := "connect-src 'self'"
	if !strings.ContainsAny(host, " ;,'\"\r\n") {
		connect += " ws://" + host // Safari does not count it as 'self'
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; " + pictures + "; " + connect +
		"; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
}

// serves says whether the request was meant for this address: a loopback name,
// the very address that took the connection, or a name from the options.
func (c *Console) serves(req *http.Request) bool {
	if slices.Contains(c.opts.Hosts, req.Host) {
		return true
	}
	if local, ok := req.Context().Value(http.LocalAddrContextKey).(net.Addr); ok && local.String() == req.Host {
		return true
	}
	name := req.Host
	if host, _, err := net.SplitHostPort(req.Host); err == nil {
		name = host
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && ip.IsLoopback()
}

// sameOrigin refuses what another page sent. A navigation has no Origin; a
// WebSocket or an upload always has one.
func sameOrigin(req *http.Request) bool {
	needed := req.Method != http.MethodGet && req.Method != http.MethodHead || req.URL.Path == "/socket"
	origin := req.Header.Get("Origin")
	if origin == "" {
		return !needed
	}
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && u.Host == req.Host
}

// entrance leads to the first person's conversation with Crieur.
func (c *Console) entrance(w http.ResponseWriter, req *http.Request) {
	http.Redirect(w, req, address(c.opts.People[0].ID, Direct), http.StatusFound)
}

func address(person, pane string) string {
	return "/as/" + url.PathEscape(person) + "/" + url.PathEscape(pane)
}

// channelOf turns the pane of an address into a channel.
func channelOf(person, pane string) string {
	if pane == Direct {
		return "@" + person
	}
	return pane
}

// paneOf turns a channel into the pane of an address.
func paneOf(channel string) string {
	if strings.HasPrefix(channel, "@") {
		return Direct
	}
	return channel
}

// workspace serves a person's page of a pane.
func (c *Console) workspace(w http.ResponseWriter, req *http.Request) {
	person, found := c.person(req.PathValue("person"))
	if !found {
		c.notFound(w, req)
		return
	}
	channel := channelOf(person.ID, req.PathValue("pane"))
	if strings.HasPrefix(req.PathValue("pane"), "@") || !c.room.exists(channel) || !c.room.member(person.ID, channel) {
		c.notFound(w, req)
		return
	}
	page := c.page(person, channel, req.URL.Query().Has("all"))
	if page.Mode == "welcome" && person.ID != c.opts.People[0].ID {
		c.entrance(w, req) // the day begins with its first person
		return
	}
	c.html(w, http.StatusOK, "page", page)
}

func (c *Console) notFound(w http.ResponseWriter, req *http.Request) {
	c.html(w, http.StatusNotFound, "missing", map[string]any{"P": c.printer(langOf(req))})
}

func (c *Console) html(w http.ResponseWriter, status int, name string, data any) {
	body := c.draw(name, data)
	if body == "" {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write([]byte(body)); err != nil {
		return // the reader went away
	}
}

// trusted marks what a template of ours made.
func trusted(html string) template.HTML { return template.HTML(html) }
