package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"github.com/bwmarrin/discordgo"
)

// CommandKind is where a command is found.
type CommandKind int

const (
	Slash     CommandKind = iota // typed
	OnMessage                    // in the menu of a message
	OnUser                       // in the menu of a person
)

// Words are one text in each language, by "fr" and "en".
type Words map[string]string

// Command describes a command, whatever the platform calls its parts.
type Command struct {
	// Name is the registered name: of the bot.CommandRoute, or for the menus of
	// messages and people that of the action.
	Name string
	Kind CommandKind
	// Names and About are what people see. Names default to Name; menus may have
	// capitals and spaces, typed names may not.
	Names, About Words
	// Text, if set, is the one optional text of the command.
	Text *TextOption
	// Subs make it a group: then it cannot be used alone, and has no Text.
	Subs []Command
}

// TextOption is the text after a command.
type TextOption struct {
	Names, About Words
	Complete     bool // the Front is asked for completions while it is typed
}

// Limits of commands.
const (
	maxCommandName  = 32
	maxCommandAbout = 100
	maxCommandChars = 8000
	maxSubs         = 25
)

// ErrCommands says that the command set would be refused by Discord.
var ErrCommands = errors.New("command set not valid")

// typable says whether Discord takes every character of a name that people type.
func typable(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("-_'", r)
	})
}

// name is what a menu command is registered under: Discord sends it back.
func (c Command) name() string {
	if c.Kind == Slash {
		return c.Name
	}
	if name := c.Names["en"]; name != "" {
		return name
	}
	return c.Name
}

// Commands builds the set that is registered for the whole application, as
// Discord's JSON. The registered name never changes with the language; French
// and English names are localisations.
func Commands(set []Command) ([]byte, error) {
	all, err := build(set)
	if err != nil {
		return nil, err
	}
	return json.Marshal(all)
}

func build(set []Command) ([]*discordgo.ApplicationCommand, error) {
	var all []*discordgo.ApplicationCommand
	var problems []error
	counts := map[CommandKind]int{}
	for _, c := range set {
		counts[c.Kind]++
		made := &discordgo.ApplicationCommand{Name: c.name(), Type: commandTypes[c.Kind],
			NameLocalizations: pointer(locales(c.Names)), Options: []*discordgo.ApplicationCommandOption{}}
		if c.Kind == Slash {
			made.Description = c.About["en"]
			made.DescriptionLocalizations = pointer(locales(c.About))
			made.Options = options(c)
		}
		problems = append(problems, c.check(c.Kind == Slash)...)
		all = append(all, made)
	}
	if counts[Slash] > 100 || counts[OnMessage] > 15 || counts[OnUser] > 15 {
		problems = append(problems, errors.New("more than 100 commands or 15 entries of a menu"))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCommands, err)
	}
	return all, nil
}

var commandTypes = map[CommandKind]discordgo.ApplicationCommandType{
	Slash: discordgo.ChatApplicationCommand, OnMessage: discordgo.MessageApplicationCommand, OnUser: discordgo.UserApplicationCommand,
}

func options(c Command) []*discordgo.ApplicationCommandOption {
	made := []*discordgo.ApplicationCommandOption{}
	for _, sub := range c.Subs {
		made = append(made, &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionSubCommand,
			Name: sub.Name, NameLocalizations: locales(sub.Names),
			Description: sub.About["en"], DescriptionLocalizations: locales(sub.About), Options: options(sub)})
	}
	if c.Text != nil && len(c.Subs) == 0 {
		made = append(made, &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionString,
			Name: c.Text.Names["en"], NameLocalizations: locales(c.Text.Names),
			Description: c.Text.About["en"], DescriptionLocalizations: locales(c.Text.About), Autocomplete: c.Text.Complete})
	}
	return made
}

// locales spreads a text over Discord's locales.
func locales(w Words) map[discordgo.Locale]string {
	if len(w) == 0 {
		return nil
	}
	made := map[discordgo.Locale]string{}
	if text := w["fr"]; text != "" {
		made[discordgo.French] = text
	}
	if text := w["en"]; text != "" {
		made[discordgo.EnglishUS], made[discordgo.EnglishGB] = text, text
	}
	return made
}

func pointer(m map[discordgo.Locale]string) *map[discordgo.Locale]string {
	if m == nil {
		return nil
	}
	return &m
}

