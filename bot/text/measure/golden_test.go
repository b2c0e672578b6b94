package measure

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file anew")

// The posts of testdata as every network sees them: length, parts, problems.
func TestGolden(t *testing.T) {
	source, err := os.ReadFile("testdata/posts.txt")
	if err != nil {
		t.Fatal(err)
	}
	var report strings.Builder
	for _, post := range strings.Split("\n"+string(source), "\n-- ")[1:] {
		name, text, _ := strings.Cut(strings.TrimSuffix(post, "\n"), " --\n")
		fmt.Fprintf(&report, "== %s\n", name)
		for _, network := range Networks() {
			describe(t, &report, text, body(t, network))
		}
		for _, facet := range Facets(text) {
			fmt.Fprintf(&report, "facet %s %d-%d %s\n", facet.Kind, facet.Start, facet.End, facet.Value)
		}
	}
	const golden = "testdata/posts.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(report.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, expected := strings.Split(report.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(expected)) {
		if i >= len(got) || i >= len(expected) || got[i] != expected[i] {
			t.Fatalf("line %d:\ngot  %s\nwant %s", i+1, at(got, i), at(expected, i))
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(the end)"
}

func describe(t *testing.T, report *strings.Builder, text string, rules Rules) {
	t.Helper()
	count := Length(text, rules)
	fmt.Fprintf(report, "%s: %d of %d %s\n", rules.Network, count.Length, count.Limit, count.Unit)
	for _, problem := range Check(text, rules) {
		args := problem.Args
		fmt.Fprintf(report, "  %s, n %d limit %d %s text %q replace %q\n",
			found(text, problem), args.N, args.Limit, args.Unit, args.Text, args.Replace)
	}
	parts, err := Split(text, rules)
	if err != nil {
		fmt.Fprintf(report, "  %v\n", err)
		return
	}
	tellsAll(t, text, parts, rules)
	uncut(t, text, parts, rules)
	if len(parts) > 1 {
		for _, part := range parts {
			fmt.Fprintf(report, "  part of %d: %q\n", Length(part, rules).Length, part)
		}
	}
}
