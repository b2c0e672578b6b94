package slack

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/board"
	"crieur/bot/i18n"
	"crieur/integrations/chat/slack/slackfake"
)

func TestManifests(t *testing.T) {
	words := testRenderer(t).words
	for name, o := range map[string]ManifestOptions{
		"fr":   {Naming: French},
		"en":   {Naming: English, Address: "https://crieur.test/"},
		"both": {Naming: Both, On: []string{"draft", "mentions", "crieur"}, UnfurlDomains: []string{"crieur.test"}, History: true},
		"single": {Naming: Single, Shortcuts: []Shortcut{
			{Action: "draft.new", Key: "slack.command.draft.hint"}, {Action: "draft.quote", Key: "slack.command.plan.hint", Message: true}}},
	} {
		t.Run(name, func(t *testing.T) {
			o.Words = words
			got, err := Manifest(o)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "manifest."+name+".golden", got)
			takesManifest(t, got)
		})
	}
}

// takesManifest checks what Slack checks when a manifest is pasted.
func takesManifest(t *testing.T, raw []byte) {
	t.Helper()
	var m struct {
		Display struct {
			Name, Description string
		} `json:"display_information"`
		Features struct {
			Commands []struct{ Command, Description, Url string } `json:"slash_commands"`
		} `json:"features"`
		Settings struct {
			Socket bool `json:"socket_mode_enabled"`
		} `json:"settings"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	if units(m.Display.Name) > 35 || units(m.Display.Description) > 140 || len(m.Features.Commands) > 50 {
		t.Errorf("too long: %+v", m.Display)
	}
	known := Commands()
	for _, c := range m.Features.Commands {
		if known[c.Command] == "" || units(c.Command) > 32 || c.Description == "" || strings.HasPrefix(c.Description, "slack.") {
			t.Errorf("command %+v", c)
		}
		for _, r := range c.Command {
			if r > 127 {
				t.Errorf("%s is not ASCII", c.Command)
			}
		}
		if (c.Url == "") != m.Settings.Socket {
			t.Errorf("%s is delivered nowhere, or twice", c.Command)
		}
	}
}

func TestManifestsThatSlackWouldRefuse(t *testing.T) {
	words := testRenderer(t).words
	for name, o := range map[string]ManifestOptions{
		"naming":    {Naming: "latin"},
		"http":      {Naming: French, Address: "http://crieur.test"},
		"domains":   {Naming: French, UnfurlDomains: make([]string, 6)},
		"shortcuts": {Naming: French, Shortcuts: make([]Shortcut, 11)},
		"long name": {Naming: French, Shortcuts: []Shortcut{{Action: "a", Key: "slack.command.plan"}}},
	} {
		o.Words = words
		if _, err := Manifest(o); !errors.Is(err, ErrManifest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryPermissionHasItsReason(t *testing.T) {
	words := testRenderer(t).words
	for _, lang := range i18n.Langs() {
		for _, need := range Needs(ManifestOptions{UnfurlDomains: []string{"a.test"}}) {
			if !words.For(lang, nil).Has(need.Why) {
				t.Errorf("%s: no %s", lang, need.Why)
			}
		}
	}
}

// The message to whoever installs apps names each permission of the manifest with its
// reason, and says nothing that the options make untrue.
func TestExplain(t *testing.T) {
	words := testRenderer(t).words
	for _, naming := range []Naming{French, English, Both, Single} {
		for _, o := range []ManifestOptions{{}, {Address: "https://crieur.test"}, {History: true, UnfurlDomains: []string{"crieur.test"}}} {
			o.Naming, o.Words = naming, words
			p, said := o.print(), Explain(o, "crieur manifest slack")
			for _, need := range Needs(o) {
				if line := "- " + need.Scope + " · " + p.T(need.Why) + "\n"; !strings.Contains(said, line) {
					t.Errorf("%s: %q is missing in\n%s", naming, line, said)
				}
			}
			for key, right := range map[string]bool{"slack.explain.unread": !o.History, "slack.explain.socket": o.Address == "",
				"slack.explain.step.socket": o.Address == "", "slack.explain.step.secret": o.Address != ""} {
				if strings.Contains(said, p.T(key, "Where", tokensPage)) != right {
					t.Errorf("%s %+v: %s said: %v, want %v", naming, o, key, !right, right)
				}
			}
			if strings.Contains(said, "slack.explain") || strings.Contains(said, "slack.why") {
				t.Errorf("%s: a key stands for its words:\n%s", naming, said)
			}
		}
	}
}

func TestDoctor(t *testing.T) {
	good := Options{Token: slackfake.BotToken, AppToken: slackfake.AppToken, SigningSecret: slackfake.SigningSecret}
	for name, test := range map[string]struct {
		bend func(*Options, *slackfake.Options)
		fake func(*slackfake.Server)
		want string // keys and arguments
	}{
		"good":        {nil, nil, ""},
		"nothing":     {func(o *Options, _ *slackfake.Options) { *o = Options{} }, nil, "slack.check.nobot slack.check.noway"},
		"swapped":     {func(o *Options, _ *slackfake.Options) { o.Token, o.AppToken = o.AppToken, o.Token }, nil, "slack.check.swapped(bot_token xapp-… xoxb-…) slack.check.swapped(app_token xoxb-… xapp-…)"},
		"a person's":  {func(o *Options, _ *slackfake.Options) { o.Token = "xoxp-1" }, nil, "slack.check.swapped(bot_token xoxp-… xoxb-…)"},
		"as a secret": {func(o *Options, _ *slackfake.Options) { o.SigningSecret = "xoxb-1" }, nil, "slack.check.swapped(signing_secret xoxb-… ?)"},
		"revoked":     {func(o *Options, _ *slackfake.Options) { o.Token = "xoxb-old" }, nil, "slack.check.refused(bot_token invalid_auth)"},
		"no files":    {func(_ *Options, f *slackfake.Options) { f.Scopes = slackfake.AllScopes()[:10] }, nil, "slack.check.scopes(files:read, files:write, team:read, dnd:read) slack.check.history"},
		"no history":  {func(_ *Options, f *slackfake.Options) { f.Scopes = slackfake.AllScopes() }, nil, "slack.check.history"},
		"no links": {func(o *Options, f *slackfake.Options) {
			o.URL = "https://crieur.test"
			f.Scopes = slices.DeleteFunc(f.Scopes, func(scope string) bool { return scope == "links:write" })
		}, nil, "slack.check.links(https://crieur.test)"},
		"another workspace": {func(o *Options, _ *slackfake.Options) { o.Team = "T0OTHER" }, nil, "slack.check.team(" + slackfake.Team + " T0OTHER)"},
		"this workspace":    {func(o *Options, _ *slackfake.Options) { o.Team = slackfake.Team }, nil, ""},
		"the organisation":  {func(o *Options, f *slackfake.Options) { o.Team, f.Enterprise = "T0PART", "E0COLIBRI" }, nil, ""},
		"half of it":        {func(_ *Options, f *slackfake.Options) { f.Scopes = append(slackfake.AllScopes(), "channels:history") }, nil, "slack.check.history"},
		"socket off":        {nil, func(s *slackfake.Server) { s.Disable(true) }, "slack.check.socketoff"},
		"socket scope":      {nil, func(s *slackfake.Server) { s.Fail("apps.connections.open", slackfake.Fault{Error: "missing_scope"}) }, "slack.check.scopes()"},
		"away":              {nil, func(s *slackfake.Server) { s.Fail("auth.test", slackfake.Fault{Status: 503}) }, "slack.check.away(slack server error: 503 Service Unavailable)"},
		"clock": {func(o *Options, _ *slackfake.Options) {
			o.Now = func() time.Time { return time.Now().Add(3 * time.Minute) }
		}, nil, "slack.check.clock(3m)"},
	} {
		t.Run(name, func(t *testing.T) {
			o, f := good, slackfake.Options{Scopes: append(slackfake.AllScopes(), historyScopes()...)}
			if test.bend != nil {
				test.bend(&o, &f)
			}
			s := slackfake.New(t, f)
			if test.fake != nil {
				test.fake(s)
			}
			o.APIURL, o.Words = s.APIURL(), testRenderer(t).words
			var got []string
			for _, p := range New(o, nil, nil).Doctor(context.Background()) {
				got = append(got, told(t, o.Words, p))
			}
			if said := strings.Join(got, " "); said != test.want && !(name == "clock" && strings.HasPrefix(said, "slack.check.clock(")) {
				t.Errorf("got  %s\nwant %s", said, test.want)
			}
		})
	}
}

func TestDoctorLooksAtChannels(t *testing.T) {
	s := slackfake.New(t, slackfake.Options{Scopes: append(slackfake.AllScopes(), historyScopes()...)})
	s.AddChannel(slackfake.Channel{ID: "C0IN", Name: "com"})
	s.AddChannel(slackfake.Channel{ID: "C0OUT", Name: "alertes", Outside: true})
	s.AddChannel(slackfake.Channel{ID: "C0OLD", Name: "vieux", Archived: true})
	a := New(Options{Token: slackfake.BotToken, AppToken: slackfake.AppToken, APIURL: s.APIURL(), Words: testRenderer(t).words}, nil, nil)
	var places []board.Place
	for _, id := range []string{"C0IN", "C0OUT", "C0OUT", "C0OLD", "C0NONE", "@U1"} {
		places = append(places, board.Place{Platform: "slack", Channel: id})
	}
	var got []string
	for _, p := range a.Doctor(t.Context(), append(places, board.Place{Platform: "discord", Channel: "C0OUT"})...) {
		got = append(got, told(t, a.options.Words, p))
	}
	want := "slack.check.outside(#alertes) slack.check.archived(#vieux) slack.check.outside(C0NONE)"
	if said := strings.Join(got, " "); said != want {
		t.Errorf("got  %s\nwant %s", said, want)
	}
}

// told is a problem in short; it fails without words and a fix for it.
func told(t *testing.T, words *i18n.Catalog, p Problem) string {
	t.Helper()
	for _, lang := range i18n.Langs() {
		for _, key := range []string{p.Key, p.Key + ".fix"} {
			var args []any
			for name, value := range p.Args {
				args = append(args, name, value)
			}
			if text := words.For(lang, nil).T(key, args...); text == key || strings.Contains(text, "<no value>") {
				t.Errorf("%s in %s reads %q", key, lang, text)
			}
		}
	}
	var values []string
	for _, name := range []string{"Where", "Found", "Wanted", "Scopes", "Drift", "Why", "Channel", "Address"} {
		if value, ok := p.Args[name]; ok {
			values = append(values, value)
		}
	}
	if len(p.Args) == 0 {
		return p.Key
	}
	return p.Key + "(" + strings.Join(values, " ") + ")"
}