// check lists what Discord would refuse.
func (c Command) check(typed bool) []error {
	var problems []error
	name := func(what, text string) {
		switch {
		case text == "" || sizeOf(text).chars > maxCommandName:
			problems = append(problems, fmt.Errorf("%s of %q: %q is not 1 to 32 characters", what, c.Name, text))
		case typed && (!typable(text) || text != strings.ToLower(text)):
			problems = append(problems, fmt.Errorf("%s of %q: %q needs lower case letters, digits, - and _ only", what, c.Name, text))
		}
	}
	about := func(what string, words Words) {
		for _, lang := range []string{"en", "fr"} {
			if text := words[lang]; text == "" || sizeOf(text).chars > maxCommandAbout {
				problems = append(problems, fmt.Errorf("%s of %q: %s text is not 1 to 100 characters", what, c.Name, lang))
			}
		}
	}
	name("name", c.name())
	for _, text := range c.Names {
		name("name", text)
	}
	if typed {
		about("description", c.About)
	}
	if c.Text != nil {
		for _, lang := range []string{"en", "fr"} {
			name("option", c.Text.Names[lang])
		}
		about("option", c.Text.About)
	}
	if len(c.Subs) > maxSubs || (len(c.Subs) > 0 && c.Text != nil) {
		problems = append(problems, fmt.Errorf("%q: a group has at most 25 entries and no text of its own", c.Name))
	}
	for _, sub := range c.Subs {
		if len(sub.Subs) > 0 {
			problems = append(problems, fmt.Errorf("%q: one level of groups only", c.Name))
		}
		problems = append(problems, sub.check(true)...)
	}
	if n := c.chars(); n > maxCommandChars {
		problems = append(problems, fmt.Errorf("%q: %d characters in all, at most 8,000", c.Name, n))
	}
	return problems
}

// chars counts all texts, the longest language of each.
func (c Command) chars() int {
	longest := func(words Words, fallback string) int {
		n := sizeOf(fallback).chars
		for _, text := range words {
			n = max(n, sizeOf(text).chars)
		}
		return n
	}
	n := longest(c.Names, c.Name) + longest(c.About, "")
	if c.Text != nil {
		n += longest(c.Text.Names, "") + longest(c.Text.About, "")
	}
	for _, sub := range c.Subs {
		n += sub.chars()
	}
	return n
}

// Register brings the application's commands to the set, and says whether
// anything had to change: Discord allows 200 new commands a day.
func (c *Chat) Register(ctx context.Context, set []Command) (changed bool, err error) {
	want, err := build(set)
	if err != nil {
		return false, err
	}
	path := "/applications/" + c.opts.AppID + "/commands"
	var have []*discordgo.ApplicationCommand
	err = c.rest.do(ctx, call{method: http.MethodGet, path: path + "?with_localizations=true", route: "GET /applications/commands", again: true}, &have)
	if err != nil {
		return false, fmt.Errorf("read commands: %w", err)
	}
	if commandHash(have) == commandHash(want) {
		return false, nil
	}
	err = c.rest.do(ctx, call{method: http.MethodPut, path: path, route: "PUT /applications/commands", body: want, again: true}, nil)
	if err != nil {
		return false, fmt.Errorf("register commands: %w", err)
	}
	return true, nil
}

// commandHash is a digest of what a command set says, whatever its order and
// whatever Discord adds to it.
func commandHash(set []*discordgo.ApplicationCommand) string {
	said := map[string]any{}
	for _, c := range set {
		about := ""
		if c.Type == discordgo.ChatApplicationCommand || c.Type == 0 {
			about = c.Description
		}
		said[fmt.Sprint(max(c.Type, 1), c.Name)] = []any{about, filled(c.NameLocalizations), filled(c.DescriptionLocalizations), optionWords(c.Options)}
	}
	data, err := json.Marshal(said)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func optionWords(list []*discordgo.ApplicationCommandOption) []any {
	said := []any{}
	for _, o := range list {
		said = append(said, []any{o.Type, o.Name, o.Description, filled(&o.NameLocalizations), filled(&o.DescriptionLocalizations),
			o.Required, o.Autocomplete, optionWords(o.Options)})
	}
	return said
}

func filled(words *map[discordgo.Locale]string) map[discordgo.Locale]string {
	if words == nil || *words == nil {
		return map[discordgo.Locale]string{}
	}
	return *words
}
