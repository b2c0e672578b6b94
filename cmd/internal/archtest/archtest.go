// Package archtest holds the shape of the house as a test: which way imports
// go, where each vendor's types stay, and the budgets of files, functions and
// interfaces, and that nothing is kept in a package's variables. A new arrow
// needs a changed rule here, with its reason.
//
// It reads source text only and knows nothing of what the code does.
package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Module is the module's path.
const Module = "crieur"

// The budgets of DESIGN.md section 9.
const (
	maxFunction  = 60
	maxFile      = 400
	maxInterface = 6
)

// File is one Go file with where it stands.
type File struct {
	Path string // from the module's root, with slashes
	Test bool
	Set  *token.FileSet
	AST  *ast.File
}

// Load parses every Go file below root.
func Load(root string) ([]File, error) {
	var files []File
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && name != root || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return fmt.Errorf("place %s: %w", name, err)
		}
		file, err := Parse(filepath.ToSlash(relative), name, nil)
		files = append(files, file)
		return err
	})
	return files, err
}

// Parse parses one file; source may be nil to read it from name.
func Parse(at, name string, source any) (File, error) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, name, source, parser.ParseComments)
	if err != nil {
		return File{}, fmt.Errorf("parse %s: %w", at, err)
	}
	return File{Path: at, Test: strings.HasSuffix(at, "_test.go"), Set: set, AST: parsed}, nil
}

// Check returns everything in the file that breaks a rule.
func Check(f File) []string {
	var broken []string
	say := func(node ast.Node, format string, args ...any) {
		line := f.Set.Position(node.Pos()).Line
		broken = append(broken, fmt.Sprintf("%s:%d: %s", f.Path, line, fmt.Sprintf(format, args...)))
	}
	for _, spec := range f.AST.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err == nil && !f.Test {
			if why := forbidden(f.Path, imported); why != "" {
				say(spec, "imports %s: %s", imported, why)
			}
		}
	}
	if f.Test {
		return broken
	}
	checkShape(f, say)
	return broken
}

func checkShape(f File, say func(ast.Node, string, ...any)) {
	if lines := f.Set.Position(f.AST.End()).Line; lines > maxFile && !generated(f) {
		say(f.AST, "%d lines, at most %d", lines, maxFile)
	}
	ast.Inspect(f.AST, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				say(n, "init(): wire it in cmd/internal/app")
			}
			length := f.Set.Position(n.End()).Line - f.Set.Position(n.Pos()).Line + 1
			if length > maxFunction {
				say(n, "%s has %d lines, at most %d", n.Name.Name, length, maxFunction)
			}
		case *ast.InterfaceType:
			if n.Methods != nil && len(n.Methods.List) > maxInterface {
				say(n, "an interface of %d methods, at most %d", len(n.Methods.List), maxInterface)
			}
		case *ast.GoStmt:
			if engine(f.Path) {
				say(n, "a go statement in an engine: only the application starts goroutines")
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && engine(f.Path) && x.Name == "time" && n.Sel.Name == "Now" {
				say(n, "time.Now in an engine: time is given")
			}
		}
		return true
	})
}

// engine says whether a file decides and so must have no clock and no goroutine.
func engine(at string) bool {
	return layer(at) == "commands" || layer(at) == "approvals" || strings.HasPrefix(at, "bot/text/") ||
		slices.Contains([]string{"bot/board", "bot/brand", "bot/content", "bot/hours", "bot/poll", "bot/i18n", "bot/noise", "bot/oncall"}, path.Dir(at))
}

func generated(f File) bool { return ast.IsGenerated(f.AST) }

// layers are in the one direction: a layer imports those after it.
func layers() []string { return []string{"cmd", "integrations", "commands", "approvals", "bot"} }

func layer(at string) string {
	first, _, _ := strings.Cut(at, "/")
	return first
}

// forbidden says why the file may not import the package, "" if it may.
func forbidden(at, imported string) string {
	if home, vendor := homes()[vendorOf(imported)]; vendor {
		if !slices.ContainsFunc(home, func(dir string) bool { return strings.HasPrefix(at, dir) }) {
			return "its types stay in " + strings.Join(home, " and ")
		}
	}
	target, ours := strings.CutPrefix(imported, Module+"/")
	if !ours {
		return ""
	}
	from, to := slices.Index(layers(), layer(at)), slices.Index(layers(), layer(target))
	switch {
	case from < 0 || to < 0:
		return "outside the layout"
	case from > to:
		return "imports go cmd -> integrations -> commands -> approvals -> bot"
	case layer(at) == "commands" && layer(target) == "commands" && room(at, 2) != room(target, 2):
		return "features never import each other: declare a one-method interface"
	case layer(at) == "integrations" && layer(target) == "integrations" && !sameIntegration(at, target):
		return "integrations never import each other, except integrations/internal"
	case strings.HasPrefix(at, "bot/text/") && !strings.HasPrefix(target, "bot/text/"):
		return "bot/text depends on nothing"
	case target == "bot" && layer(at) == "commands" && !shows(at):
		return "only chat.go, form.go, home.go, sheet.go, view.go and routes.go see package bot"
	}
	return ""
}

// shows says whether a file of a feature talks with people.
func shows(at string) bool {
	return slices.Contains([]string{"chat.go", "form.go", "home.go", "sheet.go", "view.go", "routes.go"}, path.Base(at))
}

// sameIntegration says whether both are in one integration, its fakes included,
// or the target is shared by all.
func sameIntegration(at, target string) bool {
	if strings.HasPrefix(target, "integrations/internal/") || room(at, 2) == "integrations/internal" {
		return true
	}
	depth := 3
	if room(at, 2) == "integrations/redis" || room(at, 2) == "integrations/llm" {
		depth = 2
	}
	return room(at, depth) == room(target, depth)
}

// room is the first n parts of a path.
func room(at string, n int) string {
	parts := strings.Split(at, "/")
	return strings.Join(parts[:min(n, len(parts))], "/")
}

// homes are the folders in which a vendor's types stay.
func homes() map[string][]string {
	return map[string][]string{
		"github.com/slack-go/slack":         {"integrations/chat/slack/"},
		"github.com/bwmarrin/discordgo":     {"integrations/chat/discord/"},
		"github.com/google/go-github":       {"integrations/source/github/"},
		"github.com/sashabaranov/go-openai": {"integrations/llm/"},
		"github.com/redis/go-redis":         {"integrations/redis/"},
		"github.com/alicebob/miniredis":     {"integrations/redis/"},
		"github.com/mattn/go-mastodon":      {"integrations/network/mastodon/"},
		"github.com/mmcdole/gofeed":         {"integrations/source/feed/"},
	}
}

// vendorOf is the first three parts of an import path: host, owner, repository.
func vendorOf(imported string) string { return room(imported, 3) }
