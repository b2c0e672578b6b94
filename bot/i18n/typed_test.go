package i18n_test

import (
	"regexp"
	"strings"
	"testing"

	"crieur/bot/i18n"
)

// A text names a command as it is installed where it is read, whatever the
// language of the text.
func TestCommandsAsInstalled(t *testing.T) {
	bare, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		naming   i18n.Naming
		lang     string
		platform string
		want     string
	}{
		{i18n.InFrench, "fr", "slack", "/brouillon /mentions /crieur"},
		{i18n.InFrench, "en", "slack", "/brouillon /mentions /crieur"},
		{i18n.InEnglish, "fr", "slack", "/draft /mentions /crieur"},
		{i18n.InBoth, "fr", "slack", "/brouillon /mentions /crieur"},
		{i18n.InBoth, "en", "slack", "/draft /mentions /crieur"},
		{i18n.Alone, "fr", "slack", "/crieur brouillon /crieur mentions /crieur"},
		{i18n.Alone, "en", "slack", "/crieur draft /crieur mentions /crieur"},
		{i18n.Grouped, "fr", "slack", "/brouillon /mentions /crieur demander"},
		{i18n.Grouped, "en", "slack", "/draft /mentions /crieur ask"},
		// nothing is said of the others: theirs are the reader's
		{i18n.InFrench, "en", "console", "/draft /mentions /crieur"},
	} {
		p := bare.Installed("slack", test.naming).For(test.lang, nil).On(test.platform)
		if got := p.Command("draft") + " " + p.Command("mentions") + " " + p.Command("crieur"); got != test.want {
			t.Errorf("%s, read in %s on %s: %s, want %s", test.naming, test.lang, test.platform, got, test.want)
		}
		for _, said := range []string{p.T("drafting.none"), p.T("drafting.form.long", "Count", 3001, "Limit", 3000)} {
			if !strings.Contains(said, p.Command("draft")) {
				t.Errorf("%s, read in %s on %s: %s", test.naming, test.lang, test.platform, said)
			}
		}
	}
	if p := bare.For("en", nil); p.Command("draft") != "/draft" || p.On("slack").Command("draft") != "/draft" {
		t.Errorf("without anything known: %s", p.Command("draft"))
	}
}

// No text has the name of a command of its own: one place says it.
func TestCommandsAreNamedInOnePlace(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?:^|[\s“«(])/([a-z]+)`)
	asked := regexp.MustCompile(`\{\{\.Cmd\.(\w+)\}\}`)
	for _, lang := range i18n.Langs() {
		for key, m := range read(t, lang) {
			for _, text := range m {
				for _, found := range named.FindAllStringSubmatch(text, -1) {
					if found[1] != "crieur" && found[1] != "invite" { // they have one name everywhere
						t.Errorf("%s %s names /%s", lang, key, found[1])
					}
				}
				for _, found := range asked.FindAllStringSubmatch(text, -1) {
					if catalog.For(lang, nil).Command(found[1]) == "" {
						t.Errorf("%s %s: there is no command %s", lang, key, found[1])
					}
				}
			}
		}
	}
}
