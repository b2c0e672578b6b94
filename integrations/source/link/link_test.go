package link_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crieur/bot/i18n"
	"crieur/integrations/internal/httpx"
	"crieur/integrations/source/link"
)

func TestProbe(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/ok":
		case "/long":
			w.Write(make([]byte, 1<<20))
		case "/moved":
			http.Redirect(w, r, "/ok", http.StatusMovedPermanently)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/private":
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		case "/down":
			w.WriteHeader(http.StatusBadGateway)
		case "/bots":
			w.WriteHeader(http.StatusForbidden)
		case "/busy":
			w.WriteHeader(http.StatusTooManyRequests)
		case "/odd":
			w.WriteHeader(http.StatusTeapot)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer server.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "http://" + listener.Addr().String()
	listener.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	p := link.New(httpx.Loopback())
	defer p.Close()
	for address, want := range map[string]string{
		server.URL + "/ok": "", server.URL + "/long": "", server.URL + "/moved": "",
		server.URL + "/nothing": "gone", server.URL + "/down": "down", server.URL + "/round": "redirects", server.URL + "/private": "blocked",
		server.URL + "/bots": "?", server.URL + "/busy": "?", server.URL + "/odd": "?",
		dead: "unreachable", secure.URL: "certificate", "https://": "address", "ftp://a.example": "address", "http://10.0.0.1": "blocked",
		strings.TrimPrefix(secure.URL, "https://"): "certificate",
	} {
		reason, err := p.Probe(t.Context(), address)
		if err != nil {
			reason = "source.link_?"
		}
		if reason != want && reason != "source.link_"+want {
			t.Errorf("%s: %q (%v), want %q", address, reason, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if reason, err := p.Probe(ctx, server.URL+"/ok"); err == nil {
		t.Errorf("given up: %q", reason)
	}
}

func TestWords(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs() {
		printer := catalog.For(lang, nil)
		for _, cause := range []string{"unreachable", "certificate", "blocked", "redirects", "address", "gone", "down"} {
			text := printer.T("source.link_" + cause)
			if !printer.Has("source.link_"+cause) || strings.Contains(text, "<no value>") || !strings.HasSuffix(text, ".") {
				t.Errorf("%s %s = %q", lang, cause, text)
			}
		}
	}
}
