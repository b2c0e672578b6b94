package filter_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crieur/cmd/internal/filter"
)

func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestMatch(t *testing.T) {
	rules := "# what we watch\n\npanne\torange (panne OR coupure)\nfrançais\tlang:fr from:@ana source:reddit\r\nautre\tsosh*\n"
	in := `{"id":1,"text":"Coupure chez l’Orange"}
{"id":"deux","text":"Soshfibre","from":"ana","lang":"fr-FR","source":"Reddit"}
{"id":3,"text":"rien"}
`
	want := `{"id":1,"rules":["panne"]}
{"id":"deux","rules":["autre","français"]}
{"id":3,"rules":[]}
`
	var out, errs bytes.Buffer
	if err := filter.Match(strings.NewReader(in), &out, &errs, write(t, rules)); err != nil || out.String() != want || errs.Len() > 0 {
		t.Errorf("out = %s\nerrs = %s\nerr = %v", &out, &errs, err)
	}
}

func TestMatchBadRules(t *testing.T) {
	var out, errs bytes.Buffer
	err := filter.Match(strings.NewReader(`{"id":1,"text":"x"}`+"\n[]\n"), &out, &errs, write(t, "no tab\na\tx\nb\tx AND\na\ty\n"))
	if !errors.Is(err, filter.ErrBadLines) || out.String() != `{"id":1,"rules":["a"]}`+"\n" {
		t.Errorf("out = %s, err = %v", &out, err)
	}
	for _, want := range []string{"rules line 1: want a name", "rules line 3: add rule \"b\": query not understood at character 6", "rules line 4: add rule \"a\": a rule of that name", "\nline 2: want"} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("errs = %s, want %q", &errs, want)
		}
	}
	if err := filter.Match(strings.NewReader(""), &out, &errs, "no such file"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("err = %v", err)
	}
}
