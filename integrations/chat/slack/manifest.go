package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	api "github.com/slack-go/slack"

	"crieur/bot"
	"crieur/bot/i18n"
)

// Naming is which names the slash commands are installed under. Slack cannot
// localise a command, so a team chooses.
type Naming string

const (
	French  Naming = "fr"
	English Naming = "en"
	Both    Naming = "both"
	Single  Naming = "single" // /crieur alone: it reaches everything by words
)

// ErrManifest says that the options make no manifest that Slack takes.
var ErrManifest = errors.New("no valid manifest")

// installed is one command and its names on screen. They are ASCII: Slack takes
// nothing else.
type installed struct{ name, french, english string }

func allCommands() []installed {
	return []installed{
		{"draft", "brouillon", "draft"}, {"review", "valider", "review"}, {"plan", "planning", "plan"},
		{"mentions", "mentions", "mentions"}, {"rivals", "veille", "rivals"}, {"crieur", "crieur", "crieur"},
	}
}

// Commands maps every installed name to the registered one, whichever naming the
// team chose: it is what Options.Commands wants.
func Commands() map[string]string {
	names := map[string]string{}
	for _, c := range allCommands() {
		names["/"+c.french], names["/"+c.english] = c.name, c.name
	}
	return names
}

// Shortcut is an entry of Slack's shortcut menus.
type Shortcut struct {
	// Action is the registered action that it starts.
	Action string
	// Key is the catalog key of its name (at most 24 characters) and, with
	// ".help", of its description (at most 150).
	Key string
	// Message says that it is used on a message.
	Message bool
}

// ManifestOptions is what a manifest is made from.
type ManifestOptions struct {
	Naming Naming
	// Lang is the language of descriptions; empty: French unless Naming is English.
	Lang string
	// On are the registered commands that are switched on; nil is all six.
	On        []string
	Shortcuts []Shortcut
	// Address is the public https address for HTTP delivery; empty is Socket Mode.
	Address string
	// UnfurlDomains are the domains whose links Crieur shows; at most 5.
	UnfurlDomains []string
	// History lets Crieur read the channels that it is in, which nothing else
	// needs: a card whose sending got no answer is looked for there before it is
	// posted again. Without it, it is posted again and says so.
	History bool
	Words   *i18n.Catalog
}

// Need is a permission and the catalog key of why it is asked for.
type Need struct{ Scope, Why string }

// Needs lists the bot permissions that a manifest with these options asks for.
func Needs(o ManifestOptions) []Need {
	scopes := []string{"commands", "chat:write", "app_mentions:read", "im:history", "im:write", "users:read",
		"usergroups:read", "channels:read", "groups:read", "reactions:write", "files:read", "files:write", "team:read", "dnd:read"}
	if len(o.UnfurlDomains) > 0 {
		scopes = append(scopes, linkScopes()...)
	}
	if o.History {
		scopes = append(scopes, historyScopes()...)
	}
	needs := make([]Need, len(scopes))
	for i, scope := range scopes {
		needs[i] = Need{Scope: scope, Why: "slack.why." + strings.NewReplacer(":", "_", ".", "_").Replace(scope)}
	}
	return needs
}

// historyScopes let the messages of channels be read; a direct message with
// Crieur is open to it anyway.
func historyScopes() []string { return []string{"channels:history", "groups:history"} }

// linkScopes let Crieur show a card under its link.
func linkScopes() []string { return []string{"links:read", "links:write"} }

