package i18n_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"crieur/bot/i18n"
)

// message is one entry: its forms by plural category, "" for a plain one.
type message map[string]string

func (m message) String() string { return strings.Join(slices.Collect(maps.Values(m)), "\n") }

// read returns every message of a language. A key that stands twice, or outside
// its room's file, is an error.
func read(t *testing.T, lang string) map[string]message {
	t.Helper()
	files, err := filepath.Glob("catalog/" + lang + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalog: %v", err)
	}
	all := map[string]message{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		entries := map[string]json.RawMessage{}
		if err := json.Unmarshal(data, &entries); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for key, raw := range entries {
			text, forms := "", message{}
			if json.Unmarshal(raw, &text) == nil {
				forms[""] = text
			} else if err := json.Unmarshal(raw, &forms); err != nil {
				t.Errorf("%s: %s: %v", file, key, err)
			}
			if _, twice := all[key]; twice {
				t.Errorf("%s: %s stands twice", file, key)
			}
			if n := strings.Count(string(data), `"`+key+`":`); n != 1 {
				t.Errorf("%s: %s stands %d times", file, key, n)
			}
			all[key] = forms
		}
	}
	return all
}

var placeholder = regexp.MustCompile(`\{\{\s*\.(\w+)[^}]*\}\}`)

func placeholders(m message) []string {
	var names []string
	for _, found := range placeholder.FindAllStringSubmatch(m.String(), -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestLanguagesMatch(t *testing.T) {
	fr, en := read(t, "fr"), read(t, "en")
	for key := range fr {
		if _, ok := en[key]; !ok {
			t.Errorf("%s: no English", key)
		}
	}
	for key, english := range en {
		french, ok := fr[key]
		if !ok {
			t.Errorf("%s: no French", key)
			continue
		}
		if a, b := placeholders(french), placeholders(english); !slices.Equal(a, b) {
			t.Errorf("%s: arguments %v in French, %v in English", key, a, b)
		}
		for lang, m := range map[string]message{"fr": french, "en": english} {
			if _, plain := m[""]; plain {
				if strings.TrimSpace(m[""]) == "" {
					t.Errorf("%s %s: empty", lang, key)
				}
				continue
			}
			if forms := slices.Sorted(maps.Keys(m)); !slices.Equal(forms, []string{"one", "other"}) {
				t.Errorf("%s %s: plural forms %v", lang, key, forms)
			}
		}
	}
}

// sources returns what every program file of the project says, tests aside.
func sources(t *testing.T) (code, pages string) {
	t.Helper()
	var goText, other strings.Builder
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		into := &goText
		switch filepath.Ext(path) {
		case ".go":
			if strings.HasSuffix(path, "_test.go") {
				return nil
			}
		case ".html", ".js", ".tmpl":
			into = &other
		default:
			return nil
		}
		data, err := os.ReadFile(path)
		into.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return goText.String(), other.String()
}

var (
	literal = regexp.MustCompile(`"([a-z]+\.[a-zA-Z0-9_.-]*)"`)
	// A key that begins in the code and ends with what is known at run time.
	begun = regexp.MustCompile(`"([a-z]+\.(?:[a-zA-Z0-9_-]+\.)?)"\s*\+`)
	ended = regexp.MustCompile(`\+\s*"(\.(?:help|form|send|fix|example))"`)
)

// Every key that the code names exists, and every key is used.
func TestKeysAndCodeMatch(t *testing.T) {
	fr := read(t, "fr")
	code, pages := sources(t)
	named, prefixes, suffixes := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, found := range literal.FindAllStringSubmatch(code, -1) {
		named[found[1]] = true
		if strings.HasSuffix(found[1], ".") || strings.HasSuffix(found[1], "_") {
			prefixes[found[1]] = true
		}
	}
	for _, found := range regexp.MustCompile(`print "([a-z.]+\.)"`).FindAllStringSubmatch(pages, -1) {
		prefixes[found[1]] = true
	}
	for _, found := range begun.FindAllStringSubmatch(code, -1) {
		prefixes[found[1]] = true
	}
	for _, found := range ended.FindAllStringSubmatch(code, -1) {
		suffixes[found[1]] = true
	}
	used := func(key string) bool {
		if named[key] || strings.Contains(pages, key) {
			return true
		}
		if short, ok := strings.CutPrefix(key, "console."); ok && (strings.Contains(pages, short) || named[short] || strings.Contains(code, `"`+short+`"`)) {
			return true // the workspace's page names its words without the room
		}
		for prefix := range prefixes {
			if strings.HasPrefix(key, prefix) {
				return true
			}
		}
		for suffix := range suffixes {
			if base, ok := strings.CutSuffix(key, suffix); ok && named[base] {
				return true
			}
		}
		return false
	}
	for key := range fr {
		if !used(key) {
			t.Errorf("%s: nobody says it", key)
		}
	}
	// What is said by T must exist.
	said := regexp.MustCompile(`\.(?:T|Say)\((?:e, )?"([a-z]+\.[a-zA-Z0-9_.-]*[a-zA-Z0-9])"\s*[,)]`)
	count := 0
	for _, found := range said.FindAllStringSubmatch(code, -1) {
		count++
		if _, ok := fr[found[1]]; !ok {
			t.Errorf("%s: said, and not in the catalog", found[1])
		}
	}
	if count < 100 {
		t.Errorf("only %d keys were found in the code: the scan is broken", count)
	}
	reasons := regexp.MustCompile(`Reason: "([a-z]+\.[a-zA-Z0-9_.]+)"`)
	for _, found := range reasons.FindAllStringSubmatch(code, -1) {
		if _, ok := fr[found[1]]; !ok {
			t.Errorf("%s: a reason that is not in the catalog", found[1])
		}
	}
}

// banned are the words of the code that people must never read (facts on
// people, section 1), with their plurals.
var banned = regexp.MustCompile(`(?i)\b(slot|receipt|story|stories|case|fingerprint|hash|hashes|effect|variant|outbox|outboxes|lane|lease|` +
	`token|callback|handler|payload|tenant|revision|quorum|sla|score|cluster|webhook|endpoint|sync|job|queue|stack|user|utilisateur|` +
	`invalid|oups|publication|p_\w+)s?\b|\bversions? \d|erreur inconnue`)

// allowed are the exceptions, each with its reason.
func allowed() map[string]string {
	return map[string]string{
		"en mentions.title.jobs": "an application for employment, which people call a job",
	}
}

func TestBannedWords(t *testing.T) {
	for _, lang := range i18n.Langs() {
		for key, m := range read(t, lang) {
			text := strings.ReplaceAll(placeholder.ReplaceAllString(m.String(), "7"), "preuve de publication", "")
			if found := banned.FindString(text); found != "" && allowed()[lang+" "+key] == "" {
				t.Errorf("%s %s says %q: %s", lang, key, found, m)
			}
		}
	}
	for _, text := range []string{"your Receipts", "the queue", "les utilisateurs", "Publication prête", "version 3", "p_negative"} {
		if !banned.MatchString(text) {
			t.Errorf("%q was let through", text)
		}
	}
	for _, text := range []string{"in any casement", "synchronise", "LinkedIn story-telling"[:8], "la conversation"} {
		if banned.MatchString(text) {
			t.Errorf("%q was refused", text)
		}
	}
}

func TestStyle(t *testing.T) {
	const nbsp = "\u00a0"
	address := regexp.MustCompile(`https?://\S+`)
	sign := regexp.MustCompile(`(?:[^` + nbsp + `\x{202f}«?!]|^)[:;!?»%€]`)
	clock := regexp.MustCompile(`\d:\d`)
	unit := regexp.MustCompile(`\d (?:h|min|s|Mo|Ko|€|\$|\d{3})(?:\P{L}|$)|\dh| h \d|` + nbsp + `h \d`)
	scope := regexp.MustCompile(`[a-z]+:[a-z]+`) // connections:write is a name
	// facts on people, section 2: figures with their base, at most one sign, « vous »,
	// no point médian, nothing that elides before a name.
	never := map[string]*regexp.Regexp{
		"a naked percentage":       regexp.MustCompile(`%`),
		"two signs":                regexp.MustCompile(`[\x{1F300}-\x{1FAFF}\x{2600}-\x{27BF}].*[\x{1F300}-\x{1FAFF}\x{2600}-\x{27BF}]`),
		"« je pense »":             regexp.MustCompile(`(?i)\bje pense\b|\bi think\b`),
		"a point médian":           regexp.MustCompile(`\pL·\pL|\pL\((?:e|s|es)\)`),
		"an elision before a name": regexp.MustCompile(`(?i)(?:^|\P{L})(?:l|d|j|n|s|m|t|c|qu)’\{\{`),
		"tu":                       regexp.MustCompile(`(?i)(?:^|\P{L})(?:tu|te|toi|t’\pL+)(?:\P{L}|$)`),
	}
	for _, lang := range i18n.Langs() {
		texts := read(t, lang)
		for key, m := range texts {
			for _, text := range m {
				bare := address.ReplaceAllString(placeholder.ReplaceAllString(text, "x"), "x")
				if strings.Contains(bare, "'") {
					t.Errorf("%s %s: a straight apostrophe: %s", lang, key, text)
				}
				if strings.Contains(bare, `"`) {
					t.Errorf("%s %s: a straight quotation mark: %s", lang, key, text)
				}
				if strings.Contains(bare, "...") {
					t.Errorf("%s %s: three dots for …: %s", lang, key, text)
				}
				for what, sign := range never {
					if sign.MatchString(text) && !(what == "tu" && (lang == "en" || key == "settings.help")) { // how people ask
						t.Errorf("%s %s: %s: %s", lang, key, what, text)
					}
				}
				if strings.Contains(bare, "!") {
					t.Errorf("%s %s: an exclamation mark: %s", lang, key, text)
				}
				if strings.Contains(bare, "  ") || strings.TrimSpace(strings.Split(bare, "\n")[0]) == "" {
					t.Errorf("%s %s: blanks: %q", lang, key, text)
				}
				if lang == "fr" {
					if found := sign.FindString(scope.ReplaceAllString(clock.ReplaceAllString(bare, ""), "")); found != "" {
						t.Errorf("fr %s: no no-break space in %q: %s", key, found, text)
					}
					if found := unit.FindString(bare); found != "" {
						t.Errorf("fr %s: a number that may part from its unit, %q: %s", key, found, text)
					}
					if regexp.MustCompile(`«[^` + nbsp + `]`).MatchString(bare) {
						t.Errorf("fr %s: no no-break space after «: %s", key, text)
					}
				}
				ends := `[.;?…\n]+(?: |` + nbsp + `|$)`
				if _, said := texts[key+".help"]; said { // what people may say, no sentence
					ends += `|,`
				}
				for _, sentence := range regexp.MustCompile(ends).Split(bare, -1) {
					if n := len(strings.Fields(sentence)); n > 20 {
						t.Errorf("%s %s: a sentence of %d words: %s", lang, key, n, sentence)
					}
				}
			}
		}
	}
}

// Has knows plain messages, those with forms or places to fill, and no others.
func TestHas(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs() {
		p := catalog.For(lang, nil)
		for key := range read(t, lang) {
			if !p.Has(key) {
				t.Errorf("%s has no %s", lang, key)
			}
		}
		if p.Has("chat.nothing-of-the-kind") {
			t.Errorf("%s has what is not there", lang)
		}
	}
}
