package app_test

import (
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestBell goes from a page to the person who saw it: opening the address changes
// nothing, answering there ends the calls.
func TestBell(t *testing.T) {
	o := newOutside(t)
	o.feed = `<rss version="2.0"><channel><title>t</title><item><guid>g1</guid><title>La bouilloire Colibri a pris feu hier soir</title>` +
		`<link>https://example.org/1</link></item></channel></rss>`
	c := o.config(t)
	c.URL = "https://crieur.example/"
	data := filepath.Join(t.TempDir(), "data")
	server, log := serve(t, c, data)
	wait(t, "the pager", func() bool { return len(o.pages()) == 1 })
	o.mu.Lock()
	page := o.bells[0]
	o.mu.Unlock()
	found := regexp.MustCompile(`"acknowledge":"https://crieur\.example(/page/[\w-]+)"`).FindStringSubmatch(page)
	if found == nil || strings.Contains(page, "bouilloire") {
		t.Fatalf("the page says %s", page)
	}
	path := found[1]
	ask := func(method, path string) (status int, body string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, server.Address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		read, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, plain(string(read))
	}
	for range 2 {
		if status, body := ask(http.MethodGet, path); status != http.StatusOK || !strings.Contains(body, "Alerte pour Maison Colibri") ||
			!strings.Contains(body, "<button>J’ai vu l’alerte</button>") {
			t.Fatalf("opened: %d\n%s", status, body)
		}
	}
	if strings.Contains(o.said(alerts), "Vu par") {
		t.Error("opening the address counts as seen")
	}
	wait(t, "the way to the card", func() bool {
		_, body := ask(http.MethodGet, path)
		return strings.Contains(body, `<a href="https://colibri.slack.test/archives/`+alerts+`/p`) && strings.Contains(body, "Ouvrir dans Slack")
	})
	card := regexp.MustCompile(`a1:[^:]+:([\w-]{32})`).FindStringSubmatch(string(o.slack.Messages(alerts)[0].Blocks))[1]
	if status, body := ask(http.MethodGet, "/card/"+card); status != http.StatusOK || strings.Contains(body, "bouilloire") ||
		!strings.Contains(body, `<a href="https://colibri.slack.test/archives/`+alerts+`/p`) {
		t.Errorf("the card’s own page: %d\n%s", status, body)
	}
	for _, wrong := range []string{"/card/x", "/card/" + card[:31] + "-", "/card/" + card + "A"} {
		if status, _ := ask(http.MethodGet, wrong); status != http.StatusNotFound {
			t.Errorf("%s: %d", wrong, status)
		}
	}
	for _, wrong := range []string{"/page/x", path + "A", path[:len(path)-4], "/page/" + url.PathEscape("../x")} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if status, _ := ask(method, wrong); status != http.StatusNotFound {
				t.Errorf("%s %s: %d", method, wrong, status)
			}
		}
	}
	for range 2 { // a second time changes nothing
		if status, body := ask(http.MethodPost, path); status != http.StatusOK || !strings.Contains(body, "C’est noté. Personne d’autre n’est appelé.") ||
			strings.Contains(body, "<button>") {
			t.Fatalf("answered: %d\n%s", status, body)
		}
	}
	token := strings.TrimPrefix(path, "/page/")
	if kept := filesWith(t, data, token); len(kept) > 0 || strings.Contains(log.String(), token) {
		t.Errorf("the address stands in %v, or in the log", kept)
	}
	if kept := filesWith(t, data, "call.seen"); len(kept) == 0 {
		t.Error("the trail does not say that it was seen")
	}
}

// TestExerciseBell goes from an exercise to the person whom it reached: the page says
// that it is one, and its address is not that of an alert.
func TestExerciseBell(t *testing.T) {
	o := newOutside(t)
	c := o.config(t)
	c.URL = "https://crieur.example/"
	data := filepath.Join(t.TempDir(), "data")
	server, log := serve(t, c, data)
	if err := server.Exercise(t.Context(), "colibri", "noa"); err != nil {
		t.Fatal(err)
	}
	wait(t, "the pager", func() bool { return len(o.pages()) == 1 })
	o.mu.Lock()
	page := o.bells[0]
	o.mu.Unlock()
	found := regexp.MustCompile(`"acknowledge":"https://crieur\.example(/page/[\w-]+)"`).FindStringSubmatch(page)
	if found == nil || !strings.Contains(page, `"what":"drill.page"`) || !strings.Contains(page, `"exercise":true`) {
		t.Fatalf("the page says %s", page)
	}
	for _, step := range []struct{ method, want string }{
		{http.MethodGet, "<button>Bien reçu</button>"}, {http.MethodGet, "rien ne s’est passé"}, {http.MethodPost, "C’est noté : bien reçu."},
		{http.MethodPost, "C’est noté : bien reçu."}, {http.MethodGet, "C’est noté : bien reçu."},
	} {
		request, err := http.NewRequestWithContext(t.Context(), step.method, server.Address+found[1], nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		read, err := io.ReadAll(response.Body)
		response.Body.Close()
		if body := plain(string(read)); err != nil || response.StatusCode != http.StatusOK || !strings.Contains(body, step.want) ||
			!strings.Contains(body, "Exercice : l’appel de nuit vous parvient-il ?") || step.method == http.MethodPost && strings.Contains(body, "<button>") {
			t.Fatalf("%s: %d, %v\n%s", step.method, response.StatusCode, err, body)
		}
	}
	if kept := filesWith(t, data, "drill.seen"); len(kept) == 0 || strings.Contains(log.String(), strings.TrimPrefix(found[1], "/page/")) {
		t.Errorf("noted in %v; or the address is in the log", kept)
	}
}
