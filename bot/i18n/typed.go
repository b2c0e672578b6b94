package i18n

import (
	"maps"
	"strings"
)

// Naming is under which names slash commands are installed somewhere.
type Naming string

const (
	// InFrench and InEnglish: in that language, whoever reads.
	InFrench  Naming = "fr"
	InEnglish Naming = "en"
	// InBoth: in each reader's language.
	InBoth Naming = "both"
	// Alone: there is but one command; the others are words after it.
	Alone Naming = "single"
	// Grouped: in each reader's language; the one command has its words as
	// subcommands, and one more for any others.
	Grouped Naming = "grouped"
)

// theOne is the command that is always installed.
const theOne = "crieur"

// commandKey begins the catalog keys of the names of commands.
const commandKey = "command."

// Installed is the same catalog where the commands of a platform are known to be
// installed under some names. Elsewhere they have those of the reader's language.
func (c *Catalog) Installed(platform string, n Naming) *Catalog {
	named := *c
	named.installed = maps.Clone(c.installed)
	if named.installed == nil {
		named.installed = map[string]Naming{}
	}
	named.installed[platform] = n
	return &named
}

// On is the same printer for who reads on a platform: it names the commands that
// can be typed there.
func (p *Printer) On(platform string) *Printer { return p.Naming(p.catalog.installed[platform]) }

// Naming is the same printer where commands are installed under these names.
func (p *Printer) Naming(n Naming) *Printer {
	lang := p.Lang
	if n == InFrench || n == InEnglish {
		lang = string(n)
	}
	there := *p
	there.commands = p.catalog.langs[lang].commands
	if n == Alone {
		there.commands = map[string]string{}
		for name, typed := range p.catalog.langs[lang].commands {
			there.commands[name] = "/" + theOne + " " + strings.TrimPrefix(typed, "/")
		}
		there.commands[theOne] = "/" + theOne
	}
	if n == Grouped {
		there.commands = maps.Clone(there.commands)
		there.commands[theOne] += " " + p.T("discord.ask")
	}
	return &there
}

// Command is what is typed for a command, by its registered name: "/brouillon"
// for "draft". In the catalog it is {{.Cmd.draft}}.
func (p *Printer) Command(name string) string { return p.commands[name] }

// commandsOf are what is typed for each command in a language.
func commandsOf(plain map[string]string) map[string]string {
	typed := map[string]string{}
	for key, word := range plain {
		if name, ok := strings.CutPrefix(key, commandKey); ok && !strings.Contains(name, ".") {
			typed[name] = "/" + word
		}
	}
	return typed
}
