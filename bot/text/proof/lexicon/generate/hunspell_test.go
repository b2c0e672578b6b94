package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crieur/bot/text/proof/lexicon"
)

const rules = `FLAG long
NEEDAFFIX ()
FORBIDDENWORD {}
NOSUGGEST --
PFX L' Y 1
PFX L' 0 l' [aeiou]
PFX Um Y 2
PFX Um 0 0/S. .
PFX Um 0 kilo/S. .
SFX S. Y 2
SFX S. 0 0/L' [^sxz]
SFX S. 0 s [^sxz]
SFX a0 Y 2
SFX a0 er e/S. [^gy]er
SFX a0 ger ge [g]er
`

func TestExpand(t *testing.T) {
	g, err := readGrammar(strings.NewReader(rules))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ entry, want string }{
		{"ami/S.", "ami amis"},
		{"mètre/Um", "kilomètre kilomètres mètre mètres"},
		{"gramme/Um()", "gramme grammes kilogramme kilogrammes"},
		{"aimer/a0", "aime aimer aimes"},
		{"manger/a0", "mange manger"},
		{"payer/a0", "payer"},
		{"nez/S.", "nez"},
		{"non/{}", ""},
		{"gros --mot", "gros --mot"},
		{"seul\tpo:x", "seul"},
	} {
		var got []string
		g.expand(c.entry, func(form string, _ bool) { got = append(got, form) })
		slices.Sort(got)
		got = slices.Compact(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.entry, got, c.want)
		}
	}
	g.expand("zut/--", func(form string, hidden bool) {
		if !hidden {
			t.Errorf("%s is proposed", form)
		}
	})
}

func TestReadGrammarRefusesABrokenCondition(t *testing.T) {
	if _, err := readGrammar(strings.NewReader("SFX S Y 1\nSFX S 0 s [^sx\n")); err == nil {
		t.Error("accepted")
	}
}

func TestSpelling(t *testing.T) {
	for form, want := range map[string]bool{"mot": true, "été": true, "1er": false, "CO₂": false, "": false, "km/h": false} {
		if spelling(form) != want {
			t.Errorf("%q: %t", form, !want)
		}
	}
}

// TestExpandFiles reads a dictionary from its two files.
func TestExpandFiles(t *testing.T) {
	base := filepath.Join(t.TempDir(), "index")
	if err := os.WriteFile(base+".aff", []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(base+".dic", []byte("5\nami/S.\nzut/--\nd’abord\n1er/--\nprudent'/S.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	words := map[string]lexicon.Class{}
	if err := expandFiles(base, words); err != nil {
		t.Fatal(err)
	}
	for w, class := range map[string]lexicon.Class{"ami": lexicon.Plain, "amis": lexicon.Plain, "zut": lexicon.Hidden, "d'abord": lexicon.Plain, "1er": lexicon.Absent, "5": lexicon.Absent} {
		if words[w] != class {
			t.Errorf("%s is %d, want %d", w, words[w], class)
		}
	}
	if err := expandFiles(base+"x", words); err == nil {
		t.Error("no file, no error")
	}
}
