// Command generate makes the compact dictionaries of package lexicon from the
// hunspell dictionaries that npm serves, and puts their licences beside them.
// Run it with "go generate ./bot/text/proof/lexicon"; it needs npm and tar.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"crieur/bot/text/proof/lexicon"
)

// sources name each dictionary's package and version. A language may have more
// than one: a British spelling is right in English too.
var sources = map[string][]string{
	"fr": {"dictionary-fr@3.0.0"},
	"en": {"dictionary-en@4.0.0", "dictionary-en-gb@3.0.0"},
}

func main() {
	log.SetFlags(0)
	for _, lang := range []string{"fr", "en"} {
		if err := make1(lang); err != nil {
			log.Fatal(err)
		}
	}
}

func make1(lang string) error {
	words := map[string]lexicon.Class{}
	var licence bytes.Buffer
	for _, source := range sources[lang] {
		if err := load(source, words, &licence); err != nil {
			return fmt.Errorf("load package %s: %w", source, err)
		}
	}
	common, err := os.ReadFile("common_" + lang + ".txt")
	if err != nil {
		return err
	}
	for _, word := range strings.Fields(string(common)) {
		if words[word] != lexicon.Plain {
			return fmt.Errorf("mark common word %q: the dictionary has it not, or twice", word)
		}
		words[word] = lexicon.Common
	}
	packed, err := lexicon.Pack(words)
	if err != nil {
		return fmt.Errorf("pack dictionary %s: %w", lang, err)
	}
	log.Printf("%s: %d words in %d bytes", lang, len(words), len(packed))
	if err := os.WriteFile("LICENSE-"+lang+".txt", licence.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(lang+".dawg", packed, 0o644)
}

// load fetches a package and adds its words and its licence.
func load(source string, words map[string]lexicon.Class, licence *bytes.Buffer) error {
	dir, err := os.MkdirTemp("", "lexicon")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fetch := exec.Command("npm", "pack", "--silent", source)
	fetch.Dir, fetch.Stderr = dir, os.Stderr
	name, err := fetch.Output()
	if err != nil {
		return err
	}
	unpack := exec.Command("tar", "xzf", strings.TrimSpace(string(name)))
	unpack.Dir = dir
	if err := unpack.Run(); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(dir, "package", "license"))
	if err != nil {
		return err
	}
	fmt.Fprintf(licence, "Made from the npm package %s, whose licence follows.\n\n%s\n\n", source, text)
	return expandFiles(filepath.Join(dir, "package", "index"), words)
}

// expandFiles reads base.aff and base.dic.
func expandFiles(base string, words map[string]lexicon.Class) error {
	rules, err := os.Open(base + ".aff")
	if err != nil {
		return err
	}
	defer rules.Close()
	g, err := readGrammar(rules)
	if err != nil {
		return err
	}
	entries, err := os.Open(base + ".dic")
	if err != nil {
		return err
	}
	defer entries.Close()
	lines := bufio.NewScanner(entries)
	for lines.Scan() {
		g.expand(lines.Text(), func(form string, hidden bool) {
			if !spelling(form) {
				return
			}
			if form = strings.ReplaceAll(form, "’", "'"); hidden && words[form] == lexicon.Absent {
				words[form] = lexicon.Hidden
			} else if !hidden {
				words[form] = lexicon.Plain
			}
		})
	}
	return lines.Err()
}

// spelling tells the entries that a proofreader needs: words, not numbers,
// formulas or single letters' signs.
func spelling(form string) bool {
	return !strings.ContainsAny(form, "0123456789₀₁₂₃₄₅₆₇₈₉ᵉʳʲⁱⁿ/") && form != "" && form != "-"
}