// Manifest makes the app manifest (JSON) that an administrator pastes into
// "Create an app from a manifest".
func Manifest(o ManifestOptions) ([]byte, error) {
	print := o.print()
	commands, err := o.commands(print)
	if err != nil {
		return nil, err
	}
	shortcuts, err := o.shortcuts(print)
	if err != nil {
		return nil, err
	}
	if o.Address != "" && !strings.HasPrefix(o.Address, "https://") {
		return nil, fmt.Errorf("address %q is not https: %w", o.Address, ErrManifest)
	}
	if len(o.UnfurlDomains) > 5 {
		return nil, fmt.Errorf("%d unfurl domains of 5: %w", len(o.UnfurlDomains), ErrManifest)
	}
	manifest := api.Manifest{
		Metadata: api.ManifestMetadata{MajorVersion: 1},
		Display:  api.Display{Name: "Crieur", Description: print.T("slack.app")},
		Features: api.Features{
			AppHome:       api.AppHome{HomeTabEnabled: true, MessagesTabEnabled: true},
			BotUser:       api.BotUser{DisplayName: "Crieur", AlwaysOnline: true},
			SlashCommands: commands, Shortcuts: shortcuts, UnfurlDomains: o.UnfurlDomains,
		},
		Settings: o.settings(),
	}
	for _, need := range Needs(o) {
		manifest.OAuthConfig.Scopes.Bot = append(manifest.OAuthConfig.Scopes.Bot, need.Scope)
	}
	raw, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	return append(raw, '\n'), nil
}

// print says things in the language of the manifest.
func (o ManifestOptions) print() *i18n.Printer {
	switch {
	case o.Lang != "":
		return o.Words.For(o.Lang, nil)
	case o.Naming == English:
		return o.Words.For("en", nil)
	}
	return o.Words.For("fr", nil)
}

// commands are the slash commands of the naming, only what is switched on.
func (o ManifestOptions) commands(print *i18n.Printer) ([]api.ManifestSlashCommand, error) {
	var commands []api.ManifestSlashCommand
	for _, c := range allCommands() {
		if o.On != nil && !slices.Contains(o.On, c.name) {
			continue
		}
		var names []string
		switch o.Naming {
		case French:
			names = []string{c.french}
		case English:
			names = []string{c.english}
		case Both:
			names = slices.Compact([]string{c.french, c.english})
		case Single:
			if c.name == "crieur" {
				names = []string{c.name}
			}
		default:
			return nil, fmt.Errorf("naming %q (fr, en, both or single): %w", o.Naming, ErrManifest)
		}
		for _, name := range names {
			commands = append(commands, api.ManifestSlashCommand{Command: "/" + name, Url: o.url("/slack/commands"),
				Description: print.T("slack.command." + c.name), UsageHint: print.T("slack.command." + c.name + ".hint")})
		}
	}
	return commands, nil
}

func (o ManifestOptions) shortcuts(print *i18n.Printer) ([]api.Shortcut, error) {
	if len(o.Shortcuts) > 10 {
		return nil, fmt.Errorf("%d shortcuts of 10: %w", len(o.Shortcuts), ErrManifest)
	}
	var shortcuts []api.Shortcut
	for _, s := range o.Shortcuts {
		kind := api.GlobalShortcut
		if s.Message {
			kind = api.MessageShortcut
		}
		name, help := print.T(s.Key), print.T(s.Key+".help")
		if units(name) > 24 || units(help) > 150 {
			return nil, fmt.Errorf("shortcut %q is longer than 24 or its help than 150: %w", name, ErrManifest)
		}
		shortcuts = append(shortcuts, api.Shortcut{Name: name, Description: help, Type: kind,
			CallbackID: bot.Callback{Action: s.Action}.String()})
	}
	return shortcuts, nil
}

// settings subscribe to events and say how everything is delivered.
func (o ManifestOptions) settings() api.Settings {
	events := []string{"app_mention", "message.im", "app_home_opened", "member_joined_channel", "app_uninstalled", "tokens_revoked"}
	if len(o.UnfurlDomains) > 0 {
		events = append(events, "link_shared")
	}
	return api.Settings{
		EventSubscriptions: &api.EventSubscriptions{RequestUrl: o.url("/slack/events"), BotEvents: events},
		Interactivity: &api.Interactivity{IsEnabled: true, RequestUrl: o.url("/slack/interactions"),
			MessageMenuOptionsUrl: o.url("/slack/options")},
		SocketModeEnabled: o.Address == "",
	}
}

func (o ManifestOptions) url(path string) string {
	if o.Address == "" {
		return ""
	}
	return strings.TrimRight(o.Address, "/") + path
}
