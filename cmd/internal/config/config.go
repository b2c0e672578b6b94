// Package config reads crieur.yaml: strictly, and reporting every mistake at
// once, each with its line and what to write instead.
//
// Secrets need not stand in the file: ${NAME} anywhere in a value stands for
// the environment variable NAME ($${ for a plain ${). A variable that is not
// set is a mistake. Secrets are kept as secret.Secret and never repeated in a
// message. The package knows the shape of the file and what is coherent in it;
// it calls nobody, so it does not know whether a token is still good (crieur
// check --online does).
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"reflect"
	"regexp"
	"strconv"

	"gopkg.in/yaml.v3"

	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/secret"
)

// Config is a crieur.yaml without mistakes.
type Config struct {
	Space *brand.Space
	// Key signs what buttons carry; it is the same in every process.
	Key  secret.Secret
	Data string // folder of the private store; empty if none is named
	Addr string // HTTP
	URL  string // under which people reach Addr; empty: they do not
	// Allow are networks outside the public internet that may be called.
	Allow []netip.Prefix
	// RedisURL is empty when a private server or none is meant.
	RedisURL secret.Secret
	// AuditKey signs the record of who did what; nil leaves it unsigned.
	AuditKey *audit.Key
	Slack    *Slack
	Discord  *Discord
	Model    *Model
	Mail     *Mail
	// Accounts are the brands' accounts with their credentials, by
	// "<brand>/<account>".
	Accounts map[string]Account
	Feeds    []Feed
	GitHub   []GitHub
	Hooks    []Hook
	Pagers   map[string]Pager // by brand
	// Advice is what is allowed but not wise.
	Advice []Problem
}

// Slack is one workspace.
type Slack struct {
	Team                              string
	BotToken, AppToken, SigningSecret secret.Secret
	APIURL                            string // empty: Slack's own
	Commands                          string // fr, en, both or single
}

// Discord is one guild.
type Discord struct {
	Guild, AppID, PublicKey string
	Token                   secret.Secret
	APIURL, GatewayURL      string // empty: Discord's own
	// HearChannels has @Crieur heard in channels.
	HearChannels bool
}

// Model is a service that proposes texts.
type Model struct {
	BaseURL, Name string
	Key           secret.Secret
}

// Mail is the mail server through which people on call are written to.
type Mail struct {
	Server, From, User string
	Password           secret.Secret
	TLS                string // starttls, implicit or none
}

// Account is an account with what it takes to publish there. Which of the
// fields are set depends on its network.
type Account struct {
	brand.Account
	Brand    string
	Instance string        // mastodon
	Token    secret.Secret // mastodon
	Service  string        // bluesky, empty: the usual one
	Handle   string        // bluesky
	Password secret.Secret // bluesky
	URL      secret.Secret // webhook; the address may hold a key
	Secret   secret.Secret // webhook
	Channel  string        // slack, discord
}

// Feed is one address that is read for mentions.
type Feed struct {
	Brand, Name, Network string
	URL                  secret.Secret
}

// GitHub is what is read on GitHub for mentions.
type GitHub struct {
	Brand, Name string
	Repos       []string // the brand's own, as owner/name
	Query       string   // a search in all others
	Token       secret.Secret
	APIURL      string // empty: GitHub's own
}

// Hook is a program that may tell what was said, at /hooks/mentions/<name>.
type Hook struct {
	Brand, Name, Network string
	Secret               secret.Secret
}

// Pager is called for what is critical.
type Pager struct {
	URL, Secret secret.Secret
}

// Options say how to read.
type Options struct {
	// Env looks a variable up; nil is the process's environment.
	Env func(string) (string, bool)
	// Lenient reads without credentials, for replay and manifest: variables that
	// are not set and chat applications without tokens are no mistake then.
	Lenient bool
}

// Load reads a file. The error is Problems when the file has mistakes.
func Load(path string, o Options) (*Config, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s: copy deploy/crieur.example.yaml there and adapt it", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return Parse(path, data, o)
}

// Parse reads the content of a file; name is what messages call it.
func Parse(name string, data []byte, o Options) (*Config, error) {
	if o.Env == nil {
		o.Env = os.LookupEnv
	}
	t := &tree{file: name, env: o.Env, lenient: o.Lenient, lines: map[string]int{}, seen: map[*yaml.Node]bool{}, unset: map[string]bool{}}
	read, err := t.read(data)
	if err != nil {
		return nil, err
	}
	r := &reader{tree: t, file: read, options: o}
	config := r.config()
	if len(t.problems) > 0 {
		return nil, t.problems.sorted()
	}
	return config, nil
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// read decodes the file into its shape. Only a file that is no YAML at all is
// an error here; everything else is collected.
func (t *tree) read(data []byte) (file, error) {
	var root yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&root); err != nil {
		problem := Problem{File: t.file, What: "This file cannot be read as YAML: " + err.Error() + ".",
			Fix: "Check indentation (spaces, never tabs), colons and quotes there."}
		if errors.Is(err, io.EOF) {
			problem.What, problem.Fix = "This file is empty.", "Copy deploy/crieur.example.yaml and adapt it."
		}
		if found := yamlLine.FindStringSubmatch(err.Error()); found != nil {
			problem.Line, _ = strconv.Atoi(found[1])
			problem.What = "This file cannot be read as YAML: " + err.Error()[len(found[0]):] + "."
		}
		return file{}, Problems{problem}
	}
	if decoder.Decode(new(yaml.Node)) == nil {
		t.wrong("", "The file holds more than one document.", "Take out the line --- and what follows it.")
	}
	top := root.Content[0]
	t.lines[""] = top.Line
	t.walk(top, reflect.TypeFor[file](), "")
	var read file
	if err := top.Decode(&read); err != nil {
		t.wrong("", "%s.", "Check the indentation there.", err)
	}
	return read, nil
}
