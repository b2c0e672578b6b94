package console

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"crieur/bot/i18n"
)

// secrets are what differs from run to run.
var secrets = regexp.MustCompile(`(data-epoch|data-form)="[^"]*"`)

func golden(t *testing.T, name, got string) {
	t.Helper()
	got = secrets.ReplaceAllString(got, `$1="…"`)
	path := filepath.Join("testdata", name+".golden.html")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("%s line %d (write it anew with -update):\ngot  %s\nwant %s", path, i+1, a[i], b[i])
		}
	}
	t.Fatalf("%s: %d lines, want %d", path, len(a), len(b))
}

func TestGolden(t *testing.T) {
	for _, lang := range i18n.Langs() {
		s := newSample(t)
		s.day()
		for _, p := range s.opts.People {
			s.room.speak(p.ID, lang)
		}
		golden(t, "welcome-"+lang, s.get("/").Result().Header.Get("Location")+"\n"+s.get("/as/lea/crieur").Body.String())
		s.do("lea", op{Kind: "tour", Text: TourStart})
		s.talk("lea", "com", "/plan jeudi")
		golden(t, "direct-"+lang, s.get("/as/lea/crieur").Body.String())
		golden(t, "channel-"+lang, s.get("/as/nadia/com").Body.String())
		golden(t, "private-"+lang, s.get("/as/lea/com").Body.String())
		golden(t, "alerts-"+lang, s.get("/as/lea/alertes").Body.String())
		golden(t, "outside-"+lang, s.get("/as/lea/outside").Body.String())
		golden(t, "form-"+lang, s.do("lea", op{Kind: "say", Channel: "com", Text: "/draft"}).HTML)
		s.do("lea", op{Kind: "tour", Text: "night"})
		golden(t, "night-"+lang, s.draw("stage", s.stage(s.opts.People[0], lang)))
		golden(t, "post-"+lang, s.get("/outside/x-1", "Accept-Language", lang).Body.String())
		golden(t, "missing-"+lang, s.get("/nowhere", "Accept-Language", lang).Body.String())
	}
}

// said finds the keys that the templates and the code say.
var said = regexp.MustCompile(`T\(?\s?"((?:console|chat)\.[a-z_.]+)"|Reason: "(console\.[a-z_.]+)"|Say\(e, "(chat\.[a-z_.]+)"\)`)

func TestCatalog(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, pattern := range []string{"templates/*.html", "*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range said.FindAllStringSubmatch(string(text), -1) {
				keys[match[1]+match[2]+match[3]] = true
			}
		}
	}
	for _, network := range []string{"mastodon", "bluesky", "x", "linkedin", "instagram", "facebook", "threads"} {
		for _, sign := range lookOf(network).Signs {
			keys["console.sign."+sign.Word] = true
		}
	}
	if len(keys) < 60 {
		t.Fatalf("only %d keys found: the pattern is wrong", len(keys))
	}
	for key := range keys {
		for _, lang := range i18n.Langs() {
			if !catalog.For(lang, nil).Has(key) {
				t.Errorf("%s: %s is missing", lang, key)
			}
		}
	}
}

// rude are spaces and signs that French typesetting does not have.
var rude = regexp.MustCompile(`'|\.\.\.|[^\x{00a0}\s/][!?;»%€]| [:;!?»%€]|« |\d h|h \d`)

func TestFrenchStyle(t *testing.T) {
	text, err := os.ReadFile("../../../bot/i18n/catalog/fr/console.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		_, words, found := strings.Cut(line, `": "`)
		if found && rude.MatchString(words) {
			t.Errorf("%s: %q", strings.TrimSpace(line), rude.FindString(words))
		}
	}
}

// TestModules keeps the list of scripts to fetch early equal to the scripts, each
// after all that it imports: none imports in a circle.
func TestModules(t *testing.T) {
	names, err := filepath.Glob("static/*.js")
	if err != nil {
		t.Fatal(err)
	}
	order := append(modules(), "console.js")
	for _, name := range names {
		at := slices.Index(order, filepath.Base(name))
		if at < 0 {
			t.Errorf("%s is not fetched early", name)
			continue
		}
		script, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range imported.FindAllSubmatch(script, -1) {
			if !slices.Contains(order[:at], string(found[1])) {
				t.Errorf("%s imports %s, which is no script before it", name, found[1])
			}
		}
	}
	if len(names) != len(order) {
		t.Errorf("%d scripts, %d fetched: %v", len(names), len(order), order)
	}
}

var imported = regexp.MustCompile(`from "\./([^"]+)"`)
