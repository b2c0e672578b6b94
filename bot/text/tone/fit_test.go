package tone

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the files that these tests compare with")

func TestWeights(t *testing.T) {
	words, err := readLexicon()
	if err != nil {
		t.Fatal(err)
	}
	m, err := fit(words)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("weights.bin", m.Encode(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(m.Encode(), shipped) {
		t.Error("weights.bin is not what the examples give; run go generate")
	}
}
