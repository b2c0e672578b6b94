package filter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEvalProof(t *testing.T) {
	file := filepath.Join(t.TempDir(), "proof.jsonl")
	lines := `{"text":"En pratiuque, oui.","span":[3,12],"wrong":"pratiuque","right":"pratique"}
{"text":"Rien de grave ici.","span":[0,4],"wrong":"Rien","right":"Bien"}
{"text":"Il vient demain?","errors":[{"span":[15,16],"sugg":["\u00a0?"],"cat":"typo"},{"span":[3,8],"sugg":["viendra"],"cat":"word"}]}
{"text":"Tout va bien.","errors":[]}
{"text":"Tout va pratiuque.","errors":[]}
{"text":"We recieve it.","lang":"en","span":[3,10],"right":"receive"}
`
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := EvalProof(&out, file); err != nil {
		t.Fatal(err)
	}
	want := `misspelt words: 3
  found       66.7 % (2 of 3)
  right first 100.0 % (2 of 2) of those found
  in three    100.0 % (2 of 2) of those found
marked typo: 1
  found       100.0 % (1 of 1)
  mended      100.0 % (1 of 1)
marked word: 1
  found       0.0 % (0 of 1)
  mended      0.0 % (0 of 1)
clean texts: 2
  disturbed   50.0 % (1 of 2)
    by spelling          1
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestEvalProofSaysWhichLineIsBad(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.jsonl")
	for _, line := range []string{"{\"text\":\"a\"}\n{", "{\"text\":\"a\"}\n{\"lang\":\"zz\"}"} {
		if err := os.WriteFile(file, []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := EvalProof(&strings.Builder{}, file); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("error %v", err)
		}
	}
	if err := EvalProof(&strings.Builder{}, file+"x"); err == nil {
		t.Error("no file, no error")
	}
}
