// Command langgen learns the weights that package lang embeds. It takes the
// test data of lingua-go (github.com/pemistahl/lingua-go, Apache-2.0, folder
// cmd/language-testdata: sentences, word pairs and single words, one file a
// language), of which it learns from the first four fifths for the languages
// that lang names, the rest being held out, and from less of the others; and this
// project's own messages. The sentences of lingua-go are not
// part of this project.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"crieur/bot/text/lang"
)

func main() {
	dir := flag.String("data", "", "folder language-testdata of lingua-go")
	examples := flag.String("examples", "../tone/examples", "folder of this project's own French and English messages")
	out := flag.String("out", "weights.bin.gz", "file to write")
	measure := flag.Bool("measure", false, "write nothing: print how well the embedded weights do on the lines held out")
	share := flag.Float64("share", 0.8, "share of a language's sentences to learn from")
	flag.Parse()
	do := func() error { return run(*dir, *examples, *out, *share) }
	if *measure {
		do = func() error { return hold(*dir, *share) }
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "langgen:", err)
		os.Exit(1)
	}
}

func run(dir, examples, out string, share float64) error {
	sentences, err := ownExamples(examples)
	if err != nil {
		return err
	}
	for _, kind := range []string{"sentences", "word-pairs", "single-words"} {
		if err := readFolder(filepath.Join(dir, kind), share, sentences); err != nil {
			return err
		}
	}
	order := slices.Sorted(maps.Keys(sentences))
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("pack weights: %w", err)
	}
	if _, err := zip.Write(lang.Learn(sentences, order)); err != nil {
		return fmt.Errorf("pack weights: %w", err)
	}
	if err := zip.Close(); err != nil {
		return fmt.Errorf("pack weights: %w", err)
	}
	if err := os.WriteFile(out, packed.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	return nil
}

// hold prints the share of right answers on the lines held out of the learning.
func hold(dir string, share float64) error {
	model, err := lang.Default()
	if err != nil {
		return err
	}
	for _, kind := range []string{"sentences", "word-pairs", "single-words"} {
		files, err := filepath.Glob(filepath.Join(dir, kind, "*.txt"))
		if err != nil || len(files) == 0 {
			return fmt.Errorf("no %s in %q", kind, dir)
		}
		var named, others tally
		fmt.Printf("%s:", kind)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return fmt.Errorf("read held-out lines: %w", err)
			}
			lines := strings.Split(strings.TrimSpace(string(data)), "\n")
			lines = lines[int(float64(len(lines))*share):]
			code := strings.TrimSuffix(filepath.Base(file), ".txt")
			if !slices.Contains(lang.Codes(), code) {
				others.count(model, lines, lang.Other)
				continue
			}
			var one tally
			one.count(model, lines, code)
			named.count(model, lines, code)
			fmt.Printf(" %s %.1f", code, one.percent())
		}
		fmt.Printf(" | eight languages %.1f of %d, others %.1f of %d\n", named.percent(), named.all, others.percent(), others.all)
	}
	return nil
}

// tally counts right answers.
type tally struct{ right, all int }

func (t *tally) count(model *lang.Model, lines []string, want string) {
	for _, line := range lines {
		if got, _ := model.Identify(line); got == want {
			t.right++
		}
		t.all++
	}
}

func (t *tally) percent() float64 { return 100 * float64(t.right) / float64(max(t.all, 1)) }

// readFolder adds the first share of each file's lines; of the languages that
// count as lang.Other, two fifths of that.
func readFolder(dir string, share float64, sentences map[string][]string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no sentences in %q", dir)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("read sentences: %w", err)
		}
		code := strings.TrimSuffix(filepath.Base(file), ".txt")
		lines := strings.Split(strings.TrimSpace(string(data)), "\n")
		part := share
		if !slices.Contains(lang.Codes(), code) {
			part = share / 2.5
		}
		sentences[code] = append(sentences[code], lines[:int(float64(len(lines))*part)]...)
	}
	return nil
}

// ownExamples reads the messages that package tone is fitted on and those of
// folder examples: they are how people write, which sentences of books are not.
func ownExamples(dir string) (map[string][]string, error) {
	own := map[string][]string{}
	for _, code := range []string{"fr", "en"} {
		for _, kind := range []string{"tone", "toxic"} {
			data, err := os.ReadFile(filepath.Join(dir, kind+"-"+code+".txt"))
			if err != nil {
				return nil, fmt.Errorf("read own examples: %w", err)
			}
			for _, line := range strings.Split(string(data), "\n") {
				if len(line) > 2 && line[0] != '#' {
					own[code] = append(own[code], line[2:])
				}
			}
		}
	}
	files, err := filepath.Glob("examples/*.txt")
	if err != nil {
		return nil, fmt.Errorf("read own examples: %w", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read own examples: %w", err)
		}
		code := strings.TrimSuffix(filepath.Base(file), ".txt")
		own[code] = append(own[code], strings.Split(strings.TrimSpace(string(data)), "\n")...)
	}
	return own, nil
}
