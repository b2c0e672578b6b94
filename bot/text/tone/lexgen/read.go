package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// readVader takes the mean valence (-4 to 4, times ten) as list v.
func readVader(dir string, into lexicon) error {
	data, err := os.ReadFile(filepath.Join(dir, "vader_lexicon.txt"))
	if err != nil {
		return err
	}
	for _, line := range strings.Split(string(data), "\n") {
		fields := strings.Split(line, "\t")
		if len(fields) < 2 || !hasWord(fields[0]) {
			continue
		}
		value, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			return fmt.Errorf("entry %q: %w", fields[0], err)
		}
		into.put(fields[0], 'v', int(math.Round(value*10)))
	}
	return nil
}

// hasWord keeps out the emoticons of a list: tone has its own few forms of them.
func hasWord(entry string) bool {
	letters := 0
	for _, r := range entry {
		if r >= 'a' && r <= 'z' || r > 0xBF {
			letters++
		}
	}
	return letters >= 2 && letters*2 > len(entry)
}

// readAfinn takes English valences (-5 to 5) as list a.
func readAfinn(dir string, into lexicon) error {
	return readObject(filepath.Join(dir, "index.js"), func(word string, value int) { into.put(word, 'a', value) })
}

// readPattern takes French polarities (-1 to 1, times ten; the mean over a
// form's senses) of the Pattern project as list p.
func readPattern(dir string, into lexicon) error {
	data, err := os.ReadFile(filepath.Join(dir, "lib/natural/sentiment/French/pattern-sentiment-fr.json"))
	if err != nil {
		return err
	}
	var entries map[string]struct{ Polarity string }
	if err := json.Unmarshal(data, &entries); err != nil {
		return err
	}
	for word, entry := range entries {
		value, err := strconv.ParseFloat(entry.Polarity, 64)
		if err != nil {
			return fmt.Errorf("entry %q: %w", word, err)
		}
		into.put(word, 'p', int(math.Round(value*10)))
	}
	return nil
}

// readMultilang takes the French AFINN as list f and its emoji as list e.
func readMultilang(dir string, into lexicon) error {
	data, err := os.ReadFile(filepath.Join(dir, "build/output/build-fr.json"))
	if err != nil {
		return err
	}
	var entries map[string]struct {
		Coeff int
		Lang  string
	}
	if err := json.Unmarshal(data, &entries); err != nil {
		return err
	}
	for word, entry := range entries {
		list := byte('f')
		if entry.Lang == "*" {
			list = 'e'
		}
		into.put(word, list, entry.Coeff)
	}
	return nil
}

var emojiLine = regexp.MustCompile(`emoji: '([^']+)',\s+polarity: (-?\d+)`)

// readEmoji takes emoji valences (-5 to 5) as list e.
func readEmoji(dir string, into lexicon) error {
	data, err := os.ReadFile(filepath.Join(dir, "index.js"))
	if err != nil {
		return err
	}
	for _, match := range emojiLine.FindAllStringSubmatch(string(data), -1) {
		value, err := strconv.Atoi(match[2])
		if err != nil {
			return fmt.Errorf("emoji %q: %w", match[1], err)
		}
		into.put(match[1], 'e', value)
	}
	return nil
}

// readCuss takes how surely a word is profane (0 to 2, plus one) as list x for
// English and y for French.
func readCuss(dir string, into lexicon) error {
	for file, list := range map[string]byte{"index.js": 'x', "fr.js": 'y'} {
		err := readObject(filepath.Join(dir, file), func(word string, value int) { into.put(word, list, value+1) })
		if err != nil {
			return err
		}
	}
	return nil
}

// readBadFrench takes French bad words as list z. Disguised spellings are left
// out: tone undoes disguises itself.
func readBadFrench(dir string, into lexicon) error {
	data, err := os.ReadFile(filepath.Join(dir, "list.txt"))
	if err != nil {
		return err
	}
	for _, line := range strings.Split(string(data), "\n") {
		if word := strings.TrimSpace(line); !strings.ContainsAny(word, "0123456789!@$*|") {
			into.put(word, 'z', 1)
		}
	}
	return nil
}

var objectLine = regexp.MustCompile(`(?m)^\s+(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|([\p{L}\p{N}_$]+)): (-?\d+),?$`)

// readObject reads the string keys and integer values of a JavaScript object,
// one pair a line.
func readObject(path string, each func(word string, value int)) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, match := range objectLine.FindAllStringSubmatch(string(data), -1) {
		value, err := strconv.Atoi(match[4])
		if err != nil {
			return fmt.Errorf("entry %q: %w", match[0], err)
		}
		each(strings.ReplaceAll(match[1], `\'`, "'")+match[2]+match[3], value)
	}
	return nil
}
