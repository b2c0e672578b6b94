package app_test

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"crieur/integrations/chat/slack/slackfake"
)

// TestAgenda asks for a calendar file in chat and reads it as a calendar does.
func TestAgenda(t *testing.T) {
	o := newOutside(t)
	c := o.config(t)
	c.URL = "https://crieur.example/"
	data := filepath.Join(t.TempDir(), "data")
	server, log := serve(t, c, data)
	wait(t, "readiness", func() bool { status, _ := get(t, server.Address+"/readyz"); return status == http.StatusOK })
	noa := slackfake.Surface{Server: o.slack}
	told := func() string { return strings.Join(noa.Private("noa"), "\n") }
	do := func(what string, act func() error) {
		t.Helper()
		wait(t, what, func() bool { return act() == nil })
	}
	do("/plan", func() error { return noa.Command("noa", "@noa", "plan", "") })
	do("the button", func() error { return noa.Click("noa", "@noa", "Mon agenda") })
	do("the address", func() error { return noa.Click("noa", "@noa", "Créer mon adresse") })
	link := regexp.MustCompile(`https://crieur\.example/calendar/([\w-]+)\.ics`)
	wait(t, "the address", func() bool { return link.MatchString(told()) })
	path := "/calendar/" + link.FindStringSubmatch(told())[1] + ".ics"

	if kept := filesWith(t, data, strings.TrimSuffix(filepath.Base(path), ".ics")); len(kept) > 0 {
		t.Errorf("the address stands in %v", kept)
	}
	if kept := filesWith(t, data, "agenda.opened"); len(kept) == 0 {
		t.Error("nothing was looked through")
	}

	read := func(path, tag string) *http.Response {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.Address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("If-None-Match", tag)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { response.Body.Close() })
		return response
	}
	first := read(path, "")
	body, err := io.ReadAll(first.Body)
	if err != nil || first.StatusCode != http.StatusOK || first.Header.Get("Content-Type") != "text/calendar; charset=utf-8" ||
		!strings.HasPrefix(string(body), "BEGIN:VCALENDAR\r\n") || first.Header.Get("Cache-Control") != "private, no-cache" {
		t.Fatalf("%d %v %v\n%s", first.StatusCode, first.Header, err, body)
	}
	tag := first.Header.Get("ETag")
	if got := read(path, tag); got.StatusCode != http.StatusNotModified || tag == "" {
		t.Errorf("read again: %d, tag %q", got.StatusCode, tag)
	}
	for _, wrong := range []string{"/calendar/x.ics", "/calendar/.ics", strings.Replace(path, ".ics", "A.ics", 1), path[:len(path)-5] + ".ics"} {
		if got := read(wrong, tag); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", wrong, got.StatusCode)
		}
	}
	do("closing", func() error { return noa.Click("noa", "@noa", "Mon agenda") })
	do("closing", func() error { return noa.Click("noa", "@noa", "Fermer l’adresse") })
	wait(t, "the end", func() bool { return read(path, "").StatusCode == http.StatusNotFound })
	if strings.Contains(log.String(), path) {
		t.Error("the address is in the log")
	}
}

// filesWith are the files below dir that hold the words.
func filesWith(t *testing.T, dir, words string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(name)
		if strings.Contains(string(content), words) {
			found = append(found, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
