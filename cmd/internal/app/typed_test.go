package app_test

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/config"
	"crieur/integrations/chat/slack"
)

// Whatever the manifest installs, every text names a command that is installed.
func TestTextsNameWhatIsInstalled(t *testing.T) {
	for _, naming := range config.SlackModes() {
		var installed []string
		for _, c := range manifestOf(t, slack.Naming(naming)).Features.Commands {
			installed = append(installed, c.Command)
		}
		words := catalog(t).Installed(string(bot.Slack), i18n.Naming(naming))
		for _, lang := range i18n.Langs() {
			p := words.For(lang, nil).On(string(bot.Slack))
			for name := range slices.Values([]string{"draft", "review", "plan", "mentions", "rivals", "crieur"}) {
				command, after, _ := strings.Cut(p.Command(name), " ")
				if !slices.Contains(installed, command) {
					t.Errorf("%s: %s is told to type %q of %v", naming, lang, p.Command(name), installed)
				}
				if after != "" && !aWord(t, after) {
					t.Errorf("%s: %s is told to type %q, which means nothing", naming, lang, p.Command(name))
				}
			}
		}
	}
}

// The doctor says what people are told to type.
func TestDoctorNamesCommands(t *testing.T) {
	for naming, want := range map[string]string{"fr": "type /brouillon, /valider, /planning, /mentions, /veille, /crieur.",
		"en": "type /draft, /review, /plan, /mentions, /rivals, /crieur.", "single": "type /crieur brouillon, "} {
		c := &config.Config{Space: &brand.Space{}, Slack: &config.Slack{Commands: naming}}
		var findings bytes.Buffer
		app.WriteFindings(&findings, app.Examination(t.Context(), c, t.TempDir(), false, slog.New(slog.DiscardHandler)))
		if got := findings.String(); !strings.Contains(got, want) || !strings.Contains(got, "--commands "+naming) {
			t.Errorf("%s: %s", naming, got)
		}
	}
}

// The doctor says what is heard of a Discord server.
func TestDoctorSaysWhatIsHeard(t *testing.T) {
	for hears, want := range map[bool]string{false: "@Crieur is not heard in channels", true: "@Crieur is heard in channels"} {
		c := &config.Config{Space: &brand.Space{}, Discord: &config.Discord{HearChannels: hears}}
		var findings bytes.Buffer
		app.WriteFindings(&findings, app.Examination(t.Context(), c, t.TempDir(), false, slog.New(slog.DiscardHandler)))
		if !strings.Contains(findings.String(), want) {
			t.Errorf("%v: %s", hears, &findings)
		}
	}
}

// aWord says whether /crieur understands a word.
func aWord(t *testing.T, word string) bool {
	t.Helper()
	made, err := app.New(app.Options{Space: &brand.Space{}, Catalog: catalog(t), Writer: &model{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range made.Mux.WordRoutes() {
		for _, lang := range i18n.Langs() {
			if slices.Contains(strings.Split(catalog(t).For(lang, nil).T(route.Key), ", "), word) {
				return true
			}
		}
	}
	return false
}
