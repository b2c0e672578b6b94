package archtest_test

import (
	"strings"
	"testing"

	"crieur/cmd/internal/archtest"
)

// The house as it stands obeys every rule.
func TestHouse(t *testing.T) {
	files, err := archtest.Load("../../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("only %d files found: is the root right?", len(files))
	}
	documented := map[string]bool{}
	packages := map[string]bool{}
	for _, file := range files {
		for _, broken := range archtest.Check(file) {
			t.Error(broken)
		}
		if file.Test {
			continue
		}
		dir := file.Path[:strings.LastIndex(file.Path, "/")+1]
		packages[dir] = true
		documented[dir] = documented[dir] || file.AST.Doc != nil
	}
	for _, broken := range archtest.Mutable(files) {
		t.Error(broken)
	}
	for dir := range packages {
		if !documented[dir] {
			t.Errorf("%s: no package comment", dir)
		}
	}
}

// Each rule fails on a planted fault.
func TestPlanted(t *testing.T) {
	long := "package p\nfunc f() {\n" + strings.Repeat("_ = 0\n", 60) + "}\n"
	for _, test := range []struct{ name, at, source, want string }{
		{"upwards", "bot/x.go", `package bot; import _ "crieur/commands/review"`, "imports go"},
		{"feature to feature", "commands/review/x.go", `package review; import _ "crieur/commands/drafting"`, "never import each other"},
		{"integration to integration", "integrations/chat/slack/x.go", `package slack; import _ "crieur/integrations/chat/discord"`, "never import each other"},
		{"text depends on nothing", "bot/text/tone/x.go", `package tone; import _ "crieur/bot/i18n"`, "depends on nothing"},
		{"an engine sees the chat", "commands/review/engine.go", `package review; import _ "crieur/bot"`, "only chat.go"},
		{"a vendor abroad", "commands/review/chat.go", `package review; import _ "github.com/slack-go/slack"`, "its types stay"},
		{"a vendor's second version", "bot/x.go", `package bot; import _ "github.com/redis/go-redis/v9"`, "its types stay"},
		{"init", "bot/x.go", "package bot\nfunc init() {}", "init()"},
		{"long function", "bot/x.go", long, "62 lines"},
		{"long file", "bot/x.go", "package bot\n" + strings.Repeat("\n", 400) + "var _ = 0", "at most 400"},
		{"wide interface", "bot/x.go", "package bot\ntype i interface{ a(); b(); c(); d(); e(); f(); g() }", "7 methods"},
		{"clock in an engine", "commands/review/engine.go", "package review\nimport \"time\"\nvar _ = time.Now", "time.Now"},
		{"goroutine in an engine", "approvals/x.go", "package approvals\nfunc f() { go f() }", "go statement"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file, err := archtest.Parse(test.at, test.at, test.source)
			if err != nil {
				t.Fatal(err)
			}
			broken := strings.Join(archtest.Check(file), "\n")
			if !strings.Contains(broken, test.want) {
				t.Errorf("got %q, want %q", broken, test.want)
			}
		})
	}
}

// A package's variable that changes is found wherever it is changed, and nothing
// else is.
func TestMutable(t *testing.T) {
	const tables = "package p\nimport \"sync\"\nvar table, other = map[string]int{}, []int{1}\nvar one struct{ n int }\nvar read = sync.OnceValue(f)\n"
	for _, test := range []struct{ name, source, want string }{
		{"assigned", "func f() { table = nil }", "table is assigned"},
		{"an entry", "func f() { table[`a`] = 1 }", "table is assigned"},
		{"a field", "func f() { (one).n++ }", "one is assigned"},
		{"in a loop", "func f() { for one.n = range 3 { } }", "one is assigned"},
		{"its address", "func f() *int { return &other[0] }", "other is given away by its address"},
		{"deleted", "func f() { delete(table, `a`) }", "table is given to delete"},
		{"copied into", "func f() { copy(other[1:], other) }", "other is given to copy"},
		{"a lock", "var mu sync.Mutex", "mu is made to be changed"},
		{"an atomic", "var n atomic.Pointer[int]", "n is made to be changed"},
		{"a pool", "var pool = sync.Pool{}", "pool is made to be changed"},
		{"read", "func f() int { return table[`a`] + other[0] + one.n }", ""},
		{"a local one", "func f() { table := map[string]int{}; table[`a`] = 1; var one int; one++; _ = &one }", ""},
		{"an argument", "func f(other []int) { other[0] = 1 }", ""},
		{"a field of the name", "func (x *t) f() { x.table = nil }", ""},
		{"a copy", "func f() { mine := one; mine.n = 1 }", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := []archtest.File{parsed(t, "bot/a.go", tables), parsed(t, "bot/b.go", "package p\n"+test.source),
				parsed(t, "bot/b_test.go", "package p\nfunc g() { table = nil }"), parsed(t, "approvals/b.go", "package p\nvar x int\nfunc g(table []int) { table = nil }")}
			broken := archtest.Mutable(files)
			if test.want == "" && len(broken) > 0 || test.want != "" && (len(broken) != 1 || !strings.Contains(broken[0], "bot/b.go:2: "+test.want)) {
				t.Errorf("got %q, want %q", broken, test.want)
			}
			together := archtest.Mutable([]archtest.File{parsed(t, "bot/a.go", tables+test.source)})
			if len(together) != len(broken) {
				t.Errorf("in one file: %q", together)
			}
		})
	}
}

func parsed(t *testing.T, at, source string) archtest.File {
	t.Helper()
	file, err := archtest.Parse(at, at, source)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// What the rules allow passes.
func TestAllowed(t *testing.T) {
	for _, test := range []struct{ at, source string }{
		{"cmd/internal/app/app.go", `package app; import (_ "crieur/commands/review"; _ "crieur/integrations/redis")`},
		{"commands/review/chat.go", `package review; import (_ "crieur/bot"; _ "crieur/approvals")`},
		{"integrations/network/mastodon/x.go", `package mastodon; import (_ "crieur/integrations/internal/httpx"; _ "github.com/mattn/go-mastodon")`},
		{"bot/text/theme/x.go", `package theme; import _ "crieur/bot/text/token"`},
	} {
		file, err := archtest.Parse(test.at, test.at, test.source)
		if err != nil {
			t.Fatal(err)
		}
		if broken := archtest.Check(file); len(broken) > 0 {
			t.Errorf("%s: %v", test.at, broken)
		}
	}
}
