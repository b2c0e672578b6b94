package proof

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestCleanPosts passes posts as a careful community manager writes them, one a
// line: not a single remark.
func TestCleanPosts(t *testing.T) {
	for _, lang := range Languages() {
		text, err := os.ReadFile("testdata/clean_" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		c := checker(t, lang)
		for _, post := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			if got := brief(post, c.Check(post, Context{When: tuesday})); got != "" {
				t.Errorf("%s\n got %s", post, got)
			}
		}
	}
}

// TestWrongPosts compares what is said of posts with mistakes, one a line, with
// the golden file; -update rewrites it.
func TestWrongPosts(t *testing.T) {
	for _, lang := range Languages() {
		text, err := os.ReadFile("testdata/wrong_" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		c := checker(t, lang)
		var out strings.Builder
		for _, post := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			problems := c.Check(post, Context{When: tuesday})
			out.WriteString(post + "\n")
			for _, p := range problems {
				out.WriteString("\t" + brief(post, []Problem{p}) + "\n")
			}
			out.WriteString("= " + strings.ReplaceAll(Apply(post, problems), nbsp, "~") + "\n\n")
		}
		golden := "testdata/wrong_" + lang + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if out.String() != string(want) {
			t.Errorf("%s: the remarks changed; compare %s after -update", lang, golden)
		}
	}
}
