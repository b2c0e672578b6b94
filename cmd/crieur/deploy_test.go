package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"gopkg.in/yaml.v3"
)

// deployed reads a file of the folder deploy.
func deployed(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// understood says whether this program takes the arguments.
func understood(t *testing.T, where string, arguments []string) {
	t.Helper()
	parser, err := kong.New(&cli{}, kong.Exit(func(int) { t.Errorf("%s: %q only prints help", where, arguments) }))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(arguments); err != nil || len(arguments) == 0 {
		t.Errorf("%s: %q: %v", where, arguments, err)
	}
}

// TestDeployedCommands: what the unit, the image, their comments and the README
// run is what this program takes.
func TestDeployedCommands(t *testing.T) {
	type typed struct{ where, what string }
	var all []typed
	unit := regexp.MustCompile(`(?m)^ExecStart=\S+/crieur (.*)$`).FindStringSubmatch(deployed(t, "crieur.service"))
	if unit == nil {
		t.Fatal("the unit starts no crieur")
	}
	all = append(all, typed{"crieur.service", unit[1]})

	command := regexp.MustCompile(`(?m)^CMD (\[.*\])$`).FindStringSubmatch(deployed(t, "Dockerfile"))
	if command == nil {
		t.Fatal("the image has no command")
	}
	var arguments []string
	if err := json.Unmarshal([]byte(command[1]), &arguments); err != nil {
		t.Fatal(err)
	}
	all = append(all, typed{"Dockerfile", strings.Join(arguments, " ")})

	for name, pattern := range map[string]*regexp.Regexp{
		"compose.yaml":        regexp.MustCompile(`(?m)run --rm crieur (.*)$`),
		"redis.conf":          regexp.MustCompile(`(?m)crieur (check .*--online)`),
		"../README.md":        regexp.MustCompile(`(?m)^ +crieur (.*?)(?: +[<>#].*)?$`),
		"crieur.example.yaml": regexp.MustCompile(`(?m)#.* (?:crieur (check .*crieur.yaml)|crieur (manifest .*)|crieur (register .*))(?: {2}|$)`),
	} {
		found := pattern.FindAllStringSubmatch(deployed(t, name), -1)
		if len(found) == 0 {
			t.Errorf("%s names no command", name)
		}
		for _, one := range found {
			all = append(all, typed{name, strings.Join(one[1:], "")})
		}
	}

	t.Chdir(t.TempDir())
	if err := os.WriteFile("crieur.jsonl", nil, 0o600); err != nil { // an export, which some of them read
		t.Fatal(err)
	}
	for _, one := range all {
		understood(t, one.where, strings.Fields(one.what))
	}
}

// TestComposeNamesWhatIsThere: every file of the project that compose.yaml
// mounts or builds is in it, but for the two that its reader writes.
func TestComposeNamesWhatIsThere(t *testing.T) {
	var compose struct {
		Services map[string]struct {
			Build struct{ Context, Dockerfile string }
			Files []string `yaml:"env_file"`
			Mount []string `yaml:"volumes"`
		}
		Volumes map[string]any
	}
	if err := yaml.Unmarshal([]byte(deployed(t, "compose.yaml")), &compose); err != nil {
		t.Fatal(err)
	}
	own := map[string]bool{"crieur.yaml": true, "secrets.env": true}
	ignored, err := os.ReadFile(filepath.Join("..", "..", ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range own { // or a build would take them into the image
		if !strings.Contains(string(ignored), "deploy/"+name+"\n") {
			t.Errorf("%s is not kept out of the image", name)
		}
	}
	for name, service := range compose.Services {
		paths := service.Files
		if service.Build.Dockerfile != "" {
			paths = append(paths, filepath.Join(service.Build.Context, service.Build.Dockerfile))
		}
		for _, mount := range service.Mount {
			from, _, _ := strings.Cut(mount, ":")
			if _, ok := compose.Volumes[from]; !ok {
				paths = append(paths, from)
			}
		}
		for _, path := range paths {
			if _, err := os.Stat(filepath.Join("..", "..", "deploy", path)); err != nil && !own[filepath.Base(path)] {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
