package tone

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io"
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
	data := m.encodeShipped()
	if *update {
		var packed bytes.Buffer
		zip, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := zip.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := zip.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("weights.bin.gz", packed.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	packed, err := gzip.NewReader(bytes.NewReader(shipped))
	if err != nil {
		t.Fatal(err)
	}
	want, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, want) {
		t.Error("weights.bin.gz is not what the examples and lexicons give; run go generate")
	}
}
